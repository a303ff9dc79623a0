"""How a question is put: whether yes means that the worker is right, or that the practice is allowed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from govrag.records.labour import Conclusion

__all__ = ["asking", "asks_amount", "asks_only_amount", "concluded", "orientation"]

Orientation = Literal["thesis", "permission"]

_SENTENCE = re.compile(r"(?<=[?？.!])\s+|\n+")
_ASKING = re.compile(r"[?？]|(?:나요|까요|습니까|입니까|는가요|은가요|건가요|는지|은지|을까|할까|죠|는가|은가)\W*$")
_AMOUNT = re.compile(
    r"얼마|며칠|몇\s*(?:일|개|시간|년|원|번)|계산해|계산하면\s*\S*\?|액수|금액[은도이]|총액|(?:부족|미지급)액|언제까지"
)
_IF_SO = re.compile(r"다면.{0,20}(?:얼마|며칠|몇)")  # 줘야 한다면 얼마지요? asks for a number alone
_OR_NOT = re.compile(
    r"수\s*(?:있|없)|(?:해야|줘야|주어야|돼|되|됩|맞|인가|아닌|괜찮|위반|위법|불법|유효|무효|적법|의무)"
)


def orientation(question: str) -> Orientation:
    """Return how the last clause that asks puts the question; `thesis` where nothing tells."""
    asked = asking(question)
    plain = [clause for clause in asked if not _IF_SO.search(clause)] or asked
    hearsay = _wordings()["hearsay"]
    if plain and re.search(hearsay["asked"], plain[-1]) and re.search(hearsay["told"], question):
        return "permission"
    for clause in reversed(plain):
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


def asks_only_amount(question: str) -> bool:
    """Tell whether nothing but a number or a day is asked for."""
    asked = asking(question)
    return asks_amount(question) and not any(_OR_NOT.search(one) and not _AMOUNT.search(one) for one in asked)


def concluded(holds: bool | None, question: str, *, against: Sequence[re.Pattern[str]] = ()) -> Conclusion:
    """Return the answer to the question as put, from the truth of an issue's thesis.

    ``against`` are wordings with which one asks for the contrary of this thesis, however the question is put.
    """
    if holds is None:
        return "depends"
    asked = " ".join(asking(question))
    contrary = any(pattern.search(asked) for pattern in against) or orientation(question) == "permission"
    return "no" if holds == contrary else "yes"


@cache
def _ways() -> tuple[tuple[Orientation, tuple[re.Pattern[str], ...]], ...]:
    return tuple((way["put"], tuple(map(re.compile, way["patterns"]))) for way in _wordings()["way"])


@cache
def _wordings() -> Mapping[str, Any]:
    text = (files(__package__) / "data" / "consultation" / "orientation.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
