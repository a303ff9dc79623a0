"""Where a proposal answers the requirements of an RFP: found by the numbers that it names, else by shared words."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from govrag.korean.morphemes import MemoryLexicon, analyses, morphemes, words
from govrag.pipelines.procurement.comparing.measures import comparisons, measures
from govrag.pipelines.procurement.paper import Clause, Paper

__all__ = ["Answer", "Answers", "Status"]

Status = Literal["covered", "partial", "open"]

_DASH = r"\s?[-‐-―－_]?\s?"
_TO = r"(?:\s?[~∼～]\s?[A-Z-]{0,9}?(\d{1,4}))?"  # SFR-001~005, SFR-001 ~ SFR-005
_CODE = re.compile(rf"(?<![A-Z])([A-Z]{{2,8}}(?:{_DASH}[A-Z]{{2,8}})?){_DASH}(\d{{1,4}}){_TO}")
_LONGEST_RANGE = 200  # requirements that SFR-001~SFR-150 names at most
_LONGEST_QUOTE = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What a proposal says to a requirement."""

    chapter: str
    quote: str  # the sentence or row that answers it best
    status: Status


@dataclass(frozen=True, slots=True)
class _Region:
    """Clauses of a proposal that belong together."""

    place: str
    clauses: tuple[Clause, ...]

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.clauses)


class Answers:
    """The answers of a proposal to requirements, each given by number, name and words."""

    def __init__(self, paper: Paper, wanted: Sequence[tuple[str, str, str]]) -> None:
        self._paper = paper
        self._wanted = wanted
        self._lexicon = MemoryLexicon()
        analyses(words("\n".join([paper.text, *(f"{name} {text}" for _, name, text in wanted)])), self._lexicon)
        self._chapters = list(self._by_heading())
        self._stems = [frozenset(self._morphemes(one.text)) for one in self._chapters]
        self._rare = self._rarity()
        self._named = self._mentions()

    def of(self, at: int) -> Answer | None:
        """Return the answer to a requirement, by its place among them; None when there is none."""
        number, name, text = self._wanted[at]
        rows = comparisons()["matrix"]
        asked = frozenset(self._morphemes(f"{name} {text}"))
        regions = self._named.get(_key(number), [])
        if regions:
            best = max(regions, key=lambda one: self._share(asked, frozenset(self._morphemes(one.text))))
            return self._judged(best, number, name, text, asked, sure=True)
        shares = [self._share(asked, stems) for stems in self._stems]
        likeness = max(shares, default=0.0)
        if likeness < rows["partly_alike"]:
            return None
        best = self._chapters[shares.index(likeness)]
        return self._judged(best, number, name, text, asked, sure=likeness >= rows["alike"])

    def _judged(
        self, region: _Region, number: str, name: str, text: str, asked: frozenset[str], *, sure: bool
    ) -> Answer:
        rows = comparisons()["matrix"]
        said = region.text
        quote = self._quote(region, asked, text)
        wanted = measures(text)
        kept = all(any(one.is_met_by(other) for other in measures(said)) for one in wanted)
        rest = re.sub(rf"{_CODE.pattern}|[^\w]", "", said.replace(name, ""))
        answered = len(rest) >= rows["shortest_answer"]
        refused = re.search(rows["refused"], said)
        status: Status = "covered" if sure and kept and answered else "partial"
        if re.search(rows["partly"], said):
            status = "partial"
        elif refused:
            status = "open"
            quote = next((one.text for one in region.clauses if re.search(rows["refused"], one.text)), quote)
        return Answer(region.place, " ".join(quote.split()).strip("| ")[:_LONGEST_QUOTE], status)

    def _quote(self, region: _Region, asked: frozenset[str], text: str) -> str:
        """Return the sentence that says most of what is asked; of several the one that states its value."""
        wanted = measures(text)

        def weight(clause: Clause) -> float:
            value = any(one.is_met_by(other) for one in wanted for other in measures(clause.text))
            return self._share(asked, frozenset(self._morphemes(clause.text))) + value

        pieces = [
            piece for one in region.clauses for piece in ([one] if one.kind != "line" else [*one.sentences()] or [one])
        ]
        spoken = [one for one in pieces if one.kind != "heading"] or pieces
        return max(spoken, key=weight).text

    def _mentions(self) -> dict[tuple[str, int], list[_Region]]:
        """Return what names each requirement: a row or line, or a heading with all that stands below it."""
        found: dict[tuple[str, int], list[_Region]] = defaultdict(list)
        known = {_key(number) for number, _, _ in self._wanted}
        spelled = {number: _key(number) for number, _, _ in self._wanted if not re.match(r"[A-Z]", number)}
        named = {_plain(name): _key(number) for number, name, _ in self._wanted if _plain(name)}
        clauses = self._paper.clauses
        for at, clause in enumerate(clauses):
            keys = {key for key in _keys(clause.text) if key in known}
            keys |= {key for number, key in spelled.items() if re.search(rf"{re.escape(number)}(?!\d)", clause.text)}
            if not keys and clause.kind == "heading" and (key := named.get(_plain(clause.text))):
                keys = {key}
            if not keys:
                continue
            below = tuple(_below(clauses, at)) if clause.kind != "row" else ()
            for key in keys:
                found[key].append(_Region(self._place(clause), (clause, *below)))
        return found

    def _by_heading(self) -> Iterator[_Region]:
        """Yield the clauses under each heading."""
        held: dict[tuple[str, ...], list[Clause]] = defaultdict(list)
        for clause in self._paper.clauses:
            held[clause.headings].append(clause)
        for some in held.values():
            if any(one.kind != "heading" for one in some):
                yield _Region(self._place(some[0]), tuple(some))

    def _place(self, clause: Clause) -> str:
        """Return the headings above a clause, its own among them, and its page; not the title of the proposal."""
        above = [one for one in clause.headings if one != self._paper.document.title]
        if clause.kind == "heading" and clause.text.lstrip("# ") not in above:
            above.append(clause.text.lstrip("# "))
        page = "" if clause.page is None else f" ({clause.page}쪽)"
        return " › ".join(above) + page

    def _rarity(self) -> dict[str, float]:
        held = Counter(stem for stems in self._stems for stem in stems)
        return {stem: math.log(1 + len(self._stems) / count) for stem, count in held.items()}

    def _share(self, asked: frozenset[str], said: frozenset[str]) -> float:
        """Return what share of the words asked is said, 0 to 1, rare words weighing more."""
        most = math.log(1 + len(self._stems) + 1)
        total = math.fsum(self._rare.get(stem, most) for stem in sorted(asked))
        return math.fsum(self._rare.get(stem, most) for stem in sorted(asked & said)) / total if total else 0.0

    def _morphemes(self, text: str) -> list[str]:
        return [one for one in morphemes(text, self._lexicon) if len(one) > 1]


