"""Commands that measure: evaluate (how good), bench (how fast), doctor (is everything there)."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govrag.cli import figures
from govrag.cli.output import (
    CollectionsOption,
    JsonOption,
    LangOption,
    LibraryOption,
    Session,
    print_json,
    progress,
    session,
)
from govrag.errors import UsageError

if TYPE_CHECKING:
    from govrag.evaluate.peers import Peer
    from govrag.evaluate.reading import Answer, Run
    from govrag.evaluate.speed import Corpus, Ingest, Latency
    from govrag.ingest.sandbox import Outcome
    from govrag.library import Library
    from govrag.records import Hit, Passage, Section, Table

_HITS = 10  # of a search that is timed: a page of results
_EMBEDDED = 1_000  # passages that are embedded

SampleOption = Annotated[
    int | None, typer.Option(min=1, help="질문을 이만큼만 뽑아 씀 / use a sample of this many questions")
]
SeedOption = Annotated[int, typer.Option(help="뽑는 씨앗 / seed of the sample")]


def evaluate(
    queries: Annotated[Path, typer.Option(help="질문 JSONL(id, text) / questions: id, text")],
    qrels: Annotated[Path, typer.Option(help="정답 TSV(질문, 문서, 등급) / gold: query, document, grade")],
    library: LibraryOption = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", help="기준일, 없으면 각 법령의 최신 글 / default: each law's newest text", metavar="DATE"
        ),
    ] = None,
    collection: CollectionsOption = None,
    sample: SampleOption = None,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """정답이 있는 질문으로 검색의 질을 잽니다. / Measure how good search is, on questions with gold."""
    from govrag.evaluate import run as evaluation
    from govrag.evaluate.sets import load_set

    with session(lang) as run, run.library(library) as opened:
        questions = load_set(queries, qrels)
        if sample is not None:
            questions = evaluation.sampled(questions, count=sample, seed=seed)
        depth = evaluation.depth(questions)
        laws = _kinds_of_law(opened) if evaluation.DocumentIds(questions).only_articles else ()

        def search(text: str, limit: int, kind: Sequence[str]) -> Sequence[Hit]:
            newest, chosen = as_of is None, collection or ()
            return opened.search(text, limit=limit, as_of=as_of, newest=newest, collection=chosen, kind=kind).rows

        with progress("질문하는 중", "asking", run.lang) as bar:
            result = evaluation.evaluate(
                lambda text: search(text, depth, laws),
                questions,
                page=lambda text: search(text, _HITS, ()),
                progress=bar,
            )
        if json:
            print_json(result.to_dict())
        else:
            figures.print_evaluation(result, run.lang)


def _kinds_of_law(opened: Library) -> Sequence[str]:
    """Return the kinds of documents that hold articles, where there are others, which vote: () is all kinds."""
    from govrag.index.rows import DECIDING

    kinds = {info.kind for info in opened.documents()}
    return sorted(kinds.difference(DECIDING)) if kinds.intersection(DECIDING) else ()


# ── bench ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Part(StrEnum):
    """What `govrag bench` can measure."""

    INGEST = "ingest"
    OPEN = "open"
    SEARCH = "search"
    PEERS = "peers"
    READ = "read"
    EMBED = "embed"
    ALL = "all"  # of what needs a library and no model


# Ours, for when no questions are given. The first holds a word that no statute has, so that opening a library pays for
# the morphological analyser, as most people's first question does.
_QUESTIONS = (
    "알바생인데 주휴수당은 언제부터 챙겨받나요?",
    "연차 유급휴가는 며칠인가",
    "수의계약을 할 수 있는 경우",
    "특허출원 심사청구 기간",
    "개인정보를 제3자에게 제공할 때 동의",
    "해고 예고 기간과 예외",
    "여객자동차 운수종사자의 준수사항",
    "청년농업인 영농정착 지원금 자격",
    "입찰참가자격 제한 사유와 기간",
    "정보공개 청구를 거부할 수 있는 정보",
)


def bench(
    part: Annotated[Part, typer.Argument(help="잴 것 / what to measure")],
    paths: Annotated[
        list[Path] | None, typer.Argument(help="새 장서에 넣을 파일과 폴더 / files and folders for a fresh library")
    ] = None,
    library: LibraryOption = None,
    queries: Annotated[Path | None, typer.Option(help="질문 JSONL / questions")] = None,
    qrels: Annotated[Path | None, typer.Option(help="정답 TSV / gold")] = None,
    embedder: Annotated[
        str | None, typer.Option(help="embed: 견줄 모델 폴더 / embed: folder of the model to measure", metavar="PATH")
    ] = None,
    device: Annotated[str, typer.Option(help="embed: 임베딩할 장치, cuda:0 등 / embed: where, as cuda:0")] = "cpu",
    sample: SampleOption = None,
    seed: SeedOption = 0,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """시간, 메모리, 디스크를 재고 다른 도구와 견줍니다. / Measure time, memory and disk, and compare with peers."""
    from govrag.evaluate import peers, speed

    apart = (Part.ALL, Part.READ, Part.EMBED)
    parts = [one for one in Part if one not in apart] if part is Part.ALL else [part]
    with session(lang) as run, ExitStack() as stack:
        if part is Part.READ:
            _bench_reading(run, paths or (), json=json)
            return
        if part is Part.EMBED:
            _bench_embedding(run, library, embedder, device, sample=sample or _EMBEDDED, seed=seed, json=json)
            return
        gold = (queries, qrels) if queries and qrels else None
        if Part.PEERS in parts and gold is None:
            if part is Part.PEERS:
                raise UsageError(
                    "견주려면 --queries와 --qrels로 질문과 정답을 지정하십시오.",
                    "to compare, name questions and gold with --queries and --qrels.",
                )
            parts.remove(Part.PEERS)
            run.say("--queries와 --qrels가 없어 peers는 건너뜁니다.", "peers left out: no --queries and --qrels.")
        if Part.PEERS in parts:
            peers.check_installed()
        if Part.INGEST in parts and not paths:
            raise UsageError("새 장서에 넣을 파일이나 폴더를 적으십시오.", "name files or folders for a fresh library.")

        machine = speed.machine()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="govrag-bench-")))
        filled = None
        if paths:
            place = _fresh(run, library or folder / "library")
            run.say(f"{place}에 넣는 중 …", f"filling {place} …")
            command = [sys.executable, "-m", "govrag", "add", *map(str, paths), "--library", str(place), "--json"]
            filled = speed.ingest(command, inputs=paths, library=place)
        opened = stack.enter_context(run.library(place if paths else library))
        report = figures.Report(run.lang, machine, _corpus(opened))
        if filled:
            report.ingest(filled)
        if Part.OPEN in parts:
            run.say("새 프로세스에서 여는 중 …", "opening in new processes …")
            report.opening(speed.opening(opened.path, question=_QUESTIONS[0]))
        if Part.SEARCH in parts:
            run.say("찾는 중 …", "searching …")
            report.search(*_latencies(opened, _texts(queries, sample)))
        if Part.PEERS in parts and gold is not None:
            report.peers(_peers(run, opened, folder, gold, sample=sample, seed=seed, filled=filled))
        if json:
            print_json(report.json)
        else:
            report.print()


def _bench_reading(run: Session, paths: Sequence[Path], *, json: bool) -> None:
    """Print how files are read; a library is neither needed nor made."""
    from govrag.evaluate import reading, speed
    from govrag.ingest import sources

    if not paths:
        raise UsageError("읽을 파일이나 폴더를 적으십시오.", "name files or folders to read.")
    files = [job.path for job in sources.jobs(paths, {}) if job.path]
    machine = speed.machine()
    with progress("읽는 중", "reading", run.lang) as bar:
        found = reading.measure(files, ours=_OurReading(), progress=bar)
    if json:
        print_json(figures.reading_json(machine, found))
    else:
        figures.print_reading(machine, found, run.lang)


def _bench_embedding(
    run: Session, library: Path | None, model: str | None, device: str, *, sample: int, seed: int, json: bool
) -> None:
    """Print how fast a model embeds passages of a library, beside `SentenceTransformer.encode`."""
    from govrag.cli.embedding import compare, sampled
    from govrag.evaluate import speed
    from govrag.evaluate.embedding import markdown

    if model is None:
        raise UsageError(
            "잴 모델의 폴더를 --embedder로 지정하십시오.", "name the folder of the model to measure with --embedder."
        )
    with run.library(library) as opened:
        texts = sampled(opened, count=sample, seed=seed)
    machine = speed.machine()
    run.say(f"{len(texts):,}개 글을 여러 방법으로 임베딩하는 중 …", f"embedding {len(texts):,} texts in every way …")
    found = compare(Path(model), texts, device=device)
    if json:
        print_json({"machine": machine.model_dump(mode="json"), **found.model_dump(mode="json")})
    else:
        typer.echo(f"{machine.cpu}, {device}, load {machine.load}\n\n{markdown(found)}")


class _OurReading:
    """Reading as `add` does it: in a sandbox with one worker, which is warm when the clock starts."""

    def read(self, files: Sequence[Path]) -> Run:
        from govrag.evaluate.reading import Run

        before = _cpu_seconds()
        self._answers(files[:1])
        start = _cpu_seconds() - before  # of the worker, its imports and one file
        answers = self._answers([files[0], *files])[1:]
        return Run(answers, max(_cpu_seconds() - before - 2 * start, 0.0))

    def tables(self, files: Sequence[Path]) -> Iterator[Sequence[Table]]:
        for outcome in self._outcomes(files, tree=True):
            yield [table for read in outcome.documents for table in _tables(read.document.sections)]

    def _answers(self, files: Sequence[Path]) -> list[Answer]:
        from govrag.evaluate.reading import Answer

        answers = []
        since = time.perf_counter()
        for outcome in self._outcomes(files):
            text = "\n".join(read.document.text for read in outcome.documents)
            name, reason = (type(outcome.error).__name__, outcome.error.en) if outcome.error else ("", "")
            now = time.perf_counter()
            answers.append(Answer(text, name, reason, now - since))
            since = now
        return answers

    def _outcomes(self, files: Sequence[Path], *, tree: bool = False) -> Iterator[Outcome]:
        from govrag.ingest.sandbox import Job, Sandbox

        with Sandbox(workers=1) as sandbox:
            yield from sandbox.run(Job(str(file), file.name, file, tree=tree) for file in files)


def _cpu_seconds() -> float:
    """Return what this process and its ended children have used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _tables(sections: Sequence[Section]) -> Iterator[Table]:
    for section in sections:
        if section.table is not None:
            yield section.table
        yield from _tables(section.children)


