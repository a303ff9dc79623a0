"""Where in a document something stands, and how far a rule was read in the law."""

from __future__ import annotations

from typing import Literal

from govrag.records.shown import Record

Basis = Literal["read", "reported", "assumed"]  # of a rate or rule: in the text of the law, in the news, by us


class Location(Record):
    """Where in a document: ``document.text[start:end]`` are the words."""

    document: str  # title or file name
    place: str = ""  # 제3조; 표 1 2행 4열
    start: int = 0
    end: int = 0
    quote: str = ""
    row: str = ""  # whose row of a ledger: the worker's name or number
    page: int | None = None
