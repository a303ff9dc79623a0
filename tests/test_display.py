"""What results look like: complete, in both languages, and harmless whatever a document says."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag import display
from govrag.display import layouts
from govrag.errors import Lang
from govrag.records import (
    Answer,
    Answers,
    Citation,
    DocumentInfo,
    Grade,
    Hit,
    Hits,
    Passage,
    Provision,
    Receipt,
    Refusal,
    Shown,
    Statement,
    Status,
    Validity,
    Verdict,
    Verification,
)

DAY = date(2026, 11, 21)
HOSTILE = '<script>alert(1)</script> <img src=x onerror=y> [눌러](javascript:z) ![](http://e.invalid) | `x` \x1b[31m"&'
PASSAGE = Passage(
    id="d1#제9조",
    document_id="d1",
    locator="제9조",
    text="제9조(상담원 연결) 3분 이내에 연결하여야 한다.",
    start=0,
    end=30,
    breadcrumb=("가상 이용법", "제2장 운영", "제9조(상담원 연결)"),
    validity=Validity(date(2026, 4, 1), None, None, None, inferred=True),
)


def citation(verdict: Verdict = "verified", **fields: str) -> Citation:
    return Citation(
        text=fields.get("text", "같은 법 제9조"),
        label=fields.get("label", "가상 이용법 제9조"),
        verdict=verdict,
        reason=fields.get("reason", "한국어 이유"),
        reason_en=fields.get("reason_en", "english reason"),
        effective_from=date(2026, 4, 1),
        inferred=True,
    )


def answer(status: Status = "answered", **changes: object) -> Answer:
    fields: dict[str, object] = {
        "question": "몇 분 안에 이어 주나요?",
        "status": status,
        "statements": (
            Statement(text="3분 이내에 연결하여야 한다.", citations=(citation(),)),
            Statement(text="기록은 3년간 둔다.", citations=(citation(), citation(label="가상 이용법 제10조"))),
        ),
        "as_of": DAY,
        "corpus_date": date(2026, 10, 20),
        "warnings": ("한국어 주의",),
        "warnings_en": ("english warning",),
    }
    return Answer.model_validate(fields | changes)


SHOWN: Mapping[str, Shown] = {
    "answer": answer(),
    "no evidence": answer("no_evidence", statements=(), searched=("가상 이용법 제1조", "가상 이용법 제2조")),
    "failed": answer("failed", statements=(), error="장서가 없습니다."),
    "answers": Answers(rows=(answer(), answer("no_evidence", statements=()))),
    "verification": Verification(
        citations=tuple(citation(verdict) for verdict in get_args(Verdict)), as_of=DAY, corpus_date=None
    ),
    "no citations": Verification(citations=(), as_of=DAY),
    "receipt": Receipt(
        collection="규정",
        grade=Grade.OPEN,
        added=("a", "b"),
        refused=(Refusal(name="빈파일.txt", error="EmptyFile", reason="본문이 없습니다", reason_en="no text"),),
        passages=1234,
        warnings=("등급을 정하십시오",),
        warnings_en=("set a grade",),
    ),
    "hits": Hits("상담원", (Hit(PASSAGE, 1.25, {"words": 1.0}, "main", "법률"),), DAY, date(2026, 10, 20)),
    "no hits": Hits("없는 말", (), DAY),
    "provision": Provision("verified", PASSAGE, "가상 이용법"),
    "absent": Provision("no_such_article", None, "가상 이용법", "제1조~제19조"),
    "ambiguous": Provision("ambiguous", None, "여비규정", candidates=("a#제3조", "b#제3조")),
    "document": DocumentInfo(document_id="d1", title="가상 이용법", passages=3),
}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def tags(html: str) -> _Tags:
    parser = _Tags()
    parser.feed(html)
    return parser


def columns(line: str) -> int:
    """Return how many columns a terminal gives a line: two to Hangul, none to marks over another letter."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in line
    )


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("lang", get_args(Lang))
def test_every_result_shows_itself_in_three_ways(name: str, lang: Lang) -> None:
    shown = SHOWN[name]
    assert display.text(shown, lang=lang).strip()
    assert shown.to_markdown(lang=lang).endswith("\n")
    parsed = tags(display.html(shown, lang=lang))
    assert parsed.names <= {"div", "table", "thead", "tbody", "tr", "th", "td"}
    assert parsed.attributes <= {"class", "style"}
    assert "".join(parsed.words).strip()


@pytest.mark.parametrize("name", SHOWN)
def test_printing_and_jupyter_use_the_same_layout(name: str) -> None:
    shown = SHOWN[name]
    assert str(shown) == display.text(shown)
    assert shown._repr_html_() == display.html(shown)


