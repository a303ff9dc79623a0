"""What an amendment changes in the claims (보정서), and the places that the applicant names as its basis."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from govrag.korean.morphemes import words as word_forms
from govrag.korean.normalise import match_key
from govrag.patent.claims import parse_claims
from govrag.pipelines.patents.opinion.linking import clauses
from govrag.pipelines.patents.opinion.naming import claims_in, counted, first_claims, places_in
from govrag.pipelines.patents.opinion.paper import Paper, Part
from govrag.pipelines.patents.opinion.statement import paragraphs
from govrag.pipelines.patents.opinion.words import kinds, pattern
from govrag.records.changes import Change
from govrag.records.located import Location
from govrag.records.patents import ClaimChange

__all__ = ["Amended", "amended", "by_form"]

_KNOWN = 0.5  # of a clause's words must stand in notice or statement, or it counts as said nowhere
_SHORTEST = 3  # words of a clause that is asked after
_COLUMNS = ("target", "how", "before", "after")
_QUANTITY = re.compile(r"(?<![\d.제항])\d+(?:[.,]\d+)*(?!\s?항|[\d.])")
_CLAUSE = re.compile(r"[,;\n]")


@dataclass(frozen=True, slots=True)
class Amended:
    """What an amendment changes."""

    claims: tuple[ClaimChange, ...] = ()
    others: int = 0  # items that are no claims: description, drawings
    undescribed: tuple[int, ...] = ()  # claims whose amendment the statement does not speak of


@dataclass(slots=True)
class _Item:
    number: int
    kind: str  # added, removed, changed
    text: str = ""


@dataclass(slots=True)
class _Told:
    """What a statement says of the amendment of one claim."""

    kind: str = ""
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    places: list[Location] = field(default_factory=list)


def amended(paper: Paper | None, statement: Paper, notice: Paper | None) -> Amended:
    """Return the claims that an amendment changes; without one, those that the statement says it changes.

    ``new_matter`` warns where a claim is new or changed, the statement names no place for it, and words of it stand
    neither in the statement nor in the notice.
    """
    told = _told(statement)
    items, others = _items(paper) if paper else ([], 0)
    if not paper:
        items = [_Item(number, one.kind) for number, one in sorted(told.items()) if one.kind]
    known = "\n".join(one.text for one in (statement, notice) if one)
    changes = tuple(_change(one, told.get(one.number, _Told()), known) for one in items)
    undescribed = tuple(one.number for one in items if one.number not in told)
    return Amended(changes, others, undescribed if paper else ())


def _change(item: _Item, told: _Told, known: str) -> ClaimChange:
    text = match_key(item.text)
    added = tuple(one for one in dict.fromkeys(told.added) if not text or match_key(one) in text)
    removed = tuple(dict.fromkeys(told.removed))
    kind = item.kind if item.kind in ("added", "removed") else "changed"
    return ClaimChange(
        claim=item.number,
        change=Change(kind=kind, label=f"청구항 {item.number}", new=item.text),  # type: ignore[arg-type]
        added=added,
        removed=removed,
        support=tuple(told.places),
        new_matter=kind != "removed" and bool(item.text) and not told.places and _is_unsaid(item.text, known),
    )


def _is_unsaid(text: str, known: str) -> bool:
    """Tell whether a claim says what stands nowhere in what is known: a number, or a clause by most of its words."""
    quantities = {one for one in _QUANTITY.findall(text) if one not in _QUANTITY.findall(known)}
    if quantities:
        return True
    stock = set(_stems(known))
    for clause in _CLAUSE.split(text):
        stems = _stems(clause)
        if len(stems) >= _SHORTEST and sum(1 for one in stems if one in stock) < _KNOWN * len(stems):
            return True
    return False


def _stems(text: str) -> list[str]:
    """Return the first two letters of each word that has as many: particles do not count."""
    return [word[:2] for word in word_forms(text) if len(word) > 1]


# -- the amendment -----------------------------------------------------------------------------------------------------


def _items(paper: Paper) -> tuple[list[_Item], int]:
    """Return what an amendment changes in the claims, and how many of its items are no claims."""
    table = _by_table(paper.text)
    if table[0]:
        return table
    form = by_form(paper.text)
    if form[0] or form[1]:
        return form
    listed = [*_by_status(paper.text)] or [*_by_remark(paper.text)]
    if listed:
        return listed, 0
    whole = [_Item(one.number, "removed" if one.deleted else "changed", one.text) for one in parse_claims(paper.text)]
    return whole, 0


def by_form(text: str) -> tuple[list[_Item], int]:
    """Read the items of the office's form: 【보정대상항목】 청구항 1 【보정방법】 정정 【보정내용】 …"""
    starts = [*pattern("amendment", "item").finditer(text)]
    items: dict[int, _Item] = {}
    others = 0
    for match, end in zip(starts, _ends(starts, text), strict=True):
        block = text[match.end() : end]
        method = pattern("amendment", "method").search(block)
        content = pattern("amendment", "content").search(block)
        target = block[: method.start() if method else content.start() if content else None]
        how = block[method.end() : content.start() if content else None] if method else ""
        numbers = claims_in(target, bare=True)
        others += not numbers
        words = _content(block[content.end() :]) if content else ""
        for number in numbers:
            items[number] = _Item(number, _kind(how or words[:10]), words if len(numbers) == 1 else "")
    return [items[number] for number in sorted(items)], others


