"""Answers of KIPRIS Plus: details of a patent, and lists of patents, utility models, designs and trademarks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from govrag.errors import EmptyFile, UnreadableFile
from govrag.ingest.readers.patents.facts import shown_title
from govrag.ingest.readers.patents.parts import Facts, Part, day_of, document_of, facts_part, part_sections
from govrag.ingest.xml import local, parse
from govrag.korean.normalise import clean
from govrag.patent.claims import parse_claims
from govrag.patent.classes import parse_symbol
from govrag.patent.numbers import PatentNumber, find_all, from_digits
from govrag.records import Document, Loss, Source

if TYPE_CHECKING:
    from lxml import etree

# Records of lists, and `item` of the newer services. Their fields differ in the first letter's case alone.
_RECORDS = frozenset({"PatentUtilityInfo", "TradeMarkInfo", "DesignInfo", "item"})
_SUCCESS = frozenset({"", "0", "00", "000", "200"})
_TITLES = ("inventiontitle", "inventionname", "articlename", "title")
_NUMBERS = {  # fact → fields that state it; the last column says whether it counts grants through
    "출원번호": (("applicationnumber",), False),
    "공개번호": (("opennumber", "openingnumber"), False),
    "공고번호": (("publicationnumber", "publicnumber", "registrationpublicnumber"), False),
    "등록번호": (("registernumber", "registrationnumber"), True),
}
_DATES = {
    "출원일": ("applicationdate",),
    "공개일": ("opendate", "openingdate"),
    "공고일": ("publicationdate", "publicdate", "registrationpublicdate"),
    "등록일": ("registerdate", "registrationdate"),
}
_PLAIN = {
    "법적상태": ("registerstatus", "registrationstatus", "applicationstatus"),
    "최종처분": ("finaldisposal",),
    "청구항수": ("claimcount",),
    "심사관": ("examinername",),
    "영문명칭": ("inventiontitleeng",),
    "국제출원번호": ("internationalapplicationnumber", "internationapplicationnumber"),
    "국제출원일": ("internationalapplicationdate", "internationapplicationdate"),
    "국제공개번호": ("internationalopennumber", "internationopennumber"),
    "국제등록번호": ("internationalregisternumber",),
    "상품분류": ("goodclassificationcode", "classificationcode"),
    "비엔나분류": ("viennacode",),
    "디자인분류": ("designmainclassification",),
}
_NAMED = {  # fact → (fields of lists, group of details)
    "출원인": (("applicant", "applicantname"), "applicantinfo"),
    "발명자": (("inventorname",), "inventorinfo"),
    "대리인": (("agentname",), "agentinfo"),
    "권리자": (("registrationrightholdername", "regprivilegename"), "rightholderinfo"),
}


class KiprisXml:
    """Reads XML answers of KIPRIS Plus."""

    media_types: tuple[str, ...] = ("application/xml", "text/xml")

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return a document for each record, in the order of the answer.

        Raises `UnreadableFile` with the service's own words for an answer that reports an error, `EmptyFile` for one
        that found nothing.
        """
        root = parse(data.strip(), source)
        _require_success(root, source)
        records = [element for element in root.iter() if local(element) in _RECORDS and len(element)]
        documents = [_document(record, source) for record in records if _stated(record)]
        if not documents:
            raise EmptyFile(
                f"'{source.name}': KIPRIS 응답에 결과가 없습니다. 출원번호나 검색식을 확인하고 다시 조회해 주세요.",
                f"'{source.name}': the KIPRIS answer holds no result. Check the number or the query and ask again.",
            )
        return documents


def _require_success(root: etree._Element, source: Source) -> None:
    said = {_name(element): _text(element) for element in root.iter() if _name(element) in _HEADER}
    code = said.get("resultcode") or said.get("returnreasoncode") or ""
    if code in _SUCCESS and said.get("successyn", "Y") != "N" and "errmsg" not in said:
        return
    message = said.get("resultmsg") or said.get("returnauthmsg") or said.get("errmsg") or "-"
    raise UnreadableFile(
        f"'{source.name}': KIPRIS가 오류로 답했습니다({code}: {message}). 접근 키와 요청을 확인하고 다시 받아 주세요.",
        f"'{source.name}': KIPRIS answered with an error ({code}: {message}). Check the key and the request.",
    )


_HEADER = frozenset({"resultcode", "resultmsg", "successyn", "returnreasoncode", "returnauthmsg", "errmsg"})


def _stated(record: etree._Element) -> bool:
    """Tell whether a record holds anything: one for a missing patent is all empty elements."""
    return any(_text(element) for element in record.iter() if not len(element))


