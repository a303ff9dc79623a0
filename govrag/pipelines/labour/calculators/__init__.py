"""What can be reckoned: pure functions that return a `Calculation`, and a table of them by name.

Each takes keyword arguments named like the facts of a case where they mean the same, and ``rates``; it refuses days
whose rates it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from govrag.pipelines.labour.calculators.average import average_wage, dc_contribution, severance
from govrag.pipelines.labour.calculators.discipline import pay_cut_limit
from govrag.pipelines.labour.calculators.holidays import public_holidays
from govrag.pipelines.labour.calculators.hourly import minimum_wage_check, monthly_hours, monthly_pay, ordinary_wage
from govrag.pipelines.labour.calculators.leave import annual_leave, annual_leave_fiscal, unused_leave_pay
from govrag.pipelines.labour.calculators.limits import limitation, working_time
from govrag.pipelines.labour.calculators.maternity import maternity_leave
from govrag.pipelines.labour.calculators.owed import dismissal_notice_pay, late_interest
from govrag.pipelines.labour.calculators.premium import part_time, premium_pay, shutdown_pay, weekly_holiday_pay
from govrag.records.labour import Calculation

__all__ = ["CALCULATORS", "Calculator"]


@dataclass(frozen=True, slots=True)
class Calculator:
    """A calculator in the table."""

    run: Callable[..., Calculation]
    title: str
    title_en: str
    one_of: tuple[tuple[str, ...], ...] = ()  # parameters of which each group takes one, the usual one first


_HOURLY = ("hourly_wage", "monthly_wage")
_PAID = ("monthly_wage", "hourly_wage", "daily_wage")

CALCULATORS: Mapping[str, Calculator] = {
    "ordinary_wage": Calculator(ordinary_wage, "통상임금", "Ordinary wage", (_PAID,)),
    "monthly_hours": Calculator(monthly_hours, "월 통상임금 산정 기준시간", "Paid hours of a month"),
    "monthly_pay": Calculator(monthly_pay, "시급제 월급", "Monthly pay from an hourly wage"),
    "minimum_wage": Calculator(minimum_wage_check, "최저임금 확인", "Minimum wage check", (_PAID,)),
    "weekly_holiday_pay": Calculator(weekly_holiday_pay, "주휴수당", "Weekly-holiday pay"),
    "premium_pay": Calculator(
        premium_pay, "연장·야간·휴일근로수당", "Overtime, night and holiday pay",
        (("overtime_hours", "night_hours", "holiday_hours"), _HOURLY),
    ),
    "part_time": Calculator(part_time, "단시간근로자 비례", "Part-time pro rata"),
    "annual_leave": Calculator(annual_leave, "연차휴가(입사일 기준)", "Annual leave by hire date"),
    "annual_leave_fiscal": Calculator(
        annual_leave_fiscal, "연차휴가(회계연도 기준)", "Annual leave by calendar years"
    ),
    "unused_leave_pay": Calculator(unused_leave_pay, "연차 미사용수당", "Pay for unused leave", (_PAID,)),
    "average_wage": Calculator(average_wage, "평균임금", "Average wage", (("wages", "monthly_wage", "hourly_wage"),)),
    "severance": Calculator(
        severance, "퇴직금", "Severance pay", (("monthly_wage", "average_daily_wage", "wages", "hourly_wage"),)
    ),
    "dc_contribution": Calculator(
        dc_contribution, "확정기여형퇴직연금 부담금", "Contribution to a defined-contribution pension"
    ),
    "dismissal_notice_pay": Calculator(
        dismissal_notice_pay, "해고예고수당", "Pay in lieu of notice of dismissal", (_PAID,)
    ),
    "pay_cut_limit": Calculator(pay_cut_limit, "감급 한도", "Limit of a disciplinary pay cut"),
    "shutdown_pay": Calculator(shutdown_pay, "휴업수당", "Shutdown pay"),
    "late_interest": Calculator(late_interest, "지연이자", "Interest on late wages", (("payday", "left_on"),)),
    "maternity_leave": Calculator(maternity_leave, "출산전후휴가", "Maternity leave"),
    "working_time": Calculator(
        working_time, "근로시간 한도", "Limits of working time", (("worked_hours", "worked_by_day"),)
    ),
    "limitation": Calculator(limitation, "기한과 시효", "Deadlines and limitation"),
    "public_holidays": Calculator(public_holidays, "공휴일", "Public holidays"),
}  # fmt: skip
