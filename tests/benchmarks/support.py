"""Measure whether a cited article is told from a wrong one, and a true sentence from an altered one.

``python tests/benchmarks/support.py --data DIR [--sample 2500] [--embedder FILE] [--write FILE]``

True cases are the sentences of ``claim-to-article`` with the articles their editors cite; wrong ones are made of them:
another article of the same law, the one before or after, a number, date or amount of money altered, a limit turned
round, the yes or no of the end turned, the party swapped. Articles that one sentence cites together stay in one half;
the weights and thresholds come from one half, the figures from the other. The package's embedder has seen these
sentences, so one that has not is trained first (four CPU-minutes; or give one with ``--embedder``).

What was tried, wrong articles caught at 5 % false alarms (random, neighbour; 1,500 sentences of the report half):

- share of the sentence's morphemes, by rarity, in the article 0.84, 0.61; its two-letter pieces 0.80, 0.59;
  cosine 0.79, 0.47; cosine with the heading 0.63, 0.32; share of the heading's morphemes: nothing; all 0.92, 0.74
- the first three as margins over the best other article of the law: 0.97, 0.92; 0.97, 0.93; 0.95, 0.83;
  all three 0.99, 0.96
- the rank within the law 0.95, 0.78: it adds nothing to the margins, nor does the heading or the sentence's length

Of words (fit half, 2,500 sentences): compared by value and unit alone 0.86 of the changed numbers are told, for the
article often holds the other one somewhere; units of their own for 3자 and 1심 and the words beside an amount bring
0.94, prison terms paired with their fines 0.95.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govrag.embed.pairs import Article, read_articles, read_material
from govrag.embed.static import StaticEmbedder, save_weights
from govrag.embed.train import train
from govrag.korean.morphemes import MemoryLexicon, analyses, morphemes, words
from govrag.pipelines.amounts import amounts
from govrag.pipelines.support import Fit, Supported, parts
from govrag.pipelines.words import differences
from govrag.records import Passage

SET = "claim-to-article"
RATES = (0.01, 0.02, 0.05, 0.10)  # false alarms
REFUSED = 0.01  # share of true sentences that the shipped threshold refuses
SHORTEST = 40  # characters of an article that can be cited instead
PARTIES = (("사용자", "근로자"), ("사업주", "근로자"), ("임대인", "임차인"), ("매도인", "매수인"), ("채권자", "채무자"),
           ("도급인", "수급인"), ("원고", "피고"), ("양도인", "양수인"), ("소비자", "사업자"),
           ("국가", "지방자치단체"))  # fmt: skip
LIMITS = {"이상": "미만", "초과": "이하", "이하": "초과", "이내": "이상", "미만": "이상"}
ENDS = (  # yes ↔ no, first that fits
    (r"지 않아도 됩니다", "어야 합니다"), (r"(?:하여|해)야 (?:합니다|하며)", "하지 않아도 됩니다"),
    (r"수 있습니다", "수 없습니다"), (r"수 없습니다", "수 있습니다"),
    (r"지 (?:않습니다|아니합니다|못합니다)", "게 됩니다"),
    (r"서는 안 ?됩니다", "도 됩니다"),
    (r"됩니다", "되지 않습니다"), (r"합니다", "하지 않습니다"),
)  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """A true sentence, the passages it cites, its half."""

    text: str
    cited: tuple[Passage, ...]
    half: int


class Shelf:
    """The articles by title and number, and by law."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.by_name: dict[str, list[Passage]] = defaultdict(list)
        self.laws: dict[str, list[Passage]] = {}
        for number, (_, group) in enumerate(groupby(articles, key=lambda one: (one.title, one.kind))):
            held = [_passage(article, f"{number}", place) for place, article in enumerate(group)]
            self.laws[f"{number}"] = held
            for passage in held:
                self.by_name[f"{passage.title}|{passage.locator}"].append(passage)

    def siblings(self, passage: Passage) -> Sequence[Passage]:
        """Return the articles of the same law."""
        return self.laws[passage.document_id]


