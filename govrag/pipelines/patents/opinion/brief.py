"""A statement of opinion beside its notice: each ground with what is said to it, without a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from govrag.contracts import LawBook
from govrag.errors import InvalidFacts, NoRate
from govrag.patent.numbers import parse
from govrag.pipelines.citing import STANDING, Citing, listed
from govrag.pipelines.patents.days import deadline
from govrag.pipelines.patents.opinion.amendment import Amended, amended
from govrag.pipelines.patents.opinion.arguments import record
from govrag.pipelines.patents.opinion.deciding import points, spelt
from govrag.pipelines.patents.opinion.fields import Stated, stated_in
from govrag.pipelines.patents.opinion.linking import Answer, Answers, answers_to
from govrag.pipelines.patents.opinion.naming import is_foreign
from govrag.pipelines.patents.opinion.notice import grounds_of
from govrag.pipelines.patents.opinion.office_action import objections, rejections
from govrag.pipelines.patents.opinion.paper import Paper
from govrag.pipelines.patents.opinion.raised import Raised
from govrag.pipelines.patents.opinion.reconstructed import grounds_said
from govrag.pipelines.patents.opinion.words import pattern
from govrag.pipelines.reasons import Reason, because
from govrag.pipelines.verify import corpus_warnings
from govrag.records import Citation, Document
from govrag.records.patents import OpinionBrief, RejectionGround
from govrag.statute.names import LawNames

__all__ = ["OpinionSummary"]


@dataclass(frozen=True, slots=True)
class _Papers:
    statement: Paper
    notice: Paper | None
    amendment: Paper | None


class OpinionSummary:
    """Summarises statements of opinion (의견서), Korean ones and responses to US office actions.

    Without a ``book`` the articles are named and `unchecked`.
    """

    def __init__(self, book: LawBook | None, names: LawNames, *, corpus_date: date | None) -> None:
        self._book = book
        self._names = names
        self._corpus_date = corpus_date

    def run(
        self, opinion: Document, *, notice: Document | None = None, amendment: Document | None = None, as_of: date
    ) -> OpinionBrief:
        """Return the brief: grounds in the order of the notice, arguments in the order of the statement.

        Without a ``notice`` the grounds are those that the statement says it raised, and the brief says so. Every
        gist is in the statement's own words: ``opinion.text[start:end]`` of its location. ``as_of`` is the day whose
        law the articles are looked up in. Where no ground is found the status is ``no_evidence`` and ``error`` says
        what is missing; nothing is raised.
        """
        papers = _Papers(*(Paper(one) if one else None for one in (opinion, notice, amendment)))  # type: ignore[arg-type]
        raised = _raised(papers.notice) if papers.notice else ()
        grounds = raised or grounds_said(papers.statement)
        stated = _together(papers)
        if not grounds:
            return _nothing(papers, stated, as_of, self._corpus_date)
        answers = answers_to(papers.statement, grounds)
        changes = amended(papers.amendment, papers.statement, papers.notice)
        citing = Citing(self._book, self._names, as_of=as_of) if self._book else None
        records = tuple(_ground(one, answers.to[one.number], papers, citing, in_notice=bool(raised)) for one in grounds)
        american = any(is_foreign(one.article) for one in grounds)
        late = stated.submitted and stated.deadline and stated.submitted > stated.deadline
        warnings = [
            *_unread(papers, bool(raised), stated),
            *_unsure(answers, changes, grounds),
            *self._unchecked(records, as_of),
        ]
        return OpinionBrief(
            status="answered" if raised else "partial",
            application=stated.application,
            title=stated.title,
            applicant=stated.applicant,
            notice_date=stated.sent,
            deadline=stated.deadline,
            rule_deadline=None if american else _by_rule(stated.sent),
            submitted=stated.submitted,
            grounds=records,
            amendments=changes.claims,
            unanswered=tuple(one.number for one in records if not one.answered),
            to_decide=points(
                grounds,
                answers,
                changes,
                papers.statement,
                final=bool(papers.notice and pattern("layout", "final").search(papers.notice.text)),
                late=(stated.submitted, stated.deadline) if late and stated.submitted and stated.deadline else None,
            ),
            as_of=as_of,
            corpus_date=self._corpus_date,
            warnings=tuple(one.ko for one in warnings),
            warnings_en=tuple(one.en for one in warnings),
        )

    def _unchecked(self, records: Sequence[RejectionGround], as_of: date) -> Iterator[Reason]:
        korean = [one.basis for one in records if one.basis and not is_foreign(one.basis.label)]
        if self._book is None:
            yield from [because("review_unchecked")] if korean else []
            return
        yield from corpus_warnings(as_of, self._corpus_date)
        if absent := {one.label for one in korean if one.verdict not in STANDING}:
            yield because("labour_absent", {"articles": listed(absent)})


def _raised(notice: Paper) -> tuple[Raised, ...]:
    """Return the grounds of a notice or of a US office action."""
    return rejections(notice) or grounds_of(notice)


def _together(papers: _Papers) -> Stated:
    """Return what the papers say of the application; the notice is right where they differ."""
    read = [stated_in(paper.text) for paper in (papers.notice, papers.statement, papers.amendment) if paper]
    first, own = read[0], read[1 if papers.notice else 0]
    return Stated(
        application=next((one.application for one in read if one.application), ""),
        title=next((one.title for one in read if one.title), ""),
        applicant=next((one.applicant for one in read if one.applicant), ""),
        sent=first.sent or own.sent,
        deadline=first.deadline or own.deadline,
        submitted=own.submitted,
    )


def _by_rule(sent: date | None) -> date | None:
    """Return the last day that an examiner may set, counted from the day of the notice; None where no rule is known."""
    try:
        return deadline("opinion", sent).day if sent else None
    except (InvalidFacts, NoRate):  # a day misread, or of a time whose rule is not known
        return None


def _ground(one: Raised, answer: Answer, papers: _Papers, citing: Citing | None, *, in_notice: bool) -> RejectionGround:
    paper = papers.notice if in_notice and papers.notice else papers.statement
    return RejectionGround(
        number=one.number,
        article=one.article,
        claims=one.claims,
        cited=one.cited,
        location=paper.location(one.start, one.end, place=one.place),
        answered=answer.given,
        arguments=tuple(record(said, papers.statement) for said in answer.said),
        basis=_basis(one.article.split(", ")[0], citing),
    )


def _basis(label: str, citing: Citing | None) -> Citation:
    if is_foreign(label):
        return Citation(
            text=label,
            label=label,
            verdict="unchecked",
            reason="다른 나라의 법입니다. 이 장서로는 확인하지 않습니다.",
            reason_en="It is the law of another country, which is not checked here.",
        )
    if citing is None:
        return Citation(text=label, label=label, verdict="unchecked")
    return citing.cite(label.removesuffix(" 본문"))


def _nothing(papers: _Papers, stated: Stated, as_of: date, corpus_date: date | None) -> OpinionBrief:
    """Return a brief without grounds: what would have to be in the papers."""
    given = "통지서와 의견서" if papers.notice else "의견서"
    unlike = "" if pattern("layout", "document").search(papers.statement.text) else " 의견서로 보이지 않는 문서입니다."
    english = "" if not unlike else " The document does not look like a statement of opinion."
    return OpinionBrief(
        status="no_evidence",
        application=stated.application,
        title=stated.title,
        applicant=stated.applicant,
        notice_date=stated.sent,
        deadline=stated.deadline,
        submitted=stated.submitted,
        as_of=as_of,
        corpus_date=corpus_date,
        error=f"{given}에서 거절이유(법조항, 청구항)를 찾지 못했습니다.{unlike} 의견제출통지서를 함께 지정하거나 "
        "글자로 된 파일인지 확인하십시오.",
        error_en=f"No ground of rejection (article, claims) was found in the papers.{english} Give the notice too, or "
        "check that the files hold text.",
    )


# -- warnings ----------------------------------------------------------------------------------------------------------


def _unread(papers: _Papers, raised: bool, stated: Stated) -> Iterator[Reason]:
    if papers.notice is None:
        yield Reason(
            "통지서 없이 의견서가 적은 대로 거절이유를 되짚었습니다. 빠진 거절이유가 있을 수 있습니다.",
            "The grounds are those that the statement tells; without the notice some may be missing.",
        )
    elif not raised:
        yield Reason(
            "통지서에서 거절이유를 찾지 못해 의견서가 적은 대로 되짚었습니다. 통지서 파일을 확인하십시오.",
            "No ground was found in the notice: those that the statement tells are shown. Check the notice.",
        )
    numbers = [stated_in(one.text).application for one in (papers.statement, papers.notice, papers.amendment) if one]
    known = {str(found.bare) if (found := parse(number)) else number for number in numbers if number}
    if len(known) > 1:
        yield Reason(
            f"서류의 출원번호가 서로 다릅니다: {', '.join(sorted(known))}. 같은 사건인지 확인하십시오.",
            f"The papers name different applications: {', '.join(sorted(known))}. Check that they belong together.",
        )
    if papers.notice and (count := objections(papers.notice.text)):
        yield Reason(
            f"거절(rejection)이 아닌 지적(objection) {count}건은 거절이유로 세지 않았습니다.",
            f"{count} objection(s) are not counted as grounds of rejection.",
        )
    missing = [name for name, value in _named(stated) if not value]
    if missing:
        yield Reason(
            f"서류에서 찾지 못한 사항: {', '.join(ko for ko, _ in missing)}.",
            f"Not found in the papers: {', '.join(en for _, en in missing)}.",
        )


def _named(stated: Stated) -> Iterator[tuple[tuple[str, str], object]]:
    yield ("출원번호", "application number"), stated.application
    yield ("통지서 발송일자", "date of the notice"), stated.sent


def _unsure(answers: Answers, changes: Amended, grounds: Sequence[Raised]) -> Iterator[Reason]:
    if answers.elsewhere:
        yield Reason(
            f"어느 거절이유에 대한 것인지 정하지 못한 주장 {len(answers.elsewhere)}곳이 의견서에 있습니다.",
            f"{len(answers.elsewhere)} argument(s) of the statement could be linked to no ground. See the statement.",
        )
    if new := [one.claim for one in changes.claims if one.new_matter]:
        yield Reason(
            f"{spelt(new)}: 보정의 근거로 든 자리가 없고 서류 어디에도 없는 말이 있습니다. 신규사항인지 확인하십시오.",
            f"Claims {', '.join(map(str, new))}: words stand nowhere in the papers and no place is named. "
            "Check for new matter.",
        )
    if changes.others:
        yield Reason(
            f"청구항이 아닌 보정 {changes.others}건은 싣지 않았습니다.",
            f"{changes.others} amended item(s) that are no claims are not shown.",
        )
    if changes.undescribed:
        yield Reason(
            f"{spelt(changes.undescribed)}: 보정서에는 있으나 의견서에 설명이 없습니다.",
            f"Claims {', '.join(map(str, changes.undescribed))} are amended without a word in the statement.",
        )
    if loose := [one.number for one in grounds if not one.claims and not one.whole]:
        yield Reason(
            f"거절이유 {', '.join(map(str, loose))}: 해당 청구항을 읽지 못했습니다.",
            f"Grounds {', '.join(map(str, loose))}: the claims could not be read.",
        )
