"""A drafted RFP on the screen, in Markdown and in HTML: a clean document between the pages for who finishes it."""

from __future__ import annotations

from itertools import pairwise

import pytest
import rfp_made as made

from govrag import display
from govrag.display.blocks import Heading, Line, Note, PageBreak, Table, pieces, sign
from govrag.display.layouts import layout
from govrag.display.pages import page
from govrag.records import RfpBlock, Usage

BLOCKS = layout(made.RFP, "ko")


def test_the_cover_comes_first_then_the_open_blanks_then_the_document_then_its_record() -> None:
    parts: list[list[object]] = [[]]
    for block in BLOCKS:
        if isinstance(block, PageBreak):
            parts.append([])
        else:
            parts[-1].append(block)
    assert [part[0] for part in parts] == [
        Heading("민원 통합 접수 체계 구축"),
        Heading("기입할 사항 2건"),
        Heading("Ⅰ. 사업 개요", 1),
        Heading("Ⅱ. 제안요청 내용", 1),
        Heading("Ⅲ. 제안 안내", 1),
        Heading("작성 기록"),
    ]
    assert parts[0][1:] == [Line(one, "cover") for one in ("제안요청서", "2026. 11.", "가상시청", "정보화담당관")]
    blanks = next(one for one in parts[1] if isinstance(one, Table))
    assert blanks.rows[0] == ("담당자 연락처", "담당 부서의 전화나 전자우편은?", "Ⅰ. 사업 개요")


def test_without_blanks_there_is_no_page_of_them_and_no_page_is_empty() -> None:
    opening = RfpBlock(kind="page_break", origin="rule")
    blocks = layout(made.RFP.model_copy(update={"blanks": (), "blocks": (opening, *made.BLOCKS, opening)}), "ko")
    assert not any(isinstance(one, Heading) and one.text.startswith("기입할") for one in blocks)
    kinds = [isinstance(one, PageBreak) for one in blocks]
    assert not any(first and second for first, second in pairwise(kinds))
    assert not kinds[-1]


def test_only_verified_provisions_are_plain_footnotes() -> None:
    notes = [note for one in BLOCKS if isinstance(one, Line) for note in one.notes]
    assert notes == [
        Note("가상 소프트웨어법 제50조", verified=True),
        Note("가상 소프트웨어법 제50조", verified=True),
        Note("가상 계약예규 제8조 (장서에 없음)", verified=False),
        Note("가상 계약예규 제8조 (장서에 없음)", verified=False),
    ]


def test_the_record_lists_each_unverified_provision_once_and_counts_origins() -> None:
    record = BLOCKS[BLOCKS.index(Heading("작성 기록")) :]
    unverified, origins = (one for one in record if isinstance(one, Table))
    assert unverified.rows == (
        ("가상 계약예규 제8조", "장서에 없음", "장서에 가상 계약예규가 없습니다.", "Ⅲ. 제안 안내"),
    )
    assert ("Ⅲ. 제안 안내", "과거 제안요청서", "2025년 접수 체계 제안요청서 Ⅵ. 3.", "1") in origins.rows
    counted = sum(one.kind not in ("heading", "page_break") for one in made.BLOCKS)
    assert sum(int(row[-1]) for row in origins.rows) == counted


def test_words_of_a_model_are_declared() -> None:
    usage = Usage(model="가상-7b")
    said = [one.text for one in layout(made.RFP.model_copy(update={"usage": usage}), "ko") if isinstance(one, Line)]
    assert any("가상-7b" in text for text in said)
    assert not any("인공지능(" in one.text for one in BLOCKS if isinstance(one, Line))


def test_a_table_with_short_rows_is_filled_up() -> None:
    ragged = RfpBlock(kind="table", head=("가", "나"), rows=(("1",), ("1", "2", "3")), origin="rule")
    blocks = layout(made.RFP.model_copy(update={"blocks": (ragged,)}), "ko")
    assert Table(("가", "나", ""), (("1", "", ""), ("1", "2", "3"))) in blocks