def read_claims(folder: Path, shelf: Shelf) -> list[Claim]:
    """Return the sentences whose articles are here; articles cited together fall into one half."""
    cited: dict[str, list[str]] = defaultdict(list)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, _ = line.split("\t")
        if document in shelf.by_name:
            cited[query].append(document)
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for documents in cited.values():
        for document in documents[1:]:
            parent[root(document)] = root(documents[0])
    rows = (json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").split("\n") if line)
    return [
        Claim(
            row["text"],
            tuple(passage for document in cited[row["id"]] for passage in shelf.by_name[document]),
            hashlib.sha256(root(cited[row["id"]][0]).encode()).digest()[-1] % 2,
        )
        for row in rows
        if cited[row["id"]]
    ]


# ── wrong cases ───────────────────────────────────────────────────────────────────────────────────────────────────


def wrong_article(claim: Claim, shelf: Shelf, source: random.Random, *, beside: bool) -> list[Passage]:
    """Return one article of the same law that the claim does not cite, [] when there is none."""
    ids = {passage.id for passage in claim.cited}
    one = source.choice(claim.cited)
    held = shelf.siblings(one)
    at = next(place for place, passage in enumerate(held) if passage.id == one.id)
    near = [*held[max(at - 1, 0) : at], *held[at + 1 : at + 2]] if beside else held
    free = [passage for passage in near if passage.id not in ids and len(passage.text) >= SHORTEST]
    return [source.choice(free)] if free else []


def other_number(text: str, source: random.Random, units: Callable[[str], bool]) -> str:
    """Return the text with one digit of one amount of such a unit altered, "" when it has none."""
    found = [one for one in amounts(text) if units(one.unit) and re.search(r"\d", text[one.start : one.end])]
    if not found:
        return ""
    one = source.choice(found)
    digits = [place for place in range(one.start, one.end) if text[place] in "0123456789"]
    place = digits[0]
    altered = source.choice([digit for digit in "123456789" if digit != text[place]])
    return text[:place] + altered + text[place + 1 :]


def other_date(text: str, source: random.Random) -> str:
    """Return the text with the last number of a date altered."""
    found = [one for one in amounts(text) if one.unit == "날"]
    if not found:
        return ""
    one = source.choice(found)
    number = list(re.finditer(r"\d+", text[one.start : one.end]))[-1]
    value = int(number[0])
    other = value + source.choice((1, 2, 5)) if value < 20 or value > 31 else value - source.choice((1, 3, 7))
    return text[: one.start + number.start()] + str(other) + text[one.start + number.end() :]


def turned_limit(text: str, source: random.Random) -> str:
    """Return the text with 이상 and 이하 and the like turned round after one amount."""
    found = [
        one for one in re.finditer("이상|초과|이하|이내|미만", text) if re.search(r"\d\D{0,6}\Z", text[: one.start()])
    ]
    if not found:
        return ""
    one = source.choice(found)
    return text[: one.start()] + LIMITS[one[0]] + text[one.end() :]


def denied(text: str, _: random.Random) -> str:
    """Return the text with the yes or no of its last verb turned."""
    for end, other in ENDS:
        changed = re.sub(end + r"\Z", other, text)
        if changed != text:
            return changed
    return ""


def other_party(text: str, _: random.Random) -> str:
    """Return the text with the two parties of the first pair it names swapped."""
    for pair in PARTIES:
        for one, other in (pair, pair[::-1]):
            if re.search(rf"(?<![가-힣]){one}(?:은|는|이|가)(?![가-힣])", text):
                return text.replace(other, "\0").replace(one, other).replace("\0", one)
    return ""


ALTERED: dict[str, Callable[[str, random.Random], str]] = {
    "number": lambda text, source: other_number(text, source, lambda unit: unit not in {"조", "항", "호", "날"}),
    "date": other_date,
    "amount": lambda text, source: other_number(text, source, lambda unit: unit == "원"),
    "article named": lambda text, source: other_number(text, source, lambda unit: unit in {"조", "항", "호"}),
    "limit": turned_limit,
    "negation": denied,
    "party": other_party,
}


# ── measuring ─────────────────────────────────────────────────────────────────────────────────────────────────────


def rarity_of(
    passages: Sequence[Passage], analyse: Callable[[str], list[str]]
) -> Callable[[Sequence[str]], list[float]]:
    """Return how rare morphemes are in these passages."""
    held: dict[str, int] = defaultdict(int)
    for passage in passages:
        for morpheme in set(analyse(passage.text)):
            held[morpheme] += 1
    total = len(passages)
    return lambda terms: [math.log(1 + (total - held.get(t, 0) + 0.5) / (held.get(t, 0) + 0.5)) for t in terms]


def learn(table: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of a logistic regression, constant first, with a unit ridge on standardised columns."""
    average, deviation = table.mean(axis=0), table.std(axis=0) + 1e-9
    seen = np.column_stack([np.ones(len(table)), (table - average) / deviation])
    ridge = np.diag([1e-6, *[1.0] * table.shape[1]])
    learned = np.zeros(seen.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-seen @ learned))
        curve = (seen.T * (chance * (1 - chance))) @ seen + ridge
        learned -= np.linalg.solve(curve, seen.T @ (chance - right) + ridge @ learned)
    slopes = learned[1:] / deviation
    return np.append(learned[0] - slopes @ average, slopes)


def wilson(hits: int, count: int) -> str:
    """Return a share with its 95 % interval."""
    if not count:
        return "n=0"
    share, z = hits / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return f"{share:.3f} [{middle - half:.3f}, {middle + half:.3f}] n={count}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the whole of it."""
    parser = argparse.ArgumentParser(description="Measure support and the comparison of words.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=2_500, help="sentences of each half at most")
    parser.add_argument("--embedder", type=Path, help="weights that have not seen these sentences")
    parser.add_argument("--write", type=Path, help="support.json to write")
    options = parser.parse_args(arguments)
    embedder = StaticEmbedder(options.embedder or _unseeing(options.data))
    shelf, source = Shelf(read_articles(options.data)), random.Random(5)
    claims = read_claims(options.data / "retrieval" / SET, shelf)
    source.shuffle(claims)
    sample = [claim for half in (0, 1) for claim in [one for one in claims if one.half == half][: options.sample]]
    sample.sort(key=lambda claim: int(claim.cited[0].document_id))  # laws stay on the judge's shelves
    lexicon = MemoryLexicon()
    touched = {passage.document_id for claim in sample for passage in claim.cited}
    held = [passage for law in sorted(touched) for passage in shelf.laws[law]]
    texts = [*(passage.text for passage in held), *(claim.text for claim in sample)]
    analyses(dict.fromkeys(word for text in texts for word in words(text)), lexicon)

    def analyse(text: str) -> list[str]:
        return morphemes(text, lexicon)

    judge = Supported(analyse=analyse, embedder=embedder, rarity=rarity_of(held, analyse), siblings=shelf.siblings)
    fits = _fits(sample, judge, shelf, source)
    learned = {name: _report_articles(name, fits) for name in ("beside", "alone")}
    _report_words(sample, judge, source, *learned["beside"])
    if options.write:
        numbers = {
            name: {"weights": np.round(weights, 4).tolist(), "least": round(least, 5)}
            for name, (weights, least) in learned.items()
        }
        options.write.write_text(json.dumps(numbers) + "\n", encoding="utf-8")


def _fits(
    sample: Sequence[Claim], judge: Supported, shelf: Shelf, source: random.Random
) -> dict[tuple[int, str], list[Fit]]:
    found: dict[tuple[int, str], list[Fit]] = defaultdict(list)
    for claim in sample:
        cases = {
            "true": claim.cited,
            "random": wrong_article(claim, shelf, source, beside=False),
            "neighbour": wrong_article(claim, shelf, source, beside=True),
        }
        if len(claim.cited) == 1:
            cases["true, one article"] = claim.cited
        for kind, cited in cases.items():
            fit = judge.fit(claim.text, cited) if cited else None
            if fit is not None and not fit.alone:
                found[claim.half, kind].append(fit)
    return found


def _report_articles(name: str, fits: dict[tuple[int, str], list[Fit]]) -> tuple[NDArray[np.float64], float]:
    tables = {
        key: np.array([parts(fit._replace(alone=name == "alone")) for fit in found]) for key, found in fits.items()
    }
    wrong = np.concatenate([tables[0, "random"], tables[0, "neighbour"]])
    table = np.concatenate([tables[0, "true"], wrong])
    weights = learn(table, np.repeat([1.0, 0.0], [len(tables[0, "true"]), len(wrong)]))
    scores = {key: weights[0] + found @ weights[1:] for key, found in tables.items()}
    for rate in RATES:
        threshold = np.quantile(scores[0, "true"], rate)
        for kind in ("true", "true, one article", "random", "neighbour"):
            refused = scores[1, kind] < threshold
            share = wilson(int(refused.sum()), len(refused))
            _say(f"{name:7} at {rate:.2f} of the fit half: {kind:18} refused {share}")
    threshold = float(np.quantile(scores[0, "true"], REFUSED))
    return weights, 1 / (1 + math.exp(-threshold))


def _report_words(
    sample: Sequence[Claim], judge: Supported, source: random.Random, weights: NDArray[np.float64], least: float
) -> None:
    counts: dict[str, list[tuple[bool, bool, bool, bool]]] = defaultdict(list)
    log_odds = math.log(least / (1 - least))
    for claim in sample:
        if claim.half == 0:
            continue
        texts = {"true": claim.text}
        if amounts(claim.text):
            texts["true, with amounts"] = claim.text
        texts |= {kind: alter(claim.text, source) for kind, alter in ALTERED.items()}
        for kind, text in texts.items():
            if text and (kind.startswith("true") or text != claim.text):
                told = differences(text, claim.cited, [passage.text for passage in claim.cited])
                fit = judge.fit(text, claim.cited)
                unfit = fit is None or weights[0] + parts(fit._replace(alone=False)) @ weights[1:] < log_odds
                counts[kind].append(
                    (
                        any(one.kind == "wrong" for one in told),
                        any(one.about == "amount" for one in told),
                        bool(told),
                        bool(told) or bool(unfit),
                    )
                )
    for kind, found in counts.items():
        shares = [wilson(sum(column), len(found)) for column in zip(*found, strict=True)]
        names = ("wrong", "any amount", "wrong or unsupported", "with support")
        _say(f"{kind:20} " + "; ".join(f"{name} {share}" for name, share in zip(names, shares, strict=True)))


def _passage(article: Article, law: str, place: int) -> Passage:
    text = f"{article.number}({article.heading})\n{article.body}"
    return Passage(f"{law}#{place}", law, article.number, text, 0, len(text), (article.title, article.number))


def _unseeing(data: Path) -> Path:
    """Train an embedder that has seen none of the sentences."""
    import tempfile

    material = read_material(data)
    table, _ = train(material, without={one.id for one in material.questions if one.id.startswith(f"{SET}/")})
    path = Path(tempfile.mkdtemp()) / "unseeing.npz"
    save_weights(path, vocabulary=table.vocabulary, weights=table.weights, rows=table.rows)
    return path


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