def _fresh(run: Session, place: Path) -> Path:
    with run.library(place) as there:
        if there.names:
            raise UsageError(
                f"{place}: 이미 장서가 있습니다. 색인 시간은 빈 곳에서 잽니다. 다른 --library를 지정하거나 빼십시오.",
                f"{place}: there is a library already. Filling is measured from nothing: "
                "name another --library, or none.",
            )
    return place


def _corpus(opened: Library) -> Corpus:
    from govrag.evaluate import speed
    from govrag.index.store import Store

    rows = opened.info()
    hashes: list[str] = []
    for name in opened.names:
        store = Store(opened.path / name, writable=False)
        try:
            hashes += store.known_hashes().values()
        finally:
            store.close()
    documents, passages = (sum(row[count] for row in rows) for count in ("documents", "passages"))
    return speed.corpus(hashes, documents=documents, passages=passages)


def _texts(queries: Path | None, sample: int | None) -> Sequence[str]:
    from govrag.cli import sheets

    return sheets.read_column(queries, "text")[:sample] if queries else _QUESTIONS


def _latencies(opened: Library, questions: Sequence[str]) -> tuple[Latency, Latency]:
    """Return the times of a plain search, and of one on a day a year ago in documents of the commonest kind."""
    from govrag.evaluate import speed

    kinds = Counter(info.kind for info in opened.documents() if info.kind)
    kind = [name for name, _ in kinds.most_common(1)]
    day = date.today() - timedelta(days=365)
    return (
        speed.latency(lambda text: opened.search(text, limit=_HITS), questions=questions),
        speed.latency(lambda text: opened.search(text, limit=_HITS, as_of=day, kind=kind), questions=questions),
    )


