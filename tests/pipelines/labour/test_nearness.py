"""An absence is said only where nothing comes near it: plain words of small offices, and what is really missing."""

from __future__ import annotations

from datetime import date

import pytest

from govrag.pipelines.labour.contracts.clauses import found
from govrag.pipelines.labour.contracts.contract import Contract
from govrag.pipelines.labour.contracts.nearness import near
from govrag.pipelines.labour.contracts.paper import Clause, clauses
from govrag.pipelines.labour.contracts.plain_words import plain_clauses, plain_words
from govrag.pipelines.labour.contracts.rules_of_employment import RulesOfEmployment
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document, Section

PLAIN = """# 같이 일하는 약속

**하는 일** 자전거 수리하기, 부품 정리하기
**오는 데** 강릉 교동 네거리 자전거포
**언제부터** 2026년 3월 2일, 끝나는 날은 없음
**시각** 월~금 아침 9시에 나와 저녁 6시에 들어간다. 12시부터 1시까지 쉼
**돈** 한 달 2,500,000원
**주는 때** 다음 달 5일, 본인 통장
**노는 날** 일요일 주휴(돈 나옴), 빨간 날도 돈 나옴
**연차** 근로기준법대로
**종이** 두 장 써서 한 장씩 가짐
"""
DIALECT = """# 우리 공방 약조

{}
"""


def paper(text: str, title: str = "근로계약서") -> Document:
    return Document(id="paper", title=title, sections=(Section(kind="text", text=text),))


def examined(text: str) -> dict[str, Observation]:
    document = paper(text)
    examiner = Contract()
    seen = examiner.examine(document, facts=examiner.facts(document), as_of=date(2026, 11, 21), rates=Rates.shipped())
    return {one.check: one for one in seen}


def test_a_contract_in_plain_words_lacks_nothing() -> None:
    assert [one.check for one in examined(PLAIN).values() if one.outcome == "violation"] == []


@pytest.mark.parametrize(
    ("field", "check"),
    [
        ("**돈** 한 달 2,500,000원\n", "contract_wage"),
        ("**노는 날** 일요일 주휴(돈 나옴), 빨간 날도 돈 나옴\n", "contract_holiday"),
        ("**연차** 근로기준법대로\n", "contract_leave"),
        ("**주는 때** 다음 달 5일, 본인 통장\n", "contract_payment"),
    ],
)
def test_what_is_taken_out_of_it_is_missed(field: str, check: str) -> None:
    assert PLAIN.count(field) == 1
    assert examined(PLAIN.replace(field, ""))[check].outcome == "violation"


@pytest.mark.parametrize(
    ("item", "text", "stated"),
    [
        ("place", "저 아래 가게 안에서 빵을 굽는다", True),
        ("place", "춘천 서부대성로 120", False),
        ("duty", "손님 받고 상 치우는 일.", True),
        ("duty", "국수 삶는 일.", False),
        ("payday", "이듬달 7일에 각자 통장으로 보낸다", True),
        ("method", "품값은 제 날에 부쳐 준다", False),
        ("hours", "새벽 5시에 문 열고 낮 2시에 닫는다", False),
        ("term", "2026년 3월 2일부터 나온다", False),
    ],
)
def test_what_comes_near(item: str, text: str, stated: bool) -> None:
    hit = near([Clause(plain_words(text), 0, len(text))], item)
    assert hit is not None
    assert hit.stated is stated


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("place", "사무실 안에서는 담배를 피우지 않는다(금연)"),
        ("payday", "상여는 다음 달 5일에 통장으로 넣는다"),
        ("wage", "접시를 깨면 하루 10,000원을 물어낸다"),
        ("method", "직접 지급(  ), 통장에 입금(  )"),
    ],
)
def test_what_is_about_something_else(item: str, text: str) -> None:
    assert near([Clause(text, 0, len(text))], item) is None


def test_rules_in_other_words_are_left_open() -> None:
    """Thirty sentences without one of the usual words: what they do not seem to say cannot be called missing."""
    text = DIALECT.format(
        "\n".join(f"{n}. 흙을 {n}번째로 빚을 적에는 물을 먼저 뿌리고 손을 씻는다." for n in range(1, 31))
    )
    document = paper(text, "취업규칙")
    examiner = RulesOfEmployment()
    seen = list(
        examiner.examine(document, facts=examiner.facts(document), as_of=date(2026, 11, 21), rates=Rates.shipped())
    )
    assert [one.check for one in seen if one.outcome == "violation"] == []
    assert {one.check for one in seen if one.outcome == "unknown"} >= {
        "rules_wages",
        "rules_safety",
        "rules_discipline",
    }


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        ("wage_offset", "미리 타 간 돈은 다음 월급에서 까고 준다."),
        ("blanket_overtime", "야근한 것은 월급에 다 들어 있는 셈 친다."),
        ("public_holiday", "빨간 날 쉬면 남은 휴가에서 하루씩 덜어 낸다."),
        ("public_holiday", "공휴일에 문을 닫으면 연차 개수에서 빠진다."),
        ("forced_saving", "월급에서 5만 원씩 떼어 사장이 갖고 있다가 나갈 때 내준다."),
        ("contract_delivery", "계약서는 한 장만 써서 사장이 갖는다."),
        ("contract_delivery", "종이는 한 부만 만들어 사무실 서랍에 넣어 둔다."),
    ],
)
def test_a_forbidden_wording_of_a_small_office(check: str, sentence: str) -> None:
    assert list(found([Clause(plain_words(sentence), 0, len(sentence))], check))


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        ("wage_offset", "미리 가져간 돈이 있어도 월급에서 까지 않는다."),
        ("blanket_overtime", "야근수당은 월급에 들어 있지 않고 따로 계산한다."),
        ("public_holiday", "빨간 날 쉬어도 연차에서 덜어내지 않는다."),
        ("forced_saving", "통장과 도장은 본인이 지닌다."),
        ("forced_saving", "적금은 각자 알아서 든다."),
        ("severance_included", "퇴직금은 따로 있고 월급에 안 섞는다."),
        ("contract_delivery", "한 장만 쓰고 복사해서 나눠 갖는다."),
    ],
)
def test_a_lawful_wording_of_a_small_office(check: str, sentence: str) -> None:
    assert not list(found([Clause(plain_words(sentence), 0, len(sentence))], check))


def test_a_bold_lead_is_a_field() -> None:
    """A caption in bold before its words, and one alone above indented lines."""
    (bold,) = plain_clauses(clauses(paper("**늦으면** 늦은 만큼만 시급이 안 쌓인다.\n")))
    assert (bold.label, bold.text) == ("늦으면", "늦은 만큼만 시급이 안 쌓인다.")
    (under,) = plain_clauses(clauses(paper("○ 앉는 시간\n   점심에 한 시간 쉰다.\n")))
    assert (under.heading, under.text) == ("앉는시간", "점심에 1시간 쉰다.")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("月曜 乃至 金曜 午前 八時", "월요일 ~ 금요일 오전 8시"),
        ("西紀 二〇二六年 二月 一日", "西紀 2026년 2월 1일"),
        ("翌月 十五日에 入金함", "익월 15일에 입금함"),
        ("停年은 滿 六十二歲", "정년은 만 62세"),
        ("八割 以上", "80% 이상"),
        ("平均賃金 三日分", "평균임금 3일분"),
        ("百分之五十을 加給", "100분의 50을 가급"),
    ],
)
def test_hanja_officialese(written: str, read: str) -> None:
    assert plain_words(written) == read
