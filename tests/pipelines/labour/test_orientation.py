"""How a question is put decides what yes means."""

from __future__ import annotations

import pytest

from govrag.pipelines.labour.choosing import is_foreign
from govrag.pipelines.labour.orientation import asks_amount, concluded, orientation

THESIS = (
    "연차를 받을 수 있나요?",
    "해고예고 없이 당일 해고하면 위법인가요?",
    "사장님이 오늘 그만두래요. 부당해고 아닌가요?",
    "이런 경우 주휴수당을 줘야 하나요?",
    "52시간 넘게 시키면 안 되나요?",
    "연차수당을 청구할 수 있는지요",
    "휴게시간을 30분만 주는 게 문제가 되나요?",
    "이 근로계약 조항은 무효인가요?",
    "회사에 조사할 의무가 있습니까?",
    "퇴직금은 얼마인가요?",
    "주휴수당",
)
PERMISSION = (
    "직원 3명인 식당인데 연차를 안 줘도 되나요?",
    "수습기간에 최저임금 90%만 줘도 되나요?",
    "계약서에 위약금을 정해도 괜찮습니까?",
    "퇴직금을 월급에 포함해서 주기로 한 약정은 유효한가요?",
    "구두로 해고할 수 있나요?",
    "동의 없이 취업규칙을 바꿀 수 있습니까?",
    "이 해고는 정당한가요?",
    "주휴수당을 줄 의무가 없나요?",
    "연차로 대체할 수 있나요?",
    "이렇게 해도 문제없는 건가요?",
    "휴게시간이 위법이라고 들었는데, 우리는 30분만 줘도 되나요?",
)


@pytest.mark.parametrize("question", THESIS)
def test_yes_means_that_the_worker_is_right(question: str) -> None:
    assert orientation(question) == "thesis"
    assert [concluded(holds, question) for holds in (True, False, None)] == ["yes", "no", "depends"]


@pytest.mark.parametrize("question", PERMISSION)
def test_yes_means_that_it_is_allowed(question: str) -> None:
    assert orientation(question) == "permission"
    assert [concluded(holds, question) for holds in (True, False, None)] == ["no", "yes", "depends"]


def test_a_number_is_asked_for() -> None:
    assert asks_amount("퇴직금은 얼마인가요?")
    assert asks_amount("연차가 며칠 생기나요?")
    assert not asks_amount("연차를 받을 수 있나요?")


@pytest.mark.parametrize(
    "question",
    ["일본 노동법에서는 연차가 며칠인가요?", "베트남의 최저임금은 얼마인가요?", "미국에서 일하는데 해고되면요?"],
)
def test_the_law_of_another_country_is_noticed(question: str) -> None:
    assert is_foreign(question)


@pytest.mark.parametrize(
    "question",
    [
        "베트남에서 온 외국인 근로자의 최저임금은 얼마인가요?",
        "중국인 직원에게도 연차를 줘야 하나요?",
        "연차는 며칠인가요?",
    ],
)
def test_a_worker_from_another_country_is_under_this_law(question: str) -> None:
    assert not is_foreign(question)
