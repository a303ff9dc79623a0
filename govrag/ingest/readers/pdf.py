"""PDF to a document: paragraphs mended from lines, running heads left out, a page number on every section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from io import BytesIO

from govrag.errors import EmptyFile, EncryptedFile, LimitExceeded, UnreadableFile
from govrag.ingest.readers.outline import paged, sections_of
from govrag.ingest.readers.text import describe, lost_characters, plain_id
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Source

_MOST_PAGES = 5_000
_MOST_CHARACTERS = 20_000_000
_RUNNING_LINES = 2  # lines at the top and at the foot of a page that may be a running head
_RUNNING_SHARE = 0.6  # share of pages on which a line must stand to be one
_FEWEST_PAGES = 3  # below that, what repeats may be content
_FULL_LINE = 0.75  # share of the usual line length; a shorter line ends its paragraph
_DIGITS = re.compile(r"\d+")
# A line that opens a unit or an item begins a paragraph, whatever stands above it.
_OPENS = re.compile(
    r"\s*(?:제\s*\d+\s*[편장절관조]|부\s*칙|\[별[표지]|[①-⑳㉑-㊿]|\d{1,2}(?:의\d+)?[.)]\s|\d+(?:\.\d+)+\.?\s|[가-하][.)]\s"
    r"|[Ⅰ-Ⅻ]|[□■○●◯ㅇ◦◆◇▣▶※•∙*·–-]\s|[\[【<(（]?[가-하\d]{1,2}[)）]\s|\[(?:본조|전문|제목)|\|)"
)
_HANGUL_END = re.compile(r"[가-힣]+$")
_HANGUL_START = re.compile(r"[가-힣]+")
_HANGUL = re.compile(r"[가-힣]+")


class PdfReader:
    """Reads PDF: with pypdfium2 where it is installed (faster, right on Korean character maps), else with pypdf."""

    media_types: tuple[str, ...] = ("application/pdf",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document.

        Raises `EncryptedFile` before a password, `EmptyFile` when no page has text (a scan), `LimitExceeded` past 5,000
        pages or 20 million characters, `UnreadableFile` when the file is damaged.
        """
        pages = [clean(page) for page in _bounded(_extract(data, source), source)]
        blank = [number for number, page in enumerate(pages, 1) if not page.strip()]
        lines, running = without_running_heads([page.splitlines() for page in pages])
        text, starts = mended(lines)
        if text.isspace():
            raise EmptyFile(
                f"'{source.name}': {len(pages)}쪽 모두 본문 글자가 없습니다(스캔한 그림으로 보입니다). "
                "OCR(문자 인식)을 거친 PDF나 원본 문서를 넣어 주세요.",
                f"'{source.name}': none of its {len(pages)} pages has text (a scan, it seems). "
                "Add a PDF that went through OCR, or the original document.",
            )
        described = describe(text, source)
        losses = list(lost_characters(text))
        if blank:
            losses.append(Loss("needs_ocr", len(blank), f"{_listed(blank)}쪽"))
        if running:
            losses.append(Loss("running", len(running), ", ".join(running)))
        return [
            Document(
                id=plain_id(source),
                title=described.title,
                sections=paged(sections_of(text), starts),
                kind=described.kind,
                effective_from=described.effective_from,
                origins=described.origins,
                losses=tuple(losses),
            )
        ]


def without_running_heads(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], list[str]]:
    """Return the pages' lines without heads and feet that most pages share, and one example of each that was left out.

    Page numbers differ from page to page, so digits are not compared.
    """
    written = [[line for line in page if line.strip()] for page in pages]
    counts: Counter[str] = Counter()
    for page in written:
        counts.update({_shape(line) for line in _edges(page)})
    with_text = sum(1 for page in written if page)
    most = max(_FEWEST_PAGES, _RUNNING_SHARE * with_text)
    running = {shape for shape, count in counts.items() if count >= most and len(shape) <= 80}
    examples: dict[str, str] = {}
    kept: list[list[str]] = []
    for page in written:
        edge = {*range(_RUNNING_LINES), *range(len(page) - _RUNNING_LINES, len(page))}
        lines = []
        for number, line in enumerate(page):
            if number in edge and _shape(line) in running:
                examples.setdefault(_shape(line), line.strip())
            else:
                lines.append(line)
        kept.append(lines)
    return kept, list(examples.values())


def mended(pages: Sequence[Sequence[str]]) -> tuple[str, list[int]]:
    """Join lines into paragraphs, one a line; return the text and the offset at which each page begins.

    A PDF keeps lines, not paragraphs: a line goes on in the next one when it is as long as lines are here and the next
    opens no unit. Korean lines break within words, and the blank that stood at a break is often lost; see `_Joiner`.
    """
    lines = [line for page in pages for line in page]
    joiner = _Joiner(lines)
    lengths = sorted(len(line.strip()) for line in lines)
    full = _FULL_LINE * lengths[int(len(lengths) * 0.9)] if lengths else 0
    parts: list[str] = []
    length = 0
    starts: list[int] = []
    previous = ""
    for page in pages:
        starts.append(length)
        # A blank line where a page ends with its paragraph: passages without headings are cited by page.
        ending = "\n\n"
        for line in page:
            stripped = line.strip()
            goes_on = len(previous.strip()) >= full and not _OPENS.match(stripped)
            glue = "" if not previous else joiner.between(previous, line) if goes_on else ending
            ending = "\n"
            parts += (glue, stripped)
            length += len(glue) + len(stripped)
            previous = line
    return "".join((*parts, "\n")), starts


