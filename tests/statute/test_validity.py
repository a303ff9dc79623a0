from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from benchmarks.validity import History, editions, figures, histories
from hypothesis import given
from hypothesis import strategies as st

from govrag.records import Document, Passage
from govrag.statute.commencement import parse_effective_clause
from govrag.statute.validity import Edition, Inferred, infer, inferences, timeline

# ── the succession of editions ────────────────────────────────────────────────────────────────────────────────────

DAYS = st.dates(date(1948, 7, 17), date(2030, 12, 31))
EDITIONS = st.lists(
    st.builds(
        Edition,
        key=st.uuids().map(str),
        version=st.integers(1, 50).map(str),
        promulgated=st.none() | DAYS,
        effective_from=st.none() | st.sampled_from([date(2020, 1, 1), date(2021, 7, 1)]) | DAYS,
    ),
    min_size=1,
    max_size=8,
)


def in_force(known: list[Edition], day: date) -> Edition | None:
    """The definition, said plainly."""
    begun = [edition for edition in known if (edition.effective_from or edition.promulgated or date.min) <= day]
    return max(
        begun,
        key=lambda one: (
            one.effective_from or one.promulgated or date.min,
            one.promulgated or date.min,
            int(one.version),
            one.key,
        ),
        default=None,
    )


@given(EDITIONS, DAYS)
def test_every_day_shows_exactly_one_edition_and_it_is_the_one_in_force(known: list[Edition], day: date) -> None:
    intervals = timeline(known)
    assert len(intervals) == len(known)
    [shown] = [interval for interval in intervals if interval.validity.visible(day)]
    holding = [interval.edition for interval in intervals if interval.validity.in_force(day)]
    expected = in_force(known, day)
    assert holding == ([expected] if expected else [])
    if expected:
        assert shown.edition == expected


@given(EDITIONS)
def test_visible_intervals_tile_all_time(known: list[Edition]) -> None:
    shown = [interval.validity for interval in timeline(known) if not interval.empty]
    assert shown[0].visible_from is None
    assert shown[-1].visible_to is None
    assert [one.visible_to for one in shown[:-1]] == [one.visible_from for one in shown[1:]]


def test_of_two_editions_of_one_day_the_later_holds_and_the_other_never() -> None:
    first = Edition("a", "10", date(2024, 1, 9), date(2024, 7, 10))
    second = Edition("b", "11", date(2024, 1, 9), date(2024, 7, 10))
    superseded, holding = timeline([second, first])
    assert (superseded.edition, superseded.empty) == (first, True)
    assert not superseded.validity.in_force(date(2024, 7, 10))
    assert (holding.edition, holding.empty) == (second, False)
    assert holding.validity.visible(date(1900, 1, 1))
    assert not holding.validity.in_force(date(2024, 7, 9))


def test_an_older_act_that_takes_effect_after_a_younger_one_overlaps() -> None:
    waiting = Edition("a", "1", date(2024, 10, 22), date(2025, 10, 23))
    quick = Edition("b", "2", date(2025, 10, 1), date(2025, 10, 1))
    assert [(one.edition.key, one.overlapping) for one in timeline([waiting, quick])] == [("b", False), ("a", True)]


# ── the day an act takes effect ───────────────────────────────────────────────────────────────────────────────────

PROMULGATED = date(2024, 10, 22)


@pytest.mark.parametrize(
    ("words", "promulgated", "general"),
    [
        ("제1조(시행일) 이 법은 공포한 날부터 시행한다.", PROMULGATED, PROMULGATED),
        ("이 규칙은 공포일로부터 시행한다.", PROMULGATED, PROMULGATED),
        ("①(시행일) 본법은 공포한 날로부터 시행한다.", PROMULGATED, PROMULGATED),
        ("이 법은 공포 후 1년이 경과한 날부터 시행한다.", PROMULGATED, date(2025, 10, 23)),
        ("이 법은 공포 후 1년 6개월이 경과한 날부터 시행한다.", PROMULGATED, date(2026, 4, 23)),
        ("이 법은 공포후 6월이 경과한 날부터 시행한다.", PROMULGATED, date(2025, 4, 23)),
        ("이 법은 공포한 후 3개월이 지난 날부터 시행한다.", PROMULGATED, date(2025, 1, 23)),
        ("이 영은 공포 후 30일이 경과한 날부터 시행한다.", PROMULGATED, date(2024, 11, 22)),
        ("이 법은 공포 후 6개월이 경과한 날부터 시행한다.", date(2021, 11, 30), date(2022, 6, 1)),
        ("이 법은 공포 후 6개월이 경과한 날부터 시행한다.", date(2021, 8, 30), date(2022, 3, 1)),
        ("이 영은 2025년 1월 1일부터 시행한다.", PROMULGATED, date(2025, 1, 1)),
        ("이 규칙은 2025. 7. 1.부터 시행한다.", PROMULGATED, date(2025, 7, 1)),
        ("이 규칙은 4월 1일부터 시행한다.", date(2021, 3, 30), date(2021, 4, 1)),
        ("본법은 단기4295년 1월 1일부터 시행한다.", date(1961, 12, 8), date(1962, 1, 1)),
        ("이 영은 공포한 날부터 시행하되, 2024년 1월 1일부터 적용한다.", PROMULGATED, PROMULGATED),
        ("이 법은 「갑국과의 조약」이 발효하는 날부터 시행한다.", PROMULGATED, None),
        ("이 법은 공포 후 6개월 이내에 대통령령으로 정하는 날부터 시행한다.", PROMULGATED, None),
        ("이 법은 2025년 2월 30일부터 시행한다.", PROMULGATED, None),
        ("", PROMULGATED, None),
    ],
)
def test_general_day(words: str, promulgated: date, general: date | None) -> None:
    assert parse_effective_clause(words, promulgated).general == general


