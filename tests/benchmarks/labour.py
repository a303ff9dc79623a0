"""What the labour pipelines reach on their answer keys, and how long a consultation takes.

``python tests/benchmarks/labour.py --data DIR [--library DIR] [--misses]``

``DIR`` holds the shared data (``laws/``); with a library, consultations are timed on it (all statutes) as well. The two
authors of the keys are told apart: the pipelines were improved on the first, never on the second.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "pipelines" / "labour"))

from labour_keys import AUTHORS, KEYS, Shares, build, consulted, inspected, rows

import govrag
from govrag.library import Library


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the whole of it."""
    parser = argparse.ArgumentParser(description="Measure the labour pipelines.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--library", type=Path, help="a library of all statutes, for the times")
    parser.add_argument("--misses", action="store_true", help="tell each miss")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, govrag.open(build(options.data, Path(folder))) as library:
        for author in AUTHORS:
            _tell(f"consultation, {author}", consulted(library, rows(author, "questions.jsonl")), options.misses)
        for author in AUTHORS:
            papers = rows(author, "documents.jsonl")
            _tell(f"inspection, {author}", inspected(library, KEYS / author / "documents", papers), options.misses)
        _time("labour statutes", library)
    if options.library:
        with govrag.open(options.library) as library:
            _time(str(options.library.name), library)


def _tell(what: str, shares: Shares, misses: bool) -> None:
    for name, (right, of) in shares.counts.items():
        _say(f"{what:22} {name:26} {right / of if of else 1:.3f} ({right} of {of})")
    for miss in shares.misses if misses else ():
        _say(f"    {miss}")


def _time(what: str, library: Library) -> None:
    """Report how long warm consultations take, in milliseconds."""
    questions = [row for author in AUTHORS for row in rows(author, "questions.jsonl")]
    spent = []
    for row in questions[:1] + questions:
        begun = time.perf_counter()
        library.labour.ask(row["question"], facts=row["facts"], as_of=row["as_of"])
        spent.append(1000 * (time.perf_counter() - begun))
    warm = sorted(spent[1:])
    _say(f"{what}: p50 {warm[len(warm) // 2]:.0f} ms, p95 {warm[int(0.95 * len(warm))]:.0f} ms, most {warm[-1]:.0f} ms")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
