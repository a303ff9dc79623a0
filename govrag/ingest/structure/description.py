"""What a document says of itself in its first lines and its 부칙: title, kind, number, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import PurePosixPath

from govrag.ingest.structure.decisions import decision_facts
from govrag.ingest.structure.headings import unspaced
from govrag.korean.normalise import clean, match_key
from govrag.records import Source

# What a document may call itself. The one that ends last in the title decides: 여비규정 시행지침 is a 지침.
KINDS = (
    "제안요청서", "과업지시서", "과업내용서", "입찰공고", "모집공고", "계약서", "협약서", "시행세칙", "규정", "규칙",
    "세칙", "내규", "지침", "요령", "예규", "훈령", "고시", "공고", "조례", "정관", "강령", "매뉴얼", "편람", "안내서",
    "가이드", "안내", "회의록", "보고서", "계획서", "명세서", "의견서", "판결", "보도자료", "의사록",
)  # fmt: skip
# What a cover calls itself without telling one document from another, besides the kinds.
_BARE_NAMES = frozenset({*KINDS, "공고문", "입찰공고문", "사업계획서", "신청서", "목차", "요약", "서식", "양식"})
_LONGEST_TITLE = 100
_HEAD_LINES = 30  # in which a document says what it is
_COVER_LINES = 10  # of them, on which its title stands
_HEAD_CHARACTERS = 5_000
_SHORTEST_STATED = 4  # letters of a title in the file's properties
_WRAPPED = re.compile(r"[「『<\[【《｢](?P<inner>[^」』>\]】》｣]+)[」』>\]】》｣]")
_SENTENCE = re.compile(r"다\s*[.。]\s*$")
_NO_TITLE = re.compile(
    r"^(?:\(.*\)$|제\s*\d+\s*[편장절조]|\d{1,2}\s*[.)]|[\d\s.,-]+$|[①-⑳\-–—|]|부\s*칙|목\s*차|차\s*례$|[Cc]ontents$|[□■○●ㅇ◦※*·•☞]|[Ⅰ-Ⅻ]\s*[.．]|\(?(?:붙임|별첨|별지|서식|양식|참고|첨부)\s*(?:제?\d|\)|$)"
    r"|\[(?:별표|별지|숨은)|[가-힣 ]{1,12}[:：]|(?:제정|개정|일부개정|전부개정)\s*\d)"
)
_GOES_ON = re.compile(r"(?:및|또는|의|와|과|을|를|위한|따른|관한|대한|[·ㆍ,/-])$")
_NAMED_PROJECT = re.compile(r"(?:사\s*업|용\s*역|공\s*사|과\s*업|건)\s*명\s*[:：]?\s*(?P<name>.*)")
_NOTICE = re.compile(
    r"[<\[(【「｢]?\s*(?P<issuer>[가-힣A-Za-z·ㆍ()㈜ ]{2,40}?)\s*"
    r"(?P<kind>고\s*시|공\s*고|훈\s*령|예\s*규|공\s*시|지\s*침|규\s*정|조\s*례|규\s*칙|내\s*규)\s*제?\s*"
    r"(?P<number>\d{1,4}(?:\s*[-–]\s*\d{1,5})?)\s*호\s*[>\])】」｣]?(?:\s*\(.{0,40}\))?"
)
_DAY = r"(?P<year>\d{4})\s*[년.\-/]\s*(?P<month>\d{1,2})\s*[월.\-/]\s*(?P<day>\d{1,2})\s*[일.]?"
_ONLY_DAY = re.compile(rf"[(\[]?\s*{_DAY}\s*(?:\([월화수목금토일]\))?\s*[)\]]?")
_REVISION = re.compile(
    rf"(?P<what>제\s*정|개\s*정|일부\s*개정|전부\s*개정|전문\s*개정|타법\s*개정)\s*[:：]?\s*[(\[<]?\s*{_DAY}"
)
_SUPPLEMENT = re.compile(r"^[ \t#*\[<【(]*부[ \t　]*칙(?![가-힣])", re.MULTILINE)
_EFFECTIVE = re.compile(rf"{_DAY}\s*(?:\([월화수목금토일]\)\s*)?부터\s*(?:이를\s*)?(?:시행|적용)")
_ON_PROMULGATION = re.compile(r"(?:공포|고시|발령|공고)한\s*날부터\s*시행")
_FILE_DAY = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})[.\-_]?(?P<month>0[1-9]|1[0-2])[.\-_]?(?P<day>[0-3]\d)(?!\d)")
_RULES = frozenset(
    {"규정", "규칙", "세칙", "시행세칙", "내규", "지침", "요령", "예규", "훈령", "고시", "조례", "정관", "강령"}
)


@dataclass(frozen=True, slots=True)
class Description:
    """What a text says of itself, and where each value came from."""

    title: str
    kind: str = ""
    effective_from: date | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    number: str = ""
    issuer: str = ""
    promulgated: date | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


def describe(text: str, source: Source, *, title: str = "", origin: str = "") -> Description:
    """Return what the text says of itself.

    A ``title`` with its ``origin`` is kept; otherwise the first line that looks like one is the title, on a cover that
    says no more than 제안요청서 with the name of the project, else the file's name. The kind is what the title (or the
    first line, or the number of a notice) calls itself. Dates are read from 부칙, from 제정·개정 lines, below the
    number of a notice, and of a regulation, last, from the file's name. A decision of a court is described by its case.
    """
    decision = decision_facts(text)
    head = list(islice(_lines(text[:_HEAD_CHARACTERS]), _HEAD_LINES))
    first = _joined_title(head)
    if not title:
        named = _without_bare_names(first, head)
        title, origin = (named, "first line") if named else (_stem(source.name), "file name")
        if decision and decision.title and not decision.title_is_first_line:
            title, origin = decision.title, "case number"
    origins = {"title": origin}
    kind, kind_origin = kind_of(title), origin
    if not kind and first:
        kind, kind_origin = kind_of(first), "first line"
    notice = next((match for line in head if (match := _NOTICE.fullmatch(line))), None)
    revisions = _revisions(head)
    number = issuer = ""
    promulgated = max((day for _, day in revisions), default=None)
    if promulgated:
        origins["promulgated"] = "개정 이력"
    if notice:
        number, issuer = "".join(notice["number"].split()), " ".join(notice["issuer"].split())
        origins["number"] = origins["issuer"] = "first line"
        if not kind:
            kind, kind_origin = "".join(notice["kind"].split()), "number"
        days = [
            day for line in (*head, *_last_lines(text)) if (match := _ONLY_DAY.fullmatch(line)) and (day := _day(match))
        ]
        if days and not promulgated:
            promulgated = days[0]
            origins["promulgated"] = "first lines"
    metadata = {what: day.isoformat() for what, day in revisions}
    if decision:
        kind, kind_origin = decision.kind, "headings"
        metadata |= decision.metadata
        number, issuer = decision.number or number, decision.issuer or issuer
        promulgated = decision.day or promulgated
        origins |= dict.fromkeys(
            (name for name in ("number", "issuer", "promulgated") if getattr(decision, _NAMES[name])), "headings"
        )
    if kind:
        origins["kind"] = kind_origin
    effective, effective_origin = _effective(text, source, kind, promulgated)
    if effective:
        origins["effective_from"] = effective_origin
    return Description(title, kind, effective, origins, number, issuer, promulgated, metadata)


def kind_of(title: str) -> str:
    """Return the kind of document that the title names, or ""; 제안요청서: 민원안내 시스템 구축 is an RFP."""
    lead = title.partition(":")[0].replace(" ", "")
    if lead in KINDS:
        return lead
    compact = title.replace(" ", "")
    found = [(compact.rfind(kind) + len(kind), len(kind), kind) for kind in KINDS if kind in compact]
    return max(found)[2] if found else ""


def effective_date(text: str) -> date | None:
    """Return the day that the last 부칙 names: 이 규정은 2026년 1월 1일부터 시행한다."""
    supplement = _last_supplement(text)
    match = _EFFECTIVE.search(text, supplement) if supplement >= 0 else None
    return _day(match) if match else None


def stated_title(stated: str, text: str) -> str:
    """Return the title in a file's properties if the document's first lines say it too.

    Properties outlive the document they were made for: whoever starts from an old file inherits its title.
    """
    words = " ".join(clean(stated).split())
    key = match_key(words)
    usable = (
        not key.isdecimal()
        and len(key) >= _SHORTEST_STATED
        and len(words) <= _LONGEST_TITLE
        and key not in map(match_key, _BARE_NAMES)
    )
    return words if usable and key in match_key(text[:2_000]) else ""


_NAMES = {"number": "number", "issuer": "issuer", "promulgated": "day"}  # of a description → of a decision


def _lines(text: str) -> Iterator[str]:
    """Yield the lines with words, table rows left out, without marks of Markdown and with single blanks."""
    for line in text.splitlines():
        stripped = " ".join(line.strip().strip("#*=_").split())
        if stripped.strip("-") and not stripped.startswith("|"):
            yield stripped


def _last_lines(text: str) -> list[str]:
    return list(_lines(text[-500:]))


def _usable(line: str) -> str:
    """Return the line if it can be a title, out of its brackets, else ""."""
    wrapped = _WRAPPED.fullmatch(line)
    line = wrapped["inner"].strip() if wrapped else line
    line = unspaced(line)
    if len(line) > _LONGEST_TITLE or _SENTENCE.search(line) or _NO_TITLE.match(line):
        return ""
    if _NOTICE.fullmatch(line) or _ONLY_DAY.fullmatch(line):
        return ""
    return line


def _joined_title(head: Sequence[str]) -> str:
    """Return the first line if it can be a title, the number of a notice before it passed over; 및 … goes on below.

    Where it cannot be one, the first line near it that calls itself by a kind: 1. 양식 / 여비 규정.
    """
    lines = [line for at, line in enumerate(head) if at or not _NOTICE.fullmatch(line)]
    title = _usable(lines[0]) if lines else ""
    if not title:
        return next((line for line in map(_usable, lines[1:_COVER_LINES]) if line and _names_its_kind(line)), "")
    following = _usable(lines[1]) if len(lines) > 1 else ""
    # 사업 이름 / 제안요청서: two lines of a cover that are one title.
    named = _compact(following) in _BARE_NAMES and _compact(title) not in _BARE_NAMES and not kind_of(title)
    goes_on = following and (named or _GOES_ON.search(title)) and len(title) + len(following) < _LONGEST_TITLE
    return f"{title} {following}" if goes_on else title


def _names_its_kind(line: str) -> bool:
    return _compact(line).removesuffix("(안)").endswith(KINDS)


def _without_bare_names(first: str, head: Sequence[str]) -> str:
    """Return a title that tells one document from another: 제안요청서 alone gets the name of its project."""
    name = _compact(first)
    if not name or name not in _BARE_NAMES:
        return first
    for at, line in enumerate(head[:_COVER_LINES]):
        project = _NAMED_PROJECT.fullmatch(line)
        if project:
            named = _usable(project["name"] or (head[at + 1] if at + 1 < len(head) else ""))
            return f"{named} {name}" if named and _compact(named) not in _BARE_NAMES else ""
    # The heading of a press release stands below the words 보도자료.
    return _joined_title(head[1:]) if name == "보도자료" else ""


def _compact(words: str) -> str:
    return "".join(words.split())


def _revisions(head: Iterable[str]) -> list[tuple[str, date]]:
    """Return what the lines 제정 2019. 3. 4. / 개정 2021. 1. 1. say; several in one line too."""
    found = []
    for line in head:
        matches = list(_REVISION.finditer(line))
        if matches and not matches[0].start() and not _SENTENCE.search(line):
            found += [(_compact(match["what"]), day) for match in matches if (day := _day(match))]
    return found


def _effective(text: str, source: Source, kind: str, promulgated: date | None) -> tuple[date | None, str]:
    stated = effective_date(text)
    if stated:
        return stated, "부칙"
    supplement = _last_supplement(text)
    if supplement >= 0 and promulgated and _ON_PROMULGATION.search(text, supplement):
        return promulgated, "부칙"
    named = _FILE_DAY.search(PurePosixPath(source.name).name) if kind in _RULES else None
    return (_day(named), "file name") if named else (None, "")


def _last_supplement(text: str) -> int:
    return max((match.start() for match in _SUPPLEMENT.finditer(text)), default=-1)


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:  # 2월 30일: the text is wrong, and it is not ours to guess
        return None


def _stem(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    stem = path.name.removesuffix("".join(path.suffixes[-2:])) if name.endswith(".xz") else path.stem
    return " ".join(clean(stem).split()) or name