STAGED = """제1조(시행일) 이 법은 공포 후 1년이 경과한 날부터 시행한다. 다만, 다음 각 호는 그 각각의 날부터 시행한다.
1. 제60조제6항의 개정규정: 공포한 날
2. 제70조부터 제72조까지 및 제80조의2의 개정규정: 공포 후 4개월이 경과한 날
제2조(적용례) 제90조의 개정규정은 2030년 1월 1일 이후 신청하는 경우부터 적용한다.
"""


@pytest.mark.parametrize(
    ("article", "first", "last"),
    [
        ("60", date(2024, 10, 22), date(2025, 10, 23)),  # only a 항 is ahead of the rest
        ("71", date(2025, 2, 23), date(2025, 10, 23)),  # effective, but consolidated texts may wait
        ("80의2", date(2025, 2, 23), date(2025, 10, 23)),
        ("80", date(2025, 10, 23), date(2025, 10, 23)),
        ("90", date(2025, 10, 23), date(2025, 10, 23)),  # the transitional article names no day of effect
    ],
)
def test_stages(article: str, first: date, last: date) -> None:
    assert parse_effective_clause(STAGED, PROMULGATED).window(article) == (first, last)


def test_a_proviso_is_not_the_general_day() -> None:
    found = parse_effective_clause(
        "이 법은 조약이 발효하는 날부터 시행한다. 다만, 제7조는 공포한 날부터 시행한다.", PROMULGATED
    )
    assert found.general is None
    assert found.window("7") == (PROMULGATED, PROMULGATED)
    assert found.window("8") == (None, None)


def test_groups_of_people_share_the_articles_named_before_them() -> None:
    found = parse_effective_clause(
        "이 법은 공포한 날부터 시행한다. 다만, 제5조의 개정규정은 다음 각 호의 구분에 따른 날부터 시행한다.\n"
        "1. 50명 이상인 사업: 2025년 1월 1일\n2. 50명 미만인 사업: 2026년 1월 1일",
        PROMULGATED,
    )
    assert found.window("5") == (date(2025, 1, 1), date(2026, 1, 1))
    assert found.window("6") == (PROMULGATED, PROMULGATED)


@given(DAYS, st.integers(1, 60))
def test_months_end_on_the_day_before_their_day(promulgated: date, months: int) -> None:
    general = parse_effective_clause(f"이 법은 공포 후 {months}개월이 경과한 날부터 시행한다.", promulgated).general
    assert general is not None
    last_day = general - timedelta(days=1)
    begins = promulgated + timedelta(days=1)
    passed = (last_day.year - begins.year) * 12 + last_day.month - begins.month
    assert passed in (months - 1, months)
    assert general.day == begins.day or general.day == 1  # a month without that day ends with its last


# ── one edition ───────────────────────────────────────────────────────────────────────────────────────────────────

ENACTED = "부칙 <제100호,2010.3.2>\n이 법은 공포 후 6개월이 경과한 날부터 시행한다.\n"
AMENDED = "부칙 <제200호,2015.5.6>\n이 법은 공포한 날부터 시행한다.\n"
PENDING = """부칙(보험료의 징수에 관한 법률) <제300호,2026.3.17>
제1조(시행일) 이 법은 2027년 1월 1일부터 시행한다.
제2조부터 제8조까지 생략
제9조(다른 법률의 개정) ① 시험법 일부를 다음과 같이 개정한다.
제4조제1항 중 "평균"을 "월 평균"으로 한다.
② 및 ③ 생략
"""
TODAY = date(2026, 11, 21)


