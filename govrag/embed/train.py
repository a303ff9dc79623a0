"""Train the default embedder from the development data: ``python -m govrag.embed.train --data DIR --out FILE``.

One table of morpheme vectors is trained by contrast within a batch: a question must lie nearer to its own passage than
to the others' (InfoNCE: van den Oord et al., 2018, https://arxiv.org/abs/1807.03748; both ways). The first stage needs
no labels: a heading and its article, a span and the rest of its article, a decree's article and the statute's article
that it carries out. The second adds the development questions, each later also with an article that the table itself
wrongly prefers. The same data, seed and libraries give the same file.

A library's own material is learned in the same way, mostly from the shipped table on (`grown`), and with articles that
a `Retriever` wrongly finds; `govrag train` does that.

What was tried and left, by the table alone on one fold that did not train it (nDCG@10, recall@100 of 50 citizens'
questions; 700 claims; 700 court issues), beside .194, .566; .660, .893; .528, .830 as it is:

- fourteen passes of the second stage: .183, .549; .659, .896; .543, .825
- a row of its own for each article that at least two questions cite (4,259), left out half the time: .188, .592; .659,
  .898; .539, .836; for each that one cites, and twelve passes: .177, .592; .650, .894; .556, .831. Articles learnt by
  heart; precedents, where they are loaded, do the same and can be shown
- articles that BM25 wrongly finds as negatives (63 laws, 1,087 issues, nDCG@10): .605 → .608, within noise
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from govrag.contracts import Retriever
from govrag.embed.material import Labelled, Material, Numbers
from govrag.embed.pairs import read_material
from govrag.embed.table import Floats, Table, unit
from govrag.records import Where
from govrag.statute import names

Kind = Literal["heading", "span", "reference", "definition", "question", "answer"]
Progress = Callable[[str, int, int, float], None]  # (stage, passes done, of how many, loss)

DIMENSION = 256
VOCABULARY = 36_000  # at most
BATCH = 2_048
BODY = 250  # morphemes of a body that are read
SHORTEST_BODY = 8  # morphemes; a shorter body (삭제) teaches nothing
WEIGHT_OF_SET = {"lay-question-to-article": 4}  # few questions, and the ones that matter most
MINED_AFTER = 2  # passes of the second stage: then the table looks for articles that it wrongly prefers
MINED = range(5, 50)  # ranks they are taken from; the very first are often right answers that nobody cited
SEEN_IN_QUESTION = 3  # a question counts as three articles when the vocabulary is chosen
LEAST_SEEN = 3  # times, so counted, before a morpheme joins a table that is trained on
_MOST_SEARCHED = 2_000  # questions whose wrong answers a retriever is asked for
_LONGEST_SEARCHED = 1_000  # characters of them
_SMALLEST_BATCH = 64
_BATCHES = 8  # per pass at least, while batches are larger than the smallest


@dataclass(frozen=True, slots=True)
class Stage:
    """How often the pairs of a stage are read, how fast they are learned, and how the rate changes."""

    name: str
    passes: int
    rate: float
    warm_up: int  # steps
    last_rate: float  # share of the rate at the last step
    unlabelled: int  # pairs of the first stage mixed into each pass
    asks: bool = False  # whether questions are read
    batch: int = BATCH


class Course(NamedTuple):
    """The stages of a training."""

    first: Stage
    second: Stage

    def fitting(self, material: Material) -> Course:
        """Return the course with batches small enough that a pass over this material has several."""
        taught = int((np.diff(material.bodies.starts) >= SHORTEST_BODY).sum())
        unlabelled = 2 * taught + len(material.references) + len(material.definitions)
        labelled = sum(len(question.keys) + 2 * len(question.answers) for question in material.questions)
        mixed = min(self.second.unlabelled, 2 * labelled, taught)
        return Course(
            replace(self.first, batch=_batch(unlabelled)),
            replace(self.second, batch=_batch(labelled + mixed), unlabelled=mixed),
        )


FIRST = Stage("first", passes=3, rate=0.004, warm_up=20, last_rate=0.2, unlabelled=0)
SECOND = Stage("second", passes=8, rate=0.003, warm_up=10, last_rate=0.1, unlabelled=40_000, asks=True)
FROM_NOTHING = Course(FIRST, SECOND)
# A table that knows its language is moved with care: what its words mean elsewhere shall not be forgotten.
FROM_A_TABLE = Course(replace(FIRST, rate=0.002), replace(SECOND, rate=0.002))


class Job(NamedTuple):
    """A pair to be made: its kind, the row of its article or the number of its question, and its other end."""

    kind: Kind
    number: int
    other: int = 0


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
    training = Training(material, without=without, start=start, seed=seed)
    return training.run(FROM_NOTHING if start is None else (SECOND,))


def pretrain(material: Material, *, seed: int = 0) -> Table:
    """Return a table after the first stage, which sees no question but whose vocabulary holds the questions' words."""
    return Training(material, seed=seed).run((FIRST,))[0]


