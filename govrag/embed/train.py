"""Train the default embedder from the development data: ``python -m govrag.embed.train --data DIR --out FILE``.

One table of morpheme vectors is trained by contrast within a batch: a question must lie nearer to its own passage than
to the others' (InfoNCE: van den Oord et al., 2018, https://arxiv.org/abs/1807.03748; both ways). The first stage needs
no labels: a heading and its article, a span and the rest of its article, a decree's article and the statute's article
that it carries out. The second adds the development questions, each later also with an article that the table itself
wrongly prefers. The same data, seed and libraries give the same file.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from govrag.embed.pairs import Labelled, Material, Numbers, read_material
from govrag.embed.static import save_weights

Floats = NDArray[np.float32]
Kind = Literal["heading", "span", "reference", "question", "answer"]

DIMENSION = 256
VOCABULARY = 36_000  # at most
BATCH = 2_048
SHARPNESS = 20.0  # the cosine is multiplied by it before the softmax
BODY = 250  # morphemes of a body that are read
SHORTEST_BODY = 8  # morphemes; a shorter body (삭제) teaches nothing
WEIGHT_OF_SET = {"lay-question-to-article": 4}  # few questions, and the ones that matter most
MINED_AFTER = 2  # passes of the second stage: then the table looks for articles that it wrongly prefers
MINED = range(5, 50)  # ranks they are taken from; the very first are often right answers that nobody cited
SEEN_IN_QUESTION = 3  # a question counts as three articles when the vocabulary is chosen


@dataclass(frozen=True, slots=True)
class Stage:
    """How often the pairs of a stage are read, how fast they are learned, and how the rate changes."""

    name: str
    passes: int
    rate: float
    warm_up: int  # steps
    last_rate: float  # share of the rate at the last step
    unlabelled: int  # pairs of the first stage mixed into each pass


FIRST = Stage("first", passes=3, rate=0.004, warm_up=20, last_rate=0.2, unlabelled=0)
SECOND = Stage("second", passes=8, rate=0.003, warm_up=10, last_rate=0.1, unlabelled=40_000)
FIRST_AND_SECOND = (FIRST, SECOND)


class Job(NamedTuple):
    """A pair to be made: its kind, the row of its article or the number of its question, and its other end."""

    kind: Kind
    number: int
    other: int = 0


@dataclass(slots=True)
class Table:
    """The morphemes' vectors while they are trained, by Adam (Kingma and Ba, 2015) on the rows a batch touches."""

    vocabulary: list[str]
    weights: Floats  # per morpheme, its rarity
    rows: Floats
    _mean: Floats = field(init=False, repr=False)
    _square: Floats = field(init=False, repr=False)
    _step: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget the momentum: a new stage begins."""
        self._mean, self._square, self._step = np.zeros_like(self.rows), np.zeros_like(self.rows), 0

    def learn(
        self, queries: sparse.csr_matrix, passages: sparse.csr_matrix, mute: NDArray[np.bool_], rate: float
    ) -> float:
        """Bring row i of ``queries`` nearer to row i of ``passages`` than to the rows not muted; return the loss.

        There may be more passages than queries; those are nobody's.
        """
        query, query_length = _unit(queries @ self.rows)
        passage, passage_length = _unit(passages @ self.rows)
        logits = (query @ passage.T) * np.float32(SHARPNESS)
        logits[mute] = -1e4
        count = len(logits)
        right = np.diag_indices(count)
        slope = _softmax(logits, axis=1)
        loss = -np.log(np.maximum(slope[right], 1e-9)).mean()
        slope[:, :count] += _softmax(logits[:, :count], axis=0)
        slope[right] -= 2
        slope *= np.float32(SHARPNESS / (2 * count))
        to_query = _through_unit(slope @ passage, query, query_length)
        to_passage = _through_unit(slope.T @ query, passage, passage_length)
        texts = sparse.vstack([queries, passages]).T.tocsr()
        touched = np.flatnonzero(np.diff(texts.indptr))
        self._adam(touched, texts[touched] @ np.vstack([to_query, to_passage]), rate)
        return float(loss)

    def _adam(self, touched: NDArray[np.intp], slope: Floats, rate: float) -> None:
        fade, fade_square = 0.9, 0.999
        self._step += 1
        mean = self._mean[touched] = fade * self._mean[touched] + (1 - fade) * slope
        square = self._square[touched] = fade_square * self._square[touched] + (1 - fade_square) * slope**2
        rate *= float(np.sqrt(1 - fade_square**self._step)) / (1 - fade**self._step)
        self.rows[touched] -= rate * mean / (np.sqrt(square) + 1e-8)


@dataclass(frozen=True, slots=True)
class Report:
    """What a training did."""

    articles: int
    vocabulary: int
    pairs: dict[str, int]  # per stage, pairs in all its passes
    steps: dict[str, int]
    losses: dict[str, float]  # per stage, mean of its last twenty steps
    cpu_minutes: float


def train(
    material: Material, *, without: Collection[str] = (), start: Table | None = None, seed: int = 0
) -> tuple[Table, Report]:
    """Return a trained table and what was done; questions whose id (``<set>/<id>``) is in ``without`` are not seen.

    With ``start``, a table from `pretrain`, the first stage is not run again.
    """
    questions = [question for question in material.questions if question.id not in without]
    return _Training(material, questions, seed, start).run(FIRST_AND_SECOND if start is None else (SECOND,))


def pretrain(material: Material, *, seed: int = 0) -> Table:
    """Return a table after the first stage, which sees no question but whose vocabulary holds the questions' words."""
    return _Training(material, material.questions, seed, None).run((FIRST,))[0]


