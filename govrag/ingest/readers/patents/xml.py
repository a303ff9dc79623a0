"""Patents in the XML of WIPO ST.36 and ST.96, of KIPO's e-filing and of its old bulk files.

Elements are matched by local name in one spelling (`TechnicalField` and `technical-field` are the same), so that an
office's own prefix (pat:, uspat:, krpat:) makes no difference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from govrag.errors import UnreadableFile
from govrag.ingest.readers.patents.parts import Part, document_of, facts_part, part_sections
from govrag.ingest.readers.patents.xml_facts import first, inside, kebab, xml_facts
from govrag.ingest.xml import parse
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Source
from govrag.records.documents import table_row

if TYPE_CHECKING:
    from lxml import etree

DOCUMENTS = frozenset(  # root elements of one patent
    {
        "application-body", "claims-document", "ep-patent-document", "exchange-document", "kr-patent-document",
        "patent-application", "patent-cafdoc", "patent-document", "patent-grant", "patent-publication",
        "registered-patent-publication", "specification-document", "unexamined-patent-publication",
        "us-patent-application", "us-patent-grant", "utility-model-publication", "utility-publication",
        "wo-patent-document",
    }
)  # fmt: skip
_HEADINGS = {  # element → (Korean heading, English heading, depth)
    "invention-title": ("발명의 명칭", "TITLE", 2),
    "technical-field": ("기술분야", "TECHNICAL FIELD", 2),
    "background-art": ("발명의 배경이 되는 기술", "BACKGROUND ART", 2),
    "citation-list": ("선행기술문헌", "CITATION LIST", 2),
    "patent-literature": ("특허문헌", "PATENT LITERATURE", 3),
    "non-patent-literature": ("비특허문헌", "NON-PATENT LITERATURE", 3),
    "summary-of-invention": ("발명의 내용", "SUMMARY OF INVENTION", 2),
    "invention-summary": ("발명의 내용", "SUMMARY OF INVENTION", 2),
    "disclosure": ("발명의 내용", "DISCLOSURE", 2),
    "tech-problem": ("해결하려는 과제", "TECHNICAL PROBLEM", 3),
    "technical-problem": ("해결하려는 과제", "TECHNICAL PROBLEM", 3),
    "tech-solution": ("과제의 해결 수단", "SOLUTION TO PROBLEM", 3),
    "technical-solution": ("과제의 해결 수단", "SOLUTION TO PROBLEM", 3),
    "advantageous-effects": ("발명의 효과", "ADVANTAGEOUS EFFECTS", 3),
    "description-of-drawings": ("도면의 간단한 설명", "DESCRIPTION OF DRAWINGS", 2),
    "drawing-description": ("도면의 간단한 설명", "DESCRIPTION OF DRAWINGS", 2),
    "description-of-embodiments": ("발명을 실시하기 위한 구체적인 내용", "DESCRIPTION OF EMBODIMENTS", 2),
    "embodiment-description": ("발명을 실시하기 위한 구체적인 내용", "DESCRIPTION OF EMBODIMENTS", 2),
    "best-mode": ("발명을 실시하기 위한 구체적인 내용", "BEST MODE", 2),
    "mode-for-invention": ("발명을 실시하기 위한 형태", "MODE FOR INVENTION", 2),
    "embodiments-example": ("실시예", "EXAMPLES", 3),
    "embodiment-example": ("실시예", "EXAMPLES", 3),
    "reference-signs-list": ("부호의 설명", "REFERENCE SIGNS LIST", 2),
    "reference-sign-bag": ("부호의 설명", "REFERENCE SIGNS LIST", 2),
    "industrial-applicability": ("산업상 이용가능성", "INDUSTRIAL APPLICABILITY", 2),
    "sequence-list-text": ("서열목록 자유 텍스트", "SEQUENCE LISTING FREE TEXT", 2),
    "reference-to-deposited-biological-material": ("수탁번호", "DEPOSITED BIOLOGICAL MATERIAL", 2),
}
_PARAGRAPHS = frozenset({"p", "para", "paragraph"})
_PLACEHOLDERS = {  # element → (what stands for it in the text, what it is called among the losses)
    "img": ("[그림]", "그림"),
    "image": ("[그림]", "그림"),
    "chemistry": ("[화학식]", "화학식"),
    "chemical-formulae": ("[화학식]", "화학식"),
    "maths": ("[수식]", "수식"),
    "math": ("[수식]", "수식"),
    "formula": ("[수식]", "수식"),
}
_DRAWINGS = frozenset({"figure"})
_TABLES = frozenset({"table", "tables"})
_BLOCKS = frozenset({"claim-text", "li", "dt", "dd", "tr", "row", "br", "p", "ul", "ol", "dl"})
_SKIPPED = frozenset({"claim-number", "claim-status-category", "claim-label-text", "reference-sign-number"})


class PatentXml:
    """Reads ST.36, ST.96 and KIPO's own XML."""

    media_types: tuple[str, ...] = ("application/xml", "text/xml")

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return a document for each patent in the file.

        Raises `UnreadableFile` when there is none, `EmptyFile` for one without text, and what `xml.parse` raises.
        """
        root = parse(data.strip(), source)
        found = list(_patents(root))
        if not found:
            raise UnreadableFile(
                f"'{source.name}': 특허 문서가 없는 XML입니다(<{kebab(root)}>). 명세서나 공보 파일을 넣어 주세요.",
                f"'{source.name}': XML without a patent (<{kebab(root)}>). Add the file of a specification or gazette.",
            )
        return [_document(element, source) for element in found]


def _patents(root: etree._Element) -> Iterator[etree._Element]:
    if kebab(root) in DOCUMENTS and not any(kebab(child) in DOCUMENTS for child in root):
        yield root
        return
    for child in root:
        yield from _patents(child)


def _document(element: etree._Element, source: Source) -> Document:
    facts = xml_facts(element)
    country = facts.identity.country if facts.identity else ""
    title = facts.title
    korean = country == "KR" or (not country and re.search(r"[가-힣]", title) is not None)
    writing = _Writing(korean)
    claims = _claims(element, writing)
    abstract = writing.paragraphs(first(element, "abstract"), numbered=False)
    body = list(writing.description(element))
    parts = [facts_part(facts)] if facts.identity else []
    if title:
        parts.append(Part("발명의 명칭" if korean else "TITLE", paragraphs=[("", title)]))
    parts.extend(body)
    if claims:
        parts.append(Part("청구범위" if korean else "CLAIMS", claims=claims))
    if abstract:
        parts.append(Part("요약" if korean else "ABSTRACT", paragraphs=abstract))
    if not (claims or abstract or any(part.paragraphs for part in body)):
        parts = []
    writing.lost["도면"] += sum(1 for one in element.iter() if kebab(one) in _DRAWINGS)
    return document_of(facts, part_sections(parts, korean=korean), source, origin="xml", losses=writing.losses())


def _claims(element: etree._Element, writing: _Writing) -> list[tuple[int, str]]:
    """Return the claims of the first claim set that is no amendment's."""
    claims: dict[int, str] = {}
    for holder in inside(element, "claims"):
        if any("amendment" in kebab(above) for above in holder.iterancestors()):
            continue
        for claim in inside(holder, "claim"):
            stated = claim.get("num") or (
                number.text or "" if (number := first(claim, "claim-number")) is not None else ""
            )
            digits = re.search(r"\d+", stated)
            number_of = int(digits[0]) if digits else len(claims) + 1
            words = re.sub(rf"\A(?:【청구항\s*{number_of}】|\(?0*{number_of}\s?[.)])\s*", "", writing.words(claim))
            if words:
                claims.setdefault(number_of, words)
        if claims:
            break
    return sorted(claims.items())


