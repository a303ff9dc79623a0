"""How a question is put: whether yes means that the worker is right, or that the practice is allowed."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from govrag.records.labour import Conclusion

__all__ = ["asking", "asks_amount", "concluded", "orientation"]

Orientation = Literal["thesis", "permission"]

_SENTENCE = re.compile(r"(?<=[?？.!])\s+|\n+")
_ASKING = re.compile(r"[?？]|(?:나요|까요|습니까|입니까|는가요|은가요|건가요|는지|은지|을까|할까|죠|는가|은가)\W*$")
_AMOUNT = re.compile(r"얼마|며칠|몇\s*(?:일|개|시간|년|원|번)|계산|액수|금액은|언제까지")


def orientation(question: str) -> Orientation:
    """Return how the last clause that asks puts the question; `thesis` where nothing tells."""
    for clause in reversed(asking(question)):
        for put, patterns in _ways():
            if any(pattern.search(clause) for pattern in patterns):
                return put
    return "thesis"


def asking(question: str) -> list[str]:
    """Return the sentences that ask, in reading order; the last one where none does."""
    sentences = [part for part in _SENTENCE.split(question.strip()) if part.strip()]
    return [part for part in sentences if _ASKING.search(part)] or sentences[-1:]


def asks_amount(question: str) -> bool:
    """Tell whether a number or a day is asked for."""
    return _AMOUNT.search(question) is not None


def concluded(holds: bool | None, question: str) -> Conclusion:
    """Return the answer to the question as put, from the truth of an issue's thesis."""
    if holds is None:
        return "depends"
    return "yes" if holds == (orientation(question) == "thesis") else "no"


@cache
def _ways() -> tuple[tuple[Orientation, tuple[re.Pattern[str], ...]], ...]:
    text = (files(__package__) / "data" / "consultation" / "orientation.toml").read_text(encoding="utf-8")
    return tuple((way["put"], tuple(map(re.compile, way["patterns"]))) for way in tomllib.loads(text)["way"])
