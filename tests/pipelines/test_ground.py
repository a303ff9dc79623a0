from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hash_embedder import HashEmbedder
from law_fakes import ACT, ARTICLES, BOOK, CORPUS, DAY, HELD, VALIDITY, FakeBook, FakeRetriever, passages

from govrag.errors import InvalidQuery
from govrag.generate.extractive import Extractive
from govrag.pipelines import ground as ground_module
from govrag.pipelines.ground import Ground
from govrag.records import Answer, Draft, Evidence, Hit, Passage, Where

HOLIDAY = next(one for one in HELD if one.id == f"{ACT}#제3조")
SENTENCE = "천문대장은 1년간 90퍼센트 이상 출근한 직원에게 17일의 관측휴가를 주어야 한다."


def words(text: str) -> list[str]:
    return re.findall("[가-힣]{2}", text)


class Scripted:
    """A generator that says what it is told to."""

    def __init__(self, *drafts: Draft) -> None:
        self.drafts = list(drafts)
        self.evidence: Sequence[Evidence] = ()

    def generate(self, question: str, evidence: Sequence[Evidence]) -> list[Draft]:
        self.evidence = evidence
        return self.drafts


def built(
    generator: Scripted | Extractive | None = None,
    *,
    held: Sequence[Passage] = HELD,
    book: FakeBook = BOOK,
    confidence: Callable[[Sequence[Hit], str], float] | None = None,
    threshold: float = 0.0,
    where: Where | None = None,
) -> Ground:
    return Ground(
        FakeRetriever(held),
        book,
        generator or Extractive(analyse=words, embedder=HashEmbedder()),
        names=book.names,
        corpus_date=CORPUS,
        confidence=confidence,
        threshold=threshold,
        where=where,
    )


def ask(question: str, *, as_of: date = DAY) -> Answer:
    return built().run(question, as_of=as_of)


def place(passage: Passage, sentence: str) -> tuple[str, int, int]:
    start = passage.text.index(sentence)
    return passage.id, start, start + len(sentence)


# ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_quotes_the_law_and_cites_it_to_the_paragraph() -> None:
    answer = ask("출근한 직원의 관측휴가는 며칠인가요?")
    assert answer.status == "answered"
    first = answer.statements[0]
    assert first.text == SENTENCE
    (citation,) = first.citations
    assert citation.label == "별빛근무법 제3조제1항"
    assert citation.verdict == "verified"
    assert citation.collection == "main"
    document = "\n".join(ARTICLES.values())
    assert citation.quote_span is not None
    assert document[slice(*citation.quote_span)] == citation.quote
    assert answer.usage.evidence_tokens > 0
    assert answer.usage.milliseconds > 0
    assert len(answer.trace) >= 2
    assert answer.corpus_date == CORPUS
    assert "늦습니다" in answer.warnings[0]


def test_every_quote_stands_in_the_law_book() -> None:
    for question in ("관측휴가", "야간 조명을 켜도 되나요", "관측수당이란 무엇인가요", "벌금은 얼마"):
        for citation in ask(question).citations:
            held = next(one for one in HELD if one.id == citation.passage_id)
            assert citation.quote in held.text


def test_a_provision_that_is_named_is_gone_to_directly() -> None:
    retriever = FakeRetriever(HELD)
    ground = Ground(
        retriever,
        BOOK,
        Extractive(analyse=words, embedder=HashEmbedder()),
        names=BOOK.names,
        corpus_date=CORPUS,
    )
    answer = ground.run("별빛근무법 4조 알려줘", as_of=DAY)
    assert [one.label for one in answer.citations] == ["별빛근무법 제4조"]
    assert answer.confidence == 1.0
    assert retriever.asked == []