class _Writing:
    """Turns elements into words, and counts what has none."""

    def __init__(self, korean: bool) -> None:
        self.korean = korean
        self.lost: Counter[str] = Counter()

    def losses(self) -> tuple[Loss, ...]:
        counted = {name: count for name, count in self.lost.items() if count}
        where = ", ".join(f"{name} {count}" for name, count in counted.items())
        return (Loss("figure", sum(counted.values()), where),) if counted else ()

    def description(self, element: etree._Element) -> Iterator[Part]:
        description = first(element, "description", "specification", "sdode")
        if description is None:
            return
        heading, level = "발명의 설명" if self.korean else "DESCRIPTION", 1
        paragraphs: list[tuple[str, str]] = []
        for event, depth, words in self._events(description, 2):
            if event != "heading":
                paragraphs.append((event, words))
                continue
            yield Part(heading, level, paragraphs)
            heading, level, paragraphs = words, depth, []
        yield Part(heading, level, paragraphs)

    def paragraphs(self, element: etree._Element | None, *, numbered: bool = True) -> list[tuple[str, str]]:
        if element is None:
            return []
        found = [
            (number if numbered else "", words) for number, _, words in self._events(element, 2) if number != "heading"
        ]
        return [pair for pair in found if pair[1]]

    def words(self, element: etree._Element) -> str:
        """Return the words of an element: blanks single, a line for each block, tables as rows."""
        lines = (" ".join(line.split()) for line in "".join(self._pieces(element)).split("\n"))
        return clean("\n".join(line for line in lines if line))

    def _events(self, element: etree._Element, level: int) -> Iterator[tuple[str, int, str]]:
        """Yield ("heading", level, words) and (paragraph number or "", 0, words) in reading order."""
        for child in element:
            name = kebab(child)
            if name == "invention-title":
                continue
            if name == "heading":
                yield "heading", level, self.words(child)
            elif name in _HEADINGS:
                korean, english, depth = _HEADINGS[name]
                headed = first(child, "heading") is not None
                if not headed:
                    yield "heading", depth, korean if self.korean else english
                yield from self._events(child, depth if headed else depth + 1)
            elif name in _PARAGRAPHS:
                digits = re.search(r"\d+", _attribute(child, "num", "p-number"))
                yield (digits[0].zfill(4)[-4:] if digits else ""), 0, self.words(child)
            elif any(kebab(inner) in _PARAGRAPHS for inner in child.iter()):
                yield from self._events(child, level)
            elif words := self.words(child):
                yield "", 0, words
        if element.text and element.text.strip() and not len(element):
            yield "", 0, self.words(element)

    def _pieces(self, element: etree._Element) -> Iterator[str]:
        name = kebab(element)
        if name in _SKIPPED:
            return
        if name in _TABLES and any(kebab(inner) in ("row", "tr") for inner in element.iter()):
            yield from self._rows(element)
            return
        if name in _PLACEHOLDERS:
            placeholder, lost = _PLACEHOLDERS[name]
            self.lost[lost] += 1
            yield placeholder
            return
        if name in _BLOCKS:
            yield "\n"
        yield (element.text or "").replace("\n", " ")
        for child in element:
            yield from self._pieces(child)
            yield (child.tail or "").replace("\n", " ")
        if name in _BLOCKS and name != "br":
            yield "\n"

    def _rows(self, table: etree._Element) -> Iterator[str]:
        yield "\n"
        for row in table.iter():
            if kebab(row) in ("row", "tr"):
                cells = [self.words(cell) for cell in row if kebab(cell) in ("entry", "td", "th")]
                yield table_row(cells) + "\n"


def _attribute(element: etree._Element, *names: str) -> str:
    wanted = {name.replace("-", "") for name in names}
    found = (str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2].lower() in wanted)
    return next(found, "")
