"""Every implementation of every Protocol, by the functions that we offer to whoever writes another."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import hwp_files
import hwpx_files
import numpy as np
import openpyxl
import patents_made
import pytest
from hash_embedder import HashEmbedder
from hypothesis import HealthCheck, given, settings
from numpy.typing import NDArray
from strategies import statutes

import govrag
from govrag import testing
from govrag.contracts import Reader, Role
from govrag.embed.static import StaticEmbedder
from govrag.generate.extractive import Extractive
from govrag.index.books import Books
from govrag.index.catalogue import Catalogue
from govrag.index.collection import Collection
from govrag.index.search import HybridSearch
from govrag.ingest.readers.docx import DocxReader
from govrag.ingest.readers.html import HtmlReader
from govrag.ingest.readers.hwp import HwpReader
from govrag.ingest.readers.hwpx import HwpxReader
from govrag.ingest.readers.jsonl import JsonlReader
from govrag.ingest.readers.law_go_kr import LawGoKrJson, LawGoKrXml
from govrag.ingest.readers.markdown import MarkdownReader
from govrag.ingest.readers.patents.kipris import KiprisXml
from govrag.ingest.readers.patents.xml import PatentXml
from govrag.ingest.readers.pdf import PdfReader
from govrag.ingest.readers.statute_markdown import StatuteMarkdown
from govrag.ingest.readers.table_text import CsvReader
from govrag.ingest.readers.text import TextReader
from govrag.ingest.readers.xlsx import XlsxReader
from govrag.ingest.split import ArticleSplitter
from govrag.korean.morphemes import MemoryLexicon, morphemes
from govrag.records import Document, Draft, Evidence, Hit, Passage, Provision, Source, Where

DAY = date(2026, 11, 21)
QUERIES = ("연차 유급휴가는 며칠인가", "농기계 임대 신청", "승강장안전문 고장", "개인정보 파기")

STATUTE = """---
제목: 공단업무법
법령구분: 법률
법령MST: '1'
법령ID: '000001'
공포일자: '2020-01-01'
시행일자: '2020-07-01'
---

# 공단업무법

##### 제1조 (목적)

