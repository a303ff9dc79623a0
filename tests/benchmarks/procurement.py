"""What the procurement pipelines reach on their answer keys, and how long drafts, files and reviews take.

``python tests/benchmarks/procurement.py --data DIR [--misses]``

``DIR`` holds the shared data (``laws/``). The two authors of the keys are told apart: the rules were improved on the
first author's papers, never on the second's.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "pipelines" / "procurement"))

from briefs import BRIEFS
from rfp_keys import AUTHORS, build, reviewed, rows

import govrag
from govrag import export
from govrag.display.blocks import Table
from govrag.export import hwpx
from govrag.inspection import inspect
from govrag.library import Library
from govrag.records import RfpFacts

_PAGES, _LETTERS = 100, 1_500  # of a long RFP; characters of a page of tables and text
_CELLS = (200, 10)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the whole of it."""
    parser = argparse.ArgumentParser(description="Measure the procurement pipelines.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--misses", action="store_true", help="tell each miss of the first author's papers")
    options = parser.parse_args(arguments)
    _say(f"{date.today()} {platform.machine()} Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with govrag.open(build(options.data, work / "library")) as library:
            for author in AUTHORS:
                reached = reviewed(library, author, rows(author))
                for line in reached.lines():
                    _say(f"review, {author:6} {line}")
                for miss in reached.misses if options.misses and author == AUTHORS[0] else ():
                    _say(f"    {miss}")
            _times(library, work)


def _times(library: Library, work: Path) -> None:
    drafts = [_timed(lambda brief=brief: library.procurement.draft(brief)) for brief in BRIEFS.values()]  # type: ignore[misc]
    _say(f"a draft of {len(drafts)} briefs: {max(spent for spent, _ in drafts):.3f} s at most")
    rfp = drafts[0][1]
    for ending in (".hwpx", ".docx"):
        spent, _ = _timed(lambda ending=ending: export.write(work / f"draft{ending}", rfp))  # type: ignore[misc]
        _say(f"its {ending}: {spent:.3f} s")
    table = Table(("열",) * _CELLS[1], (("값",) * _CELLS[1],) * _CELLS[0])
    spent, _ = _timed(lambda: hwpx.document([table], title="표"))
    _say(f"{_CELLS[0] * _CELLS[1]} cells of HWPX: {spent:.3f} s")
    long = work / "long.md"
    whole = rfp.to_markdown()
    long.write_text("\n".join([whole] * (1 + _PAGES * _LETTERS // len(whole))), encoding="utf-8")
    (document,) = inspect(long).documents
    facts = {name: value for name, value in BRIEFS["local_ai"].items() if name in RfpFacts.model_fields}
    spent, _ = _timed(lambda: library.procurement.review([document], facts=facts))
    _say(f"a review of {len(document.text):,} characters ({_PAGES} pages): {spent:.2f} s")


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
