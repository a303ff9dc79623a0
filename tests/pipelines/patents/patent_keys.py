"""The patent answer keys, and what the pipelines reach on them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from govrag.inspection import inspect
from govrag.pipelines.patents import days
from govrag.pipelines.patents.claims import claim_set
from govrag.pipelines.patents.days.grace import grace
from govrag.pipelines.patents.opinion.brief import OpinionSummary
from govrag.records import Argument, Document, OpinionBrief, PatentDay
from govrag.statute.names import LawNames

KEYS = Path(__file__).parent / "key"

Row = Mapping[str, Any]


def lines(name: str) -> list[Row]:
    return [json.loads(line) for line in (KEYS / name).read_text(encoding="utf-8").splitlines()]


@dataclass
class Shares:
    """What was reached, as [right, of] by name; and a line for each miss."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def count(self, name: str, right: bool | int, of: int = 1, miss: str = "") -> None:
        pair = self.counts.setdefault(name, [0, 0])
        pair[0] += int(right)
        pair[1] += of
        if miss and not right:
            self.misses.append(f"{name}: {miss}")

    def share(self, name: str) -> float:
        right, of = self.counts[name]
        return right / of if of else 1.0

    def lines(self) -> list[str]:
        return [f"{name}: {right} of {of} ({right / of if of else 1:.3f})" for name, (right, of) in self.counts.items()]


def claims() -> Shares:
    """Read every made claim set and hold trees, elements and form errors against the key."""
    shares = Shares()
    for row in lines("claims/claims.jsonl"):
        text = (KEYS / "claims" / row["file"]).read_text(encoding="utf-8")
        found = claim_set(text, name=row["file"])
        name = row["file"]
        numbers = {int(one) for one in row["category"]} | set(row["deleted"])
        by_number = {one.number: one for one in found.claims}
        shares.count(
            "claims found", set(by_number) == numbers, miss=f"{name} {sorted(by_number)} not {sorted(numbers)}"
        )
        for number, one in by_number.items():
            key = str(number)
            shares.count("deleted", one.deleted == (number in row["deleted"]), miss=f"{name} {number}")
            if one.deleted:
                continue
            wanted = tuple(row["depends"].get(key, ()))
            shares.count("dependencies", one.depends == wanted, miss=f"{name} {number}: {one.depends} not {wanted}")
            category = row["category"].get(key, one.category)
            shares.count("categories", one.category == category, miss=f"{name} {number}: {one.category} not {category}")
            if key in row["transition"]:
                transition = row["transition"][key]
                miss = f"{name} {number}: {one.transition!r} not {transition}"
                shares.count("transitions", one.transition == transition, miss=miss)
            for element in row["elements"].get(key, ()):
                same = [_plain(part.text) for part in one.elements]
                shares.count("elements", _plain(element) in same, miss=f"{name} {number}: {element!r} not in {same}")
        told = {(error.claim, str(error.kind)) for error in found.errors}
        planted = {(error["claim"], error["kind"]) for error in row["errors"]}
        for fault in sorted(planted):
            shares.count("form errors found", fault in told, miss=f"{name} {fault}: {sorted(told)}")
        shares.misses += [f"false form error: {name} {fault}" for fault in sorted(told - planted)]
        shares.count("claim sets without a false form error", not told - planted)
    return shares


def _plain(text: str) -> str:
    return "".join(text.split()).strip(";,및와과을를")


def dates() -> Shares:
    """Decide every case of days and hold it against the key."""
    shares = Shares()
    for row in lines("dates.jsonl"):
        given = {name: _day(value) for name, value in row["given"].items()}
        found, wanted = _DECIDED[row["rule"]](given), row["expected"]
        miss = f"{row['id']} {row['given']}: {found} not {wanted} ({row['article']}; {row['note']})"
        shares.count(row["rule"], found == wanted, miss=miss)
    return shares


