"""What a notice and a statement say of themselves: application, title, applicant, days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from govrag.patent.numbers import PatentNumber, find_all
from govrag.pipelines.patents.opinion.words import pattern

__all__ = ["Stated", "dates_in", "stated_in"]

_OPENS = r"(?:(?<=\n)|\A)[ \t|│┃【\[〔(<□■○▣▪◦•·ㅇ*-]*(?:\d{1,2}[.)] ?)?"
_VALUE = (
    r"(?:[ \t]*[】\]〕)>][ \t]*[:：|]?|[ \t]*[:：|│]|[ \t]|\n[ \t|]*(?=[^【\[\n]))"
    r"[ \t|│:：]*(?P<value>[^|│\n【]{0,200})"
)
_FILED_AS = re.compile(
    r"^[ \t]*[【\[]?\s*(?:성\s?명|명\s?칭)(?:\s?\(명칭\))?\s*[】\]]?\s*[:：]?\s*(?P<value>[^\n【]+)", re.MULTILINE
)
_TAIL = re.compile(
    r"\s*(?:\((?:특허\s?고객\s?번호|고객\s?번호|출원인\s?코드|사업자)[^)]*\)|[【\[].*|\s{3,}.*|주소\s*[:：].*)\s*\Z"
)
_NEAR = 400  # characters below the heading in which a form states the name
_NAMED = re.compile(r"[ \t]*(?:성\s?명|명\s?칭)(?:\s?\(명칭\))?\s*[:：]?\s*")
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s?(?:[.\-/]|년)\s?(?P<month>\d{1,2})\s?(?:[.\-/]|월)\s?(?P<day>\d{1,2})(?!\d)"
)
_JOINED_DAY = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)")
_AMERICAN_DAY = re.compile(r"(?<!\d)(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>(?:19|20)\d\d)(?!\d)")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_SPELT_DAY = re.compile(
    rf"(?P<name>{'|'.join(_MONTHS)})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>(?:19|20)\d\d)", re.IGNORECASE
)
_AMERICAN_APPLICATION = re.compile(r"(?<!\d)(?P<series>\d{2})\s?/\s?(?P<serial>\d{3},?\d{3})(?!\d)")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a paper says of the application; "" and None where it does not."""

    application: str = ""
    title: str = ""
    applicant: str = ""
    sent: date | None = None
    deadline: date | None = None
    submitted: date | None = None


def stated_in(text: str) -> Stated:
    """Read what the paper says of the application; the first of several values counts."""
    return Stated(
        application=_number(_value(text, "application")),
        title=_clipped(_value(text, "title")),
        applicant=_applicant(text),
        sent=_day(_value(text, "sent")) or _told_of(text),
        deadline=_day(_value(text, "deadline")),
        submitted=_day(_value(text, "submitted")),
    )


def dates_in(text: str) -> tuple[date, ...]:
    """Return the days that a text names, in reading order; what is no day of the calendar is left out."""
    found = []
    for form in (_DAY, _JOINED_DAY, _AMERICAN_DAY, _SPELT_DAY):
        for match in form.finditer(text):
            parts = match.groupdict()
            month = int(parts["month"]) if "month" in parts else _MONTHS.index(parts["name"].lower()) + 1
            try:
                found.append((match.start(), date(int(parts["year"]), month, int(parts["day"]))))
            except ValueError:  # 2026. 13. 45.
                continue
    return tuple(day for _, day in sorted(found))


def _told_of(text: str) -> date | None:
    """Return the day of the notice that a statement names in its words: 2026. 6. 15.자 의견제출통지서."""
    match = pattern("reading", "of_notice").search(text)
    return _day(match["day"]) if match else None


def _value(text: str, field: str) -> str:
    """Return what stands behind or below the name of the field, "" where it is not named."""
    name = pattern("fields", field).pattern
    at_line = re.compile(rf"{_OPENS}(?:{name}){_VALUE}", re.IGNORECASE)
    within = re.compile(rf"[|【\[(][ \t]*(?:{name}){_VALUE}", re.IGNORECASE)
    for match in (*at_line.finditer(text), *within.finditer(text)):
        value = match["value"].strip(" \t:：")
        if value and re.search(r"\w", value):
            return value
    return ""


def _applicant(text: str) -> str:
    value = _NAMED.sub("", _value(text, "applicant"), count=1)
    if value and not re.match(r"[】\]]", value):
        return _clipped(value)
    heading = re.search(r"[【\[]\s*(?:제\s?출\s?인|출\s?원\s?인)\s*[】\]]", text)
    below = _FILED_AS.search(text[heading.end() : heading.end() + _NEAR]) if heading else None
    return _clipped(below["value"]) if below else ""


def _clipped(value: str) -> str:
    return _TAIL.sub("", value).strip(" \t:：")


def _number(value: str) -> str:
    """Return an application's number as it is cited, as it stands where it is in no form that is known."""
    american = _AMERICAN_APPLICATION.search(value)
    if american:
        return str(PatentNumber("US", "10", None, american["serial"].replace(",", ""), "", american["series"]))
    joined = re.sub(r"(?<=[\d-])\s+(?=[\d-])", "", value)
    for text in (value, joined):
        if found := find_all(text):
            return str(found[0].number)
    return _clipped(value) if re.search(r"\d", value) else ""


def _day(value: str) -> date | None:
    return next(iter(dates_in(value)), None)
