from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_fakes import ARTICLES, BOOK, CORPUS, DAY, FakeBook, passages

from govrag.ingest.readers.statute_markdown import StatuteMarkdown
from govrag.ingest.split import ArticleSplitter
from govrag.korean.normalise import match_key
from govrag.pipelines.verify import Verify
from govrag.records import Citation, Passage, Source, Verdict
from govrag.statute.locator import Locator
from govrag.statute.structure import is_deleted, units

VERIFY = Verify(BOOK, BOOK.names, corpus_date=CORPUS)


def only(text: str, *, as_of: date = DAY) -> Citation:
    (citation,) = VERIFY.run(text, as_of=as_of).citations
    return citation


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("별빛근무법 제3조제1항", "verified", "시행 중"),
        ("별빛근무법 제3조 제3항 단서", "verified", "시행 중"),
        ("별빛근무법 제3조제3항 각 호", "verified", "시행 중"),
        ("별빛근무법 제3조제3항제2호나목", "verified", "시행 중"),
        ("별빛근무법 제3조제4항 후단", "verified", "시행 중"),
        ("별빛근무법 제1조부터 제4조까지", "verified", "시행 중"),
        ("별빛근무법 제6조", "verified", "추정"),
        ("별빛근무법", "verified", "이름만"),
        ("별빛근무법 제10조", "no_such_article", "제1조~제11조"),
        ("별빛근무법 제3조제5항", "no_such_article", "제3조에는 제1항부터 제4항까지 있습니다"),
        ("별빛근무법 제3조제3항제3호", "no_such_article", "제3조제3항에는 제1호부터 제2호까지 있습니다"),
        ("별빛근무법 제3조제3항제2호다목", "no_such_article", "가목부터 나목까지"),
        ("별빛근무법 제4조제1항", "no_such_article", "항으로 나뉘지 않습니다"),
        ("별빛근무법 제3조제1항 단서", "no_such_article", "단서가 없습니다"),
        ("별빛근무법 제3조제4항 각 호", "no_such_article", "각 호가 없습니다"),
        ("별빛근무법 제3조부터 제12조까지", "no_such_article", "제12조"),
        ("별빛근무법 제5조", "repealed", "2020-01-01"),
        ("별빛근무법 제3조제2항", "repealed", "2017-11-28"),
        ("별빛근무법 제7조", "not_in_force", "2027-01-01부터 시행"),
        ("별빛근무법 제11조", "not_in_force", "시행 중인 본문은 장서에 없습니다"),
        ("별빛근무법 제8조", "not_in_force", "2020-01-01부터 효력이 없습니다"),
        ("별빛근무법 제2조제1호", "ambiguous", "제2조제1항제1호"),
        ("달빛근무법 제3조", "not_in_library", "없는 법령이라는 뜻은 아닙니다"),
        ("대법원 2021. 10. 14. 선고 2021다227100 판결", "not_in_library", "2021다227100"),
        ("제3조에 따라", "unchecked", "어느 법"),
        ("별빛근무법 제9조", "unchecked", "확정할 수 없습니다"),
        ("별빛근무법 제9조제2항", "unchecked", "가진 본문과는 다릅니다"),
        ("구 별빛근무법 제3조", "unchecked", "개정 전"),
    ],
)
def test_each_kind_of_citation_has_its_verdict_and_says_why(text: str, verdict: Verdict, reason: str) -> None:
    citation = only(text)
    assert (citation.verdict, citation.text) == (verdict, text.removeprefix("구 ").removesuffix("에 따라"))
    assert reason in citation.reason
    assert re.search(r"[a-z]{3}", citation.reason_en)


def test_a_citation_points_at_the_words_of_the_provision() -> None:
    text = "휴가는 별빛근무법 제3조 제1항에 따른다."
    citation = only(text)
    assert text[citation.start : citation.end] == citation.text == "별빛근무법 제3조 제1항"
    assert citation.label == "별빛근무법 제3조제1항"
    assert citation.quote.startswith("① 천문대장은 1년간")
    assert citation.passage_id == "별빛근무법#제3조"
    document = "\n".join(ARTICLES.values())
    assert citation.quote_span is not None
    assert document[slice(*citation.quote_span)] == citation.quote


def test_a_list_gives_a_verdict_for_each_element() -> None:
    result = VERIFY.run("별빛근무법 제3조제1항, 제2항 및 제4항과 제12조", as_of=DAY)
    assert [one.verdict for one in result.citations] == ["verified", "repealed", "verified", "no_such_article"]
    assert result.counts == {"verified": 2, "repealed": 1, "no_such_article": 1}
    assert len(result.failed) == 2


