"""The amounts of a text, typed: numbers with their units, dates, fractions, places in a law, and numbers in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Bound = Literal["up", "over", "down", "under", ""]

# What a unit is measured in, and how much of that it is. Months and days stay apart: three months are not ninety days.
_UNITS: dict[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("개월", "달"), ("월", Fraction(1))),
    **dict.fromkeys(("년", "개년", "해"), ("월", Fraction(12))),
    "일": ("일", Fraction(1)),
    **dict.fromkeys(("주일", "주간"), ("일", Fraction(7))),
    **{
        unit: (unit, Fraction(1))
        for unit in ["시간", "시", "분", "초", "원", "배", "층", "점", "급", "달러", "주", "개"]
    },
    **dict.fromkeys(("퍼센트", "프로", "%"), ("비율", Fraction(1, 100))),
    **dict.fromkeys(("명", "인", "사람"), ("명", Fraction(1))),
    **dict.fromkeys(("회", "번", "차례"), ("회", Fraction(1))),
    **dict.fromkeys(("세", "살"), ("세", Fraction(1))),
    **dict.fromkeys(("킬로미터", "km"), ("미터", Fraction(1000))),
    **dict.fromkeys(("제곱미터", "평방미터", "m2"), ("제곱미터", Fraction(1))),
    **dict.fromkeys(("미터", "m"), ("미터", Fraction(1))),
    **dict.fromkeys(("센티미터", "cm"), ("미터", Fraction(1, 100))),
    **dict.fromkeys(("밀리미터", "mm"), ("미터", Fraction(1, 1000))),
    **dict.fromkeys(("톤", "t"), ("그램", Fraction(1_000_000))),
    **dict.fromkeys(("킬로그램", "kg"), ("그램", Fraction(1000))),
    **dict.fromkeys(("그램", "g"), ("그램", Fraction(1))),
    **dict.fromkeys(("킬로와트", "kw"), ("와트", Fraction(1000))),
    **dict.fromkeys(("리터", "l"), ("리터", Fraction(1))),
}
_TIMES = {"십": 10, "백": 100, "천": 1_000, "만": 10_000, "억": 100_000_000, "조": 1_000_000_000_000}
_DIGIT_WORDS = {word: number for number, word in enumerate("영일이삼사오육칠팔구")}
_DAYS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9,
         "열흘": 10, "보름": 15}  # fmt: skip
_COUNTS = {"한": 1, "두": 2, "세": 3, "석": 3, "네": 4, "넉": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
           "열": 10}  # fmt: skip

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_AMOUNT = re.compile(
    r"(?P<date>(?<![\d.])(?P<y>(?:19|20)\d\d)(?:\s?[.년]\s?|-)(?P<m>\d{1,2})"
    r"(?:(?:\s?[.월]\s?|-)(?P<d>\d{1,2})(?:\s?일|\.)?|\s?월))"
    r"|(?P<year>(?<!\d)(?:19|20)\d\d)\s?년(?!간|도?\s?이상)"
    r"|(?P<month>(?<!\d)\d{1,2})\s?월(?:\s?(?P<day>\d{1,2})\s?일)?(?!간)"
    r"|제\s?(?P<place>\d+)\s?(?P<level>[조항호])(?:\s?의\s?(?P<branch>\d+))?"
    rf"|(?P<below>{_NUMBER}[십백천만]*)\s?분의\s?(?P<above>{_NUMBER})"
    r"|(?P<over>\d+)/(?P<under>\d+)(?![/\d])"
    r"|(?P<half>절반)"
    r"|(?<![가-힣])(?P<days>" + "|".join(_DAYS) + r")(?![가-힣]*[자장])"
    r"|(?<![가-힣])(?P<count>"
    + "|".join(_COUNTS)
    + r")\s?(?P<counted>명|사람|번|차례|달|해|살|시간|배|개)(?![가-힣]{2})"
    r"|(?<![가-힣])(?P<spelled>[일이삼사오육칠팔구]?[십백천만억][일이삼사오육칠팔구십백천만억]*)"
    r"\s?(?P<spelt>원|명|퍼센트|년|개월)"
    rf"|(?<![A-Za-z])(?<![A-Za-z]-)(?P<number>{_NUMBER}"
    rf"(?:(?:[십백천]+[만억]*|[만억]+|조(?=\s?원))(?:\s?{_NUMBER}(?=[십백천만억]|\s?원))?)*)"
    r"\s?(?P<unit>" + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True)) + r"|)(?P<list>\.(?!\d))?",
    re.IGNORECASE,
)
_COUNTED_THING = re.compile("(?![은는이가을를의에로와과도만및])[가-힣]")  # 3자, 1심: a unit of its own
_PIECE = re.compile(rf"{_NUMBER}|[십백천만억조일이삼사오육칠팔구영]")
_BOUNDS: tuple[tuple[str, Bound], ...] = (
    ("이상", "up"),
    ("초과", "over"),
    ("넘", "over"),
    ("이하", "down"),
    ("이내", "down"),
    ("미만", "under"),
)
_BOUND = re.compile(
    r"\s?(?:\([^()]*\))?(?:간|을|를|의|이|에)?\s?(?:의\s(?:기간|범위|금액)\s?)?(이상|초과|넘|이하|이내|미만)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount and where it stands.

    ``value`` is in ``unit`` (월, 일, 원, 비율, 명, 미터 …; of another the first syllable, "" without any). A date has
    the unit 날 and a value of year, month and day, 0 what is unsaid; a place (조, 항, 호) its number and its branch.
    """

    unit: str
    value: tuple[Fraction | int, ...]
    bound: Bound
    text: str
    start: int
    end: int
    worded: bool = False  # 두 번, 열흘: may also be a turn of speech

    def same(self, other: Amount) -> bool:
        """Tell whether two amounts may mean the same; what one leaves unsaid is not compared."""
        if {self.unit, other.unit} == {"날", "월"}:  # 3월 was three months in the statutes of old
            day, months = (self, other) if self.unit == "날" else (other, self)
            return day.value[0] == day.value[2] == 0 and day.value[1] == months.value[0]
        if self.unit == other.unit == "날":
            return all(not one or not two or one == two for one, two in zip(self.value, other.value, strict=True))
        return self.value == other.value and (self.unit == other.unit or not self.unit or not other.unit)


