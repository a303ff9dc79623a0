"""Draft a whole RFP from a brief: every chapter, every applicable clause with its basis, blanks where nobody said.

Nothing is invented: what stands in a draft is the brief's, a rule's, a template's or a past RFP's, and says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from govrag.contracts import LawBook
from govrag.errors import InvalidFacts
from govrag.pipelines.citing import STANDING, Citing, listed
from govrag.pipelines.given import given
from govrag.pipelines.procurement.clauses import blank, blanks_of
from govrag.pipelines.procurement.needs import wanted
from govrag.pipelines.procurement.parts import Work
from govrag.pipelines.procurement.rules import Rule, Rules
from govrag.pipelines.procurement.template import Template
from govrag.pipelines.reasons import Reason, because
from govrag.pipelines.verify import corpus_warnings
from govrag.records import Blank, Brief, Requirement, Rfp, RfpBlock
from govrag.records.facts import names
from govrag.statute.names import LawNames

__all__ = ["RfpDraft"]

_LATEST = date(2100, 12, 31)


class RfpDraft:
    """Drafts RFPs by the rules of a day. Without a ``book`` every citation of a draft is `unchecked`."""

    def __init__(
        self, book: LawBook | None, names: LawNames, *, corpus_date: date | None, rules: Rules | None = None
    ) -> None:
        self._book = book
        self._names = names
        self._corpus_date = corpus_date
        self._rules = rules or Rules.shipped()

    def run(
        self,
        brief: Mapping[str, Any] | Brief,
        *,
        template: Template | None = None,
        past: Sequence[Requirement] = (),
        as_of: date | None = None,
        today: date,
    ) -> Rfp:
        """Return the whole draft.

        ``template`` gives its chapters, fixed text and slots; ``past`` are requirements of past RFPs that may be used
        again. ``as_of`` is the day whose law counts, by default that of the notice, else ``today``. Raises
        `InvalidFacts` for a brief that is empty or contradicts itself.
        """
        known = _checked(given(Brief, brief), today=today)
        day = as_of or known.notice_date or today
        citing = Citing(self._book, self._names, as_of=day) if self._book else None
        reaches = list(self._rules.of(known, as_of=day))
        work = Work(known, [rule for rule, reach in reaches if reach == "reached"], wanted(known, past), citing)
        blocks = tuple(template.filled(known, work.chapters()) if template else work.whole())
        cited = {one.label: one for block in blocks for one in block.citations}
        warnings: list[Reason] = [*corpus_warnings(day, self._corpus_date)] if self._book else []
        absent = [label for label, one in cited.items() if one.verdict not in STANDING]
        if self._book is None:
            warnings.append(because("review_unchecked"))
        elif absent:
            warnings.append(because("labour_absent", {"articles": listed(absent)}))
        return Rfp(
            title=f"{known.name or blank(names(Brief)['name'].label)} 제안요청서",
            status="partial" if any(blanks_of(_words(block)) for block in blocks) else "answered",
            brief=known,
            blocks=blocks,
            requirements=tuple(one.requirement for one in work.wanted),
            blanks=(*_blanks(blocks), *_undecided([rule for rule, reach in reaches if reach == "unknown"], known)),
            as_of=day,
            corpus_date=self._corpus_date,
            warnings=tuple(warning.ko for warning in warnings),
            warnings_en=tuple(warning.en for warning in warnings),
        )


def _words(block: RfpBlock) -> str:
    return "\n".join((block.text, *(cell for row in block.rows for cell in row)))


def _blanks(blocks: Sequence[RfpBlock]) -> Iterator[Blank]:
    """Yield the blanks of a draft, each once, where it stands first."""
    by_label = {name.label: (field, name.question) for field, name in names(Brief).items()}
    place, seen = "표지", set()
    for block in blocks:
        if block.kind == "heading":
            place = block.text
        for label in blanks_of(_words(block)):
            if label not in seen:
                seen.add(label)
                field, question = by_label.get(label, ("", f"정해 적을 것: {label}"))
                yield Blank(field=field, label=label, question=question, place=place)


def _undecided(rules: Sequence[Rule], brief: Brief) -> Iterator[Blank]:
    """Yield the facts that decide whether further clauses belong into the draft, each with the clauses it decides."""
    waiting: dict[str, list[str]] = {}
    for rule in rules:
        for field in rule.unknown(brief) if rule.clause and rule.chapter else ():
            waiting.setdefault(field, []).append(rule.heading or rule.title)
    for field, name in names(Brief).items():
        if field in waiting:
            place = f"정하면 더할 조항: {', '.join(dict.fromkeys(waiting[field]))}"
            yield Blank(field=field, label=name.label, question=name.question, place=place)


def _checked(brief: Brief, *, today: date) -> Brief:
    """Return the brief. Raises `InvalidFacts` when it says nothing, or what cannot be."""
    if brief == Brief():
        raise InvalidFacts(
            "사업 개요가 비어 있습니다. 적어도 사업명(name)을 적으십시오. 적지 않은 것은 초안에 빈칸으로 남습니다.",
            "the brief is empty. Give at least a name; what is not known stays a marked blank in the draft.",
        )
    if brief.deadline and brief.notice_date and brief.deadline <= brief.notice_date:
        raise InvalidFacts(
            f"제출 마감일 {brief.deadline}이 공고일 {brief.notice_date}보다 늦지 않습니다. 두 날짜를 확인하십시오.",
            f"the deadline {brief.deadline} is not after the notice {brief.notice_date}. Check both days.",
        )
    for field in ("notice_date", "deadline"):
        day = getattr(brief, field)
        if day and not today <= day <= _LATEST:
            raise InvalidFacts(
                f"{names(Brief)[field].label} {day}: 오늘({today})보다 앞섭니다. 초안은 앞으로 낼 공고의 것입니다. "
                "날짜를 확인하십시오.",
                f"{field} {day}: before today ({today}). A draft is for a notice to come. Check the day.",
            )
    if brief.persons and brief.personal_data is False:
        raise InvalidFacts(
            f"개인정보를 처리하지 않는다면서 정보주체가 {brief.persons:,}명입니다. personal_data와 persons를 보십시오.",
            f"persons is {brief.persons:,} although personal_data is false. Check both.",
        )
    technical = sum(score.points for score in brief.scores)
    if brief.scores and technical not in (90, 100):
        raise InvalidFacts(
            f"평가 배점의 합이 {technical}점입니다. 기술만 90점이거나 가격을 넣어 100점이어야 합니다.",
            f"the points of scores add up to {technical}. Give 90 for the technical proposal, or 100 with the price.",
        )
    return brief
