"""How well decisions are found for the issues that courts state, beside a simple baseline, and how fast.

``python tests/benchmarks/precedents.py [--data DIR]``

``DIR`` holds the shared data (``retrieval/issue-to-precedent-patent``: 645 issues, and what courts cited for them among
3,527 decisions). The decision that an issue comes from is dropped, and with it every later one; decisions of its own
day are shown and have no say. The shipped weights were fitted to these issues, so the figure that counts is that of
weights fitted on the other half of the decisions. Intervals are 95 % bootstraps over questions.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "pipelines" / "patents"))

from precedent_sets import PrecedentSet, analyse, bigrams, held_out, searched

from govrag.evaluate.metrics import mean

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description="Measure the search for precedents.")
    parser.add_argument("--data", type=Path, default=SHARED)
    options = parser.parse_args(arguments)
    _say(f"{platform.platform()}, {platform.processor() or platform.machine()}, Python {platform.python_version()}")
    _say(f"{date.today()}")
    folder = options.data / "retrieval" / "issue-to-precedent-patent"
    found = PrecedentSet.read(folder)
    digest = hashlib.sha256((folder / "corpus.jsonl.xz").read_bytes()).hexdigest()
    _say(f"{len(found.queries)} issues, {len(found.documents):,} decisions, corpus {digest[:12]}")
    analyse("가")  # the analyser is loaded once, by whoever comes first
    precedents = found.precedents()
    precedents = found.precedents()
    begun = time.process_time()
    _say(f"{len(precedents):,} decisions read and indexed in {time.process_time() - begun:.1f} s of processor time")
    begun = time.process_time()
    shipped = found.figures(searched(found, precedents))
    _say(f"{1000 * (time.process_time() - begun) / len(shipped):.1f} ms of processor time a question")
    for name, values in (
        ("weights fitted on the other half", held_out(found, precedents)),
        ("shipped weights", shipped),
        ("bigram BM25 of whole decisions", found.figures(bigrams(found, precedents))),
    ):
        figure = mean(values)
        _say(f"{name:36} nDCG@10 {figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
