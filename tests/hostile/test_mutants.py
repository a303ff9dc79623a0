"""Damage anywhere in a file ends in text or in a typed refusal; `tests/benchmarks/hostile.py` does more of it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from hostile.harness import Bench, new_files
from hostile.mutants import mutants, seeds

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits beyond wall clock and size need Linux")

SEED, COUNT = 1, 500
EACH = 10  # a good file is read after so many


@linux
def test_no_damage_hurts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found: list[str] = []
    outcomes: Counter[str] = Counter()
    with new_files(tmp_path) as left, Bench() as bench:
        for number, mutant in enumerate(mutants(SEED, COUNT)):
            verdict, _ = bench.read(mutant.name, mutant.data, good=number % EACH == 0)
            outcomes[verdict.outcome] += 1
            found += [f"{mutant.name} ({mutant.what}): {fault}" for fault in verdict.faults]
        assert bench.read_good()
    assert not found, "\n".join(found)
    assert left == []
    # Damage that all readers refused, or none noticed, would have tried nothing.
    assert outcomes["text"] > COUNT / 4
    assert COUNT - outcomes["text"] > COUNT / 4
    assert {"UnreadableFile", "UnknownFormat", "EmptyFile"} <= set(outcomes)


@linux
def test_every_seed_is_read_undamaged() -> None:
    with Bench() as bench:
        for name, data in seeds().items():
            verdict, _ = bench.read(name, data, good=False)
            assert (verdict.outcome, verdict.faults) == ("text", ()), name


def test_the_same_seed_and_number_make_the_same_mutant() -> None:
    once, again = ({mutant.name: mutant.data for mutant in mutants(7, 60)} for _ in range(2))
    assert once == again
    (alone,) = mutants(7, 1, start=41)
    assert once[alone.name] == alone.data
    other = [mutant.data for mutant in mutants(8, 60)]
    assert sum(data in other for data in once.values()) < 10


def test_nearly_every_mutant_differs_from_its_seed() -> None:
    whole = list(seeds().values())
    assert sum(mutant.data in whole for mutant in mutants(SEED, 200)) < 20
