"""Why a document, or two together, are shown: sentences from what was counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govrag.patent.classes import ClassSymbol
from govrag.pipelines.patents.retrieval.coverage import Found
from govrag.pipelines.patents.retrieval.papers import Paper
from govrag.records.patents import ArtStatus, ClaimElement

__all__ = ["SAME_FIELD", "of_pair", "of_paper"]

SAME_FIELD = 3  # levels of the classification in common: the subclass
_EARLIER = "기준일 전에 출원되고 뒤에 공개됨: 동일한 발명인지만 볼 수 있고 진보성의 근거는 아님(특허법 제29조제3항)"
_SAME_PEOPLE = "출원인이나 발명자가 같으면 해당하지 않음(같은 항 단서)"


def of_paper(
    paper: Paper,
    found: Found,
    elements: Sequence[ClaimElement],
    *,
    status: ArtStatus,
    shared: Sequence[str],
    classes: Sequence[ClassSymbol],
    people_known: bool,
    across: str,
) -> Iterator[str]:
    """Yield why a paper is shown; ``across`` is what is said of one in the other language."""
    if status == "29-3":
        yield _EARLIER if people_known else f"{_EARLIER}. {_SAME_PEOPLE}"
    disclosed = [one.element for one in found.disclosures]
    if disclosed:
        yield f"구성요소 {len(elements)}개 중 {len(disclosed)}개에 대응하는 기재: {', '.join(disclosed)}"
    else:
        yield "어느 구성요소도 한곳에 충분히 적혀 있지 않음"
    if shared:
        yield f"함께 쓰는 말: {', '.join(shared)}"
    depth, symbol = paper.near(classes)
    if depth >= SAME_FIELD:
        yield f"같은 분류: {symbol}"
    if across:
        yield across
    if paper.public and paper.public.first != paper.public.last:
        yield f"공개일이 적혀 있지 않아 번호로 추정: {paper.public.first} ~ {paper.public.last}"


def of_pair(
    primary: Paper, secondary: Paper, gains: Sequence[str], remaining: Sequence[str], *, like_problem: bool
) -> Iterator[str]:
    """Yield why two papers are worth combining; ``gains`` are elements that the secondary discloses more fully."""
    yield f"둘째 문헌이 보완하는 구성요소: {', '.join(gains)}"
    depth, symbol = primary.near(secondary.classes)
    if depth >= SAME_FIELD:
        yield f"같은 기술 분야: {symbol}"
    if like_problem:
        yield "둘 다 과제나 효과를 비슷하게 적음"
    if remaining:
        yield f"둘 다 적지 않은 구성요소: {', '.join(remaining)}"