class _Training:
    """One run: chooses the vocabulary, deals the pairs into batches and feeds them to the table."""

    def __init__(self, material: Material, questions: Sequence[Labelled], seed: int, start: Table | None) -> None:
        self._material, self._questions = material, questions
        self._random = np.random.default_rng(seed)
        self._table = Table(start.vocabulary, start.weights, start.rows.copy()) if start else self._new_table()
        place = {morpheme: number for number, morpheme in enumerate(self._table.vocabulary)}
        self._place = np.array([place.get(morpheme, -1) for morpheme in material.morphemes], dtype=np.int64)
        self._wrong: dict[int, list[int]] = {}  # question → rows that the table wrongly prefers; none at first
        lengths = np.diff(material.bodies.starts)
        self._taught = np.flatnonzero(lengths >= SHORTEST_BODY)

    def run(self, stages: Sequence[Stage]) -> tuple[Table, Report]:
        started = time.process_time()
        pairs, steps, losses = {}, {}, {}
        for stage in stages:
            deal = self._first_pass if stage is FIRST else self._second_pass
            passes = [deal(stage) for _ in range(stage.passes)]
            pairs[stage.name] = sum(len(batch) for batches in passes for batch in batches)
            steps[stage.name] = sum(map(len, passes))
            losses[stage.name] = self._stage(stage, passes)
        report = Report(
            articles=len(self._material.keys),
            vocabulary=len(self._table.vocabulary),
            pairs=pairs,
            steps=steps,
            losses=losses,
            cpu_minutes=round((time.process_time() - started) / 60, 2),
        )
        return self._table, report

    def _new_table(self) -> Table:
        chosen, rarity = _choose(self._material, self._questions)
        return Table(
            vocabulary=[self._material.morphemes[number] for number in chosen],
            weights=rarity,
            rows=self._random.normal(0, 0.1, (len(chosen), DIMENSION)).astype(np.float32),
        )

    def _stage(self, stage: Stage, passes: Sequence[Sequence[Sequence[Job]]]) -> float:
        self._table.begin()
        losses: list[float] = []
        steps = sum(map(len, passes))
        for number, batches in enumerate(passes):
            if stage is SECOND and number == MINED_AFTER:
                self._mine()
            for batch in batches:
                rate = stage.rate * min(1, (len(losses) + 1) / stage.warm_up)
                losses.append(self._learn(batch, rate * (1 - (1 - stage.last_rate) * len(losses) / steps)))
            sys.stderr.write(f"{stage.name} {number + 1}/{len(passes)} loss {np.mean(losses[-20:]):.3f}\n")
        return round(float(np.mean(losses[-20:])), 4)

    def _mine(self) -> None:
        """For each question with gold, remember the articles that lie nearest to it and do not answer it."""
        material, numbers = self._material, range(len(self._material.keys))
        blocks = [numbers[start : start + 8 * BATCH] for start in range(0, len(numbers), 8 * BATCH)]
        bags = (self._bag([self._passage(row) for row in block]) for block in blocks)
        passages = np.concatenate([_unit(bag @ self._table.rows)[0] for bag in bags])
        asked = [number for number, question in enumerate(self._questions) if question.keys]
        for start in range(0, len(asked), 256):
            block = asked[start : start + 256]
            vectors, _ = _unit(self._bag([self._questions[number].text for number in block]) @ self._table.rows)
            cosines = vectors @ passages.T
            reach = min(MINED.stop, cosines.shape[1])
            nearest = np.argpartition(-cosines, reach - 1, axis=1)[:, :reach]
            for number, rows, scores in zip(block, nearest, cosines, strict=True):
                ordered = rows[np.argsort(-scores[rows], kind="stable")]
                wrong = [int(row) for row in ordered if int(material.keys[row]) not in self._questions[number].keys]
                self._wrong[number] = wrong[MINED.start :] or wrong

    def _first_pass(self, _: Stage) -> list[list[Job]]:
        """Batches of one kind each: negatives of the same kind are the harder ones."""
        batches: list[list[Job]] = []
        pools: dict[Kind, NDArray[np.intp]] = {
            "heading": self._taught,
            "span": self._taught,
            "reference": np.arange(len(self._material.references)),
        }
        for kind, rows in pools.items():
            batches += _cut([Job(kind, int(row)) for row in self._random.permutation(rows)])
        return [batches[number] for number in self._random.permutation(len(batches))]

    def _second_pass(self, stage: Stage) -> list[list[Job]]:
        jobs = [
            Job("question", number, rows[int(self._random.integers(len(rows)))])
            for number, question in enumerate(self._questions)
            for rows in [self._material.rows_of[key] for key in sorted(question.keys)]
            for _ in range(WEIGHT_OF_SET.get(question.id.partition("/")[0], 1))
        ]
        jobs += [
            Job("answer", number, answer)
            for number, question in enumerate(self._questions)
            for answer in range(len(question.answers))
            for _ in range(2)
        ]
        mixed = self._random.choice(self._taught, min(stage.unlabelled, len(self._taught)), replace=False)
        kinds: tuple[Kind, Kind] = ("heading", "span")
        jobs += [Job(kinds[int(self._random.integers(2))], int(row)) for row in mixed]
        return _cut([jobs[number] for number in self._random.permutation(len(jobs))])

    def _learn(self, batch: Sequence[Job], rate: float) -> float:
        queries, passages, keys, golds = zip(*map(self._pair, batch), strict=True)
        wrong = [
            rows[int(self._random.integers(len(rows)))]
            for job in batch
            if job.kind == "question" and (rows := self._wrong.get(job.number))
        ]
        columns = defaultdict(list)
        for column, key in enumerate((*keys, *(int(self._material.keys[row]) for row in wrong))):
            columns[key].append(column)
        mute = np.zeros((len(batch), len(batch) + len(wrong)), dtype=np.bool_)
        for row, (key, gold) in enumerate(zip(keys, golds, strict=True)):
            for right in {key, *gold}:  # another right answer is no negative
                mute[row, columns.get(right, [])] = True
        np.fill_diagonal(mute, val=False)
        return self._table.learn(self._bag(queries), self._bag([*passages, *map(self._passage, wrong)]), mute, rate)

    def _pair(self, job: Job) -> tuple[Numbers, Numbers, int, frozenset[int]]:
        """Return query, passage, the key of the passage's article, and the keys of all right answers."""
        material, nothing = self._material, frozenset[int]()
        if job.kind == "question":
            question = self._questions[job.number]
            text = self._dropped(question.text, 0.3) if self._random.random() < 1 / 3 else question.text
            return text, self._passage(job.other), int(material.keys[job.other]), question.keys
        if job.kind == "answer":
            question = self._questions[job.number]
            return question.text, question.answers[job.other], -1 - job.number, nothing
        if job.kind == "reference":
            decree, statute = (int(row) for row in material.references[job.number])
            query = np.concatenate([material.headings[decree], material.bodies[decree][: BODY // 2]])
            return self._dropped(query, 0.3), self._passage(statute), int(material.keys[statute]), nothing
        law, heading = material.laws[job.number], material.headings[job.number]
        body = material.bodies[job.number][:BODY]
        key = int(material.keys[job.number])
        if job.kind == "heading" and len(heading):
            return self._dropped(heading, 0.2), np.concatenate([law, body]), key, nothing
        size = int(len(body) * self._random.uniform(0.15, 0.4))
        start = int(self._random.integers(0, len(body) - size + 1))
        rest = np.concatenate([law, heading, body[:start], body[start + size :]])
        return self._dropped(body[start : start + size], 0.2), rest, key, nothing

    def _passage(self, row: int) -> Numbers:
        material = self._material
        return np.concatenate([material.laws[row], material.headings[row], material.bodies[row][:BODY]])

    def _dropped(self, text: Numbers, share: float) -> Numbers:
        """Leave out words: a question rarely holds all the words of the article that answers it."""
        kept = self._random.random(len(text)) > share
        return text[kept] if kept.any() else text

    def _bag(self, texts: Sequence[Numbers]) -> sparse.csr_matrix:
        """Return the weights of the texts' morphemes, one text a row: rarity times the square root of the count."""
        numbers = self._place[np.concatenate(texts)]
        rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        known = numbers >= 0
        ones = np.ones(int(known.sum()), dtype=np.float32)
        bag = sparse.csr_matrix((ones, (rows[known], numbers[known])), shape=(len(texts), len(self._table.weights)))
        bag.sum_duplicates()
        bag.data = np.sqrt(bag.data) * self._table.weights[bag.indices]
        return bag


def _choose(material: Material, questions: Sequence[Labelled]) -> tuple[NDArray[np.int64], Floats]:
    """Return the morphemes of the vocabulary, commonest first, and their rarity: ln(1 + (N - n + ½) / (n + ½))."""
    size, articles = len(material.morphemes), len(material.keys)
    in_articles = np.zeros(size, dtype=np.int64)
    for row in range(articles):
        in_articles[np.unique(np.concatenate([material.headings[row], material.bodies[row]]))] += 1
    in_questions = np.zeros(size, dtype=np.int64)
    for question in questions:
        in_questions[np.unique(np.concatenate([question.text, *question.answers[:1]]))] += 1
    seen = in_articles + SEEN_IN_QUESTION * in_questions
    seen[(in_articles < 2) & (in_questions < 2)] = 0
    chosen = np.argsort(-seen, kind="stable")[:VOCABULARY]
    chosen = chosen[seen[chosen] > 0]
    count = in_articles[chosen]
    return chosen, np.minimum(np.log(1 + (articles - count + 0.5) / (count + 0.5)), 11).astype(np.float32)


def _cut(jobs: Sequence[Job]) -> list[list[Job]]:
    """Return whole batches; what is left over waits for the next pass. Fewer jobs than a batch make one."""
    whole = [list(jobs[start : start + BATCH]) for start in range(0, len(jobs) - BATCH + 1, BATCH)]
    return whole or [list(jobs)]


def _unit(vectors: Floats) -> tuple[Floats, Floats]:
    length = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors / length, length


def _through_unit(slope: Floats, unit: Floats, length: Floats) -> Floats:
    tangent: Floats = slope - unit * (slope * unit).sum(axis=1, keepdims=True)
    return tangent / length


def _softmax(logits: Floats, *, axis: int) -> Floats:
    powers: Floats = np.exp(logits - logits.max(axis=axis, keepdims=True))
    powers /= powers.sum(axis=axis, keepdims=True)
    return powers


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on everything under ``--data`` and write the weights, and a report where one is asked for."""
    parser = argparse.ArgumentParser(prog="python -m govrag.embed.train", description="Train the default embedder.")
    parser.add_argument("--data", type=Path, required=True, help="folder with laws/ and retrieval/")
    parser.add_argument("--out", type=Path, required=True, help="weights to write, .npz")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--report", type=Path, help="JSON file: pairs, steps, losses, minutes")
    options = parser.parse_args(arguments)
    table, report = train(read_material(options.data), seed=options.seed)
    save_weights(options.out, vocabulary=table.vocabulary, weights=table.weights, rows=table.rows)
    if options.report:
        fields = {name: getattr(report, name) for name in Report.__slots__}
        options.report.write_text(json.dumps(fields | {"seed": options.seed}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
