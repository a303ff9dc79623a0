"""The grace period of 특허법 제30조: which disclosures are passed over in judging an application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from govrag.pipelines.labour.calculators.periods import plausible
from govrag.pipelines.patents.days.counting import count, in_order, late_rule, listed, period_of, verdict
from govrag.records.patents import PatentDay

__all__ = ["By", "PriorityKind", "grace"]

By = Literal["own", "against_will"]
PriorityKind = Literal["paris", "domestic"]
_KIND = "우선권의 종류: 국내우선권이면 선출원일, 조약우선권이면 출원일까지 센다(조약우선권으로 보았다)"


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the things that have to hold, and why it does or not; None: not known."""

    holds: bool | None
    steps: tuple[str, ...]
    articles: tuple[str, ...] = ()
    to_check: tuple[str, ...] = ()


def grace(
    disclosure: date,
    filing: date,
    *,
    by: By = "own",
    statutory_publication: bool = False,
    statement_on: date | None = None,
    proof_on: date | None = None,
    late_fee: bool = False,
    priority: date | None = None,
    kind: PriorityKind | None = None,
) -> PatentDay:
    """Tell whether a disclosure is passed over in judging an application (제30조).

    ``by`` is who disclosed: those entitled, or somebody against their will. ``statement_on`` and ``proof_on`` are the
    days on which statement and proof were handed in, None for never; ``late_fee`` that the fee for late ones was paid.
    ``priority`` and its ``kind`` are those of the application: for a domestic priority the time is counted to the
    earlier filing (제55조제3항), for one under the Paris Convention to the filing itself (제54조제1항 has no 제30조);
    of a priority whose kind is not known the latter is taken, and said.

    ``day`` is the last day for filing. Nothing later than the filing or its priority needs the rule: ``holds`` is
    False. Raises `InvalidFacts` for days that cannot be, `NoRate` for a filing that no rule covers.
    """
    plausible(("공지일", disclosure), ("출원일", filing), ("우선일", priority))
    if priority is not None:
        in_order("우선일", priority, "출원일", filing)
    filed = priority if priority is not None and kind == "domestic" else filing
    row = period_of("grace", filing)  # the rule of the filing, not of the disclosure
    counted = count(row, disclosure)
    parts = [_needed(disclosure, priority or filing)]
    if parts[0].holds:
        in_time = counted.holds(filed)
        as_if = f"출원일 {filed}" if filed == filing else f"국내우선권의 선출원일 {filed}"
        said = f"{as_if}: 공지예외 적용기간 {verdict(in_time, '안', '경과')}"
        parts.append(_Part(in_time, (*counted.steps, said), () if filed == filing else ("특허법 제55조제3항",)))
        parts.append(_who(filing, by, statutory_publication, statement_on, proof_on, late_fee=late_fee))
    unsure = _KIND if priority is not None and kind is None else ""
    return PatentDay(
        rule="grace",
        day=counted.day,
        holds=_all(parts),
        steps=tuple(step for part in parts for step in part.steps),
        assumptions=counted.assumptions,
        articles=listed([*counted.articles, *(article for part in parts for article in part.articles)]),
        to_check=listed([unsure, *counted.to_check, *(one for part in parts for one in part.to_check)]),
    )


def _all(parts: Sequence[_Part]) -> bool | None:
    results = [part.holds for part in parts]
    return False if False in results else None if None in results else True


def _needed(disclosure: date, basis: date) -> _Part:
    if disclosure <= basis:
        return _Part(holds=True, steps=())
    return _Part(False, (f"공지일 {disclosure}: 기준일 {basis} 뒤이므로 선행기술이 아니고, 적용할 것이 없다",))


def _who(
    filing: date,
    by: By,
    statutory_publication: bool,
    statement_on: date | None,
    proof_on: date | None,
    *,
    late_fee: bool,
) -> _Part:
    """Judge what 제30조 asks for beside the time, of whoever disclosed."""
    if by == "against_will":
        said = "의사에 반한 공지: 취지를 적거나 증명서류를 기간 안에 낼 필요가 없다"
        return _Part(True, (said,), ("특허법 제30조제1항제2호",), ("의사에 반하여 공지된 사실의 증명",))
    if statutory_publication:
        said = "조약이나 법률에 따른 출원공개ㆍ등록공고: 공지예외에서 빠진다"
        return _Part(False, (said,), ("특허법 제30조제1항제1호 단서",))
    stated, proved = _stated(filing, statement_on), _proved(filing, proof_on)
    on_time = _all([stated, proved])
    articles = ("특허법 제30조제1항제1호", "특허법 제30조제2항")
    steps = (*stated.steps, *proved.steps)
    late = late_rule()
    if on_time is not False:
        return _Part(on_time, steps, articles, proved.to_check)
    if late_fee and filing >= late.start and statement_on is not None and proof_on is not None:
        return _Part(True, (*steps, "보완수수료를 내고 늦게 갖추었다"), (*articles, *late.articles), (late.check,))
    return _Part(False, (*steps, "보완수수료를 낸 보완으로도 갖추지 못했다"), articles)


def _stated(filing: date, on: date | None) -> _Part:
    if on is None:
        return _Part(False, ("취지: 적지 않았다",))
    return _Part(on <= filing, (f"취지를 적은 날 {on}: {'출원할 때 적었다' if on <= filing else '출원보다 늦다'}",))


def _proved(filing: date, on: date | None) -> _Part:
    if on is None:
        return _Part(False, ("증명서류: 내지 않았다",))
    term = count(period_of("grace_proof", filing), filing)
    holds = term.holds(on)
    said = f"증명서류를 낸 날 {on}: {verdict(holds, '기한 안', '기한 경과')}(기한 {term.day or term.nominal})"
    return _Part(holds, (said,), (), () if holds else term.to_check)
