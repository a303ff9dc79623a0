"""What the examiner has to decide: points, without an answer to any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from govrag.pipelines.patents.opinion.amendment import Amended
from govrag.pipelines.patents.opinion.linking import Answer, Answers
from govrag.pipelines.patents.opinion.naming import places_in
from govrag.pipelines.patents.opinion.paper import Paper
from govrag.pipelines.patents.opinion.raised import Raised
from govrag.pipelines.patents.opinion.words import kinds

__all__ = ["points", "spelt"]

_MOST_PLACES = 4


def points(
    grounds: Sequence[Raised],
    answers: Answers,
    amended: Amended,
    statement: Paper,
    *,
    final: bool,
    late: tuple[date, date] | None,
) -> tuple[str, ...]:
    """Return the points: what nobody answered first, then ground by ground, then the amendment.

    ``final`` is for amendments after a final notice; ``late`` are the day on which the statement was filed and the day
    by which it had to be.
    """
    found: list[str] = []
    if late:
        found.append(f"제출일({late[0]})이 제출기일({late[1]})보다 늦음: 기간 연장이나 추후보완이 있는지")
    for one in grounds:
        answer = answers.to[one.number]
        found += [*(_of_ground(one, answer, statement) if answer.given else _unanswered(one, answer))]
    found += _of_amendment(amended, final=final)
    if answers.asked:
        found.append(kinds()["N"].decide)
    return tuple(dict.fromkeys(found))


def spelt(claims: Iterable[int]) -> str:
    """Return claims as a person writes them: 청구항 1 내지 3, 5."""
    runs: list[list[int]] = []
    for number in sorted(set(claims)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [f"{run[0]} 내지 {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return f"청구항 {', '.join(words)}" if words else "명세서"


def _unanswered(ground: Raised, answer: Answer) -> Iterator[str]:
    how = "이유 없이 다투기만 함" if answer.denied else "의견서에 답변이 없음"
    yield f"거절이유 {ground.number}({ground.name}, {spelt(ground.claims)}): {how}. 다른 사정으로 해소되었는지"


def _of_ground(ground: Raised, answer: Answer, statement: Paper) -> Iterator[str]:
    cited = _cited(ground)
    for one in ground.differences:
        asked = f"{cited}에서 쉽게 도출할 수 있는지" if ground.meets(frozenset({"inventive"})) else "실질적인지"
        yield f"{spelt(one.claims or ground.claims)}의 {one.name}: 통지서가 인정한 차이가 {asked}"
    for kind in dict.fromkeys(said.kind for said in answer.said):
        mine = [said for said in answer.said if said.kind == kind]
        claims = {number for said in mine for number in said.claims if number in ground.claims} or ground.claims
        named = (statement.text[said.start : said.end] for said in mine)
        places = [text[start:end] for text in named for start, end in places_in(text)]
        shown = f"({', '.join(dict.fromkeys(places[:_MOST_PLACES]))})" if places else ""
        yield kinds()[kind].decide.format(claims=spelt(claims), cited=cited, places=shown)
    silent = set(ground.claims) - answer.covered
    if silent and answer.covered:
        yield f"거절이유 {ground.number}({ground.name}) 가운데 {spelt(silent)}: 따로 말하지 않음. 함께 해소되었는지"


def _cited(ground: Raised) -> str:
    return ", ".join(one.partition(": ")[0] for one in ground.cited) or "인용된 문헌"


def _of_amendment(amended: Amended, *, final: bool) -> Iterator[str]:
    for one in amended.claims:
        if one.change.kind == "removed":
            continue
        name = f"청구항 {one.claim}"
        if one.support:
            places = ", ".join(dict.fromkeys(place.quote for place in one.support))
            yield f"{name}: 보정한 내용이 최초 명세서 {places}에 적혀 있는지"
        else:
            yield f"{name}: 보정의 근거로 든 자리가 없음. 최초 명세서나 도면에 적힌 사항인지"
    if final and amended.claims:
        yield "최후거절이유통지 뒤의 보정: 감축·오기 정정·명확화에 해당하는지(특허법 제47조제3항)"
