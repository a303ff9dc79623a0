"""Decisions and past questions vote for the articles they cite; where there are none, nothing changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import govrag
from govrag import Library
from govrag.cli import app
from govrag.index import precedents
from govrag.records import Hit

CIVIL = """민법

제2조(신의성실) ① 권리의 행사와 의무의 이행은 신의에 좇아 성실히 하여야 한다.
제548조(해제의 효과) ① 당사자 일방이 계약을 해제한 때에는 각 당사자는 상대방에 대하여 원상회복의 의무가 있다.
제750조(불법행위의 내용) 고의 또는 과실로 인한 위법행위로 타인에게 손해를 가한 자는 그 손해를 배상할 책임이 있다.
제766조(소멸시효) ① 손해배상의 청구권은 피해자가 그 손해 및 가해자를 안 날로부터 3년간 행사하지 아니하면 소멸한다.
"""
DECISION = """대법원 2031. 4. 12. 선고 2030다12345 판결
【판시사항】
[1] 층간소음을 일으킨 윗집 거주자에게 위자료를 물릴 수 있는지 여부(적극)
[2] 위자료를 언제까지 청구하여야 하는지
【판결요지】
[1] 참을 한도를 넘는 소음은 위법하다.
[2] 소음을 안 날부터 센다.
【참조조문】
[1] 민법 제750조 / [2] 민법 제766조
【주 문】
상고를 기각한다.
【이 유】
상고이유를 판단한다.
"""
PAST = [
    {"id": "1", "question": "윗집 아이가 밤마다 뛰는데 위자료를 받을 수 있나요?", "citations": ["민법|제750조"]},
    {"id": "2", "question": "계약을 물리면 낸 돈을 돌려받나요?", "citations": ["민법 제548조"]},
]
QUESTION = "층간소음 위자료"
LATER = ("--as-of", "2031-05-01")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with govrag.open(tmp_path / "library") as opened:
        opened.add([("민법.txt", CIVIL.encode())])
        yield opened


def articles(library: Library, query: str, **options: object) -> dict[str, Hit]:
    """Return the hits on the civil code by article."""
    return {
        hit.passage.locator: hit
        for hit in library.search(query, limit=20, newest=True, **options)  # type: ignore[arg-type]
        if hit.passage.title == "민법"
    }


def add_decision(library: Library, *, collection: str = "main") -> None:
    receipt = library.add([("판결.txt", DECISION.encode())], collection=collection)
    assert receipt.added, receipt.refused


def test_a_decision_lifts_the_article_that_its_issue_rests_on_and_says_so(library: Library) -> None:
    before = articles(library, QUESTION)
    assert all(hit.signals["precedents"] == 0 and not hit.voters for hit in before.values())
    add_decision(library)
    after = articles(library, QUESTION)
    assert next(iter(after)) == "제750조"
    assert "판시사항 [1]" in after["제750조"].voters[0]
    assert after["제750조"].signals["precedents"] > after["제766조"].signals["precedents"]
    assert "제2조" not in after or not after["제2조"].voters


def test_each_issue_votes_for_its_own_articles(library: Library) -> None:
    add_decision(library)
    found = articles(library, "위자료를 언제까지 청구하여야 하는지")
    assert found["제766조"].signals["precedents"] > found["제750조"].signals["precedents"]
    assert "판시사항 [2]" in found["제766조"].voters[0]


def test_voters_in_another_collection_and_under_a_filter_on_kinds_still_vote(library: Library) -> None:
    add_decision(library, collection="decisions")
    assert articles(library, QUESTION)["제750조"].voters
    kinds = {hit.kind for hit in library.search(QUESTION, newest=True, collection="main")}
    assert articles(library, QUESTION, kind=tuple(kinds))["제750조"].voters
    assert not articles(library, QUESTION, collection="main")["제750조"].voters  # whoever is not asked does not vote


def test_a_decision_of_later_days_does_not_vote(library: Library) -> None:
    add_decision(library)
    early = [hit for hit in library.search(QUESTION, as_of="2030-01-01") if hit.passage.title == "민법"]
    assert early
    assert not any(hit.voters for hit in early)


def test_past_questions_vote_and_without_citations_they_do_not(library: Library) -> None:
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in PAST)
    assert library.add([("지난 질문.jsonl", lines.encode())]).added
    found = articles(library, "계약을 취소하면 돈을 돌려받을 수 있는지")
    assert found["제548조"].voters
    assert "질의 2" in found["제548조"].voters[0]
    library.remove("memory:지난 질문.jsonl")
    silent = "\n".join(json.dumps({"id": row["id"], "question": row["question"]}, ensure_ascii=False) for row in PAST)
    assert library.add([("지난 질문.jsonl", silent.encode())]).added
    assert not any(hit.voters for hit in articles(library, "계약을 취소하면 돈을 돌려받을 수 있는지").values())


def test_an_article_that_no_edition_changed_counts_once(library: Library) -> None:
    add_decision(library)
    votes = articles(library, QUESTION)["제750조"].signals["precedents"]
    edition = """---
제목: 갑법
법령MST: {number}
법령ID: 7
법령구분: 법률
공포일자: '{year}-01-01'
시행일자: '{year}-01-01'
---

##### 제1조 (위자료)

윗집은 위자료를 준다.

##### 제2조 (기간)

기간은 {year}년으로 한다.
"""
    past = json.dumps({"question": "갑법의 위자료", "citations": ["갑법|제1조", "갑법|제2조"]}, ensure_ascii=False)
    library.add([(f"{year}.md", edition.format(number=year, year=year).encode()) for year in range(2001, 2007)])
    library.add([("갑.jsonl", past.encode())])
    found = {
        hit.passage.locator: hit for hit in library.search("갑법의 위자료", newest=True) if hit.passage.title == "갑법"
    }
    assert found["제1조"].signals["precedents"] == pytest.approx(found["제2조"].signals["precedents"], abs=1.0)
    assert found["제1조"].voters == ("갑 질의 1",)
    assert votes > 0


def test_explain_names_the_voters(library: Library) -> None:
    add_decision(library)
    result = CliRunner().invoke(app, ["search", QUESTION, "--library", str(library.path), "--explain", *LATER])
    assert result.exit_code == 0
    assert "← 대법원 2031. 4. 12." in result.stdout


def test_the_json_of_a_hit_names_its_voters(library: Library) -> None:
    add_decision(library)
    row = articles(library, QUESTION)["제750조"].to_dict(rank=1, as_of=date(2031, 5, 1))
    assert row["voters"][0].startswith("대법원 2031. 4. 12.")


def test_a_vote_counts_more_the_nearer_and_the_fewer_it_names() -> None:
    assert precedents.weight(1.0, 1) == pytest.approx(1.0)
    weights = [precedents.weight(cosine, 2) for cosine in np.linspace(0, 1, 5)]
    assert weights == sorted(weights)
    assert precedents.weight(0.8, 1) > precedents.weight(0.8, 3)
