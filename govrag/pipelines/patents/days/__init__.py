"""Days that 특허법 decides: last days of periods, the grace period, priority, and what an earlier paper counts as.

Pure functions of the days that are given. Periods are rows of ``data/days.toml``; a day that no row covers is refused.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.periods import plausible
from govrag.pipelines.patents.days.counting import count, extension_of, in_order, listed, period_of, verdict
from govrag.pipelines.patents.days.grace import PriorityKind, grace
from govrag.records.patents import ArtStatus, PatentDay

__all__ = [
    "ArtKind", "PriorityKind", "What", "critical_date", "deadline", "grace", "prior_art_status", "priority",
]  # fmt: skip

What = Literal[
    "opinion", "opinion_extended", "exam_request", "reexamination", "appeal", "publication", "term", "grace_proof",
]  # fmt: skip
ArtKind = Literal["publication", "kr_application"]

_FOUND = {"opinion_extended": "opinion"}  # name → the period it is a form of
_APPLICANT, _INVENTOR = "출원인이 같은지(출원한 때)", "발명자가 같은지"
_PUBLIC_WHEN = "선행출원이 공개된 날: 기준일 전이면 제29조제1항"
_SAME_DAY = "같은 날의 공개와 출원 가운데 어느 것이 먼저인지(시각)"


def deadline(what: What, start: date, *, months_extended: int = 0) -> PatentDay:
    """Return the last day of a period.

    ``start`` is the day from which it is counted: of ``opinion`` the notice's delivery, of ``reexamination`` and
    ``appeal`` the delivery of the decision, of ``exam_request``, ``term`` and ``grace_proof`` the filing, of
    ``publication`` the earliest priority, else the filing (the application is laid open after that day).
    ``months_extended`` is how many extensions of a month were granted (제15조제2항); of ``reexamination`` and
    ``appeal`` how many of 30 days (제15조제1항). A last day that is a Saturday, a Sunday, 노동절 or a public holiday
    moves on, in procedures only (제14조제4호). No ``day`` where the calendar of holidays cannot tell.

    Raises `InvalidFacts` for a period that cannot be extended, `NoRate` for a day that no rule covers.
    """
    plausible(("기산일", start))
    name = _FOUND.get(what, what)
    row = period_of(name, start)
    extension = extension_of(name)
    if months_extended < 0 or (months_extended and extension is None):
        raise InvalidFacts(
            f"{row.title}: 연장 {months_extended}회를 계산할 수 없습니다. 연장할 수 있는 기간은 의견서 제출기간과 "
            "재심사ㆍ심판 청구기간입니다.",
            f"{what}: {months_extended} extension(s) cannot be counted. Periods that can be extended are opinion, "
            "reexamination and appeal.",
        )
    counted = count(row, start, extended=months_extended, by=extension)
    articles, checks = counted.articles, [*counted.to_check]
    if months_extended and extension is not None:
        articles = (*articles, *extension.articles)
        checks += [extension.check, extension.beyond if months_extended > extension.usual else ""]
    return PatentDay(
        rule=what,
        day=counted.day,
        steps=counted.steps,
        articles=articles,
        assumptions=counted.assumptions,
        to_check=listed(checks),
    )


def priority(kind: PriorityKind, first_filing: date, filing: date) -> PatentDay:
    """Tell whether a filing still has the priority of an earlier one (제54조제2항, 제55조제1항제1호).

    ``holds`` is whether it was filed by the last day, ``day`` that last day. Both are None where the calendar of
    holidays cannot tell and it matters. Formal requirements (statement, documents) are not judged.
    """
    plausible(("최초 출원일", first_filing), ("출원일", filing))
    in_order("최초 출원일", first_filing, "출원일", filing)
    row = period_of(kind, first_filing)
    counted = count(row, first_filing)
    holds = counted.holds(filing)
    return PatentDay(
        rule="priority",
        day=counted.day,
        holds=holds,
        steps=(*counted.steps, f"출원일 {filing}: {verdict(holds, '우선기간 안', '우선기간이 지난 뒤')}"),
        articles=counted.articles,
        assumptions=counted.assumptions,
        to_check=counted.to_check,
    )


def critical_date(filing: date, *, priority: date | None = None, kind: PriorityKind = "paris") -> PatentDay:
    """Return the day before which a paper has to be public to be held against one claim.

    ``priority`` is the earlier filing that discloses what this claim says; None for a claim that has none. A priority
    whose period was missed does not count; one whose last day cannot be told counts, so that nothing too late is held
    against the claim.
    """
    plausible(("출원일", filing), ("우선일", priority))
    if priority is None:
        return PatentDay(
            rule="critical_date",
            day=filing,
            steps=(f"우선권이 미치지 않는 청구항: 출원일 {filing} 기준",),
            articles=("특허법 제29조제1항",),
        )
    in_order("우선일", priority, "출원일", filing)
    row = period_of(kind, priority)
    counted = count(row, priority)
    valid = counted.holds(filing)
    article = "특허법 제54조제1항" if kind == "paris" else "특허법 제55조제3항"
    day = filing if valid is False else priority
    said = {
        True: f"우선기간 안에 출원되었다: 우선일 {priority} 기준",
        False: f"우선기간이 지난 뒤 출원되었다: 출원일 {filing} 기준",
        None: f"우선기간의 마지막 날을 정할 수 없다: 확인할 때까지 우선일 {priority} 기준",
    }[valid]
    claimed = "청구항의 발명이 우선권의 기초가 된 출원의 최초 명세서나 도면에 적혀 있는지"
    return PatentDay(
        rule="critical_date",
        day=day,
        steps=(*counted.steps, said),
        articles=(*counted.articles, article),
        to_check=listed([*counted.to_check, "" if valid is False else claimed]),
    )


def prior_art_status(
    filing: date,
    *,
    art_kind: ArtKind,
    art_public: date | None,
    art_filing: date | None = None,
    same_applicant: bool | None = None,
    same_inventor: bool | None = None,
    art_granted_or_published: bool | None = None,
    priority: date | None = None,
    kind: PriorityKind = "paris",
) -> PatentDay:
    """Tell what an earlier paper may be held against: 29-1, 29-3, 36, none or unknown.

    ``art_public`` is when the paper became public, ``art_filing`` when a Korean application was filed (its own
    priority, where it has one), ``art_granted_or_published`` whether that was or will be laid open or granted; None
    is unknown. What is public on the critical date itself counts as later. A first day alone, not identity, is judged.
    """
    basis = critical_date(filing, priority=priority, kind=kind)
    critical = basis.day
    assert critical is not None
    plausible(("선행문헌 공개일", art_public), ("선행출원일", art_filing))
    if art_filing is not None and art_public is not None:
        in_order("선행출원일", art_filing, "선행문헌 공개일", art_public)
    found = _before(critical, art_public)
    if found is None and art_kind == "kr_application":
        published = True if art_granted_or_published is None and art_public else art_granted_or_published
        found = _application(critical, art_filing, published, same_applicant, same_inventor)
    if found is None:
        found = _not_before(critical, art_public)
    status, steps, articles, checks = found
    when = _PUBLIC_WHEN if status == "29-3" and art_public is None else ""
    return PatentDay(
        rule="prior_art",
        day=critical,
        status=status,
        steps=(*basis.steps, *steps),
        articles=tuple(dict.fromkeys((*basis.articles, *articles))),
        to_check=listed([*basis.to_check, *checks, when]),
    )


_Found = tuple[ArtStatus, tuple[str, ...], tuple[str, ...], tuple[str, ...]]  # status, steps, articles, to check


def _before(critical: date, public: date | None) -> _Found | None:
    if public is None or public >= critical:
        return None
    step = f"공개된 날 {public}: 기준일 {critical} 전에 알려졌다"
    return "29-1", (step,), ("특허법 제29조제1항",), ()


def _not_before(critical: date, public: date | None) -> _Found:
    if public is None:
        return "unknown", ("공개된 날을 모른다",), ("특허법 제29조제1항",), ("선행문헌이 공개된 날",)
    step = f"공개된 날 {public}: 기준일 {critical} 전이 아니다"
    return "none", (step,), ("특허법 제29조제1항",), (_SAME_DAY,) if public == critical else ()


def _application(
    critical: date, filed: date | None, published: bool | None, same_applicant: bool | None, same_inventor: bool | None
) -> _Found:
    """Judge a Korean application that was not public before the critical date."""
    articles = ("특허법 제29조제3항",)
    if filed is None:
        return "unknown", ("선행출원의 출원일을 모른다",), articles, ("선행출원의 출원일",)
    if filed > critical:
        return "none", (f"선행출원일 {filed}: 기준일 {critical}보다 늦다",), articles, ()
    if filed == critical:
        step = f"선행출원일 {filed}: 기준일과 같은 날이므로 동일한 발명이면 협의로 정한다"
        return "36", (step,), ("특허법 제36조제2항",), ("청구항의 발명이 동일한지",)
    step = f"선행출원일 {filed}: 기준일 {critical}보다 앞선다"
    identical = "청구항끼리 동일한 발명이면 제36조제1항(선출원)"
    if same_applicant or same_inventor:
        same = f"같은 {'출원인' if same_applicant else '발명자'}의 출원이므로 확대된 선출원이 적용되지 않는다"
        return "none", (step, same), (*articles, "특허법 제29조제3항 단서"), (identical,)
    if published is False:
        return "none", (step, "공개되거나 등록공고되지 않아 확대된 선출원이 적용되지 않는다"), articles, (identical,)
    if published is None:
        return "unknown", (step, "공개되거나 등록공고되는지 모른다"), articles, ("선행출원의 공개나 등록공고",)
    unknown = [_APPLICANT if same_applicant is None else "", _INVENTOR if same_inventor is None else ""]
    after = "그 뒤에 공개되거나 등록공고되었다: 최초 명세서ㆍ도면의 발명과 동일한 발명이면 확대된 선출원"
    return "29-3", (step, after), articles, listed(unknown)