def test_who_gave_no_name_of_the_agency_is_asked_for_it_on_the_cover() -> None:
    blocks = layout(made.RFP.model_copy(update={"brief": made.RFP.brief.model_copy(update={"buyer": ""})}), "ko")
    assert Line("〔기입: 발주기관〕", "cover") in blocks


@pytest.mark.parametrize("show", [display.text, display.markdown, display.html])
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_way_of_showing_it_has_its_words(show, lang) -> None:  # type: ignore[no-untyped-def]
    shown = show(made.RFP, lang=lang)
    for words in ("SFR-002", "497,000,000원", "Ⅲ. 제안 안내", "가상 계약예규 제8조"):
        assert words in shown
    assert ("미확인" if lang == "ko" else "unverified") in shown


def test_markdown_has_levels_footnotes_lists_and_code_for_blanks() -> None:
    shown = display.markdown(made.RFP)
    assert shown.startswith("# 민원 통합 접수 체계 구축\n")
    assert "\n## Ⅰ. 사업 개요\n" in shown
    assert "\n### 1. 사업 일반\n" in shown
    assert "\n- 중복 접수를 95퍼센트 줄인다.\n  - 창구 대기" in shown
    assert "목표 연도는 `〔기입: 목표 연도〕`이다." in shown
    assert "90 대 10으로 한다.[^2][^3]〔미확인〕" in shown
    assert "\n[^3]: 〔미확인〕 가상 계약예규 제8조 (장서에 없음)\n" in shown
    assert "|  |  |\n| --- | --- |\n| 사업명 | 민원 통합 접수 체계 구축 |" in shown
    assert "발급한다.<br>- 동시" in shown


def test_nothing_in_a_blank_ends_the_code_that_shows_it() -> None:
    hostile = "〔기입: `\n\n<img src=x>`〕 <b>"
    blocks = (RfpBlock(kind="paragraph", text=hostile, origin="brief"),)
    shown = display.markdown(made.RFP.model_copy(update={"blocks": blocks}))
    assert "`〔기입: ' <img src=x>'〕` \\<b\\>" in shown


def test_html_marks_blanks_and_names_rows_and_escapes_everything() -> None:
    shown = display.html(made.RFP)
    assert "<mark>〔기입: 목표 연도〕</mark>" in shown
    assert '<th scope="row"' in shown
    assert "<h1>민원 통합 접수 체계 구축</h1>" in shown
    assert "<h2>기입할 사항 2건</h2>" in shown
    assert "<h2>Ⅰ. 사업 개요</h2>" in shown
    assert "<h3>1. 사업 일반</h3>" in shown
    hostile = '<script>"&'
    laid = [
        Heading(hostile, 1),
        Line(hostile, "bullet", (Note(hostile, False),), 1),
        Table((), ((hostile, "〔기입<i>〕"),)),
    ]
    shown = page(laid, "ko")
    assert "<script" not in shown
    assert "<i>" not in shown


def test_text_shows_notes_below_and_lists_by_depth() -> None:
    shown = display.text(made.RFP)
    assert "    - 창구 대기 시간" in shown
    assert "90 대 10으로 한다. 2) 3)〔미확인〕" in shown
    assert shown.endswith("4) 〔미확인〕 가상 계약예규 제8조 (장서에 없음)")


def test_blanks_are_told_from_the_words_around_them() -> None:
    assert list(pieces("가〔기입: 나〕〔기입〕다")) == [
        ("가", False),
        ("〔기입: 나〕", True),
        ("〔기입〕", True),
        ("다", False),
    ]
    assert list(pieces("〔주〕 기입")) == [("〔주〕 기입", False)]
    assert list(pieces("")) == []


def test_a_line_that_begins_with_a_sign_gets_no_second_one() -> None:
    assert sign(Line("가", "bullet", indent=9)) == "·"
    assert sign(Line("※ 가", "bullet", indent=1)) == ""
    assert sign(Line("-3도", "bullet", indent=1)) == "○"
    assert sign(Line("가")) == ""
