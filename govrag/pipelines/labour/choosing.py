"""Which issues a question is about: its wording, its likeness to questions asked before, and what was found for it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import Embedder, MorphemeEmbedder
from govrag.pipelines.citing import written
from govrag.pipelines.labour.conditions import Case
from govrag.pipelines.labour.issues import Issue, issues
from govrag.pipelines.labour.orientation import asking
from govrag.pipelines.labour.speech.quantities import count as counted
from govrag.records import Hit
from govrag.statute.locator import Locator
from govrag.statute.names import key

__all__ = ["Chosen", "Likeness", "choose", "examples", "is_foreign", "may_be_exempt"]

_FOUND = 3.0  # what an issue's article counts for as the first hit; as the n-th, an n-th of it
_ALIKE = 8.0  # what a cosine of one above `_UNLIKE` counts for
_SUITS = 3.0  # what a fact of the case counts for that only this issue is about
_UNLIKE = 0.5  # cosine up to which two questions have nothing in common
_NEAREST = 0.5  # cosine from which on the nearest is taken where no wording tells
_TELLING = 0.7  # cosine from which on likeness alone tells an issue
_FEW = 4  # content morphemes
_LEAST = 1.0  # below which a question is about none of the issues
_BESIDE = 0.6  # of the best issue's score: what else the question is about
_MOST = 3
_LONG_NUMBER = re.compile(r"[\d,.]{20,}")  # nothing that anybody earns or does; wordings would be slow on it
_TENS = "열|스물|스무|서른|마흔|쉰|예순"
_COUNTED = re.compile(
    rf"(?<![가-힣])((?:{_TENS})?(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉)|{_TENS})"
    r"(\s*(?:시간|명|분|일|달|주|해|번|살|시|배))"
)


class Chosen(NamedTuple):
    """An issue, and how much speaks for it."""

    issue: Issue
    score: float


def choose(
    question: str, hits: Sequence[Hit] = (), *, likeness: Likeness | None = None, case: Case | None = None
) -> list[Chosen]:
    """Return the issues that a question is about, the likeliest first; none when it is about something else.

    What is told counts, what is asked counts twice. Provisions found say which of two issues it is, never that there
    is one.
    """
    question = _in_office_words(_denied().sub(" ", _LONG_NUMBER.sub(" ", question)))
    ranks: dict[tuple[str, str], int] = {}
    for rank, hit in enumerate(hits, 1):
        ranks.setdefault((key(hit.passage.title), hit.passage.locator), rank)
    asked = " ".join(asking(question))
    cosines = likeness.of(question) if likeness else [0.0] * len(issues())
    scored = []
    for issue, cosine in zip(issues(), cosines, strict=True):
        cued = issue.cued(question) + issue.cued(asked)
        found = max((_FOUND / ranks[place] for place in _places(issue) if place in ranks), default=0.0)
        alike = cosine >= _TELLING or (cosine > _UNLIKE and found >= 1)
        if (cued or alike) and not issue.excluded(question):
            said = cued + _ALIKE * max(cosine - _UNLIKE, 0.0) + _SUITS * (case is not None and issue.suits(case))
            scored.append(Chosen(issue, said + found))
    if not scored:
        cosine, issue = max(zip(cosines, issues(), strict=True), key=lambda pair: pair[0])
        return [Chosen(issue, cosine)] if cosine >= _NEAREST else []
    scored = [one for one in scored if not one.issue.last] or scored
    scored.sort(key=lambda chosen: -chosen.score)
    if scored[0].score < _LEAST:
        return []
    return [chosen for chosen in scored[:_MOST] if chosen.score >= _BESIDE * scored[0].score]


class Likeness:
    """How like a question is to those of each issue; ``analyse`` gives the morphemes that the ``embedder`` wants."""

    def __init__(self, *, analyse: Callable[[str], Sequence[str]], embedder: Embedder | MorphemeEmbedder) -> None:
        self._analyse = analyse
        self._embedder = embedder

    def of(self, question: str) -> list[float]:
        """Return the cosine with the nearest text of each issue, in the order of `issues`.

        Words too few to tell anything are like nothing.
        """
        if len(self._analyse(question)) < _FEW:
            return [0.0] * len(issues())
        nearest = self._texts @ self._embedded([question])[0]
        return [float(nearest[start:end].max()) for start, end in self._spans]

    @cached_property
    def _texts(self) -> NDArray[np.float32]:
        return self._embedded([text for issue in issues() for text in _texts(issue)])

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        ends = np.cumsum([len(_texts(issue)) for issue in issues()]).tolist()
        return list(zip([0, *ends], ends, strict=False))

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if isinstance(self._embedder, MorphemeEmbedder):
            return self._embedder.embed_morphemes([self._analyse(text) for text in texts], kind="query")
        return self._embedder.embed(texts, kind="query")


def is_foreign(question: str) -> bool:
    """Tell whether another country's law is asked about."""
    row = _wordings()["foreign"]
    return re.search(f"(?:{row['countries']}){row['after']}", question) is not None


def may_be_exempt(question: str) -> bool:
    """Tell whether the question is of a trade to which 근로기준법 제63조 may apply."""
    return re.search(_wordings()["exempt"]["words"], question) is not None


@cache
def examples() -> Mapping[str, Sequence[str]]:
    """Return questions by the id of the issue that they are about."""
    text = (files(__package__) / "data" / "consultation" / "examples.toml").read_text(encoding="utf-8")
    found: Mapping[str, Sequence[str]] = tomllib.loads(text)["examples"]
    return found


def _texts(issue: Issue) -> list[str]:
    return [issue.title, issue.thesis, *examples()[issue.id]]


@cache
def _denied() -> re.Pattern[str]:
    return re.compile("|".join(_wordings()["denied"]["words"]))


def _in_office_words(question: str) -> str:
    """Return a question with plain words beside those of the office, and numbers of things in figures."""
    for plain, office in _same():
        question = plain.sub(rf"\g<0>({office})", question)
    return _COUNTED.sub(lambda found: f"{counted(found[1])}{found[2].strip()}", question)


@cache
def _same() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["plain"]), row["office"]) for row in _wordings()["same"])


@cache
def _wordings() -> Mapping[str, Any]:
    text = (files(__package__) / "data" / "consultation" / "orientation.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _places(issue: Issue) -> tuple[tuple[str, str], ...]:
    """Return the articles that decide an issue: key of the law, article."""
    found = []
    for label in issue.articles:
        law, place = written(label)
        locator = Locator.parse(place)
        if locator is not None:
            found.append((key(law), str(locator.article_only)))
    return tuple(found)
