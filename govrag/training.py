"""An agency's own table: what its library offers to learn from, the training, and how much better it finds.

Learned from are headings and their bodies, spans and the rest, what an agency's rule says and the article of the law
that it names, terms and their definitions, and issues of decisions and past questions with the articles they cite.
What else a decision says is left out: its reasons name the articles that its issues are asked about.
"""

from __future__ import annotations

import lzma
import re
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from govrag.contracts import Retriever
from govrag.embed.material import (
    Article,
    Asked,
    Definition,
    Gathered,
    Labelled,
    Material,
    definitions,
    material_of,
    without_marks,
)
from govrag.embed.pairs import gather as gather_data
from govrag.embed.table import Table
from govrag.embed.train import (
    FROM_A_TABLE,
    FROM_NOTHING,
    SHORTEST_BODY,
    Report,
    Training,
    grown,
    nearest,
    wrongly_found,
)
from govrag.errors import UsageError
from govrag.evaluate.metrics import ndcg
from govrag.index import rows
from govrag.index.collection import Collection
from govrag.ingest.readers.questions import ANSWER, QUESTION
from govrag.korean.morphemes import Lexicon
from govrag.records import Passage
from govrag.statute import names

__all__ = ["HeldOut", "Trained", "gather", "train"]

LEAST_PASSAGES = 100  # with a body, to go on from the shipped table
LEAST_FROM_SCRATCH = 5_000
LEAST_GROUPS = 20  # cases and questions with a citation: below, none can be spared for measuring
HELD_OUT = 0.2  # share of them
K = 10

_ARTICLE = re.compile(r"제\d+조(?:의\d+)?\s*(?:\((?P<words>.*)\))?")
_NUMBERS = re.compile(r"\A(?:\[\s?\d{1,2}\s?\]\s*)+")  # of issues: they say nothing
_MOST_REFERENCES = 3  # of a passage: an authority is named at the beginning
_BATCH = 1_000  # passages read at once

Progress = Callable[[int, int, str], None]  # (done, total, of what)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How well issues that the training did not see find the articles they cite, by the table alone."""

    questions: int
    groups: int  # cases, and questions asked in the same words
    before: float  # nDCG@10 with the table the training began with
    after: float


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training did."""

    passages: int
    questions: int  # with an article of the library that answers them, or an answer
    vocabulary: int
    new_words: int
    pairs: Mapping[str, int]  # per stage, in all its passes
    steps: Mapping[str, int]
    losses: Mapping[str, float]  # per stage, mean of its last twenty steps
    cpu_minutes: float
    held_out: HeldOut | None
    note: str  # why nothing was held out; "" where something was
    note_en: str
    started_from: str  # shipped, nothing
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON holds it."""
        return asdict(self)


