"""How answers to examiners are laid out: the provisions first, then decisions on the issue, and what they are not."""

from __future__ import annotations

from collections.abc import Iterator

from govrag.display.blocks import Block, Heading, Line
from govrag.display.citing import STATUS, Numbers, cited, footer, generated, statement, status, word
from govrag.errors import Lang
from govrag.records import ExaminationAnswer, Precedent

__all__ = ["answer"]

_LONGEST = 400  # characters of what was held
_DECISIONS = ("쟁점이 가까운 판례", "decisions on a like issue")
_HELD = ("판단", "held")
_CITED_BY = ("이 판례를 인용한 판례", "cited by")
_LOOKED_AT = ("살펴본 조문", "looked at")
_UNDATED = ("선고일 모름", "day not known")
_CAUTION = (
    "판례는 쟁점의 말과 인용 관계로 찾았습니다. 그 뒤 변경되었는지, 당시의 조문이 지금과 같은지 원문에서 확인하십시오.",
    "Decisions were found by the words of the issue and by citations. Check in the originals whether they still stand "
    "and whether the provisions of their day are those of today.",
)


def answer(result: ExaminationAnswer, lang: Lang) -> list[Block]:
    """Lay an answer out: what became of it, its statements and sources, the decisions."""
    english = lang == "en"
    given = result.answer
    numbers: Numbers = {}
    blocks: list[Block] = [Heading(result.question)]
    if given is not None and given.status == result.status:
        blocks += status(given, lang)
    elif result.status != "answered":
        blocks.append(Line(f"[{word(STATUS, result.status, lang)}]"))
    if given is not None:
        blocks += [statement(one, numbers) for one in given.statements]
        blocks += [cited(numbers, lang)] if numbers else []
        if given.searched:
            blocks.append(Line(f"{_LOOKED_AT[english]}: {', '.join(given.searched)}", "note"))
        if given.usage.model and given.statements:
            blocks.append(generated(given.usage.model, lang))
    if result.precedents:
        blocks.append(Heading(_DECISIONS[english]))
        for rank, one in enumerate(result.precedents, 1):
            blocks += _precedent(rank, one, lang)
        blocks.append(Line(_CAUTION[english], "note"))
    return [
        *blocks,
        *footer(result.as_of, result.corpus_date, result.warnings, result.warnings_en, lang, bool(numbers)),
    ]


def _precedent(rank: int, one: Precedent, lang: Lang) -> Iterator[Line]:
    english = lang == "en"
    day = one.decided.isoformat() if one.decided else _UNDATED[english]
    yield Line(f"{rank}. {one.title}" if day in one.title else f"{rank}. {one.title} ({day})")
    yield Line(f"“{one.issue.quote}”")
    if one.held:
        held = one.held if len(one.held) <= _LONGEST else f"{one.held[:_LONGEST]} …"
        yield Line(f"{_HELD[english]}: {held}")
    if one.cited_by:
        yield Line(f"{_CITED_BY[english]}: {'; '.join(one.cited_by)}", "note")
