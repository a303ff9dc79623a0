"""Each format to sections: the words are all there, the structure is what a person sees, what is stated is kept."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import LimitExceeded, UnknownFormat, UnreadableFile
from govrag.ingest.readers.jsonl import JsonlReader
from govrag.ingest.readers.markdown import MarkdownReader, markdown_blocks, parse_date
from govrag.ingest.readers.outline import nest, outline, sections_of
from govrag.ingest.readers.text import TextReader, decode, effective_date, kind_of, plain_id
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Section, Source

REGULATION = """한빛진흥원 여비 규정

제1장 총칙
제1조(목적) 이 규정은 임직원의 여비를 정함을 목적으로 한다.
제2조(정의) ① "출장"이란 근무지 밖의 업무를 말한다.
② 그 밖의 뜻은 원장이 정한다.
부칙
이 규정은 2025년 7월 1일부터 시행한다.
부칙 <2026. 2. 3.>
제1조(시행일) 이 규정은 2026년 3월 1일부터 시행한다.
"""
NOTICE = """청년 영농 지원사업 공고

1. 사업 개요
 가. 목적
  ○ 영농을 시작하는 청년의 정착을 돕는다.
 나. 대상
  ○ 만 18세 이상 40세 미만
  ○ 영농 경력 3년 이하

2. 신청 방법
  누리집에서 신청한다.
