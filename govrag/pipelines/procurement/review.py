"""Hold an RFP against the rules: first whether a rule reaches it, then whether it is met, with place, basis, clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from govrag.contracts import LawBook
from govrag.errors import UnreadableFile
from govrag.pipelines.citing import STANDING, Citing, listed
from govrag.pipelines.given import given, together
from govrag.pipelines.procurement import wording
from govrag.pipelines.procurement.case import Case, Seen
from govrag.pipelines.procurement.examiners import EXAMINERS
from govrag.pipelines.procurement.fields import fields_of
from govrag.pipelines.procurement.paper import Paper
from govrag.pipelines.procurement.rules import Rule, Rules
from govrag.pipelines.reasons import because
from govrag.pipelines.verify import Verify, corpus_warnings
from govrag.records import Citation, Document, ReviewFinding, ReviewReport, RfpFacts
from govrag.records.facts import names
from govrag.records.located import Location
from govrag.statute.names import LawNames

__all__ = ["RfpReview"]

_RFP_KINDS = ("제안요청서", "과업지시서", "과업내용서")
_FAULTS = ("not_met", "needs_work")


class RfpReview:
    """Reviews RFPs against the rules of the day of their notice.

    Without a ``book`` the rules alone are held against them, and every citation is `unchecked`.
    """

    def __init__(
        self, book: LawBook | None, names: LawNames, *, corpus_date: date | None, rules: Rules | None = None
    ) -> None:
        self._book = book
        self._names = names
        self._corpus_date = corpus_date
        self._rules = rules or Rules.shipped()

    def run(
        self,
        documents: Document | Sequence[Document],
        *,
        name: str = "",
        facts: Mapping[str, Any] | RfpFacts | None = None,
        as_of: date | None = None,
        today: date,
    ) -> ReviewReport:
        """Return findings for each rule, in the order of the rules.

        ``documents`` are the RFP, and where there are any its notice and attachments. ``facts`` is what the reviewer
        knows besides; it is right where the paper says otherwise. ``as_of`` is the day whose law counts, by default
        that of the notice, else ``today``. Raises `InvalidFacts`.
        """
        papers = _papers([documents] if isinstance(documents, Document) else documents, name)
        stated = given(RfpFacts, facts)
        known = together(RfpFacts, stated, *_read(papers))
        day = as_of or known.notice_date or today
        citing = Citing(self._book, self._names, as_of=day) if self._book else None
        case = Case(papers, known, day, self._checking(day))
        findings = [one for rule, reach in self._rules.of(known, as_of=day) for one in _held(rule, reach, case, citing)]
        missing = {field for rule, _ in self._rules.of(known, as_of=day) for field in rule.unknown(known)}
        absent = {one.label for finding in findings for one in finding.basis if one.verdict not in STANDING}
        warnings = [*corpus_warnings(day, self._corpus_date)] if self._book else [because("review_unchecked")]
        if absent and self._book:
            warnings.append(because("labour_absent", {"articles": listed(absent)}))
        if as_of is None and known.notice_date is None:
            warnings.append(because("review_no_notice_date", {"day": day.isoformat()}))
        return ReviewReport(
            document=papers[0].name,
            status="answered" if all(one.outcome != "cannot_tell" for one in findings) else "partial",
            findings=tuple(findings),
            facts=known,
            missing=tuple(field for field in names(RfpFacts) if field in missing),
            as_of=day,
            corpus_date=self._corpus_date,
            warnings=tuple(warning.ko for warning in warnings),
            warnings_en=tuple(warning.en for warning in warnings),
        )

    def _checking(self, day: date) -> Any:
        if self._book is None:
            return lambda text: ()
        verify = Verify(self._book, self._names, corpus_date=self._corpus_date)
        return lambda text: verify.run(text, as_of=day).citations


def _papers(documents: Sequence[Document], name: str) -> tuple[Paper, ...]:
    """Return the papers of a project, the RFP first: what calls itself one, else the longest."""
    papers = [Paper(document, name=name if len(documents) == 1 else "") for document in documents]
    papers.sort(key=lambda paper: (paper.document.kind not in _RFP_KINDS, -len(paper.text)))
    return tuple(papers)


def _read(papers: Sequence[Paper]) -> Iterator[RfpFacts]:
    """Yield what the papers say of themselves. Raises `EmptyFile`, `NeedsOcr` for the RFP alone."""
    for paper in papers:
        try:
            yield fields_of(paper.document).facts
        except UnreadableFile:
            if paper is papers[0]:
                raise


def _held(rule: Rule, reach: str, case: Case, citing: Citing | None) -> Iterator[ReviewFinding]:
    if reach == "not_reached":
        yield _finding(rule, Seen("not_applicable", "이 사업에는 적용되지 않습니다."), case, citing)
        return
    seen = list(_seen(rule, case))
    if reach == "unknown":
        fields = ", ".join(names(RfpFacts)[field].label for field in rule.unknown(case.facts))
        if not any(one.outcome == "met" for one in seen):
            found = [one for one in seen if one.outcome in _FAULTS and one.location]
            unsure = found or [Seen("cannot_tell", "적용 대상인지 알 수 없습니다.")]
            seen = [replace(one, outcome="cannot_tell", to_check=f"먼저 확인할 것: {fields}") for one in unsure]
    for one in seen or [Seen(rule.absent, rule.absent_fact or "관련 내용이 적혀 있지 않습니다.")]:
        yield _finding(rule, one, case, citing)


def _seen(rule: Rule, case: Case) -> list[Seen]:
    """Return what is seen of a rule: every fault; without any, the best that is said of it."""
    seen = [*wording.forbidden(rule, case)]
    if rule.check:
        seen += EXAMINERS[rule.check](case, rule)
    if any(one.outcome in _FAULTS for one in seen):
        return [one for one in seen if one.outcome in _FAULTS]
    told = [*wording.said(rule, case)] if rule.say else []
    papers = [*wording.attached(rule, case)] if rule.attached else []
    for demanded, found in ((rule.say, told), (rule.attached, papers)):
        if demanded and not found and (told or papers or rule.absent == "not_met"):
            found.append(_lacking(rule, said=bool(told or papers), attachment=demanded is rule.attached))
    seen += [*told, *papers]
    faults = [one for one in seen if one.outcome in _FAULTS]
    return faults[:1] or seen[:1]


def _lacking(rule: Rule, *, said: bool, attachment: bool) -> Seen:
    """Return that a part of what is demanded is not there; that nothing of it is, where no other part is either."""
    if not said:
        return Seen(rule.absent, rule.absent_fact or "관련 내용이 적혀 있지 않습니다.")
    what = "결과물이 첨부되어 있지 않습니다." if attachment else "본문에 관련 내용이 적혀 있지 않습니다."
    return Seen("needs_work", what)


def _finding(rule: Rule, seen: Seen, case: Case, citing: Citing | None) -> ReviewFinding:
    outcome, to_check = seen.outcome, seen.to_check
    if outcome in _FAULTS and rule.evidence != "read":
        outcome, to_check = "needs_work", to_check or rule.to_check or "적용한 기준을 원문에서 확인하십시오."
    if outcome == "cannot_tell":
        to_check = to_check or rule.to_check or f"{rule.title}: 관련 서류를 확인하십시오."
    return ReviewFinding(
        rule=rule.id,
        item=rule.item,
        title=rule.title,
        outcome=outcome,
        fact=seen.fact,
        location=seen.location or Location(document=case.rfp.name, place="문서 전체"),
        basis=seen.basis or tuple(_cited(label, citing) for label in rule.basis),
        evidence=rule.evidence,
        suggestion=(seen.suggestion or _suggested(rule, case.facts)) if outcome in (*_FAULTS, "cannot_tell") else "",
        to_check=to_check,
    )


def _cited(label: str, citing: Citing | None) -> Citation:
    if citing is None:
        return Citation(text=label, label=label, verdict="unchecked")
    return citing.cite(label)


def _suggested(rule: Rule, facts: RfpFacts) -> str:
    from govrag.pipelines.procurement.clauses import filled

    return " ".join(filled(rule, facts))
