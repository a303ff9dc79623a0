"""Facts in the words of people who never read the Act: added up, told by the way, or told wrongly by somebody else.

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

from govrag.pipelines.labour.speech import spoken
from govrag.pipelines.labour.speech.quantities import Context
from govrag.pipelines.labour.speech.spoken import contradictions, of_first, reading, said
from govrag.records.facts import known

AS_OF = date(2026, 11, 21)
NATIVE = {1: "하나", 2: "둘", 3: "셋", 4: "넷", 5: "다섯", 6: "여섯", 7: "일곱"}


def _facts(text: str) -> dict[str, Any]:
    return known(of_first(said(text, as_of=AS_OF)))


WORKERS = [
    ("직원 스무 명 건설회사 총무입니다.", 20),
    ("직원 35명 식품공장에서 일합니다.", 35),
    ("저희 직원 넷은 전부 무급으로 쉬었어요.", 4),
    ("우리 직원 세 명은 다 같이 쉬라는 말을 들었습니다.", 3),
    ("원장님 말고는 간호사 셋이 전부인 의원이에요.", 3),
    ("사장님 빼고 기사 둘이 전부입니다.", 2),
    ("점주 말고는 알바생 네 명이 전부예요.", 4),
    ("주방 둘 홀 셋 이렇게 다섯 명 씁니다.", 5),
    ("서빙 하나, 주방 둘, 배달 하나가 전부입니다.", 4),  # 1 + 2 + 1
    ("점장 한 명하고 알바 세 명, 다 해서 넷을 두고 있습니다.", 4),
    ("제빵사 두 분, 캐셔 한 분이 전부예요.", 3),
    ("저까지 미용사 넷, 데스크 한 명이 전부인 미용실입니다.", 5),
    ("대표님이랑 디자이너 둘, 경리 하나 이렇게 넷이 일해요.", 3),  # the owner is no worker
    ("사장님하고 저, 그리고 평일에만 나오는 알바 두 명 이렇게 꾸려 갑니다.", 3),
    ("사장님 빼고 일하는 사람은 저랑 이모님 한 분, 둘이에요.", 2),
    ("저랑 기사 하나, 정비사 둘, 이렇게 넷이 일해요.", 4),  # not the three that are named
    ("병원(120명)이 이 휴가를 꼭 줘야 하나요?", 120),
    ("명절 상여금이 있습니다(250명 규모).", 250),
    ("사장님 부부 빼면 알바만 둘이에요.", 2),
    ("정직원 셋에 알바 넷, 모두 일곱 명이 일합니다.", 7),
    ("교사 여섯 명, 행정 한 명인 유치원입니다.", 7),
    ("직원이 저랑 실장님 둘뿐이에요.", 2),
    ("직원 7명 중 3명이 그만둬서 지금은 4명입니다.", 4),
    ("직원이 셋인데 사장님은 5인 미만이라 괜찮대요.", 3),  # a bound is no number where there is one
    ("사장님이 5인 미만 가게는 수당이 없대요. 저 말고 두 명이 더 일해요.", 3),
]


@pytest.mark.parametrize(("text", "workers"), WORKERS)
def test_workers(text: str, workers: int) -> None:
    assert _facts(text)["workers"] == workers
    assert not [pair for pair in contradictions(said(text, as_of=AS_OF)) if pair[0].name == "workers"]


NO_WORKERS = [
    "저희 직원 셋이 한꺼번에 그만뒀어요.",
    "우리 직원 둘은 다 나갔고 해고는 아닙니다.",
    "알바 둘, 직원 하나가 그만뒀습니다.",
    "사장님은 직원 셋, 알바 둘을 뽑겠다고 합니다.",
    "언니 둘이 일하고 있습니다.",
    "직원 10명 해고한 회사입니다.",
    "팀원 셋, 팀장 하나, 이렇게 네 명이 해고됐어요.",
    "손님 두 명, 이렇게 앉아 있었어요.",
    "하루 두 번, 한 번에 세 시간, 이렇게 다섯 시간 일해요.",
    "사업장(5명 이상)은 반드시 지켜야 합니다.",
]


@pytest.mark.parametrize("text", NO_WORKERS)
def test_numbers_of_some_people(text: str) -> None:
    assert "workers" not in _facts(text)


SERVED = [
    ("8개월째 주 25시간 일하고 있습니다.", "8"),
    ("두 달 반 만에 그냥 잘렸어요.", "2.5"),
    ("석 달 만에 오늘 바로 내보냈습니다.", "3"),
    ("1년 5개월째 가르치고 있습니다.", "17"),
    ("계약직으로 들어와서 3년 1개월 다녔습니다.", "37"),
    ("3년 넘게 주말마다 알바했어요.", "36"),
    ("카페 알바 다섯 달 했는데요.", "5"),
    ("평일 알바만 2년 했습니다.", "24"),
    ("마트 알바인데 1년이 넘었어요.", "12"),
    ("4년째 같은 업무를 맡고 있습니다.", "48"),
    ("사람을 뽑았는데 벌써 1년 8개월이 됐습니다.", "20"),
    ("만 2년을 개근했습니다.", "24"),
]


@pytest.mark.parametrize(("text", "months"), SERVED)
def test_service(text: str, months: str) -> None:
    assert _facts(text)["served_months"] == Decimal(months)


NO_SERVICE = [
    "일부러 늦게 퇴근시키는 게 반년째예요.",
    "따돌림이 7개월째예요.",
    "월급이 밀린 지 2개월째 일하고 있어요.",
    "육아휴직 5개월째입니다.",
    "감기가 2주째예요.",
    "조사를 안 하는 게 석 달째입니다.",
]


@pytest.mark.parametrize("text", NO_SERVICE)
def test_what_has_gone_on_for_months_is_no_service(text: str) -> None:
    assert "served_months" not in _facts(text)


HOURS: list[tuple[str, dict[str, Any]]] = [
    # 2.5 × 5
    (
        "월요일부터 금요일까지 하루 두 시간 반씩 나갑니다.",
        {"weekly_hours": Decimal("12.5"), "daily_hours": Decimal("2.5")},
    ),
    ("하루 3시간 30분 주 4일 일해요.", {"weekly_hours": Decimal(14), "daily_hours": Decimal("3.5")}),
    ("일주일이면 13시간 반이에요.", {"weekly_hours": Decimal("13.5")}),
    ("주 5일 풀타임입니다.", {"weekly_hours": Decimal(40)}),
    ("전일제로 근무했어요.", {"weekly_hours": Decimal(40)}),
    ("그 풀타임 직원들한테는 밥값을 줘요.", {}),
    ("일주일에 55시간씩 하고 있어요.", {"worked_hours": Decimal(55)}),
    ("주 58시간까지 운영하고 있습니다.", {"worked_hours": Decimal(58)}),
    ("한 주 60시간입니다.", {"worked_hours": Decimal(60)}),
    ("법정 한도는 주 52시간입니다.", {}),
    ("지난주에 바빠서 더 해서 총 27시간 일했어요.", {"worked_hours": Decimal(27)}),
    ("주 40시간을 안 넘었대요.", {}),
    ("원래 7시간 근무하는 분입니다.", {"daily_hours": Decimal(7)}),
    ("하루 1시간 근로시간 단축을 신청했어요.", {}),
    ("하루 두 시간 근무 단축을 거절당했습니다.", {}),
    ("지난달에 더 일한 게 12시간입니다.", {"overtime_hours": Decimal(12)}),
    ("추가로 근무한 시간이 모두 9시간입니다.", {"overtime_hours": Decimal(9)}),
    ("개천절에 사장님 부탁으로 나가서 6시간 일했어요.", {"holiday_hours": Decimal(6)}),
    ("국경일에 나와서 5시간 근무했습니다.", {"holiday_hours": Decimal(5)}),
    ("쉬는 시간이 5분도 없어요.", {"break_minutes": 0}),
    ("휴게시간은 1분도 안 줍니다.", {"break_minutes": 0}),
    ("점심시간 40분 말고는 쉬는 시간이 없습니다.", {"break_minutes": 40}),
    ("쉬는 시간이라고는 20분이 전부예요.", {"break_minutes": 20}),
    ("대체공휴일에도 매장에 나와 7시간을 근무했습니다.", {"holiday_hours": Decimal(7)}),
    ("연장까지 하면 주 49시간쯤 됩니다.", {"worked_hours": Decimal(49)}),
    ("쉬는 시간은 45분입니다.", {"break_minutes": 45}),
    ("회사는 그걸 휴게시간 30분 준 거라고 우깁니다.", {}),
]


@pytest.mark.parametrize(("text", "expected"), HOURS)
def test_hours(text: str, expected: dict[str, Any]) -> None:
    assert _facts(text) == expected


PAY: list[tuple[str, dict[str, Any]]] = [
    ("통상시급을 13,000원으로 잡으면 맞나요?", {}),
    ("회사는 시급 12,350원으로 산정해 왔습니다.", {}),
    ("회사가 통상시급을 11,800원으로 계산했는데 맞습니까?", {}),
    ("점장이 시급 9,000원만 주면 된다고 우깁니다.", {}),
    ("월급 250만원에서 식대로 매달 10만원을 뺍니다.", {"monthly_wage": Decimal(2500000)}),
    ("시급 11,800원으로 일합니다.", {"hourly_wage": Decimal(11800)}),
    ("점장은 시급 10,900원씩만 주면 된다고 합니다.", {"hourly_wage": Decimal(10900)}),
    ("통상임금 일급으로는 88,000원입니다.", {"daily_wage": Decimal(88000)}),
    ("하루 평균임금을 계산해 보니 96,500원이에요.", {"average_daily_wage": Decimal(96500)}),
    ("월급제로 2,650,000원 받습니다.", {"monthly_wage": Decimal(2650000)}),
    ("저분들한테는 밥값으로 매달 12만원을 줘요.", {}),
    ("교통비로 매월 10만 원이 나옵니다.", {}),
    # 2,300,000 + 100,000 + 150,000
    (
        "기본급 2,300,000원, 직책수당 100,000원, 식대 150,000원을 매달 똑같이 줍니다.",
        {"monthly_wage": Decimal(2550000)},
    ),
    ("상여금은 지급일에 재직 중일 것을 요건으로 합니다.", {"bonus_conditional": True}),
    (
        "정기상여금 연 4,000,000원(짝수 달 지급, 재직자 조건)입니다.",
        {"yearly_bonus": Decimal(4000000), "bonus_conditional": True},
    ),
    ("상여금에 재직자 조건은 없습니다.", {"bonus_conditional": False}),
    ("지급기한 다음 날부터 오늘까지 10일이 지났습니다.", {"payday": date(2026, 11, 11)}),
    ("급여일이 다음 달 5일이래요.", {}),  # what is not due yet is not owed
    ("연차 4개가 소멸했어요.", {"leave_unused": Decimal(4)}),
]


@pytest.mark.parametrize(("text", "expected"), PAY)
def test_pay(text: str, expected: dict[str, Any]) -> None:
    assert _facts(text) == expected


SHUTDOWN: list[tuple[str, dict[str, Any]]] = [
    ("컨베이어가 고장 나서 공장이 사흘 동안 멈췄어요.", {"employer_fault": True, "shutdown_days": 3}),
    ("냉동기 점검을 게을리해서 4일간 가동을 중단했습니다.", {"employer_fault": True, "shutdown_days": 4}),
    ("원청 주문이 크게 줄어서 12일간 일부 휴업을 했습니다.", {"employer_fault": True, "shutdown_days": 12}),
    ("부품이 제때 안 들어와서 일주일간 라인을 세웠어요.", {"employer_fault": True, "shutdown_days": 7}),
    ("매장 리모델링을 한다고 열흘 동안 문을 닫았어요.", {"employer_fault": True, "shutdown_days": 10}),
    ("사장님 결정으로 3주 동안 가게 문을 닫았습니다.", {"employer_fault": True, "shutdown_days": 21}),
    ("태풍으로 공장이 이틀 동안 섰습니다.", {"employer_fault": False, "shutdown_days": 2}),
    ("홍수가 나서 닷새 동안 영업을 못 했어요.", {"employer_fault": False, "shutdown_days": 5}),
    ("동네 전체 정전으로 하루 동안 가동을 멈췄습니다.", {"employer_fault": False, "shutdown_days": 1}),
    ("다음 주부터 2주간 매장 문을 닫는대요.", {"shutdown_days": 14}),  # no cause is told
    ("이유는 못 들었고 6일 동안 쉬라고 했어요.", {"shutdown_days": 6}),
    ("한 달 동안 문을 닫았습니다.", {}),  # 28 to 31 days
    ("매주 하루 문을 닫습니다.", {}),
    ("손님이 줄어서 시급을 깎았어요.", {}),  # no shutdown is spoken of
    ("육아휴직 중에 회사 매출이 줄었어요.", {}),
    ("태풍 때문이 아니라 그냥 쉬라고 했습니다.", {}),
]


@pytest.mark.parametrize(("text", "expected"), SHUTDOWN)
def test_shutdown(text: str, expected: dict[str, Any]) -> None:
    assert _facts(text) == expected


AGREED: list[tuple[str, dict[str, Any]]] = [
    ("수습이 끝나면 그때 근로계약서를 쓰기로 했어요.", {"contract_written": False}),
    ("근로계약서는 나중에 쓰자고 합니다.", {"contract_written": False}),
    ("그때 근로계약서를 썼어요.", {"contract_written": True}),
    ("계약서에 도장은 찍었지만 사본은 못 받았습니다.", {"contract_written": False}),
    ("근로계약서를 두 부 다 회사가 가져갔어요.", {"contract_written": False}),
    ("말로만 시급을 정하고 일을 시작했어요.", {"contract_written": False}),
    ("근로계약서는 썼는데 임금명세서는 한 장도 못 받았어요.", {"contract_written": True}),
    ("알바가 아니라 정직원입니다.", {"contract_type": "regular"}),
    ("계약서를 나중에 쓰자는 말에 속았어요.", {"contract_written": False}),
    ("초단시간 직원으로 일해요.", {"contract_type": "part_time"}),
    ("시간제 사원입니다.", {"contract_type": "part_time"}),
    ("주말 알바 하나를 두고 있어요.", {}),
    ("사장님은 알바가 무슨 휴가냐고 해요.", {}),
    ("이제 정규직(무기계약)으로 봐야 하지 않나요?", {}),
    ("2년이 지나면 무기계약이라는 말이 있던데요.", {}),
    (
        "2년 계약(2024. 5. 2. ~ 2026. 5. 1.)으로 일했어요.",
        {"contract_type": "fixed_term", "contract_from": date(2024, 5, 2), "contract_to": date(2026, 5, 1)},
    ),
    ("취업규칙을 고쳐 명절 수당을 절반으로 줄였습니다.", {"work_rules": True, "adverse": True}),
    ("보수규정의 근속수당을 폐지하는 개정을 했습니다.", {"adverse": True}),
    ("급여규정을 바꿔 식대를 올렸습니다.", {"adverse": False}),
    ("취업규칙을 손질해 수당체계를 개편했습니다.", {"work_rules": True}),  # whether for the worse is not told
    ("규정을 바꿔 수당은 그대로 두고 근로시간을 줄였습니다.", {}),
    ("수당을 신설하는 규정을 만들며 상여금은 없앴습니다.", {"adverse": True}),
    ("직원들 의견만 듣고 규정을 바꿨어요.", {"consent": False}),
    ("동의 없이 취업규칙을 변경하였습니다.", {"consent": False, "work_rules": True}),
    ("근로자 의견만 들어서 신고하면 되나요?", {}),
]


@pytest.mark.parametrize(("text", "expected"), AGREED)
def test_what_was_agreed(text: str, expected: dict[str, Any]) -> None:
    assert _facts(text) == expected


OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("11월 9일에 출근하자마자 그날부로 해고라고 했어요.", {"dismissed_on": date(2026, 11, 9), "days_of_notice": 0}),
    ("2026년 10월 30일에 예고 없이 내보냈습니다.", {"dismissed_on": date(2026, 10, 30), "days_of_notice": 0}),
    ("30일 전에 예고 없이 해고하면 위법인가요?", {}),
    ("정전이 되어서 하루 쉬었습니다.", {}),
    ("상사에게 말했더니 동료가 저를 욕했습니다.", {}),
    ("아무 이유 없이 잘랐어요.", {"just_cause": False}),
    ("미숙아로 일찍 태어났습니다.", {"premature": True}),
    ("아이를 이른둥이로 조산해서 낳았어요.", {"premature": True}),
    ("차장이 몇 달째 저한테 소리 지릅니다.", {"superior": True}),
    ("동료가 따돌려서 부장님께 괴롭힘을 신고했어요.", {"reported": True}),
    ("연차를 입사일 기준으로 관리하고 결근은 입사해서 지금까지 없습니다.", {"fiscal_year": False}),
    ("입사해서 지금까지 결근이 하루도 없습니다.", {"attendance": Decimal(1)}),
    ("건물 경비로 격일제 근무합니다.", {"occupation": "건물 경비"}),
]


@pytest.mark.parametrize(("text", "expected"), OTHERS)
def test_the_rest(text: str, expected: dict[str, Any]) -> None:
    assert _facts(text) == expected


EVERYTHING = [
    *(text for rows in (WORKERS, SERVED, HOURS, PAY, SHUTDOWN, AGREED, OTHERS) for text, *_ in rows), *NO_WORKERS,
    *NO_SERVICE,
]  # fmt: skip


def test_the_words_looked_for_first_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """[within] only saves time: without it every sentence says the same."""
    quick = [said(text, as_of=AS_OF) for text in EVERYTHING]
    patterns = tuple(replace(one, sought=frozenset()) for one in spoken._patterns())
    monkeypatch.setattr(spoken, "_patterns", lambda: patterns)
    assert [said(text, as_of=AS_OF) for text in EVERYTHING] == quick


@given(st.dictionaries(st.sampled_from(["홀", "주방", "배달", "캐셔", "데스크"]), st.integers(1, 7), min_size=2))
def test_people_named_by_their_work_are_added_up(people: dict[str, int]) -> None:
    text = ", ".join(f"{work} {NATIVE[count]}" for work, count in people.items())
    assert _facts(f"{text}가 전부예요.")["workers"] == sum(people.values())


@given(st.integers(1, 8), st.sampled_from(["", " 반", " 30분"]), st.integers(1, 5))
def test_hours_and_a_half(hours: int, half: str, days: int) -> None:
    """A week of ``days`` days; what comes to more than 40 hours (8½ × 5) cannot be agreed, and is none."""
    each = hours + (Decimal("0.5") if half else Decimal(0))
    found = _facts(f"하루 {hours}시간{half}씩 주 {days}일 일합니다.")
    assert found.get("weekly_hours", found.get("worked_hours")) == each * days


@given(st.decimals(0, 24, places=2))
def test_hours_without_their_unit_read_the_same(hours: Decimal) -> None:
    assert reading("daily_hours", f"{hours}", Context(AS_OF)) == hours