class _Joiner:
    """Decides between a blank and nothing where a line breaks, from the words the document uses elsewhere."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._words: Counter[str] = Counter()
        for line in lines:
            # The words at both ends may be halves.
            self._words.update(_HANGUL.findall(line)[1:-1])
        self._starts: Counter[str] = Counter()
        self._last: Counter[str] = Counter()
        self._within: Counter[str] = Counter()
        for word, count in self._words.items():
            self._last[word[-1]] += count
            self._within.update(dict.fromkeys(word[:-1], count))
            for length in range(2, min(len(word), 12) + 1):
                self._starts[word[:length]] += count
        spaced = sum(1 for line in lines if line.endswith((" ", "\t")))
        # Where lines keep the blank they break at, a line without one breaks within a word.
        self._keeps_blanks = spaced > 0.2 * len(lines)

    def between(self, line: str, following: str) -> str:
        """Return what stands between the two lines: " " or ""."""
        if line.endswith((" ", "\t")) or following.startswith((" ", "\t")):
            return " "
        if self._keeps_blanks:
            return "" if _HANGUL_END.search(line) and _HANGUL_START.match(following) else " "
        end, start = _HANGUL_END.search(line), _HANGUL_START.match(following)
        if end is None or start is None:
            return "" if line.endswith(tuple("「『(（<‘“ㆍ·")) or following.startswith(tuple("」』)）>,.ㆍ·")) else " "
        left, right = end[0], start[0]
        # With another particle the same word is still the same word: its next syllable is enough.
        joined = self._starts[left + right] or self._starts[left + right[0]]
        apart = min(self._words[left], self._words[right] or self._starts[right])
        if joined or apart:
            return "" if joined >= apart else " "
        # Neither was seen: a word of its own stands by itself, and so does what ends as words here end (는, 지, 와).
        ends = self._last[left[-1]] > self._within[left[-1]]
        return " " if ends or self._words[left] or self._words[right] else ""


def _shape(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()))


def _edges(page: Sequence[str]) -> tuple[str, ...]:
    return (*page[:_RUNNING_LINES], *page[_RUNNING_LINES:][-_RUNNING_LINES:])


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10])
    return f"{shown} 등" if len(numbers) > 10 else shown


def _bounded(pages: Iterator[str], source: Source) -> Iterator[str]:
    characters = 0
    for number, page in enumerate(pages, 1):
        characters += len(page)
        if number > _MOST_PAGES or characters > _MOST_CHARACTERS:
            raise LimitExceeded(
                f"'{source.name}': {_MOST_PAGES:,}쪽 또는 {_MOST_CHARACTERS:,}자를 넘습니다. 나누어 넣어 주세요.",
                f"'{source.name}' has more than {_MOST_PAGES:,} pages or {_MOST_CHARACTERS:,} characters. Split it.",
            )
        yield page


def _extract(data: bytes, source: Source) -> Iterator[str]:
    extract: Callable[[bytes, Source], Iterator[str]] = _with_pdfium if find_spec("pypdfium2") else _with_pypdf
    return extract(data, source)


def _with_pdfium(data: bytes, source: Source) -> Iterator[str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        for number in range(len(document)):
            yield document[number].get_textpage().get_text_range()
    except pypdfium2.PdfiumError as error:
        raise _encrypted(source) if "password" in str(error).lower() else _damaged(source, error) from error


def _with_pypdf(data: bytes, source: Source) -> Iterator[str]:
    from pypdf import PdfReader as Pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        for page in Pypdf(BytesIO(data)).pages:
            yield page.extract_text()
    except (FileNotDecryptedError, DependencyError) as error:
        raise _encrypted(source) from error
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        # pypdf meets a damaged file with whatever its code stumbles over.
        raise _damaged(source, error) from error


def _encrypted(source: Source) -> EncryptedFile:
    return EncryptedFile(
        f"'{source.name}': 암호가 걸린 PDF입니다. 암호를 푼 뒤 다시 넣어 주세요.",
        f"'{source.name}' is a PDF with a password. Remove the password and add it again.",
    )


def _damaged(source: Source, error: Exception) -> UnreadableFile:
    return UnreadableFile(
        f"'{source.name}': 손상된 PDF입니다({type(error).__name__}). 원본에서 다시 저장하거나 내려받아 주세요.",
        f"'{source.name}' is a damaged PDF ({type(error).__name__}). Save or download it again.",
    )