def _document(record: etree._Element, source: Source) -> Document:
    said = _Record(record)
    facts = _facts(said)
    identity = facts.identity
    patent = identity is None or identity.right in ("10", "20")
    parts = [facts_part(facts)]
    if facts.title:
        heading = (
            "발명의 명칭" if patent else "디자인의 대상이 되는 물품" if identity and identity.right == "30" else "상표"
        )
        parts.append(Part(heading, paragraphs=[("", facts.title)]))
    abstract = said.one("astrtcont", "abstract")
    if abstract:
        parts.append(Part("요약", paragraphs=[("", abstract)]))
    claims = parse_claims("\n".join(said.every("claim")))
    if claims:
        parts.append(Part("청구범위", claims=[(claim.number, claim.text) for claim in claims]))
    pictures = [name for name in ("imagepath", "drawingpath", "path") if said.one(name)][:1]
    losses = (Loss("picture", 1, "대표도면"),) if pictures else ()
    return document_of(facts, part_sections(parts), source, origin="xml", losses=losses)


def _facts(said: _Record) -> Facts:
    values: dict[str, str] = {}
    numbers: dict[str, PatentNumber] = {}
    doubtful: list[str] = []
    for label, (names, granted) in _NUMBERS.items():
        digits = said.one(*names)
        number = _number(digits, granted=granted) if digits else None
        if number:
            numbers[label] = number
        elif digits:
            doubtful.append(label)
        values[label] = str(number) if number else digits
    days: dict[str, date] = {}
    for label, names in _DATES.items():
        stated = said.one(*names)
        day = day_of(stated)
        if day:
            days[label] = day
        elif stated:
            doubtful.append(label)
        values[label] = day.isoformat() if day else stated
    values |= {"IPC": _symbols(said.every("ipcnumber", "internationalpatentclassificationnumber"))}
    values |= {"CPC": _symbols(said.every("cpcnumber", "cooperativepatentclassificationnumber"))}
    for label, (names, group) in _NAMED.items():
        values[label] = "; ".join(_split([*said.every(*names), *said.group(group, "name")]))
    values |= {label: ", ".join(said.one(*names).split("|")) for label, names in _PLAIN.items()}
    values["우선권"] = "; ".join(said.rows("priorityinfo"))
    values["패밀리"] = "; ".join(_split(said.every("familyapplicationnumber")))
    values["인용문헌"] = "; ".join(_cited(said.every("documentsnumber")))
    title, english = shown_title(said.one(*_TITLES))
    values["영문명칭"] = values["영문명칭"] or english
    return Facts(
        title=title,
        identity=numbers.get("출원번호") or next(iter(numbers.values()), None),
        published=min((day for label, day in days.items() if label in ("공개일", "공고일")), default=None),
        values={label: value for label, value in values.items() if value},
        doubtful=tuple(doubtful),
    )


class _Record:
    """The fields of a record, by name in lower case."""

    def __init__(self, record: etree._Element) -> None:
        self._leaves = [(element, _name(element), _text(element)) for element in record.iter() if not len(element)]

    def one(self, *names: str) -> str:
        return next((text for name in names for _, own, text in self._leaves if own == name and text), "")

    def every(self, *names: str) -> list[str]:
        return [text for _, own, text in self._leaves if own in names and text]

    def group(self, group: str, name: str) -> list[str]:
        return [text for element, own, text in self._leaves if own == name and text and _parent(element) == group]

    def rows(self, group: str) -> list[str]:
        """Return the values of each element of a group, joined."""
        rows: dict[int, list[str]] = {}
        for element, _, text in self._leaves:
            if text and _parent(element) == group:
                rows.setdefault(id(element.getparent()), []).append(text)
        return [" ".join(row) for row in rows.values()]


def _name(element: etree._Element) -> str:
    return local(element).lower()


def _parent(element: etree._Element) -> str:
    parent = element.getparent()
    return _name(parent) if parent is not None else ""


def _text(element: etree._Element) -> str:
    return clean(element.text or "").strip()


def _number(digits: str, *, granted: bool) -> PatentNumber | None:
    compact = digits.replace("-", "")
    if granted and len(compact) == 9:
        compact += "0000"
    found = from_digits(compact, granted=granted)
    return found or next((one.number for one in find_all(digits)), None)


def _symbols(texts: Iterable[str]) -> str:
    symbols = [parse_symbol(part) for text in texts for part in text.split("|")]
    return ", ".join(dict.fromkeys(str(symbol) for symbol in symbols if symbol))


def _cited(texts: Iterable[str]) -> list[str]:
    """Return cited documents, patents in canonical form, anything else as the examiner wrote it."""
    cited = []
    for text in texts:
        found = find_all(text.replace("*", " "))
        cited.append(str(found[0].number) if found else text)
    return list(dict.fromkeys(cited))


def _split(texts: Iterable[str]) -> list[str]:
    """Return the parts of values that lists join with |, each once."""
    return list(dict.fromkeys(part.strip() for text in texts for part in text.split("|") if part.strip()))