def _below(clauses: Sequence[Clause], at: int) -> Iterator[Clause]:
    """Yield what belongs to a clause that names a requirement: up to the next heading or number."""
    opens = clauses[at].kind == "heading" or len(clauses[at].text) <= _SHORT
    for clause in clauses[at + 1 :] if opens else ():
        if (clause.kind == "heading" and len(clause.headings) <= len(clauses[at].headings)) or any(_keys(clause.text)):
            return
        yield clause


_SHORT = 60  # letters of a line that is as good as a heading


def _keys(text: str) -> Iterator[tuple[str, int]]:
    """Yield the numbers that a text names; SFR-001~SFR-005 are five."""
    for match in _CODE.finditer(text):
        code, first = _letters(match[1]), int(match[2])
        last = min(int(match[3] or first), first + _LONGEST_RANGE)
        yield from ((code, number) for number in range(first, max(first, last) + 1))


def _key(number: str) -> tuple[str, int]:
    digits = re.search(r"\d+$", number)
    return _letters(number[: digits.start()] if digits else number), int(digits[0]) if digits else 0


def _plain(heading: str) -> str:
    """Return the words of a heading without its number, blanks and marks."""
    return re.sub(r"^[#\s]*(?:\(?[0-9가-하]{1,2}(?:\.\d+)*[.)]|[①-⑳]|[Ⅰ-Ⅻ]\.?)|[\W_]", "", heading)


def _letters(code: str) -> str:
    return re.sub(r"[^A-Z가-힣0-9]", "", code.upper())