def train(
    collections: Sequence[Collection],
    out: Path,
    *,
    retriever: Retriever,
    lexicon: Lexicon,
    data: Path | None = None,
    from_scratch: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> Trained:
    """Train a table on collections and write it to ``out``, a new file ending in ``.npz``; return what was done.

    ``data`` is a folder of development data to learn from as well. Where there are enough issues and past questions, a
    fifth of them is held out first to measure by, whole cases at a time; the table that is written has seen all.
    Raises `UsageError` when the library is too small, ``out`` is no new file of that name or ``data`` no such folder.
    """
    _check_out(out)
    started = time.process_time()
    gathered = gather(collections)
    if data is not None:
        gathered = gathered.with_others(_development(data))
    material = material_of(gathered, lexicon=lexicon)
    passages = _taught(material)
    _check_size(passages, from_scratch=from_scratch)
    course = (FROM_NOTHING if from_scratch else FROM_A_TABLE).fitting(material)
    shipped = None if from_scratch else Table.load()
    start = None if shipped is None else grown(shipped, material)
    asked = [question for question in material.questions if question.keys or question.answers]
    held = _held_out(material, seed)
    total = course.first.passes + course.second.passes * (bool(asked) + bool(held))
    told = _Told(progress, total)

    note, note_en = ("", "") if held else _unmeasured(material)
    table, first = Training(material, start=start, seed=seed, progress=told).run((course.first,))
    reports = [first]
    wrong = wrongly_found(material, retriever, seed=seed)
    measured = None
    if held:
        ids = {question.id for question in held}
        seen_less = Training(material, without=ids, start=table, wrong=wrong, seed=seed, progress=told)
        after, _ = seen_less.run((course.second,))
        before = start if start is not None else table
        measured = HeldOut(
            len(held),
            len({question.group for question in held}),
            _ndcg(before, material, held),
            _ndcg(after, material, held),
        )
    if asked:
        table, report = Training(material, start=table, wrong=wrong, seed=seed, progress=told).run((course.second,))
        reports.append(report)
    _write(table, out)
    return Trained(
        passages=passages,
        questions=len(asked),
        vocabulary=len(table.vocabulary),
        new_words=len(table.vocabulary) - (len(shipped.vocabulary) if shipped else 0),
        pairs=_together(reports, "pairs"),
        steps=_together(reports, "steps"),
        losses=_together(reports, "losses"),
        cpu_minutes=round((time.process_time() - started) / 60, 2),
        held_out=measured,
        note=note,
        note_en=note_en,
        started_from="nothing" if from_scratch else "shipped",
        seed=seed,
    )


def gather(collections: Sequence[Collection]) -> Gathered:
    """Return what collections offer to learn from; articles are named as passages cite them: 민법|제839조의2."""
    found = Gathered([], [], [], [])
    for one in collections:
        for batch in one.catalogue.searchable(batch=_BATCH):
            cites = rows.cited_by(one.store, [row for row, _ in batch])
            for row, passage in batch:
                document = one.catalogue.document_by_id(passage.document_id)
                kind = document.kind if document else ""
                if passage.unit in ("issue", "question"):
                    found.questions.append(_asked(passage, cites.get(row, ())))
                elif kind not in rows.DECIDING:
                    _add(found, passage, kind, cites.get(row, ()))
    return found


def _development(data: Path) -> Gathered:
    try:
        return gather_data(data, key=_key)
    except (OSError, tarfile.TarError, lzma.LZMAError, ValueError, KeyError) as error:
        raise UsageError(
            f"'{data}': 개발용 데이터로 읽을 수 없습니다({error}). "
            "laws/statutes-2026-06.tar.xz와 retrieval/이 있는 폴더를 --data로 주거나 빼십시오.",
            f"'{data}' cannot be read as development data ({error}). Name a folder with laws/statutes-2026-06.tar.xz "
            "and retrieval/ as --data, or leave it out.",
        ) from error


def _add(found: Gathered, passage: Passage, kind: str, cites: Sequence[str]) -> None:
    row = len(found.articles)
    heading = _heading(passage)
    body = without_marks(passage.text.removeprefix(passage.heading))
    found.articles.append(Article(passage.title, passage.locator, heading, body, kind))
    found.keys.append(_key(passage.title, passage.locator))
    own = names.key(passage.title)
    others = [cited for cited in cites if cited.rpartition("|")[0] != own]
    found.references.extend((row, cited) for cited in others[:_MOST_REFERENCES])
    found.definitions.extend(Definition(row, term, words) for term, words in definitions(body))


def _asked(passage: Passage, cites: tuple[str, ...]) -> Asked:
    fields = dict(passage.fields)
    if passage.unit == "question":
        text = fields.get(QUESTION, passage.text)
        answers = (fields[ANSWER],) if fields.get(ANSWER) else ()
        return Asked(passage.id, text, cites, answers, names.key(text))
    return Asked(passage.id, _NUMBERS.sub("", passage.text), cites, (), names.key(passage.title))


def _heading(passage: Passage) -> str:
    if passage.heading == passage.title:
        return ""
    article = _ARTICLE.fullmatch(passage.heading)
    return (article["words"] or "") if article else passage.heading


def _key(title: str, article: str) -> str:
    return f"{names.key(title)}|{article}"


def _taught(material: Material) -> int:
    return int((np.diff(material.bodies.starts) >= SHORTEST_BODY).sum())


def _held_out(material: Material, seed: int) -> list[Labelled]:
    """Return the questions to measure by: of a fifth of the groups, all that cite an article that is here."""
    cited = [question for question in material.questions if question.keys and question.group]
    groups = list(dict.fromkeys(question.group for question in cited))
    if len(groups) < LEAST_GROUPS:
        return []
    order = np.random.default_rng(seed).permutation(len(groups))
    chosen = {groups[number] for number in order[: int(HELD_OUT * len(groups))]}
    return [question for question in cited if question.group in chosen]


def _unmeasured(material: Material) -> tuple[str, str]:
    count = len({question.group for question in material.questions if question.keys and question.group})
    return (
        f"장서의 조문을 인용하는 사건과 질의가 {count:,}건입니다({LEAST_GROUPS}건부터 잽니다)",
        f"{count:,} cases or past questions cite an article of the library; {LEAST_GROUPS} are needed",
    )


def _ndcg(table: Table, material: Material, questions: Sequence[Labelled]) -> float:
    found = nearest(table, material, questions, limit=K)
    figures = [
        ndcg([str(key) for key in keys], {str(key): 1.0 for key in question.keys}, k=K)
        for keys, question in zip(found, questions, strict=True)
    ]
    return round(float(np.mean(figures)), 4)


def _together(reports: Sequence[Report], name: str) -> dict[str, Any]:
    return {stage: value for report in reports for stage, value in getattr(report, name).items()}


class _Told:
    """Passes of the stages, as one count for whoever watches."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self, stage: str, done: int, passes: int, loss: float) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total, f"{stage} {done}/{passes}: {loss:.3f}")


def _check_out(out: Path) -> None:
    if out.suffix != ".npz" or not out.parent.is_dir() or out.exists():
        raise UsageError(
            f"'{out}': 표를 쓸 수 없습니다. 있는 폴더 안의, 아직 없는 .npz 파일 이름을 주십시오. "
            "다른 컬렉션이 쓰는 표를 덮어쓰면 그 컬렉션이 열리지 않습니다.",
            f"'{out}': no table can be written there. Name a new .npz file in a folder that exists. A collection that "
            "uses a table does not open once the table is overwritten.",
        )


def _check_size(passages: int, *, from_scratch: bool) -> None:
    least = LEAST_FROM_SCRATCH if from_scratch else LEAST_PASSAGES
    if passages < least:
        remedy, remedy_en = (
            ("--from-scratch 없이 다시 하거나 문서를 더 넣으십시오", "Leave --from-scratch out, or add documents")
            if from_scratch
            else ("문서를 더 넣거나 내장 임베더를 그대로 쓰십시오", "Add documents, or keep the embedder there is")
        )
        raise UsageError(
            f"장서가 학습하기에 너무 작습니다: 본문이 {SHORTEST_BODY}형태소 이상인 조문·문단이 {passages:,}개, "
            f"최소 {least:,}개. {remedy}.",
            f"the library is too small to learn from: {passages:,} passages of {SHORTEST_BODY} morphemes or more, at "
            f"least {least:,} are needed. {remedy_en}.",
        )


def _write(table: Table, out: Path) -> None:
    """Write the table so that its name appears when it is whole."""
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".govrag-") as folder:
        made = Path(folder) / out.name
        table.save(made)
        made.rename(out)
