"""Days that 특허법 decides, against days counted by hand on a printed calendar."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag import display
from govrag.errors import InvalidFacts, NoRate
from govrag.pipelines.labour.calculators.holidays import is_holiday
from govrag.pipelines.patents.days import critical_date, deadline, grace, prior_art_status, priority

SATURDAY = 5


def day(text: str) -> date:
    return date.fromisoformat(text)


# what, counted from, extensions, last day: how it was found by hand
DEADLINES = [
    ("opinion", "2025-07-10", 0, "2025-09-10"),  # still 2 months; a Wednesday
    ("opinion", "2025-07-11", 0, "2025-11-11"),  # 4 months from that day on; a Tuesday
    ("opinion", "2025-09-01", 0, "2026-01-02"),  # 4 months end on 1 January, a holiday; 2 January is a Friday
    ("opinion", "2024-12-31", 0, "2025-02-28"),  # counted from 1 January: January and February, whole months
    ("opinion", "2024-12-30", 0, "2025-02-28"),  # counted from 31 December; no 31 February: its last day
    ("opinion", "2025-03-05", 0, "2025-05-07"),  # 5 May is two holidays in one, the 6th their substitute
    ("opinion", "2024-03-01", 0, "2024-05-02"),  # 1 May was no public holiday then, and 제14조제4호 names it
    ("opinion_extended", "2025-08-31", 2, "2026-03-03"),  # 28.2. Saturday, 1.3. Sunday, 2.3. its substitute
    ("opinion_extended", "2025-11-18", 1, "2026-04-20"),  # 5 months end on Saturday 18 April; Monday is the 20th
    ("opinion_extended", "2025-03-05", 1, "2025-06-05"),  # 2+1 months: the holidays of May do not matter
    ("exam_request", "2022-05-10", 0, "2025-05-12"),  # 3 years end on a Saturday
    ("exam_request", "2017-02-28", 0, "2022-02-28"),  # 5 years for filings before 1 March 2017; a Monday
    ("exam_request", "2017-03-01", 0, "2020-03-02"),  # 3 years end on Sunday 1 March 2020, without a substitute
    ("exam_request", "2020-02-29", 0, "2023-02-28"),  # counted from 1 March: ends with February
    ("reexamination", "2022-04-19", 0, "2022-05-19"),  # 30 days: 11 left in April, 19 in May
    ("reexamination", "2022-04-20", 0, "2022-07-20"),  # 3 months
    ("reexamination", "2025-06-30", 1, "2025-10-30"),  # until 30 September, and 30 days
    ("appeal", "2026-02-01", 0, "2026-05-04"),  # 1 May is a Friday
    ("appeal", "2025-06-30", 0, "2025-09-30"),  # counted from 1 July: three whole months
    ("appeal", "2022-04-19", 1, "2022-06-20"),  # 30 days to 19 May, 30 more to Saturday 18 June; Monday the 20th
    ("publication", "2024-01-10", 0, "2025-07-10"),  # 18 months
    ("publication", "2023-07-01", 0, "2025-01-01"),  # no procedure: a holiday moves nothing
    ("term", "2005-03-02", 0, "2025-03-02"),  # 20 years; a Sunday moves nothing
    ("term", "2004-02-29", 0, "2024-02-29"),  # both are leap years
    ("grace_proof", "2026-04-01", 0, "2026-05-04"),  # 30 days end on 1 May, a Friday
    ("grace_proof", "2025-09-05", 0, "2025-10-10"),  # 5.-7.10. Chuseok, 8th its substitute, 9th 한글날
    ("exam_request", "2025-11-20", 0, "2028-11-20"),  # a Monday of a year whose calendar is not known
]


@pytest.mark.parametrize(("what", "start", "extended", "last"), DEADLINES)
def test_a_period_ends_on_the_day_counted_by_hand(what: Any, start: str, extended: int, last: str) -> None:
    found = deadline(what, day(start), months_extended=extended)
    assert found.day == day(last)
    assert found.rule == what
    assert "특허법 제14조" in found.articles


def test_steps_say_why_a_day_moved() -> None:
    found = deadline("opinion", day("2025-03-05"))
    assert [step for step in found.steps if "다음 날로" in step] == [
        "공휴일(부처님 오신 날ㆍ어린이날)이므로 다음 날로 옮긴다: 2025-05-06(화)",
        "공휴일(부처님 오신 날ㆍ어린이날 대체공휴일)이므로 다음 날로 옮긴다: 2025-05-07(수)",
    ]
    assert "특허법 제14조제4호" in found.articles
    assert "특허법 제14조제4호" not in deadline("opinion", day("2025-07-11")).articles


def test_a_year_whose_calendar_is_not_known_is_said_and_a_day_that_may_be_a_holiday_refused() -> None:
    known = deadline("exam_request", day("2025-11-20"))
    assert known.day is not None
    assert any("2028년의 월력요항" in one for one in known.to_check)
    refused = deadline("exam_request", day("2026-02-10"))  # 10 February 2029: about the lunar new year
    assert refused.day is None
    assert any("2029-02-10" in one for one in refused.to_check)
    assert any("2029-02-10(토)" in step for step in refused.steps)


def test_more_extensions_than_usual_have_to_be_checked() -> None:
    usual = deadline("opinion", day("2025-07-11"), months_extended=4)
    more = deadline("opinion", day("2025-07-11"), months_extended=5)
    assert usual.day == day("2026-03-11")
    assert more.day == day("2026-04-13")  # 11 April is a Saturday
    assert not any("정당한 사유" in one for one in usual.to_check)
    assert any("정당한 사유" in one for one in more.to_check)
    assert more.assumptions


@pytest.mark.parametrize("what", ["exam_request", "publication", "term", "grace_proof"])
def test_what_cannot_be_extended_is_refused(what: Any) -> None:
    with pytest.raises(InvalidFacts):
        deadline(what, day("2025-03-05"), months_extended=1)


def test_what_was_not_read_in_the_law_is_said() -> None:
    before, since = deadline("opinion", day("2025-07-10")), deadline("opinion", day("2025-07-11"))
    assert any("공개 자료" in one for one in before.assumptions)
    assert since.assumptions == ()
    rows = tomllib.loads((files("govrag.pipelines.patents") / "data/days.toml").read_text(encoding="utf-8"))["period"]
    assert all(row.get("check") for row in rows if row["evidence"] != "read")
    for earlier, later in pairwise(rows):
        assert earlier["what"] != later["what"] or earlier["to"] == later["from"]


def test_a_day_that_no_rule_covers_is_refused() -> None:
    with pytest.raises(NoRate) as refused:
        deadline("reexamination", day("2005-03-05"))
    assert "2009-07-01" in refused.value.ko
    with pytest.raises(InvalidFacts):
        deadline("term", day("1903-03-05"))


PRIORITIES = [
    ("paris", "2024-03-05", "2025-03-05", True, "2025-03-05"),  # a Wednesday, the last day itself
    ("paris", "2024-03-05", "2025-03-06", False, "2025-03-05"),
    ("paris", "2024-02-29", "2025-02-28", True, "2025-02-28"),  # counted from 1 March: ends with February
    ("domestic", "2024-05-04", "2025-05-07", True, "2025-05-07"),  # 4 May a Sunday, the 5th and 6th holidays
    ("domestic", "2024-05-04", "2025-05-08", False, "2025-05-07"),
    ("domestic", "2024-05-04", "2024-05-04", True, "2025-05-07"),
]


@pytest.mark.parametrize(("kind", "first", "filing", "holds", "last"), PRIORITIES)
def test_priority_lasts_a_year(kind: Any, first: str, filing: str, holds: bool, last: str) -> None:
    found = priority(kind, day(first), day(filing))
    assert (found.holds, found.day) == (holds, day(last))


def test_priority_of_a_later_filing_is_refused() -> None:
    with pytest.raises(InvalidFacts):
        priority("paris", day("2025-03-05"), day("2024-03-05"))


def test_priority_that_turns_on_an_unknown_holiday_is_left_open() -> None:
    first, nominal = day("2028-02-10"), day("2029-02-10")
    assert priority("paris", first, nominal).holds is True
    later = priority("paris", first, nominal + timedelta(days=2))
    assert (later.holds, later.day) == (None, None)
    assert later.to_check
    # Until somebody looks it up, nothing public after the priority is held against the claim.
    assert critical_date(nominal + timedelta(days=2), priority=first).day == first


def test_the_critical_date_is_of_a_claim() -> None:
    filing, first = day("2025-03-05"), day("2024-03-05")
    assert critical_date(filing).day == filing
    assert critical_date(filing, priority=first).day == first
    assert critical_date(day("2025-03-06"), priority=first).day == day("2025-03-06")  # a day too late
    assert "특허법 제55조제3항" in critical_date(filing, priority=first, kind="domestic").articles


STATED: dict[str, Any] = {"statement_on": day("2025-03-03"), "proof_on": day("2025-04-02")}
GRACE: list[tuple[str, str, dict[str, Any], bool]] = [
    ("2024-03-02", "2025-03-04", {"statement_on": day("2025-03-04"), "proof_on": day("2025-04-03")}, True),
    # 12 months end on Sunday 2 March 2025, Monday is the substitute of 1 March: the 4th is the last day
    ("2024-03-01", "2025-03-05", {"statement_on": day("2025-03-05"), "proof_on": day("2025-03-05")}, False),
    ("2025-01-02", "2025-03-03", STATED, True),  # 30 days from 3 March: 2 April
    ("2025-01-02", "2025-03-03", STATED | {"proof_on": day("2025-04-03")}, False),  # the 31st day
    ("2025-01-02", "2025-03-03", STATED | {"proof_on": day("2025-04-03"), "late_fee": True}, True),
    ("2025-01-02", "2025-03-03", STATED | {"statement_on": day("2025-03-20")}, False),  # not when it was filed
    ("2025-01-02", "2025-03-03", STATED | {"statement_on": day("2025-03-20"), "late_fee": True}, True),
    ("2025-01-02", "2025-03-03", {"proof_on": day("2025-03-03"), "late_fee": True}, False),  # never stated
    ("2025-01-02", "2025-03-03", STATED | {"statutory_publication": True}, False),
    ("2025-01-02", "2025-03-03", {"by": "against_will"}, True),  # no statement needed
    ("2025-01-02", "2025-03-03", {"by": "against_will", "statutory_publication": True}, True),  # 제1호 단서 only
    ("2024-01-02", "2025-03-03", {"by": "against_will"}, False),  # 14 months
    ("2025-03-04", "2025-03-03", STATED, False),  # later than the filing: nothing to pass over
    ("2024-01-02", "2025-03-03", STATED | {"priority": day("2024-05-02"), "kind": "paris"}, False),
    ("2024-01-02", "2025-03-03", STATED | {"priority": day("2024-05-02"), "kind": "domestic"}, True),
    ("2024-06-03", "2025-03-03", STATED | {"priority": day("2024-05-02"), "kind": "paris"}, False),  # not prior at all
    ("2011-09-01", "2012-03-14", STATED | {"statement_on": day("2012-03-14")}, False),  # 6 months: 1 March 2012 …
]


@pytest.mark.parametrize(("disclosed", "filing", "given_", "holds"), GRACE)
def test_the_grace_period(disclosed: str, filing: str, given_: dict[str, Any], holds: bool) -> None:
    found = grace(day(disclosed), day(filing), **given_)
    assert found.holds is holds
    assert "특허법 제30조제1항" in found.articles


def test_late_papers_rest_on_their_own_paragraph_and_time() -> None:
    late = grace(day("2025-01-02"), day("2025-03-03"), **(STATED | {"proof_on": day("2025-04-03")}), late_fee=True)
    assert "특허법 제30조제3항" in late.articles
    assert any("3개월" in one for one in late.to_check)
    before = grace(  # filed a day before the paragraph came into force
        day("2015-05-04"), day("2015-07-28"), statement_on=day("2015-08-28"), proof_on=day("2015-08-28"), late_fee=True
    )
    assert before.holds is False


def test_a_priority_whose_kind_is_not_known_is_taken_for_a_foreign_one_and_said() -> None:
    found = grace(day("2024-01-02"), day("2025-03-03"), **STATED, priority=day("2024-05-02"))
    assert found.holds is False
    assert any("우선권의 종류" in one for one in found.to_check)


FILED = day("2024-05-02")
KR: dict[str, Any] = {"art_kind": "kr_application", "same_applicant": False, "same_inventor": False}
ART: list[tuple[dict[str, Any], str]] = [
    ({"art_kind": "publication", "art_public": day("2024-05-01")}, "29-1"),
    ({"art_kind": "publication", "art_public": FILED}, "none"),  # the same day
    ({"art_kind": "publication", "art_public": day("2024-05-03")}, "none"),
    ({"art_kind": "publication", "art_public": None}, "unknown"),
    ({"art_kind": "publication", "art_public": day("2024-02-01"), "priority": day("2024-01-02")}, "none"),
    ({"art_kind": "publication", "art_public": day("2024-02-01"), "priority": day("2023-01-02")}, "29-1"),  # missed
    (KR | {"art_public": day("2024-04-01"), "art_filing": day("2022-10-01")}, "29-1"),
    (KR | {"art_public": day("2024-06-01"), "art_filing": day("2022-12-01")}, "29-3"),
    (KR | {"art_public": FILED, "art_filing": day("2022-11-01")}, "29-3"),  # laid open on the day of filing
    (KR | {"art_public": day("2024-06-01"), "art_filing": day("2022-12-01"), "same_applicant": True}, "none"),
    (KR | {"art_public": day("2024-06-01"), "art_filing": day("2022-12-01"), "same_inventor": True}, "none"),
    (KR | {"art_public": day("2025-11-02"), "art_filing": FILED}, "36"),
    (KR | {"art_public": day("2025-11-02"), "art_filing": FILED, "same_applicant": True}, "36"),
    (KR | {"art_public": day("2025-11-02"), "art_filing": day("2024-05-03")}, "none"),
    (KR | {"art_public": None, "art_filing": day("2024-01-02"), "art_granted_or_published": False}, "none"),
    (KR | {"art_public": None, "art_filing": day("2024-01-02"), "art_granted_or_published": True}, "29-3"),
    (KR | {"art_public": None, "art_filing": day("2024-01-02")}, "unknown"),
    (KR | {"art_public": day("2024-06-01")}, "unknown"),  # when it was filed is not known
    (
        KR | {"art_public": day("2024-06-01"), "art_filing": day("2023-12-01"), "priority": day("2023-11-01")},
        "none",  # the claim's priority is earlier
    ),
]


@pytest.mark.parametrize(("art", "status"), ART)
def test_what_an_earlier_paper_counts_as(art: dict[str, Any], status: str) -> None:
    assert prior_art_status(FILED, **art).status == status


def test_an_earlier_application_of_unknown_people_is_shown_with_what_to_check() -> None:
    found = prior_art_status(
        FILED, art_kind="kr_application", art_public=day("2024-06-01"), art_filing=day("2022-12-01")
    )
    assert found.status == "29-3"
    assert {"출원인이 같은지(출원한 때)", "발명자가 같은지"} <= set(found.to_check)


def test_a_paper_public_before_it_was_filed_is_refused() -> None:
    with pytest.raises(InvalidFacts):
        prior_art_status(FILED, art_kind="kr_application", art_public=day("2022-01-01"), art_filing=day("2022-12-01"))


# ── what it looks like ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_day_says_the_result_first_and_what_to_check_last() -> None:
    lines = display.text(deadline("opinion", day("2025-09-01"))).splitlines()
    assert lines[0] == "의견서 제출기한: 2026-01-02"
    assert lines[-1].startswith("※ 확인할 것: 통지서에 적힌")
    assert "특허법 시행규칙 제16조제1항제2호" in lines[-2]


def test_answers_are_words_in_both_languages() -> None:
    missed = priority("paris", day("2024-03-05"), day("2025-03-06"))
    assert display.text(missed).startswith("우선권: 인정되지 않는다")
    assert "last day: 2025-03-05" in display.text(missed, lang="en")
    earlier = prior_art_status(FILED, art_kind="publication", art_public=day("2024-05-01"))
    assert display.text(earlier).startswith("선행기술 지위: 제29조제1항")
    assert display.text(deadline("exam_request", day("2026-02-10"))).startswith("출원심사 청구기한: 정할 수 없다")


# ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────

starts = st.dates(day("2020-01-01"), day("2027-06-30"))
near = st.dates(day("2021-01-01"), day("2026-12-31"))


@given(starts)
def test_a_last_day_is_a_working_day_not_before_the_period_is_over(start: date) -> None:
    last = deadline("grace_proof", start).day
    assert last is not None
    assert last >= start + timedelta(days=30)
    assert last.weekday() != SATURDAY
    assert not is_holiday(last)
    assert (last.month, last.day) != (5, 1)


@given(starts, st.integers(0, 6))
def test_who_starts_or_extends_later_ends_no_earlier(start: date, extended: int) -> None:
    one = deadline("opinion", start, months_extended=extended).day
    next_day = deadline("opinion", start + timedelta(days=1), months_extended=extended).day
    longer = deadline("opinion", start, months_extended=extended + 1).day
    assert one is None or next_day is None or one <= next_day
    assert one is None or longer is None or one <= longer


@given(near, near, near)
def test_an_earlier_critical_date_never_makes_more_prior_art(filing: date, first: date, public: date) -> None:
    first = min(first, filing)
    without = prior_art_status(filing, art_kind="publication", art_public=public)
    with_priority = prior_art_status(filing, art_kind="publication", art_public=public, priority=first)
    assert (without.status == "29-1") == (public < filing)
    assert with_priority.status != "29-1" or without.status == "29-1"


@given(near, near)
def test_what_is_passed_over_was_filed_in_time(disclosed: date, filing: date) -> None:
    found = grace(disclosed, filing, by="against_will")
    assert found.day is not None
    assert found.holds == (disclosed <= filing <= found.day)
