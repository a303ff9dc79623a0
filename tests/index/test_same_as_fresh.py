"""Any sequence of adding, changing, removing and reopening equals a fresh build of what is left."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shelf import EMBEDDER, Item, add, everything, item, made, opened, remove
from strategies import sentences

from govrag.errors import LibraryCorrupt
from govrag.index.health import examine
from govrag.index.lexical import LexicalWriter
from govrag.index.writer import Writer

SERIES = "0001"


@st.composite
def shelves(draw: st.DrawFn) -> Item:
    """One of five documents, in any wording; the last three are editions of one law."""
    number = draw(st.integers(0, 4))
    shared = "근로자에게 연차 유급휴가를 준다."
    articles = tuple(draw(st.lists(sentences(words=5) | st.just(shared), min_size=1, max_size=4)))
    if number < 2:
        return item(f"d{number}", articles, metadata={"부서": draw(st.sampled_from(["총무", "감사"]))})
    day = draw(st.sampled_from([date(2003, 1, 1), date(2010, 1, 1), date(2020, 1, 1)]))
    return item(f"d{number}", articles, title="공단업무법", series=SERIES, version=str(number), effective_from=day)


STEPS = st.lists(
    st.lists(shelves(), min_size=1, max_size=3)
    | st.integers(0, 4).map(lambda number: f"d{number}")
    | st.just("rebuild"),
    min_size=1,
    max_size=6,
)


def history(path: Path, steps: list[list[Item] | str]) -> dict[str, Item]:
    """Do the steps, one generation each; return the documents that are left."""
    left: dict[str, Item] = {}
    for step in steps:
        if step == "rebuild":
            with Writer(path, embedder=EMBEDDER) as writer:
                writer.remake()
                writer.commit()
        elif isinstance(step, str):
            remove(path, step)
            left.pop(step, None)
        else:
            add(path, *step)
            for one in step:
                left[one[0].id] = one
    return left


def difference(steps: list[list[Item] | str]) -> list[str]:
    """Return what a collection with this history answers otherwise than a fresh one, and what ails it."""
    with tempfile.TemporaryDirectory() as place:
        path, fresh = made(Path(place, "main")), Path(place, "fresh", "main")
        left = history(path, steps)
        made(fresh, left.values())
        one, other = opened(path), opened(fresh)
        try:
            here, there = everything(one), everything(other)
        finally:
            one.close()
            other.close()
        wrong = [name for name in here.keys() | there.keys() if here.get(name) != there.get(name)]
        return wrong + list(examine(path, embedder=EMBEDDER).problems_en)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_any_history_equals_a_fresh_build(steps: list[list[Item] | str]) -> None:
    assert difference(steps) == []


A = item("d0", ("보조금 환수 절차를 정한다.", "위원회 심의를 거친다."))
B = item("d1", ("과태료 부과 기준을 정한다.", "위원회 심의를 거친다."))


def test_removed_passages_that_stay_in_the_statistics_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govrag.index.writer._REMAKE_BELOW", 0)
    monkeypatch.setattr("govrag.index.writer._REMAKE_SHARE", 9.0)
    assert difference([[A, B], "d0"])


def test_removed_passages_that_stay_in_the_lexical_index_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govrag.index.writer._REMAKE_BELOW", 0)
    monkeypatch.setattr("govrag.index.writer._REMAKE_SHARE", 9.0)
    monkeypatch.setattr(LexicalWriter, "remove", lambda *_: None)
    with pytest.raises(LibraryCorrupt, match="lexical"):
        difference([[A, B], "d0"])


def test_an_edition_replaced_before_its_day_is_never_shown_and_never_in_force(tmp_path: Path) -> None:
    first = item("a", ("처음 고친 말이다.",), title="법", series="1", version="1", effective_from=date(2020, 1, 1))
    late = item("b", ("다시 고친 말이다.",), title="법", series="1", version="2", effective_from=date(2020, 1, 1))
    # The replaced edition comes last, so that its passage has the highest row of the index.
    path = made(tmp_path / "main", [late])
    add(path, first)
    reader = opened(path)
    try:
        assert (
            everything(reader, queries=("처음 고친 말",))[f"words 처음 고친 말 {date(2025, 6, 1)}"][0][1] == "b#제1조"
        )
        passage = reader.catalogue.passage_by_id("a#제1조")
        assert passage is not None
        assert not passage.validity.in_force(date(2020, 1, 1))
        assert not passage.validity.visible(date(2020, 1, 1))
    finally:
        reader.close()
    assert examine(path, embedder=EMBEDDER).problems_en == ()
