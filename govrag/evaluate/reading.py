"""How well and how fast office files are read: each format by govrag and by what a user would pick instead.

Text is compared by the multiset of its runs of three `signs` (Hangul, Hanja, letters, digits), every file weighing as
many characters as it has. A line's runs are looked for in the whole other text: readers may put notes, captions and
numbers where they think right. PDF is compared by words, so that a lost space counts. Truth is that of `reading_truth`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from pydantic import Field

from govrag.evaluate.reading_peers import LANGCHAIN, PEERS, Answer, read_files
from govrag.evaluate.reading_truth import FORMATS, CellAt, Truth, format_of, signs, truths
from govrag.evaluate.run import Progress
from govrag.records import Record, Table

__all__ = ["Answer", "Case", "Ours", "Outcome", "Reading", "Run", "cells_of", "judge", "measure", "overlap"]

# "lost": text without more than half of what stands in the file, and no word of it; "needless": a refusal of a file
# that has text and no protection. Both, and all after them, count against a system.
Outcome = Literal["read", "refused", "needless", "lost", "empty", "garbage", "crash", "timeout"]
OURS = "govrag"

_RUN = 3
_BREAKS = re.compile(r"[\n|<>]+")  # of lines and of cells, in Markdown, HTML and HWP's previews
_TOO_LITTLE = 0.5  # recall below which text without an error is a silent loss …
_ENOUGH = 50  # … in a file of this many signs
_MOST_GARBAGE = 0.05  # of the characters: control, private use, unassigned, replacement
_GARBAGE = frozenset({"Cc", "Co", "Cn", "Cs"})
_Key = TypeVar("_Key")


class Case(Record):
    """What a system made of one file."""

    file: str
    bytes: int
    outcome: Outcome
    reason: str = ""
    recall: float | None = None
    preview: float | None = None
    precision: float | None = None
    words: float | None = None
    cells: float | None = None
    weight: int = 0  # signs that must be read
    preview_weight: int = 0  # signs of the preview
    wall_s: float = 0.0


class Reading(Record):
    """How one system reads one format."""

    system: str
    format: str
    note: str = ""  # why it was not measured
    files: int = 0
    outcomes: dict[Outcome, int] = Field(default_factory=dict)
    recall: float | None = None  # of what must be read: text records of HWP, XML of HWPX and of twins
    preview: float | None = None  # of the beginning that HWP 5 files store as a preview
    precision: float | None = None  # where the whole text is known
    words: float | None = None  # recall of words; PDF with an HWP twin
    cells: float | None = None  # with text, at the right row and column
    mb_per_s: float | None = None  # of input, wall clock, files with any ending but a crash
    files_per_s: float | None = None
    cpu_s: float = 0.0
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """The answers of one system to files of one format, in order."""

    answers: Sequence[Answer]
    cpu_s: float


class Ours(Protocol):
    """How the bench reaches govrag's reading, which lives in rooms that this one may not know."""

    def read(self, files: Sequence[Path]) -> Run:
        """Read files as `add` does, one after another in one reused worker; its start and imports are not counted."""

    def tables(self, files: Sequence[Path]) -> Iterator[Sequence[Table]]:
        """Yield the tables of each file, in order; none of one that is refused."""


def measure(files: Iterable[Path], *, ours: Ours, progress: Progress | None = None) -> list[Reading]:
    """Return how every system reads every one of `FORMATS` among the files, ours first.

    A peer that is not installed is listed with a note. Files of other formats are passed over.
    """
    by_format: dict[str, list[Path]] = {form: [] for form in FORMATS}
    for file in sorted(files):
        if form := format_of(file):
            by_format[form].append(file)
    known = truths(file for group in by_format.values() for file in group)
    tasks = [(form, system) for form, group in by_format.items() if group for system in (OURS, *PEERS)]
    found = []
    for done, (form, system) in enumerate(tasks):
        if progress:
            progress(done, len(tasks), f"{form}: {system}")
        reading = _ours if system == OURS else _peer
        if row := reading(system, form, by_format[form], known, ours):
            found.append(row)
    return found


def _ours(system: str, form: str, files: Sequence[Path], known: Mapping[Path, Truth], ours: Ours) -> Reading:
    run = ours.read(files)
    tables = ours.tables(files) if any(known[file].cells for file in files) else iter([()] * len(files))
    cells: list[Counter[CellAt] | None] = [cells_of(each) for each in tables]
    return _summed(system, form, run, _cases(files, run, known, cells))


def _peer(system: str, form: str, files: Sequence[Path], known: Mapping[Path, Truth], _: Ours) -> Reading | None:
    peer = PEERS[system]
    if form not in peer.formats:
        # Said only where somebody would look for it.
        return Reading(system=system, format=form, note="no loader") if system == LANGCHAIN else None
    if not (installed := peer.installed):
        return Reading(system=system, format=form, note="not installed")
    answers = read_files(system, files)
    run = Run(answers, sum(answer.cpu_s for answer in answers))
    return _summed(f"{system} {installed}", form, run, _cases(files, run, known, [None] * len(files)))


