"""How measured figures look: tables for a person, JSON for a program, under the machine and corpus they belong to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from govrag import __version__
from govrag.errors import Lang

if TYPE_CHECKING:
    from govrag.evaluate.peers import Peer
    from govrag.evaluate.reading import Outcome, Reading
    from govrag.evaluate.run import Evaluation
    from govrag.evaluate.speed import Corpus, Ingest, Latency, Machine, Opening

Words = tuple[str, str]  # Korean, English
Row = tuple[Words, str]


class Report:
    """What was measured so far: as JSON and as tables, under the machine and the corpus that the figures belong to."""

    def __init__(self, lang: Lang, machine: Machine, corpus: Corpus) -> None:
        self._lang = lang
        self._tables: list[tuple[Words, Sequence[Row]]] = []
        self._peers: list[Peer] = []
        self.json: dict[str, Any] = {
            "govrag": __version__,
            "date": date.today().isoformat(),
            "machine": machine.to_dict(),
            "corpus": corpus.to_dict(),
        }
        self._tables.append((("측정 조건", "measured on"), _condition_rows(machine, corpus)))

    def ingest(self, filled: Ingest) -> None:
        """Add what filling the library took."""
        self.json["ingest"] = filled.to_dict() | {"disk_ratio": round(filled.disk_ratio, 3)}
        self._tables.append((("색인", "ingest"), _ingest_rows(filled)))

    def opening(self, opening: Opening) -> None:
        """Add what a new process takes."""
        self.json["open"] = opening.to_dict()
        self._tables.append((("새 프로세스", "new process"), _opening_rows(opening)))

    def search(self, plain: Latency, filtered: Latency) -> None:
        """Add how long a search takes."""
        self.json["search"] = {"plain": plain.to_dict(), "filtered": filtered.to_dict()}
        rows = [
            (("보통 검색", "plain"), _milliseconds(plain)),
            (("기준일과 종류로 거름", "as-of day and kind"), _milliseconds(filtered)),
        ]
        self._tables.append(((f"검색 ({plain.calls}회)", f"search ({plain.calls} calls)"), rows))

    def peers(self, peers: Sequence[Peer]) -> None:
        """Add the comparison."""
        self.json["peers"] = [peer.to_dict() | {"evaluation": peer.evaluation.to_dict()} for peer in peers]
        self._peers = list(peers)

    def print(self) -> None:
        """Print everything as tables."""
        for title, rows in self._tables:
            _print(title, rows, self._lang)
        if self._peers:
            _print_peers(self._peers, self._lang)


def print_evaluation(result: Evaluation, lang: Lang) -> None:
    """Print how good a search is."""
    _print(("검색의 질", "quality of search"), _evaluation_rows(result), lang)


def reading_json(machine: Machine, found: Sequence[Reading]) -> dict[str, Any]:
    """Return how files are read, with what each system made of each file."""
    return {
        "govrag": __version__,
        "date": date.today().isoformat(),
        "machine": machine.to_dict(),
        "reading": [row.to_dict() for row in found],
    }


def print_reading(machine: Machine, found: Sequence[Reading], lang: Lang) -> None:
    """Print how files are read, a table a format; a column is left out where it says nothing of any system."""
    english = lang == "en"
    _print(("측정 조건", "measured on"), _machine_rows(machine), lang)
    for form in dict.fromkeys(row.format for row in found):
        rows = [row for row in found if row.format == form]
        telling = [(head, cell) for head, cell in _READING_COLUMNS if any(cell(row) for row in rows)]
        ko, en = (tuple(head[each] for head, _ in telling) for each in (False, True))
        lines = [
            (
                f"{row.system} ({_NOTES[row.note][english]})" if row.note else row.system,
                *(cell(row) or ("" if row.note else "-") for _, cell in telling),
            )
            for row in rows
        ]
        _print_table((f"{form} 읽기", f"reading {form}"), (("도구", *ko), ("system", *en)), lines, lang)


def _count(*names: Outcome) -> Callable[[Reading], str]:
    def cell(row: Reading) -> str:
        count = sum(row.outcomes.get(name, 0) for name in names)
        return f"{count:,}" if count else ""

    return cell


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


_NOTES = {"not installed": ("설치 안 됨", "not installed"), "no loader": ("로더 없음", "no loader")}
_READING_COLUMNS: tuple[tuple[Words, Callable[[Reading], str]], ...] = (
    (("파일", "files"), lambda row: f"{row.files:,}" if row.files else ""),
    (("읽음", "read"), _count("read")),
    (("거부", "refused"), _count("refused")),
    (("잘못 거부", "needless"), _count("needless")),
    (("말없이 빔", "silent empty"), _count("empty")),
    (("말없이 잃음", "silent loss"), _count("lost")),
    (("깨진 글", "garbage"), _count("garbage")),
    (("죽음", "crash"), _count("crash", "timeout")),
    (("재현율", "recall"), lambda row: _share(row.recall)),
    (("미리보기", "preview"), lambda row: _share(row.preview)),
    (("정밀도", "precision"), lambda row: _share(row.precision)),
    (("낱말", "words"), lambda row: _share(row.words)),
    (("셀", "cells"), lambda row: _share(row.cells)),
    (("MB/s", "MB/s"), lambda row: f"{row.mb_per_s:.1f}" if row.mb_per_s else ""),
    (("파일/s", "files/s"), lambda row: f"{row.files_per_s:.0f}" if row.files_per_s else ""),
    (("CPU", "CPU"), lambda row: f"{row.cpu_s:.2f} s" if row.files else ""),
)


def _condition_rows(machine: Machine, corpus: Corpus) -> list[Row]:
    return [
        *_machine_rows(machine),
        (
            ("말뭉치", "corpus"),
            f"{corpus.files:,} files, {corpus.documents:,} documents, {corpus.passages:,} passages",
        ),
        (("말뭉치 SHA-256", "corpus SHA-256"), corpus.sha256),
    ]


def _machine_rows(machine: Machine) -> list[Row]:
    memory = _gigabytes(machine.memory_bytes)
    computer = f"{machine.cpu}, {machine.cores}", f"{memory}, {machine.system}, Python {machine.python}"
    return [
        (("날짜", "date"), f"{date.today().isoformat()}, govrag {__version__}"),
        (("기계", "machine"), f"{computer[0]} cores, {computer[1]}"),
        (("시작할 때 부하", "load at the start"), f"{machine.load:.1f}"),
    ]


def _ingest_rows(filled: Ingest) -> list[Row]:
    return [
        (("빈 장서에 넣기", "from nothing"), f"{filled.wall_s:.1f} s (CPU {filled.cpu_s:.1f} s)"),
        (("최대 메모리", "peak memory"), _gigabytes(filled.peak_bytes)),
        (
            ("그대로 다시 넣기", "again, unchanged"),
            f"{filled.unchanged_wall_s:.1f} s (CPU {filled.unchanged_cpu_s:.1f} s)",
        ),
        (("그때 최대 메모리", "peak memory then"), _gigabytes(filled.unchanged_peak_bytes)),
        (("거부한 파일", "refused files"), f"{filled.refused:,}"),
        (
            ("디스크", "disk"),
            f"{filled.library_bytes / 1e6:,.1f} MB = {filled.disk_ratio:.2f} × {filled.input_bytes / 1e6:,.1f} MB",
        ),
    ]


def _opening_rows(opening: Opening) -> list[Row]:
    return [
        (("import govrag", "import govrag"), f"{opening.import_s:.3f} s"),
        (("함께 불린 무거운 모듈", "heavy modules loaded by it"), ", ".join(opening.loaded) or "0"),
        (("시작부터 첫 검색까지", "from start to first search"), f"{opening.search_s:.2f} s"),
        (("시작부터 첫 답변까지", "from start to first answer"), f"{opening.ask_s:.2f} s"),
    ]


def _evaluation_rows(result: Evaluation) -> list[Row]:
    figures = result.to_dict()
    low, high = result.interval
    return [
        (("질문", "questions"), f"{result.queries:,}"),
        (("nDCG@10", "nDCG@10"), f"{result.ndcg_10:.4f}  (95 %: {low:.4f} ~ {high:.4f})"),
        *(((name, name), f"{figures[name]:.4f}") for name in ("recall@20", "recall@100", "hit@1", "hit@10", "mrr@10")),
        (("검색 한 번(10건)", "one search of ten"), _milliseconds(result)),
    ]


def _milliseconds(times: Latency | Evaluation) -> str:
    return f"p50 {times.p50_ms:.1f} ms, p99 {times.p99_ms:.1f} ms"


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.2f} GB"


def _print(title: Words, rows: Sequence[Row], lang: Lang) -> None:
    _print_table(title, ((), ()), [(words[lang == "en"], value) for words, value in rows], lang)


def _print_peers(peers: Sequence[Peer], lang: Lang) -> None:
    head = (
        ("도구", "낱말", "만들기", "그중 분석", "메모리", "p50", "p99", "nDCG@10", "95 %"),
        ("system", "tokens", "build", "of it analysis", "memory", "p50", "p99", "nDCG@10", "95 %"),
    )
    rows = [
        (
            peer.system,
            peer.tokens,
            "-" if peer.build_s is None else f"{peer.build_s:.1f} s",
            f"{peer.analysis_s:.1f} s" if peer.analysis_s else "-",
            _gigabytes(peer.peak_bytes),
            f"{peer.evaluation.p50_ms:.1f} ms",
            f"{peer.evaluation.p99_ms:.1f} ms",
            f"{peer.evaluation.ndcg_10:.4f}",
            "{:.3f} ~ {:.3f}".format(*peer.evaluation.interval),
        )
        for peer in peers
    ]
    queries = peers[0].evaluation.queries
    _print_table((f"견줌 (질문 {queries:,}개)", f"peers ({queries:,} questions)"), head, rows, lang)


def _print_table(
    title: Words, head: tuple[tuple[str, ...], tuple[str, ...]], rows: Sequence[tuple[str, ...]], lang: Lang
) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    english = lang == "en"
    table = Table(
        *head[english],
        title=title[english],
        title_justify="left",
        box=SIMPLE_HEAD if any(head) else None,
        show_header=any(head),
    )
    for row in rows:
        table.add_row(*row)
    # Into a file or a pipe a line is as long as it needs to be.
    console = Console(width=None if sys.stdout.isatty() else 160, markup=False, highlight=False)
    console.print(table)
    console.print()
