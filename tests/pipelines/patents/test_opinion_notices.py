"""What a notice raises: every ground with its article, its claims and its art, in many wordings."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from opinion_cases import NOTICES

from govrag.pipelines.patents.opinion.fields import dates_in, stated_in
from govrag.pipelines.patents.opinion.naming import articles_in, arts_in, claims_in
from govrag.pipelines.patents.opinion.notice import grounds_of
from govrag.pipelines.patents.opinion.office_action import objections, rejections
from govrag.pipelines.patents.opinion.paper import Paper
from govrag.records import Document, Section


def paper(text: str) -> Paper:
    return Paper(Document("id", "통지서", (Section("paragraph", text),)))


@pytest.mark.parametrize("name", NOTICES)
def test_every_ground_of_a_notice_is_found_with_its_claims_and_art(name: str) -> None:
    case = NOTICES[name]
    read = paper(case.text)
    found = grounds_of(read)
    assert [(one.article, one.claims) for one in found] == list(case.grounds)
    assert [len(one.cited) for one in found] == list(case.art)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    for one in found:
        assert read.text[one.start : one.end].strip() == read.text[one.start : one.end] != ""


@pytest.mark.parametrize(
    ("text", "bare", "claims"),
    [
        ("청구항 제1항 내지 제3항, 제5항", False, (1, 2, 3, 5)),
        ("청 구 항 제 2 항", False, (2,)),
        ("제1~3항", False, (1, 2, 3)),
        ("1, 3-5", True, (1, 3, 4, 5)),
        ("1, 3-5", False, ()),
        ("특허법 제42조제4항제2호, 청구항 7", False, (7,)),
        ("특허법 제42조 제4항 제1호 및 제2호", False, ()),
        ("Claim s 6-7 is/are", False, (6, 7)),
        ("claim(s) 1-3, 6 and 8", False, (1, 2, 3, 6, 8)),
    ],
)
def test_claims_are_told_from_paragraphs_of_articles(text: str, bare: bool, claims: tuple[int, ...]) -> None:
    assert claims_in(text, bare=bare) == claims


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("특 허 법 제 29 조 제 2 항", ["특허법 제29조제2항"]),
        ("제42조제4항제1호 및 제2호", ["특허법 제42조제4항제1호", "특허법 제42조제4항제2호"]),
        ("제29조제1항제2호 및 제2항", ["특허법 제29조제1항제2호", "특허법 제29조제2항"]),
        ("「특허법」 제45조", ["특허법 제45조"]),
        ("특허법 제29조제1항 본문", ["특허법 제29조제1항 본문"]),
        ("특허법 시행령 제5조제6항", ["특허법 시행령 제5조제6항"]),
        ("민법 제161조", []),
        ("35 USC § 103(a)", ["35 U.S.C. 103(a)"]),
        ("35 U.S.C. 102(a)(1)", ["35 U.S.C. 102(a)(1)"]),
        ("nonstatutory double patenting", ["double patenting"]),
    ],
)
def test_articles_are_read_whatever_the_blanks(text: str, labels: list[str]) -> None:
    assert [one.label for one in articles_in(text)] == labels


def test_art_is_counted_by_its_numbers() -> None:
    assert arts_in("인용발명 1과 인용발명 3") == (1, 3)
    assert arts_in("선행문헌 1 내지 3") == (1, 2, 3)
    assert arts_in("D1 및 D2") == (1, 2)
    assert arts_in("인용발명 2의 청구항 1") == (2,)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("출원번호: 10-2025-9900123\n", "application", "10-2025-9900123"),
        ("| 출원번호 | 10-2025-9900123 |\n", "application", "10-2025-9900123"),
        ("【출원번호】 10-2025-9900123\n", "application", "10-2025-9900123"),
        ("출 원 번 호  10 - 2025 - 9900123\n", "application", "10-2025-9900123"),
        ("출원번호 제10-2025-9900123호\n", "application", "10-2025-9900123"),
        ("Application Number: 14/671,321\n", "application", "US 14/671,321"),
        ("【발명의 명칭】 이중 격벽 화분\n", "title", "이중 격벽 화분"),
        (
            "【제출인】\n【명칭】 푸른정원 주식회사\n【특허고객번호】 1-2010-990012-3\n",
            "applicant",
            "푸른정원 주식회사",
        ),
        ("출원인  성명  푸른정원 (특허고객번호: 119900)\n", "applicant", "푸른정원"),
        ("발송일자: 2026. 6. 15.\n", "sent", date(2026, 6, 15)),
        ("2026년 6월 15일자 의견제출통지서에 대하여\n", "sent", date(2026, 6, 15)),
        ("의견서 제출기한 2026-10-15\n", "deadline", date(2026, 10, 15)),
        ("【제출원인이 된 서류의 발송일자】 2026.06.15\n【제출일자】 2026.10.08\n", "submitted", date(2026, 10, 8)),
        ("발송일자: 2026. 13. 45.\n", "sent", None),
    ],
)
def test_bibliographic_data_stand_in_many_forms(text: str, field: str, value: object) -> None:
    assert getattr(stated_in(text), field) == value


def test_days_that_are_no_days_are_left_out() -> None:
    assert dates_in("2026.02.30, 2026년 3월 1일, June 5, 2026") == (date(2026, 3, 1), date(2026, 6, 5))


def test_a_notice_that_raises_nothing_gives_no_grounds() -> None:
    assert grounds_of(paper("의견제출통지서\n\n특허법 제63조에 따라 알려 드립니다.\n")) == ()
    assert grounds_of(paper("")) == ()


def test_what_the_office_calls_different_is_kept() -> None:
    text = (
        "순번 | 거절이유가 있는 부분 | 관련 법조항\n1 | 청구항 제1항 | 특허법 제29조제2항\n\n"
        "[구체적인 거절이유]\n1. 진보성\n 1-1. 청구항 1\n"
        "구성 | 청구항 1 | 인용발명 1 | 비고\n구성 1 | 받침 | 받침 | 같음\n구성 2 | 이중 격벽 | 단일 격벽 | 차이\n"
    )
    (ground,) = grounds_of(paper(text))
    assert [(one.name, one.claims) for one in ground.differences] == [("구성 2", (1,))]


ACTION = (
    "Claim Rejections - 35 USC § 112\nClaims 2 and 4 are rejected under 35 U.S.C. 112(b) as being indefinite. Claim 2 "
    "recites the valve.\nClaim Rejections - 35 USC § 103\nThe following is a quotation of 35 U.S.C. 103.\nClaim(s) 1-3 "
    "is/are rejected under 35 U.S.C. 103 as being unpatentable over Ashdown et al. (US 2011/0999001 A1) in view of "
    "US Patent No. 9990002 to Birch et al. (hereinafter Birch), and further in view of Cole (US 9,990,003 B2).\n"
    "Regarding claim 8, it is rejected for reasons similar to these.\nClaim 5 is objected to as being dependent upon a "
    "rejected base claim.\n"
)


def test_the_rejections_of_a_us_action() -> None:
    indefinite, obvious = rejections(paper(ACTION))
    assert (indefinite.article, indefinite.claims, indefinite.cited) == ("35 U.S.C. 112(b)", (2, 4), ())
    assert (obvious.article, obvious.claims) == ("35 U.S.C. 103", (1, 2, 3))
    assert obvious.cited == (
        "Ashdown et al. (US 2011/0999001 A1)",
        "US Patent No. 9990002 to Birch et al. (hereinafter Birch)",
        "Cole (US 9,990,003 B2)",
    )
    assert obvious.arts == {"ashdown", "birch", "cole"}
    assert objections(ACTION) == 1
    assert rejections(paper("Claims 1-3 are allowed.")) == ()


@pytest.mark.shared
def test_the_rejections_of_real_us_actions(shared: Path) -> None:
    """Sections 102 and 103 as somebody else read them, claim by claim."""
    compared = 0
    for file in sorted((shared / "documents/office-actions/data/panorama").glob("*.json")):
        action = json.loads(file.read_text(encoding="utf-8"))
        keyed: dict[str, set[int]] = {}
        for claim in action["parsed_CTNF"]:
            for reason in claim["reasons"]:
                keyed.setdefault(f"35 U.S.C. {reason['sectionCode']}", set()).add(claim["claimNumber"])
        found: dict[str, set[int]] = {}
        for one in rejections(paper(action["CTNFBodyText"])):
            found.setdefault(one.article[:13], set()).update(one.claims)
            assert all(cited.count("(") == cited.count(")") for cited in one.cited)
        assert {section: found.get(section) for section in keyed} == keyed
        compared += len(keyed)
    assert compared >= 5


@pytest.mark.shared
def test_every_real_us_action_says_what_it_rejects(shared: Path) -> None:
    """The counts of rejections in the records, read by eye."""
    counts = {}
    for file in sorted((shared / "documents/office-actions/data/record").glob("*.json")):
        action = json.loads(file.read_text(encoding="utf-8"))
        found = rejections(paper(action["CTNFBodyText"]))
        counts[file.stem.partition("_")[2][:6]] = len(found)
        assert all(one.claims for one in found)
        assert all(one.cited for one in found if one.topic and one.topic.art)
    assert counts == {"r00001": 4, "r00003": 2, "r00006": 3, "r00007": 3, "r00008": 3, "r00010": 2}


def test_the_notice_of_the_sample_corpus(sample_corpus: Path) -> None:
    text = next((sample_corpus / "특허").glob("의견제출통지서*.txt")).read_text(encoding="utf-8")
    first, second, third = grounds_of(paper(text))
    assert (first.article, first.claims, len(first.cited)) == ("특허법 제29조제2항", (1, 2, 3, 6), 2)
    assert (second.claims, third.claims) == ((4,), (5,))
    assert [one.name for one in first.differences] == ["구성 3"]
