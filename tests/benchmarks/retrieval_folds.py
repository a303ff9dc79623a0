"""Learn the numbers of fusion and confidence, and report what retrieval reaches on questions that trained nothing.

``python tests/benchmarks/retrieval_folds.py --data DIR [--sample 1500] [--topic labour]
[--write govrag/index/data/fusion.json]``

Questions of the development sets are dealt into grouped folds. For each fold an embedder is trained without its
questions (nor, for a citizen's question, the claims of the same topic), and the ranker that scores it is learned from
the other folds. Each question is asked twice: of the statutes alone, and with the court issues of other folds beside
them as precedents. With a topic, its questions are reported apart, all of them. About twenty CPU-minutes; the figures
go to standard output, with 95 % bootstrap intervals.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from statute_bench import LISTED, Bench, Case, Voters, rough_order

from govrag.embed.pairs import LABELLED, PAGES, read_articles, read_material
from govrag.embed.static import StaticEmbedder, save_weights
from govrag.embed.train import pretrain, train
from govrag.evaluate.metrics import hit, mean, ndcg, recall
from govrag.evaluate.sets import Question, QuestionSet, folds, load_set
from govrag.index.fusion import PARTS, READ, candidates, columns, evidence, features, figures, first_sum, with_reading
from govrag.korean.morphemes import MemoryLexicon, morphemes

ISSUES = "legal-issue-to-article"  # the set whose questions are the precedents
FOLDS = 3
WEIGHT = {LABELLED[0]: 8.0}  # of a question of the set: there are few
DECAY = 0.02  # of the ranker's weights, squared, in standard deviations
STEPS, RATE = 120, 0.05
UNANSWERABLE = 0.35  # share of the questions that are asked again with the laws of their gold taken away
FOREIGN = (  # nothing in the statutes answers these
    "김치찌개 맛있게 끓이는 방법", "내일 서울 날씨 어때요", "고양이가 밥을 안 먹어요", "기타 코드 쉽게 잡는 법",
    "파이썬에서 리스트를 정렬하려면", "영어 회화 실력을 늘리는 방법", "블랙홀은 어떻게 생기나요", "오프사이드가 뭐예요",
    "제주도 맛집 알려줘", "비트코인 가격이 왜 떨어졌나요", "헬스장 초보 운동 루틴", "오늘 점심 뭐 먹지",
    "가나다라마바사아자차카타파하", "ㅋㅋㅋㅋㅋ ㅎㅎㅎ", "뷁뷁 뚫훑 쀍쀍", "asdf qwer zxcv",
    "what is the best way to cook rice", "how do I install linux on my laptop", "tell me a joke about cats",
    "who won the world cup in 2018", "explain quantum entanglement simply", "best hiking trails in Norway",
)  # fmt: skip

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Lists:
    """Cases as arrays: features (n, LISTED, Σ PARTS), figures (n, 9), right answers and padding (n, LISTED)."""

    table: Floats  # all rows read
    figures: Floats
    right: Floats
    keys: NDArray[np.int64]  # -1 is padding

    @classmethod
    def of(cls, bench: Bench, cases: Sequence[Case], *, voted: bool) -> Lists:
        """Lay out the best candidates of each case by a rough order."""
        table = np.zeros((len(cases), LISTED, sum(PARTS.values())), np.float32)
        keys = np.full((len(cases), LISTED), -1, np.int64)
        for number, case in enumerate(cases):
            legs = case.heard(voted=voted)
            rows = candidates(legs)
            found = features(legs, asked=case.asked, priors=bench.priors(legs))
            best = rough_order(found)
            known = np.isin(rows[best], case.places)
            reading = case.reading[np.searchsorted(case.places, rows[best][known])]
            table[number, : len(best)] = with_reading(found[best], np.flatnonzero(known), reading)
            keys[number, : len(best)] = bench.material.keys[rows[best]]
        right = np.array([[key in case.gold for key in row] for case, row in zip(cases, keys, strict=True)], np.float32)
        return cls(table, np.array([figures(case.heard(voted=voted), asked=case.asked) for case in cases]), right, keys)

    def found(self) -> Lists:
        """Return the same as it was before the reading."""
        return Lists(self.table[:, :, : columns()["lines"].start], self.figures, self.right, self.keys)

    def read(self, weights: Floats) -> Lists:
        """Return the same with only those read that the first sum chooses; its weights are (n, 14)."""
        table = self.table.copy()
        for rows, keys, own in zip(table, self.keys, weights, strict=True):
            sums = np.where(keys >= 0, first_sum(rows, own), -np.inf)
            unread = np.argsort(-sums, kind="stable")[READ:]
            rows[unread, columns()["lines"].start : columns()["read"].stop] = 0
        return Lists(table, self.figures, self.right, self.keys)


def learn_ranker(lists: Lists, aspects: Floats, weights: Floats) -> Floats:
    """Return the ranker's weights, (aspects, features): a listwise softmax, by Adam over all questions at once."""
    usable = lists.right.sum(axis=1) > 0
    spread = lists.table[lists.keys >= 0].std(axis=0)
    scale = np.where(spread > 0, spread, np.inf)  # what never differs gets no weight
    table, seen = lists.table[usable] / scale, aspects[usable]
    goal = lists.right[usable] / lists.right[usable].sum(axis=1, keepdims=True)
    share = (weights[usable] / weights[usable].sum())[:, None]
    learned = np.zeros((seen.shape[1], table.shape[2]), np.float32)
    learned[0] = 0.3
    first, second = np.zeros_like(learned), np.zeros_like(learned)
    for step in range(1, STEPS + 1):
        scores = np.matmul(table, (seen @ learned)[:, :, None])[:, :, 0]
        scores[lists.keys[usable] < 0] = -1e4
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = (powers / powers.sum(axis=1, keepdims=True) - goal) * share
        slope = seen.T @ np.matmul(error[:, None, :], table)[:, 0] + 2 * DECAY * learned
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        learned -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return (learned / scale).astype(np.float32)


