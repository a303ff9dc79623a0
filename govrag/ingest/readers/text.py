"""Plain text in UTF-8, CP949 or UTF-16 to a document; also what every reader needs to describe plain text."""

from __future__ import annotations

import codecs
import re
from hashlib import sha256

from govrag.errors import EmptyFile, UnknownFormat
from govrag.ingest.readers.outline import sections_of
from govrag.ingest.structure.description import Description, describe, effective_date, kind_of
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Source

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODINGS = ("utf-8", "cp949")  # EUC-KR is read as CP949, its superset
_TOLERATED_LOSS = 0.01  # share of unreadable characters in an otherwise sound text: torn lines are no reason to refuse
_TOLERATED_CONTROLS = 0.002  # share of control characters in a text; more is a binary file
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WESTERN = "cp1252"
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_SYLLABLES = re.compile(rb"[\xa1-\xfe]{2}")
_HANGUL = re.compile("[가-힣]")
_ENOUGH = 30  # characters; fewer may be anything by chance
# The syllables that Korean text of every kind is full of: they are two in five of its syllables.
_COMMON = frozenset(
    "이다의는을에고하가지로기자사를정원한대시인제어일수리도과서해보부장상조전나공구주업무및관계용소성회적으그여"
)
_LEAST_COMMON = 0.03  # of the syllables; what is read in a wrong encoding has one in fifty
# Not a blank, not the mark of what was lost, not a private character of some font.
_MEANINGFUL = re.compile("[^\\s\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SAMPLE = 4096  # bytes of the head that UTF-16 without a mark is told by
_LONG_SAMPLE = 1 << 20  # bytes of the head that a torn or foreign text is told by

__all__ = [
    "Description",
    "TextReader",
    "decode",
    "describe",
    "effective_date",
    "kind_of",
    "lost_characters",
    "plain_id",
    "require_text",
]


class TextReader:
    """Reads plain text: articles where it is a regulation, else headings, paragraphs, requirements of RFPs."""

    media_types: tuple[str, ...] = ("text/plain",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document; raises `EmptyFile` without any text and `UnknownFormat` when the bytes are no text."""
        from govrag.ingest.assemble import faults, with_requirements  # here: it needs what stands below

        text = clean(decode(data, name=source.name)[0])
        require_text(text, source)
        patent = _patent(text, source)
        if patent is not None:
            return [patent]
        described = describe(text, source)
        sections = with_requirements(sections_of(text))
        return [
            Document(
                id=plain_id(source),
                title=described.title,
                sections=sections,
                kind=described.kind,
                issuer=described.issuer,
                number=described.number,
                promulgated=described.promulgated,
                metadata={**described.metadata, **faults(sections)},
                effective_from=described.effective_from,
                origins=described.origins,
                losses=lost_characters(text),
            )
        ]


def _patent(text: str, source: Source) -> Document | None:
    from govrag.ingest.readers.patents.text import patent_document  # here: it needs what stands below

    return patent_document(text, source, losses=lost_characters(text))


def plain_id(source: Source) -> str:
    """Return the id of a document that brings none of its own: the same for the same source, whatever its contents."""
    return f"{source.name}~{sha256(source.uri.encode('utf-8', 'surrogateescape')).hexdigest()[:6]}"


def decode(data: bytes, *, name: str = "") -> tuple[str, str]:
    """Return the text and the encoding it was in: by byte order mark, else strict UTF-8, else strict CP949.

    Western text (CP1252) that would pass for CP949, and UTF-16 without a mark, are told apart by what they would mean.
    A text of which a few characters are damaged is returned with U+FFFD in their place; `lost_characters` counts them.
    Raises `UnknownFormat` when the bytes are no text, or in another encoding.
    """
    text, encoding = _decoded(data, name)
    text = text.rstrip("\0")  # blocks that a crash or a fixed record length left unfilled
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
    """Raise `EmptyFile` when nothing is left but blanks and characters that mean nothing."""
    if not _MEANINGFUL.search(text):
        raise EmptyFile(
            f"'{source.name}'({source.size:,}바이트): 본문 글자가 없습니다. 내용이 있는 파일인지 확인해 주세요.",
            f"'{source.name}' ({source.size:,} bytes) holds no text. Check that this is the file you meant.",
        )


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _tolerant(data[len(bom) :], encoding, name), encoding
    unmarked = _unmarked_utf16(data)
    if unmarked:
        return _tolerant(data, unmarked, name), unmarked
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8":
            return text, encoding
        if not (_resembles_utf8(data) or _is_western(data)):
            return _korean(text, name), encoding
    if _is_western(data):
        return _tolerant(data, _WESTERN, name), _WESTERN
    best = min(_ENCODINGS, key=lambda encoding: data.decode(encoding, "replace").count("\ufffd"))
    if best == "utf-8" or _resembles_utf8(data):
        return _tolerant(data, "utf-8", name), "utf-8"
    return _korean(_tolerant(data, best, name), name), best


def _korean(text: str, name: str) -> str:
    """Return the text; refuse it when its Hangul is what another encoding looks like in CP949."""
    sample = text[:_LONG_SAMPLE]
    if len(_HANGUL.findall(sample)) >= _ENOUGH and _common_share(sample) < _LEAST_COMMON:
        raise _undecodable(name, "cp949로 읽으면 한국어가 아님", "as cp949 it is no Korean")
    return text


def _common_share(text: str) -> float:
    """Return how many of the syllables are common ones, of 1; real text has about 0.4."""
    syllables = _HANGUL.findall(text)
    return sum(one in _COMMON for one in syllables) / len(syllables) if syllables else 0.0


def _tolerant(data: bytes, encoding: str, name: str) -> str:
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if lost > _TOLERATED_LOSS * len(text) + 1:
        share = f"{lost / len(text):.1%}"
        raise _undecodable(name, f"{encoding}로 읽으면 {share}가 깨짐", f"{share} damaged as {encoding}")
    return text


def _undecodable(name: str, ko: str, en: str) -> UnknownFormat:
    return UnknownFormat(
        f"'{name}': 글자를 읽을 수 없습니다({ko}). "
        "읽는 인코딩은 UTF-8, CP949(EUC-KR), UTF-16입니다. 메모장에서 'UTF-8'로 다시 저장해 주세요.",
        f"'{name}' cannot be decoded ({en}). UTF-8, CP949 (EUC-KR) and UTF-16 are read: save it again as UTF-8.",
    )


def _unmarked_utf16(data: bytes) -> str:
    """Return the UTF-16 byte order of bytes without a mark, "" when they are none.

    The zero halves of blanks and digits stand all on one side; a text without any is Hangul throughout in one order.
    """
    head = data[: _SAMPLE if len(data) > _SAMPLE else len(data) // 2 * 2]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    enough = len(head) // 40
    if max(even, odd) > enough and min(even, odd) <= enough // 4 and not _resembles_utf8(head):
        return "utf-16-le" if odd > even else "utf-16-be"
    return next((order for order in ("utf-16-le", "utf-16-be") if _is_hangul_in(head, order)), "")


def _is_hangul_in(head: bytes, encoding: str) -> bool:
    text = head.decode(encoding, "ignore")
    if len(text) < _ENOUGH or len(_HANGUL.findall(text)) * 2 < len(text):
        return False
    # Hangul of CP949 is Hangul in UTF-16, too, but not of the kind that words are made of.
    return _common_share(text) > 5 * _LEAST_COMMON


def _resembles_utf8(data: bytes) -> bool:
    """Tell whether these bytes are UTF-8, torn perhaps: what is not ASCII is nearly all sound."""
    text = data[:_LONG_SAMPLE].decode("utf-8", "replace")
    lost = text.count("\ufffd")
    sound = len(_NOT_ASCII.findall(text)) - lost
    return sound > 0 and sound >= 10 * (lost - 1)


def _is_western(data: bytes) -> bool:
    """Tell whether CP949 would find Korean only where ’ and é ate the letter behind them.

    The syllables that words are made of have two high bytes; in a Western text hardly any two stand together.
    """
    head = data[:_LONG_SAMPLE]
    high = len(_HIGH.findall(head))
    return 0 < high * 5 <= len(head) and len(_SYLLABLES.findall(head)) * 20 <= high and not _resembles_utf8(data)
