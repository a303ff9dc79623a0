"""Cite the elements of a list one by one: levels that an element leaves out are those of the element before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from govrag.statute import grammar
from govrag.statute.antecedents import Level, Place
from govrag.statute.grammar import LOOSE_ELEMENT
from govrag.statute.locator import Locator
from govrag.statute.reference import Problem, Reference

LEVELS: dict[str, Level] = {"조": "조", "항": "항", "호": "호"}
_BACK_POINTER = re.compile(r"(?:같은|동|이|본|전)[ ]?\d{0,2}[ ]?[조항호].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Open:
    """What stood before a parenthesis and goes on behind it: a law that awaits its article, or a list."""

    end: int
    start: int
    place: Place
    alone: int | None = None  # index of the reference made for a law cited alone, taken back when its article follows


class Citations:
    """The references made so far, and where the last of them stands."""

    def __init__(self, text: str) -> None:
        self.references: list[Reference] = []
        self.last = Place()  # where a bare 제5조 or 제2항 belongs when the text is no statute's own
        self.cited = Place()  # the provision cited last: what 같은 조 means
        self.open: Open | None = None
        self._text = text

    def chain(self, start: int, end: int, place: Place) -> int:
        """Cite the element that ends at ``end``, then the rest of its list; return where reading goes on."""
        text = self._text
        while True:
            place, end = self.cite(start, end, place)
            connector = grammar.AND.match(text, end)
            if connector is None:
                break
            start = connector.end()
            element = LOOSE_ELEMENT.match(text, start)
            if element is None:
                numbers = grammar.NUMBERS.match(text, start)
                if numbers:
                    return self.numbers(start, numbers, place)
                part = grammar.PART.match(text, start)
                if part is None or part.start(1) != start or text[start] == "각":
                    break
                end = start
                continue
            if element[14] and not place.item:
                break
            place, end = place.below(element), element.end()
        self.open = Open(end, start, place)
        return end

    def cite(self, start: int, end: int, place: Place) -> tuple[Place, int]:
        """Emit one element with its part or range."""
        text = self._text
        if not place.paragraph and not place.item and place.article:
            blank = grammar.BLANK.match(text, end)
            numbers = grammar.NUMBERS.match(text, blank.end() if blank else end)
            if numbers and numbers[2] != "조":
                end = self.numbers(start, numbers, place, follow=False)
                return self.last, end
        until: Place | None = None
        part, part_end = self.part(end)
        if not part and (to := grammar.TO.match(text, end)):
            element = LOOSE_ELEMENT.match(text, to.end())
            until = place.below(element) if element else None
            if element and until and until.order > place.order:
                closing = grammar.UNTIL.match(text, element.end())
                part, part_end = self.part(closing.end() if closing else element.end())
            else:
                until = None
        self.emit(start, part_end, place, until=until.locator if until else None, part=part)
        return until or place, part_end

    def part(self, end: int) -> tuple[str, int]:
        """Return 단서, 각 호 외의 부분 and their like written at ``end``, and where they end."""
        parts: list[str] = []
        while len(parts) < 3 and (part := grammar.PART.match(self._text, end)):
            parts.append(_plain_part(part[1]))
            end = part.end()
        return " ".join(parts), end

    def numbers(self, start: int, numbers: re.Match[str], base: Place, *, follow: bool = True) -> int:
        """제1, 2항: one reference per number; the last takes the unit into its span."""
        level = LEVELS[numbers[2]]
        found = list(grammar.NUMBER.finditer(self._text, *numbers.span(1)))
        for index, number in enumerate(found):
            place = base.at(level, str(int(number[0])))
            begin = start if index == 0 else number.start()
            end = numbers.end() if index == len(found) - 1 else number.end()
            if index == len(found) - 1 and follow:
                return self.chain(begin, end, place)
            self.emit(begin, end, place)
        return numbers.end()

    def emit(self, start: int, end: int, place: Place, *, until: Locator | None = None, part: str = "") -> int:
        """Add one reference; return its index."""
        law, locator = place.law, place.locator
        below = bool(place.paragraph or place.item or place.subitem)
        problem: Problem
        if law is None:
            problem = "no_law" if locator else "no_antecedent"
        else:
            problem = law.problem or ("no_antecedent" if below and locator is None else "")
        if law is not None and locator is None and _BACK_POINTER.fullmatch(self._text, start, end):
            problem = law.problem or "no_antecedent"  # 같은 조 of a law that was cited without any article
        self.references.append(
            Reference(
                start,
                end,
                self._text[start:end],
                law.title if law else None,
                law.text if law else "",
                locator,
                until,
                part,
                place.supplement,
                "",
                law.former if law else False,
                problem,
            )
        )
        self.last = place
        if place.article:
            self.cited = place
        return len(self.references) - 1


def _plain_part(part: str) -> str:
    """각호의 어느 하나 → 각 호; 각호외의부분 → 각 호 외의 부분."""
    if part[0] != "각":
        return part
    return "각 호 외의 부분" if "외" in part else "각 목" if "목" in part[:3] else "각 호"
