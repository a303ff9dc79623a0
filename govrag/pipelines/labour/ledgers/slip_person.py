"""Who a payslip is for and when it was paid, in whatever words it says so; and where one slip of a file ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from govrag.pipelines.labour.ledgers.cells import sheets, words_around
from govrag.pipelines.labour.ledgers.margins import Entry, entries, found, payday_of
from govrag.pipelines.labour.ledgers.seeing import nowhere
from govrag.pipelines.labour.ledgers.tables import read_table
from govrag.pipelines.labour.ledgers.values import blank, days
from govrag.pipelines.labour.observation import Observation
from govrag.records import Document, Section

__all__ = ["identity", "named", "payday", "slips_of"]

_PERSON = re.compile(
    r"(?:(?!대표|작성|담당|발신|보내|문의|결재|회사).)*(?:성명|이름|성함|사번|사원|직원|생년월일|주민(?:등록)?번호|받(?:는|으시는|으실|을)(?:분|사람|이)|"
    r"수령(?:인|자)|수급자|수신(?:인|자)?|근로자|근무자|대상자?|귀하|귀중|name|employee)(?:(?!수$|확인|서명|현황|총).)*",
    re.IGNORECASE,
)
_NAME = re.compile(r".*(?:성명|이름|성함|받는(?:분|사람|이)|수신(?:인|자)?|근로자|근무자|대상자?|사원명?|직원명?).*")
_ADDRESSED = re.compile(
    r"(?P<name>[가-힣○*]{2,5})(?:\*\*|__)?\s*(?:\([^)\n]*\)\s*)?(?:님|귀하|씨|사원|주임|대리|과장|차장|부장|선생님)(?![가-힣])"
)
_NAMED = re.compile(
    r"(?:성\s*명|이\s*름|사번|사원번호|직원번호|생년월일)[*_\s]*[:：]?[*_ \t]*"
    r"(?P<who>[가-힣A-Za-z0-9○*.-]{2,12})(?=\s|$|[,/()|])"
)
_TITLED = re.compile(
    r"명세서?\s*[-–—(:：·|_/]\s*(?P<after>[가-힣]{2,4})(?=\s*(?:$|[\s)(/·,|-]))|^[#\s]*(?P<before>[가-힣]{3})\s+[^\n]{0,20}명세",
    re.MULTILINE,
)
_NOT_NAMES = (
    "여러분",
    "고객",
    "직원",
    "근로자",
    "임직원",
    "사원",
    "담당",
    "지급",
    "공제",
    "월분",
    "정규직",
    "주식회사",
)
_DATED = r"(?:매월|당월|익월|다음\s*달|20\d\d|\d{1,2}\s*월|\d{1,2}/|\d{1,2}\.)[^\n|]{0,14}?\d{1,2}\s*일?\.?"
_FULL_DAY = r"(?:20)?\d\d\s*[.년/-]\s*\d{1,2}\s*[.월/-]\s*\d{1,2}\s*일?\.?"
_SENT = r"(?:보내\s*드|보냈|드렸|드린|넣었|넣어|부쳤|부침|들어갔|들어갑|들어감)"
_SAID = re.compile(
    rf"(?:지급|지불|입금|송금|이체|준|주는|받는|받은|월급|급여|임금)\s*(?:연월일|일자|일시|일|날짜|날)\s*(?:은|는)?[\s:：|(*]*(?P<day>{_DATED})"
    rf"|(?:지급|입금|송금|이체)(?:은|는|했|함|:)?\s*(?P<day3>20\d\d[^\n|]{{0,14}}?\d{{1,2}}\s*일?\.?)"
    rf"|(?P<day4>{_FULL_DAY})\s*(?:\([월화수목금토일]\))?\s*에?\s*(?:[가-힣]{{0,8}}\s*){{0,3}}{_SENT}"
    rf"|(?P<day2>{_DATED}|매월\s*말일)\s*(?:자|일|\([월화수목금토일]\))?\s*(?:에|자로|로)?\s*(?:[가-힣]{{0,8}}\s*){{0,3}}(?:지급|입금|송금|이체|드립|보냈|보냅)"
)
_EVERY_MONTH = re.compile(r"(?:매월|당월|익월|다음\s*달|이달)?\s*(?:\d{1,2}\s*일|말일)")
_HEADING = re.compile(r"명\s*세|급\s*여\s*내\s*역|^\s*(?:-{3,}|={3,}|\*{3,})\s*$")


def identity(listed: Sequence[Entry], document: Document) -> Observation:
    """Return whether anything tells whose slip it is: an entry, an address, a name in the title."""
    check = "payslip_identity"
    entry = found(listed, _PERSON)
    if entry is not None and not blank(entry.value):
        return Observation(check, "pass", f"{entry.label}: {entry.value}", entry.start, entry.end, entry.place)
    for pattern in (_ADDRESSED, _NAMED, _TITLED):
        for match in pattern.finditer(document.text):
            group = str(match.lastgroup)
            if match[group] and not blank(match[group]) and match[group] not in _NOT_NAMES:
                return Observation(check, "pass", f"받는 사람: {match[group]}", match.start(group), match.end(group))
    if entry is not None:
        fact = f"‘{entry.label}’ 칸이 비어 있어 근로자를 특정할 수 없습니다."
        return Observation(check, "violation", fact, entry.start, entry.end, entry.place)
    return nowhere(check, "violation", "성명, 생년월일, 사원번호 등 근로자를 특정할 수 있는 정보가 없습니다.")


def named(listed: Sequence[Entry]) -> str:
    """Return the name of the person, "" where it is not labelled."""
    entry = found(listed, _NAME)
    words = re.split(r"[/,(]", entry.value)[0].strip() if entry is not None and not blank(entry.value) else ""
    return words if len(words) <= 12 else ""


def payday(listed: Sequence[Entry], document: Document) -> Observation:
    """Return whether a day of payment is stated, in an entry or in words."""
    check = "payslip_payday"
    entry = payday_of(listed)
    if entry is not None and (
        days(entry.value, year=2000) or _EVERY_MONTH.search(entry.value) or re.fullmatch(r"\d{8}", entry.value.strip())
    ):
        return Observation(check, "pass", f"{entry.label}: {entry.value}", entry.start, entry.end, entry.place)
    if said := _SAID.search(document.text):
        group = str(said.lastgroup)
        return Observation(check, "pass", f"임금지급일: {said[group]}", said.start(group), said.end(group))
    if entry is None:
        return nowhere(check, "violation", "임금지급일이 적혀 있지 않습니다.")
    fact = (
        f"‘{entry.label}’ 칸이 비어 있거나 날이 아닙니다({entry.value})."
        if entry.value
        else f"‘{entry.label}’ 칸이 비어 있습니다."
    )
    return Observation(check, "violation", fact, entry.start, entry.end, entry.place)


def slips_of(document: Document) -> list[Document]:
    """Return the slips in a document, each with all else blanked out, so that places stay what they are.

    Several are rows of one table, or stand below one another, each with the name of its worker.
    """
    parts = _rows_apart(document) or _one_below_another(document)
    return [_alone(document, spans) for spans in parts] if len(parts) > 1 else [document]


_Span = tuple[int, int]


def _rows_apart(document: Document) -> list[list[_Span]]:
    """Return, for each row of a table that names people and sums, everything but the other rows."""
    for sheet in sheets(document):
        table = read_table(sheet, wanted=("total", "net", "base"), paper="wages")
        is_list = table is not None and table.sheet is sheet and table.column("name", "number") is not None
        if table is None or not is_list or len(table.rows) < 1 or len(table.columns) < _FEWEST_COLUMNS:
            continue
        lines = [_line_of(document.text, row.cells[0][1].start) for row in table.rows]
        first, last = min(lines)[0], max(lines)[1]
        return [[(0, first), line, (last, len(document.text))] for line in lines]
    return []


def _line_of(text: str, at: int) -> _Span:
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, end if end >= 0 else len(text)


def _one_below_another(document: Document) -> list[list[_Span]]:
    names = [entry for entry in entries(document) if _OWN_NAME.fullmatch(entry.label) and not blank(entry.value)]
    starts = sorted({entry.start for entry in names})
    if len({entry.value for entry in names}) < _FEWEST_SLIPS:
        return []
    headings = [start for start, line in words_around(document) if _HEADING.search(line)]
    cuts = [0]
    for before, start in pairwise(starts):
        between = [one for one in headings if before < one < start]
        cuts.append(between[0] if between else document.text.rfind("\n", 0, start) + 1)
    return [[(start, end)] for start, end in zip(cuts, [*cuts[1:], len(document.text)], strict=True)]


_OWN_NAME = re.compile(r"(?:근로자|사원|직원)?(?:성명|이름|성함)(?:\([^)]*\))?(?:[/·].*)?|받는(?:분|사람|이)")
_LETTERS = re.compile(r"[^\n|]")
_FEWEST_SLIPS = 2
_FEWEST_COLUMNS = 6  # of a table with a row a person


def _alone(document: Document, spans: Sequence[_Span]) -> Document:
    return replace(document, sections=(Section("paragraph", "".join(_kept(document.text, spans))),))


def _kept(text: str, spans: Sequence[_Span]) -> Iterator[str]:
    """Yield the text with all that is outside the spans blank, but for the bars of its tables and the ends of lines."""
    at = 0
    for start, end in (*spans, (len(text), len(text))):
        yield _LETTERS.sub(" ", text[at:start])
        yield text[start:end]
        at = end
