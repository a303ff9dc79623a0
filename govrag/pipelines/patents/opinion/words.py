"""What notices and statements say, as patterns, read once from ``data/arguments.toml`` and ``data/opinion.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.records.patents import ArgumentClass

__all__ = ["Kind", "Topic", "compiled", "kinds", "pattern", "topic_of_article", "topics", "topics_in"]

_FLAGS = re.IGNORECASE | re.DOTALL
_HANGUL = re.compile(r"[가-힣]")
_LOOKS_BACK = ("(?<!", "(?<=")
_BLANKS = r"\s{0,3}"  # bounded: two beside each other may not try every way to share a page of blank lines
_QUANTIFIER = re.compile(r"[?*+{]")
# What of a pattern is taken as one: an escape, a class, a group that looks back, what opens a group, a number of times.
_PIECE = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<[=!][^()]*\)|\(\?P<\w+>|\(\?P=\w+\)|\(\?[:=!]|\{\d*,?\d*\}|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A ground of rejection by its kind: 진보성, 명확성."""

    id: str
    name: str
    article: str  # what is meant where only the words are said
    articles: tuple[str, ...]  # how the articles of the ground begin
    words: re.Pattern[str]
    art: bool  # held over cited art
    within: str  # the wider ground whose words mean this one too
    answer: ArgumentClass  # of an argument that no pattern knows

    def meets(self, others: frozenset[str]) -> int:
        """Tell how well words of these topics name this one: 2 by itself, 1 by the wider or a narrower one, else 0."""
        if self.id in others:
            return 2
        narrower = any(topics()[other].within == self.id for other in others)
        return 1 if narrower or (self.within and self.within in others) else 0


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of arguments."""

    id: ArgumentClass
    cues: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    topics: frozenset[str]  # empty: against every ground
    answers: bool
    decide: str

    def found_in(self, sentence: str) -> int:
        """Return how many cues of the class stand in the sentence."""
        if self.unless and self.unless.search(sentence):
            return 0
        return sum(1 for cue in self.cues if cue.search(sentence))


def compiled(words: str | Sequence[str]) -> re.Pattern[str]:
    """Compile a pattern of the data: blanks may stand between syllables, fragments are filled in."""
    joined = words if isinstance(words, str) else "|".join(words)
    for name, value in _arguments()["fragments"].items():
        joined = joined.replace(f"@{name}", value)
    return re.compile(_spaced(joined), _FLAGS)


@cache
def pattern(table: str, name: str) -> re.Pattern[str]:
    """Return a named pattern: of ``said`` and ``headings`` (arguments), ``fields``, ``layout``, ``amendment``."""
    tables = _arguments() if table in ("said", "headings") else _opinion()
    return compiled(tables[table][name])


@cache
def topics() -> Mapping[str, Topic]:
    """Return the kinds of grounds by their names in the data, in its order."""
    rows = _arguments()["topic"]
    return {row["id"]: _topic(row) for row in rows}


@cache
def kinds() -> Mapping[ArgumentClass, Kind]:
    """Return the classes of arguments, A to N."""
    return {row["id"]: _kind(row) for row in _arguments()["class"]}


def topics_in(text: str) -> frozenset[str]:
    """Return the topics whose words stand in the text; a wider one only where no narrower one does."""
    found = {one.id for one in topics().values() if one.words.search(text)}
    return frozenset(found - {topics()[one].within for one in found})


def topic_of_article(article: str) -> Topic | None:
    """Return the topic of an article, by the longest beginning that fits."""
    fitting = [
        (len(start), one)
        for one in topics().values()
        for start in one.articles
        if article.startswith(start) and not article[len(start) :].startswith("의")
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _topic(row: Mapping[str, Any]) -> Topic:
    return Topic(
        id=row["id"],
        name=row["name"],
        article=row["article"],
        articles=tuple(row["articles"]),
        words=compiled(row["words"]),
        art=row.get("art", False),
        within=row.get("within", ""),
        answer=row["answer"],
    )


def _kind(row: Mapping[str, Any]) -> Kind:
    return Kind(
        id=row["id"],
        cues=tuple(compiled(cue) for cue in row["cues"]),
        unless=compiled(row["unless"]) if "unless" in row else None,
        topics=frozenset(row.get("topics", ())),
        answers=row.get("answers", True),
        decide=row["decide"],
    )


def _spaced(words: str) -> str:
    """Let a blank stand between syllables, and none or a few where the pattern has one: texts that were scanned."""
    made: list[str] = []
    entered: list[bool] = []  # of each open group: whether a syllable stands before it
    syllable = False
    for piece in _PIECE.findall(words):
        if _HANGUL.fullmatch(piece):
            made.append(r"\s?" if syllable else "")
            syllable = True
        elif piece.startswith("(") and not piece.startswith(_LOOKS_BACK):
            entered.append(syllable)
        elif piece == "|":
            syllable = bool(entered) and entered[-1]
        elif piece == ")":
            syllable = entered.pop() or syllable
        elif not _QUANTIFIER.match(piece):
            syllable = False
        made.append(_BLANKS if piece == " " else piece)
    return "".join(made)


@cache
def _arguments() -> dict[str, Any]:
    return _load("arguments.toml")


@cache
def _opinion() -> dict[str, Any]:
    return _load("opinion.toml")


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((files("govrag.pipelines.patents") / "data" / name).read_text(encoding="utf-8"))
