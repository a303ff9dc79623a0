from __future__ import annotations

import json
import lzma
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile, UnreadableFile
from govrag.ingest.child import prepare
from govrag.ingest.read import format_of, read_document
from govrag.ingest.readers.questions import QuestionsReader, is_questions
from govrag.records import Document, Passage, Source
from govrag.statute.names import key

ROWS: list[object] = [
    {
        "question": "시험을 또 봐도 되나요?",
        "answer": "시험법 제3조와 「쉼법」 제4조에 따라 안 됩니다.",
        "id": "q1",
        "title": "시험",
    },
    {"question": "쉬어도\n되나요?", "citations": ["쉼법|제839조의2", "구 쉼법 제5조 제1항, 제6조"], "category": "쉼"},
    {"text": "시험법 제9조가 뭔가요?", "answer": None},
]


def source(data: bytes, name: str = "폴더/지난 질의.jsonl") -> Source:
    return Source(f"memory:{name}", name, "", len(data))


def lines(*rows: object) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def read(data: bytes) -> tuple[Document, list[Passage]]:
    (document,) = read_document(data, source(data))
    document, passages = prepare(document)
    whole = document.text
    assert all(whole[one.start : one.end] == one.text for one in passages)
    return document, list(passages)


def test_a_file_is_a_document_and_a_line_a_passage() -> None:
    document, passages = read(lines(*ROWS))
    assert (document.title, document.kind) == ("지난 질의", "질의회신")
    assert [(one.locator, one.unit, one.breadcrumb) for one in passages] == [
        ("질의 q1", "question", ("지난 질의", "질의 q1 시험")),
        ("질의 2", "question", ("지난 질의", "질의 2 쉼")),
        ("질의 3", "question", ("지난 질의", "질의 3")),
    ]
    assert passages[0].text == "시험을 또 봐도 되나요?\n시험법 제3조와 「쉼법」 제4조에 따라 안 됩니다."
    assert passages[1].text == "쉬어도\n되나요?"
    assert passages[1].fields == (
        ("질의", "쉬어도\n되나요?"),
        ("참조조문", "쉼법 제839조의2\n구 쉼법 제5조 제1항, 제6조"),
        ("분류", "쉼"),
    )


def test_a_question_cites_what_is_stated_else_what_the_answer_names() -> None:
    assert [one.cites for one in read(lines(*ROWS))[1]] == [
        ("시험법|제3조", "쉼법|제4조"),
        ("쉼법|제839조의2", "쉼법|제5조", "쉼법|제6조"),
        (),
    ]


def test_an_empty_list_of_citations_is_a_statement() -> None:
    assert read(lines({"question": "왜?", "answer": "시험법 제3조", "citations": []}))[1][0].cites == ()


def test_citations_may_be_one_list_as_printed() -> None:
    (passage,) = read(lines({"question": "왜?", "citations": "시험법 제3조제2항, 제4조; 쉼법 제5조"}))[1]
    assert passage.cites == ("시험법|제3조", "시험법|제4조", "쉼법|제5조")


def test_a_law_named_in_the_question_is_meant_in_the_answer() -> None:
    (passage,) = read(lines({"question": "「시험법」 제3조는?", "answer": "같은 법 제4조를 보십시오."}))[1]
    assert passage.cites == ("시험법|제4조",)


def test_the_name_of_a_law_may_hold_an_article() -> None:
    law = "시험협정 제4조에 의한 시험장에 관한 특별법"
    (passage,) = read(lines({"question": "왜?", "citations": [f"{law}|제2조"]}))[1]
    assert passage.cites == (f"{key(law)}|제2조",)