def test_what_is_in_force_depends_on_the_day() -> None:
    assert only("별빛근무법 제7조", as_of=date(2027, 1, 1)).verdict == "verified"
    assert only("별빛근무법 제8조", as_of=date(2019, 12, 31)).verdict == "verified"
    assert only("별빛근무법 제8조", as_of=date(2020, 1, 1)).verdict == "not_in_force"


def test_warnings_tell_of_the_corpus_and_of_what_was_not_checked() -> None:
    result = VERIFY.run("별빛근무법 제3조와 달빛근무법 제4조", as_of=DAY)
    assert result.warnings == (
        "기준일 2026-06-01이 장서의 최신 공포일 2026-05-20보다 늦습니다. 그 사이에 공포된 개정은 반영되지 않았습니다.",
        "인용 2건 가운데 1건은 확인하지 못했습니다.",
    )
    assert len(result.warnings_en) == 2
    assert VERIFY.run("별빛근무법 제3조", as_of=CORPUS).warnings == ()
    assert "최신" not in "".join(Verify(BOOK, BOOK.names, corpus_date=None).run("x", as_of=DAY).warnings)
    assert "공포일을 아는 법령이 없어" in Verify(BOOK, BOOK.names, corpus_date=None).run("x", as_of=DAY).warnings[0]


# ── quotations ────────────────────────────────────────────────────────────────────────────────────────────────────

QUOTES = (
    ("제3조제1항", "천문대장은 1년간 90퍼센트 이상 출근한 직원에게 17일의 관측휴가를 주어야 한다"),
    ("제3조제4항", "관측휴가는 3년간 행사하지 아니하면 소멸한다"),
    ("제4조", "누구든지 천문대에서 5킬로미터 이내의 지역에서 야간 조명을 켜서는 아니 된다"),
    ("제6조", "위반한 사람은 300만원 이하의 벌금에 처한다"),
    ("제2조제1항제2호", "관측수당이란 별빛근무에 대하여 지급하는 돈을 말한다"),
)


def quoted(place: str, quote: str) -> Citation:
    found = VERIFY.run(f"별빛근무법 {place}은 “{quote}”고 규정하고 있다.", as_of=DAY).citations
    return next(citation for citation in found if citation.label == f"별빛근무법 {place}")


@pytest.mark.parametrize(("place", "quote"), QUOTES)
def test_the_words_of_the_law_stand(place: str, quote: str) -> None:
    citation = quoted(place, quote)
    assert citation.verdict == "verified"
    assert match_key(citation.quote) == match_key(quote)


@pytest.mark.parametrize(
    "quote",
    [
        "천문대장은 1년간 90퍼센트 이상  출근한 직원에게 17일의 관측휴가를 주어야 한다.",  # blanks, a full stop
        "천문대장은 … 17일의 관측휴가를 주어야 한다",
        "천문대장은 1년간 90퍼센트 이상 출근한 직원에게 (중략) 관측휴가를 주어야 한다",
        "천문대장은 1년간 90퍼센트 이상 출근한 직원에게 17일의 관측휴가를 주어야 한다. <개정 2012.2.1>",
    ],
)
def test_differences_that_mean_nothing_are_forgiven(quote: str) -> None:
    assert quoted("제3조제1항", quote).verdict == "verified"


@pytest.mark.parametrize(
    "quote",
    [
        "7일의 관측휴가를 주어야 한다",  # a number cut in two
        "테장은 1년간 90퍼센트 이상 출근한",
        "대장은 1년간 90퍼센트 이상 출근한 직원에게",  # begins within a word
        "직원에게 … 천문대장은 관측휴가를 주어야 한다",  # the order turned round
        "천문대장은 1년간 90퍼센트 이상 출근한 직원에게 17일의 관측휴가를 줄 수 있다",
    ],
)
def test_words_cut_turned_or_changed_are_a_mismatch(quote: str) -> None:
    assert quoted("제3조제1항", quote).verdict == "mismatch"


def test_a_mismatch_shows_where_the_words_part() -> None:
    citation = quoted("제3조제1항", QUOTES[0][1].replace("17일", "15일"))
    assert "15일의" in citation.reason
    assert "17일의" in citation.reason
    moved = quoted("제3조제4항", QUOTES[0][1])
    assert moved.verdict == "mismatch"
    assert "별빛근무법 제3조제1항에 있습니다" in moved.reason