def _day(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return date.fromisoformat(value)
    return value


def _deadline(given: dict[str, Any]) -> Any:
    return _iso(days.deadline(given["what"], given["start"], months_extended=given.get("months_extended") or 0))


def _iso(found: PatentDay) -> str | None:
    return found.day.isoformat() if found.day else None


def _priority(given: dict[str, Any]) -> Any:
    found = days.priority(given["kind"], given["first_filing"], given["filing"])
    return {"valid": found.holds, "last_day": _iso(found)}


def _grace(given: dict[str, Any]) -> Any:
    kind = given.pop("priority_kind", None)
    return {"applies": grace(**given, kind=kind).holds}


def _prior_art(given: dict[str, Any]) -> Any:
    return days.prior_art_status(**given).status


_DECIDED = {"deadline": _deadline, "priority": _priority, "grace": _grace, "prior_art": _prior_art}


def opinions(author: str) -> Shares:
    """Summarise every made statement and hold grounds, arguments and what is not answered against the key."""
    shares = Shares()
    summary = OpinionSummary(None, LawNames(()), corpus_date=None)
    for folder in sorted(path for path in (KEYS / "opinions" / author).iterdir() if path.is_dir()):
        key = json.loads((folder / "key.json").read_text(encoding="utf-8"))
        papers = {name: _paper(folder / f"{name}.txt") for name in ("opinion", "notice", "amendment")}
        opinion = papers["opinion"]
        assert opinion is not None, folder
        found = summary.run(opinion, notice=papers["notice"], amendment=papers["amendment"], as_of=date(2026, 11, 21))
        _hold(folder.name, key, found, opinion.text, shares)
    return shares


def _paper(file: Path) -> Document | None:
    return inspect(file).documents[0] if file.is_file() else None


def _hold(name: str, key: Row, found: OpinionBrief, text: str, shares: Shares) -> None:
    for field_ in ("application", "title", "applicant"):
        value = getattr(found, field_)
        miss = f"{name} {field_}: {value!r} not {key[field_]!r}"
        shares.count("bibliography", _plain(value) == _plain(key[field_]), miss=miss)
    for field_ in ("notice_date", "deadline"):
        day = getattr(found, field_)
        told = day.isoformat() if day else None
        shares.count("days", told == key[field_], miss=f"{name} {field_}: {told} not {key[field_]}")
    left = list(found.grounds)
    for wanted in key["grounds"]:
        alike = [
            ground
            for ground in left
            if _plain(wanted["article"]) in _plain(ground.article) and set(wanted["claims"]) <= set(ground.claims)
        ]
        seen = [(ground.article, ground.claims) for ground in left]
        shares.count("grounds found", bool(alike), miss=f"{name} {wanted['article']} {wanted['claims']}: {seen}")
        if not alike:
            continue
        ground = min(alike, key=lambda one: len(one.claims))
        left.remove(ground)
        kind = "answered grounds" if wanted["answered"] else "unanswered grounds"
        miss = f"{name} {wanted['article']} {wanted['claims']}: {[one.gist[:60] for one in ground.arguments]}"
        shares.count(kind, ground.answered == wanted["answered"], miss=miss)
        for argument in wanted["arguments"]:
            linked = [one for one in ground.arguments if _touches(one, argument["quote"], text)]
            miss = f"{name} {wanted['article']} {argument}: {[(a.kind, a.gist[:50]) for a in ground.arguments]}"
            shares.count("arguments linked", bool(linked), miss=miss)
            shares.count("classes", any(one.kind == argument["class"] for one in ground.arguments), miss=miss)
    shares.misses += [f"not a ground of the key: {name} {one.article} {one.claims}" for one in left]
    for ground in found.grounds:
        for one in ground.arguments:
            here = one.location
            shares.count("quotes that stand", text[here.start : here.end] == here.quote)
    changes = {(one.claim, one.change.kind) for one in found.amendments}
    for wanted in key["amendments"]:
        one_ = (wanted["claim"], "removed" if wanted["kind"] == "deleted" else wanted["kind"])
        shares.count("amendments", one_ in changes, miss=f"{name} {one_}: {sorted(changes)}")
        new = [one.new_matter for one in found.amendments if one.claim == wanted["claim"]]
        shares.count("new matter", new[:1] == [wanted["new_matter"]], miss=f"{name} {wanted}: {new}")


def _touches(argument: Argument, quote: str, text: str) -> bool:
    """Tell whether an argument's place and the key's words overlap."""
    at = text.find(quote)
    return at < argument.location.end and argument.location.start < at + len(quote)