def test_a_citation_without_an_article_is_a_loss() -> None:
    document, (passage,) = read(lines({"question": "왜?", "citations": ["시험법", "", "시험법 제3조"]}))
    assert [(loss.kind, loss.count, loss.where) for loss in document.losses] == [("value", 2, "1행")]
    assert passage.cites == ("시험법|제3조",)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("{", "JSON"),
        ("[1]", "JSON 객체"),
        ('{"question": ""}', "비어"),
        ('{"answer": "답"}', "비어"),
        ('{"question": 3}', "question"),
        ('{"question": "왜?", "answer": ["답"]}', "answer"),
        ('{"question": "왜?", "citations": {"법": "시험법"}}', "citations"),
        ('{"question": "왜?", "citations": [3]}', "citations"),
        ('{"question": "왜?", "id": true}', "id"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_line_that_breaks_a_rule_is_named(line: str, rule: str) -> None:
    data = lines(ROWS[0]) + b"\n" + line.encode() + b"\n"
    with pytest.raises(UnreadableFile, match="3행") as raised:
        read(data)
    assert rule in raised.value.ko
    assert "line 3" in raised.value.en


def test_questions_of_invisible_characters_are_none() -> None:
    with pytest.raises(UnreadableFile):
        read(lines({"question": "\u200b"}))
    with pytest.raises(EmptyFile):
        QuestionsReader().read(b"\n", source(b"\n"))


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        ({"question": "왜?"}, True),
        ({"text": "왜?", "answer": "그래서"}, True),
        ({"text": "왜?", "citations": []}, True),
        ({"id": "1", "title": "글", "text": "본문"}, False),
        ({"text": "본문", "question": "왜?"}, False),
        ({"title": "글"}, False),
        (["question"], False),
    ],
)
def test_a_line_that_asks_is_told_from_a_document(row: object, asked: bool) -> None:
    for data in (lines(row), b"\n\xef\xbb\xbf" + lines(row), json.dumps(row, ensure_ascii=False).encode("cp949")):
        assert is_questions(data) is asked
    assert (format_of(lines(row), "자료.txt").name == "질의응답 JSONL") is asked


def test_many_lines_and_a_long_one_are_read() -> None:
    rows = [{"question": f"{number}번 질문" * 20, "citations": ["시험법|제3조"]} for number in range(5_000)]
    rows.append({"question": "길다 " * 200_000})
    _, passages = read(lines(*rows))
    assert (len(passages), passages[4_999].locator, passages[4_999].cites) == (5_001, "질의 5000", ("시험법|제3조",))


@given(
    st.lists(
        st.fixed_dictionaries(
            {"question": st.text(max_size=20)},
            optional={
                "answer": st.text(max_size=20),
                "citations": st.lists(st.text(max_size=12), max_size=3),
                "id": st.text(max_size=5) | st.integers(),
            },
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_question_is_read_or_refused(rows: list[dict[str, object]]) -> None:
    try:
        _, passages = read(lines(*rows))
    except UnreadableFile:
        return
    assert len(passages) == len(rows)
    assert len({one.id for one in passages}) == len(passages)


@pytest.mark.shared
def test_questions_made_of_issues_cite_what_courts_printed(shared: Path) -> None:
    folder = shared / "retrieval" / "legal-issue-to-article"
    gold: defaultdict[str, list[str]] = defaultdict(list)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, article, _ = line.split("\t")
        gold[query].append(article)
    with (folder / "queries.jsonl").open(encoding="utf-8") as asked:
        rows = [json.loads(line) for line in asked]
    _, passages = read(
        lines(*({"id": row["id"], "question": row["text"], "citations": gold[row["id"]]} for row in rows))
    )
    assert len(passages) == len(rows)
    for row, passage in zip(rows, passages, strict=True):
        wanted = {f"{key(law)}|{place}" for law, place in (article.split("|") for article in gold[row["id"]])}
        assert set(passage.cites) == wanted


def test_compressed_questions_are_read_as_plain_ones() -> None:
    line = json.dumps(
        {"id": "7", "question": "두레박은 누가 사나요?", "citations": ["우물법 제3조"]}, ensure_ascii=False
    )
    plain, packed = (
        read_document(data, Source("memory:a", "past.jsonl", "", len(data)))[0]
        for data in (line.encode(), lzma.compress(line.encode()))
    )
    assert packed == plain
    assert packed.kind == "질의회신"


def test_compressed_documents_and_damaged_xz_are_no_questions() -> None:
    assert format_of(lzma.compress(b'{"id": "1", "text": "\xea\xb0\x80"}')).name == "JSONL(xz)"
    assert format_of(b"\xfd7zXZ\x00" + b"\xff" * 40).name == "JSONL(xz)"
    assert not is_questions(lzma.compress(b" " * (30 << 20)))
