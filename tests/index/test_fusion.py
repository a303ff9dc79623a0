"""Fusion: the parts explain the score, missing evidence counts as the least, confidence keeps its promises."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from govrag.index.fusion import (
    ASPECTS,
    NAMED,
    PARTS,
    PRECEDENTS,
    READ,
    Asked,
    Leg,
    Priors,
    aspects,
    candidates,
    columns,
    confidence,
    features,
    fuse,
    kind_number,
)

ASKED = Asked(characters=30, bigrams=20, words_mass=50.0, bigrams_mass=120.0, passages=200_000)


def leg(name: str, *found: tuple[int, float]) -> Leg:
    return Leg(name, np.array([row for row, _ in found], np.int64), np.array([score for _, score in found], np.float32))


def priors(rows: int, **changed: np.ndarray) -> Priors:
    plain = {
        "laws": np.arange(rows, dtype=np.int64),
        "kinds": np.zeros(rows, np.int8),
        "citations": np.zeros(rows, np.float32),
        "lengths": np.full(rows, 300, np.int64),
    }
    return Priors(**(plain | changed))


def hits(fused: object, count: int = 5) -> list[dict[str, float]]:
    signals = fused.signals  # type: ignore[attr-defined]
    return [
        {name: float(values[at]) for name, values in signals.items()} for at in range(min(count, len(signals["words"])))
    ]


LEGS = [
    leg("words", (7, 30.0), (3, 21.0), (9, 4.0)),
    leg("bigrams", (7, 80.0), (9, 60.0), (1, 20.0)),
    leg("meaning", (7, 0.8), (3, 0.7), (2, 0.3)),
]


def test_every_candidate_comes_once_and_the_parts_sum_to_the_score() -> None:
    fused = fuse(LEGS, asked=ASKED, priors=priors(5))
    assert candidates(LEGS).tolist() == [1, 2, 3, 7, 9]
    assert sorted(fused.rows.tolist()) == [1, 2, 3, 7, 9]
    assert fused.rows[0] == 7  # first everywhere
    assert (np.diff(fused.scores) <= 0).all()
    assert set(fused.signals) == {*PARTS, NAMED, "question"}
    np.testing.assert_allclose(sum(fused.signals.values()), fused.scores, atol=1e-4)


def test_a_row_that_a_leg_lacks_counts_as_its_lowest_without_a_rank() -> None:
    table = features(LEGS, asked=ASKED)
    by_row = dict(zip(candidates(LEGS).tolist(), table, strict=True))
    assert by_row[2][0] == by_row[9][0] == pytest.approx(4 / 50)
    assert by_row[9][1] == pytest.approx(1 / 5)
    assert by_row[2][1] == 0
    assert by_row[1][4] == pytest.approx(0.3)


def test_the_law_of_a_candidate_votes_by_its_best_other_passage() -> None:
    laws = np.array([5, 6, 5, 6, 8])  # rows 1, 2, 3, 7, 9
    table = features(LEGS, asked=ASKED, priors=priors(5, laws=laws))
    rough = table[:, [0, 2, 4]] @ np.array([0.3, 1.0, 3.5], np.float32)
    expected = [rough[2], rough[3], rough[0], rough[1], rough.min()]
    np.testing.assert_allclose(table[:, 6], expected, rtol=1e-6)
    np.testing.assert_allclose(table[:, 7], np.log1p([2, 2, 2, 2, 1]), rtol=1e-6)


def test_more_citations_lift_and_stubs_sink() -> None:
    cited = fuse(LEGS, asked=ASKED, priors=priors(5, citations=np.array([0, 50, 0, 0, 0], np.float32)))
    plain = fuse(LEGS, asked=ASKED, priors=priors(5))
    stub = fuse(LEGS, asked=ASKED, priors=priors(5, lengths=np.array([300, 3, 300, 300, 300])))
    scores = [float(fused.scores[fused.rows == 2][0]) for fused in (cited, plain, stub)]
    assert scores[0] > scores[1] > scores[2]


def test_a_named_provision_rises_even_when_no_leg_found_it() -> None:
    fused = fuse([*LEGS, leg(NAMED, (42, 1.0), (2, 1.0))], asked=ASKED, priors=priors(6))
    without = fuse(LEGS, asked=ASKED, priors=priors(5))
    assert 42 in fused.rows
    assert 42 not in without.rows
    lifted, before = (float(one.scores[one.rows == 2][0]) for one in (fused, without))
    assert lifted > before + 3
    np.testing.assert_allclose(sum(fused.signals.values()), fused.scores, atol=1e-4)


def read_as(best: int) -> Callable[[NDArray[np.int64]], NDArray[np.float32]]:
    """Return a reading in which one row says exactly what the question says, and no other says anything of it."""

    def read(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        table = np.zeros((len(rows), 8), np.float32)
        table[rows == best] = 1
        return table

    return read


def test_what_is_read_to_say_the_same_rises_and_the_rest_of_the_parts_stay() -> None:
    plain = fuse(LEGS, asked=ASKED, priors=priors(5))
    fused = fuse(LEGS, asked=ASKED, priors=priors(5), read=read_as(9))
    assert fused.rows[0] == 9
    for name in ("words", "bigrams", "meaning"):
        before = dict(zip(plain.rows.tolist(), plain.signals[name].tolist(), strict=True))
        after = dict(zip(fused.rows.tolist(), fused.signals[name].tolist(), strict=True))
        assert before == after


def test_only_the_best_are_read_each_once() -> None:
    asked: list[NDArray[np.int64]] = []

    def read(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        asked.append(rows)
        return np.zeros((len(rows), 8), np.float32)

    many = leg("meaning", *((row, 0.9 - row / 1_000) for row in range(200)))
    fused = fuse([many], asked=ASKED, priors=priors(200), read=read)
    assert [rows.tolist() for rows in asked] == [list(range(READ))]
    assert len(fused.rows) == 200


def test_votes_bring_in_and_lift_what_like_issues_cite_and_none_are_as_no_leg_at_all() -> None:
    votes = Leg(PRECEDENTS, np.array([40, 1], np.int64), np.array([3.0, 0.5], np.float32), nearest=0.9)
    fused = fuse([*LEGS, votes], asked=ASKED, priors=priors(6))
    parts = dict(zip(fused.rows.tolist(), fused.signals[PRECEDENTS].tolist(), strict=True))
    assert parts[40] > parts[1] > 0 == parts[7]
    silent = Leg(PRECEDENTS, np.zeros(0, np.int64), np.zeros(0, np.float32))
    with_silence, without = (fuse(legs, asked=ASKED, priors=priors(5)) for legs in ([*LEGS, silent], LEGS))
    assert with_silence.rows.tolist() == without.rows.tolist()
    assert with_silence.scores.tolist() == without.scores.tolist()


def test_each_part_has_its_columns_side_by_side() -> None:
    widths = {name: at.stop - at.start for name, at in columns().items()}
    assert widths == dict(PARTS)
    assert [at.start for at in columns().values()] == [0, *np.cumsum(list(PARTS.values()))[:-1]]


def test_ties_go_to_the_lower_row_and_order_of_the_legs_does_not_matter() -> None:
    tied = [leg("words"), leg("bigrams", (9, 50.0), (4, 50.0)), leg("meaning")]
    fused = fuse([leg("meaning"), leg("bigrams"), leg("words")], asked=ASKED)
    assert len(fused.rows) == 0
    same = fuse([Leg("meaning", np.array([4, 9]), np.array([0.5, 0.5], np.float32))], asked=ASKED)
    assert same.rows.tolist()[0] == 4
    one, other = fuse(LEGS, asked=ASKED), fuse(LEGS[::-1], asked=ASKED)
    np.testing.assert_array_equal(one.rows, other.rows)
    np.testing.assert_array_equal(one.scores, other.scores)
    assert fuse(tied, asked=ASKED).rows.tolist() == [9, 4]  # its leg ranked 9 first


rankings = st.lists(
    st.tuples(st.integers(0, 40), st.floats(0.5, 100, width=32)), max_size=30, unique_by=lambda pair: pair[0]
)


@given(rankings, rankings, rankings, st.integers(0, 10_000), st.floats(0, 1e6))
def test_any_legs_give_finite_ordered_scores(
    words: list[tuple[int, float]],
    bigrams: list[tuple[int, float]],
    meaning: list[tuple[int, float]],
    length: int,
    mass: float,
) -> None:
    def best_first(pairs: list[tuple[int, float]]) -> list[tuple[int, float]]:
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    legs = [
        leg("words", *best_first(words)),
        leg("bigrams", *best_first(bigrams)),
        leg("meaning", *[(row, score / 100) for row, score in best_first(meaning)]),
    ]
    asked = Asked(length, length, mass, mass, 200_000)
    rows = candidates(legs)
    fused = fuse(legs, asked=asked, priors=priors(len(rows)))
    assert sorted(fused.rows.tolist()) == rows.tolist()
    assert np.isfinite(fused.scores).all()
    assert (np.diff(fused.scores) <= 0).all()
    assert aspects(legs, asked=asked).shape == (ASPECTS,)
    assert 0 <= confidence(hits(fused)) <= 1


def test_confidence_is_nothing_without_hits_and_grows_with_the_match() -> None:
    good = fuse(
        [leg("words", (1, 45.0), (2, 9.0)), leg("bigrams", (1, 110.0), (2, 30.0)), leg("meaning", (1, 0.9), (2, 0.3))],
        asked=ASKED,
    )
    poor = fuse(
        [leg("words", (1, 8.0), (2, 8.0)), leg("bigrams", (1, 25.0), (2, 24.0)), leg("meaning", (1, 0.3), (2, 0.29))],
        asked=ASKED,
    )
    assert confidence([]) == 0
    assert confidence(hits(good)) > 0.7
    assert confidence(hits(poor)) < 0.3


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        *[(kind, 0) for kind in ("법률", "고시", "")],
        *[(kind, 1) for kind in ("대통령령", "시행령")],
        *[(kind, 2) for kind in ("시행규칙", "총리령", "국토교통부령", "대법원규칙")],
        *[(kind, 3) for kind in ("조선총독부법률", "군정법령")],
    ],
)
def test_kinds_are_numbered_by_rank_of_law(kind: str, number: int) -> None:
    assert kind_number(kind) == number


def test_a_thousand_candidates_a_leg_are_fused_without_a_loop_over_them() -> None:
    source = np.random.default_rng(0)
    legs = [
        Leg(name, source.permutation(5_000)[:1_000].astype(np.int64), np.sort(source.random(1_000, np.float32))[::-1])
        for name in ("words", "bigrams", "meaning")
    ]
    known = priors(len(candidates(legs)), laws=source.integers(0, 200, len(candidates(legs))))
    fuse(legs, asked=ASKED, priors=known)
    started = time.process_time()
    for _ in range(20):
        fuse(legs, asked=ASKED, priors=known)
    assert (time.process_time() - started) / 20 < 0.05  # a loop in Python would take longer; the target is 1 ms
