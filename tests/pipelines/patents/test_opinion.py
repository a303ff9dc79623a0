"""Statements of opinion beside their notices: every answer at its ground, every silence seen, every quote standing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opinion_cases import AMENDED, AMENDMENT, PAIRS, SHORT

from govrag.inspection import inspect
from govrag.korean.sentences import sentences
from govrag.pipelines.patents.opinion.brief import OpinionSummary
from govrag.pipelines.patents.opinion.words import compiled, kinds, topic_of_article, topics, topics_in
from govrag.pipelines.quotes import find_quote
from govrag.records import Document, OpinionBrief, Section
from govrag.records.located import Location
from govrag.statute.names import LawNames
from tests.pipelines.law_fakes import CORPUS, FakeBook, passages
from tests.pipelines.law_fakes import DAY as LAW_DAY

DAY = date(2026, 11, 1)
SUMMARY = OpinionSummary(None, LawNames(["특허법"]), corpus_date=None)
VERDICTS = (
    "인정된다",
    "인정됩니다",
    "이유 없다",
    "이유 있다",
    "타당하다",
    "타당합니다",
    "부당하다",
    "해소되었습니다",
    "거절결정",
    "특허결정",
)


def paper(text: str, title: str = "의견서") -> Document:
    return Document("id", title, (Section("paragraph", text),))


def read(statement: str, notice: str = "", amendment: str = "") -> OpinionBrief:
    return SUMMARY.run(
        paper(statement),
        notice=paper(notice, "의견제출통지서") if notice else None,
        amendment=paper(amendment, "보정서") if amendment else None,
        as_of=DAY,
    )


def classes(brief: OpinionBrief) -> dict[int, str]:
    return {one.number: "".join(dict.fromkeys(said.kind for said in one.arguments)) for one in brief.grounds}


def places(brief: OpinionBrief) -> Iterator[Location]:
    for ground in brief.grounds:
        yield from (argument.location for argument in ground.arguments)
    for change in brief.amendments:
        yield from change.support


@pytest.mark.parametrize("name", PAIRS)
def test_every_argument_is_at_its_ground_and_every_silence_is_seen(name: str) -> None:
    case = PAIRS[name]
    brief = read(case.statement, case.notice)
    assert classes(brief) == case.classes
    assert brief.unanswered == tuple(number for number, found in case.classes.items() if not found)
    assert [one.answered for one in brief.grounds] == [bool(found) for found in case.classes.values()]


@pytest.mark.parametrize("name", PAIRS)
def test_every_quote_stands_and_an_altered_one_does_not(name: str) -> None:
    case = PAIRS[name]
    for one in places(read(case.statement, case.notice)):
        assert case.statement[one.start : one.end] == one.quote != ""
        assert find_quote(one.quote, case.statement) is not None
        middle = len(one.quote) // 2
        altered = f"{one.quote[:middle]}쀍{one.quote[middle + 1 :]}"
        assert altered not in case.statement
        assert find_quote(altered, case.statement) is None


@pytest.mark.parametrize("name", PAIRS)
def test_a_gist_is_two_sentences_at_most_in_the_statements_own_words(name: str) -> None:
    case = PAIRS[name]
    for ground in read(case.statement, case.notice).grounds:
        for argument in ground.arguments:
            assert argument.gist == " ".join(argument.location.quote.split())
            assert 1 <= len(sentences(argument.location.quote)) <= 2


@pytest.mark.parametrize("name", PAIRS)
def test_nothing_of_ours_gives_a_verdict(name: str) -> None:
    case = PAIRS[name]
    brief = read(case.statement, case.notice)
    for words in (*brief.to_decide, *brief.warnings):
        assert not any(verdict in words for verdict in VERDICTS), words


def test_the_sample_corpus(sample_corpus: Path) -> None:
    folder = sample_corpus / "특허"
    notice, statement = (
        inspect(next(folder.glob(f"{name}*.txt"))).documents[0] for name in ("의견제출통지서", "의견서")
    )
    brief = SUMMARY.run(statement, notice=notice, as_of=DAY)
    assert brief.status == "answered"
    assert (brief.application, brief.applicant) == ("10-2025-9900123", "한빛지역진흥원")
    assert (brief.notice_date, brief.deadline, brief.submitted) == (
        date(2026, 6, 15), date(2026, 10, 15), date(2026, 10, 8),
    )  # fmt: skip
    assert brief.rule_deadline == date(2026, 10, 15)
    assert {number: set(found) for number, found in classes(brief).items()} == {1: set("ABCE"), 2: {"A"}, 3: {"A"}}
    assert brief.unanswered == ()
    assert [(one.claim, one.change.kind) for one in brief.amendments] == [
        (1, "changed"), (2, "removed"), (4, "changed"), (5, "changed"),
    ]  # fmt: skip
    assert [place.quote for one in brief.amendments for place in one.support] == ["[0007]", "[0013]"]
    assert any("청구항 6" in point and "따로 말하지 않음" in point for point in brief.to_decide)
    assert any("구성 3" in point for point in brief.to_decide)
    for place in places(brief):
        assert statement.text[place.start : place.end] == place.quote
    for ground in brief.grounds:
        assert notice.text[ground.location.start : ground.location.end] == ground.location.quote != ""


# -- without the notice ------------------------------------------------------------------------------------------------


def test_without_a_notice_the_grounds_are_those_the_statement_tells() -> None:
    told = (
        "Ⅰ. 거절이유의 요지\n 1. 청구항 1 내지 3은 인용발명 1 및 2에 의하여 진보성이 없다.\n"
        " 2. 청구항 4는 불명확하다.\n 3. 청구항 9는 특허법 제45조의 요건을 충족하지 못한다.\n\n"
        "Ⅱ. 진보성에 대하여\n인용발명 1에는 이중 격벽이 없습니다.\n\nⅢ. 명확성에 대하여\n"
        "청구항 4의 '적당한'을 삭제하였습니다.\n"
    )
    brief = read(told)
    assert brief.status == "partial"
    assert [(one.article, one.claims) for one in brief.grounds] == [
        ("특허법 제29조제2항", (1, 2, 3)), ("특허법 제42조제4항제2호", (4,)), ("특허법 제45조", (9,)),
    ]  # fmt: skip
    assert brief.grounds[0].cited == ("인용발명 1", "인용발명 2")
    assert brief.unanswered == (3,)
    assert any("통지서 없이" in warning for warning in brief.warnings)
    assert all(told[one.location.start : one.location.end] == one.location.quote for one in brief.grounds)


def test_without_notice_or_summary_the_headings_tell() -> None:
    brief = read(
        "1. 신규성에 대하여 (특허법 제29조제1항제1호)\n청구항 1의 걸쇠는 인용발명 1에 나타나 있지 않습니다.\n\n"
        "2. 기재불비에 대하여\n"
        "청구항 3의 '걸쇠'는 [0010]에 기재되어 있습니다.\n"
    )
    assert [(one.article, one.claims) for one in brief.grounds] == [
        ("특허법 제29조제1항제1호", (1,)), ("특허법 제42조", (3,)),
    ]  # fmt: skip
    assert classes(brief) == {1: "B", 2: "K"}


def test_a_notice_that_cannot_be_read_is_said_and_the_statement_told() -> None:
    brief = read("1. 진보성에 대하여\n청구항 1의 걸쇠는 인용발명 1에 없습니다.\n", "의견제출통지서\n(그림)\n")
    assert brief.status == "partial"
    assert any("통지서에서 거절이유를 찾지 못해" in warning for warning in brief.warnings)


# -- amendments --------------------------------------------------------------------------------------------------------


def test_an_amendment_is_read_item_by_item() -> None:
    brief = read(AMENDED, SHORT["two"], AMENDMENT)
    first, second, fifth = brief.amendments
    assert (first.claim, first.change.kind, first.change.new) == (
        1, "changed", "젖음 감지부와, 이중 격벽을 포함하는 화분 받침대.",
    )  # fmt: skip
    assert first.added == ("이중 격벽을 포함하는",)
    assert [one.quote for one in first.support] == ["[0007]"]
    assert (second.claim, second.change.kind, second.change.new) == (2, "removed", "")
    assert (fifth.claim, fifth.change.kind) == (5, "added")
    assert any("청구항이 아닌 보정 1건" in warning for warning in brief.warnings)


def test_new_matter_is_a_warning_where_nothing_says_it_and_no_place_is_named() -> None:
    brief = read(AMENDED, SHORT["two"], AMENDMENT)
    assert {one.claim: one.new_matter for one in brief.amendments} == {1: False, 2: False, 5: True}
    assert any("청구항 5" in warning and "신규사항인지" in warning for warning in brief.warnings)
    named = AMENDED + "청구항 5의 보정은 명세서 [0015]에 근거합니다.\n"
    assert not read(named, SHORT["two"], AMENDMENT).amendments[2].new_matter
    told = AMENDED + "청구항 5는 자외선 살균 램프와 태양광 충전 회로를 더 포함하는 화분 받침대입니다.\n"
    assert not read(told, SHORT["two"], AMENDMENT).amendments[2].new_matter


def test_words_that_are_deleted_are_no_claim_that_is_deleted() -> None:
    brief = read("2. 명확성에 대하여\n 나. 청구항 4\n '적당한'을 삭제하여 명확히 하였습니다.\n", SHORT["two"])
    (change,) = brief.amendments
    assert (change.claim, change.change.kind, change.removed) == (4, "changed", ("적당한",))


def test_a_us_listing_of_claims() -> None:
    listing = (
        "1. (Currently Amended) A stand comprising a double wall.\n2-3. (Canceled)\n"
        "4. (Original) The stand of claim 1.\n"
        "21. (New) A pot comprising a spout.\n"
    )
    brief = read(
        PAIRS["a response to a US office action"].statement, PAIRS["a response to a US office action"].notice, listing
    )
    assert [(one.claim, one.change.kind) for one in brief.amendments] == [
        (1, "changed"), (2, "removed"), (3, "removed"), (21, "added"),
    ]  # fmt: skip
    assert brief.rule_deadline is None
    assert all(one.basis and one.basis.verdict == "unchecked" for one in brief.grounds)


# -- days, numbers, gaps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "last"),
    [
        ("2025. 7. 10.", date(2025, 9, 10)),  # two months until the rule of 11 July 2025
        ("2025. 7. 11.", date(2025, 11, 11)),
        ("2026. 10. 31.", date(2027, 3, 2)),  # 28 February is a Sunday, 1 March a holiday
        ("1950. 1. 1.", None),
    ],
)
def test_the_last_day_follows_the_rule_of_the_day_of_the_notice(sent: str, last: date | None) -> None:
    assert (
        read("1. 진보성에 대하여\n인용발명 1에 없습니다.\n", f"발송일자: {sent}\n{SHORT['inventive']}").rule_deadline
        == last
    )


def test_articles_are_looked_up_in_the_library() -> None:
    held = passages("특허법", {"제29조": "제29조(특허요건)\n① 지어낸 요건이다.\n② 지어낸 진보성 요건이다."})
    book = FakeBook(held)
    summary = OpinionSummary(book, book.names, corpus_date=CORPUS)
    brief = summary.run(
        paper("1. 진보성에 대하여\n인용발명 1에는 격벽이 없습니다.\n"), notice=paper(SHORT["two"]), as_of=LAW_DAY
    )
    first, second = (one.basis for one in brief.grounds)
    assert first is not None
    assert second is not None
    assert (first.label, first.verdict) == ("특허법 제29조제2항", "verified")
    assert second.verdict == "no_such_article"
    assert any("특허법 제42조제4항제2호" in warning for warning in brief.warnings)


def test_a_statement_filed_late_is_put_to_the_examiner() -> None:
    notice = f"발송일자: 2026. 1. 5.\n제출기일: 2026. 3. 5.\n{SHORT['inventive']}"
    statement = "【제출일자】 2026.03.06\n【의견내용】\n1. 진보성에 대하여\n인용발명 1에는 격벽이 없습니다.\n"
    assert "2026-03-06" in read(statement, notice).to_decide[0]
    assert "2026-03-06" not in " ".join(read(statement.replace("03.06", "03.05"), notice).to_decide)


def test_papers_of_different_applications_are_noticed() -> None:
    statement = "【출원번호】 10-2025-9900124\n【의견내용】\n1. 진보성에 대하여\n인용발명 1에는 격벽이 없습니다.\n"
    different = read(statement, f"출원번호: 10-2025-9900123\n{SHORT['inventive']}")
    assert any("출원번호가 서로 다릅니다" in warning for warning in different.warnings)
    same = read(statement, f"출원번호: 10-2025-9900124 (1020259900124)\n{SHORT['inventive']}")
    assert not any("출원번호가 서로 다릅니다" in warning for warning in same.warnings)


@pytest.mark.parametrize("text", ["", "안녕하세요.", "회의록\n1. 일정에 대하여\n다음 주에 봅시다.\n", "((((【【【"])
def test_papers_without_grounds_say_what_is_missing(text: str) -> None:
    brief = read(text)
    assert (brief.status, brief.grounds) == ("no_evidence", ())
    assert "거절이유" in brief.error
    assert "ground" in brief.error_en


def test_an_argument_that_belongs_to_no_ground_is_counted() -> None:
    brief = read("1. 단일성에 대하여\n청구항들은 공통된 특별한 기술적 특징을 가지고 있습니다.\n", SHORT["inventive"])
    assert brief.unanswered == (1,)
    assert any("정하지 못한 주장 1곳" in warning for warning in brief.warnings)


def test_after_a_final_notice_the_limits_of_amendments_are_to_be_decided() -> None:
    final = "최후거절이유통지\n" + SHORT["two"]
    assert any("제47조제3항" in point for point in read(AMENDED, final, AMENDMENT).to_decide)
    assert not any("제47조제3항" in point for point in read(AMENDED, SHORT["two"], AMENDMENT).to_decide)


def test_a_page_is_told_where_the_file_has_pages() -> None:
    first = Section("paragraph", "1. 진보성에 대하여\n", page=3)
    second = Section("paragraph", "인용발명 1에는 격벽이 없습니다.\n", page=4)
    brief = SUMMARY.run(Document("id", "의견서", (first, second)), notice=paper(SHORT["inventive"]), as_of=DAY)
    assert [one.page for one in places(brief)] == [4]


# -- the data ----------------------------------------------------------------------------------------------------------


def test_the_classes_are_those_of_the_record() -> None:
    assert "".join(kinds()) == "ABCDEFGHIJKLMN"
    assert all(one.decide for one in kinds().values())
    assert {topic for one in kinds().values() for topic in one.topics} <= set(topics())


@pytest.mark.parametrize(
    ("article", "topic"),
    [
        ("특허법 제29조제1항제1호", "novelty"),
        ("특허법 제29조제1항 본문", "eligibility"),
        ("특허법 제29조제2항", "inventive"),
        ("특허법 제42조제4항제1호", "support"),
        ("특허법 제42조제4항", "written"),
        ("특허법 제45조의2", None),
        ("35 U.S.C. 112(b)", "clarity"),
    ],
)
def test_an_article_says_what_kind_of_ground_it_is(article: str, topic: str | None) -> None:
    found = topic_of_article(article)
    assert (found.id if found else None) == topic


def test_a_wider_word_means_a_narrower_ground_only_where_nothing_narrower_is_said() -> None:
    assert topics_in("기재불비에 대하여") == {"written"}
    assert topics_in("기재불비(명확성)에 대하여") == {"clarity"}
    assert topics()["clarity"].meets(frozenset({"written"})) == 1
    assert topics()["clarity"].meets(frozenset({"support"})) == 0


def test_words_are_found_with_blanks_inside_them() -> None:
    assert compiled("거절 ?이유(?:가|는)? 있").search("거 절 이 유 가 있다")
    assert not compiled("진보성").search("진보된 성질")


def test_the_brief_is_laid_out_with_what_is_unanswered_first() -> None:
    case = PAIRS["the second ground is passed over"]
    shown = read(case.statement, case.notice).to_markdown()
    assert shown.index("답변 없는 거절이유 1건") < shown.index("거절이유와 답변") < shown.index("심사관이 판단할 점")
    assert "B 구성의 차이" in shown
    assert "인용발명 1에는 물의 온도를 재는 구성이 나타나 있지 않습니다." in shown


def test_a_brief_goes_to_json_and_back() -> None:
    case = PAIRS["a response to a US office action"]
    brief = read(case.statement, case.notice)
    again = OpinionBrief.model_validate(json.loads(brief.model_dump_json()))
    assert again == brief
    assert [row["class"] for row in brief.table()] == ["A", "B", "C", ""]


PIECES = (
    "1. 진보성에 대하여\n", "청구항 1, 3", "인용발명 2", "에는 격벽이 없습니다.\n", "【의견내용】",
    "순번 | 거절이유가 있는 부분 | 관련 법조항\n", "1 | 청구항 제1항 | 특허법 제29조제2항\n",
    "\n[구체적인 거절이유]\n", "인용발명 1: 공개특허공보 제10-2016-9911001호\n",
    "심사관께서는 ", "하셨습니다.\n", "\n\n", "(", "】", "| ", "보정하였습니다.\n", "[0007]", "제2항 및 제3호", "쀍",
    "claims 1-3 are rejected under 35 U.S.C. 103 over Ash.\n",
)  # fmt: skip


@pytest.mark.parametrize("piece", ["\n", "제29조제2항 및 ", "인용발명 1은 ", "| ", "1. 진보성\n", "청구항 1, "])
def test_long_senseless_papers_are_read_in_good_time(piece: str) -> None:
    """What is quadratic takes minutes at this length."""
    long = piece * (40_000 // len(piece))
    started = time.process_time()
    brief = read("1. 진보성에 대하여\n" + long, SHORT["two"] + long, long)
    assert brief.grounds
    assert time.process_time() - started < 20


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.lists(st.sampled_from(PIECES), max_size=14))
def test_whatever_the_papers_hold_quotes_stand_and_silence_is_counted(said: list[str], raised: list[str]) -> None:
    statement, notice = "".join(said), "".join(raised)
    brief = read(statement, notice)
    for place in places(brief):
        assert statement[place.start : place.end] == place.quote
    assert brief.unanswered == tuple(one.number for one in brief.grounds if not one.answered)
    for one in brief.grounds:
        source = notice if one.location.document == "의견제출통지서" else statement
        assert source[one.location.start : one.location.end] == one.location.quote
        assert one.answered == any(kinds()[argument.kind].answers for argument in one.arguments)