def _cases(
    files: Sequence[Path], run: Run, known: Mapping[Path, Truth], cells: Sequence[Counter[CellAt] | None]
) -> list[Case]:
    rows = zip(files, run.answers, cells, strict=True)
    return [judge(file, answer, known[file], cells=found) for file, answer, found in rows]


# ── one file ──────────────────────────────────────────────────────────────────────────────────────────────────────


def judge(file: Path, answer: Answer, truth: Truth, *, cells: Counter[CellAt] | None = None) -> Case:
    """Return how far an answer agrees with the truth, and what to call it. What is refused has recall 0."""
    recall = preview = precision = words = None
    text = "" if truth.refusable else truth.text or ""
    weight = len(signs(text))
    given = _runs(answer.text)
    if weight and truth.by_words:
        words = overlap(_words(text), _words(answer.text))
    elif weight:
        recall = overlap(_line_runs(text), given)
    if weight and truth.whole and given:
        # With numbers and without: not the sum, or what is read twice would pass.
        allowed = (_runs(text) | _runs(truth.printed)) + _runs(truth.optional)
        precision = overlap(_line_runs(answer.text), allowed)
    if weight and signs(truth.preview):
        preview = overlap(_line_runs(truth.preview), given)
    found = recall if recall is not None else words
    return Case(
        file=file.name,
        bytes=file.stat().st_size,
        outcome=_outcome(answer, truth, found if weight >= _ENOUGH else None),
        reason=f"{answer.error}: {answer.reason}" if answer.error else "",
        recall=recall,
        preview=preview,
        precision=precision,
        words=words,
        cells=overlap(truth.cells, cells) if truth.cells and cells is not None else None,
        weight=weight,
        preview_weight=len(signs(truth.preview)),
        wall_s=round(answer.wall_s, 4),
    )


def overlap(wanted: Counter[_Key], given: Counter[_Key]) -> float:
    """Return the share of a multiset that another one has; 1 of nothing."""
    whole = wanted.total()
    return sum(min(count, given[key]) for key, count in wanted.items()) / whole if whole else 1.0


def cells_of(tables: Iterable[Table]) -> Counter[CellAt]:
    """Return where the cells with text stand, those of tables inside cells among them."""
    found: Counter[CellAt] = Counter()
    for table in tables:
        for cell in table.cells:
            if text := signs(cell.text):
                found[cell.row, cell.column, text] += 1
            found.update(cells_of(cell.tables))
    return found


def _outcome(answer: Answer, truth: Truth, found: float | None) -> Outcome:
    if answer.error in ("crash", "timeout"):
        return "crash" if answer.error == "crash" else "timeout"
    if answer.error:
        return "refused" if truth.refusable or truth.text is None else "needless"
    if not answer.text.strip():
        return "empty"
    if found is not None and found >= _TOO_LITTLE:
        return "read"
    if _garbage(answer.text) > _MOST_GARBAGE:
        return "garbage"
    return "read" if found is None else "lost"


def _garbage(text: str) -> float:
    characters = [character for character in text if not character.isspace()]
    bad = sum(character == "\ufffd" or unicodedata.category(character) in _GARBAGE for character in characters)
    return bad / max(len(characters), 1)


def _runs(text: str) -> Counter[str]:
    """Return the runs of one to three signs."""
    run = signs(text)
    return Counter(run[place : place + size] for size in range(1, _RUN + 1) for place in range(len(run) - size + 1))


def _line_runs(text: str) -> Counter[str]:
    """Return the runs of three signs in each line and cell, and those that are shorter themselves."""
    found: Counter[str] = Counter()
    for part in _BREAKS.split(text):
        if run := signs(part):
            found.update(run[place : place + _RUN] for place in range(max(len(run) - _RUN + 1, 1)))
    return found


def _words(text: str) -> Counter[str]:
    return Counter(word for token in text.split() if (word := signs(token)))


# ── all files ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _summed(system: str, form: str, run: Run, cases: Sequence[Case]) -> Reading:
    timed = [case for case in cases if case.outcome != "crash"]
    seconds = sum(case.wall_s for case in timed) or None
    return Reading(
        system=system,
        format=form,
        files=len(cases),
        outcomes=dict(Counter(case.outcome for case in cases)),
        recall=_mean((case.recall, case.weight) for case in cases),
        preview=_mean((case.preview, case.preview_weight) for case in cases),
        precision=_mean((case.precision, case.weight) for case in cases),
        words=_mean((case.words, case.weight) for case in cases),
        cells=_mean((case.cells, case.weight) for case in cases),
        mb_per_s=round(sum(case.bytes for case in timed) / 1e6 / seconds, 2) if seconds else None,
        files_per_s=round(len(timed) / seconds, 1) if seconds else None,
        cpu_s=round(run.cpu_s, 2),
        cases=tuple(cases),
    )


def _mean(figures: Iterable[tuple[float | None, int]]) -> float | None:
    """Return the mean of figures under their weights."""
    pairs = [(value, weight) for value, weight in figures if value is not None]
    whole = sum(weight for _, weight in pairs)
    return round(sum(value * weight for value, weight in pairs) / whole, 4) if whole else None
