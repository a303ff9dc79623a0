"""How much personal data is found, what is found that is none, and how fast; prints JSON.

``python tests/benchmarks/pii.py --data DIR [--laws DIR] [--held-out SEED] [--hits]``

Recall over generated values (each kind in each form, 200 values), over the labelled documents of DIR/safety, false
hits for each 1,000 pages of 1,800 characters in DIR's decisions and in 1,000 files of statutes below ``--laws``, and
megabytes of UTF-8 a second of processor time. ``--held-out`` measures on the forms that nothing was tuned on instead;
``--hits`` prints every hit in statutes and decisions with its surroundings, to be judged by eye.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "govern"))
from pii_values import FORMS, HELD_OUT, VALUES, Sample, samples

from govrag.govern.pii import Finding, find

PAGE = 1_800  # characters
VALUES_EACH = 200
SEED = 1
STATUTES = 1_000
NUMERIC = {"RRN", "FRN", "CORP", "BRN", "DRIVER", "PASSPORT", "MOBILE", "LANDLINE", "ACCOUNT", "CARD", "IP", "PLATE"}


def covered(sample: Sample) -> bool:
    """Whether one finding of the right kind holds every character of the value that can be seen."""
    value = sample.value.strip("\u202d\u202c")
    start = sample.text.index(value)
    wanted = sample.kind.split("_")[0]
    return any(f.kind == wanted and f.start <= start and f.end >= start + len(value) for f in find(sample.text))


def generated(*, seed: int, held_out: bool) -> dict[str, dict[str, float]]:
    """Return recall in percent by kind and form; `all` over the forms of a kind."""
    table: dict[str, dict[str, float]] = {}
    for kind in VALUES:
        hits: dict[str, list[bool]] = {}
        for form in HELD_OUT if held_out else FORMS:
            found = [covered(s) for s in samples(kind, form, VALUES_EACH, seed=seed, held_out=held_out)]
            if found:
                hits[form] = found
        table[kind] = {form: round(100 * sum(found) / len(found), 1) for form, found in hits.items()}
        every = [hit for found in hits.values() for hit in found]
        table[kind]["all"] = round(100 * sum(every) / len(every), 2)
    return table


def labelled(path: Path) -> dict[str, dict[str, int]]:
    """Return, by type, how many values there are, how many are covered in full and how many touched."""
    table: dict[str, Counter[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = find(row["text"])
        for gold in row["pii"]:
            if gold["start"] < 0:  # the value stands there in another form
                continue
            shared = sum(max(0, min(gold["end"], f.end) - max(gold["start"], f.start)) for f in found)
            counted = table.setdefault(gold["type"], Counter())
            counted.update(values=1, covered=shared == gold["end"] - gold["start"], touched=shared > 0)
    return {kind: dict(counted) for kind, counted in table.items()}


def decisions(data: Path) -> Iterator[str]:
    """Yield the decisions of the precedent sets."""
    for path in sorted((data / "retrieval").glob("issue-to-precedent-*/corpus.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield f"{row['title']}\n{row['text']}"


def statutes(folder: Path) -> Iterator[str]:
    """Yield a sample of the statutes."""
    paths = sorted(folder.rglob("*.md"))
    for path in random.Random(SEED).sample(paths, min(STATUTES, len(paths))):
        yield path.read_text(encoding="utf-8")


def pages(texts: list[str], *, show: bool) -> dict[str, object]:
    """Return the hits by kind, numeric hits for each 1,000 pages, and the speed."""
    began = time.process_time()
    found = [find(text) for text in texts]
    spent = time.process_time() - began
    if show:
        for text, some in zip(texts, found, strict=True):
            for finding in some:
                sys.stderr.write(around(text, finding))
    hits = Counter(finding.kind for some in found for finding in some)
    count = sum(map(len, texts)) / PAGE
    return {
        "texts": len(texts),
        "pages": round(count),
        "hits": dict(hits),
        "numeric hits for 1,000 pages": round(1_000 * sum(hits[kind] for kind in NUMERIC & hits.keys()) / count, 2),
        "MB/s": round(sum(len(text.encode()) for text in texts) / spent / 1e6, 1),
    }


def around(text: str, finding: Finding) -> str:
    """Return a line with a hit and what stands beside it."""
    before, after = text[max(0, finding.start - 40) : finding.start], text[finding.end : finding.end + 20]
    return f"{finding.kind} {before!r} → {finding.value!r} ← {after!r}\n"


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--laws", type=Path)
    parser.add_argument("--held-out", type=int, metavar="SEED")
    parser.add_argument("--hits", action="store_true")
    asked = parser.parse_args()
    if asked.held_out is not None:
        figures: dict[str, object] = {"held out": generated(seed=asked.held_out, held_out=True)}
    else:
        figures = {
            "generated": generated(seed=SEED, held_out=False),
            "labelled": labelled(asked.data / "safety" / "pii_ko.jsonl"),
            "decisions": pages(list(decisions(asked.data)), show=asked.hits),
        }
        if asked.laws:
            figures["statutes"] = pages(list(statutes(asked.laws)), show=asked.hits)
    sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
