"""A ground of rejection as the office raised it, and the art that it cites."""

from __future__ import annotations

from dataclasses import dataclass, replace

from govrag.pipelines.patents.opinion.words import Topic, topic_of_article

__all__ = ["Difference", "Raised", "numbered"]


@dataclass(frozen=True, slots=True)
class Difference:
    """An element that the office itself found to differ from the art."""

    name: str  # 구성 3
    claims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """A ground: ``text[start:end]`` of the paper is where it is raised."""

    article: str
    claims: tuple[int, ...]
    start: int
    end: int
    place: str
    number: int = 0
    cited: tuple[str, ...] = ()  # as the list has them: 인용발명 1: 공개특허공보 …
    arts: frozenset[str] = frozenset()  # what a statement calls them: "1", "laroia"
    detail: str = ""  # all that the notice says of it
    differences: tuple[Difference, ...] = ()
    whole: bool = False  # of the description, not of claims
    mark: str = ""  # what the notice calls it: 1, 가

    @property
    def topic(self) -> Topic | None:
        """What kind of ground it is."""
        return topic_of_article(self.article)

    @property
    def name(self) -> str:
        """The ground in a word: 진보성; its article where it is of no kind that is known."""
        return self.topic.name if self.topic else self.article

    def meets(self, topics: frozenset[str]) -> int:
        """Tell how well words of these topics name the ground: 2, 1 or 0."""
        return self.topic.meets(topics) if self.topic else 0


def numbered(grounds: list[Raised]) -> list[Raised]:
    """Return the grounds with numbers from 1 on, as they stand."""
    return [replace(one, number=number) for number, one in enumerate(grounds, 1)]
