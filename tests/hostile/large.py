"""Hostile files that take too long for the tests; ``tests/benchmarks/hostile.py --large`` reads them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from hostile import hwps, offices
from hostile.files import MIB, WORDS, Made

__all__ = ["files"]


def files() -> Iterator[Made]:
    """Yield each file at its full size, with the refusal or the words that must come of it."""
    yield Made("csv", "line-of-words-100-mb.csv", lambda: ("가나," * (100 * MIB // 7)).encode(), "LimitExceeded")
    yield Made("csv", "columns-5-million.csv", lambda: f"{WORDS},".encode() + b"a," * 5_000_000, "", WORDS)
    yield Made("csv", "rows-1-million.csv", lambda: "가,나\n".encode() * 1_000_000, "", "가")
    yield Made("hwp", "table-of-320000-cells.hwp", partial(hwps.flat_table, 320_000), "", "x")
    yield Made("hwp", "table-of-half-a-million-cells.hwp", partial(hwps.flat_table, 500_000), "LimitExceeded")
    yield Made("xlsx", "one-long-string-2000-times.xlsx", partial(offices.long_string, 2_000), "", "가")
    yield Made("xlsx", "one-long-string-50000-times.xlsx", partial(offices.long_string, 50_000), "", "가")
    yield Made("xlsx", "cells-half-a-million.xlsx", partial(offices.many_cells, 10_000), "", "1")
    yield Made("docx", "paragraphs-200000.docx", partial(offices.many_paragraphs, 200_000), "", "가")