def grown(start: Table, material: Material) -> Table:
    """Return a table with the words that the material often uses and it lacks; they begin as their contexts' mean."""
    known = set(start.vocabulary)
    in_articles, in_questions = _seen(material, material.questions)
    seen = in_articles + SEEN_IN_QUESTION * in_questions
    often = [int(number) for number in np.argsort(-seen, kind="stable") if seen[number] >= LEAST_SEEN]
    new = [number for number in often if material.morphemes[number] not in known][:VOCABULARY]
    column = np.full(len(material.morphemes), -1, dtype=np.int64)
    column[new] = np.arange(len(new))
    contexts = np.zeros((len(new), start.rows.shape[1]), dtype=np.float32)
    reader = Training(material, start=start)
    for rows, vectors in reader.passages():
        numbers = [np.unique(column[reader.passage(row)]) for row in rows]
        places = np.repeat(np.arange(len(rows)), [len(text) for text in numbers])
        columns = np.concatenate(numbers)
        held = (np.ones(int((columns >= 0).sum()), np.float32), (columns[columns >= 0], places[columns >= 0]))
        contexts += sparse.csr_matrix(held, shape=(len(new), len(rows))) @ vectors
    contexts /= np.maximum(np.abs(contexts).max(axis=1, keepdims=True, initial=0), 1e-6)
    return Table(
        vocabulary=[*start.vocabulary, *(material.morphemes[number] for number in new)],
        weights=np.append(start.weights, np.full(len(new), np.median(start.weights), np.float32)),
        rows=np.vstack([start.rows, contexts]),
    )


def nearest(table: Table, material: Material, questions: Sequence[Labelled], *, limit: int) -> list[tuple[int, ...]]:
    """Return the keys of the ``limit`` articles nearest to each question, nearest first, each once."""
    found = Training(material, start=table).nearest(questions, reach=limit + _most_copies(material))
    return [tuple(dict.fromkeys(int(material.keys[row]) for row in rows))[:limit] for rows in found]


def wrongly_found(material: Material, retriever: Retriever, *, seed: int = 0) -> dict[str, list[int]]:
    """Return id of a question → rows that a retriever finds for it and that do not answer it, for `Training`.

    Of very many questions with gold some are drawn. Articles of the material must be named as passages cite them.
    """
    asked = [question for question in material.questions if question.keys]
    order = np.random.default_rng(seed).permutation(len(asked))[:_MOST_SEARCHED]
    found: dict[str, list[int]] = {}
    for question in (asked[number] for number in order):
        hits = retriever.search(question.words[:_LONGEST_SEARCHED], limit=MINED.stop, where=Where())
        cited = (f"{names.key(hit.passage.title)}|{hit.passage.locator}" for hit in hits)
        keys = dict.fromkeys(material.key_of[key] for key in cited if key in material.key_of)
        found[question.id] = _wrong(material, question, [material.rows_of[key][0] for key in keys])
    return found


