"""The chapters of a draft: the blocks of each part, made of the brief, the rules' clauses and the requirements."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.pipelines.citing import Citing
from govrag.pipelines.procurement.clauses import blank, filled, stated
from govrag.pipelines.procurement.needs import Wanted, classes
from govrag.pipelines.procurement.rules import Rule
from govrag.records import Brief, Citation, RfpBlock, Score
from govrag.records.facts import names
from govrag.records.procurement import Origin

__all__ = ["Work"]

_PRICE = 10  # points of the price where the technical proposal has 90
_PHASES = ("착수 및 분석", "설계", "구현", "시험", "이행 및 안정화")
_STAGES = ("착수 및 현황 분석", "방안 수립", "보고 및 완료")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a chapter: its blocks are made by the function of its key, and the clauses that belong there."""

    key: str
    heading: str
    called: str  # how templates call it
    clauses: tuple[str, ...] = ()  # chapters of rules


@dataclass(frozen=True, slots=True)
class _Chapter:
    heading: str
    called: str
    parts: tuple[_Part, ...]


class Work:
    """One draft being made."""

    def __init__(self, brief: Brief, rules: Sequence[Rule], needs: Sequence[Wanted], citing: Citing | None) -> None:
        self.brief = brief
        self.rules = rules
        self.wanted = needs
        self._citing = citing

    def whole(self) -> Iterator[RfpBlock]:
        """Yield the blocks of a draft without a template."""
        for number, (chapter, parts) in enumerate(self.chapters()):
            if number:
                yield RfpBlock(kind="page_break", origin="rule")
            yield _heading(chapter.heading, 1)
            for part, blocks in parts:
                yield _heading(part.heading, 2)
                yield from blocks

    def chapters(self) -> list[tuple[_Chapter, list[tuple[_Part, list[RfpBlock]]]]]:
        """Return the chapters with the blocks of their parts; parts that have none are left out."""
        found = []
        for chapter in _chapters():
            parts = [(part, [*_PARTS[part.key](self), *self._clauses(part)]) for part in chapter.parts]
            kept = [(part, blocks) for part, blocks in parts if blocks]
            if kept:
                found.append((chapter, kept))
        return found

    def _clauses(self, part: _Part) -> Iterator[RfpBlock]:
        """Yield the clauses of rules that stand in a part, each under its short title."""
        number = 0
        for rule in self.rules:
            if rule.chapter not in part.clauses or not rule.clause:
                continue
            number += 1
            yield RfpBlock(
                kind="heading", level=3, text=f"{_LETTERS[number - 1]}. {rule.heading or rule.title}",
                origin="rule", source=rule.id,
            )  # fmt: skip
            cites = tuple(self._cited(label) for label in rule.basis)
            sentences = list(filled(rule, self.brief))
            for at, sentence in enumerate(sentences):
                last = at == len(sentences) - 1
                yield RfpBlock(
                    kind="bullet", level=1, text=sentence, origin="rule", source=rule.id,
                    citations=cites if last else (),
                )  # fmt: skip

    def _cited(self, label: str) -> Citation:
        if self._citing is None:
            return Citation(text=label, label=label, verdict="unchecked")
        return self._citing.cite(label)


def _summary(work: Work) -> Iterator[RfpBlock]:
    brief = work.brief
    amount = f"금 {stated(brief, 'amount')}(부가가치세 포함)" if brief.amount else stated(brief, "amount")
    rows = [
        ("사업명", stated(brief, "name")),
        ("사업 기간", f"계약 체결일부터 {stated(brief, 'months')}" if brief.months else stated(brief, "months")),
        ("사업 예산", amount),
        ("계약 방법", stated(brief, "contract_method")),
    ]
    if brief.function_points:
        rows.append(("예산 산정", f"기능점수 {stated(brief, 'function_points')}을 기준으로 산정"))
    yield _card(rows, "brief", "summary")


def _bullets(*fields: str) -> Callable[[Work], Iterator[RfpBlock]]:
    """Return what yields the lines of fields of the brief, the mark of a blank where one has none."""

    def blocks(work: Work) -> Iterator[RfpBlock]:
        for field in fields:
            value = getattr(work.brief, field)
            lines = (value,) if isinstance(value, str) and value else value
            for line in lines or (stated(work.brief, field),):
                yield RfpBlock(kind="bullet", level=1, text=line, origin="brief" if lines else "blank", source=field)

    return blocks


def _present(work: Work) -> Iterator[RfpBlock]:
    yield from _bullets("present")(work)
    for field in ("users", "environment"):
        if getattr(work.brief, field):
            label = names(Brief)[field].label
            yield RfpBlock(
                kind="bullet", level=1, text=f"{label}: {stated(work.brief, field)}", origin="brief", source=field
            )


