"""How officers, owners, workers and teenagers put a fact, and words that only look like it.

Every sentence is invented. The day of asking is Saturday, 21 November 2026.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.pipelines.labour.facts import checked
from govrag.pipelines.labour.speech import spoken
from govrag.pipelines.labour.speech.spoken import of_first, said
from govrag.records.facts import known

AS_OF = date(2026, 11, 21)


def _facts(text: str) -> dict[str, Any]:
    return known(of_first(said(text, as_of=AS_OF)))


def _days(**days: str) -> dict[str, date]:
    return {name: date.fromisoformat(day) for name, day in days.items()}


SERVED: list[tuple[str, int | str]] = [
    ("5개월째 일하고 있습니다.", 5),
    ("여기서 2년 다녔습니다.", 24),
    ("입사 8개월 차 직원입니다.", 8),
    ("일한 지 1년 반 됐어요.", 18),
    ("만 1년을 채우고 나왔습니다.", 12),
    ("딱 1년 계약으로 일하고 끝났습니다.", 12),
    ("2년 3개월 근무한 직원입니다.", 27),
    ("석 달 일하고 그만뒀어요.", 3),
    ("입사한 지 두 달 된 사원입니다.", 2),
    ("재직기간은 총 4년 6개월입니다.", 54),
    ("삼 년 동안 근무하였음.", 36),
    ("일 시작한 지 한 달밖에 안 됐는데요.", 1),
    ("10년 넘게 근속한 근로자입니다.", 120),
    ("반년 다니다가 나왔어요.", 6),
    ("들어온 지 3주 된 신입입니다.", "0.7"),  # 21 ÷ 30
    ("여섯 달 만에 그만뒀음", 6),
    ("카페에서 7개월 일했는데요", 7),
    ("1년 2개월 근무 후 퇴사하였습니다.", 14),
    ("그 가게에서 1년 넘게 일했어요.", 12),
    ("근속 3년입니다.", 36),
    ("식당에서 서빙 알바를 4개월째 하고 있어요.", 4),
    ("아르바이트를 세 달 했는데요", 3),
    ("3년 전에 입사했습니다.", 36),
    ("수습 2개월째인데요", 2),
    ("1년 4개월 동안 그 공장에 다녔음.", 16),
]


@pytest.mark.parametrize(("text", "months"), SERVED)
def test_service(text: str, months: int | str) -> None:
    found = _facts(text)
    assert found.pop("served_months") == Decimal(months)
    assert found.keys() <= {"contract_type", "occupation"}


NOT_SERVED = [
    "월급이 3개월째 밀렸습니다.",
    "수습 기간은 3개월입니다.",
    "1년 계약을 맺었는데 갑자기 나가라고 합니다.",
    "3개월치 월급을 못 받았어요.",
    "동료는 5년 일하고 그만뒀습니다.",
    "서류는 3년간 보존하여야 한다.",
    "1년에 15일이 생기나요?",
    "계약 기간이 2년을 넘으면 무기계약이 되나요?",
    "육아휴직을 1년 쓰고 싶습니다.",
    "2개월 뒤에 퇴사할 예정입니다.",
    "매주 3일 일합니다.",
    "일주일에 3일 일해요.",
    "임신 10주 차예요.",
    "1년 이상 일하면 퇴직금을 받나요?",
    "회사가 3개월 전부터 월급을 안 줘요.",
    "사고로 2주 쉬었더니 해고한다고 해요.",
]


@pytest.mark.parametrize("text", NOT_SERVED)
def test_no_service(text: str) -> None:
    assert "served_months" not in _facts(text)


NOTICE: list[tuple[str, int]] = [
    ("당일 해고당했습니다.", 0),
    ("해고 당일에 통보받았습니다.", 0),
    ("사장이 그 자리에서 바로 해고했어요.", 0),
    ("예고 없이 해고되었습니다.", 0),
    ("아무 예고도 없이 잘렸어요.", 0),
    ("사전 통보 없이 내보냈습니다.", 0),
    ("즉시 해고하였습니다.", 0),
    ("내일부터 나오지 말라고 합니다.", 1),
    ("내일부터 안 나와도 된대요.", 1),
    ("보름 전에 해고를 통보했습니다.", 15),
    ("해고 3주 전에 미리 알려줬어요.", 21),
    ("한 달 전에 해고한다고 말했습니다.", 30),
    ("20일 전에 해고 예고를 하였음.", 20),
    ("열흘 뒤에 나가라고 했습니다.", 10),
    ("2주 뒤부터 나오지 말라고 하네요.", 14),
    ("45일 전에 해고를 통지했습니다.", 45),
    ("일주일 전에 그만두라고 통보받았어요.", 7),
    ("해고 예고기간은 25일이었습니다.", 25),
    ("다음 날부터 나오지 말라며 내보냈어요.", 1),
    ("바로 전날 해고 통보를 받았습니다.", 1),
    ("낼부터 나오지 말래요ㅠㅠ", 1),
    ("예고 없이 해고하면 얼마를 줘야 하나요?", 0),  # a question's own case
]


@pytest.mark.parametrize(("text", "days"), NOTICE)
def test_days_of_notice(text: str, days: int) -> None:
    assert _facts(text) == {"days_of_notice": days}


NO_NOTICE = [
    "30일 전 예고 없이 해고했습니다.",  # fewer than 30: how many?
    "30일 전에 해고를 예고해야 하나요?",
    "한 달 전에 퇴사 의사를 알렸습니다.",
    "해고당한 뒤 보름이 지났습니다.",
    "바로 옆 가게에서 일합니다.",
    "당일 배송을 맡고 있습니다.",
    "해고예고수당은 30일분입니다.",
    "해고하려면 며칠 전에 알려야 하나요?",
    "2주 전에 퇴사한다고 말했어요.",
    "연차를 3일 전에 신청하라고 하면서 해고했습니다.",
]


@pytest.mark.parametrize("text", NO_NOTICE)
def test_no_days_of_notice(text: str) -> None:
    assert "days_of_notice" not in _facts(text)


WORKERS: list[tuple[str, int]] = [
    ("종업원만 3명인 분식집이에요.", 3),
    ("회사 인원 30명입니다.", 30),
    ("우리 회사는 12명이에요.", 12),
    ("사업장은 25명 규모입니다.", 25),
    ("3인 식당을 하고 있습니다.", 3),
    ("식당(5명)에 근무함.", 5),
    ("상시 60명을 씁니다.", 60),
    ("세 명이 돌아가며 일하는 편의점입니다.", 3),
    ("종업원 둘뿐인 가게예요.", 2),
    ("직원 하나 두고 장사합니다.", 1),
    ("저까지 넷이에요.", 4),
    ("저까지 합쳐서 네 명입니다.", 4),
    ("300명 규모 회사입니다.", 300),
    ("10인 사업장입니다.", 10),
    ("20명 남짓 다니는 회사예요.", 20),
    ("전 직원 45명입니다.", 45),
    ("직원 수는 8명이고 공장입니다.", 8),
    ("사장님 빼고 둘이에요.", 2),
    ("저희 가게는 직원이 셋이에요.", 3),
    ("사장님이랑 저 둘뿐이에요.", 1),
    ("정직원 4명에 알바 3명이 있습니다.", 7),
    ("알바생 2명을 쓰고 있습니다.", 2),
    ("근로자 50여 명을 고용한 업체입니다.", 50),
    ("총 인원 17명입니다.", 17),
    ("사원 6명 데리고 일합니다.", 6),
    ("여섯 명이 함께 일하는 사무실입니다.", 6),
    ("직원 10명 정도 되는 회사예요.", 10),
    ("상시근로자 4명 사업장임.", 4),
    ("직원이 다섯 명도 안 돼요.", 4),
    ("직원 200명이 넘는 회사입니다.", 200),
    ("종업원은 저 빼고 둘이에요.", 3),
    ("저희 병원에는 간호사까지 합쳐 총 14명이 근무합니다.", 14),
    ("직원은 저 혼자예요.", 1),
    ("10명이 근무하는 학원입니다.", 10),
    ("직원 30명 중 10명을 내보냈습니다.", 30),
]


@pytest.mark.parametrize(("text", "workers"), WORKERS)
def test_workers(text: str, workers: int) -> None:
    found = _facts(text)
    assert found.pop("workers") == workers
    assert found.keys() <= {"contract_type", "occupation"}


NO_WORKERS = [
    "동료 2명이 그만뒀습니다.",
    "10명 중 3명이 반대했습니다.",
    "노조원 40명이 모였습니다.",
    "손님이 하루 50명입니다.",
    "저까지 세 명이 해고당했습니다.",
    "직원 2명에게 월급을 안 줬습니다.",
    "50인 사업장부터 적용되나요?",
    "4인 가족입니다.",
    "친구 셋이 월급을 못 받았습니다.",
    "상시 10명 이상이면 신고해야 합니다.",
    "우리 회사는 3명이 그만뒀어요.",
    "대기업은 직원이 1000명이 넘습니다.",
    "매장에 손님이 50명씩 옵니다.",
    "상시 근로자 수가 4명에서 5명을 왔다갔다 합니다.",
]


@pytest.mark.parametrize("text", NO_WORKERS)
def test_no_workers(text: str) -> None:
    assert "workers" not in _facts(text)


DAYS: list[tuple[str, dict[str, date]]] = [
    ("7월 15일에 입사했습니다.", _days(hired_on="2026-07-15")),
    ("12월 1일에 입사했어요.", _days(hired_on="2025-12-01")),  # 2026-12-01 is to come
    (
        "입사는 2025년 9월 1일이고 8월 31일에 퇴사했습니다.",
        _days(hired_on="2025-09-01", left_on="2026-08-31"),
    ),
    ("2025년 3월 2일 입사해서 8월 31일에 퇴사했어요.", _days(hired_on="2025-03-02", left_on="2025-08-31")),
    ("9월 1일에 들어와서 3월 31일에 그만뒀어요.", _days(hired_on="2025-09-01", left_on="2026-03-31")),
    ("지난주 금요일에 해고당했습니다.", _days(dismissed_on="2026-11-13")),
    ("사흘 전에 해고됐어요.", _days(dismissed_on="2026-11-18")),
    ("그저께 잘렸어요.", _days(dismissed_on="2026-11-19")),
    ("10월 30일에 내보냈습니다.", _days(dismissed_on="2026-10-30")),
    ("올해 3월 2일에 들어온 사원입니다.", _days(hired_on="2026-03-02")),
    ("4월 6일부터 다니기 시작했어요.", _days(hired_on="2026-04-06")),
    ("출근 첫날은 5월 4일이었습니다.", _days(hired_on="2026-05-04")),
    ("마지막 근무일이 10월 31일입니다.", _days(left_on="2026-11-01")),
    ("11월 1일자로 퇴직하였음.", _days(left_on="2026-11-01")),
    ("9월 30일까지 출근했습니다.", _days(left_on="2026-10-01")),
    ("월급날인 지난달 25일이 지났습니다.", _days(payday="2026-10-25")),
    ("이번 달 10일에 받았어야 할 돈입니다.", _days(payday="2026-11-10")),
    ("12월 31일자로 해고하겠다고 합니다.", _days(dismissed_on="2026-12-31")),
    ("11월 30일까지만 나오라고 들었습니다.", _days(dismissed_on="2026-12-01")),
    ("지난달 말일에 퇴사했습니다.", _days(left_on="2026-10-31")),
    ("2025년 12월 1일부터 2월 28일까지 일했습니다.", _days(hired_on="2025-12-01", left_on="2026-03-01")),
    ("입사일은 2024. 5. 13.입니다. 퇴사는 6월 30일에 했어요.", _days(hired_on="2024-05-13")),
    ("2026년 6월 1일에 입사했습니다. 10월 5일에 해고됐어요.", _days(hired_on="2026-06-01", dismissed_on="2026-10-05")),
    ("8월 20일에 해고 통보를 받았습니다.", _days(notice_on="2026-08-20")),
    (
        "10월 1일에 해고하겠다고 통보하고 10월 31일에 해고했습니다.",
        _days(notice_on="2026-10-01", dismissed_on="2026-10-31"),
    ),
    ("9월 25일에 받기로 했는데 아직 못 받았어요.", _days(payday="2026-09-25")),
    ("10월 10일 월급을 아직 못 받았어요.", _days(payday="2026-10-10")),
]


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_days(text: str, expected: dict[str, date]) -> None:
    found = _facts(text)
    found.pop("days_of_notice", None)
    assert {name: found.get(name) for name in expected} == expected


def test_a_day_that_nobody_is_said_to_have_begun_or_left_on_is_no_fact() -> None:
    for text in ("3월 1일은 공휴일입니다.", "5월 1일에 쉬었습니다.", "매년 3월 1일에 입사식을 합니다."):
        assert _facts(text) == {}


OTHERS: list[tuple[str, dict[str, Any]]] = [
    # attendance
    ("이번 주는 하루도 안 빠지고 나갔어요.", {"absent": False}),
    ("지각은 했지만 결근은 없었습니다.", {"absent": False}),
    ("정해진 날은 다 나왔어요.", {"absent": False}),
    ("빠진 날 없이 일했습니다.", {"absent": False}),
    ("그 주는 만근하였음.", {"absent": False}),
    ("결근이 1일 있었습니다.", {"absent": True}),
    ("수요일에 하루 빠졌어요.", {"absent": True}),
    ("아파서 하루 못 나갔습니다.", {"absent": True}),
    ("늦잠 자서 하루 빼먹었는데요", {"absent": True}),
    ("1년 동안 개근했습니다.", {"attendance": Decimal(1)}),
    ("작년 내내 결근 없이 나왔어요.", {"attendance": Decimal(1)}),
    ("출근율 75 %입니다.", {"attendance": Decimal("0.75")}),
    ("작년에 85퍼센트 출근했어요.", {"attendance": Decimal("0.85")}),
    ("출근율이 80%가 안 됩니다.", {"attendance": Decimal("0.79")}),
    ("소정근로일 250일 중 200일 출근하였음.", {"attendance": Decimal("0.8")}),  # 200 ÷ 250
    ("절반 넘게 쉬었어요.", {}),
    ("연차를 하루 쉬었습니다.", {}),
    # pay
    ("월급은 줄곧 2,508,000원이었습니다.", {"monthly_wage": Decimal(2508000)}),
    ("통상시급 14,000원입니다.", {"hourly_wage": Decimal(14000)}),
    ("급여는 매달 230만 원으로 똑같아요.", {"monthly_wage": Decimal(2300000)}),
    ("기본급 210만 원에 식대 20만 원을 매달 고정으로 줍니다.", {"monthly_wage": Decimal(2300000)}),
    ("일당 9만 원 받아요.", {"daily_wage": Decimal(90000)}),
    ("주급 50만 원을 받습니다.", {}),
    ("정기상여금이 연 500만 원입니다.", {"yearly_bonus": Decimal(5000000)}),
    ("보너스는 일 년에 총 360만 원이에요.", {"yearly_bonus": Decimal(3600000)}),
    (
        "상여금은 지급일에 재직 중이어야 받습니다.",
        {"bonus_conditional": True},
    ),
    ("상여금은 그만둔 사람에게는 안 줍니다.", {"bonus_conditional": True}),
    ("기본급은 220만 원입니다.", {"monthly_wage": Decimal(2200000)}),
    # hours
    ("월 209시간 기준입니다.", {"weekly_hours": Decimal(40)}),
    ("주 5일 하루 4시간 일해요.", {"weekly_hours": Decimal(20), "daily_hours": Decimal(4)}),
    ("토·일 하루 8시간씩 일합니다.", {"weekly_hours": Decimal(16), "daily_hours": Decimal(8)}),
    ("평일 저녁 5시간씩 일했어요.", {"weekly_hours": Decimal(25), "daily_hours": Decimal(5)}),
    ("월·수·금 6시간씩 근무합니다.", {"weekly_hours": Decimal(18), "daily_hours": Decimal(6)}),
    ("월요일부터 금요일까지 하루 7시간 근무합니다.", {"weekly_hours": Decimal(35), "daily_hours": Decimal(7)}),
    ("주말에만 7시간씩 일하는 고등학생이에요.", {"weekly_hours": Decimal(14), "daily_hours": Decimal(7)}),
    (
        "9시부터 18시까지 휴게 1시간, 주 5일 근무합니다.",
        {"weekly_hours": Decimal(40), "daily_hours": Decimal(8), "break_minutes": 60},
    ),
    (
        "오전 10시부터 오후 4시까지 주 5일 일하고 쉬는 시간은 30분이에요.",
        {"weekly_hours": Decimal("27.5"), "daily_hours": Decimal("5.5"), "break_minutes": 30},
    ),
    (
        "월~금 09:00~18:00 점심시간 1시간",
        {"weekly_hours": Decimal(40), "daily_hours": Decimal(8), "break_minutes": 60},
    ),
    ("9시부터 18시까지 주 5일 일합니다.", {}),  # 제54조 gives a break, but was it given?
    (
        "연장근로를 20시간 했고 그 가운데 6시간은 밤 10시를 넘긴 것입니다.",
        {"overtime_hours": Decimal(20), "night_hours": Decimal(6)},
    ),
    ("새벽 2시까지 4시간 더 일했어요.", {"overtime_hours": Decimal(4), "night_hours": Decimal(4)}),  # 22:00–02:00
    ("밤 11시까지 3시간 더 일했습니다.", {"overtime_hours": Decimal(3), "night_hours": Decimal(1)}),  # 20:00–23:00
    ("밤 9시까지 3시간 더 일했습니다.", {"overtime_hours": Decimal(3)}),
    ("일요일에 10시간 근무했습니다.", {"holiday_hours": Decimal(10)}),
    ("추석 당일에 나와서 8시간 일했어요.", {"holiday_hours": Decimal(8)}),
    ("특근 8시간을 했습니다.", {"holiday_hours": Decimal(8)}),
    ("잔업 12시간 했어요.", {"overtime_hours": Decimal(12)}),
    ("직원에게 10시간을 더 일하게 했습니다.", {"overtime_hours": Decimal(10)}),
    ("지난달에 야근만 30시간 했습니다.", {"overtime_hours": Decimal(30)}),
    ("매일 2시간씩 더 일합니다.", {}),  # in which period?
    ("심야에 4시간 일했어요.", {"night_hours": Decimal(4)}),
    # in writing
    ("카톡으로만 해고 통보를 받았어요.", {"notified_in_writing": False}),
    ("문자 한 통으로 해고했습니다.", {"notified_in_writing": False}),
    ("말로만 나가라고 했습니다.", {"notified_in_writing": False}),
    ("해고당했는데 종이로 받은 것이 없습니다.", {"notified_in_writing": False}),
    ("해고하면서 서면은 없었습니다.", {"notified_in_writing": False}),
    ("해고 통보는 단톡방에서만 했어요.", {"notified_in_writing": False}),
    ("해고 사유와 시기를 적은 서면을 교부했습니다.", {"notified_in_writing": True}),
    ("사유 한마디 없이 해고했습니다.", {}),
    ("이유도 안 알려주고 잘랐어요.", {}),
    ("근로계약은 말로만 했습니다.", {"contract_written": False}),
    ("구두 계약만 했어요.", {"contract_written": False}),
    ("계약서 같은 건 쓴 적 없어요.", {"contract_written": False}),
    ("계약서 달라고 했는데 계속 미뤘어요.", {"contract_written": False}),
    # consent
    ("본인 동의를 받아 연장근로를 시켰습니다.", {"consent": True}),
    ("합의는 없었고 시키는 대로 야근했습니다.", {"consent": False}),
    ("동의서도 안 받고 임금을 깎았습니다.", {"consent": False}),
    ("직원 과반수가 찬성했습니다.", {"consent": True}),
    ("노조 동의를 얻어 시행하였음.", {"consent": True}),
    ("상의도 없이 월급을 깎았어요.", {"consent": False}),
    ("동의를 받아야 하는지 궁금합니다.", {}),
    # the rest
    ("임신 33주입니다.", {"pregnancy_weeks": 33}),
    ("지금 임신 10주 차예요.", {"pregnancy_weeks": 10}),
    ("34주 된 임산부입니다.", {"pregnancy_weeks": 34}),
    ("쌍둥이를 임신했어요.", {"children": 2}),
    ("출산했는데 쌍둥이라 힘들어요.", {"children": 2}),
    ("세쌍둥이를 낳았습니다.", {"children": 3}),
    ("다태아를 임신한 근로자입니다.", {"children": 2}),
    ("출산한 아이가 미숙아입니다.", {"premature": True}),
    ("팀장이 회의 때마다 막말을 합니다.", {"superior": True}),
    ("선임이 계속 욕을 해요.", {"superior": True}),
    ("사장님이 저만 따돌립니다.", {"superior": True}),
    ("후배가 저를 따돌립니다.", {}),
    ("괴롭힘을 회사에 신고했더니 조사를 안 합니다.", {"reported": True}),
    ("괴롭힘을 당해 인사팀에 알렸어요.", {"reported": True}),
    ("괴롭힘을 당했지만 아직 회사에 신고는 안 했어요.", {"reported": False}),
    ("아파트 경비 일을 합니다.", {"occupation": "아파트 경비"}),
    ("청소 일을 하고 있어요.", {"occupation": "청소"}),
    ("수습 3개월입니다.", {"probation_months": Decimal(3)}),
    ("처음 3개월은 수습이라고 했습니다.", {"probation_months": Decimal(3)}),
    ("수습은 아닙니다.", {"probation_months": Decimal(0)}),
    ("수습 기간 없이 바로 일했어요.", {"probation_months": Decimal(0)}),
    ("저는 17살이에요.", {"age": 17}),
    ("열일곱 살 고등학생입니다.", {"age": 17}),
    ("16세 학생을 쓰고 있습니다.", {"age": 16}),
    ("정년은 60세입니다.", {}),
    ("5살 아이가 있습니다.", {}),
    ("65세 경비원입니다.", {"age": 65, "occupation": "경비원"}),
    ("하루 8시간을 초과하면 연장근로인가요?", {}),
    ("부장님께 말씀드렸더니 동료가 저를 따돌립니다.", {}),
    ("상사가 아니라 동기가 괴롭힙니다.", {}),
    ("노동청에 괴롭힘을 신고했습니다.", {}),
    ("하루 2시간 단축을 신청했습니다.", {}),
    ("사장님이 톡으로 그만 나오라고 했어요.", {"notified_in_writing": False}),
    ("토,일 8시간씩 합니다.", {"weekly_hours": Decimal(16), "daily_hours": Decimal(8)}),
    ("월급 180 받고 일해요.", {"monthly_wage": Decimal(1800000)}),
    ("시급 만천 원이에요.", {"hourly_wage": Decimal(11000)}),
    ("통상임금이 월 280만 원입니다.", {"monthly_wage": Decimal(2800000)}),
    ("괴롭힘을 당해서 회사에 말했는데 소용없었어요.", {"reported": True}),
    ("상여금은 짝수 달에 나눠 주는데 그날 재직 중이어야 준대요.", {"bonus_conditional": True}),
    ("보너스는 중간에 퇴사하면 안 준대요.", {"bonus_conditional": True}),
    ("지각 3번을 결근 1일로 처리한대요.", {}),
    ("목요일에 독감으로 결근했어요.", {"absent": True}),
    ("반장이 맨날 욕하고 때려요.", {"superior": True}),
    ("2026년 9월 1일에 입사했는데 8월 10일 월급을 아직 못 받았어요.", _days(hired_on="2026-09-01")),  # 2027-08-10?
    ("2026년 3월 2일에 입사했고 12월 31일자로 퇴직합니다.", _days(hired_on="2026-03-02", left_on="2026-12-31")),
    ("평균임금은 하루 100,000원이에요.", {"average_daily_wage": Decimal(100000)}),
    (
        "저녁 6시부터 새벽 2시까지 주 6일, 쉬는 시간 30분",
        {
            "daily_hours": Decimal("7.5"),
            "worked_hours": Decimal(45),
            "break_minutes": 30,
        },
    ),  # 45 hours are more than can be agreed
    ("월급 240만 원에 고정 식대 20만 원을 받아요.", {"monthly_wage": Decimal(2600000)}),
]


@pytest.mark.parametrize(("text", "expected"), OTHERS)
def test_what_is_said_in_other_words(text: str, expected: dict[str, Any]) -> None:
    assert _facts(text) == expected


EVERYTHING = [
    *(text for text, _ in SERVED), *(text for text, _ in NOTICE), *(text for text, _ in WORKERS),
    *(text for text, _ in DAYS), *(text for text, _ in OTHERS), *NOT_SERVED, *NO_NOTICE, *NO_WORKERS,
]  # fmt: skip


def test_the_words_that_a_sentence_has_to_hold_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """[within] only saves time: without it every sentence says the same."""
    quick = [spoken.said(text, as_of=AS_OF) for text in EVERYTHING]
    patterns = tuple(replace(one, sought=frozenset()) for one in spoken._patterns())
    monkeypatch.setattr(spoken, "_patterns", lambda: patterns)
    assert [spoken.said(text, as_of=AS_OF) for text in EVERYTHING] == quick


@given(
    st.dates(date(2015, 1, 1), AS_OF),
    st.dates(date(2015, 1, 1), AS_OF),
    st.booleans(),
    st.sampled_from(["에 퇴사했습니다.", "에 해고당했습니다.", "에 내보냈어요."]),
)
def test_years_that_are_supplied_never_put_the_end_before_the_beginning(
    hired: date, left: date, dated: bool, end: str
) -> None:
    year = f"{hired.year}년 " if dated else ""
    text = f"{year}{hired.month}월 {hired.day}일에 입사해서 {left.month}월 {left.day}일{end}"
    found = of_first(said(text, as_of=AS_OF))
    leap = {(hired.month, hired.day), (left.month, left.day)} & {(2, 29)}
    assert leap or checked(found) == found
