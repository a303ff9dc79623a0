"""Question sets: load questions with their gold, and deal them into folds that do not leak.

Two files make a set. ``queries.jsonl`` holds one JSON object a line (``id``, ``text``; ``exclude``, ``page`` and
``category`` where a set has them); ``qrels.tsv`` has a header line and then query id, document id and grade, separated
by tabs. A document id is ``<law title>|<article>`` (`근로기준법|제60조`) or the id of a document in the collection.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from govrag.errors import EmptyFile, UnreadableFile

NEAR = 0.6  # bigram Jaccard from which two questions count as the same

_ARTICLE = re.compile(r"(?P<title>.+)\|(?P<article>제\d+조(?:의\d+)?)")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its id, its text, document ids that must not count, and the group it shares with its siblings."""

    id: str
    text: str
    exclude: frozenset[str]
    group: str
    topics: frozenset[str] = frozenset()  # labour, procurement, …, where the set says


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions in file order, and per question id its gold: document id → grade, all above 0."""

    questions: tuple[Question, ...]
    gold: Mapping[str, Mapping[str, float]]


class ArticleId(NamedTuple):
    """The law title and article that a document id names."""

    title: str
    article: str


def load_set(queries: Path, qrels: Path) -> QuestionSet:
    """Return the questions that have gold, in file order; grades of 0 are dropped, and so are the questions left bare.

    Raises `UnreadableFile` naming file and line where a line is malformed or a judgement names an unknown question,
    and `EmptyFile` when no question has gold.
    """
    questions = _read_questions(queries)
    gold = _read_gold(qrels, {question.id for question in questions})
    kept = tuple(question for question in questions if gold.get(question.id))
    if not kept:
        raise EmptyFile(
            f"{queries.name}: 정답이 있는 질문이 없습니다. {qrels.name}의 첫 열이 질문의 id와 같은지 확인하세요.",
            f"{queries.name}: no question has gold. The first column of {qrels.name} must hold the questions' ids.",
        )
    return QuestionSet(questions=kept, gold={question.id: gold[question.id] for question in kept})


def article_id(document_id: str) -> ArticleId | None:
    """Return the law and article a document id names, None when it is the id of a document."""
    match = _ARTICLE.fullmatch(document_id)
    return ArticleId(match["title"], match["article"]) if match else None


def folds(questions: Sequence[Question], *, count: int, seed: int = 0) -> list[int]:
    """Return the fold of each question, 0 … count - 1, in the order given.

    Questions of one group (the decision an issue comes from, a page, a category) share a fold, and so do
    `near_duplicates`, and whatever these two tie together. Folds are filled largest family first, so that their sizes
    differ little; families of one size are dealt in a seeded order.
    """
    parent = list(range(len(questions)))
    for first, second in (*_siblings(questions), *near_duplicates([question.text for question in questions])):
        parent[_root(parent, first)] = _root(parent, second)
    families = defaultdict(list)
    for number in range(len(questions)):
        families[_root(parent, number)].append(number)
    dealt = list(families.values())
    random.Random(seed).shuffle(dealt)  # noqa: S311  (an order, not a secret)
    sizes, fold = [0] * count, [0] * len(questions)
    for family in sorted(dealt, key=len, reverse=True):
        smallest = sizes.index(min(sizes))
        sizes[smallest] += len(family)
        for number in family:
            fold[number] = smallest
    return fold


def near_duplicates(texts: Sequence[str], *, least: float = NEAR) -> list[tuple[int, int]]:
    """Return the pairs of texts, lower number first, whose character bigrams have a Jaccard of ``least`` or more.

    Blanks do not count. Exact: sets that similar share at least ``2 * least / (1 + least) * |smaller|`` bigrams, so one
    of the rarest of the smaller must be among the rarest of the larger (prefix filtering: Xiao et al., Efficient
    Similarity Joins for Near Duplicate Detection, WWW 2008); only texts that meet there are compared.
    """
    sets = [_bigrams(text) for text in texts]
    frequency = Counter(bigram for bigrams in sets for bigram in bigrams)
    meeting: dict[str, list[int]] = defaultdict(list)
    pairs: list[tuple[int, int]] = []
    for number in sorted(range(len(sets)), key=lambda number: len(sets[number])):
        bigrams = sets[number]
        shortest = _at_least(least * len(bigrams))
        rarest = sorted(bigrams, key=lambda bigram: (frequency[bigram], bigram))[: len(bigrams) - shortest + 1]
        candidates = {other for bigram in rarest for other in meeting[bigram] if len(sets[other]) >= shortest}
        for other in candidates:
            shared = len(bigrams & sets[other])
            if shared >= least * (len(bigrams) + len(sets[other]) - shared):
                pairs.append((min(number, other), max(number, other)))
        for bigram in rarest[: len(bigrams) - _at_least(2 * least / (1 + least) * len(bigrams)) + 1]:
            meeting[bigram].append(number)
    return sorted(pairs)


def _read_questions(path: Path) -> list[Question]:
    questions: list[Question] = []
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            question = _question(row)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _malformed(path, number, 'JSON {"id": …, "text": …}') from error
        if question.id in seen:
            raise _malformed(path, number, f"id '{question.id}': 한 번만 / once")
        seen.add(question.id)
        questions.append(question)
    return questions


def _question(row: Mapping[str, object]) -> Question:
    identity, text, exclude = row["id"], row["text"], row.get("exclude") or []
    if not isinstance(identity, str) or not isinstance(text, str) or not isinstance(exclude, list):
        raise TypeError(identity)
    group = row.get("page") or row.get("category") or identity.partition("-")[0]
    domains = row.get("domains")
    topics = domains if isinstance(domains, list) else [row["topic"]] if row.get("topic") else []
    return Question(
        id=identity,
        text=text,
        exclude=frozenset(map(str, exclude)),
        group=str(group),
        topics=frozenset(map(str, topics)),
    )


def _read_gold(path: Path, known: set[str]) -> dict[str, dict[str, float]]:
    gold: dict[str, dict[str, float]] = defaultdict(dict)
    for number, line in _lines(path):
        if number == 1:
            continue
        try:
            query, document, written = line.split("\t")
            grade = float(written)
        except ValueError as error:
            raise _malformed(path, number, "query-id⇥doc-id⇥grade") from error
        if query not in known or not math.isfinite(grade):
            raise _malformed(path, number, "query-id ∈ queries.jsonl, grade: 수/number")
        if grade > 0:
            gold[query][document] = grade
    return gold


def _lines(path: Path) -> Iterable[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            f"{path.name}: 읽을 수 없습니다({error}). UTF-8 파일의 경로와 권한을 확인하세요.",
            f"{path.name}: cannot be read ({error}). Check the path and permissions; it must be UTF-8.",
        ) from error
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def _malformed(path: Path, number: int, rule: str) -> UnreadableFile:
    return UnreadableFile(
        f"{path.name} {number}행: 형식이 맞지 않습니다. 기대한 형식: {rule}. 이 줄을 고치거나 지우세요.",
        f"{path.name} line {number}: malformed. Expected: {rule}. Correct or delete the line.",
    )


def _siblings(questions: Sequence[Question]) -> Iterable[tuple[int, int]]:
    first: dict[str, int] = {}
    for number, question in enumerate(questions):
        yield first.setdefault(question.group, number), number


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


def _at_least(share: float) -> int:
    return math.ceil(share - 1e-9)  # 0.8 * 35 is a little more than 28


def _bigrams(text: str) -> frozenset[str]:
    joined = "".join(text.split())
    return frozenset(map("".join, pairwise(joined))) or frozenset((joined,))
