"""Damages good files by the thousand and reads each in the sandbox; prints what became of them and what went wrong.

``python tests/benchmarks/hostile.py [--count 20000] [--seed 1] [--start 0] [--documents DIR] [--no-documents]``
``python tests/benchmarks/hostile.py --large``

With ``--large`` it reads instead the made files that are too large for the tests, each within the product's limits.

Half of the mutants are of files that the tests make, half of real ones (``../shared/data/documents`` where it is
there). A mutant is made of its seed and number alone: ``--seed 1 --start 17345 --count 1 --keep FILE`` makes one again.
Exits with 1 when anything went wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from hostile import large  # noqa: E402
from hostile.harness import Bench, Verdict, new_files, settled  # noqa: E402
from hostile.mutants import Mutant, mutant, seeds  # noqa: E402

from govrag.ingest.sandbox import Limits  # noqa: E402 (the path comes first)

DOCUMENTS = TESTS.parents[1] / "shared" / "data" / "documents"
FORMATS = frozenset((".hwp", ".hwpx", ".pdf", ".docx", ".xlsx", ".csv", ".html", ".txt", ".xml", ".hml", ".md"))
LARGEST = 1 << 20  # bytes of a real file: larger ones take longer and show no more
LONGEST = 30  # seconds for a large file
EACH = 10  # a good file is read after so many
SHOWN = 10  # slowest, and examples of each fault


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--documents", type=Path, default=DOCUMENTS, help="folder of real files")
    parser.add_argument("--no-documents", action="store_true", help="only files that the tests make")
    parser.add_argument("--large", action="store_true", help="read the files that are too large for the tests, and end")
    parser.add_argument("--keep", type=Path, help="write the first mutant to this file and end")
    told = parser.parse_args()
    if told.large:
        return read_large()
    real = {} if told.no_documents else documents(told.documents)
    numbers = range(told.start, told.start + told.count)
    if told.keep:
        told.keep.write_bytes(made(told.seed, told.start, real).data)
        return 0
    return report(told.seed, numbers, real)


def read_large() -> int:
    """Read the large files, a child each, and print what became of them; return the exit code."""
    wrong = 0
    for file in large.files():
        data = file.bytes()
        with Bench(Limits()) as bench:
            verdict, outcome = bench.read(file.name, data)
        text = "".join(read.document.text for read in outcome.documents)
        found = list(verdict.faults)
        if verdict.seconds > LONGEST:
            found.append(f"took {verdict.seconds:.0f} s")
        if file.refused and verdict.outcome != file.refused:
            found.append(f"not refused as {file.refused}")
        if file.reads not in text:
            found.append("not read")
        say(
            f"{file.name:36}{len(data) / 1024:10,.0f} KiB {verdict.outcome:14}{verdict.seconds:7.1f} s "
            f"child {bench.child_peak >> 20:5,} MiB {len(text):12,} characters  {'; '.join(found) or verdict.english}"
        )
        wrong += len(found)
    return 1 if wrong else 0


def documents(folder: Path) -> dict[str, bytes]:
    """Return the real files of a folder, by name, in the order of their paths."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in FORMATS) if folder.is_dir() else []
    return {path.name: path.read_bytes() for path in paths if path.stat().st_size <= LARGEST}


def made(seed: int, number: int, real: dict[str, bytes]) -> Mutant:
    """Return a mutant: every other one is of a real file."""
    return mutant(seed, number, real if real and number % 2 else seeds())


def verdicts(bench: Bench, seed: int, numbers: range, real: dict[str, bytes]) -> Iterator[tuple[Mutant, Verdict]]:
    """Yield each mutant with what became of it, telling now and then how far it is."""
    started = time.monotonic()
    for at, number in enumerate(numbers):
        one = made(seed, number, real)
        yield one, bench.read(one.name, one.data, good=number % EACH == 0)[0]
        if at % 1000 == 999:
            spent = time.monotonic() - started
            sys.stderr.write(f"{at + 1:,} of {len(numbers):,}, next --start {number + 1}, {spent:.0f} s\n")


def report(seed: int, numbers: range, real: dict[str, bytes]) -> int:
    """Read the mutants and print the table; return the exit code."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    slowest: list[tuple[float, str, str]] = []
    faults: dict[str, list[str]] = defaultdict(list)
    folder = Path.cwd()
    with new_files(folder) as left, Bench(Limits()) as bench:
        before = settled()
        for one, verdict in verdicts(bench, seed, numbers, real):
            outcomes[one.name.rpartition(".")[2]][verdict.outcome] += 1
            slowest = sorted([*slowest, (verdict.seconds, one.name, one.what)], reverse=True)[:SHOWN]
            for fault in verdict.faults:
                faults[fault.partition(":")[0]].append(f"{one.name} ({one.what}): {fault}")
        growth = settled() - before
    show(outcomes)
    say(f"\n{len(real):,} real files; peak address space of a child {bench.child_peak >> 20:,} MiB; this process")
    say(f"grew by {growth >> 20} MiB; no network in the child: {bench.isolated}; files left behind: {left or 'none'}\n")
    for seconds, name, what in slowest:
        say(f"{seconds:7.2f} s  {name}  {what}")
    say(f"\n{sum(map(len, faults.values())):,} faults")
    for kind, examples in faults.items():
        say(f"\n{len(examples):,} × {kind}")
        chosen = random.Random(0).sample(examples, min(SHOWN, len(examples)))
        for example in chosen:
            say(f"    {example}")
    return 1 if faults or left else 0


def show(outcomes: dict[str, Counter[str]]) -> None:
    """Print the outcomes, a row per format."""
    total: Counter[str] = Counter()
    for counted in outcomes.values():
        total.update(counted)
    columns = [name for name, _ in total.most_common()]
    say("format".ljust(8) + "files".rjust(8) + "".join(name.rjust(16) for name in columns))
    for ending, counted in [*sorted(outcomes.items()), ("all", total)]:
        say(ending.ljust(8) + f"{counted.total():8,}" + "".join(f"{counted[name]:16,}" for name in columns))


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
