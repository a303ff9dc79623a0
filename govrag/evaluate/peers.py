"""What a user would pick instead, over the same articles and questions: LangChain's BM25Retriever, and bm25s.

Each peer runs in a process of its own (``python -m govrag.evaluate.peers JOB RESULT``), so that its memory is its own.
It gets the articles ready cut, and none of our index; with ``tokens = "morphemes"`` it gets our analysis of words too.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from govrag.errors import MissingExtra
from govrag.evaluate.run import Evaluation, Progress, depth, evaluate, sampled
from govrag.evaluate.sets import QuestionSet, load_set
from govrag.evaluate.speed import run_child
from govrag.korean.morphemes import MemoryLexicon, analyses, morphemes, words
from govrag.records import Hit, Passage, Record

Tokens = Literal["default", "morphemes"]
Tokenise = Callable[[str], list[str]]
Find = Callable[[str], Sequence[int]]  # a question to the numbers of the texts found, best first

_PACKAGES = {"langchain_community": "langchain-community", "rank_bm25": "rank-bm25", "bm25s": "bm25s"}
_TRACING = ("LANGCHAIN_", "LANGSMITH_")  # variables by which LangChain sends what it does to a service


class Peer(Record):
    """One way to search the articles: how long it took to build, what it held, how well and how fast it finds."""

    system: str
    tokens: str
    build_s: float | None  # from texts to answering, analysis of words included; None when it was built before
    analysis_s: float = 0.0  # of it: the analysis of words
    peak_bytes: int  # resident memory of the process
    evaluation: Evaluation


def measure(
    articles: Path,
    *,
    queries: Path,
    qrels: Path,
    sample: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Peer]:
    """Return every peer over the articles of a file that `write_articles` made; each in a new process, one by one.

    Raises `MissingExtra` before anything runs when a peer is not installed.
    """
    check_installed()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_TRACING)}
    peers = []
    for done, (system, tokens) in enumerate(_PEERS):
        if progress:
            progress(done, len(_PEERS), f"{system} ({tokens})")
        with tempfile.TemporaryDirectory(prefix="govrag-peer-") as folder:
            job, result = Path(folder, "job.json"), Path(folder, "result.json")
            asked = {
                "system": system,
                "tokens": tokens,
                "articles": str(articles),
                "queries": str(queries),
                "qrels": str(qrels),
                "sample": sample,
                "seed": seed,
            }
            job.write_text(json.dumps(asked), encoding="utf-8")
            cost = run_child(
                [sys.executable, "-m", "govrag.evaluate.peers", str(job), str(result)], environment=environment
            )
            answer = json.loads(result.read_text(encoding="utf-8"))
        peers.append(Peer.model_validate(answer | {"peak_bytes": cost.peak_bytes}))
    return peers


def check_installed() -> None:
    """Raise `MissingExtra` naming the first package that a peer lacks."""
    for module, package in _PACKAGES.items():
        if find_spec(module) is None:
            raise MissingExtra(package, "bench")


def write_articles(path: Path, passages: Iterable[Passage]) -> int:
    """Write passages for the peers, one JSON list a line; return how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for passage in passages:
            row = [passage.document_id, passage.locator, passage.title, passage.text]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def read_articles(path: Path) -> list[Passage]:
    """Return the passages that `write_articles` wrote: what names them, and their text."""
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        Passage(f"{document}#{locator}", document, locator, text, 0, len(text), (title,))
        for document, locator, title, text in rows
    ]


def compare(system: str, *, tokens: Tokens, articles: Sequence[Passage], questions: QuestionSet) -> dict[str, object]:
    """Return the fields of a `Peer` but its memory: build it here, and ask it every question."""
    texts = [f"{article.title} {article.text}" for article in articles]
    started = time.perf_counter()
    tokenise = None if tokens == "default" else _morphemes(texts)
    analysed = time.perf_counter()
    find = _SYSTEMS[system](texts, tokenise, min(depth(questions), len(texts)))
    built = time.perf_counter()
    evaluation = evaluate(
        lambda text: [Hit(articles[number], 1 / rank) for rank, number in enumerate(find(text), 1)], questions
    )
    return {
        "system": system,
        "tokens": tokens,
        "build_s": round(built - started, 2),
        "analysis_s": round(analysed - started, 2) if tokenise else 0.0,
        "evaluation": evaluation.to_dict(),
    }


def _morphemes(texts: Sequence[str]) -> Tokenise:
    """Return a tokeniser that knows every word of the texts already; each distinct word is analysed once."""
    lexicon = MemoryLexicon()
    analyses((word for text in texts for word in words(text)), lexicon)
    return lambda text: morphemes(text, lexicon)


def _langchain(texts: Sequence[str], tokenise: Tokenise | None, limit: int) -> Find:
    from langchain_community.retrievers import BM25Retriever

    numbers = [{"number": number} for number in range(len(texts))]
    if tokenise is None:  # its own: split at white space
        retriever = BM25Retriever.from_texts(texts, metadatas=numbers, k=limit)
    else:
        retriever = BM25Retriever.from_texts(texts, metadatas=numbers, preprocess_func=tokenise, k=limit)
    return lambda question: [int(document.metadata["number"]) for document in retriever.invoke(question)]


def _bm25s(texts: Sequence[str], tokenise: Tokenise | None, limit: int) -> Find:
    import bm25s

    def tokens(some: Sequence[str]) -> object:
        if tokenise is None:  # its own: runs of two and more word characters, English stop words left out
            return bm25s.tokenize(list(some), show_progress=False)
        return [tokenise(text) for text in some]

    index = bm25s.BM25()
    index.index(tokens(texts), show_progress=False)

    def find(question: str) -> list[int]:
        numbers, _ = index.retrieve(tokens([question]), k=limit, show_progress=False)
        return [int(number) for number in numbers[0]]

    return find


_SYSTEMS: Mapping[str, Callable[[Sequence[str], Tokenise | None, int], Find]] = {
    "LangChain BM25Retriever": _langchain,
    "bm25s": _bm25s,
}
_PEERS: tuple[tuple[str, Tokens], ...] = tuple(
    (system, tokens) for system in _SYSTEMS for tokens in ("default", "morphemes")
)


def main(job: str, result: str) -> None:
    """Do one job of `measure`: read the job, build the peer, ask, write the result."""
    asked = json.loads(Path(job).read_text(encoding="utf-8"))
    questions = load_set(Path(asked["queries"]), Path(asked["qrels"]))
    if asked["sample"] is not None:
        questions = sampled(questions, count=asked["sample"], seed=asked["seed"])
    articles = read_articles(Path(asked["articles"]))
    answer = compare(asked["system"], tokens=asked["tokens"], articles=articles, questions=questions)
    Path(result).write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
