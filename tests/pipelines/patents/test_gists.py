"""Gists in a model's words: kept where they say the same, left in the statement's words where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from govrag.pipelines.patents.gists import worded
from govrag.records import Argument, OpinionBrief, RejectionGround
from govrag.records.located import Location

SAID = "인용발명 1은 신호가 0.2초 넘게 변하는 구성을 개시하지 않는다."


def brief(*gists: str) -> OpinionBrief:
    place = Location(document="의견서", start=3, end=9, quote="여섯글자말씀")
    arguments = tuple(Argument(kind="B", gist=gist, location=place) for gist in gists)
    ground = RejectionGround(
        number=1, article="특허법 제29조제2항", claims=(1,), location=place, answered=True, arguments=arguments
    )
    return OpinionBrief(status="answered", grounds=(ground,), as_of=date(2026, 11, 21))


def test_each_gist_is_held_against_what_was_said() -> None:
    better = "인용발명 1은 신호가 0.2초 넘게 변하는 구성을 개시하지 않습니다."
    changed = {
        better: True,
        "인용발명 1은 신호가 0.3초 넘게 변하는 구성을 개시하지 않는다.": False,
        "인용발명 1은 신호가 0.2초 넘게 변하는 구성을 개시한다.": False,
        "심사관은 이 거절이유를 철회하여야 한다.": False,
    }
    old = brief(*(SAID for _ in changed))
    seen: list[str] = []

    def words(lines: Sequence[str]) -> list[str]:
        seen.extend(lines)
        return list(changed)

    new = worded(old, words)
    assert seen == [SAID] * len(changed)
    told = [argument.gist for argument in new.grounds[0].arguments]
    assert told == [text if kept else SAID for text, kept in changed.items()]
    assert [one.location for one in new.grounds[0].arguments] == [one.location for one in old.grounds[0].arguments]
    assert any("3개" in warning for warning in new.warnings)


def test_a_brief_without_arguments_asks_no_model() -> None:
    empty = OpinionBrief(status="no_evidence", as_of=date(2026, 11, 21))
    assert worded(empty, lambda lines: lines[:0] if lines else [str(1 / 0)]) == empty