def learn_chance(table: Floats, right: NDArray[np.bool_], weights: Floats) -> Floats:
    """Return the weights of a logistic regression with a unit ridge on all but the first, by Newton's method."""
    learned = np.zeros(table.shape[1])
    ridge = np.diag([1e-6, *[1.0] * (table.shape[1] - 1)])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-table @ learned))
        slope = table.T @ (weights * (chance - right)) + ridge @ learned
        curve = (table * (weights * chance * (1 - chance))[:, None]).T @ table + ridge
        learned -= np.linalg.solve(curve, slope)
    return learned.astype(np.float32)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the whole of it."""
    parser = argparse.ArgumentParser(description="Learn and measure fusion and confidence in grouped folds.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=1_500, help="questions of a set at most")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--topic", default="", help="as labour: all its questions, reported apart")
    parser.add_argument("--write", type=Path, help="fusion.json to write, learned from all the questions")
    options = parser.parse_args(arguments)
    material = read_material(options.data)
    sets = {name: _load(options.data, name) for name in (*LABELLED, PAGES)}
    asked = [(name, question) for name, loaded in sets.items() for question in loaded.questions]
    dealt = folds([_grouped(name, question) for name, question in asked], count=FOLDS, seed=1)
    sample = _sample(asked, options.sample, options.seed, options.topic)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(material, list(read_articles(options.data)), Path(folder))
        start = pretrain(material)
        cases: list[Case] = []
        for fold in range(FOLDS):
            held_out = _held_out(asked, dealt, fold)
            table, _ = train(material, without=held_out, start=start)
            save_weights(Path(folder) / "fold.npz", vocabulary=table.vocabulary, weights=table.weights, rows=table.rows)
            chosen = [number for number in sample if dealt[number] == fold]
            embedder = StaticEmbedder(Path(folder) / "fold.npz")
            cases += _search(bench, embedder, asked, chosen, sets, fold, held_out, options.seed)
        _report(bench, cases, options.write, options.topic)


def _search(
    bench: Bench, embedder: StaticEmbedder, asked: Sequence[tuple[str, Question]], chosen: Sequence[int],
    sets: dict[str, QuestionSet], fold: int, held_out: Collection[str], seed: int,
) -> list[Case]:  # fmt: skip
    vectors, material, source = bench.passages(embedder), bench.material, random.Random(seed)
    texts = {question.id: question.text for question in material.questions}
    known = [one for one in material.questions if one.keys and one.id.startswith(ISSUES) and one.id not in held_out]
    issues = [[material.morphemes[morpheme] for morpheme in one.text] for one in known]
    voters = Voters(embedder.embed_morphemes(issues, kind="query"), [sorted(one.keys) for one in known])
    cases = []
    for number in chosen:
        name, question = asked[number]
        words = [material.morphemes[morpheme] for morpheme in texts[f"{name}/{question.id}"]]
        query = embedder.embed_morphemes([words], kind="query")[0]
        gold = {material.key_of[document] for document in sets[name].gold[question.id] if document in material.key_of}
        cases.append(bench.case(question, gold, (name, fold), words, vectors, query, voters))
        if name == LABELLED[0] or source.random() < UNANSWERABLE:
            families = bench.families[[material.rows_of[key][0] for key in sorted(gold)]]
            cases.append(bench.case(question, (), ("its laws removed", fold), words, vectors, query, voters, families))
    for text in FOREIGN[fold::FOLDS]:
        query = embedder.embed([text], kind="query")[0]
        stranger = Question(text, text, frozenset(), text)
        words = morphemes(text, MemoryLexicon())
        cases.append(bench.case(stranger, (), ("foreign", fold), words, vectors, query, voters))
    return cases


@dataclass(frozen=True)
class Standard:
    """By what the figures of questions are brought to one scale."""

    mean: Floats
    deviation: Floats

    @classmethod
    def of(cls, found: Floats) -> Standard:
        """Measure it."""
        return cls(found.mean(axis=0), found.std(axis=0) + np.float32(1e-6))

    def aspects(self, lists: Lists, *, voted: bool) -> Floats:
        """Return what `fusion.aspects` makes of the figures."""
        deviations = np.clip((lists.figures - self.mean) / self.deviation, -2.5, 2.5)
        if not voted:
            deviations[:, -2:] = 0
        return np.insert(deviations, 0, 1, axis=1).astype(np.float32)


def cross_validated(
    lists: Lists, seen: Floats, fold: NDArray[np.int64], weights: Floats, usable: NDArray[np.bool_]
) -> Floats:
    """Return each case's parts of the score, (n, LISTED, Σ PARTS), by numbers learned from the other folds."""
    parts = np.empty_like(lists.table)
    for number in range(FOLDS):
        learning, tested = usable & (fold != number), fold == number
        first, second = learn_both(_take(lists, learning), seen[learning], weights[learning])
        parts[tested] = _take(lists, tested).read(seen[tested] @ first).table * (seen[tested] @ second)[:, None, :]
    return parts


