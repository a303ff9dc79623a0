"""Numbers of applications, publications and grants, brought to one form: 10-2023-0001234, US 2019/0123456 A1.

Rights and number forms follow WIPO Standard ST.6, kind codes ST.16; the Korean ones `domain.md` B3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Found", "PatentNumber", "find_all", "from_digits", "parse"]

RIGHTS = {"10": "특허", "20": "실용신안", "30": "디자인", "40": "상표"}
_LARGEST_KOREAN_SERIAL = 1_000_000  # a year's filings; from 7,000,000 on they are national phases of the PCT
_NATIONAL_PHASE = 7_000_000
_ERAS = {"昭": 1925, "소": 1925, "平": 1988, "평": 1988, "令": 2018, "령": 2018}  # 平11 is 1999
_CENTURY = 50  # WO 98/… is of 1998, WO 04/… of 2004


@dataclass(frozen=True, slots=True)
class PatentNumber:
    """A number, taken apart. ``year`` is None for grants, which are counted through."""

    country: str  # KR, US, JP, EP, WO, CN; WO for international applications too
    right: str  # "10" patent, "20" utility model, "30" design, "40" to "49" trademarks, as Korea codes them
    year: int | None
    serial: str  # digits, filled up with zeros as the office prints them
    kind: str = ""  # A, B1, U …; "" when it is not stated
    series: str = ""  # receiving office of PCT/KR2020/001234, series code of US 14/704,145: an application's number

    @property
    def right_name(self) -> str:
        """특허, 실용신안, 디자인 or 상표."""
        return RIGHTS[self.right[0] + "0"]

    @property
    def bare(self) -> PatentNumber:
        """The same number without its kind: for comparing what one text cites with and another without."""
        return PatentNumber(self.country, self.right, self.year, self.serial, "", self.series)

    def __str__(self) -> str:
        kind = f" {self.kind}" if self.kind else ""
        match self.country:
            case "KR":
                number = "-".join([self.right, *([str(self.year)] if self.year else []), self.serial])
                return f"KR {number}{kind}" if kind else number
            case "US" if self.series:
                return f"US {self.series}/{int(self.serial):,}"
            case "US" if self.year:
                return f"US {self.year}/{self.serial}{kind}"
            case "US":
                letters = self.serial.rstrip("0123456789")
                return f"US {letters}{int(self.serial[len(letters) :]):,}{kind}"
            case "EP":
                return f"EP {self.serial[:-6]} {self.serial[-6:-3]} {self.serial[-3:]}{kind}"
            case "WO" if self.series:
                return f"PCT/{self.series}{self.year}/{self.serial}"
            case "WO":
                return f"WO {self.year}/{self.serial}{kind}"
            case "JP" if self.year:
                return f"JP {self.year}-{self.serial}{kind}"
        return f"{self.country} {self.serial}{kind}"


@dataclass(frozen=True, slots=True)
class Found:
    """A number and where it stands in a text."""

    number: PatentNumber
    start: int
    end: int


def parse(text: str) -> PatentNumber | None:
    """Return the number that the whole text spells, blanks around it ignored; None when it is no patent's number."""
    text = text.strip()
    if re.fullmatch(r"[1-4]\d{12}", text):
        return from_digits(text)
    found = find_all(text)
    if len(found) != 1 or not _WORDS.fullmatch(text[: found[0].start] + text[found[0].end :]):
        return None
    return found[0].number


def from_digits(digits: str, *, granted: bool = False) -> PatentNumber | None:
    """Return the number that Korean services write in 13 digits: 1020230001234, 1012345670000.

    Some digits can be read both as an application of a year and as a grant with a suffix. ``granted`` says which it
    is; otherwise it is an application if its year and serial are such as the office gives.
    """
    match = re.fullmatch(r"([1-4]\d)(\d{11})", digits.strip())
    if match is None:
        return None
    right, rest = match.groups()
    year, serial = int(rest[:4]), int(rest[4:])
    usual = 1945 < year < 2100 and (serial < _LARGEST_KOREAN_SERIAL or serial >= _NATIONAL_PHASE)
    if usual and not granted:
        return PatentNumber("KR", right, year, rest[4:])
    return PatentNumber("KR", right, None, rest[:7]) if rest.endswith("0000") or granted else None


