"""Twelve real files against outlines drawn by a reader who had not seen the parser (tests/golden/README.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import pytest

from govrag.ingest.read import read_document
from govrag.records import Section, Source

OUTLINES = sorted((Path(__file__).resolve().parents[1] / "golden" / "outlines").glob("*.json"))
# Of this contract every digit, bracket and Latin letter is drawn as a shape, its item numbers too: no text layer has
# them, so that none of its fifteen headings can be told from the words around it.
UNREACHABLE = "sample_freelancer_contract.pdf"
_NUMBER = re.compile(r"^[0-9ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩIVX가나다라마바사아자차카타파하①-⑳제장절조편]{0,4}(?=[가-힣A-Za-z])")


@dataclass
class Score:
    """What was found of one outline."""

    matched: int = 0
    missed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    in_order: int = 0  # of neighbouring matches, whose depth changes as the outline's does
    pairs: int = 0
    tables: int = 0
    articles: int = 0


def key(heading: str) -> str:
    letters = re.sub(r"[^0-9A-Za-z가-힣Ⅰ-Ⅻ①-⑳]", "", heading)
    return _NUMBER.sub("", letters) or letters


def headings(sections: tuple[Section, ...], depth: int, score: Score) -> Iterator[tuple[int, str]]:
    for section in sections:
        score.articles += section.kind == "조"
        score.tables += section.table is not None
        opens = section.kind in ("heading", "편", "장", "절", "관")
        if opens:
            yield depth, f"{section.number} {section.heading or section.text.strip()}"
        if section.kind != "running":
            yield from headings(section.children, depth + opens, score)


def scored(outline: dict[str, object], path: Path) -> Score:
    data = path.read_bytes()
    (document,) = read_document(data, Source(str(path), path.name, "", len(data)))
    score = Score()
    found = list(headings(document.sections, 1, score))
    gold = outline["headings"]
    doubtful = {key(words) for words in outline["doubtful_headings"]}  # type: ignore[attr-defined]
    wanted, have = [key(words) for _, words in gold], [key(words) for _, words in found]  # type: ignore[attr-defined]
    blocks = SequenceMatcher(None, wanted, have, autojunk=False).get_matching_blocks()
    matches = [(block.a + at, block.b + at) for block in blocks for at in range(block.size)]
    score.matched = len(matches)
    left, right = {a for a, _ in matches}, {b for _, b in matches}
    score.missed = [one for at, one in enumerate(wanted) if at not in left and one not in doubtful]
    score.extra = [one for at, one in enumerate(have) if at not in right and one not in doubtful]
    for (a, b), (c, d) in pairwise(matches):
        drawn, ours = gold[c][0] - gold[a][0], found[d][0] - found[b][0]  # type: ignore[index]
        score.pairs += 1
        score.in_order += (drawn > 0) == (ours > 0) and (drawn < 0) == (ours < 0)
    return score


@pytest.mark.shared
def test_headings_of_real_documents_are_those_a_person_draws(shared: Path) -> None:
    """Measured 2026-11-21: see the figures in README; these are floors."""
    scores = []
    for file in OUTLINES:
        outline = json.loads(file.read_text(encoding="utf-8"))
        if UNREACHABLE in outline["file"]:
            continue
        score = scored(outline, shared / "documents" / outline["file"])
        scores.append(score)
        low, high = outline["tables_range"]
        # One box more or less: a box around a title is no table to a person, and a cell's grid may be one.
        assert low - 1 <= score.tables <= high + 2, outline["file"]
        assert score.articles >= 0.9 * outline["articles"], outline["file"]
    matched = sum(score.matched for score in scores)
    missed = sum(len(score.missed) for score in scores)
    extra = sum(len(score.extra) for score in scores)
    assert len(scores) == 11
    assert matched / (matched + missed) >= 0.9
    assert matched / (matched + extra) >= 0.95
    assert sum(score.in_order for score in scores) / sum(score.pairs for score in scores) >= 0.95


@pytest.mark.shared
def test_the_contract_whose_numbers_are_shapes_says_what_is_lost(shared: Path) -> None:
    outline = next(
        one for one in map(json.loads, (file.read_text() for file in OUTLINES)) if UNREACHABLE in one["file"]
    )
    path = shared / "documents" / outline["file"]
    (document,) = read_document(path.read_bytes(), Source(str(path), path.name, "", 1))
    assert {loss.kind for loss in document.losses} & {"drawn", "needs_ocr"}
