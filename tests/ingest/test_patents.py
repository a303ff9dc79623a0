"""Patents in every form: the same tree, the same facts, nothing lost without a word."""

from __future__ import annotations

import json
import lzma
from itertools import islice
from pathlib import Path

import patents_made as made
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile, UnreadableFile
from govrag.ingest.readers.patents.kipris import KiprisXml
from govrag.ingest.readers.patents.text import patent_document, patent_sections
from govrag.ingest.readers.patents.xml import PatentXml
from govrag.records import Document, Section, Source


def source(data: bytes | str, name: str = "x.xml") -> Source:
    return Source(f"memory:{name}", name, "0" * 64, len(data))


def read_xml(data: bytes) -> Document:
    (document,) = PatentXml().read(data, source(data))
    return document


def read_text(text: str) -> Document:
    document = patent_document(text, source(text, "명세서.txt"))
    assert document is not None
    return document


def read_kipris(data: bytes) -> Document:
    (document,) = KiprisXml().read(data, source(data))
    return document


def every(document: Document, kind: str) -> list[Section]:
    return [section for top in document.sections for section in top.walk() if section.kind == kind]


READERS = {
    "text": lambda one: read_text(made.as_text(one)),
    "gazette": lambda one: read_text(made.as_gazette(one)),
    "kipris": lambda one: read_kipris(made.as_kipris(one)),
    "kipo": lambda one: read_xml(made.as_kipo(one)),
    "st36": lambda one: read_xml(made.as_st36(one)),
    "st96": lambda one: read_xml(made.as_st96(one)),
}
CLAIMS = [
    {"구분": "독립"},
    {"구분": "종속", "종속": "1"},
    {"구분": "삭제"},
    {"구분": "종속", "종속": "1,2"},
    {"구분": "독립", "인용": "1,2,4", "카테고리": "방법"},
    {"구분": "종속", "종속": "5", "카테고리": "방법"},
]


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("one", made.INVENTIONS, ids=lambda one: one.english)
def test_each_form_gives_the_title_and_the_claims(form: str, one: made.Invention) -> None:
    document = READERS[form](one)
    assert (document.title, document.kind, document.issuer) == (one.thing, "특허", "특허청")
    claims = every(document, "claim")
    assert [claim.number for claim in claims] == ["1", "2", "3", "4", "5", "6"]
    assert [" ".join(claim.text.split("\n", 1)[1].split()) for claim in claims] == list(one.claims)
    for claim, expected in zip(claims, CLAIMS, strict=True):
        assert expected.items() <= dict(claim.fields).items()


@pytest.mark.parametrize("form", ["text", "gazette", "kipo", "st36", "st96"])
@pytest.mark.parametrize("one", made.INVENTIONS, ids=lambda one: one.english)
def test_each_full_text_numbers_its_paragraphs_under_the_same_headings(form: str, one: made.Invention) -> None:
    document = READERS[form](one)
    numbered = [section for section in every(document, "paragraph") if section.number]
    assert [section.number for section in numbered] == [f"{number:04}" for number in range(1, len(numbered) + 1)]
    words = [word for words in one.paragraphs.values() for word in words]
    assert [section.text.strip() for section in numbered] == [f"[{n:04}] {word}" for n, word in enumerate(words, 1)]
    below = {
        section.heading: [child.number for child in section.children if child.number]
        for section in every(document, "heading")
    }
    assert below["발명의 배경이 되는 기술"] == ["0002", "0003"]
    assert below["발명의 효과"] == ["0006"]


@pytest.mark.parametrize("form", ["kipris", "st36", "st96", "gazette"])
def test_each_form_with_bibliographic_data_gives_the_same_facts(form: str) -> None:
    one = made.INVENTIONS[1]
    document = READERS[form](one)
    facts = dict(document.metadata)
    assert facts["출원번호"] == one.application == "10-2021-0001217"
    assert facts["출원일"] == "2021-08-30"
    assert facts["공개번호"].removeprefix("KR ").removesuffix(" A") == one.publication
    assert document.promulgated is not None
    assert document.promulgated.isoformat() == "2023-03-02"
    assert document.id == (one.application if form == "kipris" else f"KR {one.publication} A")
    assert document.number == document.id
    if form != "st96":
        assert facts["IPC"] == "F26B9/00, A45B25/24"
        assert (facts["출원인"], facts["발명자"]) == ("주식회사 가온2", "김가람; 이나래")
    assert all(document.origins[name] for name in facts)


