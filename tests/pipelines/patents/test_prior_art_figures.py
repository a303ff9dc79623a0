"""What the search for prior art reaches on the development set: floors under the figures that the benchmark prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from prior_art_sets import PriorArtSet, analyse, average_precision, figures, searched

from govrag.pipelines.patents.prior_art import PriorArtSearch


@pytest.mark.shared
def test_prior_art_reaches_its_figures(shared: Path) -> None:
    found = PriorArtSet.read(shared / "retrieval" / "patent-prior-art")
    reached = figures(found, searched(PriorArtSearch(found.shelf(), analyse=analyse), found))
    assert reached["recall@10"].value >= 0.46
    assert reached["recall@100"].value >= 0.72
    assert reached["nDCG@10"].value >= 0.32
    assert reached["MAP"].value >= 0.29


def test_average_precision_counts_what_was_not_found() -> None:
    assert average_precision(["a", "x", "b"], {"a": 1, "b": 2, "c": 1, "x": 0}) == pytest.approx((1 + 2 / 3) / 3)