@pytest.mark.parametrize(
    ("question", "status", "reason"),
    [
        ("별빛근무법 제10조는 무슨 내용인가요?", "no_evidence", "제1조~제11조"),
        ("별빛근무법 제3조제9항", "no_evidence", "제1항부터 제4항까지"),
        ("별빛근무법 제5조", "no_evidence", "삭제"),
        ("달빛근무법 제3조의 관측휴가는 며칠인가요?", "no_evidence", "장서에"),
        ("별빛근무법 제7조", "partial", "2027-01-01부터 시행"),
        ("별빛근무법 제8조", "partial", "2020-01-01부터 효력이 없습니다"),
        ("별빛근무법 제9조", "partial", "확정할 수 없습니다"),
    ],
)
def test_what_is_not_there_or_not_the_law_is_said_and_not_padded(question: str, status: str, reason: str) -> None:
    answer = ask(question)
    assert answer.status == status
    assert any(reason in warning for warning in answer.warnings)
    assert len(answer.warnings) == len(answer.warnings_en)
    if status == "no_evidence":
        assert answer.statements == ()
    else:
        assert {one.verdict for one in answer.citations} <= {"not_in_force", "unchecked"}
        assert answer.statements


def test_a_paper_of_the_askers_own_does_not_stop_the_search() -> None:
    answer = ask("취업규칙 제10조에 관측휴가가 없는데 관측휴가는 며칠인가요?")
    assert answer.status == "partial"
    assert "별빛근무법 제3조제1항" in [one.label for one in answer.citations]
    assert any("취업규칙" in warning for warning in answer.warnings)


def test_below_the_threshold_it_abstains_and_says_what_it_looked_at() -> None:
    asked: list[str] = []

    def confidence(hits: Sequence[Hit], question: str) -> float:
        asked.append(question)
        return 0.3

    answer = built(confidence=confidence, threshold=0.4).run("관측휴가는 며칠?", as_of=DAY)
    assert answer.status == "no_evidence"
    assert answer.statements == ()
    assert answer.confidence == 0.3
    assert answer.searched[0] == "별빛근무법 제3조"
    assert len(answer.searched) <= 5
    assert asked == ["관측휴가는 며칠?"]
    assert built(confidence=confidence, threshold=0.3).run("관측휴가는 며칠?", as_of=DAY).status == "answered"


def test_nothing_found_is_no_evidence() -> None:
    answer = ask("qqq zzz")
    assert (answer.status, answer.searched, answer.confidence) == ("no_evidence", (), 0.0)


def test_a_hit_that_is_not_in_force_is_reported_and_never_used_as_law() -> None:
    answer = ask("망원경을 두거나 보고하여야 하나요? 관측 결과를 보고하여야")
    labels = {one.label for one in answer.citations}
    assert not labels & {"별빛근무법 제7조", "별빛근무법 제8조"}
    assert any("제7조" in warning and "2027-01-01" in warning for warning in answer.warnings)


def test_when_nothing_found_is_in_force_the_text_is_shown_as_such() -> None:
    only_new = [one for one in HELD if one.locator in ("제7조", "제8조") and one.title == ACT]
    answer = built(held=only_new).run("새 망원경을 두어야 하나요?", as_of=DAY)
    assert answer.status == "partial"
    assert {one.verdict for one in answer.citations} == {"not_in_force"}
    assert any("시행 중인 것이 없습니다" in warning for warning in answer.warnings)


# ── evidence ──────────────────────────────────────────────────────────────────────────────────────────────────────


def shown(question: str, *, where: Where | None = None) -> dict[str, str]:
    generator = Scripted()
    built(generator, where=where).run(question, as_of=DAY)
    return {one.passage.label: one.why for one in generator.evidence}


def test_definitions_and_delegated_articles_are_added() -> None:
    evidence = shown("별빛근무법 제3조 내용")
    assert evidence["별빛근무법 제3조"] == "named"
    assert evidence["별빛근무법 시행령 제2조"] == "delegated"
    assert evidence["별빛근무법 제2조"] == "definition"
    assert "별빛근무법 시행령 제3조" not in shown("별빛근무법 제4조 내용")  # it cites 제4조의2


def test_a_filter_on_laws_holds_for_what_is_added_too() -> None:
    assert "별빛근무법 시행령 제2조" not in shown("별빛근무법 제3조", where=Where(laws=(ACT,)))


