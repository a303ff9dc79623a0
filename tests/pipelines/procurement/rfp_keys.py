"""The procurement answer keys, the library they are held against, and what the review reaches on them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import govrag
from govrag.ingest.readers.markdown import MarkdownReader
from govrag.ingest.readers.text import TextReader
from govrag.library import Library
from govrag.records import Document, ReviewFinding, ReviewReport, Source

KEYS = Path(__file__).parent / "key"
AUTHORS = ("main", "other")
LAWS = (
    "소프트웨어진흥법", "국가를당사자로하는계약에관한법률", "지방자치단체를당사자로하는계약에관한법률", "전자정부법",
    "개인정보보호법", "클라우드컴퓨팅발전및이용자보호에관한법률", "인공지능발전과신뢰기반조성등에관한기본법",
    "디지털포용법", "장애인차별금지및권리구제등에관한법률", "국어기본법", "중소기업제품구매촉진및판로지원에관한법률",
    "지능정보화기본법", "공공기관의운영에관한법률", "조달사업에관한법률", "전자조달의이용및촉진에관한법률",
    "공공데이터의제공및이용활성화에관한법률",
)  # fmt: skip
ALARMS = ("not_met", "needs_work")

Row = Mapping[str, Any]


def rows(author: str) -> list[Row]:
    return [json.loads(line) for line in (KEYS / author / "documents.jsonl").read_text(encoding="utf-8").splitlines()]


def paper(author: str, row: Row) -> Document:
    """Return an RFP of the key as the readers of Markdown and text read it."""
    file = KEYS / author / "documents" / row["file"]
    reader = MarkdownReader() if file.suffix == ".md" else TextReader()
    data = file.read_bytes()
    (document,) = reader.read(data, Source(f"memory:{file.name}", file.name, "0" * 64, len(data)))
    return document


def build(shared: Path, path: Path) -> Path:
    """Make a library of the statutes that rules of procurement rest on."""
    with govrag.open(path) as library:
        receipt = library.add([shared / "laws" / "selected" / law for law in LAWS], grade="O")
        assert receipt.refused == ()
    return path


@dataclass
class Reached:
    """What a review reached over some RFPs."""

    found: int = 0
    planted: int = 0
    placed: int = 0  # faults with a quote, found where it stands
    quoted: int = 0
    alarms: Counter[str] = field(default_factory=Counter)  # by RFP: findings of rules that nothing was planted for
    clean: int = 0  # RFPs
    clean_alarms: int = 0
    not_told: int = 0  # planted, and the review says that it cannot tell
    broken_quotes: int = 0  # findings whose quote does not stand where they say
    rules: set[str] = field(default_factory=set)
    misses: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.planted

    @property
    def alarms_per_clean(self) -> float:
        return self.clean_alarms / self.clean

    def lines(self) -> list[str]:
        return [
            f"faults found: {self.found} of {self.planted} ({self.recall:.3f}), {len(self.rules)} rules",
            f"of those with a quote, at its place: {self.placed} of {self.quoted}",
            f"missed faults of rules that the review could not tell: {self.not_told}",
            f"false alarms: {self.clean_alarms} on {self.clean} clean RFPs ({self.alarms_per_clean:.2f} each), "
            f"{sum(self.alarms.values())} on all",
            f"quotes that do not stand: {self.broken_quotes}",
        ]


def reviewed(library: Library, author: str, keys: Iterable[Row]) -> Reached:
    """Review every RFP of a folder and hold the report against the key."""
    reached = Reached()
    for row in keys:
        document = paper(author, row)
        report = library.procurement.review([document], facts=row["facts"])
        hold(row, report, document.text, reached)
    return reached


def hold(row: Row, report: ReviewReport, text: str, reached: Reached) -> None:
    """Count what a report found of the faults that were planted, and what else it complains of."""
    told = [one for one in report.findings if one.outcome in ALARMS]
    accepted: set[str] = set()
    for fault in row["faults"]:
        accepted.update(fault["rules"])
        reached.rules.update(fault["rules"][:1])
        of_rule = [one for one in told if one.rule in fault["rules"]]
        reached.planted += 1
        reached.found += bool(of_rule)
        unsure = [one.rule for one in report.findings if one.rule in fault["rules"] and one.outcome == "cannot_tell"]
        reached.not_told += not of_rule and bool(unsure)
        if not of_rule:
            reached.misses.append(f"{row['file']} {fault['rules']} missed{' (cannot tell)' * bool(unsure)}: {fault}")
        elif fault["quote"]:
            reached.quoted += 1
            placed = any(_overlaps(one, fault["quote"]) for one in of_rule)
            reached.placed += placed
            if not placed:
                where = [one.location.quote for one in of_rule]
                reached.misses.append(f"{row['file']} {fault['rules']} stands at {where}, not {fault['quote']!r}")
    for one in report.findings:
        here = one.location
        reached.broken_quotes += here.document == report.document and text[here.start : here.end] != here.quote
    alarms = [one for one in told if one.rule not in accepted]
    reached.alarms[row["file"]] += len(alarms)
    if row["clean"]:
        reached.clean += 1
        reached.clean_alarms += len(alarms)
    reached.misses += [
        f"{row['file']} {one.rule} is a false alarm: {one.fact} {one.location.place} {one.location.quote!r}"
        for one in alarms
    ]


def _overlaps(finding: ReviewFinding, quote: str) -> bool:
    """Tell whether the finding points at the key's words, or into the clause that holds them."""
    here, there = ("".join(words.replace("|", "").split()) for words in (finding.location.quote, quote))
    return bool(here) and (here in there or there in here)