def test_citations_and_priorities_are_brought_to_one_form() -> None:
    one = made.INVENTIONS[0]
    assert read_kipris(made.as_kipris(one)).metadata["인용문헌"] == "KR 10-2018-0001234 A"
    st36 = read_xml(made.as_st36(one)).metadata
    assert (st36["인용문헌"], st36["우선권"]) == ("JP 2015-123456 A", "US 63/123,456 2020-09-01")
    cited = made.as_text(one).replace(
        "【발명의 내용】",
        "【선행기술문헌】\n【특허문헌】\n(특허문헌 0001) 공개특허공보 제10-2018-0001234호\n【발명의 내용】",
    )
    assert read_text(cited).metadata["인용문헌"] == "10-2018-0001234"


def test_what_has_no_words_is_counted() -> None:
    text = made.as_text(made.INVENTIONS[0]).replace("[0004]", "【수학식 1】\n\n【표 1】 속도\n[0004]")
    (loss,) = read_text(text).losses
    assert (loss.kind, loss.count, loss.where) == ("figure", 2, "수학식 1, 도 1")
    (loss,) = read_xml(made.as_kipo(made.INVENTIONS[0])).losses
    assert (loss.kind, loss.where) == ("figure", "도면 1")
    (loss,) = read_xml(made.US_GRANT).losses
    assert (loss.kind, loss.where) == ("figure", "수식 1")


def test_a_us_grant_is_read_with_its_own_headings_tables_and_numbers() -> None:
    document = read_xml(made.US_GRANT)
    assert (document.id, document.title, document.issuer) == ("US 10,999,888 B2", "Umbrella dryer", "USPTO")
    assert document.promulgated is not None
    assert document.promulgated.isoformat() == "2021-01-05"
    assert document.metadata["출원번호"] == "US 16/123,456"
    assert document.metadata["등록번호"] == "US 10,999,888 B2"
    assert document.metadata["CPC"] == "A45B25/24"
    assert document.metadata["인용문헌"] == "US 2015/0123456 A1"
    headings = [section.heading for section in every(document, "heading")]
    assert headings[2:6] == [
        "DESCRIPTION",
        "TECHNICAL FIELD",
        "BRIEF DESCRIPTION OF THE DRAWINGS",
        "DETAILED DESCRIPTION",
    ]
    assert "[0001] Umbrellas are wet, as H2O is.\n" in document.text
    assert "[0003] The flow is [수식].\n| fan | 2 W |\n| heater | 80 W |\n" in document.text
    assert [dict(claim.fields) for claim in every(document, "claim")] == [
        {"구분": "독립", "카테고리": "물건"},
        {"구분": "종속", "종속": "1", "카테고리": "물건"},
        {"구분": "독립", "인용": "1,2", "카테고리": "방법"},
    ]
    assert every(document, "claim")[0].text == "1. A dryer comprising:\na fan; and\na hook.\n"


def test_us_full_text_is_read_from_its_first_page_to_its_claims() -> None:
    document = read_text(made.US_TEXT)
    assert document.text == made.US_TEXT
    assert (document.id, document.title) == ("US 2019/0123456 A1", "UMBRELLA DRYER")
    assert document.metadata["출원번호"] == "US 15/448,123"
    assert document.metadata["출원일"] == "2017-03-03"
    assert [(claim.number, dict(claim.fields)["구분"]) for claim in every(document, "claim")] == [
        ("1", "독립"), ("2", "종속"), ("3", "삭제"), ("4", "독립"), ("5", "종속"),
    ]  # fmt: skip


def test_several_documents_of_one_answer_are_several() -> None:
    biblio = (
        "<bibliographic-data><publication-reference>"
        "<document-id document-id-type='epodoc'><doc-number>EP{0}</doc-number>"
        "</document-id><document-id document-id-type='docdb'><country>EP</country><doc-number>{0}</doc-number>"
        "<kind>A1</kind><date>20200102</date></document-id></publication-reference>"
        "<invention-title lang='en'>Dryer</invention-title></bibliographic-data>"
        "<abstract lang='en'><p>It dries.</p></abstract>"
    )
    exchange = "".join(
        f"<exchange-document>{biblio.format(number)}</exchange-document>" for number in (3123456, 3123457)
    )
    xml = f'<o:world xmlns:o="http://ops.epo.org"><exchange-documents>{exchange}</exchange-documents></o:world>'
    documents = PatentXml().read(xml.encode(), source(xml))
    assert [document.id for document in documents] == ["EP 3 123 456 A1", "EP 3 123 457 A1"]
    assert documents[0].text.endswith("ABSTRACT\nIt dries.\n")