def learn_both(lists: Lists, seen: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weights of the first sum, and those of the second after the reading that the first one chooses."""
    first = learn_ranker(lists.found(), seen, weights)
    return first, learn_ranker(lists.read(seen @ first), seen, weights)


def _report(bench: Bench, cases: Sequence[Case], write: Path | None, topic: str) -> None:
    alone, beside = (Lists.of(bench, cases, voted=voted) for voted in (False, True))
    fold = np.array([case.fold for case in cases])
    answerable = np.array([case.set in LABELLED for case in cases])
    weights = np.array([WEIGHT.get(case.set, 1.0) for case in cases], np.float32)
    standard = Standard.of(beside.figures[answerable])
    seen, seen_beside = standard.aspects(alone, voted=False), standard.aspects(beside, voted=True)
    parts = cross_validated(alone, seen, fold, weights, answerable)
    rankings = _tell("statutes alone", parts, alone, cases, topic)
    _tell("with precedents", cross_validated(beside, seen_beside, fold, weights, answerable), beside, cases, topic)
    table = np.array([
        np.append(_evidence(parts[number], rankings[number]), seen[number, 1:-2]) for number in range(len(cases))
    ])  # fmt: skip
    right = np.array([
        not case.gold.isdisjoint(key for key, _ in ranking[:5]) for case, ranking in zip(cases, rankings, strict=True)
    ])  # fmt: skip
    chance = np.empty(len(cases))
    weight = np.array([4.0 if case.set in {LABELLED[0], "foreign"} else 1.0 for case in cases])
    for number in range(FOLDS):
        learned = learn_chance(table[fold != number], right[fold != number], weight[fold != number])
        chance[fold == number] = 1 / (1 + np.exp(-table[fold == number] @ learned))
    for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        answered = chance >= threshold
        names = (*LABELLED, "its laws removed", "foreign")
        shares = {name: float(np.mean(answered[[case.set == name for case in cases]])) for name in names}
        told = ", ".join(f"{name} {share:.2f}" for name, share in shares.items())
        _say(f"threshold {threshold}: right {right[answered].mean():.2f} of the answered; answered: {told}")
    if write:
        first, second = learn_both(_take(alone, answerable), seen[answerable], weights[answerable])
        heard = _take(beside, answerable).read(seen_beside[answerable] @ first)
        voted = learn_ranker(heard, seen_beside[answerable], weights[answerable])
        logit = learn_chance(table, right, weight)
        count = table.shape[1] - seen.shape[1] + 3
        question = np.concatenate([[0], logit[count:], [0, 0]])  # precedents say nothing of how answerable it is
        numbers = {"first": first, "weights": second, "voted": voted, "mean": standard.mean,
                   "deviation": standard.deviation, "chance": logit[:count], "question": question}  # fmt: skip
        rounded = {name: np.round(values.astype(float), 5).tolist() for name, values in numbers.items()}
        write.write_text(json.dumps(rounded) + "\n", encoding="utf-8")


def _tell(what: str, parts: Floats, lists: Lists, cases: Sequence[Case], topic: str) -> list[list[tuple[int, int]]]:
    """Report the figures of each set, and of the topic's questions in it, and return the rankings."""
    rankings = [_ranking(part, keys) for part, keys in zip(parts, lists.keys, strict=True)]
    for name, wanted in [(name, wanted) for name in LABELLED for wanted in dict.fromkeys(("", topic))]:
        chosen = [
            number for number, case in enumerate(cases) if case.set == name and (not wanted or wanted in case.topics)
        ]
        for figure, measure in (("ndcg@10", ndcg), ("hit@10", hit), ("recall@100", recall)):
            k = int(figure.partition("@")[2])
            values = [
                measure([str(key) for key, _ in rankings[number]], {str(key): 1.0 for key in cases[number].gold}, k=k)
                for number in chosen
            ]
            found = mean(values)
            label = f"{name} {wanted}".strip()
            interval = f"[{found.low:.3f}, {found.high:.3f}] n={found.count}"
            _say(f"{what:16} {label:33} {figure:10} {found.value:.3f} {interval}")
    return rankings


def _take(lists: Lists, chosen: NDArray[np.bool_]) -> Lists:
    return Lists(lists.table[chosen], lists.figures[chosen], lists.right[chosen], lists.keys[chosen])


def _ranking(parts: Floats, keys: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return (key, place) best first, each key once."""
    order = np.argsort(-np.where(keys >= 0, parts.sum(axis=1), -np.inf), kind="stable")
    first: dict[int, int] = {}
    for place in order:
        if keys[place] >= 0:
            first.setdefault(int(keys[place]), int(place))
    return list(first.items())


def _evidence(parts: Floats, ranking: Sequence[tuple[int, int]]) -> Floats:
    hits = [{name: float(parts[place, at].sum()) for name, at in columns().items()} for _, place in ranking[:5]]
    return evidence(hits) if hits else np.zeros(14, np.float32)


def _load(data: Path, name: str) -> QuestionSet:
    return load_set(data / "retrieval" / name / "queries.jsonl", data / "retrieval" / name / "qrels.tsv")


def _grouped(name: str, question: Question) -> Question:
    """Return the question in a group that no other set's decision of the same number shares."""
    decision = "decision" if name == "legal-issue-to-article" else "page"
    return replace(question, id=f"{name}/{question.id}", group=f"{decision} {question.group}")


def _held_out(asked: Sequence[tuple[str, Question]], dealt: Sequence[int], fold: int) -> set[str]:
    """Return the ids that must not train what scores this fold."""
    topics = {
        question.group
        for (name, question), one in zip(asked, dealt, strict=True)
        if one == fold and name in {LABELLED[0], PAGES}
    }
    return {
        f"{name}/{question.id}"
        for (name, question), one in zip(asked, dealt, strict=True)
        if one == fold or (name == "claim-to-article" and question.group.partition("/")[0] in topics)
    }


def _sample(asked: Sequence[tuple[str, Question]], most: int, seed: int, topic: str) -> list[int]:
    source, chosen = random.Random(seed), set[int]()
    for name in LABELLED:
        numbers = [number for number, (one, _) in enumerate(asked) if one == name]
        chosen.update(numbers if len(numbers) <= most else source.sample(numbers, most))
        of_topic = [number for number in numbers if topic in asked[number][1].topics]
        chosen.update(of_topic if len(of_topic) <= most else source.sample(of_topic, most))
    return sorted(chosen)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
