"""What a cell of XLSX shows: shared strings, dates behind numbers, percentages, and numbers without noise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["PLAIN", "Style", "shown", "string", "styles_of"]

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_CODES = re.compile(r'"[^"]*"|\[(?![hms]+\])[^\]]*\]|\\.|_.|\*.', re.IGNORECASE)  # literal words, colours, locales
_PERCENT = re.compile(r"(?:0|#|,)*(?:\.(?P<decimals>0+))?%")
_EARLIEST = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # naive as a sheet's dates are
_LEAP_DAY = 60  # 29 February 1900, which never was; serial numbers before it are one day short
_LAST_DAY = 2_958_466  # the first day of the year 10000
_EXACT = 15  # digits that a number keeps

# Formats that files name by number alone, as Korean editions of Excel understand them.
_BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    **dict.fromkeys((27, 28, 29, 30, 31, 34, 35, 36, *range(50, 59)), "yyyy-mm-dd"), 32: "h:mm", 33: "h:mm:ss",
}  # fmt: skip


class Style(NamedTuple):
    """How the cells of one style show a number."""

    date: bool = False
    time: bool = False
    elapsed: bool = False  # hours that may be more than a day's
    percent: int | None = None  # decimals of a percentage
    drawn: bool = False  # with a border: a blank one is a place on a form


PLAIN = Style()


def styles_of(root: etree._Element) -> list[Style]:
    """Return the styles that cells refer to by number, from the root of ``styles.xml``."""
    codes = dict(_BUILT_IN)
    for element in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[_number(element.get("numFmtId"))] = element.get("formatCode", "")
    drawn = [
        any(side.get("style", "none") != "none" for side in border) for border in root.iterfind("{*}borders/{*}border")
    ]
    found = []
    for element in root.iterfind("{*}cellXfs/{*}xf"):
        border = _number(element.get("borderId"))
        style = _style(codes.get(_number(element.get("numFmtId")), ""))
        found.append(style._replace(drawn=border < len(drawn) and drawn[border]))
    return found


def string(runs: Iterable[str | None]) -> str:
    """Return the words of a string that is stored in runs, its escapes (``_x000D_``) undone."""
    text = "".join(run or "" for run in runs)
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def shown(stored: str, style: Style, *, from_1904: bool = False) -> str:
    """Return a stored number as a person sees it.

    Dates are ISO, percentages per cent; anything else has the digits that are stored, without separators or the noise
    of binary fractions.
    """
    try:
        number = float(stored)
    except ValueError:
        return stored.strip()
    if style.date or style.time:
        moment = _moment(number, style, from_1904=from_1904)
        if moment:
            return moment
    if style.percent is not None:
        return f"{number * 100:.{style.percent}f}%"
    return _plain(number)


def _style(code: str) -> Style:
    bare = _NOT_CODES.sub("", code.split(";", 1)[0])
    low = bare.lower()
    percent = _PERCENT.search(bare)
    if percent:
        return Style(percent=min(len(percent["decimals"] or ""), _EXACT))
    if "general" in low or any(character in low for character in "0#?"):
        low = re.sub(r"\.0+", "", low) if re.search("[hs]", low) else ""
    time = bool(re.search("[hs]", low))
    return Style(date=bool(re.search("[yd]", low)) or ("m" in low and not time), time=time, elapsed="[h" in low)


def _moment(number: float, style: Style, *, from_1904: bool) -> str:
    """Return date, time or both; "" for what is no day of any calendar."""
    if not 0 <= number < _LAST_DAY:
        return ""
    seconds = round((number % 1) * 86_400)
    if style.elapsed:
        whole = round(number * 86_400)
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    days = int(number) + (1 if not from_1904 and number < _LEAP_DAY else 0)
    try:
        moment = _EARLIEST[from_1904] + timedelta(days=days, seconds=seconds)
    except OverflowError:
        return ""
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    if not style.date:
        return clock
    return f"{moment:%Y-%m-%d} {clock}" if style.time else f"{moment:%Y-%m-%d}"


def _plain(number: float) -> str:
    if number.is_integer() and abs(number) < 10**_EXACT:
        return str(int(number))
    return f"{number:.{_EXACT}g}".replace("e+", "E+").replace("e-", "E-")


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 9 else 0