def test_every_status_and_verdict_has_words_in_both_languages() -> None:
    assert set(layouts.STATUS) == set(get_args(Status))
    assert set(layouts.VERDICT) == set(get_args(Verdict))
    for korean, english in (*layouts.STATUS.values(), *layouts.VERDICT.values()):
        assert any("가" <= character <= "힣" for character in korean)
        assert not any("가" <= character <= "힣" for character in english)


def test_only_a_verified_citation_has_a_tick() -> None:
    ticked = {verdict for verdict, (korean, english) in layouts.VERDICT.items() if "✓" in korean or "✓" in english}
    assert ticked == {"verified"}


def test_an_answer_prints_the_day_of_its_law_and_what_was_not_checked() -> None:
    for lang, scope in (("ko", "결론이 옳은지는"), ("en", "Not checked: that the conclusion is right")):
        shown = display.text(answer(), lang=lang)  # type: ignore[arg-type]
        assert str(DAY) in shown
        assert "2026-10-20" in shown
        assert scope in shown


def test_citations_are_numbered_once_in_reading_order() -> None:
    lines = display.text(answer()).splitlines()
    assert "3분 이내에 연결하여야 한다. [1]" in lines
    assert "기록은 3년간 둔다. [1][2]" in lines
    table = [line for line in lines if line.startswith("  [")]
    assert [line.split("│")[1].strip() for line in table] == ["가상 이용법 제9조", "가상 이용법 제10조"]


def test_an_inferred_date_says_so() -> None:
    assert "2026-04-01(추정)" in display.text(answer())
    assert "(inferred)" in display.text(SHOWN["provision"], lang="en")


def test_the_last_day_in_force_is_shown_and_not_the_first_after_it() -> None:
    held = replace(PASSAGE, validity=Validity(date(2026, 4, 1), date(2027, 3, 1)))
    assert "시행 2026-04-01 ~ 2027-02-28" in display.text(Provision("verified", held, "가상 이용법"))


def test_the_lines_of_a_provision_stay_lines_in_a_notebook() -> None:
    assert "white-space:pre-line" in display.html(SHOWN["provision"])


def test_no_evidence_says_what_was_looked_at() -> None:
    shown = display.text(SHOWN["no evidence"])
    assert "[근거 없음]" in shown
    assert "살펴본 조문: 가상 이용법 제1조, 가상 이용법 제2조" in shown


def test_english_leaves_korean_only_to_documents() -> None:
    shown = display.text(SHOWN["verification"], lang="en")
    assert "english reason" in shown
    assert "한국어 이유" not in shown


def test_a_refused_file_is_named_with_its_reason() -> None:
    assert any(line.split() == ["빈파일.txt", "│", "본문이", "없습니다"] for line in str(SHOWN["receipt"]).splitlines())


@pytest.mark.parametrize("way", [display.text, display.markdown, display.html])
def test_hostile_text_stays_text(way: object) -> None:
    assert callable(way)
    hostile = Answer(
        question=HOSTILE,
        status="answered",
        statements=(Statement(text=HOSTILE, citations=(citation(label=HOSTILE, text=HOSTILE),)),),
        as_of=DAY,
        warnings=(HOSTILE,),
    )
    shown = way(hostile)
    if way is display.text:
        assert "\x1b" not in shown
    if way is display.html:
        parsed = tags(shown)
        assert parsed.names <= {"div", "table", "thead", "tbody", "tr", "th", "td"}
        assert "alert(1)" in "".join(parsed.words)
    if way is display.markdown:
        assert "<script" not in shown.replace("\\<", "")
        assert "](" not in shown.replace("\\](", "")
        row = next(line for line in shown.splitlines() if line.startswith("| \\["))
        assert row.replace("\\|", "").count("|") == 5


def test_a_table_fits_a_terminal_and_loses_nothing() -> None:
    reason = "이 조문은 기준일에 시행되지 않았으며, " * 4
    result = Verification(citations=(citation("not_in_force", label="가상 이용법 " * 6, reason=reason),), as_of=DAY)
    lines = display.text(result).splitlines()
    table = [line for line in lines if "│" in line]
    assert max(columns(line) for line in table) <= 100
    assert len({tuple(columns(part) for part in line.split("│")[:-1]) for line in table}) == 1, "columns are aligned"
    told = "".join(line.split("│")[3] for line in table[1:])
    assert "".join(reason.split()) == "".join(told.split())


@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=300)), min_size=1, max_size=4))
def test_any_table_fits(rows: list[tuple[str, str]]) -> None:
    cited = tuple(citation(text=text, label=label) for label, text in rows)
    for line in display.text(Verification(citations=cited, as_of=DAY)).split("\n"):
        if "│" in line and not line.startswith("※"):
            assert columns(line) <= 100
