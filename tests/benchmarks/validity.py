"""How far one edition tells when its articles hold, against all editions of 13 laws; prints JSON.

``python tests/benchmarks/validity.py [statutes]``; with ``statutes`` also what comes of all 5,674 files (minutes).
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from govrag.ingest.readers.statute_markdown import StatuteMarkdown
from govrag.ingest.split import ArticleSplitter
from govrag.records import Document, Passage, Source
from govrag.statute.validity import Edition, inferences, timeline

TODAY = date(2026, 11, 21)  # fixed, so that figures can be compared
LAWS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "laws"
History = list[tuple[Document, list[Passage]]]

_MARKS = re.compile(r"<[^<>\n]*>|\[[^\[\]\n]*\d{4}\s*\.\s*\d+\.\s*\d+[^\[\]\n]*\]")
_STAGED = re.compile(r"\n\s*\[시행일[^\]]*\].*", re.DOTALL)  # an editor's note that closes an article
_SPACES = re.compile(r"[\sㆍ·‧・]")


def statutes(archive: Path) -> Iterator[tuple[str, Document, list[Passage]]]:
    """Yield (path, document, passages) of every statute in an archive."""
    with tarfile.open(archive) as files:
        for member in files:
            stream = files.extractfile(member) if member.name.endswith(".md") else None
            if stream is not None:
                source = Source(uri=f"memory:{member.name}", name=member.name, sha256="", size=member.size)
                for document in StatuteMarkdown().read(stream.read(), source):
                    yield member.name, document, ArticleSplitter().split(document)


def histories(archive: Path) -> dict[str, History]:
    """Return the editions of each law, in the order of their promulgation."""
    found: dict[str, History] = {}
    for path, document, passages in statutes(archive):
        found.setdefault(Path(path).parent.name, []).append((document, passages))
    for history in found.values():
        history.sort(key=lambda edition: (edition[0].promulgated or date.min, int(edition[0].version)))
    return found


def editions(history: History) -> list[Edition]:
    """Return the editions, known by their place in the history."""
    return [
        Edition(str(place), document.version, document.promulgated, document.effective_from)
        for place, (document, _) in enumerate(history)
    ]


def words(text: str) -> str:
    """Return an article's text without the editor's marks, blanks and dots."""
    return _SPACES.sub("", _MARKS.sub("", _STAGED.sub("", text)))


def compare(history: History) -> Iterator[tuple[str, Passage, date, bool, str, bool]]:
    """Yield (locator, passage, day, truth, verdict, overlapping): the newest edition alone against all of them.

    The days are each 시행일자, the day before, one between, and today. The truth: the article reads the same in the
    edition in force that day.
    """
    intervals = [interval for interval in timeline(editions(history)) if not interval.empty]
    starts = [interval.edition.starts or date.min for interval in intervals]
    texts = [
        {passage.locator: words(passage.text) for passage in history[int(interval.edition.key)][1]}
        for interval in intervals
    ]
    days = {TODAY}
    for start, following in zip(starts, [*starts[1:], starts[-1]], strict=True):
        days |= {start, start - timedelta(days=1), start + (following - start) / 2}
    document, passages = history[-1]
    articles = [
        (passage, words(passage.text), inferred)
        for passage, inferred in zip(passages, inferences(document, passages), strict=True)
        if passage.role == "body" and passage.locator.startswith("제") and inferred is not None
    ]
    for day in sorted(day for day in days if day >= starts[0]):
        place = bisect_right(starts, day) - 1
        for passage, text, inferred in articles:
            truth = texts[place].get(passage.locator) == text
            yield passage.locator, passage, day, truth, inferred.verdict(day), intervals[place].overlapping


def tally(found: Counter[tuple[bool, str]]) -> dict[str, float]:
    """Return the rates of a count by (truth, verdict)."""
    total = found.total()
    refused = found[True, "not_in_force"] + found[False, "not_in_force"]
    unchecked = found[True, "unchecked"] + found[False, "unchecked"]
    return {
        "pairs": total,
        "false_verified": found[False, "verified"],
        "false_not_in_force": found[True, "not_in_force"],
        "false_not_in_force_of_claims": round(found[True, "not_in_force"] / refused, 5) if refused else 0.0,
        "false_not_in_force_of_pairs": round(found[True, "not_in_force"] / total, 5),
        "verified_share": round(found[True, "verified"] / total, 4),
        "unchecked_share": round(unchecked / total, 4),
    }


def figures(found: dict[str, History]) -> dict[str, dict[str, float]]:
    """Return the rates over all laws: of all pairs, of articles without marks, of today, and outside overlaps."""
    counts: dict[str, Counter[tuple[bool, str]]] = {
        name: Counter() for name in ("all", "without_marks", "today", "outside_overlaps")
    }
    for history in found.values():
        for _, passage, day, truth, verdict, overlapping in compare(history):
            counts["all"][truth, verdict] += 1
            counts["without_marks"][truth, verdict] += "<" not in passage.text
            counts["today"][truth, verdict] += day == TODAY
            counts["outside_overlaps"][truth, verdict] += not overlapping
    return {name: tally(count) for name, count in counts.items()}


def corpus(archive: Path) -> dict[str, float | dict[str, int]]:
    """Return what `inferences` makes of every statute, and its CPU seconds."""
    seconds = 0.0
    files = pending_files = later_than_file = 0
    today: Counter[str] = Counter()
    pending: Counter[str] = Counter()
    for _, document, passages in statutes(archive):
        begun = time.process_time()
        inferred = inferences(document, passages)
        seconds += time.process_time() - begun
        files += 1
        starts = document.effective_from
        bodies = [
            one for one, passage in zip(inferred, passages, strict=True) if one is not None and passage.role == "body"
        ]
        verdicts = Counter(one.verdict(TODAY) for one in bodies)
        today += verdicts
        if starts is not None:
            later_than_file += sum(one.effective_from > starts for one in bodies)
            if starts > TODAY:
                pending_files += 1
                pending += verdicts
    return {
        "files": files,
        "cpu_seconds": round(seconds, 2),
        "today": dict(today),
        "files_with_future_effect": pending_files,
        "today_in_those": dict(pending),
        "articles_later_than_their_file": later_than_file,
    }


def main() -> None:
    """Print the figures."""
    report: dict[str, object] = dict(figures(histories(LAWS / "history-2026-06.tar.xz")))
    if "statutes" in sys.argv[1:]:
        report["statutes"] = corpus(LAWS / "statutes-2026-06.tar.xz")
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
