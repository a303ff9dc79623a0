"""Three-valued conditions and rules: what is not known decides nothing, unless it makes no difference."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.pipelines.labour.conditions import Case, Condition
from govrag.pipelines.labour.facts import facts_of
from govrag.pipelines.labour.issues import Issue, Rule
from govrag.pipelines.labour.rates import Rates

DAY = date(2026, 11, 21)


def case(as_of: date = DAY, **facts: Any) -> Case:
    return Case(facts_of(facts), as_of=as_of, rates=Rates.shipped())


def holds(text: str, **facts: Any) -> bool | None:
    return Condition.parse(text).holds(case(**facts))


@pytest.mark.parametrize(
    ("text", "facts", "truth"),
    [
        ("workers >= 5", {"workers": 5}, True),
        ("workers >= 5", {"workers": 4}, False),
        ("workers >= 5", {}, None),
        ("attendance < 0.8", {"attendance": "0.79"}, True),
        ("absent == false", {"absent": False}, True),
        ("absent != true", {"absent": True}, False),
        ("contract_type == part_time", {"contract_type": "part_time"}, True),
        ("as_of >= 2026-11-21", {}, True),
        ("as_of > 2026-11-21", {}, False),
        # hired 1 January, left a year later to the day: twelve months and 365 days
        ("service_months >= 12", {"hired_on": "2025-01-01", "left_on": "2026-01-01"}, True),
        ("service_months >= 12", {"hired_on": "2025-01-01", "left_on": "2025-12-31"}, False),
        ("service_days == 365", {"hired_on": "2025-01-01", "left_on": "2026-01-01"}, True),
        # without a day of leaving, service runs to the day of the law
        ("service_days == 10", {"hired_on": "2026-11-11"}, True),
        ("service_days > 0", {}, None),
        # a term ends with its last day: a calendar year is twelve months
        ("term_months == 12", {"contract_from": "2026-01-01", "contract_to": "2026-12-31"}, True),
        ("notice_days == 30", {"notice_on": "2026-10-01", "dismissed_on": "2026-10-31"}, True),
        ("notice_days >= 30", {"dismissed_on": "2026-10-31"}, None),
        ("notice_days < 30", {"days_of_notice": 0}, True),
        ("service_months < 3", {"served_months": 2}, True),
        ("service_months < 3", {"served_months": 2, "hired_on": "2026-01-01"}, False),  # days are surer than a count
        # dismissed on 10 July: the last day for relief is 10 October, a Saturday, so 12 October
        ("relief_over == true", {"dismissed_on": "2026-07-10"}, True),
        ("relief_over == true", {"dismissed_on": "2026-10-10"}, False),
        ("relief_over == true", {}, None),
        ("weekly_excess > 12", {"worked_hours": 53}, True),
        ("weekly_excess > 12", {"worked_hours": 52}, False),
        ("below_minimum == true", {"hourly_wage": 10_000}, True),
        ("below_minimum == true", {"hourly_wage": 10_320}, False),
        ("below_minimum == true", {"monthly_wage": 2_000_000, "weekly_hours": 40}, True),
        ("below_minimum == true", {"monthly_wage": 2_000_000}, None),
        ("below_minimum == true", {"daily_wage": 80_000, "daily_hours": 8}, True),
        ("below_minimum == true", {"hourly_wage": 9_000, "payday": "2019-03-10"}, None),  # no rate is known for 2019
    ],
)
def test_a_condition_in_a_case(text: str, facts: dict[str, Any], truth: bool | None) -> None:
    assert holds(text, **facts) is truth


@pytest.mark.parametrize("text", ["workers", "workers => 5", "salary > 1", "workers>=5", ""])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no condition"):
        Condition.parse(text)


def test_the_facts_that_would_tell() -> None:
    assert case().unknown("notice_days") == ("days_of_notice",)
    assert case(dismissed_on="2026-02-01").unknown("notice_days") == ("notice_on",)
    assert case(notice_on="2026-01-01").unknown("notice_days") == ("dismissed_on",)
    assert case().unknown("below_minimum") == ("hourly_wage",)
    assert case(monthly_wage=1).unknown("below_minimum") == ("weekly_hours",)
    assert case().unknown("as_of") == ()


def rule(*when: str, then: bool) -> Rule:
    return Rule(tuple(map(Condition.parse, when)), then, f"{when} → {then}")


def issue(*rules: Rule) -> Issue:
    return Issue("x", "annual_leave", "연차", "", (), (), (), (), ("근로기준법 제60조",), rules)


def test_an_exception_that_nobody_mentions_is_presumed_away() -> None:
    short = Rule(
        (Condition.parse("weekly_hours < 15"),), False, "단시간", presumed="15시간 이상 일함",
        doubtful=(Condition.parse("contract_type == part_time"),),
    )  # fmt: skip
    one = issue(short, rule(then=True))
    decided = one.decide(case())
    assert (decided.holds, decided.unknown, decided.presumed) == (True, (), (("15시간 이상 일함", ("weekly_hours",)),))
    assert one.decide(case(weekly_hours=10)).holds is False
    assert one.decide(case(weekly_hours=20)).presumed == ()
    doubted = one.decide(case(contract_type="part_time"))
    assert (doubted.holds, doubted.unknown, doubted.presumed) == (None, ("weekly_hours",), ())


LEAVE = issue(
    rule("service_months < 1", then=False),
    rule("attendance < 0.8", "service_months >= 12", then=False),
    rule(then=True),
)


def test_the_first_rule_that_holds_decides() -> None:
    decided = LEAVE.decide(case(hired_on="2026-11-01"))
    assert (decided.holds, decided.unknown) == (False, ())
    assert LEAVE.decide(case(hired_on="2024-01-01", attendance="0.9")).holds is True
    assert LEAVE.decide(case(hired_on="2024-01-01", attendance="0.5")).holds is False


def test_what_turns_on_an_unknown_fact_is_left_open_and_asked() -> None:
    decided = LEAVE.decide(case(hired_on="2024-01-01"))
    assert (decided.holds, decided.unknown) == (None, ("attendance",))
    assert [one.holds for one in decided.open] == [False, True]


def test_an_unknown_fact_that_makes_no_difference_leaves_nothing_open() -> None:
    same = issue(rule("absent == true", then=True), rule(then=True))
    decided = same.decide(case())
    assert decided.holds is True
    assert decided.rule is same.rules[-1]


def test_a_rule_with_a_false_condition_is_out_whatever_else_is_unknown() -> None:
    one = issue(rule("absent == true", "workers < 5", then=False), rule(then=True))
    assert one.decide(case(workers=9)).holds is True


def test_without_a_rule_that_could_hold_nothing_is_decided() -> None:
    decided = issue(rule("workers < 5", then=False)).decide(case(workers=9))
    assert (decided.holds, decided.rule, decided.unknown) == (None, None, ())


@given(
    st.none() | st.integers(0, 50), st.none() | st.booleans(), st.none() | st.decimals(0, 1, places=2)
)  # fmt: skip
def test_knowing_more_never_turns_a_decision_round(
    workers: int | None, absent: bool | None, attendance: Decimal | None
) -> None:
    """A decision reached with some facts unknown stands whatever they turn out to be."""
    rules = issue(
        rule("workers < 5", then=False), rule("absent == true", "attendance < 0.8", then=False), rule(then=True)
    )
    decided = rules.decide(case(workers=workers, absent=absent, attendance=attendance))
    if decided.holds is None:
        assert decided.unknown
        return
    for more in ({"workers": 3}, {"workers": 9}):
        for known in ({"absent": True, "attendance": "0.5"}, {"absent": False, "attendance": "0.9"}):
            given_ = {"workers": workers, "absent": absent, "attendance": attendance}
            facts = {
                name: known.get(name, more.get(name)) if value is None else value for name, value in given_.items()
            }
            assert rules.decide(case(**facts)).holds is decided.holds