def _peers(
    run: Session,
    opened: Library,
    folder: Path,
    gold: tuple[Path, Path],
    *,
    sample: int | None,
    seed: int,
    filled: Ingest | None,
) -> list[Peer]:
    from govrag.evaluate import peers, speed
    from govrag.evaluate.run import Evaluation

    queries, qrels = gold
    command = [sys.executable, "-m", "govrag", "evaluate", "--library", str(opened.path), "--json"]
    command += ["--queries", str(queries), "--qrels", str(qrels), "--seed", str(seed)]
    cost = speed.run_child(command + (["--sample", str(sample)] if sample else []))
    ours = peers.Peer(
        system="govrag",
        tokens="hybrid",
        build_s=filled.wall_s if filled else None,
        peak_bytes=cost.peak_bytes,
        evaluation=Evaluation.model_validate_json(cost.output),
    )
    articles = folder / "articles.jsonl"
    peers.write_articles(articles, _newest(opened))
    with progress("견주는 중", "comparing", run.lang) as bar:
        others = peers.measure(articles, queries=queries, qrels=qrels, sample=sample, seed=seed, progress=bar)
    return [ours, *others]


def _newest(opened: Library) -> Iterator[Passage]:
    """Yield what `evaluate` searches: the body of each law's newest text."""
    for info in opened.documents():
        for passage in opened.passages(info.document_id, collection=info.collection):
            if passage.role == "body" and passage.validity.visible_to is None:
                yield passage


# ── doctor ────────────────────────────────────────────────────────────────────────────────────────────────────────

_MARKS = {"ok": "✓", "warning": "!", "problem": "✗"}


def doctor(library: LibraryOption = None, json: JsonOption = False, lang: LangOption = None) -> None:
    """설치와 장서를 살피고 고칠 방법을 알려 줍니다. / Examine the installation and a library, and say what to mend."""
    from govrag.cli import checkup

    with session(lang) as run:
        checks = list(checkup.installation())
        place = library or run.settings.library
        if place is not None:
            checks += checkup.library(place)
        problems = sum(check.state == "problem" for check in checks)
        warnings = sum(check.state == "warning" for check in checks)
        if json:
            print_json({"problems": problems, "warnings": warnings, "checks": [check.to_dict() for check in checks]})
        else:
            for check in checks:
                text, remedy = (check.text, check.remedy) if run.lang == "ko" else (check.text_en, check.remedy_en)
                typer.echo(f"{_MARKS[check.state]} {check.name}: {text}" + (f"\n    → {remedy}" if remedy else ""))
            run.say(f"문제 {problems}건, 주의 {warnings}건", f"problems: {problems}, warnings: {warnings}")
        if problems:
            raise typer.Exit(1)