def edition(
    articles: dict[str, str], supplements: list[str], effective_from: date, promulgated: date, number: str
) -> tuple[Document, list[Passage]]:
    document = Document("1@2", "시험법", (), number=number, promulgated=promulgated, effective_from=effective_from)
    passages = [Passage(f"1@2#{name}", "1@2", name, text, 0, 0, ("시험법", name)) for name, text in articles.items()]
    passages += [
        Passage(f"1@2#부칙{number}", "1@2", text.split("\n")[0], text, 0, 0, ("시험법", "부칙"), role="supplement")
        for number, text in enumerate(supplements)
    ]
    return document, passages


def inferred(articles: dict[str, str], supplements: list[str], *known: date | str) -> dict[str, Inferred]:
    document, passages = edition(articles, supplements, *known)  # type: ignore[arg-type]
    return {p.locator: one for p, one in zip(passages, inferences(document, passages), strict=True) if one}


def test_a_pending_amendment_leaves_untouched_articles_in_force() -> None:
    found = inferred(
        {
            "제1조": "제1조(목적) 이 법은 시험을 목적으로 한다.",
            "제3조": "제3조(정의) 시험이란 알아보는 일이다. <개정 2015.5.6>",
            "제4조": "제4조(기록) ① 평균을 적는다. <개정 2026.3.17>",
            "제5조": "제5조(끝) ① 끝이다. <개정 2015.5.6>",
        },
        [ENACTED, AMENDED, PENDING],
        date(2027, 1, 1),
        date(2026, 3, 17),
        "300",
    )
    assert {name: found[name].verdict(TODAY) for name in ("제1조", "제3조", "제4조", "제5조")} == {
        "제1조": "verified",
        "제3조": "verified",
        "제4조": "not_in_force",
        "제5조": "verified",
    }
    assert found["제4조"].verdict(date(2027, 1, 1)) == "verified"
    assert found["제3조"].effective_from == date(2015, 5, 6)
    assert found["제1조"].effective_from == date(2010, 9, 3)


def test_another_laws_amendment_counts_without_a_mark() -> None:
    found = inferred(
        {"제4조": "제4조(기록) 월 평균을 적는다.", "제9조": "제9조(끝) 끝이다."},
        [ENACTED, PENDING],
        date(2027, 1, 1),
        date(2026, 3, 17),
        "300",
    )
    assert found["제4조"].verdict(TODAY) == "not_in_force"
    assert found["제9조"].verdict(TODAY) == "verified"


def test_an_article_without_marks_may_have_been_rewritten_by_a_past_amendment() -> None:
    known = ([ENACTED, AMENDED], date(2015, 5, 6), date(2015, 5, 6), "200")
    bare = inferred({"제1조": "제1조(목적) 가.", "제2조": "제2조(끝) 나."}, *known)["제1조"]
    assert bare.verdict(date(2012, 1, 1)) == "unchecked"
    assert bare.verdict(date(2015, 5, 6)) == "verified"
    assert bare.verdict(date(2010, 9, 2)) == "not_in_force"


def test_where_rewriting_is_marked_no_mark_means_never_amended() -> None:
    known = ([ENACTED, AMENDED], date(2015, 5, 6), date(2015, 5, 6), "200")
    found = inferred({"제1조": "제1조(목적) 가.", "제2조": "제2조(끝) 나.\n[전문개정 2015.5.6]"}, *known)
    assert found["제1조"].verdict(date(2012, 1, 1)) == "verified"
    assert found["제2조"].verdict(date(2012, 1, 1)) == "not_in_force"


def test_an_inserted_article_without_marks_may_belong_to_the_pending_act() -> None:
    pending = "부칙 <제300호,2026.6.2>\n이 법은 공포 후 6개월이 경과한 날부터 시행한다.\n"
    found = inferred(
        {"제1조": "제1조(목적) 가.", "제1조의2": "제1조의2(수단) 나.", "제2조": "제2조(끝) 다."},
        [ENACTED, pending],
        date(2026, 12, 3),
        date(2026, 6, 2),
        "300",
    )
    assert found["제1조"].verdict(TODAY) == "verified"
    assert found["제1조의2"].verdict(TODAY) == "unchecked"
    assert found["제1조의2"].verdict(date(2026, 12, 3)) == "verified"


