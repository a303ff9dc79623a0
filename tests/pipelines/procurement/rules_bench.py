"""Holds words against single rules: a paper is written as Markdown, read, and reviewed without a library."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from govrag.ingest.readers.markdown import MarkdownReader
from govrag.pipelines.procurement.case import Case
from govrag.pipelines.procurement.clauses import filled
from govrag.pipelines.procurement.paper import Paper
from govrag.pipelines.procurement.review import RfpReview
from govrag.pipelines.procurement.rules import Rule, Rules
from govrag.records import Document, ReviewFinding, Source
from govrag.records.procurement import Met, RfpFacts
from govrag.statute.names import LawNames

DAY = date(2026, 11, 2)
SOFTWARE: Mapping[str, Any] = {
    "buyer_type": "national",
    "project_type": "development",
    "contract_method": "negotiation",
    "amount": 550_000_000,
}


REST = "\n## 그 밖의 사항\n\n○ 궁금한 점은 사업을 맡은 부서에 물어 주십시오.\n"  # says nothing that a rule asks for


def read(text: str, *, name: str = "제안요청서.md") -> Document:
    data = (text + REST).encode()
    source = Source(f"memory:{name}", name, hashlib.sha256(data).hexdigest(), len(data))
    return MarkdownReader().read(data, source)[0]


def row(rule: str, **facts: Any) -> Rule:
    """The row of a rule that reaches these facts."""
    known = RfpFacts.model_validate({**SOFTWARE, **facts})
    return next(one for one, _ in Rules.shipped().of(known, as_of=DAY) if one.id == rule)


def findings(text: str, *rules: str, day: date = DAY, **facts: Any) -> tuple[ReviewFinding, ...]:
    """What the rules say of a paper with this text, facts of a national software project unless told otherwise."""
    chosen = Rules(one for one in Rules.shipped() if one.id in rules)
    review = RfpReview(None, LawNames(()), corpus_date=None, rules=chosen)
    known = {name: value for name, value in {**SOFTWARE, **facts}.items() if value is not None}
    return review.run(read(text), facts=known, as_of=day, today=day).findings


def outcome(text: str, rule: str, *, day: date = DAY, **facts: Any) -> Met:
    """The worst outcome of a rule on a paper with this text."""
    order: tuple[Met, ...] = ("not_met", "needs_work", "cannot_tell", "met", "not_applicable")
    return min((one.outcome for one in findings(text, rule, day=day, **facts)), key=order.index)


def faulty(text: str, rule: str, **facts: Any) -> bool:
    return outcome(text, rule, **facts) in ("not_met", "needs_work")


def clause_of(rule: str, **facts: Any) -> str:
    """A paper that says the rule's own clause, under its heading."""
    one = row(rule, **facts)
    known = RfpFacts.model_validate({**SOFTWARE, **facts})
    return f"# 제안요청서\n\n## {one.heading}\n\n" + "\n".join(f"○ {said}" for said in filled(one, known)) + "\n"


def faults(text: str, rules: Collection[str], **facts: Any) -> set[str]:
    """The rules of these that find a fault."""
    return {one.rule for one in findings(text, *rules, **facts) if one.outcome in ("not_met", "needs_work")}


def case(text: str, **facts: Any) -> Case:
    known = RfpFacts.model_validate({**SOFTWARE, **facts})
    return Case((Paper(read(text)),), known, DAY, lambda _: ())
