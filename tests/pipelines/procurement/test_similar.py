"""Past RFPs like a brief or a document: which, why, and what of them can be used again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag.inspection import inspect
from govrag.korean.morphemes import MemoryLexicon, morphemes
from govrag.pipelines.procurement.comparing.likeness import Likeness
from govrag.pipelines.procurement.comparing.past import PastRfp, is_rfp, of_document, of_passages
from govrag.pipelines.procurement.comparing.similar import RfpSearch
from govrag.records import Document, Requirement, Section
from govrag.records.procurement import Brief, Need, RfpFacts, SimilarRfps

DAY = date(2026, 11, 1)
LEXICON = MemoryLexicon()


class Shelf:
    def __init__(self, *past: PastRfp) -> None:
        self.past = past

    def past_rfps(self) -> Sequence[PastRfp]:
        return self.past


def asked(category: str, number: int, name: str, says: str = "") -> Requirement:
    return Requirement(
        id=f"{category}-{number:03}", name=name, category=category, definition=says, passage_id=f"p{number}"
    )


LIBRARY = PastRfp(
    "도서관",
    "시립도서관 장서검색 구축",
    "도서관 이용자가 장서를 검색하고 대출을 예약한다. 사서는 반납 도서를 정리한다.",
    facts=RfpFacts(buyer_type="local", amount=510_000_000, project_type="development"),
    fields={"buyer": "해오름시", "amount": "510,000,000원"},
    requirements=(
        asked("SFR", 1, "장서 검색", "제목과 지은이로 장서를 찾는다."),
        asked("SFR", 2, "대출 예약", "대출 중인 도서를 예약한다."),
        asked("PER", 1, "검색 응답 시간", "검색 결과를 2초 이내에 보인다."),
        asked("MPR", 1, "무상 하자 보수", "하자를 고친다."),
    ),
)
BUS = PastRfp(
    "버스",
    "버스 도착 안내 단말기 교체",
    "정류장 단말기를 교체하고 버스 위치를 무선으로 받아 도착 시각을 표출한다.",
    facts=RfpFacts(buyer_type="public_corporation", amount=9_000_000_000),
    requirements=(asked("SFR", 1, "도착 시각 표출"), asked("ECR", 1, "단말기 규격")),
)
BRIEF = Brief(
    name="구립도서관 장서검색 개선",
    purpose="도서관 장서를 쉽게 검색하고 대출을 예약하게 한다.",
    buyer_type="local",
    project_type="development",
    amount=480_000_000,
    needs=(
        Need(category="SFR", name="장서 검색", definition="지은이와 제목으로 찾는다."),
        Need(category="SFR", name="대출 예약 알림", definition="예약한 도서가 들어오면 알린다."),
        Need(category="SER", name="접속 기록 보존"),
    ),
)


def search(*past: PastRfp) -> RfpSearch:
    return RfpSearch(Shelf(*past), analyse=lambda text: morphemes(text, LEXICON))


def found(*past: PastRfp, subject: Brief | Document = BRIEF, limit: int = 10) -> SimilarRfps:
    return search(*past).run(subject, as_of=DAY, limit=limit)


def test_the_like_one_comes_first_and_says_why() -> None:
    result = found(BUS, LIBRARY)
    assert (result.subject, result.searched, result.as_of) == (BRIEF.name, 2, DAY)
    best = result[0]
    assert best.document_id == "도서관"
    assert "기능 요구사항 2건 중 2건이 비슷함" in best.alike
    assert "예산 4.8억원 : 5.1억원" in best.alike
    assert "발주기관 유형 같음(지방자치단체)" in best.alike
    assert "사업 유형 같음(신규 개발)" in best.alike
    assert any(line.startswith("함께 쓰는 낱말:") and "장서" in line for line in best.alike)
    assert "보안 요구사항 1건 중 비슷한 것이 없음" in best.differs
    assert "이 사업에 없는 분류: 유지관리 요구사항 1건" in best.differs
    assert best.fields == {"buyer": "해오름시", "amount": "510,000,000원"}


def test_signals_are_shares_and_make_the_score() -> None:
    best = found(BUS, LIBRARY)[0]
    assert set(best.signals) == {"content", "requirements", "budget", "buyer"}
    assert all(0 <= value <= 1 for value in best.signals.values())
    weights = {"content": 0.55, "requirements": 0.25, "budget": 0.12, "buyer": 0.08}
    assert best.score == pytest.approx(sum(weights[name] * value for name, value in best.signals.items()), abs=1e-5)
    # Half of the past ones are 기능, as are two of three asked for; and two of three are alike.
    assert best.signals["requirements"] == pytest.approx(0.3 * 0.5 + 0.7 * 2 / 3, abs=1e-5)
    assert best.signals["budget"] > 0.97


def test_what_is_not_known_is_no_signal() -> None:
    silent = replace(LIBRARY, facts=RfpFacts(), requirements=())
    best = found(silent)[0]
    assert set(best.signals) == {"content"}
    assert best.score == best.signals["content"]
    assert "요구사항 표가 없어 요구사항을 견주지 못함" in best.differs
    assert "지난 제안요청서에 예산이 적혀 있지 않음" in best.differs


def test_money_and_buyer_alone_make_nothing_alike() -> None:
    rich = replace(BUS, facts=RfpFacts(buyer_type="local", amount=480_000_000))
    result = found(rich)
    assert result.rows == ()
    assert "비슷한 것이 없습니다" in result.warnings[0]


def test_requirements_to_reuse_come_with_their_origin_the_most_like_first() -> None:
    reused = found(LIBRARY)[0].requirements
    assert [one.name for one in reused] == ["장서 검색", "대출 예약"]
    assert all(one.passage_id for one in reused)


def test_a_brief_without_requirements_is_offered_some() -> None:
    result = found(LIBRARY, BUS, subject=BRIEF.model_copy(update={"needs": ()}))
    assert {"장서 검색", "대출 예약"} <= {one.name for one in result[0].requirements}
    assert "요구사항이 없어" in result.warnings[0]


def test_an_empty_library_says_what_to_do() -> None:
    result = found()
    assert (result.rows, result.searched) == ((), 0)
    assert "govrag add" in result.warnings[0]
    assert "govrag add" in result.warnings_en[0]


def test_ties_go_by_title_and_the_limit_holds() -> None:
    twins = [
        replace(LIBRARY, document_id=letter, title="시립도서관 장서검색 구축", collection=letter) for letter in "나가다"
    ]
    assert [one.document_id for one in found(*twins).rows] == ["가", "나", "다"]
    assert [one.document_id for one in found(*twins, limit=2).rows] == ["가", "나"]


def document(name: str, *lines: str) -> Document:
    return Document(name, name, tuple(Section("paragraph", f"{line}\n") for line in lines), kind="제안요청서")


def test_a_document_never_finds_itself() -> None:
    one = document("도서관 장서검색 제안요청서", "도서관 장서를 검색하고 대출을 예약하는 시스템을 구축한다.")
    copy = replace(one, id="다른 이름의 같은 글")
    other = document("도서관 대출 제안요청서", "도서관 대출과 반납, 장서 검색을 개선한다.")
    result = found(*map(of_document, (one, copy, other)), subject=one)
    assert [row.title for row in result.rows] == ["도서관 대출 제안요청서"]
    assert result.searched == 1


@pytest.mark.parametrize(
    ("kind", "title", "is_one"),
    [
        ("제안요청서", "민원안내 구축", True),
        ("과업지시서", "승강장 점검", True),
        ("안내", "제안요청서: 민원안내 구축", True),
        ("안내", "민원 안내문", False),
        ("제안요청서", "제안요청서 표준서식", False),
    ],
)
def test_what_is_an_rfp(kind: str, title: str, *, is_one: bool) -> None:
    assert is_rfp(kind, title) is is_one
    assert is_rfp("안내", "민원 안내문", units=("", "requirement"))


def test_a_document_of_a_library_is_put_together_from_its_passages(sample_corpus: Path) -> None:
    read = inspect(sample_corpus / "계약" / "제안요청서_대화형민원안내시스템구축.md")
    whole = of_document(read.documents[0])
    built = of_passages(read.passages[0], document_id=whole.document_id, title=whole.title, collection="계약")
    assert whole.facts.amount == built.facts.amount == 480_000_000
    assert built.fields["buyer"] == "한빛지역진흥원"
    assert [one.id for one in built.requirements] == [one.id for one in whole.requirements]
    assert len(built.requirements) == 29
    assert {one.collection for one in built.requirements} == {"계약"}
    assert all(one.passage_id for one in built.requirements)
    assert "".join(built.text.split()) == "".join(read.documents[0].text.split())


@pytest.fixture(scope="module")
def real(shared: Path) -> list[Document]:
    rows = (shared / "documents" / "rfp.jsonl").read_text(encoding="utf-8").splitlines()
    return [document(f"{row['title']}", *row["text"].splitlines()) for row in map(json.loads, rows)]


@pytest.mark.shared
def test_the_nearest_of_fifty_real_rfps(real: list[Document]) -> None:
    engine = search(*map(of_document, real))

    def nearest(words: str) -> str:
        subject = next(one for one in real if words in one.title)
        return engine.run(subject, as_of=DAY, limit=1)[0].title

    assert "ERP" in nearest("인천공항운영서비스") or "통합정보" in nearest("인천공항운영서비스")
    assert "차세대" in nearest("서영대학교") or "학사" in nearest("서영대학교")
    for subject in real[:10]:
        assert all(row.document_id != subject.id for row in engine.run(subject, as_of=DAY).rows)


@pytest.mark.shared
def test_half_of_a_real_rfp_finds_its_other_half(real: list[Document]) -> None:
    halves = [one.text.splitlines() for one in real]
    engine = search(*(PastRfp(f"{at}", "", "\n".join(lines[1::2])) for at, lines in enumerate(halves)))
    first = 0
    for at, lines in enumerate(halves):
        result = engine.run(Brief(purpose="\n".join(lines[::2])), as_of=DAY, limit=1)
        first += bool(result.rows) and result[0].document_id == f"{at}"
    assert first >= 40  # of 50, which is what it finds today: eight halves share no telling word with their other


WORDS = st.lists(st.sampled_from(["가가", "나나", "다다", "라라", "마마"]), max_size=8)


@given(st.lists(WORDS, max_size=6), WORDS)
def test_likeness_is_a_cosine(texts: list[list[str]], asked_for: list[str]) -> None:
    likeness = Likeness(texts)
    for at, cosine in likeness.of(asked_for).items():
        assert 0 < cosine <= 1
        assert set(likeness.shared(asked_for, at)) == set(asked_for) & set(texts[at])
    for at, text in enumerate(texts):
        assert not text or likeness.of(text)[at] == pytest.approx(1)


AMOUNT = st.integers(10**6, 10**11)


@settings(max_examples=30)
@given(AMOUNT, AMOUNT)
def test_budgets_are_compared_by_their_ratio(one: int, other: int) -> None:
    def budget(mine: int, theirs: int) -> float:
        past = replace(LIBRARY, facts=RfpFacts(amount=theirs))
        return found(past, subject=BRIEF.model_copy(update={"amount": mine}))[0].signals["budget"]

    assert budget(one, other) == pytest.approx(budget(other, one), abs=1e-5)
    assert budget(one, one) == 1
    assert (budget(one, other) == 0) == (max(one, other) >= 10 * min(one, other)) or budget(one, other) < 1e-5
