"""Plain text in UTF-8, CP949 or UTF-16 to a document; also what every reader needs to describe plain text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import PurePosixPath

from govrag.errors import EmptyFile, UnknownFormat
from govrag.ingest.readers.outline import sections_of
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Source

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODINGS = ("utf-8", "cp949")  # EUC-KR is read as CP949, its superset
_TOLERATED_LOSS = (
    0.002  # share of unreadable characters in an otherwise sound text: one torn line is no reason to refuse
)
_TOLERATED_CONTROLS = 0.002  # share of control characters in a text; more is a binary file
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")

# What a document may call itself. The one that ends last in the title decides: 여비규정 시행지침 is a 지침.
KINDS = (
    "제안요청서", "과업지시서", "과업내용서", "입찰공고", "모집공고", "계약서", "협약서", "시행세칙", "규정", "규칙",
    "세칙", "내규", "지침", "요령", "예규", "훈령", "고시", "공고", "조례", "정관", "강령", "매뉴얼", "편람", "안내서",
    "가이드", "안내", "회의록", "보고서", "계획서", "명세서", "의견서", "판결",
)  # fmt: skip
_LONGEST_TITLE = 100
_WRAPPED = re.compile(r"[「『<\[【《](?P<inner>[^」』>\]】》]+)[」』>\]】》]")
_SENTENCE = re.compile(r"다\s*[.。]\s*$")
_NO_TITLE = re.compile(r"^(?:제\s*\d+\s*[편장절조]|[①-⑳\d\-–—|]|부\s*칙|목\s*차)")
_SUPPLEMENT = re.compile(r"^[ \t#*\[<【(]*부[ \t　]*칙(?![가-힣])", re.MULTILINE)
_EFFECTIVE = re.compile(
    r"(?P<year>\d{4})\s*[년.]\s*(?P<month>\d{1,2})\s*[월.]\s*(?P<day>\d{1,2})\s*(?:일|\.)?\s*(?:\([월화수목금토일]\)\s*)?부터\s*"
    r"(?:이를\s*)?(?:시행|적용)"
)


class TextReader:
    """Reads plain text: articles where it is a regulation, else headings and paragraphs."""

    media_types: tuple[str, ...] = ("text/plain",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document; raises `EmptyFile` without any text and `UnknownFormat` when the bytes are no text."""
        text = clean(decode(data, name=source.name)[0])
        require_text(text, source)
        described = describe(text, source)
        return [
            Document(
                id=plain_id(source),
                title=described.title,
                sections=sections_of(text),
                kind=described.kind,
                effective_from=described.effective_from,
                origins=described.origins,
                losses=lost_characters(text),
            )
        ]


def plain_id(source: Source) -> str:
    """Return the id of a document that brings none of its own: the same for the same source, whatever its contents."""
    return f"{source.name}~{sha256(source.uri.encode('utf-8', 'surrogateescape')).hexdigest()[:6]}"


def decode(data: bytes, *, name: str = "") -> tuple[str, str]:
    """Return the text and the encoding it was in: by byte order mark, else strict UTF-8, else strict CP949.

    A text of which a few characters are damaged is returned with U+FFFD in their place; `lost_characters` counts them.
    Raises `UnknownFormat` when the bytes are no text, or in another encoding.
    """
    text, encoding = _decoded(data, name)
    controls = len(_CONTROLS.findall(text))
    if controls > _TOLERATED_CONTROLS * len(text) + 1:
        raise UnknownFormat(
            f"'{name}': 텍스트가 아닙니다(제어 문자 {controls:,}개). PDF나 텍스트(UTF-8)로 저장해 다시 넣어 주세요.",
            f"'{name}' is not text ({controls:,} control characters). Save it as PDF or text (UTF-8).",
        )
    return text, encoding


def lost_characters(text: str) -> tuple[Loss, ...]:
    """Return the loss of a text whose damaged characters stand as U+FFFD; empty without any."""
    count = text.count("\ufffd")
    return (Loss("replaced", count),) if count else ()


