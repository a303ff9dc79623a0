"""The labour answer keys, the library they are held against, and what the pipelines reach on them."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import govrag
from govrag.inspection import inspect
from govrag.library import Library
from govrag.pipelines.citing import written
from govrag.records import ConsultationOpinion, Finding, InspectionReport

KEYS = Path(__file__).parent / "key"
AUTHORS = ("main", "other")
LAWS = (
    "근로기준법", "최저임금법", "근로자퇴직급여보장법", "기간제및단시간근로자보호등에관한법률",
    "남녀고용평등과일ㆍ가정양립지원에관한법률", "임금채권보장법", "노동위원회법", "파견근로자보호등에관한법률",
    "외국인근로자의고용등에관한법률", "근로자참여및협력증진에관한법률", "고용보험법", "산업재해보상보험법",
    "산업안전보건법",
)  # fmt: skip
HISTORIES = (
    "근로기준법", "근로기준법시행령", "근로자퇴직급여보장법", "남녀고용평등과일ㆍ가정양립지원에관한법률",
    "임금채권보장법", "최저임금법",
)  # fmt: skip
TOLD = ("violation", "check")  # 위반, 확인 필요: what an officer is told of

Row = Mapping[str, Any]


def rows(author: str, name: str) -> list[Row]:
    return [json.loads(line) for line in (KEYS / author / name).read_text(encoding="utf-8").splitlines()]


def build(shared: Path, path: Path) -> Path:
    """Make a library of the labour statutes, with the past editions of those that are kept."""
    laws = shared / "laws"
    with tarfile.open(laws / "history-2026-06.tar.xz") as archive:
        wanted = [one for one in archive.getmembers() if Path(one.name).parent.name in HISTORIES]
        archive.extractall(path / "history", members=wanted, filter="data")
    with govrag.open(path / "library") as library:
        receipt = library.add([*(laws / "selected" / law for law in LAWS), path / "history"], grade="O")
        assert receipt.refused == ()
    return path / "library"


@dataclass
class Shares:
    """What was reached, as (right, of) by name; and a line for each miss."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def count(self, name: str, right: bool | int, of: int = 1) -> None:
        pair = self.counts.setdefault(name, [0, 0])
        pair[0] += int(right)
        pair[1] += of

    def share(self, name: str) -> float:
        right, of = self.counts[name]
        return right / of if of else 1.0

    def __add__(self, other: Shares) -> Shares:
        total = Shares(misses=[*self.misses, *other.misses])
        for name, (right, of) in [*self.counts.items(), *other.counts.items()]:
            total.count(name, right, of)
        return total


# ── consultation ──────────────────────────────────────────────────────────────────────────────────────────────────


def consulted(library: Library, questions: Iterable[Row]) -> Shares:
    """Ask every question and hold the opinion against the key."""
    shares = Shares()
    for row in questions:
        opinion = library.labour.ask(row["question"], facts=row["facts"], as_of=row["as_of"])
        _hold_opinion(row, opinion, shares)
    return shares


def _hold_opinion(row: Row, opinion: ConsultationOpinion, shares: Shares) -> None:
    cited = {_article(citation.label) for citation in opinion.citations}
    for article in row["articles"]:
        shares.count("articles cited", found := article in cited)
        if not found:
            shares.misses.append(f"{row['id']} {article} is not cited: {sorted(cited)}")
    wrong = {written(citation.label).law for citation in opinion.citations} - _LABOUR_LAWS
    shares.count("wrong laws", len(wrong), max(len(cited), 1))
    shares.count("in force", sum(one.verdict in _STANDING for one in opinion.articles), len(opinion.articles))
    shares.count("conclusions", same := opinion.conclusion == row["conclusion"])
    if not same:
        shares.misses.append(
            f"{row['id']} {opinion.conclusion}, key {row['conclusion']}: {row['question']} → {opinion.topics} "
            f"{opinion.conclusion_text} missing {[one.name for one in opinion.missing]} ({row['note']})"
        )
    asked = {fact.name for fact in opinion.missing}
    for name in row["missing"]:
        shares.count("missing facts asked", found := name in asked)
        if not found:
            shares.misses.append(f"{row['id']} {name} is not asked for: {sorted(asked)}")
    if row["result"] is not None:
        results = [one.result for one in opinion.calculations]
        shares.count("results", found := Decimal(str(row["result"])) in results)
        if not found:
            shares.misses.append(f"{row['id']} {row['result']} is not among {results} ({row['note']})")
    if row["facts"].get("workers", 5) < 5 or any(word in row["question"] for word in _SMALL):
        shares.count("small workplaces", same)
    shares.count("topics", row["topic"] in opinion.topics)