"""


def source(name: str = "문서.txt", size: int = 1) -> Source:
    return Source(f"/folder/{name}", name, "0" * 64, size)


def read_text(text: str, encoding: str = "utf-8", name: str = "문서.txt") -> Document:
    (document,) = TextReader().read(text.encode(encoding), source(name))
    return document


def shape(sections: Sequence[Section]) -> list[object]:
    """Sections as nested lists of their headings, contents as their first words."""
    return [
        [section.number, section.heading, shape(section.children)]
        if section.kind == "heading"
        else section.text.strip()
        for section in sections
    ]


# ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_agency_regulation_gets_articles() -> None:
    document = read_text(REGULATION)
    assert document.text == REGULATION
    found = [(node.kind, node.number) for top in document.sections for node in top.walk()]
    assert ("조", "2") in found
    assert ("항", "2") in found
    assert sum(kind == "부칙" for kind, _ in found) == 2
    assert (document.title, document.kind) == ("한빛진흥원 여비 규정", "규정")
    assert document.effective_from == date(2026, 3, 1)
    assert document.origins == {"title": "first line", "kind": "first line", "effective_from": "부칙"}


def test_a_notice_gets_its_headings_and_list_items_stay_items() -> None:
    document = read_text(NOTICE)
    assert document.text == NOTICE
    assert shape(document.sections) == [
        "청년 영농 지원사업 공고",
        [
            "1",
            "사업 개요",
            [
                ["가", "목적", ["○ 영농을 시작하는 청년의 정착을 돕는다."]],
                ["나", "대상", ["○ 만 18세 이상 40세 미만\n  ○ 영농 경력 3년 이하"]],
            ],
        ],
        ["2", "신청 방법", ["누리집에서 신청한다."]],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_an_office_gives_the_same_text(encoding: str) -> None:
    assert read_text(REGULATION + "뷁 똠방각하\n", encoding).text == REGULATION + "뷁 똠방각하\n"


def test_one_torn_character_is_a_loss_and_many_are_a_refusal() -> None:
    torn = REGULATION.encode() * 3 + b"\xec\x9d"
    (document,) = TextReader().read(torn, source())
    assert document.losses == (Loss("replaced", 1),)
    with pytest.raises(UnknownFormat) as refused:
        TextReader().read("이 글은 다른 인코딩으로 적혀 있다".encode("johab") * 5, source("옛글.txt"))
    assert "옛글.txt" in refused.value.ko
    assert "UTF-8" in refused.value.ko
    assert "UTF-8" in refused.value.en


def test_invisible_characters_and_decomposed_hangul_are_gone() -> None:
    text = "한\u200b글\u202e 문\u3164서\x00\r\n" + "각".encode().decode() + "\n"
    assert read_text(text).text == "한글 문서\n각\n"


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data, name="x")
    except UnknownFormat:
        return
    assert encoding in {"utf-8", "cp949", "cp1252", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}
    clean(text).encode()


korean_lines = st.lists(
    st.sampled_from(
        ["1. 개요", "가. 목적", "Ⅰ. 사업", "□ 대상", " ○ 청년", "문장이 이어진다.", "", "  ", "제1조(목적) 이 규정은",
         "제2조(정의) ①", "# 제목", "## 1. 절", "| a | b |", "```", "- 항목", "부칙", "【주문】", "가"]
    ),
    max_size=25,
).map("\n".join)  # fmt: skip


@given(korean_lines | st.text(max_size=200))
def test_sections_render_back_to_their_text(text: str) -> None:
    text = clean(text)
    for sections in (sections_of(text), nest(outline(text)), nest(markdown_blocks(text))):
        assert "".join(section.render() for section in sections) == text


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("여비 규정", "규정"),
        ("여비 규정 시행 지침", "지침"),
        ("시스템 구축 제안 요청서", "제안요청서"),
        ("2026년 지원사업 공고", "공고"),
        ("표준 근로계약서", "계약서"),
        ("인사 규칙", "규칙"),
        ("어느 회의", ""),
    ],
)
def test_the_kind_is_only_what_the_title_says(title: str, kind: str) -> None:
    assert kind_of(title) == kind


@pytest.mark.parametrize(
    ("first", "title", "origin"),
    [
        ("직원 행동 강령", "직원 행동 강령", "first line"),
        ("「여비 규정」", "여비 규정", "first line"),
        ("「여비법」에 따른 기준", "「여비법」에 따른 기준", "first line"),
        ("이것은 제목이 아니라 문장이다.", "문서", "file name"),
        ("제1조(목적) 이 규정은", "문서", "file name"),
        ("제안요청서", "문서", "file name"),
        ("긴 제목" * 50, "문서", "file name"),
    ],
)
def test_the_title_is_the_first_line_if_it_looks_like_one(first: str, title: str, origin: str) -> None:
    document = read_text(first + "\n\n내용이다.\n")
    assert (document.title, document.origins["title"]) == (title, origin)


def test_a_cover_that_names_only_the_kind_still_tells_the_kind() -> None:
    assert read_text("제안요청서\n\n내용이다.\n").kind == "제안요청서"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("부 칙\n이 지침은 2026. 1. 2.부터 시행한다.", date(2026, 1, 2)),
        (
            "부칙\n이 규칙은 2026년 1월 2일부터 시행한다.\n부칙\n이 규칙은 2027년 1월 2일부터 시행한다.",
            date(2027, 1, 2),
        ),
        ("부칙\n이 규칙은 공포한 날부터 시행한다.", None),
        ("부칙\n이 규칙은 2026년 2월 30일부터 시행한다.", None),
        ("이 사업은 2026년 1월 2일부터 시행한다.", None),
    ],
)
def test_the_effective_date_is_what_the_last_supplement_says(text: str, day: date | None) -> None:
    assert effective_date(text) == day


def test_the_id_is_the_same_for_the_same_source_and_differs_between_folders() -> None:
    first, second = Source("/a/공고.txt", "공고.txt", "", 1), Source("/b/공고.txt", "공고.txt", "", 1)
    assert plain_id(first) == plain_id(Source("/a/공고.txt", "공고.txt", "changed", 2))
    assert plain_id(first) != plain_id(second)
    assert re.fullmatch(r"공고\.txt~[0-9a-f]{6}", plain_id(first))


def test_the_parts_of_a_decision_are_its_headings() -> None:
    decision = (
        "【원고】 갑\n【주    문】\n상고를 기각한다.\n"
        "【이    유】 상고이유를 판단한다.\n1. 사실관계\n갑은 을을 고용하였다.\n"
    )
    assert shape(read_text(decision).sections) == [
        "【원고】 갑",
        ["", "주문", ["상고를 기각한다."]],
        ["", "이유", [["1", "사실관계", ["갑은 을을 고용하였다."]]]],
    ]


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────────────────────

MARKDOWN = """---
title: 승무원 안내서
kind: 매뉴얼
issuer: 새벽교통공사
effective_from: 2026. 4. 1.
등급: "내부용"
---

# 승무원 교육

첫 문단이다.

## 1. 출고 점검