def test_one_document_does_not_crowd_out_the_others() -> None:
    many = {f"제{number}조": f"제{number}조(관측휴가)\n관측휴가는 {number}일로 한다." for number in range(1, 12)}
    book = FakeBook([*passages("긴법", many), *HELD])
    generator = Scripted()
    built(generator, held=[*passages("긴법", many), *HELD], book=book).run("관측휴가는 며칠", as_of=DAY)
    found = [one.passage.title for one in generator.evidence if one.why == "found"]
    assert found.count("긴법") == 4
    assert ACT in found


# ── what a generator says is checked ──────────────────────────────────────────────────────────────────────────────

TRUE = Draft(SENTENCE, (place(HOLIDAY, SENTENCE),))
LIES = {
    "a passage it was not shown": Draft("밝기는 10럭스로 한다.", (("별빛근무법 시행령#제3조", 0, 5),)),
    "a place outside the passage": Draft(SENTENCE, ((HOLIDAY.id, 5, 5_000),)),
    "no place at all": Draft(SENTENCE, ()),
    "another number": Draft(SENTENCE.replace("17일", "27일"), TRUE.places),
    "a number in words of its own": Draft("직원은 해마다 20일을 쉰다.", TRUE.places),
    "another article": Draft("제4조에 따라 관측휴가를 준다.", TRUE.places),
    "a negation": Draft(SENTENCE.replace("주어야 한다", "주지 아니한다"), TRUE.places),
    "a quotation it altered": Draft("법은 “직원에게 관측휴가를 주어야 한다”라고 한다.", TRUE.places),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_statement_that_its_citation_does_not_bear_out_is_dropped(lie: Draft) -> None:
    answer = built(Scripted(lie, TRUE)).run("관측휴가", as_of=DAY)
    assert [one.text for one in answer.statements] == [SENTENCE]
    assert any("문장 1개를 뺐습니다" in warning for warning in answer.warnings)
    assert any(line.startswith("뺀 문장") for line in answer.trace)
    alone = built(Scripted(lie)).run("관측휴가", as_of=DAY)
    assert (alone.status, alone.statements) == ("no_evidence", ())
    assert alone.searched


def test_free_wording_that_agrees_is_kept() -> None:
    fair = Draft("90퍼센트 이상 나온 직원은 “17일의 관측휴가”를 받습니다.", TRUE.places)
    answer = built(Scripted(fair)).run("관측휴가", as_of=DAY)
    assert [one.text for one in answer.statements] == [fair.text]


def test_a_passage_that_the_book_does_not_have_so_is_dropped() -> None:
    altered = {**ARTICLES, "제3조": ARTICLES["제3조"].replace("17일", "71일")}
    sentence = SENTENCE.replace("17일", "71일")
    forged = passages(ACT, altered, VALIDITY)
    draft = Draft(sentence, (place(forged[2], sentence),))
    answer = built(Scripted(draft), held=forged).run("관측휴가", as_of=DAY)
    assert answer.statements == ()
    old = [replace(one, id=f"1921{one.id}", document_id="1921") for one in forged]  # another act of the same name
    draft = Draft(sentence, (place(old[2], sentence),))
    assert built(Scripted(draft), held=old).run("관측휴가", as_of=DAY).statements == ()
    unknown = passages("없는법", {"제1조": "제1조(관측휴가)\n관측휴가는 9일로 한다."})
    draft = Draft("관측휴가는 9일로 한다.", (place(unknown[0], "관측휴가는 9일로 한다."),))
    assert built(Scripted(draft), held=unknown).run("관측휴가", as_of=DAY).statements == ()


def test_these_tests_would_notice_a_build_that_does_not_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground_module, "disagreement", lambda *_: "")
    answer = built(Scripted(LIES["another number"])).run("관측휴가", as_of=DAY)
    assert "27일" in answer.statements[0].text


# ── errors ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_errors_of_the_parts_are_not_swallowed() -> None:
    class Broken:
        def search(self, query: str, *, limit: int, where: Where) -> list[Hit]:
            raise InvalidQuery("질문이 비어 있습니다.", "the query is empty.")

    ground = Ground(Broken(), BOOK, Scripted(), names=BOOK.names, corpus_date=CORPUS)
    with pytest.raises(InvalidQuery):
        ground.run("", as_of=DAY)