def amounts(text: str) -> list[Amount]:
    """Return the amounts of a text in reading order; offsets are those of its NFKC form."""
    return list(_amounts(unicodedata.normalize("NFKC", text)))


def _amounts(text: str) -> Iterator[Amount]:
    for found in _AMOUNT.finditer(text):
        typed = _typed(found)
        if typed is None:
            continue
        unit, value = typed
        end = found.end() - bool(found["list"])
        bound = _BOUND.match(text, end)
        yield Amount(
            unit=unit,
            value=value,
            bound=dict(_BOUNDS)[bound[1]] if bound and unit != "날" else "",
            text=found[0].rstrip(". "),
            start=found.start(),
            end=end,
            worded=bool(found["days"] or found["count"]),
        )


def _typed(found: re.Match[str]) -> tuple[str, tuple[Fraction | int, ...]] | None:
    if found["date"]:
        return "날", (int(found["y"]), int(found["m"]), int(found["d"] or 0))
    if found["year"]:
        return "날", (int(found["year"]), 0, 0)
    if found["month"]:
        return "날", (0, int(found["month"]), int(found["day"] or 0))
    if found["place"]:
        return found["level"], (int(found["place"]), int(found["branch"] or 0))
    if found["below"]:
        below = _value(found["below"])
        return ("비율", (_value(found["above"]) / below,)) if below else None
    if found["over"]:
        under = int(found["under"])
        return ("비율", (Fraction(int(found["over"]), under),)) if under else None
    if found["half"]:
        return "비율", (Fraction(1, 2),)
    if found["days"]:
        return "일", (Fraction(_DAYS[found["days"]]),)
    if found["count"]:
        return _measured(Fraction(_COUNTS[found["count"]]), found["counted"])
    if found["spelled"]:
        return _measured(_value(found["spelled"]), found["spelt"])
    if found["list"] and not found["unit"]:
        return None  # the number of a paragraph or item: 1. 2.
    unit = found["unit"].lower() or _COUNTED_THING.match(found.string, found.end())
    return _measured(_value(found["number"]), unit if isinstance(unit, str) else unit[0] if unit else "")


def _measured(value: Fraction, unit: str) -> tuple[str, tuple[Fraction | int, ...]]:
    name, times = _UNITS.get(unit, (unit, Fraction(1)))
    return name, (value * times,)


def _value(text: str) -> Fraction:
    """Return the number that digits and 십, 백, 천, 만, 억 make: 1억 5천만 is 150,000,000."""
    total = section = Fraction(0)
    number: Fraction | None = None
    for piece in _PIECE.findall(text):
        times = _TIMES.get(piece)
        if times is None:
            number = Fraction(_DIGIT_WORDS[piece]) if piece in _DIGIT_WORDS else Fraction(piece.replace(",", ""))
        elif times < _TIMES["만"]:
            section += (1 if number is None else number) * times
            number = None
        else:
            section += number or 0
            total += (section or 1) * times
            section, number = Fraction(0), None
    return total + section + (number or 0)
