"""The labour pipelines beside answer keys that were written before them, the two authors apart.

What is reached is printed (``pytest -s``) and held by a floor a little below. The first author's questions and papers
are what the pipelines were improved on; the second author's were never read, only counted, many times.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from labour_keys import AUTHORS, KEYS, Shares, consulted, inspected, rows

from govrag.library import Library

pytestmark = pytest.mark.shared

# Shares reached when these floors were set stand beside them.
CONSULTATION: Mapping[str, Mapping[str, float]] = {
    "main": {
        "articles cited": 0.94,  # 0.965 (55 of 57)
        "conclusions": 0.94,  # 0.975 (39 of 40)
        "missing facts asked": 0.91,  # 1.000 (12 of 12)
        "results": 0.83,  # 0.917 (11 of 12)
        "small workplaces": 0.90,  # 1.000 (11 of 11)
    },
    "other": {
        "articles cited": 0.91,  # 0.957 (22 of 23)
        "conclusions": 0.60,  # 0.650 (13 of 20)
        "missing facts asked": 0.83,  # 1.000 (6 of 6)
        "results": 0.62,  # 0.750 (6 of 8)
    },
}
INSPECTION: Mapping[str, Mapping[str, float]] = {
    "main": {"violations found": 0.98, "exact places": 0.97},  # 1.000 (66 of 66), 1.000 (46 of 46)
    "other": {"violations found": 0.81, "exact places": 0.95},  # 0.844 (27 of 32), 1.000 (21 of 21)
}
MOST_FALSE_ALARMS = {"main": 0.005, "other": 0.03}  # 0.000 (0 of 549), 0.021 (5 of 243)


def told(shares: Shares) -> str:
    lines = [f"{name}: {right} of {of} ({right / of if of else 1:.3f})" for name, (right, of) in shares.counts.items()]
    return "\n".join([*lines, *shares.misses])


@pytest.mark.parametrize("author", AUTHORS)
def test_consultation(statutes: Library, author: str) -> None:
    shares = consulted(statutes, rows(author, "questions.jsonl"))
    print(f"\n{author}\n{told(shares)}")
    assert shares.counts["wrong laws"][0] == 0
    assert shares.share("in force") == 1.0
    for name, floor in CONSULTATION[author].items():
        assert shares.share(name) >= floor, name


@pytest.mark.parametrize("author", AUTHORS)
def test_inspection(statutes: Library, author: str) -> None:
    shares = inspected(statutes, KEYS / author / "documents", rows(author, "documents.jsonl"))
    print(f"\n{author}\n{told(shares)}")
    for name, floor in INSPECTION[author].items():
        assert shares.share(name) >= floor, name
    assert shares.share("false alarms") <= MOST_FALSE_ALARMS[author]


def test_the_keys_are_whole() -> None:
    """Sixty questions over fifteen topics or more, forty papers with violations of 25 kinds or more, and clean ones."""
    questions = [row for author in AUTHORS for row in rows(author, "questions.jsonl")]
    papers = [row for author in AUTHORS for row in rows(author, "documents.jsonl")]
    assert len(questions) >= 60
    assert len({row["topic"] for row in questions}) >= 15
    assert len(papers) >= 40
    assert len({one["check"] for row in papers for one in row["violations"]}) >= 25
    assert sum(not row["violations"] for row in papers) >= 8
    for author in AUTHORS:
        for row in rows(author, "documents.jsonl"):
            text = (KEYS / author / "documents" / row["file"]).read_text(encoding="utf-8")
            assert all(one["quote"] in text for one in row["violations"]), row["file"]