def test_days_on_which_an_older_act_overtakes_a_younger_one_are_not_settled() -> None:
    waiting = "부칙 <제200호,2015.5.6>\n이 법은 2017년 1월 1일부터 시행한다.\n"
    quick = "부칙 <제210호,2016.2.3>\n이 법은 공포한 날부터 시행한다.\n"
    last = "부칙 <제220호,2018.2.3>\n이 법은 공포한 날부터 시행한다.\n"
    found = inferred(
        {"제1조": "제1조(목적) ① 가. <개정 2016.2.3>", "제2조": "제2조(끝) 나. <개정 2010.3.2>"},
        [ENACTED, waiting, quick, last],
        date(2018, 2, 3),
        date(2018, 2, 3),
        "220",
    )
    assert found["제1조"].effective_from == date(2016, 2, 3)
    assert found["제1조"].verdict(date(2017, 6, 1)) == "unchecked"  # the text of act 200 lacks what act 210 changed
    assert found["제1조"].verdict(date(2018, 2, 3)) == "verified"


def test_a_mark_without_its_act_settles_with_the_edition() -> None:
    found = inferred(
        {"제1조": "제1조(목적) ① 가. <개정 2014.1.7>"}, [ENACTED, AMENDED], date(2015, 5, 6), date(2015, 5, 6), "200"
    )["제1조"]
    assert (found.effective_from, found.settled_from) == (date(2014, 1, 7), date(2015, 5, 6))


def test_a_stated_day_of_effect_counts() -> None:
    found = inferred(
        {"제1조": "제1조(목적) ① 가. <개정 2015.5.6>\n[시행일: 2028.1.1] 제1조"},
        [ENACTED, AMENDED],
        date(2015, 5, 6),
        date(2015, 5, 6),
        "200",
    )["제1조"]
    assert found.verdict(TODAY) == "not_in_force"


def test_infer_fills_validity_and_supplements_hold_from_their_own_day() -> None:
    document, passages = edition(
        {"제1조": "제1조(목적) 가."}, [ENACTED, PENDING], date(2027, 1, 1), date(2026, 3, 17), "300"
    )
    filled = infer(document, passages)
    assert [passage.id for passage in filled] == [passage.id for passage in passages]
    assert [passage.validity.effective_from for passage in filled] == [
        date(2010, 9, 3),
        date(2010, 9, 3),
        date(2027, 1, 1),
    ]
    assert all(passage.validity.inferred for passage in filled)


def test_a_document_without_dates_or_supplements() -> None:
    undated = Document("1", "메모", ())
    passages = [Passage("1#제1조", "1", "제1조", "제1조 가.", 0, 0, ("메모", "제1조"))]
    assert infer(undated, passages) == passages
    dated = Document("1", "지침", (), effective_from=date(2020, 1, 1))
    assert infer(dated, passages)[0].validity.effective_from == date(2020, 1, 1)


@given(st.text(alphabet="부칙제조항의<>[]().,공포후한날부터시행개정 0123456789\n", max_size=200), DAYS)
def test_infer_takes_any_text(text: str, day: date) -> None:
    document, passages = edition({"제1조": text}, ["부칙 <제1호,2010.3.2>\n" + text], day, day, "1")
    assert len(infer(document, passages)) == 2
    parse_effective_clause(text, day)


# ── real laws ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def real(shared: Path) -> dict[str, History]:
    return histories(shared / "laws" / "history-2026-06.tar.xz")


@pytest.mark.shared
def test_real_histories_give_the_edition_in_force_on_every_day_of_change(real: dict[str, History]) -> None:
    assert sum(map(len, real.values())) == 460
    for law, history in real.items():
        known = editions(history)
        intervals = timeline(known)
        for start in {one.effective_from for one in known if one.effective_from}:
            for day in (start - timedelta(days=1), start):
                holding = [one.edition for one in intervals if one.validity.in_force(day)]
                expected = in_force(known, day)
                assert holding == ([expected] if expected else []), (law, day)
                assert sum(one.validity.visible(day) for one in intervals) == 1


@pytest.mark.shared
def test_the_newest_edition_alone_against_the_full_history(real: dict[str, History]) -> None:
    found = figures(real)
    assert found["all"]["false_verified"] == 0
    assert found["all"]["false_not_in_force_of_claims"] <= 0.01
    assert found["all"]["false_not_in_force_of_pairs"] <= 0.005
    assert found["today"]["unchecked_share"] <= 0.04
    assert found["today"]["verified_share"] >= 0.95


@pytest.mark.shared
def test_the_labour_standards_act_is_in_force_save_the_article_amended_for_2027(real: dict[str, History]) -> None:
    document, passages = real["근로기준법"][-1]
    assert document.effective_from == date(2027, 1, 1)
    pending = [
        passage.locator
        for passage, one in zip(passages, inferences(document, passages), strict=True)
        if one and passage.role == "body" and one.verdict(TODAY) != "verified"
    ]
    assert pending == ["제43조의6"]