def test_a_sentence_that_goes_on_is_not_what_was_quoted() -> None:
    book = FakeBook(passages("새벽법", {"제1조": "제1조(해석)\n청장은 허가를 취소할 수 있다고 보지 아니한다."}))
    text = "새벽법 제1조는 “청장은 허가를 취소할 수 있다”고 규정한다."
    (citation,) = Verify(book, book.names, corpus_date=CORPUS).run(text, as_of=DAY).citations
    assert citation.verdict == "mismatch"


NEGATED = (
    ("주어야 한다", "주지 아니하여야 한다"),
    ("행사하지 아니하면", "행사하면"),
    ("켜서는 아니 된다", "켜도 된다"),
    ("위반한", "위반하지 아니한"),
    ("지급하는", "지급하지 않는"),
)


@st.composite
def altered(draw: st.DrawFn) -> tuple[str, str]:
    """A true quotation with a character, a number or a negation changed."""
    place, quote = draw(st.sampled_from(QUOTES))
    how = draw(st.sampled_from(["replace", "delete", "insert", "number", "negation"]))
    at = draw(st.sampled_from([at for at in range(1, len(quote) - 1) if quote[at] != " "]))
    letter = draw(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")))
    if how == "negation":
        for plain, turned in NEGATED:
            if plain in quote:
                return place, quote.replace(plain, turned)
    if how == "number":
        digits = [at for at, sign in enumerate(quote) if sign.isdigit()]
        if digits:
            at = draw(st.sampled_from(digits))
            digit = draw(st.sampled_from([sign for sign in "0123456789" if sign != quote[at]]))
            return place, quote[:at] + digit + quote[at + 1 :]
    if how == "delete":
        return place, quote[:at] + quote[at + 1 :]
    if how == "insert":
        return place, quote[:at] + letter + quote[at:]
    return place, quote[:at] + (letter if letter != quote[at] else "뷁") + quote[at + 1 :]


@given(altered())
@settings(max_examples=300, deadline=None)
def test_a_quotation_altered_by_a_character_a_number_or_a_negation_is_a_mismatch(case: tuple[str, str]) -> None:
    place, quote = case
    assert quoted(place, quote).verdict == "mismatch"


# ── any text ──────────────────────────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        *(
            "별빛근무법",
            "「별빛근무법」",
            "같은 법",
            "제3조",
            "제3조제3항제2호가목",
            "부터",
            "까지",
            "및",
            "단서",
            "부칙 <제1호>",
        ),
        *(
            "제0조",
            "제9999조",
            "“",
            "”",
            '"',
            "고 규정",
            "…",
            "구 ",
            "이 법",
            "전항",
            "2021다227100",
            "[",
            "<개정 2012.2.1>",
        ),
        *("\n", "\r\n", "\u200b", "\ud800"),
    ]
)


@given(st.lists(PIECES | st.text(st.characters(codec=None), max_size=12), max_size=20).map("".join))
@settings(max_examples=400, deadline=None)
def test_verify_never_raises_and_places_every_citation(text: str) -> None:
    for citation in VERIFY.run(text, as_of=DAY).citations:
        assert 0 <= citation.start < citation.end <= len(text)
        assert citation.reason
        assert citation.reason_en
        assert (citation.quote_span is None) == (citation.quote == "")


def test_offsets_are_those_of_the_text_that_was_given() -> None:
    text = "\u200b보라\r\n별빛\u200b근무법 제3조"
    citation = only(text)
    assert text[citation.start : citation.end] == "별빛\u200b근무법 제3조"


# ── real statutes ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def real(shared: Path) -> list[Passage]:
    found: list[Passage] = []
    for name in ("근로기준법/법률(법률).md", "최저임금법/법률.md", "농지법/시행령.md"):
        path = shared / "laws" / "selected" / name
        data = path.read_bytes()
        (document,) = StatuteMarkdown().read(data, Source(str(path), path.name, "", len(data)))
        found += [one for one in ArticleSplitter().split(document) if one.role == "body" and one.locator[-1] == "조"]
    return found


@pytest.mark.shared
def test_every_provision_of_real_statutes_is_found_and_quotes_itself(real: list[Passage]) -> None:
    book = FakeBook(real)
    verify = Verify(book, book.names, corpus_date=CORPUS)
    checked = 0
    for passage in real:
        article = Locator.parse(passage.locator)
        assert article is not None
        for unit in units(passage.text, article.article):
            words = passage.text[unit.start : unit.end]
            (citation,) = verify.run(f"{passage.title} {unit.locator}", as_of=DAY).citations
            assert citation.verdict == ("repealed" if is_deleted(words) else "verified"), citation
            checked += 1
    assert checked > 1_000
