"""Sets the requirements of an RFP beside where they stand, what proves them, and where a proposal answers them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from govrag.pipelines.procurement.comparing.answers import Answer, Answers, Status
from govrag.pipelines.procurement.comparing.measures import comparisons, measures
from govrag.pipelines.procurement.paper import Paper
from govrag.records import Document, Section
from govrag.records.procurement import ComplianceMatrix, MatrixRow

__all__ = ["matrix"]

# Of a document's metadata: what does not add up, a line each. The reader of RFPs writes it.
_DISCREPANCIES, _DISCREPANCIES_EN = "요구사항 점검", "요구사항 점검 (English)"
_MOST_NAMED = 10  # numbers in one sentence

_Two = tuple[str, str]  # Korean, English


def matrix(document: Document, *, proposal: Document | None = None) -> ComplianceMatrix:
    """Return a row for each requirement of an RFP, in reading order.

    Without a ``proposal`` the ``chapter`` is where a requirement stands and the ``evidence`` what would prove it: its
    outputs, the tests that name it, its acceptance. It is ``covered`` when it has both evidence and a ``measure``,
    ``partial`` with one of them, ``open`` with neither. With a proposal the ``chapter`` is the proposal's, found by
    the requirement's number and else by its words, and the ``evidence`` quotes it: ``covered`` when it answers and
    keeps the measure, ``partial`` when it does not state the value, answers in part, or is only likely the answer,
    ``open`` when it refuses or nothing is found. The ``location`` is always that of the requirement in the RFP.
    """
    paper = Paper(document)
    asked = [_Asked(section, start, paper) for section, start in paper.requirements]
    answers = Answers(Paper(proposal), [one.wanted for one in asked]) if proposal is not None else None
    rows = tuple(_answered(one, answers.of(at)) if answers else _provable(one, asked) for at, one in enumerate(asked))
    warnings = list(dict.fromkeys(_warnings(document, asked)))
    return ComplianceMatrix(
        document=document.title,
        rows=rows,
        warnings=tuple(ko for ko, _ in warnings),
        warnings_en=tuple(en for _, en in warnings),
    )


@dataclass(eq=False)
class _Asked:
    """A requirement, and where it stands."""

    section: Section
    start: int
    paper: Paper

    @property
    def number(self) -> str:
        return self.section.number

    @property
    def name(self) -> str:
        return self.section.heading

    @cached_property
    def fields(self) -> Mapping[str, str]:
        return dict(self.section.fields)

    @cached_property
    def statement(self) -> str:
        """What it asks for: its fields without number, class and origin."""
        rows = comparisons()["matrix"]
        aside = {rows["class"], rows["related"], rows["outputs"]}
        return "\n".join(
            value for label, value in self.fields.items() if label not in aside and value != self.section.number
        )

    @property
    def wanted(self) -> tuple[str, str, str]:
        """Number, name, words: by what an answer is found."""
        return self.number, self.name, self.statement

    @cached_property
    def measure(self) -> str:
        found = measures(self.statement)
        return "; ".join(one.text for one in found[: comparisons()["measures"]["most"]])

    @cached_property
    def is_test(self) -> bool:
        rows = comparisons()["matrix"]
        code = self.number.split("-")[0].rstrip("0123456789").upper()
        return code in rows["test_codes"] or bool(re.search(rows["test_class"], self.fields.get(rows["class"], "")))

    def names(self, other: _Asked) -> bool:
        """Tell whether its words name another requirement, by number or by name."""
        words = "".join("\n".join(self.fields.values()).split())
        name = "".join(other.name.split())
        named = len(name) >= comparisons()["matrix"]["shortest_name"] and name in words
        return named or re.search(rf"{re.escape(''.join(other.number.split()))}(?!\d)", words) is not None

    @property
    def chapter(self) -> str:
        """Where it stands: the headings above it, without the title and the one that is its own."""
        words = self.section.render()
        clause = self.paper.at(self.start + len(words) - len(words.lstrip()))
        above = clause.headings if clause else ()
        return " › ".join(one for one in above if one != self.paper.document.title and self.number not in one)

    def row(self, *, chapter: str, evidence: str, status: Status) -> MatrixRow:
        words = self.section.render()
        begin = self.start + len(words) - len(words.lstrip())
        location = self.paper.location(begin, begin + len(words.strip()))
        return MatrixRow(
            requirement=self.number,
            name=self.name,
            category=self.fields.get(comparisons()["matrix"]["class"], ""),
            chapter=chapter,
            evidence=evidence,
            measure=self.measure,
            location=location,
            status=status,
        )


def _provable(one: _Asked, asked: Sequence[_Asked]) -> MatrixRow:
    rows = comparisons()["matrix"]
    proofs = [
        *((rows["outputs"], one.fields[rows["outputs"]]) for _ in [0] if one.fields.get(rows["outputs"])),
        *((label, one.fields[label]) for label in rows["acceptance"] if one.fields.get(label)),
        *(("시험", f"{test.number} {test.name}".strip()) for test in asked if test.is_test and _tests(test, one)),
    ]
    evidence = "; ".join(f"{label}: {' '.join(value.split())}" for label, value in proofs)
    status: Status = ("open", "partial", "covered")[bool(evidence) + bool(one.measure)]
    return one.row(chapter=one.chapter, evidence=evidence, status=status)


def _tests(test: _Asked, one: _Asked) -> bool:
    return test is not one and (
        test.names(one) or test.number in one.fields.get(comparisons()["matrix"]["related"], "")
    )


def _answered(one: _Asked, answer: Answer | None) -> MatrixRow:
    if answer is None:
        return one.row(chapter="", evidence="", status="open")
    return one.row(chapter=answer.chapter, evidence=answer.quote, status=answer.status)


def _warnings(document: Document, asked: Sequence[_Asked]) -> Iterator[_Two]:
    if not asked:
        yield (
            "요구사항 표를 찾지 못했습니다. 요구사항 고유번호와 명칭이 적힌 상세 표가 있는 제안요청서를 주십시오.",
            "No requirements were found. Give an RFP with detail tables that state a number and a name for each.",
        )
        return
    lines = (document.metadata.get(name, "").splitlines() for name in (_DISCREPANCIES, _DISCREPANCIES_EN))
    yield from zip(*lines, strict=False)
    for number, count in Counter(one.number for one in asked).items():
        if count > 1:  # worded as the reader does, so that it is said once
            yield (
                f"요구사항 번호가 겹칩니다: {number} ({count}번).",
                f"A requirement number is used {count} times: {number}.",
            )
    described = [one for one in asked if one.statement != one.name]
    vague = [one.number for one in described if not one.measure]
    if vague:
        yield (
            f"요구사항 {len(vague):,}건에 측정할 수 있는 값이 없습니다: {_some(vague)}.",
            f"{len(vague):,} requirements state no value that can be measured: {_some(vague)}.",
        )


def _some(numbers: Sequence[str]) -> str:
    return ", ".join(numbers[:_MOST_NAMED]) + (" …" if len(numbers) > _MOST_NAMED else "")
