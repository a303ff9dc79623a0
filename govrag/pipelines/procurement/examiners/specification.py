"""Examiners of what is specified: one maker's product, and a product named without 동등 이상."""

from __future__ import annotations

from collections.abc import Iterator

from govrag.pipelines.procurement.case import Case, Seen, seen_at
from govrag.pipelines.procurement.examiners.patterns import table, words
from govrag.pipelines.procurement.examiners.products import named_in
from govrag.pipelines.procurement.paper import Clause, Paper
from govrag.pipelines.procurement.rules import Rule

__all__ = ["named_product", "one_maker"]

_FILE = "specification"


def one_maker(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield demands that one maker's product alone meets."""
    yield from named_product(case, rule)
    for paper, sentence in case.sentences():
        denied = words(_FILE)["forbidding"].search(sentence.plain)
        for one in (*table(_FILE, "refused"), *(() if denied else table(_FILE, "one_holder"))):
            if one.words.search(sentence.plain):
                yield seen_at("not_met", one.fact, paper, sentence.start, sentence.end)
                break


def named_product(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield clauses that demand a product by its name or model and do not take its equal."""
    del rule
    for paper in case.papers:
        told: set[str] = set()
        for clause in paper.body:
            product = next((name for one in clause.sentences() if (name := named_in(one.text)) and _demanded(one)), "")
            if product and product not in told and not _equal_near(paper, clause):
                told.add(product)
                fact = f"'{product}'처럼 특정 제품을 적고 동등 이상의 제품을 인정한다는 말을 적지 않았습니다."
                yield seen_at("not_met", fact, paper, clause.start, clause.end)


def _demanded(clause: Clause) -> bool:
    """Tell whether a clause asks for what it names: what is there now is no demand."""
    there, present = words(_FILE)["there"], words(_FILE)["present"]
    return not there.search(clause.plain) and not any(present.search("".join(one.split())) for one in clause.headings)


def _equal_near(paper: Paper, clause: Clause) -> bool:
    """Tell whether an equal is taken: in the clause, in a note of its own table or list, or for the whole paper."""
    return _takes_equal(clause) or any(_takes_equal(other) and _speaks_of(other, clause) for other in paper.body)


def _takes_equal(clause: Clause) -> bool:
    return bool(words(_FILE)["equal"].search(clause.plain)) and not any(
        one.words.search(clause.plain) for one in table(_FILE, "refused")
    )


def _speaks_of(note: Clause, clause: Clause) -> bool:
    """Tell whether a note on equals is one on this clause: it stands under its heading, or is on every product."""
    if not words(_FILE)["note"].search(note.plain):
        return False
    return note.headings == clause.headings or bool(words(_FILE)["every_product"].search(note.plain))