def find_all(text: str) -> tuple[Found, ...]:
    """Return every number in reading order; of readings that overlap the earliest, then the longest."""
    found = sorted(_candidates(text), key=lambda one: (one.start, -one.end))
    kept: list[Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _candidates(text: str) -> Iterator[Found]:
    for pattern, make in _FORMS:
        for match in pattern.finditer(text):
            number = make(match)
            if number:
                yield Found(number, match.start(), match.end())


_WORDS = re.compile(r"[가-힣\s]*")  # what may stand beside a number that is alone: 공개특허공보, 호

_Maker = Callable[[re.Match[str]], PatentNumber | None]

_BEFORE = r"(?<![\w-])(?<![\d][.,/])"
_AFTER = r"(?![\w-])(?!\.\d)(?!,\d{3})"
_BETWEEN = r"[\s\-_]?"
_KIND = r"(?:[ \-_]?\(?(?P<kind>[ABCEHPSTUY]\d?)\)?)?(?:\s?호)?(?![A-Za-z0-9-])(?!\.\d)(?!,\d{3})(?!/\d)"
_DOMESTIC = (  # no country before it but our own
    r"(?<![가-힣])(?<!미국 )(?<!일본 )(?<!유럽 )(?<!중국 )(?<!독일 )(?<!영국 )(?<!프랑스 )(?<!국제 )"
    r"(?:대한민국\s?|한국\s?)?"
)
_NO = r"\s*(?:번호)?\s*(?:제|第|No\.?)?\s*"


def _korean(match: re.Match[str]) -> PatentNumber | None:
    groups = match.groupdict()
    year = groups.get("year")
    of_kind = "20" if (groups.get("kind") or "")[:1] in ("U", "Y") else "10"
    right = groups.get("right") or (_right_named(match) if groups.get("word") else of_kind)
    if not right:
        return None
    if year and len(year) == 2:
        year = f"{'19' if int(year) >= _CENTURY - 5 else '20'}{year}"
    if year and not 1945 < int(year) < 2100:
        return None
    serial = match["serial"].replace(",", "")
    return PatentNumber("KR", right, int(year) if year else None, serial.zfill(7), groups.get("kind") or "")


def _right_named(match: re.Match[str]) -> str:
    """Return the right that the number's own words name, else those just before it: 등록상표(등록번호 제…호)."""
    if match[0].startswith(("특", "실")):
        return "10" if match[0].startswith("특") else "20"
    for words in (match[0], match.string[max(0, match.start() - _NEAR) : match.start()]):
        named = [(words.rfind(word), right) for word, right in _RIGHT_WORDS if word in words]
        if named:
            return max(named)[1]
    return ""


def _american(match: re.Match[str]) -> PatentNumber | None:
    groups = match.groupdict()
    kind = groups.get("kind") or ""
    serial = re.sub(r"[,\s']", "", match["serial"])
    if groups.get("series"):
        return PatentNumber("US", "10", None, serial.zfill(6), "", match["series"])
    if groups.get("year"):
        return PatentNumber("US", "10", int(match["year"]), serial.zfill(7), kind)
    letters = (groups.get("letters") or "").upper()
    if not 4 <= len(serial) <= 8:
        return None
    return PatentNumber("US", "30" if letters == "D" else "10", None, letters + serial.lstrip("0"), kind)


def _japanese(match: re.Match[str]) -> PatentNumber | None:
    groups = match.groupdict()
    word, year = groups.get("word") or "", groups.get("year")
    era = groups.get("era") or ""
    utility = word[:1] in ("実", "실") or "실용" in match[0] or (groups.get("kind") or "")[:1] in ("U", "Y")
    right = "20" if utility else "10"
    kind = groups.get("kind") or _JAPANESE_KINDS.get(word, "")
    if not year:
        return PatentNumber("JP", right, None, match["serial"], kind)
    number = int(year) + _ERAS[era] if era else int(year)
    if not 1925 < number < 2100:
        return None
    return PatentNumber("JP", right, number, match["serial"].zfill(6), kind)


def _international(match: re.Match[str]) -> PatentNumber:
    year = match["year"]
    if len(year) == 2:
        year = f"{'19' if int(year) >= _CENTURY else '20'}{year}"
    series = match.groupdict().get("series") or ""
    kind = match.groupdict().get("kind") or ""
    return PatentNumber("WO", "10", int(year), match["serial"].zfill(6), kind, series)


def _counted(country: str) -> _Maker:
    def make(match: re.Match[str]) -> PatentNumber:
        serial = re.sub(r"[\s,.]", "", match["serial"])
        kind = match.groupdict().get("kind") or ""
        right = "20" if kind[:1] in ("U", "Y") else "30" if kind[:1] == "S" else "10"
        return PatentNumber(country, right, None, serial.zfill(7), kind)

    return make


_NEAR = 40  # characters
_RIGHT_WORDS = (
    ("특허", "10"), ("발명", "10"), ("실용", "20"), ("고안", "20"), ("의장", "30"), ("디자인", "30"), ("상표", "40"),
    ("서비스표", "41"),
)  # fmt: skip
_JAPANESE_KINDS = {"特開": "A", "特表": "A", "特公": "B2", "特許": "B2", "実開": "U", "特再": "A1"} | {
    "특개": "A", "특표": "A", "특공": "B2", "특허": "B2", "실개": "U",
}  # fmt: skip

# What a number looks like, country by country; words before it say which country when the number does not.
_FORMS: tuple[tuple[re.Pattern[str], _Maker], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        # 10-2023-0001234, KR 10-2023-0001234 A, KR1020230001234A
        (
            rf"{_BEFORE}(?:KR{_BETWEEN}|제\s?)?(?P<right>[1-4]\d)-(?P<year>(?:19|20)\d\d)-(?P<serial>\d{{7}}){_KIND}",
            _korean,
        ),
        (
            rf"{_BEFORE}KR{_BETWEEN}(?P<right>[1-4]\d)(?P<year>(?:19|20)\d\d)(?P<serial>\d{{7}}){_KIND}",
            _korean,
        ),
        (
            rf"{_BEFORE}KR{_BETWEEN}(?P<year>(?:19|20)\d\d)-?(?P<serial>\d{{7}}){_BETWEEN}(?P<kind>[AU]\d?){_AFTER}",
            _korean,
        ),
        # 10-1234567, KR 10-1234567 B1, KR101234567B1
        (
            rf"{_BEFORE}(?:KR{_BETWEEN}|제\s?)?(?P<right>[1-4]0)-(?P<serial>\d{{7}})(?:-\d\d-\d\d|-0000)?{_KIND}",
            _korean,
        ),
        (rf"{_BEFORE}KR{_BETWEEN}(?P<right>[1-4]0)(?P<serial>\d{{7}}){_KIND}", _korean),
        (r"제\s?(?P<right>[1-4]0)-(?P<serial>\d{6})\s?호", _korean),
        # 등록특허 제1054516호, 공개특허공보 제1999-8378호, 특허공고 제95-1234호, 특1999-0012345
        (
            rf"{_DOMESTIC}(?P<word>(?:등록)?특허|(?:등록)?실용신안|특허등록|실용신안등록|등록)"
            r"(?:등록)?(?:공보|번호)?\s?:?\s?제\s?(?P<serial>\d{6,7}|\d{1,3}(?:,\d{3}){1,2})\s?호",
            _korean,
        ),
        (
            rf"{_DOMESTIC}(?P<word>공개특허|공개실용신안|(?:특허|실용신안)(?:공개|공고|출원)?|출원|공개|공고)"
            r"(?:공보)?\s?(?:공개|공고)?(?:번호)?\s?제\s?(?P<year>(?:19|20)\d\d(?=-\d{3,7}(?!\d))|[5-9]\d(?=-\d{3,6}(?!\d)))-(?P<serial>\d+)\s?호",
            _korean,
        ),
        (r"(?<![가-힣])(?P<word>특|실)\s?(?P<year>(?:19|20)\d\d)-(?P<serial>\d{6,7})(?!\d)", _korean),
        # PCT/KR2020/001234, WO 2020/123456 A1, WO 98/12345
        (
            rf"{_BEFORE}PCT[/-](?P<series>[A-Z]{{2}})\s?(?P<year>(?:19|20)\d\d|\d\d)[/-](?P<serial>\d{{5,6}})(?!\d)",
            _international,
        ),
        (rf"{_BEFORE}WO{_BETWEEN}(?P<year>(?:19|20)\d\d)[/\-\s]?(?P<serial>\d{{6}}){_KIND}", _international),
        (rf"{_BEFORE}WO{_BETWEEN}(?P<year>\d\d)[/-](?P<serial>\d{{5,6}}){_KIND}", _international),
        # US 2019/0123456 A1, US20190123456A1, US-2004137729-A1, US 9,876,543 B2, US D876,543 S1, US 14/704,145
        (
            rf"{_BEFORE}US{_BETWEEN}(?P<year>20\d\d|19\d\d)[/\-\s]?(?P<serial>\d{{6,7}}){_KIND}",
            _american,
        ),
        (
            rf"{_BEFORE}(?:U\.\s?S\.|미국)\s?(?:특허\s?|Pat(?:ent|\.)\s?)?(?:출원\s?)?(?:공개|Pub(?:lication|\.)|App(?:lication|l?\.)?)"
            rf"[^\d\n]{{0,30}}?(?P<year>20\d\d)[/-](?P<serial>\d{{7}}){_KIND}",
            _american,
        ),
        (rf"{_BEFORE}US{_BETWEEN}(?P<series>[0-6]\d)/(?P<serial>\d{{3}},?\d{{3}}){_AFTER}", _american),
        (
            rf"{_BEFORE}US{_BETWEEN}(?P<letters>D|RE|PP|H)?{_BETWEEN}(?P<serial>\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{6,8}}){_KIND}",
            _american,
        ),
        (
            rf"{_BEFORE}U\.\s?S\.\s?(?:Patent|Pat\.?)\s?(?:Nos?\.?|Number)?\s?(?P<letters>D|RE)?(?P<serial>\d{{1,2}},\d{{3}},\d{{3}}|\d{{6,8}}){_KIND}",
            _american,
        ),
        (
            rf"(?:미국|미합중국)\s?(?:등록\s?)?특허\s?(?:등록)?(?:공보)?(?:\s?\((?:특허|등록)번호)?{_NO}(?:US{_BETWEEN})?"
            rf"(?P<serial>\d{{1,2}},\d{{3}},\d{{3}}|\d{{6,8}}){_KIND}",
            _american,
        ),
        # EP 3 123 456 A1, EP3123456A1
        (rf"{_BEFORE}EP{_BETWEEN}(?P<serial>\d{{1,2}} ?\d{{3}} ?\d{{3}}){_KIND}", _counted("EP")),
        (
            rf"유럽\s?(?:공개\s?|등록\s?)?특허(?:출원)?(?:공개|등록)?(?:공보)?{_NO}(?:EP{_BETWEEN})?(?P<serial>\d{{6,8}}){_KIND}",
            _counted("EP"),
        ),
        # JP 2019-123456 A, 特開2019-123456, 특개평11-123456, 일본 공개특허공보 평6-299748, 特許第6123456号
        (
            r"(?<![^\WJP])(?:JP\s?)?(?P<word>特開|特表|特公|特願|特許|実開|実登|特再|특개|특표|특공|특원|실개)\s?"
            r"(?P<era>[昭平令소평령])?\s?(?P<year>(?:19|20)\d\d|(?<=[昭平令소평령])\d{1,2}|(?<=[昭平令소평령] )\d{1,2})"
            r"\s?[-－]\s?(?P<serial>\d{1,7})(?:\s?[号호])?(?!\d)",
            _japanese,
        ),
        (
            r"일본[^\n\d]{0,14}?(?<![가-힣]{2})\s?(?P<era>[昭平令소평령])\s?(?P<year>\d{1,2})\s?[-－]\s?(?P<serial>\d{1,7})(?:\s?호)?(?!\d)",
            _japanese,
        ),
        (
            rf"일본\s?(?:국\s?)?(?:공개\s?)?특허(?:공개|출원)?(?:공보)?{_NO}(?P<year>(?:19|20)\d\d)-(?P<serial>\d{{1,6}}){_KIND}",
            _japanese,
        ),
        (r"(?<!\w)(?P<word>特許)第(?P<serial>\d{5,7})号", _japanese),
        (
            rf"{_BEFORE}JP{_BETWEEN}(?:[PH]{_BETWEEN})?(?P<year>(?:19|20)\d\d)-?(?P<serial>\d{{6}}){_KIND}",
            _japanese,
        ),
        (rf"{_BEFORE}JP{_BETWEEN}(?:B2{_BETWEEN})?(?P<serial>\d{{7}}){_KIND}", _japanese),
        # CN 112345678 A, CN 1234567 C
        (rf"{_BEFORE}CN{_BETWEEN}(?P<serial>\d{{7}}|\d{{9}}){_KIND}", _counted("CN")),
    )
)
