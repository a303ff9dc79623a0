"""What styles and lists give a paragraph of DOCX: outline level, automatic number, and whether it is hidden."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govrag.ingest.readers.numbering import bullet, numeral

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["Heads", "Style", "flag", "number_in", "value"]

_LEVELS = 9
_BODY_LEVEL = 9  # outline level that stands for none
_HEADING = re.compile(r"(?:heading|제목|개요)\s*([1-9])", re.IGNORECASE)
_PLACE = re.compile(r"%([1-9])")
_SYMBOL_FONTS = re.compile("wingdings|symbol|webdings", re.IGNORECASE)
_OFF = frozenset({"0", "false", "off"})
_DEEPEST_STYLE = 30  # styles that rest on styles
_LARGEST = 99_999  # a list counts no further than a person would

_OURS = {  # formats that Hancom's numbering has too
    "upperRoman": "ROMAN_CAPITAL",
    "lowerRoman": "ROMAN_SMALL",
    "decimalEnclosedCircle": "CIRCLED_DIGIT",
    "decimalEnclosedCircleChinese": "CIRCLED_DIGIT",
    "koreanCounting": "HANGUL_PHONETIC",
    "ideographDigital": "IDEOGRAPH",
    "japaneseCounting": "IDEOGRAPH",
    "chineseCounting": "IDEOGRAPH",
    "chineseCountingThousand": "IDEOGRAPH",
    "taiwaneseCounting": "IDEOGRAPH",
    "ideographEnclosedCircle": "CIRCLED_IDEOGRAPH",
    "ideographTraditional": "DECAGON_CIRCLE_HANJA",
}
_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_ONES = ("", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉")


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda number: characters[(number - 1) % len(characters)]


def _repeated(alphabet: str) -> Callable[[int], str]:
    """A … Z, then AA, BB, CC."""
    return lambda number: alphabet[(number - 1) % len(alphabet)] * min((number - 1) // len(alphabet) + 1, 20)


def _digits(digits: str) -> Callable[[int], str]:
    return lambda number: str(number).translate(str.maketrans("0123456789", digits))


def _native(number: int) -> str:
    return _TENS[number // 10] + _ONES[number % 10] if number < 100 else str(number)


def _block(first: str, count: int) -> Callable[[int], str]:
    """Characters that follow one another in Unicode: ⑴ …, ⒈ …."""
    return lambda number: chr(ord(first) + number - 1) if number <= count else str(number)


_WRITERS: Mapping[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "decimalZero": lambda number: f"{number:02}",
    "upperLetter": _repeated("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "lowerLetter": _repeated("abcdefghijklmnopqrstuvwxyz"),
    "ganada": _cycle("가나다라마바사아자차카타파하"),
    "chosung": _cycle("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
    "decimalFullWidth": _digits("０１２３４５６７８９"),
    "decimalFullWidth2": _digits("０１２３４５６７８９"),
    "koreanDigital": _digits("영일이삼사오육칠팔구"),
    "koreanDigital2": _digits("零一二三四五六七八九"),
    "koreanLegal": _native,
    "decimalEnclosedParen": _block("⑴", 20),
    "decimalEnclosedFullstop": _block("⒈", 20),
    "numberInDash": lambda number: f"- {number} -",
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """What a style states, what it rests on included; None where none of them says anything."""

    name: str = ""
    level: int | None = None  # as stored: 0 the outermost heading, 9 none
    list_id: str | None = None
    list_level: int | None = None
    hidden: bool | None = None


@dataclass(slots=True)
class _Level:
    format: str = "decimal"
    template: str = ""
    start: int = 1
    restart: int | None = None  # the level, from 1, whose numbers alone start it anew; 0 for none
    legal: bool = False  # numbers of other levels are written as digits
    style: str = ""


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, _Level] = field(default_factory=dict)
    overrides: dict[int, int] = field(default_factory=dict)  # level → number that it starts anew at, once
    used: bool = False


class Heads:
    """The styles and lists of one document; the lists count as their paragraphs are met."""

    def __init__(self, styles: etree._Element | None, numbering: etree._Element | None) -> None:
        self._stated: dict[str, etree._Element] = {}
        self._styles: dict[str, Style] = {}
        self._default = ""  # id of the style of paragraphs that name none
        self._lists: dict[str, _List] = {}
        self._reached: dict[str, dict[int, int]] = {}  # abstract list → level → number
        for element in styles.iterchildren("{*}style") if styles is not None else ():
            self._stated[value(element, "styleId")] = element
            if value(element, "type") == "paragraph" and value(element, "default") in ("1", "true"):
                self._default = value(element, "styleId")
        if numbering is not None:
            self._learn(numbering)

    def style(self, style_id: str) -> Style:
        """Return a paragraph or character style; an empty one where there is none of this id."""
        found = self._styles.get(style_id)
        if found is None:
            found = self._styles[style_id] = self._resolved(style_id)
        return found

    def paragraph(self, properties: etree._Element | None) -> Style:
        """Return what a paragraph's own properties and its style say, its own first."""
        if properties is None:
            return self.style(self._default)
        style_id = value(properties.find("{*}pStyle")) or self._default
        style = self.style(style_id)
        return self._stacked(properties, style, style_id)

    def next(self, style: Style) -> str:
        """Count the next paragraph of this style in its list and return its number as printed, "" for none."""
        listed = self._lists.get(style.list_id or "0")
        if listed is None or style.list_id == "0":
            return ""
        at = min(max(style.list_level or 0, 0), _LEVELS - 1)
        level = listed.levels.get(at)
        if level is None:
            return ""
        reached = self._reached.setdefault(listed.abstract, {})
        if not listed.used:
            listed.used = True
            for overridden, start in listed.overrides.items():
                reached[overridden] = start - 1
        for above in range(at):
            # A level that was skipped counts as numbered once.
            reached.setdefault(above, listed.levels.get(above, _Level()).start)
        reached[at] = min(reached.get(at, level.start - 1) + 1, _LARGEST)
        for deeper in [below for below in reached if below > at]:
            restart = listed.levels[deeper].restart if deeper in listed.levels else None
            if restart is None or (restart and at < restart):
                del reached[deeper]
        if level.format == "bullet":
            return level.template

        def one(match: re.Match[str]) -> str:
            of = int(match[1]) - 1
            other = listed.levels.get(of, _Level())
            return _numeral(reached.get(of, other.start), "decimal" if level.legal else other.format)

        return _PLACE.sub(one, level.template)

    # ── styles ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _resolved(self, style_id: str) -> Style:
        chain: list[tuple[str, etree._Element]] = []
        while style_id in self._stated and len(chain) < _DEEPEST_STYLE:
            element = self._stated[style_id]
            chain.append((style_id, element))
            style_id = value(element.find("{*}basedOn"))
        found = Style()
        for identifier, element in reversed(chain):
            name = value(element.find("{*}name"))
            found = Style(name, found.level, found.list_id, found.list_level, found.hidden)
            heading = _HEADING.fullmatch(name)
            if heading:
                found = Style(name, int(heading[1]) - 1, found.list_id, found.list_level, found.hidden)
            properties = element.find("{*}pPr")
            if properties is not None:
                found = self._stacked(properties, found, identifier)
            hidden = flag(element.find("{*}rPr/{*}vanish"))
            if hidden is not None:
                found = Style(found.name, found.level, found.list_id, found.list_level, hidden)
        return found

    def _stacked(self, properties: etree._Element, below: Style, style_id: str) -> Style:
        level = number_in(properties.find("{*}outlineLvl"))
        list_id, list_level = below.list_id, below.list_level
        listed = properties.find("{*}numPr")
        if listed is not None:
            stated = value(listed.find("{*}numId"))
            list_id = stated or list_id
            own = number_in(listed.find("{*}ilvl"))
            list_level = own if own is not None else list_level
            if own is None and stated:
                list_level = self._level_of(stated, style_id)
        return Style(below.name, below.level if level is None else level, list_id, list_level, below.hidden)

    def _level_of(self, list_id: str, style_id: str) -> int:
        """Return the level of a list that is tied to a style; the first where none is."""
        listed = self._lists.get(list_id)
        levels = listed.levels.items() if listed else ()
        return next((at for at, level in levels if level.style == style_id), 0)

    # ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _learn(self, root: etree._Element) -> None:
        abstract = {value(element, "abstractNumId"): element for element in root.iterchildren("{*}abstractNum")}
        named = {  # list style → the definition that holds its levels
            value(element.find("{*}styleLink")): key
            for key, element in abstract.items()
            if element.find("{*}styleLink") is not None
        }
        levels: dict[str, dict[int, _Level]] = {key: _levels(element) for key, element in abstract.items()}
        for element in root.iterchildren("{*}num"):
            key = value(element.find("{*}abstractNumId"))
            if key in abstract:
                link = value(abstract[key].find("{*}numStyleLink"))
                key = named.get(link, key) if link else key
            listed = _List(key, dict(levels.get(key, {})))
            for override in element.iterchildren("{*}lvlOverride"):
                at = _whole(value(override, "ilvl"))
                listed.levels |= _levels(override)
                start = number_in(override.find("{*}startOverride"))
                if start is not None and at is not None:
                    listed.overrides[at] = start
            self._lists[value(element, "numId")] = listed


