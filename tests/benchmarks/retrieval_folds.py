"""Learn the numbers of fusion and confidence, and report what retrieval reaches on questions that trained nothing.

``python tests/benchmarks/retrieval_folds.py --data DIR [--sample 1500] [--write govrag/index/data/fusion.json]``

Questions of the development sets are dealt into grouped folds. For each fold an embedder is trained without its
questions (nor, for a citizen's question, the claims of the same topic), and the ranker that scores it is learned from
the other folds. About fifteen CPU-minutes; the figures go to standard output, with 95 % bootstrap intervals.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govrag.embed.pairs import LABELLED, PAGES, Article, Material, read_articles, read_material
from govrag.embed.static import StaticEmbedder, save_weights
from govrag.embed.train import pretrain, train
from govrag.evaluate.metrics import mean, ndcg, recall
from govrag.evaluate.sets import Question, QuestionSet, folds, load_set
from govrag.index.fusion import (
    PARTS,
    Asked,
    Leg,
    Priors,
    candidates,
    evidence,
    features,
    figures,
    kind_number,
)
from govrag.index.lexical import (
    GRAM_BOOSTS,
    MORPHEME_BOOSTS,
    Entry,
    LexicalIndex,
    LexicalWriter,
    Term,
    gram_text,
    grams,
)
from govrag.korean.morphemes import MemoryLexicon, morphemes

FOLDS = 3
DEPTH = 200  # candidates a leg
LISTED = 300  # candidates that the ranker learns from
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
_BASE = re.compile(r" (?:시행령|시행규칙)$")
_CITED = re.compile(r"(?:「([^」]{2,60})」|(같은 법|이 법|법|영))?\s*(제\d+조(?:의\d+)?)")

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Case:
    """A question as the ranker sees it: what the legs found, and which candidates are right."""

    set: str
    fold: int
    legs: tuple[Leg, ...]
    asked: Asked
    gold: frozenset[int]  # keys


class Bench:
    """The statutes, indexed for the three legs."""

    def __init__(self, material: Material, articles: Sequence[Article], folder: Path) -> None:
        self.material = material
        self._words = [
            [" ".join(material.morphemes[number] for number in texts[row]) for texts in _fields(material)]
            for row in range(len(articles))
        ]
        writer = LexicalWriter(folder / "lexical", create=True)
        for row, (article, (law, heading, body)) in enumerate(zip(articles, self._words, strict=True)):
            plain = gram_text(f"{article.title} {article.heading} {article.body}")
            writer.add(Entry(row, law, heading, body, plain))
        writer.commit()
        self.lexical = LexicalIndex(folder / "lexical")
        names = {title: number for number, title in enumerate(dict.fromkeys(article.title for article in articles))}
        self.laws = np.array([names[article.title] for article in articles], np.int64)
        bases = [_BASE.sub("", article.title) for article in articles]
        families = {base: number for number, base in enumerate(dict.fromkeys(bases))}
        self.families = np.array([families[base] for base in bases], np.int64)
        self.kinds = np.array([kind_number(article.kind) for article in articles], np.int8)
        self.lengths = np.array([len(article.body) for article in articles], np.int64)
        self.citations = _citations(articles, material)

    def passages(self, embedder: StaticEmbedder) -> Floats:
        """Return the vectors of all articles."""
        return embedder.embed_morphemes([" ".join(words).split() for words in self._words], kind="passage")

    def case(
        self, question: Question, gold: Iterable[int], at: tuple[str, int], morphemes: Sequence[str], vectors: Floats,
        query: Floats, without: NDArray[np.int64] | None = None,
    ) -> Case:  # fmt: skip
        """Search one question in the three legs, in all laws but the families in ``without``."""
        visible = None if without is None else ~np.isin(self.families, without)
        terms = {"words": list(dict.fromkeys(morphemes)), "bigrams": list(dict.fromkeys(grams(question.text)))}
        boosts = {"words": MORPHEME_BOOSTS, "bigrams": GRAM_BOOSTS}
        legs = []
        for name, texts in terms.items():
            query_terms = [Term(text, 1.0) for text in texts]
            legs.append(Leg(name, *self.lexical.search(query_terms, boosts[name], depth=DEPTH, visible=visible)))
        cosines = vectors @ query
        if visible is not None:
            cosines[~visible] = -1
        nearest = np.argpartition(-cosines, DEPTH)[:DEPTH]
        nearest = nearest[np.lexsort((nearest, -cosines[nearest]))].astype(np.int64)
        legs.append(Leg("meaning", nearest, cosines[nearest]))
        asked = Asked(
            characters=len(question.text),
            bigrams=len(terms["bigrams"]),
            words_mass=self._mass("body", terms["words"]),
            bigrams_mass=self._mass("gram", terms["bigrams"]),
            passages=self.lexical.count,
        )
        return Case(*at, tuple(legs), asked, frozenset(gold))

    def priors(self, case: Case) -> Priors:
        """Return what is known of the candidates before the question."""
        rows = candidates(case.legs)
        return Priors(self.laws[rows], self.kinds[rows], self.citations[rows], self.lengths[rows])

    def _mass(self, field: str, terms: Sequence[str]) -> float:
        found = self.lexical.document_frequency(field, terms) if terms else np.zeros(0)
        return float(np.log(1 + (self.lexical.count - found + 0.5) / (found + 0.5)).sum())


@dataclass(frozen=True)
class Lists:
    """Cases as arrays: features (n, LISTED, Σ PARTS), figures (n, 7), right answers and padding (n, LISTED)."""

    table: Floats
    figures: Floats
    right: Floats
    keys: NDArray[np.int64]  # -1 is padding

    @classmethod
    def of(cls, bench: Bench, cases: Sequence[Case]) -> Lists:
        """Lay out the best candidates of each case by the untrained order."""
        table = np.zeros((len(cases), LISTED, sum(PARTS.values())), np.float32)
        keys = np.full((len(cases), LISTED), -1, np.int64)
        for number, case in enumerate(cases):
            found = features(case.legs, asked=case.asked, priors=bench.priors(case))
            best = np.argsort(-(found[:, [0, 2, 4]] @ np.array([0.3, 1, 3.5])), kind="stable")[:LISTED]
            table[number, : len(best)] = found[best]
            keys[number, : len(best)] = bench.material.keys[candidates(case.legs)[best]]
        right = np.array([[key in case.gold for key in row] for case, row in zip(cases, keys, strict=True)], np.float32)
        return cls(table, np.array([figures(case.legs, asked=case.asked) for case in cases]), right, keys)


def learn_ranker(lists: Lists, weights: Floats, mean_: Floats, deviation: Floats) -> Floats:
    """Return the ranker's weights, (8, Σ PARTS): a listwise softmax, by Adam over all questions at once."""
    usable = lists.right.sum(axis=1) > 0
    scale = lists.table[lists.keys >= 0].std(axis=0) + 1e-6
    table, seen = lists.table[usable] / scale, _aspects(lists.figures[usable], mean_, deviation)
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
    parser.add_argument("--write", type=Path, help="fusion.json to write, learned from all the questions")
    options = parser.parse_args(arguments)
    material = read_material(options.data)
    sets = {name: _load(options.data, name) for name in (*LABELLED, PAGES)}
    asked = [(name, question) for name, loaded in sets.items() for question in loaded.questions]
    dealt = folds([_grouped(name, question) for name, question in asked], count=FOLDS, seed=1)
    sample = _sample(asked, options.sample, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(material, list(read_articles(options.data)), Path(folder))
        start = pretrain(material)
        cases: list[Case] = []
        for fold in range(FOLDS):
            table, _ = train(material, without=_held_out(asked, dealt, fold), start=start)
            save_weights(Path(folder) / "fold.npz", vocabulary=table.vocabulary, weights=table.weights, rows=table.rows)
            chosen = [number for number in sample if dealt[number] == fold]
            cases += _search(bench, StaticEmbedder(Path(folder) / "fold.npz"), asked, chosen, sets, fold, options.seed)
        _report(bench, cases, options.write)


def _search(
    bench: Bench, embedder: StaticEmbedder, asked: Sequence[tuple[str, Question]], chosen: Sequence[int],
    sets: dict[str, QuestionSet], fold: int, seed: int,
) -> list[Case]:  # fmt: skip
    vectors, material, source = bench.passages(embedder), bench.material, random.Random(seed)
    texts = {question.id: question.text for question in material.questions}
    cases = []
    for number in chosen:
        name, question = asked[number]
        words = [material.morphemes[morpheme] for morpheme in texts[f"{name}/{question.id}"]]
        query = embedder.embed_morphemes([words], kind="query")[0]
        gold = {material.key_of[document] for document in sets[name].gold[question.id] if document in material.key_of}
        cases.append(bench.case(question, gold, (name, fold), words, vectors, query))
        if name == LABELLED[0] or source.random() < UNANSWERABLE:
            families = bench.families[[material.rows_of[key][0] for key in sorted(gold)]]
            cases.append(bench.case(question, (), ("its laws removed", fold), words, vectors, query, families))
    for text in FOREIGN[fold::FOLDS]:
        query = embedder.embed([text], kind="query")[0]
        stranger = Question(text, text, frozenset(), text)
        words = morphemes(text, MemoryLexicon())
        cases.append(bench.case(stranger, (), ("foreign", fold), words, vectors, query))
    return cases


def _report(bench: Bench, cases: Sequence[Case], write: Path | None) -> None:
    lists = Lists.of(bench, cases)
    fold = np.array([case.fold for case in cases])
    answerable = np.array([case.set in LABELLED for case in cases])
    weights = np.array([WEIGHT.get(case.set, 1.0) for case in cases], np.float32)
    average = lists.figures[answerable].mean(axis=0)
    deviation = lists.figures[answerable].std(axis=0) + np.float32(1e-6)
    seen = _aspects(lists.figures, average, deviation)
    parts = np.empty_like(lists.table)
    for number in range(FOLDS):
        learned = learn_ranker(_take(lists, answerable & (fold != number)), weights[answerable & (fold != number)],
                               average, deviation)  # fmt: skip
        tested = fold == number
        parts[tested] = lists.table[tested] * (seen[tested] @ learned)[:, None, :]
    rankings = [_ranking(part, keys) for part, keys in zip(parts, lists.keys, strict=True)]
    for name in LABELLED:
        chosen = [number for number, case in enumerate(cases) if case.set == name]
        for figure, measure in (("ndcg@10", ndcg), ("recall@100", recall)):
            k = int(figure.partition("@")[2])
            values = [
                measure([str(key) for key, _ in rankings[number]], {str(key): 1.0 for key in cases[number].gold}, k=k)
                for number in chosen
            ]
            found = mean(values)
            _say(f"{name:26} {figure:10} {found.value:.3f} [{found.low:.3f}, {found.high:.3f}] n={found.count}")
    table = np.array([
        np.append(_evidence(parts[number], rankings[number]), seen[number, 1:]) for number in range(len(cases))
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
        ranker = learn_ranker(_take(lists, answerable), weights[answerable], average, deviation)
        logit = learn_chance(table, right, weight)
        count = table.shape[1] - seen.shape[1] + 1
        numbers = {"weights": ranker, "mean": average, "deviation": deviation, "chance": logit[:count],
                   "question": np.append(np.float32(0), logit[count:])}  # fmt: skip
        rounded = {name: np.round(values.astype(float), 5).tolist() for name, values in numbers.items()}
        write.write_text(json.dumps(rounded) + "\n", encoding="utf-8")


def _take(lists: Lists, chosen: NDArray[np.bool_]) -> Lists:
    return Lists(lists.table[chosen], lists.figures[chosen], lists.right[chosen], lists.keys[chosen])


def _aspects(raw: Floats, average: Floats, deviation: Floats) -> Floats:
    """Return what `fusion.aspects` makes of figures, for these means and deviations."""
    return np.insert(np.clip((raw - average) / deviation, -2.5, 2.5), 0, 1, axis=1).astype(np.float32)


def _ranking(parts: Floats, keys: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return (key, place) best first, each key once."""
    order = np.argsort(-np.where(keys >= 0, parts.sum(axis=1), -np.inf), kind="stable")
    first: dict[int, int] = {}
    for place in order:
        if keys[place] >= 0:
            first.setdefault(int(keys[place]), int(place))
    return list(first.items())


def _evidence(parts: Floats, ranking: Sequence[tuple[int, int]]) -> Floats:
    ends = np.cumsum(list(PARTS.values()))
    hits = [
        {
            name: float(parts[place, end - width : end].sum())
            for (name, width), end in zip(PARTS.items(), ends, strict=True)
        }
        for _, place in ranking[:5]
    ]
    return evidence(hits) if hits else np.zeros(12, np.float32)


def _load(data: Path, name: str) -> QuestionSet:
    return load_set(data / "retrieval" / name / "queries.jsonl", data / "retrieval" / name / "qrels.tsv")


def _grouped(name: str, question: Question) -> Question:
    """Return the question in a group that no other set's decision of the same number shares."""
    decision = "decision" if name == "legal-issue-to-article" else "page"
    return Question(f"{name}/{question.id}", question.text, question.exclude, f"{decision} {question.group}")


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


def _sample(asked: Sequence[tuple[str, Question]], most: int, seed: int) -> list[int]:
    source, chosen = random.Random(seed), []
    for name in LABELLED:
        numbers = [number for number, (one, _) in enumerate(asked) if one == name]
        chosen += numbers if len(numbers) <= most else source.sample(numbers, most)
    return sorted(chosen)


def _fields(material: Material) -> tuple[Sequence[NDArray[np.int32]], ...]:
    return material.laws, material.headings, material.bodies


def _citations(articles: Sequence[Article], material: Material) -> Floats:
    """Return per article how many other articles cite it."""
    keys = {(title.replace(" ", ""), number): key for (title, number), key in (
        (tuple(document.rsplit("|", 1)), key) for document, key in material.key_of.items()
    )}  # fmt: skip
    counts = np.zeros(len(material.key_of), np.float32)
    for row, article in enumerate(articles):
        own = article.title.replace(" ", "")
        statute = re.sub("(?:시행령|시행규칙)$", "", own)
        last, cited = own, set()
        for quoted, pointer, number in _CITED.findall(article.body):
            last = quoted.replace(" ", "") if quoted else last
            law = (
                last if quoted or pointer == "같은 법" else {"법": statute, "영": f"{statute}시행령"}.get(pointer, own)
            )
            cited.add(keys.get((law, number), -1))
        for key in cited - {-1, int(material.keys[row])}:
            counts[key] += 1
    return counts[material.keys]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