def test_amended_claims_do_not_replace_those_of_the_publication() -> None:
    xml = made.as_st96(made.INVENTIONS[0]).decode()
    amendment = (
        "<krpat:WrittenAmendmentBag><pat:Claims><pat:Claim><pat:ClaimNumber>1</pat:ClaimNumber>"
        "<pat:ClaimText>보정된 장치.</pat:ClaimText></pat:Claim></pat:Claims></krpat:WrittenAmendmentBag>"
    )
    data = xml.replace("<krpat:Description>", f"{amendment}<krpat:Description>").encode()
    assert [claim.number for claim in every(read_xml(data), "claim")] == ["1", "2", "3", "4", "5", "6"]
    assert "보정된" not in read_xml(data).text


LIST = """<?xml version="1.0" encoding="UTF-8"?>


<response><header><resultCode></resultCode><resultMsg></resultMsg></header><body><items>
<TradeMarkInfo><SerialNumber>1</SerialNumber><ApplicationNumber>4020080001234</ApplicationNumber>
<ApplicationDate>20080612</ApplicationDate><RegistrationNumber>4008001230000</RegistrationNumber>
<PublicDate>20090423</PublicDate><GoodClassificationCode>01|11</GoodClassificationCode><Title>가온샘</Title></TradeMarkInfo>
<TradeMarkInfo><ApplicationNumber></ApplicationNumber></TradeMarkInfo>
<DesignInfo><applicationNumber>3020180001234</applicationNumber><articleName>물병</articleName>
<publicationDate>20259999</publicationDate><imagePath>http://example.org/a</imagePath></DesignInfo>
<TotalSearchCount>3</TotalSearchCount></items></body></response>"""


def test_lists_of_trademarks_and_designs_give_a_document_each() -> None:
    trademark, design = KiprisXml().read(LIST.encode(), source(LIST))
    assert (trademark.id, trademark.kind, trademark.title) == ("40-2008-0001234", "상표", "가온샘")
    assert trademark.metadata["등록번호"] == "40-0800123"
    assert trademark.metadata["상품분류"] == "01, 11"
    assert (design.id, design.kind, design.title) == ("30-2018-0001234", "디자인", "물병")
    assert [(loss.kind, loss.where) for loss in design.losses] == [("picture", "대표도면"), ("value", "공고일")]


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        ("<header><successYN>N</successYN><resultCode>30</resultCode><resultMsg>SERVICE KEY</resultMsg></header>",
         UnreadableFile, "30: SERVICE KEY"),
        ("<header><successYN>Y</successYN><resultCode>00</resultCode></header><body><item><biblioSummaryInfoArray>"
         "<biblioSummaryInfo/></biblioSummaryInfoArray></item></body>", EmptyFile, "결과가 없습니다"),
        ("<header><resultCode></resultCode></header><body><items><totalCount>0</totalCount></items></body>",
         EmptyFile, "결과가 없습니다"),
        ("<header><resultCode>00</resultCode></header><body></body>", EmptyFile, "결과가 없습니다"),
    ],
)  # fmt: skip
def test_errors_and_empty_answers_of_the_service_are_refused_by_name(
    answer: str, error: type[UnreadableFile], said: str
) -> None:
    data = f"<response>{answer}</response>".encode()
    with pytest.raises(error, match=said) as caught:
        KiprisXml().read(data, source(data, "응답.xml"))
    assert "응답.xml" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"<root/>", UnreadableFile),
        (b"<us-patent-grant/>", EmptyFile),
        (b"<KIPO><PatentCAFDOC><description/><claims/></PatentCAFDOC></KIPO>", EmptyFile),
        (b"<us-patent-grant><claims>", UnreadableFile),
        (b'<!DOCTYPE us-patent-grant [<!ENTITY x "y">]><us-patent-grant><abstract>&x;</abstract></us-patent-grant>',
         UnreadableFile),
    ],
)  # fmt: skip
def test_xml_without_a_patent_in_it_is_refused(data: bytes, error: type[UnreadableFile]) -> None:
    with pytest.raises(error):
        PatentXml().read(data, source(data))


DECISION = """특허법원 2020. 1. 2. 선고 2019허1234 판결
【주    문】
원고의 청구를 기각한다.
【이    유】
1. 기초사실
【청구항 1】 통을 포함하는 장치.
【청구항 2】 제1항에 있어서, 통이 둥근 장치.
"""
OPINION = (
    "【서류명】 의견서\n【사건의 표시】\n【출원번호】 10-2021-0001200\n【의견내용】\n"
    "【청구항 1】은 새롭다.\n【발명의 명칭】\n【기술분야】\n【청구범위】\n"
)
REGULATION = "제1조(목적) 이 규정은 청구항의 심사를 정한다.\n제2조(청구범위) 청구항 1은 독립항이다.\n"
STEPS = "1. 신청서를 낸다.\n2. 제1항에 따라 검토한다.\n3. 제1항 또는 제2항에 있어서 결과를 알린다.\n"
OFFICE_ACTION = (
    "DETAILED ACTION\nClaims\n1. Claims 1-5 are rejected under 35 U.S.C. 103.\nClaim 2 depends from claim 1.\n"
)


