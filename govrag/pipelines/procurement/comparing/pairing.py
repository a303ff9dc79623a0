"""Which unit of one text became which of another: by number, by words, and by likeness."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from govrag.pipelines.procurement.comparing.units import Unit
from govrag.pipelines.redlined_words import rising

__all__ = ["Pairing"]

_ALIKE = 0.55  # likeness from which on two units are one, whatever their numbers are
_SAME_NAME = 0.3  # the same, of those with the same number or heading
_FAR = 0.8  # the same, of those that stand under different headings
_NAMED = 0.2  # what a same number or heading adds, where there are several to choose from
_LEAST_WORDS = 12  # characters by which a unit is known wherever it stands
_TELLING = 8  # of a unit's rarest words by which others like it are found
_COMMON = 40  # units with one word, or one number, that are looked at
_LIKELY = 6  # units with most of those words that are compared
_BESIDE = 2  # neighbours of the same place that are compared


class Pairing:
    """The units of two texts that are one, each pair made once."""

    def __init__(self, old: Unit, new: Unit) -> None:
        self._news: dict[int, Unit] = {}
        self._olds: dict[int, Unit] = {}
        self._stray: set[int] = set()  # old units that left the order of their neighbours
        self._link(old, new)
        self._far(old, new)

    def new(self, old: Unit) -> Unit | None:
        """Return what an old unit became, None when it is gone."""
        return self._news.get(id(old))

    def old(self, new: Unit) -> Unit | None:
        """Return what a new unit was, None when it was not there."""
        return self._olds.get(id(new))

    def is_moved(self, old: Unit, new: Unit) -> bool:
        """Tell whether a pair has another number, another place or another order."""
        elsewhere = old.parent is not None and new.parent is not None and self.new(old.parent) is not new.parent
        return old.number != new.number or elsewhere or id(old) in self._stray

    def _link(self, old: Unit, new: Unit) -> None:
        self._news[id(old)] = new
        self._olds[id(new)] = old
        if old.is_deleted or new.is_deleted:
            return
        olds = [one for one in old.children if id(one) not in self._news]
        news = [one for one in new.children if id(one) not in self._olds]
        places = {id(one): at for at, one in enumerate(news)}
        pairs = sorted(_pairs(olds, news), key=lambda pair: places[id(pair[1])])
        for one, other in pairs:
            self._link(one, other)
        self._note_strays([pair for pair in pairs if not pair[0].number], olds)

    def _note_strays(self, pairs: Sequence[tuple[Unit, Unit]], olds: Sequence[Unit]) -> None:
        """Note which unnumbered units changed places with their neighbours."""
        places = {id(one): at for at, one in enumerate(olds)}
        kept = rising([places[id(one)] for one, _ in pairs])
        self._stray |= {
            id(one) for at, (one, _) in enumerate(pairs) if at not in kept and len(one.whole) >= _LEAST_WORDS
        }

    def _far(self, old: Unit, new: Unit) -> None:
        """Pair what went from under one heading to under another."""
        olds = [one for one in old.walk() if self.new(one) is None and len(one.whole) >= _LEAST_WORDS]
        news = [one for one in new.walk() if self.old(one) is None and len(one.whole) >= _LEAST_WORDS]
        for pairs in (_equal(olds, news, lambda one: (one.kind, one.whole)), _alike(olds, news, least=_FAR)):
            for one, other in pairs:
                # What is below a pair was paired with it.
                if self.new(one) is None and self.old(other) is None:
                    self._link(one, other)


def _pairs(olds: Sequence[Unit], news: Sequence[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """Yield which of some neighbours became which of others."""
    for step in (_standing, _carried, _alike, _known_by_number):
        pairs = list(step(olds, news))
        yield from pairs
        gone = {id(one) for pair in pairs for one in pair}
        olds = [one for one in olds if id(one) not in gone]
        news = [one for one in news if id(one) not in gone]


def _standing(olds: Sequence[Unit], news: Sequence[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """Yield those that say the same under the same number."""
    return _equal(olds, news, lambda one: (one.kind, one.number, one.whole))


def _carried(olds: Sequence[Unit], news: Sequence[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """Yield those that say the same under another number."""
    said, says = ([one for one in some if not one.is_deleted] for some in (olds, news))
    return _equal(said, says, lambda one: (one.kind, one.whole))


def _known_by_number(olds: Sequence[Unit], news: Sequence[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """Yield those of which only the number was left, those that came back under it, and fields of one label."""
    for one, other in _equal(olds, news, lambda one: (one.kind, one.number)):
        if one.kind == "field" or one.is_deleted or other.is_deleted:
            yield one, other


def _equal(olds: Iterable[Unit], news: Iterable[Unit], key: Callable[[Unit], Hashable]) -> Iterator[tuple[Unit, Unit]]:
    """Yield those with one key, the first with the first."""
    waiting: dict[Hashable, deque[Unit]] = defaultdict(deque)
    for one in news:
        waiting[key(one)].append(one)
    for one in olds:
        if found := waiting.get(key(one)):
            yield one, found.popleft()


def _alike(olds: Sequence[Unit], news: Sequence[Unit], *, least: float = 0.0) -> Iterator[tuple[Unit, Unit]]:
    """Yield those that are most like each other, the most like first; with ``least``, from that likeness on."""
    found: list[tuple[float, int, int]] = []
    for at, there in _candidates(olds, news):
        one, other = olds[at], news[there]
        likeness = _likeness(one.stems, other.stems)
        named = (one.number != "" and one.number == other.number) + (one.name != () and one.name == other.name)
        if likeness >= (least or (_ALIKE, _SAME_NAME, 0.0)[named]):
            found.append((likeness + _NAMED * named, at, there))
    found.sort(key=lambda one: (-one[0], abs(one[1] - one[2]), one[1], one[2]))
    taken: set[int] = set()
    for _, at, there in found:
        one, other = olds[at], news[there]
        if not {id(one), id(other)} & taken:
            taken |= {id(one), id(other)}
            yield one, other


def _candidates(olds: Sequence[Unit], news: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Yield which may be like each other: they share a number, a heading, words that few have, or their place."""
    holders: dict[Hashable, list[int]] = defaultdict(list)
    for there, one in enumerate(news):
        for key in (*_names(one), *((one.kind, stem) for stem in one.stems)):
            holders[key].append(there)
    for at, one in enumerate(olds):
        near = at * len(news) // len(olds)
        keys = [key for stem in one.stems if (key := (one.kind, stem)) in holders]
        votes: Counter[int] = Counter()
        for key in sorted(keys, key=lambda key: (len(holders[key]), key))[:_TELLING]:
            votes.update(holders[key][:_COMMON])
        likely = sorted(votes, key=lambda there: (-votes[there], abs(there - near)))[:_LIKELY]
        beside = [there for there in range(near - _BESIDE, near + _BESIDE + 1) if 0 <= there < len(news)]
        named = [there for key in _names(one) for there in holders.get(key, ())[:_COMMON]]
        for there in {*likely, *beside, *named}:
            if news[there].kind == one.kind:
                yield at, there


def _names(unit: Unit) -> Iterator[Hashable]:
    if unit.number:
        yield unit.kind, "number", unit.number
    if unit.name:
        yield unit.kind, unit.name


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return what share of their words two texts have in common (Dice), 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
