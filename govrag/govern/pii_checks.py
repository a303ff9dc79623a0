"""What a number must satisfy to be one: dates, check digits, regions, octets; on its digits alone.

A check digit is evidence for a number, never against a well-formed one: resident numbers issued or changed since
2020-10-05 end in random digits, and corporate numbers may no longer carry one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Driver's licences begin with the office that issued the first one (경찰청: 11 서울 … 26 울산, 28 경기북부).
REGIONS = frozenset({*range(11, 27), 28})
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_RESIDENT = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_BUSINESS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
# International schemes (2221-2720, 34-37, 4, 51-55, 6) and 9, the domestic cards of Korean banks: no year is one.
_CARD = re.compile("4|5[1-5]|6|9|3[4-7]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)")
_LAST_YEAR = 35  # of this century, that somebody can have been born in while this is in use


def birth(digits: str) -> bool:
    """Whether six digits are a month and a day after a year."""
    month, day = int(digits[2:4]), int(digits[4:6])
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def living(digits: str) -> bool:
    """Whether 13 digits can be a resident's or foreigner's number of somebody born since 1900."""
    century = digits[6]
    return birth(digits) and (century in "1256" or (century in "3478" and int(digits[:2]) <= _LAST_YEAR))


def resident(digits: str) -> bool:
    """Whether the check digit of resident numbers fits, as issued until October 2020."""
    return (11 - _weighted(digits, _RESIDENT) % 11) % 10 == int(digits[12])


def foreigner(digits: str) -> bool:
    """Whether the check digit of foreigners' numbers fits."""
    return (13 - _weighted(digits, _RESIDENT) % 11) % 10 == int(digits[12])


def business(digits: str) -> bool:
    """Whether the check digit of business numbers fits."""
    total = _weighted(digits, _BUSINESS) + int(digits[8]) * 5 // 10
    return (10 - total % 10) % 10 == int(digits[9])


def card(digits: str) -> bool:
    """Whether 15 or 16 digits begin as payment cards do and satisfy Luhn's formula (ISO/IEC 7812-1)."""
    if not _CARD.match(digits):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def licence(digits: str) -> bool:
    """Whether 12 digits begin with a region that issues driver's licences."""
    return int(digits[:2]) in REGIONS


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