class Training:
    """One run: chooses the vocabulary, deals the pairs into batches and feeds them to the table.

    Questions whose id is in ``without`` are not seen. ``start`` is a table to go on from; it is not changed. ``wrong``
    is what `wrongly_found` returns: hard negatives of the stage that reads questions, from its first pass on.
    """

    def __init__(
        self,
        material: Material,
        *,
        without: Collection[str] = (),
        start: Table | None = None,
        wrong: Mapping[str, Sequence[int]] | None = None,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> None:
        self._material = material
        self._questions = [question for question in material.questions if question.id not in without]
        self._progress = progress or _written
        self._random = np.random.default_rng(seed)
        self._table = Table(start.vocabulary, start.weights, start.rows.copy()) if start else self._new_table()
        place = {morpheme: number for number, morpheme in enumerate(self._table.vocabulary)}
        self._place = np.array([place.get(morpheme, -1) for morpheme in material.morphemes], dtype=np.int64)
        found = wrong or {}
        self._wrong: dict[int, list[int]] = {  # question → rows that are wrongly preferred
            number: list(found[question.id]) for number, question in enumerate(self._questions) if question.id in found
        }
        lengths = np.diff(material.bodies.starts)
        self._taught = np.flatnonzero(lengths >= SHORTEST_BODY)

    def run(self, stages: Sequence[Stage]) -> tuple[Table, Report]:
        """Return the table after these stages, and what was done."""
        started = time.process_time()
        pairs, steps, losses = {}, {}, {}
        for stage in stages:
            deal = self._second_pass if stage.asks else self._first_pass
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

    def passages(self) -> Iterator[tuple[range, Floats]]:
        """Yield the unit vectors of all articles with their rows, in blocks."""
        numbers = range(len(self._material.keys))
        for start in range(0, len(numbers), 8 * BATCH):
            block = numbers[start : start + 8 * BATCH]
            yield block, unit(self._bag([self.passage(row) for row in block]) @ self._table.rows)[0]

    def nearest(self, questions: Sequence[Labelled], *, reach: int) -> Iterator[list[int]]:
        """Yield the ``reach`` rows nearest to each question, nearest first."""
        passages = np.concatenate([vectors for _, vectors in self.passages()])
        for start in range(0, len(questions), 256):
            block = questions[start : start + 256]
            vectors, _ = unit(self._bag([question.text for question in block]) @ self._table.rows)
            cosines = vectors @ passages.T
            reach = min(reach, cosines.shape[1])
            nearest = np.argpartition(-cosines, reach - 1, axis=1)[:, :reach]
            for rows, scores in zip(nearest, cosines, strict=True):
                yield rows[np.argsort(-scores[rows], kind="stable")].tolist()

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
            if stage.asks and number == MINED_AFTER:
                self._mine()
            for batch in batches:
                rate = stage.rate * min(1, (len(losses) + 1) / stage.warm_up)
                losses.append(self._learn(batch, rate * (1 - (1 - stage.last_rate) * len(losses) / steps)))
            self._progress(stage.name, number + 1, len(passes), float(np.mean(losses[-20:])))
        return round(float(np.mean(losses[-20:])), 4)

    def _mine(self) -> None:
        """For each question with gold, remember the articles that lie nearest to it and do not answer it."""
        asked = [number for number, question in enumerate(self._questions) if question.keys]
        found = self.nearest([self._questions[number] for number in asked], reach=MINED.stop)
        for number, rows in zip(asked, found, strict=True):
            wrong = _wrong(self._material, self._questions[number], rows)
            self._wrong.setdefault(number, []).extend(wrong)

    def _first_pass(self, stage: Stage) -> list[list[Job]]:
        """Batches of one kind each: negatives of the same kind are the harder ones."""
        batches: list[list[Job]] = []
        pools: dict[Kind, NDArray[np.intp]] = {
            "heading": self._taught,
            "span": self._taught,
            "reference": np.arange(len(self._material.references)),
            "definition": np.arange(len(self._material.definitions)),
        }
        for kind, rows in pools.items():
            batches += _cut([Job(kind, int(row)) for row in self._random.permutation(rows)], stage.batch)
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
        return _cut([jobs[number] for number in self._random.permutation(len(jobs))], stage.batch)

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
        return self._table.learn(self._bag(queries), self._bag([*passages, *map(self.passage, wrong)]), mute, rate)

    def _pair(self, job: Job) -> tuple[Numbers, Numbers, int, frozenset[int]]:
        """Return query, passage, the key of the passage's article, and the keys of all right answers."""
        material, nothing = self._material, frozenset[int]()
        if job.kind == "question":
            question = self._questions[job.number]
            text = self._dropped(question.text, 0.3) if self._random.random() < 1 / 3 else question.text
            return text, self.passage(job.other), int(material.keys[job.other]), question.keys
        if job.kind == "answer":
            question = self._questions[job.number]
            return question.text, question.answers[job.other], -1 - job.number, nothing
        if job.kind == "reference":
            decree, statute = (int(row) for row in material.references[job.number])
            query = np.concatenate([material.headings[decree], material.bodies[decree][: BODY // 2]])
            return self._dropped(query, 0.3), self.passage(statute), int(material.keys[statute]), nothing
        if job.kind == "definition":
            row, term, words = material.definitions[job.number]
            return term, np.concatenate([material.laws[row], words[:BODY]]), int(material.keys[row]), nothing
        law, heading = material.laws[job.number], material.headings[job.number]
        body = material.bodies[job.number][:BODY]
        key = int(material.keys[job.number])
        if job.kind == "heading" and len(heading):
            return self._dropped(heading, 0.2), np.concatenate([law, body]), key, nothing
        size = int(len(body) * self._random.uniform(0.15, 0.4))
        start = int(self._random.integers(0, len(body) - size + 1))
        rest = np.concatenate([law, heading, body[:start], body[start + size :]])
        return self._dropped(body[start : start + size], 0.2), rest, key, nothing

    def passage(self, row: int) -> Numbers:
        """Return an article as it is embedded: its law, its heading and the beginning of its body."""
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
    articles = len(material.keys)
    in_articles, in_questions = _seen(material, questions)
    seen = in_articles + SEEN_IN_QUESTION * in_questions
    seen[(in_articles < 2) & (in_questions < 2)] = 0
    chosen = np.argsort(-seen, kind="stable")[:VOCABULARY]
    chosen = chosen[seen[chosen] > 0]
    count = in_articles[chosen]
    return chosen, np.minimum(np.log(1 + (articles - count + 0.5) / (count + 0.5)), 11).astype(np.float32)


def _seen(material: Material, questions: Sequence[Labelled]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return in how many articles, and in how many questions, each morpheme occurs."""
    in_articles = np.zeros(len(material.morphemes), dtype=np.int64)
    for row in range(len(material.keys)):
        in_articles[np.unique(np.concatenate([material.headings[row], material.bodies[row]]))] += 1
    in_questions = np.zeros(len(material.morphemes), dtype=np.int64)
    for question in questions:
        in_questions[np.unique(np.concatenate([question.text, *question.answers[:1]]))] += 1
    return in_articles, in_questions


def _wrong(material: Material, question: Labelled, rows: Sequence[int]) -> list[int]:
    """Return those of the preferred rows, best first, that do not answer the question; but not the very first."""
    wrong = [row for row in rows if int(material.keys[row]) not in question.keys]
    return wrong[MINED.start :] or wrong


def _cut(jobs: Sequence[Job], size: int) -> list[list[Job]]:
    """Return whole batches; what is left over waits for the next pass. Fewer jobs than a batch make one."""
    whole = [list(jobs[start : start + size]) for start in range(0, len(jobs) - size + 1, size)]
    return whole or [list(jobs)] * bool(jobs)


def _batch(pairs: int) -> int:
    """Return the largest batch, a power of two, of which a pass over so many pairs has several."""
    size = BATCH
    while size > _SMALLEST_BATCH and size * _BATCHES > pairs:
        size //= 2
    return size


def _most_copies(material: Material) -> int:
    return max(map(len, material.rows_of.values()), default=0)


def _written(stage: str, done: int, passes: int, loss: float) -> None:
    sys.stderr.write(f"{stage} {done}/{passes} loss {loss:.3f}\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on everything under ``--data`` and write the weights, and a report where one is asked for."""
    parser = argparse.ArgumentParser(prog="python -m govrag.embed.train", description="Train the default embedder.")
    parser.add_argument("--data", type=Path, required=True, help="folder with laws/ and retrieval/")
    parser.add_argument("--out", type=Path, required=True, help="weights to write, .npz")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--report", type=Path, help="JSON file: pairs, steps, losses, minutes")
    options = parser.parse_args(arguments)
    table, report = train(read_material(options.data), seed=options.seed)
    table.save(options.out)
    if options.report:
        fields = {name: getattr(report, name) for name in Report.__slots__}
        options.report.write_text(json.dumps(fields | {"seed": options.seed}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
