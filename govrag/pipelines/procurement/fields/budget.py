"""The budget that a value states: the sum of the whole project, whether tax is in it, and sums that should equal it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from govrag.pipelines.procurement.fields.values import Money, Vat, money, vat

__all__ = ["Budget", "budget"]

# Before a sum: a year's, a phase's, a payer's share, or another price; the whole may stand behind it.
_PART = re.compile(
    r"\d\s*(?:차|단계|년|건|식)|당해|금회|금년|국비|시비|도비|군비|구비|자부담|보조|당초|추정\s?가격|부가|공급"
)
_BOUND = re.compile(r"\s*(?:이상|미만|초과|을\s*넘)")  # 20억원 미만인 사업: no budget but a class of projects
_PARENS = re.compile(r"[ \t]*[(（][^()（）\n]{1,60}[)）]")
_CLOSING = re.compile(r"[^()（）\n]{0,60}[)）]")
_AGAIN = re.compile(r"[\s(（]*(?:일금|금)?\s*")  # 금 480,000,000원(금사억팔천만원)
_BELOW = re.compile(r"\s*[(（※*\-][^\n]*")
_UNIT = re.compile(r"억원|백만원|만원|천원")
_LONGEST = 120  # characters
_FAR = 100  # characters of a value within which its sum begins


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget; offsets are those of the words that were read, and may lie beyond them where tax is spoken of."""

    won: int
    start: int
    end: int
    vat: Vat
    vat_at: tuple[int, int] | None
    again: tuple[Money, ...]  # the same sum in other figures that are not equal to it


def budget(words: str, *, label: str = "", after: str = "") -> Budget | None:
    """Return the budget of a value; ``label`` stands just before the words, ``after`` just behind them.

    None where the sums are those of years, phases or payers, or bounds.
    """
    unit = _UNIT.search(label)
    sums = [one for one in money(words, scale=unit[0] if unit else "") if not _BOUND.match(words, one.end)]
    whole = _whole(words, sums)
    if whole is None or whole.start > _FAR:
        return None
    said, vat_at = _tax(words, label, after)
    end = _end(words, whole, vat_at)
    again = tuple(one for one in sums if whole.end <= one.start < end and _differs(words, whole, one))
    return Budget(whole.won, whole.start, end, said, vat_at, again)


def _whole(words: str, sums: list[Money]) -> Money | None:
    before = 0
    for one in sums:
        if not _PART.search(words[before : one.start]):
            return one
        before = one.end
    return None


def _differs(words: str, whole: Money, other: Money) -> bool:
    """Tell whether a sum right behind the whole says it again, and otherwise."""
    return other.won != whole.won and _AGAIN.fullmatch(words[whole.end : other.start]) is not None


def _tax(words: str, label: str, after: str) -> tuple[Vat, tuple[int, int] | None]:
    """Return whether tax is included, as the value says, or else its label in brackets, or the remark below."""
    below = _BELOW.match(after)
    for text, offset in ((words, 0), (label, -len(label)), (below[0] if below else "", len(words))):
        said, start, end = vat(text)
        if said:
            return said, (offset + start, offset + end)
    return "", None


def _end(words: str, whole: Money, vat_at: tuple[int, int] | None) -> int:
    """Return where the sum ends, what is said of tax and the brackets behind it included."""
    end = max(whole.end, vat_at[1]) if vat_at and vat_at[0] >= 0 and vat_at[1] <= len(words) else whole.end
    while inside := _PARENS.match(words, end):
        end = inside.end()
    opened = words.count("(", whole.start, end) > words.count(")", whole.start, end)
    if opened and (closing := _CLOSING.match(words, end)):
        end = closing.end()
    return end if end - whole.start <= _LONGEST else whole.end