def _traits(work: Work) -> Iterator[RfpBlock]:
    """Yield what is known of the facts that rules turn on: reviewers of the RFP need them."""
    for field, (yes, no) in _data("traits.toml").items():
        value = getattr(work.brief, field)
        if value is not None:
            yield RfpBlock(kind="bullet", level=1, text=yes if value else no, origin="brief", source=field)
    if work.brief.persons:
        text = f"정보주체 수: {stated(work.brief, 'persons')}"
        yield RfpBlock(kind="bullet", level=1, text=text, origin="brief", source="persons")


def _roles(work: Work) -> Iterator[RfpBlock]:
    owner = work.brief.department or work.brief.buyer or stated(work.brief, "department")
    rows = (
        (owner, "사업 총괄, 요구사항 확정, 산출물 검토, 검수"),
        ("계약상대자", "사업 수행, 품질과 보안 관리, 산출물 작성, 교육과 기술이전"),
        ("과업심의위원회", "과업내용의 확정과 변경 심의"),
    )
    yield RfpBlock(kind="table", head=("구분", "역할"), rows=rows, origin="rule", source="roles")


def _schedule(work: Work) -> Iterator[RfpBlock]:
    brief = work.brief
    if brief.schedule:
        rows = tuple((one.name, f"{one.months}개월", one.outputs) for one in brief.schedule)
    else:
        names_ = _STAGES if brief.project_type in ("consulting", "commercial") else _PHASES
        rows = tuple((name, blank(f"{name} 기간"), blank(f"{name} 산출물")) for name in names_)
    origin: Origin = "brief" if brief.schedule else "blank"
    yield RfpBlock(kind="table", head=("단계", "기간", "주요 산출물"), rows=rows, origin=origin, source="schedule")


def _totals(work: Work) -> Iterator[RfpBlock]:
    counts = Counter(one.requirement.id.partition("-")[0] for one in work.wanted)
    rows = [(name, code, str(counts[code])) for code, name in classes().items() if counts[code]]
    rows += [(code, code, str(count)) for code, count in counts.items() if code not in classes()]
    rows.append(("합계", "", str(sum(counts.values()))))
    yield RfpBlock(kind="table", head=("요구사항 구분", "코드", "요구사항 수"), rows=tuple(rows), origin="rule")


def _listing(work: Work) -> Iterator[RfpBlock]:
    rows = tuple((one.requirement.category, one.requirement.id, one.requirement.name) for one in work.wanted)
    head = ("요구사항 분류", "요구사항 고유번호", "요구사항 명칭")
    yield RfpBlock(kind="table", head=head, rows=rows, origin="rule")


def _details(work: Work) -> Iterator[RfpBlock]:
    for one in work.wanted:
        wanted_ = one.requirement
        rows = (
            ("요구사항 분류", wanted_.category),
            ("요구사항 고유번호", wanted_.id),
            ("요구사항 명칭", wanted_.name),
            ("정의", wanted_.definition),
            ("세부내용", wanted_.details),
            *wanted_.others.items(),
            ("산출정보", wanted_.outputs),
            ("요구사항 출처", wanted_.source),
        )
        yield _card([(label, value) for label, value in rows if value], one.origin, one.source)


def _outline(work: Work) -> Iterator[RfpBlock]:
    parts = dict.fromkeys(score.part for score in _scores(work.brief) if score.part != "가격")
    yield _paragraph("제안서는 평가 부문과 같은 목차로 작성합니다.", "rule")
    for number, part in enumerate(parts, 1):
        items = ", ".join(score.item for score in _scores(work.brief) if score.part == part)
        yield RfpBlock(kind="bullet", level=1, text=f"{number}장 {part}: {items}", origin="rule", source="outline")


def _guide(work: Work) -> Iterator[RfpBlock]:
    for line in (
        "요구사항 고유번호마다 수행 방안을 적고, 적은 곳을 요구사항 대비표로 밝힙니다.",
        "확인할 수 있는 근거를 들어 쓰고, 할 수 있다는 뜻의 모호한 표현은 쓰지 않습니다.",
        "한글로 쓰고, 외국어와 줄임말은 처음 나올 때 뜻을 적습니다.",
    ):
        yield RfpBlock(kind="bullet", level=1, text=line, origin="rule", source="guide")


def _qualification(work: Work) -> Iterator[RfpBlock]:
    lines = ["관계 법령에 따라 입찰에 참가할 수 있고, 입찰 참가자격을 제한받고 있지 아니한 자"]
    if work.brief.project_type not in (None, "other"):
        lines.append("「소프트웨어 진흥법」 제2조제4호에 따른 소프트웨어사업자")
    for line in lines:
        yield RfpBlock(kind="bullet", level=1, text=line, origin="rule", source="qualification")


