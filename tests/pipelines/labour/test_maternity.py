"""Leave around a birth."""

from __future__ import annotations

from datetime import date

import pytest

from govrag.errors import InvalidFacts, NoRate
from govrag.pipelines.labour.calculators.maternity import maternity_leave


@pytest.mark.parametrize(
    ("on", "children", "premature", "days", "after", "paid"),
    [
        (date(2026, 11, 21), None, None, 90, 45, 60),  # 제74조제1항 본문
        (date(2026, 11, 21), 2, None, 120, 60, 75),  # 둘 이상
        (date(2026, 11, 21), 3, False, 120, 60, 75),  # 셋도 둘 이상
        (date(2026, 11, 21), 1, True, 100, 45, 60),  # 미숙아, 2025-02-23부터
        (date(2025, 2, 23), 1, True, 100, 45, 60),  # 그 첫날: 2024-10-22 공포 후 4개월이 경과한 날
        (date(2014, 7, 1), 2, None, 120, 60, 75),  # 다태아 휴가의 첫날
    ],
)
def test_days_before_and_after_birth(
    on: date, children: int | None, premature: bool | None, days: int, after: int, paid: int
) -> None:
    found = maternity_leave(on=on, children=children, premature=premature)
    assert found.result == days
    assert [step.value for step in found.steps] == [f"{days}일", f"{after}일", f"{paid}일"]
    assert found.basis == "read"
    assert found.written == f"{days}일"


def test_nothing_is_guessed_for_days_before_the_rule() -> None:
    with pytest.raises(NoRate):
        maternity_leave(on=date(2025, 2, 22), premature=True)
    with pytest.raises(NoRate):
        maternity_leave(on=date(2014, 6, 30), children=2)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidFacts, match="미숙아"):
        maternity_leave(on=date(2026, 1, 1), children=2, premature=True)
    with pytest.raises(InvalidFacts, match="한 번에 낳는 아이"):
        maternity_leave(on=date(2026, 1, 1), children=0)


def test_one_child_is_assumed_and_said() -> None:
    assert maternity_leave(on=date(2026, 1, 1)).assumptions == ("한 번에 한 아이를 낳음",)
    assert maternity_leave(on=date(2026, 1, 1), children=1).assumptions == ()