def require_text(text: str, source: Source) -> None:
    """Raise `EmptyFile` when nothing but blanks is left."""
    if not text or text.isspace():
        raise EmptyFile(
            f"'{source.name}'({source.size:,}바이트): 본문 글자가 없습니다. 내용이 있는 파일인지 확인해 주세요.",
            f"'{source.name}' ({source.size:,} bytes) holds no text. Check that this is the file you meant.",
        )


@dataclass(frozen=True, slots=True)
class Description:
    """What plain text says of itself, and where each value came from."""

    title: str
    kind: str
    effective_from: date | None
    origins: Mapping[str, str]


def describe(text: str, source: Source, *, title: str = "", origin: str = "") -> Description:
    """Return title, kind and effective date.

    A ``title`` with its ``origin`` is kept; otherwise the first line is the title if it looks like one, else the file's
    name. The kind is only what the title (or the first line) calls itself; the date only what the last 부칙 says.
    """
    first = _first_line(text)
    if not title:
        # A cover that says no more than 제안요청서 does not tell one document from another.
        named = first if first.replace(" ", "") not in KINDS else ""
        title, origin = (named, "first line") if named else (_stem(source.name), "file name")
    origins = {"title": origin}
    kind, kind_origin = kind_of(title), origin
    if not kind and first:
        kind, kind_origin = kind_of(first), "first line"
    if kind:
        origins["kind"] = kind_origin
    effective = effective_date(text)
    if effective:
        origins["effective_from"] = "부칙"
    return Description(title, kind, effective, origins)


def kind_of(title: str) -> str:
    """Return the kind of document that the title names, or ""."""
    compact = title.replace(" ", "")
    found = [(compact.rfind(kind) + len(kind), len(kind), kind) for kind in KINDS if kind in compact]
    return max(found)[2] if found else ""


def effective_date(text: str) -> date | None:
    """Return the day that the last 부칙 names: 이 규정은 2026년 1월 1일부터 시행한다."""
    supplements = [match.start() for match in _SUPPLEMENT.finditer(text)]
    match = _EFFECTIVE.search(text, supplements[-1]) if supplements else None
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:  # 2월 30일: the text is wrong, and it is not ours to guess
        return None


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _tolerant(data[len(bom) :], encoding, name), encoding
    unmarked = _unmarked_utf16(data)
    if unmarked:
        return _tolerant(data, unmarked, name), unmarked
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    best = max(_ENCODINGS, key=lambda encoding: -data.decode(encoding, "replace").count("\ufffd"))
    return _tolerant(data, best, name), best


def _tolerant(data: bytes, encoding: str, name: str) -> str:
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if lost > _TOLERATED_LOSS * len(text) + 1:
        share = f"{lost / len(text):.1%}"
        raise UnknownFormat(
            f"'{name}': 글자를 읽을 수 없습니다({encoding}로 읽으면 {share}가 깨짐). "
            "읽는 인코딩은 UTF-8, CP949(EUC-KR), UTF-16입니다. 메모장에서 'UTF-8'로 다시 저장해 주세요.",
            f"'{name}' cannot be decoded ({share} damaged as {encoding}). UTF-8, CP949 (EUC-KR) and UTF-16 are read: "
            "save it again as UTF-8.",
        )
    return text


def _unmarked_utf16(data: bytes) -> str:
    """Return the UTF-16 byte order of bytes without a mark, by where the zero halves of blanks and digits stand."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    enough = len(head) // 40
    if len(data) % 2 or max(even, odd) <= enough or min(even, odd) > enough // 4:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _first_line(text: str) -> str:
    """Return the first line with words if it can be a title, else ""."""
    for line in text[:5_000].splitlines():
        stripped = " ".join(line.strip().strip("#*=-_").split())
        if stripped:
            wrapped = _WRAPPED.fullmatch(stripped)
            stripped = wrapped["inner"] if wrapped else stripped
            unusable = len(stripped) > _LONGEST_TITLE or _SENTENCE.search(stripped) or _NO_TITLE.match(stripped)
            return "" if unusable else stripped
    return ""


def _stem(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    return clean(path.name.removesuffix("".join(path.suffixes[-2:])) if name.endswith(".xz") else path.stem) or name