이 법은 공단의 업무를 정한다.
"""
ENACTED = """<?xml version="1.0" encoding="UTF-8"?>
<법령 법령키="0000012020010100001"><기본정보><법령ID>000001</법령ID><공포일자>20200101</공포일자><공포번호>1</공포번호>
<법종구분>법률</법종구분><법령명_한글>공단업무법</법령명_한글><시행일자>20200701</시행일자><소관부처>국토교통부</소관부처>
</기본정보>
<조문><조문단위 조문키="0001001"><조문번호>1</조문번호><조문여부>조문</조문여부><조문제목>목적</조문제목>
<조문시행일자>20200701</조문시행일자>
<조문내용>제1조(목적) 이 법은 공단의 업무를 정한다.</조문내용></조문단위></조문></법령>
"""
ENACTED_JSON = {
    "법령": {
        "기본정보": {
            "법령ID": "000001",
            "공포일자": "20200101",
            "공포번호": "1",
            "법종구분": {"content": "법률"},
            "법령명_한글": "공단업무법",
            "시행일자": "20200701",
            "소관부처": {"content": "국토교통부"},
        },
        "조문": {
            "조문단위": [
                {
                    "조문번호": "1",
                    "조문여부": "조문",
                    "조문제목": "목적",
                    "조문내용": "제1조(목적) 이 법은 공단의 업무를 정한다.",
                }
            ]
        },
        "법령키": "0000012020010100001",
    }
}


# ── readers and splitters ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        pytest.param(StatuteMarkdown(), STATUTE.encode(), id="statute markdown"),
        pytest.param(LawGoKrXml(), ENACTED.encode(), id="law.go.kr xml"),
        pytest.param(LawGoKrJson(), json.dumps(ENACTED_JSON).encode(), id="law.go.kr json"),
        pytest.param(TextReader(), "여비규정\n\n제1조(목적) 여비를 정한다.\n".encode("cp949"), id="text"),
        pytest.param(MarkdownReader(), "# 안내\n\n휴가를 신청한다.\n".encode(), id="markdown"),
        pytest.param(
            HtmlReader(), "<html><title>안내</title><body><h1>안내</h1><p>휴가</p></body></html>".encode(), id="html"
        ),
        pytest.param(JsonlReader(), '{"id": "a", "title": "안내", "text": "휴가를 신청한다."}\n'.encode(), id="jsonl"),
    ],
)
def test_readers(reader: Reader, data: bytes) -> None:
    testing.check_reader(reader, data)


def _docx() -> bytes:
    made = io.BytesIO()
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(made, "w") as package:
        body = "<w:p><w:r><w:t>여비는 1만원이다.</w:t></w:r></w:p>"
        package.writestr("word/document.xml", f"<w:document {namespace}><w:body>{body}</w:body></w:document>")
    return made.getvalue()


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["구분", "금액"])
    book.active.append(["여비", 10000])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


OFFICE: dict[str, tuple[Reader, Callable[[], bytes]]] = {
    "hwp": (HwpReader(), lambda: hwp_files.hwp([hwp_files.section("여비 규정", "여비는 1만원이다.")])),
    "hwpx": (
        HwpxReader(),
        lambda: hwpx_files.package(hwpx_files.section(hwpx_files.paragraph(hwpx_files.text("여비는 1만원이다.")))),
    ),
    "docx": (DocxReader(), _docx),
    "xlsx": (XlsxReader(), _xlsx),
    "csv": (CsvReader(), lambda: "구분,금액\n여비,10000\n".encode("cp949")),
    "kipris": (KiprisXml(), lambda: patents_made.as_kipris(patents_made.INVENTIONS[0])),
    "patent xml": (PatentXml(), lambda: patents_made.as_st36(patents_made.INVENTIONS[0])),
}


@pytest.mark.parametrize("name", OFFICE)
def test_readers_of_office_documents_and_patents(name: str) -> None:
    reader, make = OFFICE[name]
    testing.check_reader(reader, make())


def test_the_pdf_reader(sample_corpus: Path) -> None:
    file = next(sample_corpus.rglob("*.pdf"))
    testing.check_reader(PdfReader(), file.read_bytes(), name=file.name)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(statutes())
def test_the_splitter(document: Document) -> None:
    testing.check_splitter(ArticleSplitter(), [document])


# ── embedders ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("embedder", [StaticEmbedder(), HashEmbedder()], ids=["static", "hash"])
def test_embedders(embedder: StaticEmbedder | HashEmbedder) -> None:
    testing.check_embedder(embedder)


# ── what a library is made of ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def opened(sample_library: Path) -> Iterator[Collection]:
    path = next(child for child in sample_library.iterdir() if child.is_dir())
    reader = Collection(path, embedder=StaticEmbedder())
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def retriever(opened: Collection) -> HybridSearch:
    return HybridSearch([opened], names=Books([opened.catalogue]).names)


@pytest.fixture(scope="module")
def evidence(retriever: HybridSearch) -> list[Evidence]:
    hits = retriever.search(QUERIES[0], limit=5, where=Where(as_of=DAY))
    return [Evidence(hit.passage, hit.score) for hit in hits]


def test_the_retriever(retriever: HybridSearch) -> None:
    testing.check_retriever(retriever, QUERIES, wheres=(Where(), Where(as_of=DAY), Where(kinds=("법률", "규정"))))


def test_law_books(opened: Collection) -> None:
    laws = {info.title: info for info in opened.catalogue.documents() if info.kind == "법률"}
    title = next(iter(laws))
    book: Catalogue | Books
    for book in (opened.catalogue, Books([opened.catalogue])):
        testing.check_law_book(book, law=title, locator="제1조", as_of=DAY)


def test_the_generator(evidence: list[Evidence]) -> None:
    lexicon = MemoryLexicon()
    generator = Extractive(analyse=lambda text: morphemes(text, lexicon), embedder=StaticEmbedder())
    testing.check_generator(generator, QUERIES[0], evidence)


def test_the_pipeline_behind_ask(sample_library: Path) -> None:
    with govrag.open(sample_library) as library:

        class Asked:
            def run(self, question: str, *, as_of: date) -> govrag.Answer:
                return library.ask(question, as_of=as_of)

        testing.check_pipeline(Asked(), QUERIES[0], as_of=DAY)


class Backwards:
    """A reranker that turns the order round."""

    def rerank(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        return [replace(hit, score=float(rank)) for rank, hit in enumerate(hits)][::-1]


def test_a_reranker(retriever: HybridSearch) -> None:
    testing.check_reranker(Backwards(), QUERIES[0], retriever.search(QUERIES[0], limit=5, where=Where()))


# ── broken parts are noticed ──────────────────────────────────────────────────────────────────────────────────────


class Lengthy(HashEmbedder):
    def embed_morphemes(self, texts: Sequence[Sequence[str]], *, kind: Role) -> NDArray[np.float32]:
        return super().embed_morphemes(texts, kind=kind) * np.float32(3)


class Jumbled(HashEmbedder):
    def embed_morphemes(self, texts: Sequence[Sequence[str]], *, kind: Role) -> NDArray[np.float32]:
        return super().embed_morphemes(sorted(texts, key=list), kind=kind)


class Sociable(HashEmbedder):
    def embed_morphemes(self, texts: Sequence[Sequence[str]], *, kind: Role) -> NDArray[np.float32]:
        together = [word for text in texts for word in text]
        return super().embed_morphemes([together if text else [] for text in texts], kind=kind)


@pytest.mark.parametrize("embedder", [Lengthy(), Jumbled(), Sociable()], ids=["lengths", "order", "neighbours"])
def test_a_broken_embedder_is_noticed(embedder: HashEmbedder) -> None:
    with pytest.raises(AssertionError, match=r"unit vectors|order|neighbours"):
        testing.check_embedder(embedder)


class Forgetful:
    """A splitter whose passages are shifted by one."""

    def split(self, document: Document) -> list[Passage]:
        return [replace(passage, start=passage.start + 1) for passage in ArticleSplitter().split(document)]


def test_a_broken_splitter_is_noticed() -> None:
    document = StatuteMarkdown().read(STATUTE.encode(), Source("memory:a", "a.md", "0" * 64, 1))[0]
    with pytest.raises(AssertionError, match=r"document\.text"):
        testing.check_splitter(Forgetful(), [document])


class Silent:
    """A reader that makes an empty document of anything."""

    media_types: tuple[str, ...] = ("text/plain",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        return [Document("a", "제목", ())]


def test_a_broken_reader_is_noticed() -> None:
    with pytest.raises(AssertionError, match="refused"):
        testing.check_reader(Silent(), b"abc")


class Leaky:
    """A retriever that filters after the best k, and so heeds neither limit nor day."""

    def __init__(self, retriever: HybridSearch) -> None:
        self._retriever = retriever

    def search(self, query: str, *, limit: int, where: Where) -> list[Hit]:
        found = self._retriever.search(query, limit=limit, where=Where())
        return [hit for hit in found if not where.kinds or hit.kind not in where.kinds]


def test_a_broken_retriever_is_noticed(retriever: HybridSearch) -> None:
    with pytest.raises(AssertionError, match="kind"):
        testing.check_retriever(Leaky(retriever), QUERIES, wheres=(Where(kinds=("법률",)),))


class Dropping:
    def rerank(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        return list(hits[1:])


def test_a_broken_reranker_is_noticed(retriever: HybridSearch) -> None:
    with pytest.raises(AssertionError, match="same hits"):
        testing.check_reranker(Dropping(), QUERIES[0], retriever.search(QUERIES[0], limit=5, where=Where()))


class Inventive:
    """A generator that rests on what nobody showed it."""

    def generate(self, question: str, evidence: Sequence[Evidence]) -> list[Draft]:
        return [Draft("휴가는 30일이다.", (("없는 문서#제1조", 0, 5),))]


def test_a_broken_generator_is_noticed(evidence: list[Evidence]) -> None:
    with pytest.raises(AssertionError, match="passage that was shown"):
        testing.check_generator(Inventive(), QUERIES[0], evidence)


class Obliging:
    """A law book that knows everything."""

    def find(self, law: str, locator: str, *, as_of: date) -> Provision:
        passage = Passage("a#제1조", "a", "제1조", "글", 0, 1, (law, "제1조"))
        return Provision("verified", passage, law)

    def title(self, name: str) -> str | None:
        return "법"


def test_a_broken_law_book_is_noticed() -> None:
    with pytest.raises(AssertionError, match="invented"):
        testing.check_law_book(Obliging(), law="법", locator="제1조", as_of=DAY)
