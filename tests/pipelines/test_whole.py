"""One document read as a whole: in its order, as far as there is room, and the law of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from law_fakes import ACT, ARTICLES, BOOK, CORPUS, DAY, HELD, VALIDITY, FakeRetriever, passages

from govrag.korean import tokens
from govrag.pipelines.ground import Ground
from govrag.pipelines.whole import Reading, read
from govrag.records import Draft, Evidence, Passage, Validity, Where

DOCUMENT = passages(ACT, ARTICLES, VALIDITY)


class Within(FakeRetriever):
    """A retriever that keeps to the documents it is told, on a day on which they are to be seen."""

    def search(self, query: str, *, limit: int, where: Where) -> list:  # type: ignore[type-arg]
        hits = super().search(query, limit=1_000, where=where)
        seen = [hit for hit in hits if hit.passage.document_id in where.documents]
        return [hit for hit in seen if where.as_of and hit.passage.validity.visible(where.as_of)][:limit]


def reading(question: str, *, room: int = 32_000, document: list[Passage] = DOCUMENT, as_of: date = DAY) -> Reading:
    return read(
        document,
        question,
        retriever=Within([*document, *HELD]),
        names=BOOK.names,
        collection="main",
        where=Where(),
        as_of=as_of,
        room=room,
    )


def locators(found: Reading) -> list[str]:
    return [one.passage.locator for one in found.evidence]


def test_all_that_is_in_force_is_read_in_order() -> None:
    found = reading("관측휴가는 며칠인가요?")
    assert locators(found) == ["제1조", "제2조", "제3조", "제4조", "제6조", "제9조"]
    assert {one.passage.document_id for one in found.evidence} == {ACT}
    assert {one.collection for one in found.evidence} == {"main"}
    assert max(found.evidence, key=lambda one: one.score).passage.locator == "제3조"
    assert found.whole
    assert ["3개 부분" in warning.ko for warning in found.warnings] == [True]


@given(st.integers(0, 900))
def test_no_more_is_read_than_there_is_room_for_and_the_best_first(room: int) -> None:
    found = reading("야간 조명을 켜면 벌금은 얼마인가요?", room=room)
    costs = [tokens.count(f"{one.passage.label}\n{one.passage.text}") for one in found.evidence]
    assert len(costs) == 1 or sum(costs) <= room
    assert locators(found) == [one.locator for one in DOCUMENT if one.locator in locators(found)]
    best = found.hits[0].passage
    cost = tokens.count(f"{best.label}\n{best.text}")
    if cost <= room or len(costs) == 1:
        assert best.locator in locators(found)
    if len(costs) < 6:
        assert any(f"{len(costs)}개만" in warning.ko for warning in found.warnings)


def test_what_the_question_names_is_read_first_and_its_force_is_told() -> None:
    assert locators(reading("제6조는?", room=1)) == ["제6조"]
    assert reading("제6조는?", room=1).evidence[0].why == "named"
    assert locators(reading(f"{ACT} 제4조는?", room=1)) == ["제4조"]
    assert not reading("다른근무법 제4조는?").named
    future = reading("제7조는 무슨 내용인가요?")
    assert "제7조" in locators(future)
    assert not future.whole
    assert any("2027-01-01부터 시행" in warning.ko for warning in future.warnings)


def test_a_document_that_no_longer_holds_is_read_and_told_of() -> None:
    old = Validity(date(2001, 1, 1), date(2010, 1, 1), date(2001, 1, 1), date(2010, 1, 1))
    document = [replace(one, validity=old) for one in passages("옛날법", {"제1조": "제1조(휴가)\n휴가는 9일로 한다."})]
    found = reading("휴가는 며칠인가요?", document=document)
    assert locators(found) == ["제1조"]
    assert [hit.passage.locator for hit in found.hits] == ["제1조"], "searched on a day of its own"
    assert not found.whole
    first = [replace(one, validity=Validity(None, date(2010, 1, 1), None, date(2010, 1, 1))) for one in document]
    assert len(reading("휴가는 며칠인가요?", document=first).hits) == 1


def test_of_a_repealed_document_nothing_is_left() -> None:
    document = passages("폐지법", {"제0조": "폐지법은 폐지한다.", "제1조": "제1조 삭제 <2020.1.1>"})
    found = reading("휴가는?", document=document)
    assert (found.evidence, found.whole) == ([], False)


def test_without_a_model_a_document_that_says_nothing_of_it_is_not_quoted() -> None:
    class Quotes:
        def generate(self, question: str, evidence: list[Evidence]) -> list[Draft]:
            return [Draft(one.passage.text, ((one.passage.id, 0, len(one.passage.text)),)) for one in evidence[:1]]

    def answered(chance: float) -> str:
        ground = Ground(
            Within(HELD),
            BOOK,
            Quotes(),  # type: ignore[arg-type]
            names=BOOK.names,
            corpus_date=CORPUS,
            confidence=lambda hits, question: chance,
            threshold=0.2,
            document=DOCUMENT,
        )
        return ground.run("관측휴가는 며칠인가요?", as_of=DAY).status

    assert (answered(0.1), answered(0.5)) == ("no_evidence", "answered")
