"""Prior art: nothing too late is shown, quotes stand, combinations add, languages meet, bad input is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from prior_art_papers import APPLICATION, CRITICAL, PAPERS, application, shelf
from prior_art_sets import Shelf, analyse, document

from govrag.errors import InvalidDate, InvalidFilter, InvalidQuery
from govrag.pipelines.patents.claims import claim_set
from govrag.pipelines.patents.prior_art import PriorArtSearch
from govrag.pipelines.patents.retrieval import holdings as holdings_module
from govrag.pipelines.patents.retrieval.holdings import Holdings, Standing
from govrag.pipelines.patents.retrieval.papers import Paper, is_patent
from govrag.records import Hit, Passage, PriorArtReport, Where

CLOSE, BYPASS, ENGLISH = "KR 10-2019-0011111 A", "KR 10-2018-0022222 A", "US-7686681-B2"
EARLIER, SAME_PEOPLE = "KR 10-2022-0044444 A", "KR 10-2022-0055555 A"
LATER, SAME_DAY, UNDATED = "KR 10-2023-0033333 A", "KR 10-2022-0066666 A", "KR 10-1234567 B1"
PRIORITY = "KR 10-2021-0077777 A"


@pytest.fixture(scope="module")
def search() -> PriorArtSearch:
    return PriorArtSearch(shelf(), analyse=analyse)


@pytest.fixture(scope="module")
def report(search: PriorArtSearch) -> PriorArtReport:
    return search.run(application(), critical_date=CRITICAL)


def too_late(report: PriorArtReport, critical: date) -> Iterator[str]:
    """Yield what is shown as public before the day and is not, by what the papers themselves state."""
    stated = {info.document_id: info for info, _ in PAPERS()}
    for one in report.art:
        info = stated[one.document_id]
        filed = date.fromisoformat(info.metadata.get("출원일", "9999-12-31"))
        dated = info.promulgated is not None or one.document_id.startswith("US-7")
        public = dated and (info.promulgated or date.min) < critical
        identity_alone = one.status == "29-3" and filed < critical and info.promulgated is not None
        if not public and not identity_alone:
            yield one.document_id
        if one.document_id.startswith("US-2023"):
            yield one.document_id


# -- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "critical", [date(2009, 1, 1), date(2019, 1, 30), date(2019, 1, 31), CRITICAL, date(2022, 12, 1)]
)
def test_nothing_that_is_later_is_shown_as_prior_art(search: PriorArtSearch, critical: date) -> None:
    for subject in (APPLICATION, application(), "fuel cell coolant pump"):
        assert list(too_late(search.run(subject, critical_date=critical, limit=50), critical)) == []


def test_a_search_that_forgets_the_day_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = PriorArtSearch(shelf(), analyse=analyse)
    everything = np.ones(len(PAPERS()), np.bool_)
    monkeypatch.setattr(
        Holdings, "standing", lambda *_, **__: Standing(everything, ~everything, ~everything, ~everything)
    )
    found = set(too_late(broken.run(APPLICATION, critical_date=CRITICAL, limit=50), CRITICAL))
    assert {LATER, SAME_DAY, UNDATED} <= found


def test_each_paper_has_the_standing_of_its_days(report: PriorArtReport) -> None:
    status = {one.document_id: one.status for one in report.art}
    assert status[CLOSE] == status[BYPASS] == status[ENGLISH] == "29-1"
    assert status[EARLIER] == "29-3"
    assert not status.keys() & {LATER, SAME_DAY, UNDATED, PRIORITY, SAME_PEOPLE, "US-2023000123-A1"}
    assert report.later == 5
    assert report.undated == 1


def test_an_earlier_application_is_marked_for_identity_alone_and_never_combined(report: PriorArtReport) -> None:
    art = next(one for one in report.art if one.document_id == EARLIER)
    assert "동일한 발명인지만" in art.reasons[0]
    assert report.art.index(art) == len(report.art) - 1
    assert all(EARLIER not in (pair.primary, pair.secondary) for pair in report.pairs)


def test_whose_application_it_is_stays_to_be_checked_where_nobody_says(search: PriorArtSearch) -> None:
    found = search.run(APPLICATION, critical_date=CRITICAL)
    shown = {one.document_id: one for one in found.art if one.status == "29-3"}
    assert shown.keys() == {EARLIER, SAME_PEOPLE}
    assert all("출원인이나 발명자가 같으면" in one.reasons[0] for one in shown.values())


def test_family_is_left_out_by_priority_and_by_what_the_caller_knows(search: PriorArtSearch) -> None:
    told = search.run(application(), critical_date=CRITICAL, family=["10-2019-0011111"])
    assert CLOSE not in {one.document_id for one in told.art}
    unknown = search.run(APPLICATION, critical_date=CRITICAL)
    assert PRIORITY in {one.document_id for one in unknown.art}


def test_a_publication_whose_number_reads_as_the_application_is_no_family(report: PriorArtReport) -> None:
    assert "KR 10-2022-0032001 A" in {one.document_id for one in report.art}


def test_a_day_inferred_from_a_number_is_said_to_be(report: PriorArtReport) -> None:
    art = next(one for one in report.art if one.document_id == ENGLISH)
    assert art.published is None
    assert any("번호로 추정" in reason for reason in art.reasons)


@pytest.mark.parametrize(
    ("critical", "shown", "undated"), [("2010-02-16", False, 1), ("2010-04-17", False, 2), ("2010-04-18", True, 1)]
)
def test_a_number_that_may_be_later_is_not_taken_for_earlier(
    search: PriorArtSearch, critical: str, shown: bool, undated: int
) -> None:
    found = search.run("fuel cell coolant pump", critical_date=date.fromisoformat(critical))
    assert (ENGLISH in {one.document_id for one in found.art}) is shown
    assert found.undated == undated


def test_a_paper_filed_after_it_was_published_has_no_day_to_trust() -> None:
    wrong = document("x", "냉각수 펌프", promulgated=date(2010, 1, 1), metadata={"출원일": "2015-01-01"})
    found = PriorArtSearch(Shelf([wrong]), analyse=analyse).run("냉각수를 순환시키는 펌프", critical_date=CRITICAL)
    assert (found.art, found.undated) == ((), 1)


# -- what is disclosed -----------------------------------------------------------------------------------------------


def test_every_quote_stands_at_its_place(report: PriorArtReport) -> None:
    passages = {info.document_id: held for info, held in PAPERS()}
    count = 0
    for art in report.art:
        for found in art.disclosures:
            place = found.location
            holder = next(one for one in passages[art.document_id] if one.start <= place.start and place.end <= one.end)
            assert holder.text[place.start - holder.start : place.end - holder.start] == place.quote
            count += 1
    assert count > 10


def test_elements_are_found_where_they_are_disclosed(report: PriorArtReport) -> None:
    disclosed = {one.document_id: {found.element for found in one.disclosures} for one in report.art}
    assert disclosed[CLOSE] == {"1a", "1b", "1c"}
    assert {"1d", "1e"} <= disclosed[BYPASS]
    places = {
        one.element: one.location.place for art in report.art if art.document_id == CLOSE for one in art.disclosures
    }
    assert places == {"1a": "[0003]", "1b": "[0004]", "1c": "[0005]"}


def test_two_documents_that_complete_each_other_are_combined(report: PriorArtReport) -> None:
    pair = next(one for one in report.pairs if {one.primary, one.secondary} == {CLOSE, BYPASS})
    alone = {one.document_id: one.coverage for one in report.art}
    assert pair.coverage > max(alone[CLOSE], alone[BYPASS])
    assert pair.remaining == ()
    assert "보완하는 구성요소" in pair.reasons[0]


def test_one_word_in_common_discloses_nothing() -> None:
    far = document("far", "An emitter for drip irrigation has a labyrinth channel.", promulgated=date(2010, 1, 1))
    asked = "A coolant channel through a fuel cell stack feeds a radiator."
    found = PriorArtSearch(Shelf([far]), analyse=analyse).run(asked, critical_date=CRITICAL)
    assert len(found.art) == 1
    assert found.art[0].disclosures == ()
    assert "가까운 문헌이 장서에 없을 수" in found.warnings[-1]


def test_art_in_the_other_language_is_found_both_ways(search: PriorArtSearch, report: PriorArtReport) -> None:
    english = next(one for one in report.art if one.document_id == ENGLISH)
    assert {"1a", "1b"} <= {one.element for one in english.disclosures}
    assert any(reason.startswith("영문 문헌") for reason in english.reasons)
    claims = "1. A system comprising: a coolant flow path through a fuel cell stack; and a solenoid valve in a bypass."
    korean = {one.document_id: one for one in search.run(claims, critical_date=CRITICAL).art}
    shares = {found.element: found.share for found in korean[BYPASS].disclosures}
    assert max(shares, key=lambda label: shares[label]) == "1b"


def test_what_is_unlike_in_the_other_language_does_not_lead_for_want_of_better() -> None:
    papers = [paper for paper in PAPERS() if paper[0].document_id != ENGLISH]
    found = PriorArtSearch(Shelf(papers), analyse=analyse).run(application(), critical_date=CRITICAL)
    ranks = [one.document_id for one in found.art if one.status == "29-1"]
    assert set(ranks[:3]) == {"KR 10-2022-0032001 A", CLOSE, BYPASS}


def test_the_claims_alone_find_the_same_art(search: PriorArtSearch) -> None:
    found = search.run(claim_set(application()), critical_date=CRITICAL, family=["10-2021-0070001"])
    assert {CLOSE, BYPASS} <= {one.document_id for one in found.art[:5]}
    assert [one.label for one in found.elements] == ["1a", "1b", "1c", "1d", "1e"]


def test_the_abstract_alone_does_not_decide() -> None:
    told = application()
    misled = replace(
        told, sections=tuple(_with_abstract(told.sections, "버섯을 재배하는 배지에 퇴비와 톱밥을 섞는다.\n"))
    )
    found = PriorArtSearch(shelf(), analyse=analyse).run(misled, critical_date=CRITICAL)
    assert found.art[0].document_id in {"KR 10-2022-0032001 A", CLOSE, BYPASS}


def _with_abstract(sections: Sequence[Any], words: str) -> Iterator[Any]:
    for section in sections:
        children = tuple(_with_abstract(section.children, words))
        if section.heading == "요약":
            children = (replace(children[0], text=words),)
        yield replace(section, children=children)


def test_bibliographic_data_are_neither_searched_nor_quoted() -> None:
    stated = (
        "【서지사항】\n출원인: 한빛자동차 주식회사\n출원번호: 10-2020-0012345\n【요약】\n냉각수를 순환시키는 펌프\n"
    )
    heads = {"facts": "서지사항", "abstract": "요약"}
    facts, said = (stated.index(f"【{one}】") for one in heads.values())
    info, _ = document("KR 10-2020-0012345 A", stated, title="펌프", promulgated=date(2020, 5, 5))
    passages = [
        Passage("a", info.document_id, "서지사항", stated[facts:said], facts, said, ("펌프", "서지사항")),
        Passage("b", info.document_id, "요약", stated[said:], said, len(stated), ("펌프", "요약")),
    ]
    search = PriorArtSearch(Shelf([(info, passages)]), analyse=analyse)
    found = search.run("출원인은 한빛자동차 주식회사이다. 냉각수를 순환시키는 펌프를 둔다.", critical_date=CRITICAL)
    assert [one.element for one in found.art[0].disclosures] == ["문장2"]
    assert len(search.holdings.words.holders("한빛")) == 0


def test_elements_stand_where_they_are_said_to(report: PriorArtReport) -> None:
    text = application().text
    assert all(text[one.start : one.end] == one.text for one in report.elements)
    plain = replace(application(), sections=tuple(one for one in application().sections if "청구" not in one.heading))
    found = PriorArtSearch(shelf(), analyse=analyse).run(plain, critical_date=CRITICAL)
    assert found.status == "partial"
    assert len(found.elements) >= 3
    assert all(plain.text[one.start : one.end] == one.text for one in found.elements)


# -- filters, formula ------------------------------------------------------------------------------------------------


def test_classes_let_only_what_lies_below_them_through(search: PriorArtSearch) -> None:
    found = search.run(APPLICATION, critical_date=CRITICAL, classes=["F01P"])
    assert [one.document_id for one in found.art] == [BYPASS]
    both = {
        one.document_id for one in search.run(APPLICATION, critical_date=CRITICAL, classes=["F01P", "A01G 25/00"]).art
    }
    assert both == {BYPASS, "far-3"}


def test_a_filter_does_not_hide_what_ranks_below_others() -> None:
    many = [document(f"m{number}", "냉각수 펌프 밸브", promulgated=date(2010, 1, 1)) for number in range(200)]
    one = document("wanted", "냉각수", promulgated=date(2010, 1, 1), metadata={"IPC": "A01G1/00"})
    found = PriorArtSearch(Shelf([*many, one]), analyse=analyse).run(
        "냉각수 펌프 밸브", critical_date=CRITICAL, classes=["A01G"]
    )
    assert [art.document_id for art in found.art] == ["wanted"]


def test_each_part_of_the_formula_is_counted_in_the_library(report: PriorArtReport) -> None:
    formula = report.formula
    assert formula is not None
    assert formula.text == "*".join(part.text for part in formula.parts)
    assert formula.parts[-1].text == "IPC=[H01M]"
    texts = {info.document_id: "".join(one.text for one in held).lower() for info, held in PAPERS()}
    for part in formula.parts[:-1]:
        names = [name.strip('"') for name in part.text.strip("()").split("+")]
        held = [text for text in texts.values() if any(_holds(text, name) for name in names)]
        assert part.count == len(held), part.text
    assert 1 <= formula.count <= min(part.count for part in formula.parts)


def _holds(text: str, name: str) -> bool:
    return name in text or ("가" <= name[0] <= "힣" and name in text.replace(" ", ""))


def test_a_formula_says_synonyms_of_both_languages(report: PriorArtReport) -> None:
    assert report.formula is not None
    assert '(연료전지+"fuel cell")' in report.formula.text


# -- bad input -------------------------------------------------------------------------------------------------------


def test_without_claims_sentences_stand_for_elements_and_it_is_said(search: PriorArtSearch) -> None:
    found = search.run("연료전지 스택을 냉각수로 식힌다. 바이패스 유로에 전자 밸브를 둔다.", critical_date=CRITICAL)
    assert found.status == "partial"
    assert [one.label for one in found.elements] == ["문장1", "문장2"]
    assert "청구항이 없습니다" in found.warnings[0]
    assert found.warnings_en


def test_claims_in_two_languages_are_not_guessed_at(search: PriorArtSearch) -> None:
    korean, english = "냉각수 유로와 펌프를 포함하는 장치.", "A device comprising a coolant pump and a solenoid valve."
    mixed = f"【청구항 1】\n{korean}\n【청구항 2】\n{english}"
    found = search.run(mixed, critical_date=CRITICAL)
    assert found.status == "partial"
    assert found.warnings


@pytest.mark.parametrize(
    ("subject", "options", "error"),
    [
        ("냉각수", {"critical_date": None}, InvalidDate),
        ("냉각수", {"critical_date": CRITICAL, "classes": ["연료전지"]}, InvalidFilter),
        ("  \n", {"critical_date": CRITICAL}, InvalidQuery),
        ("123 456", {"critical_date": CRITICAL}, InvalidQuery),
    ],
)
def test_what_cannot_be_searched_is_refused(
    search: PriorArtSearch, subject: str, options: Mapping[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        search.run(subject, **options)


def test_an_empty_library_says_what_to_do() -> None:
    found = PriorArtSearch(Shelf([]), analyse=analyse).run(APPLICATION, critical_date=CRITICAL)
    assert (found.status, found.art, found.formula) == ("no_evidence", (), None)
    assert "govrag add" in found.warnings[0]


def test_words_that_nobody_knows_find_nothing(search: PriorArtSearch) -> None:
    found = search.run("Zyxwvut qwrtplk.", critical_date=CRITICAL)
    assert (found.status, found.art) == ("no_evidence", ())


# -- the library's own search, and the index -------------------------------------------------------------------------


class ByMeaning:
    """A retriever that finds one document, and remembers what it was asked."""

    def __init__(self, passage: Passage) -> None:
        self.asked: list[str] = []
        self._passage = passage

    def search(self, query: str, *, limit: int, where: Where) -> list[Hit]:
        self.asked.append(query)
        return [Hit(self._passage, 1.0)]


def test_what_the_librarys_own_search_finds_is_read_but_only_if_it_is_early_enough() -> None:
    papers = {info.document_id: held for info, held in PAPERS()}
    for wanted, shown in (("far-0", True), (LATER, False)):
        found = ByMeaning(papers[wanted][0])
        search = PriorArtSearch(shelf(), analyse=analyse, search=found)
        report = search.run("라디에이터를 우회하는 전자 밸브", critical_date=CRITICAL)  # no word of far-0
        assert found.asked
        assert (wanted in {one.document_id for one in report.art}) is shown


def test_the_index_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    first = Holdings.__init__

    def counted(self: Holdings, *arguments: Any) -> None:
        made.append(1)
        first(self, *arguments)

    monkeypatch.setattr(holdings_module.Holdings, "__init__", counted)
    search = PriorArtSearch(shelf(), analyse=analyse)
    assert made == []
    for _ in range(2):
        search.run(APPLICATION, critical_date=CRITICAL)
    assert made == [1]


def test_patents_are_told_by_kind_or_number() -> None:
    infos = [info for info, _ in PAPERS()]
    assert all(map(is_patent, infos))
    assert not is_patent(document("근로기준법", "법", kind="법률")[0])
    assert Paper.of(infos[0]).filed == date(2017, 7, 20)


# -- what it looks like ----------------------------------------------------------------------------------------------


def test_a_report_shows_art_places_combinations_and_the_formula(report: PriorArtReport) -> None:
    text = report.to_markdown()
    assert "선행기술 검색" in str(report)
    for words in (
        "선행기술 검색: 연료전지 차량",
        "기준일 2022-03-15",
        "확대된 선출원(동일성만)",
        "결합 후보",
        "IPC=",
        "보완하는 구성요소",
    ):
        assert words in text
    english = report.to_markdown(lang="en")
    assert "prior art: " in english
    assert "earlier application (identity alone)" in english
    assert "<script" not in report._repr_html_()