_STANDING = ("verified", "unchecked", "not_in_library")  # anything but wrong
_SMALL = ("4명", "3명", "2명", "네 명", "세 명", "두 명", "5인 미만", "4인 이하", "다섯 명 미만", "5명 미만")
_LABOUR_LAWS = {
    base + suffix
    for base in (
        "근로기준법", "최저임금법", "근로자퇴직급여 보장법", "기간제 및 단시간근로자 보호 등에 관한 법률",
        "남녀고용평등과 일ㆍ가정 양립 지원에 관한 법률", "임금채권보장법", "노동위원회법",
        "파견근로자 보호 등에 관한 법률", "외국인근로자의 고용 등에 관한 법률", "고용보험법", "산업재해보상보험법",
        "근로자참여 및 협력증진에 관한 법률",
        "산업안전보건법", "민법", "공휴일에 관한 법률", "관공서의 공휴일에 관한 규정",
    )
    for suffix in ("", " 시행령", " 시행규칙")
}  # fmt: skip


def _article(label: str) -> str:
    """Return 근로기준법 제60조 of 근로기준법 제60조제1항."""
    law, _, place = label.rpartition(" ")
    head, found, tail = place.partition("조")
    branch = tail if tail.startswith("의") else ""
    digits = branch[1:].partition("제")[0] if branch else ""
    return f"{law} {head}{found}{'의' + digits if digits.isdigit() else ''}"


# ── inspection ────────────────────────────────────────────────────────────────────────────────────────────────────


def inspected(library: Library, folder: Path, papers: Sequence[Row]) -> Shares:
    """Inspect every paper of a folder and hold the report against the key."""
    shares = Shares()
    for row in papers:
        (document,) = inspect(folder / row["file"]).documents
        report = library.labour.inspect(document, kind=row["kind"], facts=row["facts"], as_of=row["as_of"])
        _hold_report(row, report, document.text, shares)
    return shares


def _hold_report(row: Row, report: InspectionReport, text: str, shares: Shares) -> None:
    planted = [(one["check"], one["row"], one["quote"]) for one in row["violations"]]
    told = [finding for finding in report.findings if finding.outcome in TOLD]
    for check, who, quote in planted:
        of_check = [one for one in told if one.check == check]
        found = [one for one in of_check if not who or _same_row(one, who, text)]
        shares.count("violations found", bool(found))
        if not found:
            others = [(one.outcome, one.fact, one.location.row) for one in report.findings if one.check == check]
            shares.misses.append(f"{row['file']} {check} {who} {quote!r} is not found: {others}")
            continue
        shares.count("called violations", any(one.outcome == "violation" for one in found))
        if quote:
            shares.count("exact places", exact := any(_overlaps(one, quote) for one in found))
            if not exact:
                shares.misses.append(
                    f"{row['file']} {check} stands at {[one.location.quote for one in found]}, not {quote!r}"
                )
    listed = {check for check, _, _ in planted} | set(row["unknown"])
    for check in {finding.check for finding in report.findings}:
        if check in listed:
            continue
        alarms = [one for one in told if one.check == check]
        shares.count("false alarms", bool(alarms))
        if alarms:
            shares.misses.append(
                f"{row['file']} {check} is a false alarm: {alarms[0].fact} {alarms[0].location.quote!r}"
            )
        unknown = [one for one in report.findings if one.check == check and one.outcome == "unknown"]
        shares.count("clean items left unknown", bool(unknown))


def _same_row(finding: Finding, who: str, text: str) -> bool:
    """Tell whether a finding is about this row: it names who, or stands in the line that does."""
    here = finding.location
    line = text[text.rfind("\n", 0, here.start) + 1 :].partition("\n")[0] if here.end else ""
    return who in line or (bool(here.row) and (who in here.row or here.row in who))


def _overlaps(finding: Finding, quote: str) -> bool:
    """Tell whether what the finding points at is the key's quote, or part of it, or holds it."""
    here, there = ("".join(text.replace("|", "").split()) for text in (finding.location.quote, quote))
    return bool(here) and (here in there or there in here)
