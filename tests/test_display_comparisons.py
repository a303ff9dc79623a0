"""What comparisons look like: changed words marked on their side, every requirement and past RFP a row."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag import display
from govrag.display.blocks import Heading, Line, Table
from govrag.display.layouts import layout
from govrag.errors import Lang
from govrag.pipelines.redlined_words import parts
from govrag.records import ComplianceMatrix, Location, MatrixRow, Redline, Requirement, SimilarRfp, SimilarRfps
from govrag.records.changes import Change

OLD = "회의실을 쓰려는 직원은 사용 3일 전까지 총무팀에 신청하여야 한다."
NEW = "회의실을 쓰려는 직원은 사용 5일 전까지 총무팀에 신청하여야 한다."
CHANGES = (
    Change(kind="changed", label="제2조제1항", old=OLD, new=NEW, parts=parts(OLD, NEW)),
    Change(kind="added", label="제4조", new="제4조(음식물) 회의실에서는 음식을 먹지 못한다."),
    Change(
        kind="moved",
        label="제4조 → 제5조",
        old="제4조(정리)",
        new="제5조(정리)",
        parts=parts("제4조(정리)", "제5조(정리)"),
    ),
)
REDLINE = Redline(old="옛 규정", new="새 규정", changes=CHANGES, same=12)
MATRIX = ComplianceMatrix(
    document="도서관 제안요청서",
    rows=tuple(
        MatrixRow(
            requirement=f"SFR-00{number}",
            name=name,
            category="기능",
            chapter="Ⅱ. 기능",
            evidence=evidence,
            measure=measure,
            location=Location(document="도서관 제안요청서"),
            status=status,
        )
        for number, (name, evidence, measure, status) in enumerate(
            (("검색", "산출정보: 화면 설계서", "2초 이내", "covered"), ("알림", "", "", "open")), 1
        )
    ),
    warnings=("요구사항 1건에 측정할 수 있는 값이 없습니다: SFR-002.",),
    warnings_en=("1 requirement states no value.",),
)
SIMILAR = SimilarRfps(
    subject="구립도서관 검색",
    rows=(
        SimilarRfp(
            document_id="가",
            title="시립도서관 검색",
            score=0.7312,
            signals={"content": 0.8, "budget": 0.9},
            alike=("예산 4.8억원 : 5.1억원",),
            differs=("보안 요구사항 1건 중 비슷한 것이 없음",),
            fields={"name": "시립도서관 검색", "buyer": "해오름시"},
            requirements=(Requirement(id="SFR-001", name="장서 검색", definition="찾는다.", passage_id="가#SFR-001"),),
        ),
    ),
    searched=7,
    as_of=date(2026, 11, 1),
)
ALL = (REDLINE, MATRIX, SIMILAR)


def table(result: Redline | ComplianceMatrix | SimilarRfps, lang: Lang = "ko") -> Table:
    return next(block for block in layout(result, lang) if isinstance(block, Table))


def test_changed_words_are_marked_on_their_side() -> None:
    rows = table(REDLINE).rows
    assert rows[0] == ("변경", "제2조제1항", OLD.replace("3일", "~~3일~~"), NEW.replace("5일", "**5일**"))
    assert rows[1][:3] == ("신설", "제4조", "")
    assert rows[2] == ("이동", "제4조 → 제5조", "~~제4조~~(정리)", "**제5조**(정리)")


def test_the_counts_stand_above() -> None:
    blocks = layout(REDLINE, "ko")
    assert blocks[0] == Heading("신구대조: 옛 규정 → 새 규정")
    assert blocks[1] == Line("신설 1 · 변경 1 · 이동 1 · 같음 12")


def test_markdown_shows_the_marks_and_nothing_else_of_the_text() -> None:
    written = display.markdown(REDLINE)
    assert "~~3일~~" in written
    assert "**5일**" in written
    assert "\\<개정" in display.markdown(
        REDLINE.model_copy(update={"changes": (Change(kind="added", label="제1조", new="글 <개정 2026. 3. 1.>"),)})
    )


def test_texts_that_are_the_same_say_so() -> None:
    assert layout(REDLINE.model_copy(update={"changes": ()}), "ko")[-1] == Line("다른 곳이 없습니다.")


def test_what_was_kept_far_from_a_change_is_left_out() -> None:
    old, new = f"처음 {'낱말 ' * 60}끝 하나", f"첫째 {'낱말 ' * 60}끝 둘"
    change = Change(kind="changed", label="제1조", old=old, new=new, parts=parts(old, new))
    row = table(REDLINE.model_copy(update={"changes": (change,)})).rows[0]
    assert row[2].startswith("~~처음~~")
    assert row[2].endswith("~~하나~~")
    assert " … " in row[2]
    assert len(row[2]) < 90


@given(st.text("가나 다.", max_size=200), st.text("가나 다.", max_size=200))
def test_each_side_shows_its_own_words_alone(old: str, new: str) -> None:
    change = Change(kind="changed", label="제1조", old=old, new=new, parts=parts(old, new))
    _, _, left, right = table(REDLINE.model_copy(update={"changes": (change,)})).rows[0]
    if "…" not in left + right:
        assert left.replace("~~", "") == old
        assert right.replace("**", "") == new
    assert "**" not in left
    assert "~~" not in right


def test_every_requirement_is_a_row() -> None:
    found = table(MATRIX)
    assert found.head == ("번호", "분류", "명칭", "장", "값", "증빙", "상태")
    assert found.rows == (
        ("SFR-001", "기능", "검색", "Ⅱ. 기능", "2초 이내", "산출정보: 화면 설계서", "충족"),
        ("SFR-002", "기능", "알림", "Ⅱ. 기능", "", "", "미비"),
    )
    assert Line("충족 1 · 일부 0 · 미비 1") in layout(MATRIX, "ko")
    assert Line(MATRIX.warnings[0], "warning") in layout(MATRIX, "ko")
    assert Line(MATRIX.warnings_en[0], "warning") in layout(MATRIX, "en")


def test_past_rfps_say_what_is_alike_and_what_can_be_used_again() -> None:
    assert table(SIMILAR).rows == (("1", "시립도서관 검색", "0.73", "0.80", "-", "0.90", "-"),)
    blocks = layout(SIMILAR, "ko")
    assert Line("비슷한 점: 예산 4.8억원 : 5.1억원") in blocks
    assert Line("다른 점: 보안 요구사항 1건 중 비슷한 것이 없음") in blocks
    assert isinstance(blocks[-1], Table)
    assert blocks[-1].rows == (("SFR-001", "장서 검색", "찾는다."),)
    assert Line("해오름시 · 가", "note") in blocks  # where it is from


def test_nothing_alike_is_said_and_not_left_blank() -> None:
    empty = SIMILAR.model_copy(update={"rows": (), "searched": 0, "warnings": ("장서가 비었습니다.",)})
    blocks = layout(empty, "ko")
    assert Line("비슷한 제안요청서가 없습니다.") in blocks
    assert blocks[-1] == Line("장서가 비었습니다.", "warning")


@pytest.mark.parametrize("result", ALL, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_each_is_text_markdown_and_html(result: Redline | ComplianceMatrix | SimilarRfps, lang: Lang) -> None:
    assert "제2조제1항" in display.text(result, lang=lang) or result is not REDLINE
    assert display.markdown(result, lang=lang).startswith("#")
    assert "<table" in display.html(result, lang=lang)
    head = table(result, lang).head
    assert (head == table(result, "ko").head) == (lang == "ko")