def _by_table(text: str) -> tuple[list[_Item], int]:
    """Read the rows of a table of items: 보정대상항목 | 보정방법 | 보정내용; 청구항 | 보정 전 | 보정 후."""
    items: dict[int, _Item] = {}
    heads: list[str] = []
    others = 0
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"[|│]", line.strip().strip("|│"))]
        names = [next((name for name in _COLUMNS if pattern("amendment", name).fullmatch(cell)), "") for cell in cells]
        if "target" in names and len(set(names) - {""}) > 1:
            heads = names
        elif heads and len(cells) >= len(heads) and not set(line) <= set("|│-: \t"):
            row = dict(zip(heads, cells, strict=False))
            numbers = claims_in(row["target"], bare=True)
            others += not numbers
            words = pattern("amendment", "claim_marker").sub("", row.get("after", ""))
            kind = _kind(
                row.get("how") or (row["target"] if row.get("before", "x").strip("- ") else "추가") + words[:8]
            )
            for number in numbers:
                items[number] = _Item(number, kind, "" if kind == "removed" else words)
    return [items[number] for number in sorted(items)], others


def _by_remark(text: str) -> Iterator[_Item]:
    """Read claims with a remark each: 청구항 1 (정정) …, 청구항 3: 삭제."""
    found = [*re.compile(pattern("amendment", "remarked").pattern, re.MULTILINE).finditer(text)]
    for match, end in zip(found, _ends(found, text), strict=True):
        if not re.search(r"유\s?지|변\s?경\s?없|변\s?동\s?없", match["how"]):
            for number in counted(match["numbers"]):
                yield _Item(number, _kind(match["how"]), text[match.end() : end].strip(" \t\n:："))


def _ends(found: Sequence[re.Match[str]], text: str) -> list[int]:
    """Return where what begins with each match ends: at the next, the last with the text."""
    return [one.start() for one in found[1:]] + [len(text)] * bool(found)


def _content(block: str) -> str:
    other = pattern("amendment", "other").search(block)
    return pattern("amendment", "claim_marker").sub("", block[: other.start() if other else None]).strip()


def _kind(how: str) -> str:
    for kind, name in (("removed", "removes"), ("added", "adds")):
        if pattern("amendment", name).search(how):
            return kind
    return "changed"


def _by_status(text: str) -> Iterator[_Item]:
    """Read a listing with status identifiers: 1. (Currently Amended) A method …"""
    found = [*pattern("amendment", "listed").finditer(text)]
    for match, end in zip(found, _ends(found, text), strict=True):
        status = match["status"].lower()
        if status.startswith(("original", "previously", "withdrawn")):
            continue
        for number in counted(match["numbers"]):
            yield _Item(number, _kind(status), text[match.end() : end].strip())


# -- what the statement says of it -------------------------------------------------------------------------------------


def _told(statement: Paper) -> dict[int, _Told]:
    """Return what the statement says of the amendment of each claim."""
    found: dict[int, _Told] = {}
    part: Part | None = None
    amending: tuple[int, ...] = ()  # the claims whose amendment the part spoke of last
    for one in paragraphs(statement):
        part, amending = one.part, amending if one.part is part else ()
        last: tuple[int, ...] = one.claims
        for sentence in one.sentences:
            for start, end in clauses(sentence):
                words = statement.text[start:end]
                own = claims_in(words)
                last = own or last
                basis = bool(amending) and (not own or bool(set(own) & set(amending)))
                if _note(found, statement, (start, end), last, role=one.role, basis=basis):
                    amending = first_claims(words) or last
    return found


def _note(
    found: dict[int, _Told], statement: Paper, span: tuple[int, int], named: Sequence[int], *, role: str, basis: bool
) -> bool:
    """Note what a clause says of the amendment of claims; False where it says nothing of it.

    ``basis`` tells that an amendment was spoken of just before: a place that the clause names is its basis.
    """
    start, end = span
    words = statement.text[start:end]
    of_art = pattern("amendment", "place_of_art").search(words)
    based = places_in(words) and not of_art and (basis or pattern("amendment", "basis").search(words))
    if not (kinds()["A"].found_in(words) or role == "amended" or based):
        return False
    # A clause names its claims first; others it only refers to: 청구항 5는 제1항만 인용하도록 고쳤습니다.
    for number in first_claims(words) or named:
        told = found.setdefault(number, _Told())
        how = _how(words)
        told.kind = told.kind or (how if how == "removed" or kinds()["A"].found_in(words) else "")
        places = () if of_art else places_in(words)
        told.places += [statement.location(start + left, start + right) for left, right in places]
        for match in pattern("amendment", "replaced").finditer(words):
            told.removed.append(match["old"])
            told.added.append(match["new"])
        quoted = [match["words"] for match in pattern("amendment", "quoted").finditer(words)]
        if told.kind != "removed" and pattern("amendment", "removes").search(words):
            told.removed += quoted
        elif pattern("amendment", "narrows").search(words) and not told.removed:
            told.added += quoted
    return True


def _how(words: str) -> str:
    """Return what a clause says became of a claim: removed only where the claim itself is, and no words of it."""
    if pattern("amendment", "removes_claim").search(words):
        return "removed"
    adds = pattern("amendment", "adds_claim").search(words)
    return "added" if adds else "changed"