def value(element: etree._Element | None, name: str = "val") -> str:
    """Return an attribute of Word's, with or without its namespace; "" for none."""
    if element is None:
        return ""
    for key, found in element.attrib.items():
        if key == name or str(key).endswith(f"}}{name}"):
            return str(found)
    return ""


def number_in(element: etree._Element | None) -> int | None:
    """Return the number that an element states; None for none, or one beyond reason."""
    return _whole(value(element))


def flag(element: etree._Element | None) -> bool | None:
    """Return what a switch says: on, off, or None when it is not there."""
    return None if element is None else value(element) not in _OFF


def _levels(holder: etree._Element) -> dict[int, _Level]:
    found = {}
    for element in holder.iterchildren("{*}lvl"):
        at = _whole(value(element, "ilvl"))
        if at is not None and 0 <= at < _LEVELS:
            found[at] = _level(element)
    return found


def _level(element: etree._Element) -> _Level:
    formats = [value(one) for one in element.iter("{*}numFmt")]  # the second is what old versions make of the first
    known = next((one for one in formats if one != "custom"), "decimal")
    template = value(element.find("{*}lvlText"))
    start = number_in(element.find("{*}start"))
    if known == "bullet":
        template = _bullet(template, element)
    return _Level(
        format=known,
        template=template[:100],
        start=1 if start is None else start,
        restart=number_in(element.find("{*}lvlRestart")),
        legal=bool(flag(element.find("{*}isLgl"))),
        style=value(element.find("{*}pStyle")),
    )


def _bullet(character: str, element: etree._Element) -> str:
    fonts = element.find("{*}rPr/{*}rFonts")
    symbols = fonts is not None and _SYMBOL_FONTS.search(" ".join(str(name) for name in fonts.attrib.values()))
    if symbols and len(character) == 1 and " " < character <= "\xff":
        character = chr(0xF000 + ord(character))
    mark = bullet(character)
    return "•" if mark and "\ue000" <= mark <= "\uf8ff" else mark


def _numeral(number: int, format: str) -> str:
    if number < 1:
        return str(number)
    writer = _WRITERS.get(format)
    return writer(number) if writer else numeral(number, _OURS.get(format, "DIGIT"))


def _whole(written: str) -> int | None:
    digits = written.removeprefix("-")
    return int(written) if digits.isascii() and digits.isdigit() and len(digits) < 9 else None