def _scores_table(work: Work) -> Iterator[RfpBlock]:
    if work.brief.contract_method not in (None, "negotiation", "dialogue"):
        return
    scores = _scores(work.brief)
    rows = [(score.part, score.item, str(score.points)) for score in scores]
    technical = sum(score.points for score in scores if score.part != "가격")
    priced = [score for score in scores if score.part == "가격"]
    if not priced:
        rows.append(("가격", "입찰가격", str(_PRICE)))
    rows.append(("합계", "", str(technical + (sum(score.points for score in priced) or _PRICE))))
    origin: Origin = "brief" if work.brief.scores else "rule"
    yield RfpBlock(
        kind="table", head=("평가 부문", "평가 항목", "배점"), rows=tuple(rows), origin=origin, source="scores"
    )


def _hand_in(work: Work) -> Iterator[RfpBlock]:
    brief = work.brief
    rows = (
        ("제출 서류", "제안서, 요구사항 대비표, 가격입찰서, 참가 자격을 증명하는 서류"),
        ("제출 마감", stated(brief, "deadline")),
        ("제출처", stated(brief, "notice_place")),
        ("문의처", f"{stated(brief, 'department')} {stated(brief, 'contact')}"),
    )
    yield _card(rows, "brief", "hand_in")


def _security(work: Work) -> Iterator[RfpBlock]:
    if work.brief.project_type in (None, "other"):
        return
    text = f"다루는 정보의 국가 망 보안체계 등급: {stated(work.brief, 'security_grade')}"
    yield RfpBlock(
        kind="bullet", level=1, text=text, origin="brief" if work.brief.security_grade else "blank",
        source="security_grade",
    )  # fmt: skip


def _attachments(work: Work) -> Iterator[RfpBlock]:
    table = _attachment_names()
    rules = [rule.id for rule in work.rules if rule.clause and rule.id in table]
    wanted_ = [(table[rule]["name"], table[rule]["fill"], rule) for rule in rules]
    for number, (name, fill, rule) in enumerate(wanted_, 1):
        text = f"{number}. {name}: {blank(f'{name}의 {fill}')}"
        yield RfpBlock(kind="paragraph", text=text, origin="blank", source=rule)
    for number, name in enumerate(work.brief.attachments, len(wanted_) + 1):
        yield RfpBlock(kind="paragraph", text=f"{number}. {name}", origin="brief", source="attachments")


def _nothing(work: Work) -> Iterator[RfpBlock]:
    yield from ()


_PARTS: Mapping[str, Callable[[Work], Iterator[RfpBlock]]] = {
    "summary": _summary,
    "background": _bullets("background"),
    "purpose": _bullets("purpose"),
    "scope": _bullets("scope"),
    "effects": _bullets("effects"),
    "traits": _traits,
    "present": _present,
    "problems": _bullets("problems"),
    "roles": _roles,
    "schedule": _schedule,
    "method": _nothing,
    "totals": _totals,
    "listing": _listing,
    "details": _details,
    "outline": _outline,
    "guide": _guide,
    "qualification": _qualification,
    "selection": _nothing,
    "scores": _scores_table,
    "hand_in": _hand_in,
    "contract": _nothing,
    "security": _security,
    "privacy": _nothing,
    "attachments": _attachments,
}
_LETTERS = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허"


def _scores(brief: Brief) -> Sequence[Score]:
    if brief.scores:
        return brief.scores
    kind = brief.project_type or "development"
    return next(scores for kinds, scores in _score_tables() if kind in kinds)


def _heading(text: str, level: int) -> RfpBlock:
    return RfpBlock(kind="heading", level=level, text=text, origin="rule")


def _paragraph(text: str, origin: Origin) -> RfpBlock:
    return RfpBlock(kind="paragraph", text=text, origin=origin)


def _card(rows: Sequence[tuple[str, str]], origin: Origin, source: str) -> RfpBlock:
    """Return a table whose first column names its rows."""
    return RfpBlock(kind="table", rows=tuple(rows), origin=origin, source=source)


@cache
def _chapters() -> tuple[_Chapter, ...]:
    rows = _data("chapters.toml")["chapter"]
    return tuple(
        _Chapter(
            row["heading"],
            row["called"],
            tuple(
                _Part(part["key"], part["heading"], part["called"], tuple(part.get("clauses", ())))
                for part in row["parts"]
            ),
        )
        for row in rows
    )


@cache
def _score_tables() -> tuple[tuple[tuple[str, ...], tuple[Score, ...]], ...]:
    tables = _data("scores.toml")["table"]
    return tuple((tuple(one["kinds"]), tuple(Score(**row) for row in one["rows"])) for one in tables)


@cache
def _attachment_names() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = _data("attachments.toml")
    return found


def _data(name: str) -> Any:
    return tomllib.loads((files(__package__) / "data" / name).read_text(encoding="utf-8"))
