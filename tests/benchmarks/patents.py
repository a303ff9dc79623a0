"""How well prior art is found on the development sets, beside baselines, and how fast among many patents.

``python tests/benchmarks/patents.py [--data DIR] [--large]``

``DIR`` holds the shared data (``retrieval/patent-prior-art``: 77 abstracts, what their examiners cited among 11,000;
``patent-claims-prior-art``: 11 claims, reported one by one). A query's own patent is dropped, and with it what its
number says is later or may be: the same for every row. The search is asked as a user asks it (`PriorArtSearch.run`),
and uses no embedder; the default one stands beside it, alone. Intervals are 95 % bootstraps over questions.

``--large`` makes 100,000 patents of words drawn as in the corpus, Korean ones among them, and times warm searches for
whole claim sets.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import random
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "pipelines" / "patents"))

from prior_art_sets import PriorArtSet, Shelf, analyse, baselines, document, embedded, figures, lines, searched

from govrag.evaluate.metrics import Mean
from govrag.pipelines.patents.prior_art import PriorArtSearch
from govrag.records import DocumentInfo, Passage

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
_MANY = 100_000
_WORDS = 115  # of an abstract in the corpus
_KOREAN = 0.3  # of the made patents
_SUBCLASSES = ("G06F", "H01M", "B60L", "A01G", "C08L", "F16C", "H04W", "B01D")
_NOUNS = """
회전축 베어링 냉각수 유로 연료전지 온도센서 제어부 밸브 펌프 하우징 전극 분리막 전해질 배터리 충전 모터 기어 차량 도로
카메라 영상 신경망 서버 단말 통신 안테나 기판 반도체 수지 조성물 촉매 용매 입자 토양 작물 온실 관수 비료 종자 수확 열차
선박 프로펠러 압력 노즐 필터 렌즈 광원 스위치 회로 전압
""".split()  # noqa: SIM905 - a list of words, not of code


def main(arguments: Sequence[str] | None = None) -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description="Measure the search for prior art.")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--large", action="store_true", help=f"time searches among {_MANY:,} made patents")
    options = parser.parse_args(arguments)
    _say(f"{platform.platform()}, {platform.processor() or platform.machine()}, Python {platform.python_version()}")
    _say(f"{date.today()}")
    folder = options.data / "retrieval" / "patent-prior-art"
    found = PriorArtSet.read(folder)
    if options.large:
        _large(found)
        return
    digest = hashlib.sha256((folder / "corpus.jsonl.xz").read_bytes()).hexdigest()
    _say(f"patent-prior-art: {len(found.queries)} queries, {len(found.corpus):,} documents, corpus {digest[:12]}")
    analyse("가")  # the analyser is loaded once, by whoever comes first
    begun = time.process_time()
    search = PriorArtSearch(found.shelf(), analyse=analyse)
    search.holdings  # noqa: B018 - made here, to be timed
    _say(f"index made in {time.process_time() - begun:.1f} s of processor time")
    _rows({"prior art search": figures(found, searched(search, found))})
    _rows({name: figures(found, rank) for name, rank in baselines(found).items()})
    _rows({"default embedder alone": figures(found, embedded(found))})
    _claims(PriorArtSet.read(options.data / "retrieval" / "patent-claims-prior-art"))


def _rows(table: Mapping[str, Mapping[str, Mean]]) -> None:
    for line in lines(table):
        _say(line)


def _claims(found: PriorArtSet) -> None:
    """Tell for each claim at which ranks the art stands that its examiner used; its own patent is dropped by title."""
    _say(f"patent-claims-prior-art: {len(found.queries)} claims, {len(found.corpus)} documents")
    search = PriorArtSearch(found.shelf(), analyse=analyse)
    for query in found.queries:
        report = search.run(query["text"], critical_date=date.today(), limit=len(found.corpus))
        ids = [one.document_id for one in report.art if one.title != query.get("title")]
        ranks = {
            art: ids.index(art) + 1 if art in ids else None
            for art, grade in found.gold[query["id"]].items()
            if grade > 0
        }
        told = ", ".join(f"{art} {rank or '-'}" for art, rank in ranks.items())
        _say(f"  {query['id']:16} {len(report.elements):2} elements, ranks of the art used: {told}")


def _large(found: PriorArtSet) -> None:
    analyse("가")
    begun = time.perf_counter()
    shelf = Shelf(_made(found))
    _say(f"{_MANY:,} patents made in {time.perf_counter() - begun:.0f} s")
    begun, processor = time.perf_counter(), time.process_time()
    search = PriorArtSearch(shelf, analyse=analyse)
    search.holdings  # noqa: B018
    spent, used = time.perf_counter() - begun, time.process_time() - processor
    _say(f"index made in {spent:.0f} s ({used:.0f} s of processor time), {_peak():.1f} GB resident at most")
    times = []
    for number, text in enumerate(_claim_sets(found)):
        begun = time.perf_counter()
        search.run(text, critical_date=date(2022, 6, 1), classes=("H01M",) if number % 4 == 3 else ())
        times.append(1000 * (time.perf_counter() - begun))
    warm = sorted(times[1:])
    _say(f"{len(warm)} searches: p50 {warm[len(warm) // 2]:.0f} ms, p95 {warm[int(0.95 * len(warm))]:.0f} ms, "
         f"most {warm[-1]:.0f} ms")  # fmt: skip


def _made(found: PriorArtSet) -> Iterator[tuple[DocumentInfo, Sequence[Passage]]]:
    """Yield patents of words drawn as often as they stand in the corpus, with days, classes and claims."""
    chance = random.Random(8)  # the same patents each time
    words = [word for row in found.corpus for word in row["text"].split()]
    for number in range(_MANY):
        korean = chance.random() < _KOREAN
        text = " ".join(_korean(chance) if korean else chance.choices(words, k=_WORDS))
        day = date(2000, 1, 1) + timedelta(days=chance.randrange(9_000))
        metadata = {"IPC": f"{chance.choice(_SUBCLASSES)}{chance.randrange(1, 99)}/{chance.randrange(10, 99)}"}
        yield document(f"made-{number}", text, title=" ".join(text.split()[:4]), promulgated=day, metadata=metadata)


def _korean(chance: random.Random) -> Iterator[str]:
    endings = ("을", "에", "의", "와", "이", "")
    for _ in range(_WORDS):
        yield chance.choice(_NOUNS) + chance.choice(_NOUNS) * (chance.random() < 0.3) + chance.choice(endings)


def _claim_sets(found: PriorArtSet) -> Iterator[str]:
    """Yield claim sets of ten elements, made of the queries' words and of Korean ones."""
    chance = random.Random(9)
    for query in found.queries[:30]:
        words = query["text"].split()
        parts = [" ".join(chance.choices(words, k=14)) for _ in range(10)]
        yield f"What is claimed is:\n1. An apparatus comprising: {'; '.join(parts)}.\n2. The apparatus of claim 1."
        nouns = [f"{' '.join(chance.choices(_NOUNS, k=5))}부" for _ in range(10)]
        yield f"【청구항 1】\n{'; '.join(nouns)};를 포함하는 장치.\n【청구항 2】\n제1항에 있어서, 센서가 있는 장치."


def _peak() -> float:
    """Return the most memory that was resident, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