| 항목 | 기준 |
|------|------|
| 제동 | 양호 |

```
# 제목이 아니다
```

### 가. 제동 장치

점검한다.

## 2. 운행
끝.
"""


def test_markdown_becomes_a_tree_with_its_tables_whole() -> None:
    (document,) = MarkdownReader().read(MARKDOWN.encode(), source("a.md"))
    body = MARKDOWN.split("---\n\n", 1)[1]
    assert document.text == body.replace("|------|------|\n", "").replace("| 제동 | 양호 |\n\n", "| 제동 | 양호 |\n")
    assert shape(document.sections) == [
        [
            "",
            "승무원 교육",
            [
                "첫 문단이다.",
                [
                    "1",
                    "출고 점검",
                    [
                        "| 항목 | 기준 |\n| 제동 | 양호 |",
                        "```\n# 제목이 아니다\n```",
                        ["가", "제동 장치", ["점검한다."]],
                    ],
                ],
                ["2", "운행", ["끝."]],
            ],
        ]
    ]
    kinds = [node.kind for top in document.sections for node in top.walk()]
    assert Counter(kinds) == {"heading": 4, "paragraph": 3, "table": 1, "code": 1}
    (table,) = (node.table for top in document.sections for node in top.walk() if node.table)
    assert (table.grid(), table.header_rows) == ([["항목", "기준"], ["제동", "양호"]], 1)


def test_a_table_of_markdown_that_asks_for_something_is_a_requirement() -> None:
    rows = ("| 요구사항 고유번호 | SFR-001 |", "|---|---|", "| 요구사항 명칭 | 근거 표시 |", "| 정의 | 가 \\| 나 |")
    text = "# 제안요청서\n\n" + "\n".join(rows) + "\n"
    (document,) = MarkdownReader().read(text.encode(), source("a.md"))
    (found,) = (node for top in document.sections for node in top.walk() if node.kind == "requirement")
    assert (found.number, found.heading, dict(found.fields)["정의"]) == ("SFR-001", "근거 표시", "가 | 나")


def test_front_matter_is_kept_with_its_origin() -> None:
    (document,) = MarkdownReader().read(MARKDOWN.encode(), source("a.md"))
    assert (document.title, document.kind, document.issuer) == ("승무원 안내서", "매뉴얼", "새벽교통공사")
    assert document.effective_from == date(2026, 4, 1)
    assert document.metadata == {"등급": "내부용"}
    assert {document.origins[name] for name in ("title", "kind", "issuer", "effective_from")} == {"front matter"}


def test_closing_marks_are_no_part_of_a_heading_and_blanks_cost_nothing() -> None:
    (block, *_) = markdown_blocks("## 2. 운행 ##\n끝.\n")
    assert (block.number, block.heading) == ("2", "운행")
    (block, *_) = markdown_blocks("# " + " " * 200_000 + "# x")
    assert block.heading == "# x"


def test_a_regulation_in_markdown_gets_articles_without_markup() -> None:
    markdown = (
        "# 인사 규칙\n\n## 제1조(목적)\n이 규칙은 인사를 정한다.\n## 제2조(승진)\n**①** 승진은 심사한다.\n  1\\. 매년\n"
    )
    (document,) = MarkdownReader().read(markdown.encode(), source("b.md"))
    found = [(node.kind, node.number) for top in document.sections for node in top.walk() if node.kind != "text"]
    assert found == [("조", "1"), ("조", "2"), ("항", "1"), ("호", "1")]
    assert (document.title, document.kind) == ("인사 규칙", "규칙")


@pytest.mark.parametrize("text", ["2026-01-05", "2026.1.5.", "20260105", "2026년 1월 5일", "2026. 01. 05"])
def test_dates_as_people_write_them(text: str) -> None:
    assert parse_date(text) == date(2026, 1, 5)


def test_what_is_no_date_is_a_loss_and_stays_in_the_metadata() -> None:
    assert parse_date("2026-13-01") is None
    (document,) = MarkdownReader().read("---\n시행일: 공포일\n---\n내용\n".encode(), source("c.md"))
    assert document.effective_from is None
    assert document.metadata == {"시행일": "공포일"}
    assert "공포일" in document.losses[0].where


# ── JSONL ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def jsonl(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_a_line_is_a_document_and_its_fields_are_kept() -> None:
    row = {
        "id": "고시/7",
        "title": "수수료 고시",
        "text": NOTICE,
        "effective_from": "2026-05-01",
        "쪽수": 3,
        "공개": True,
        "태그": ["가", "나"],
        "meta": {"소관부처": "새벽청", "제목": "수수료", "시행일자": "2020-01-01"},
        "표": [{"a": 1}],
    }
    (document,) = JsonlReader().read(jsonl(row), source("a.jsonl"))
    assert (document.id, document.title, document.kind, document.issuer) == ("고시/7", "수수료 고시", "고시", "새벽청")
    assert document.effective_from == date(2026, 5, 1)  # the plain name goes before its synonym
    assert document.metadata == {
        "쪽수": "3", "공개": "true", "태그": "가, 나", "소관부처": "새벽청", "제목": "수수료", "시행일자": "2020-01-01"
    }  # fmt: skip
    assert document.text == NOTICE
    assert document.losses == (Loss("value", 1, "표"),)
    assert document.origins["issuer"] == "jsonl"


def test_the_text_of_a_line_is_regulation_markdown_or_plain() -> None:
    rows = [{"id": str(n), "text": text} for n, text in enumerate([REGULATION, MARKDOWN.split("---\n\n")[1], NOTICE])]
    regulation, markdown, plain = JsonlReader().read(jsonl(*rows), source("a.jsonl"))
    assert any(node.kind == "조" for top in regulation.sections for node in top.walk())
    assert any(node.kind == "table" for top in markdown.sections for node in top.walk())
    assert [top.number for top in plain.sections if top.kind == "heading"] == ["1", "2"]
    assert regulation.title == "0"


def test_bad_lines_cost_themselves_and_are_numbered() -> None:
    data = jsonl(
        {"id": "a", "text": "글"}, "{broken", {"id": "b"}, "[1]", "", {"id": "a", "text": "또"}, {"text": "글"}
    )
    first, last = JsonlReader().read(data + b'\n{"text": "\xff"}', source("a.jsonl"))
    reasons = "2행 JSON이 아님, 3행 text가 없음, 4행 JSON 객체가 아님, 6행 id가 1행과 같음, 8행 UTF-8이 아님"
    assert first.losses == (Loss("line", 5, reasons),)
    assert last.id == f"{plain_id(source('a.jsonl'))}:7"
    with pytest.raises(UnreadableFile, match="2행"):
        JsonlReader().read(b"{\n{", source("b.jsonl"))


def test_a_line_of_five_megabytes_and_one_of_a_thousand_brackets() -> None:
    long = jsonl({"id": "long", "text": "가나다 " * 500_000}, {"id": "deep", "text": "글"}, "[" * 100_000)
    documents = JsonlReader().read(long, source("a.jsonl"))
    assert [document.id for document in documents] == ["long", "deep"]
    assert "3행 JSON이 아님" in documents[0].losses[0].where


def test_xz_is_read_within_bounds() -> None:
    rows = jsonl(*({"id": str(number), "text": f"글 {number}"} for number in range(1000)))
    assert len(JsonlReader().read(lzma.compress(rows), source("a.jsonl.xz"))) == 1000
    with pytest.raises(LimitExceeded, match="한도"):
        JsonlReader().read(lzma.compress(b" " * (30 << 20)), source("bomb.jsonl.xz"))
    with pytest.raises(UnreadableFile, match="손상"):
        JsonlReader().read(lzma.compress(rows)[:-50], source("cut.jsonl.xz"))


# ── real files ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.shared
def test_real_notices_keep_their_metadata_and_get_articles(shared: Path) -> None:
    data = (shared / "laws/notices-sample.jsonl.xz").read_bytes()
    documents = JsonlReader().read(data, source("notices.jsonl.xz"))
    assert len(documents) == 1387
    assert Counter(document.kind for document in documents)["고시"] > 1200
    assert sum(1 for document in documents if document.issuer and document.effective_from) == 1321
    with_articles = [d for d in documents if any(node.kind == "조" for top in d.sections for node in top.walk())]
    assert len(with_articles) > 650
    assert not any("<img" in document.text for document in documents)
