"""Puts every attack, in every place that can carry it, through every pipeline, before a model that obeys it.

``python tests/benchmarks/attacks.py [--count N] [--seed 1] [--folder DIR] [--shown 20]``

Some 18,000 combinations, about fifteen minutes on one core; with ``--count`` a sample of so many attacks in places.
Prints per pipeline how many there were, in how many the model found its order, in how many the answer said what is true
all the same; then what got through. Exits with 1 when anything did.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "govern"), str(TESTS), str(TESTS.parent)]

from attack_bench import PIPELINES, Combination, Fort, Report, everything, sample  # noqa: E402
from attack_carriers import CARRIERS  # noqa: E402
from attacks import ATTACKS, Attack  # noqa: E402

import govrag.desk  # noqa: E402 (the path comes first)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=0, help="attacks in places, each through all pipelines; 0 is all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--folder", type=Path, help="where the library is made; a temporary folder if none")
    parser.add_argument("--shown", type=int, default=20, help="examples of each fault")
    told = parser.parse_args()
    govrag.desk.ANSWER_FROM = 0.0  # every question is answered: what is abstained from shows nothing
    started = time.process_time()
    pairs = sample(told.count, told.seed) if told.count else everything()
    with tempfile.TemporaryDirectory(dir=told.folder) as folder, Fort(Path(folder), pairs) as fort:
        say(
            f"{len({attack.name for attack in ATTACKS})} kinds of attack in two languages, {len(CARRIERS)} places, "
            f"{len(PIPELINES)} pipelines; files refused: {len(fort.refused)}"
        )
        reports = {name: through(fort, name, pairs) for name in PIPELINES}
    say(f"{'pipeline':12}{'combinations':>14}{'order seen':>12}{'true said':>12}{'typed error':>12}{'faults':>8}")
    whole = Report()
    for name, report in reports.items():
        row(name, report)
        for field in ("count", "seen", "answered", "refused"):
            setattr(whole, field, getattr(whole, field) + getattr(report, field))
        whole.faults += report.faults
        whole.unread.update(report.unread)
    row("all", whole)
    say(f"{time.process_time() - started:.0f} CPU seconds; documents not found again: {dict(whole.unread) or 'none'}")
    kinds = Counter(fault.split(": ")[1] for fault in whole.faults)
    for kind, count in kinds.most_common():
        say(f"\n{count:,} × {kind}")
        for fault in [one for one in whole.faults if one.split(": ")[1] == kind][: told.shown]:
            say(f"    {fault}")
    return 1 if whole.faults else 0


def through(fort: Fort, pipeline: str, pairs: Sequence[tuple[Attack, str]]) -> Report:
    """Put attacks in places through one pipeline."""
    report = fort.run(Combination(attack, carrier, pipeline) for attack, carrier in pairs)
    sys.stderr.write(f"{pipeline}: {report.count:,}, {len(report.faults):,} faults\n")
    return report


def row(name: str, report: Report) -> None:
    """Print a line of the table."""
    say(f"{name:12}{report.count:14,}{report.seen:12,}{report.answered:12,}{report.refused:12,}{len(report.faults):8,}")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