@pytest.mark.parametrize("text", [DECISION, OPINION, REGULATION, STEPS, OFFICE_ACTION, "", "발명의 명칭\n"])
def test_other_papers_are_no_patents(text: str) -> None:
    assert patent_sections(text) is None
    assert patent_document(text, source(text, "문서.txt")) is None


def test_a_utility_model_of_the_old_form_has_the_same_tree() -> None:
    text = (
        "【명세서】\n【고안의 명칭】\n물병{BOTTLE}\n【고안의 상세한 설명】\n【고안의 목적】\n"
        "【고안이 속하는 기술분야 및 그 분야의 종래기술】\n본 고안은 물병이다.\n\n종래의 것은 무겁다.\n"
        "【고안의 구성 및 작용】\n몸통과 뚜껑이다.\n【실용신안등록청구범위】\n"
        "【청구항 1】\n몸통과 뚜껑을 포함하는 물병.\n【도면의 간단한 설명】\n도 1은 사시도.\n"
    )
    document = read_text(text)
    assert document.text == text
    assert (document.title, document.metadata["영문명칭"]) == ("물병", "BOTTLE")
    prior = next(one for one in every(document, "heading") if one.heading.startswith("고안이 속하는"))
    assert [child.text for child in prior.children] == ["본 고안은 물병이다.\n\n", "종래의 것은 무겁다.\n"]
    assert [claim.text for claim in every(document, "claim")] == ["【청구항 1】\n몸통과 뚜껑을 포함하는 물병.\n"]


PIECES = st.sampled_from(
    [
        "【발명의 명칭】", "【기술분야】\n", "【청구범위】\n", "【청구항 1】 장치.\n",
        "【청구항 2】\n제1항에 있어서, 장치.\n",
        "[0001] 글\n", "\n", "글과 글\n", "【수학식 1】\n", "【해결하려는 과제】\n", "  ", "【도 1】", "【실시예 1】\n",
        "청구항 3\n", "요약\n", "\t", "【요약】",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_the_tree_renders_back_to_the_text_it_was_made_from(text: str) -> None:
    sections = patent_sections(text)
    if sections is not None:
        assert "".join(section.render() for section in sections) == text


@given(
    st.lists(st.sampled_from([*made.US_TEXT.splitlines(keepends=True), "\n", "CLAIMS\n", "ABSTRACT\n"]), max_size=40)
)
def test_english_trees_render_back_too(lines: list[str]) -> None:
    text = "".join(lines)
    sections = patent_sections(text)
    if sections is not None:
        assert "".join(section.render() for section in sections) == text


@pytest.mark.shared
def test_every_real_kipris_answer_is_read_or_refused_as_empty(shared: Path) -> None:
    documents: list[Document] = []
    empty = []
    for path in sorted((shared / "documents/kipris-xml").glob("*.xml")):
        data = path.read_bytes()
        try:
            documents.extend(KiprisXml().read(data, source(data, path.name)))
        except EmptyFile:
            empty.append(path.name)
    assert len(documents) == 1_439
    assert len(empty) == 1
    assert all(document.metadata["출원번호"] == document.id for document in documents)
    assert all(document.promulgated for document in documents if "공고일" in document.metadata)
    assert {document.kind for document in documents} == {"특허", "실용신안", "디자인", "상표"}
    assert not [loss for document in documents for loss in document.losses if loss.kind == "value"]


@pytest.mark.shared
def test_real_decisions_are_no_patents_and_real_claim_texts_are(shared: Path) -> None:
    def texts(name: str, most: int) -> list[str]:
        with lzma.open(shared / "retrieval" / name / "corpus.jsonl.xz", "rt", encoding="utf-8") as lines:
            return [json.loads(line)["text"] for line in islice(lines, most)]

    assert [text[:60] for text in texts("issue-to-precedent-patent", 1_000) if patent_sections(text)] == []
    claimed = texts("patent-claims-prior-art", 60)
    trees = [patent_sections(text) for text in claimed]
    assert sum(tree is not None for tree in trees) >= 58
    for text, tree in zip(claimed, trees, strict=True):
        assert tree is None or "".join(section.render() for section in tree) == text
