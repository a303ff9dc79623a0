"""Hold a paper against the checklist of its kind: each finding a fact, where it stands, the rule and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from govrag.contracts import LawBook
from govrag.errors import InvalidFacts, UsageError
from govrag.pipelines.citing import STANDING, Citing, listed
from govrag.pipelines.labour.checklist import Check, checks
from govrag.pipelines.labour.contracts.contract import Contract
from govrag.pipelines.labour.contracts.rules_of_employment import RulesOfEmployment
from govrag.pipelines.labour.facts import facts_of, together
from govrag.pipelines.labour.ledgers.leave_ledger import LeaveLedger
from govrag.pipelines.labour.ledgers.ledger import WageLedger
from govrag.pipelines.labour.ledgers.payslip import Payslip
from govrag.pipelines.labour.ledgers.time_record import TimeRecord
from govrag.pipelines.labour.observation import Examiner, Observation
from govrag.pipelines.labour.rates import Rates
from govrag.pipelines.reasons import Reason, because
from govrag.pipelines.verify import corpus_warnings
from govrag.records import Document
from govrag.records.facts import names
from govrag.records.labour import Finding, InspectionReport, LabourFacts, Outcome
from govrag.records.located import Location
from govrag.statute.names import LawNames

__all__ = ["KINDS", "LabourInspection", "kind_of"]

_EXAMINERS: tuple[Examiner, ...] = (
    Contract(),
    WageLedger(),
    Payslip(),
    RulesOfEmployment(),
    TimeRecord(),
    LeaveLedger(),
)
KINDS: Mapping[str, Examiner] = {kind: examiner for examiner in _EXAMINERS for kind in examiner.kinds}
# What a paper of each kind calls itself, in its title or its first lines; the first that is there is right.
_CALLED: Mapping[str, tuple[str, ...]] = {
    "연차관리대장": ("연차관리", "연차대장", "연차유급휴가관리", "연차사용", "연차휴가대장", "휴가관리대장"),
    "근로시간기록": ("근로시간기록", "출퇴근", "근태", "근무기록", "출근부", "근무시간"),
    "임금명세서": ("임금명세", "급여명세", "급여지급명세", "월급명세"),
    "임금대장": ("임금대장", "급여대장", "임금지급대장", "급여지급대장", "노임대장"),
    "취업규칙": ("취업규칙", "사규", "인사규정", "복무규정"),
    "근로계약서": ("근로계약", "고용계약", "연봉계약", "채용계약", "근로조건"),
}
_HEAD = 400  # characters in which a paper says what it is


class LabourInspection:
    """Inspects contracts, ledgers, payslips, rules of employment and records against the law of a day."""

    def __init__(self, book: LawBook, names: LawNames, *, corpus_date: date | None, rates: Rates) -> None:
        self._book = book
        self._names = names
        self._corpus_date = corpus_date
        self._rates = rates

    def run(
        self,
        document: Document,
        *,
        name: str = "",
        kind: str = "",
        facts: Mapping[str, Any] | LabourFacts | None = None,
        as_of: date,
    ) -> InspectionReport:
        """Return a finding for each item of the checklist; ``kind`` is told from the paper when it is not given.

        ``name`` is what the paper is called in the report, its title when not given.

        ``facts`` is what the inspector knows besides the paper, as the number of workers; it is right where the paper
        says otherwise. Raises `UsageError` for a kind there is no checklist for, `InvalidFacts`.
        """
        kind = kind or kind_of(document)
        if kind not in KINDS:
            raise UsageError(
                f"{document.title}: 어떤 서류인지 알 수 없습니다. --kind로 정하십시오: {', '.join(KINDS)}"
                if not kind
                else f"'{kind}'의 점검표는 없습니다. 있는 것: {', '.join(KINDS)}",
                f"{document.title}: no checklist for this kind of paper ({kind or 'unknown'}). "
                f"Choose one with --kind: {', '.join(KINDS)}",
            )
        examiner = KINDS[kind]
        stated = facts_of(facts)
        read = examiner.facts(document)
        clashes: list[Reason] = []
        try:
            known = together(stated, read)
        except InvalidFacts as error:
            known = stated
            clashes.append(Reason(error.ko, error.en) + because("labour_clash"))
        citing = Citing(self._book, self._names, as_of=as_of)
        observed = list(examiner.examine(document, facts=known, as_of=as_of, rates=self._rates))
        findings = [
            _finding(observation, document, name or document.title, known, citing)
            for observation in [*observed, *_unseen(kind, observed)]
        ]
        absent = {one.label for finding in findings for one in finding.articles if one.verdict not in STANDING}
        warnings = [*corpus_warnings(as_of, self._corpus_date), *clashes]
        if absent:
            warnings.append(because("labour_absent", {"articles": listed(absent)}))
        return InspectionReport(
            document=name or document.title,
            kind=kind,
            status="answered" if all(finding.outcome != "unknown" for finding in findings) else "partial",
            findings=tuple(findings),
            facts=known,
            as_of=as_of,
            corpus_date=self._corpus_date,
            warnings=tuple(warning.ko for warning in warnings),
            warnings_en=tuple(warning.en for warning in warnings),
        )


def kind_of(document: Document) -> str:
    """Return what kind of paper a document calls itself, "" when it does not say."""
    for words in (document.title, document.text[:_HEAD]):
        plain = "".join(words.split())
        found = [(plain.index(name), kind) for kind, called in _CALLED.items() for name in called if name in plain]
        if found:
            return min(found)[1]
    return ""


def _unseen(kind: str, observed: Sequence[Observation]) -> Iterator[Observation]:
    """Yield what the examiner said nothing of: never a `pass`."""
    seen = {observation.check for observation in observed}
    for check in checks().values():
        if kind in check.kinds and check.id not in seen:
            yield Observation(
                check.id,
                "unknown",
                "서류에서 확인하지 못했습니다.",
                to_check=f"{check.title}: 서류를 직접 확인하십시오.",
            )


def _finding(observation: Observation, document: Document, name: str, facts: LabourFacts, citing: Citing) -> Finding:
    check = checks()[observation.check]
    outcome, to_check = _reached(observation, check, facts)
    told = outcome in ("violation", "check")
    return Finding(
        check=check.id,
        title=check.title,
        outcome=outcome,
        fact=observation.fact,
        location=Location(
            document=name,
            place=observation.place or ("" if observation.end else "문서 전체"),
            start=observation.start,
            end=observation.end,
            quote=document.text[observation.start : observation.end],
            row=observation.row,
        ),
        articles=tuple(citing.cite(label) for label in check.articles),
        penalty=citing.cite(check.penalty) if check.penalty and told else None,
        severity=check.severity if told else "none",
        correction=check.correction if told else "",
        evidence=check.evidence if told or outcome == "unknown" else (),
        to_check=to_check,
        calculation=observation.calculation,
    )


def _reached(observation: Observation, check: Check, facts: LabourFacts) -> tuple[Outcome, str]:
    """Settle whether the rule reaches this workplace, and whether what it rests on was read in the law."""
    outcome, to_check = observation.outcome, observation.to_check
    if outcome in ("pass", "not_applicable"):
        return outcome, to_check
    if facts.workers is not None and facts.workers < check.least_workers:
        return "not_applicable", f"상시 근로자 {facts.workers}명: {check.least_workers}명 이상에 적용됩니다."
    if check.least_workers and facts.workers is None:
        return (
            "unknown",
            f"{names()['workers'].label}: {check.least_workers}명 이상이면 {check.articles[0]} 위반입니다.",
        )
    if outcome == "violation" and (check.basis != "read" or observation.basis != "read"):
        return "check", to_check or check.check or "적용한 기준을 고시와 법령의 원문에서 확인하십시오."
    return outcome, to_check
