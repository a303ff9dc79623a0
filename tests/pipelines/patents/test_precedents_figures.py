"""What the search for precedents reaches on the development set: a floor under what the benchmark prints."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from precedent_sets import PrecedentSet, searched

from govrag.evaluate.metrics import mean


@pytest.mark.shared
def test_precedents_reach_their_figure_in_time(shared: Path) -> None:
    found = PrecedentSet.read(shared / "retrieval" / "issue-to-precedent-patent")
    precedents = found.precedents()
    assert len(precedents) == len(found.documents)
    rank = searched(found, precedents)
    assert mean(found.figures(rank)).value >= 0.58
    begun = time.process_time()
    found.figures(rank, range(50))
    assert (time.process_time() - begun) / 50 <= 0.1  # seconds of processor time a question, warm


@pytest.mark.shared
def test_no_later_decision_is_found(shared: Path) -> None:
    found = PrecedentSet.read(shared / "retrieval" / "issue-to-precedent-patent")
    precedents = found.precedents()
    for number in range(0, len(found.queries), 5):
        query, day = found.queries[number], found.day(number, precedents)
        for hit in precedents.like(query["text"], as_of=day, without=query["exclude"]):
            decided = precedents.decision(hit.passage.document_id).day
            assert decided is not None
            assert decided <= day
            assert hit.passage.document_id not in query["exclude"]
