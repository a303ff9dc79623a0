"""What one `add`, `remove` or `rebuild` does to a collection, and its receipt."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from govrag.errors import UnreadableFile, UsageError
from govrag.index.writer import Writer
from govrag.ingest import sources
from govrag.ingest.sandbox import Outcome
from govrag.records import Grade, Receipt, Refusal, Source

_PUBLISHED = frozenset({"헌법", "법률", "대통령령", "총리령", "부령", "조약", "고시", "훈령", "예규"})


class Intake:
    """Puts what was read into a writer, takes out what is to go, and keeps count."""

    def __init__(self, writer: Writer, *, collection: str) -> None:
        self._writer = writer
        self._collection = collection
        self._started = time.perf_counter()
        self._documents: dict[str, list[str]] = {"added": [], "updated": [], "removed": []}
        self._refused: list[Refusal] = []
        self._unchanged = 0
        self._seen: set[str] = set()
        self._kinds: set[str] = set()

    def take(self, outcome: Outcome, overrides: sources.Overrides | None) -> None:
        """Store the documents of one file, or note why there are none."""
        job = outcome.job
        self._seen.add(job.uri)
        if outcome.error is not None:
            self._refuse(job.name, outcome.error)
        elif outcome.unchanged:
            self._unchanged += 1
        else:
            for name, error in outcome.refused:
                self._refuse(name, error)
            source = Source(job.uri, job.name, outcome.sha256, outcome.size)
            for read in outcome.documents:
                document, passages = read.document, list(read.passages)
                if overrides:
                    document, passages = overrides.apply(document, passages, uri=job.uri)
                self._documents[self._writer.put(document, passages, source)].append(document.id)
                self._kinds.add(document.kind)
            self._writer.store.put_source(source)

    def remove(self, name: str) -> None:
        """Remove a document by its id, or every document of a source by its path."""
        store = self._writer.store
        source = store.source_of(name)
        if self._writer.remove(name):
            self._documents["removed"].append(name)
            if not store.documents_of(source):
                store.forget_source(source)  # so that adding the file again brings the document back
            return
        uri = name if name.startswith("memory:") else sources.uri_of(Path(name))
        if not store.documents_of(uri):
            raise UsageError(
                f"'{name}'은(는) 문서 번호도 추가한 파일의 경로도 아닙니다. 'govrag info --documents'로 확인하십시오.",
                f"'{name}' is neither a document id nor the path of an added file. See 'govrag info --documents'.",
            )
        self._remove_source(uri)

    def remove_vanished(self, roots: Sequence[Path]) -> None:
        """Remove the documents whose files are no longer in the folders that were added."""
        for uri in sorted(self._writer.store.known_hashes()):
            if uri not in self._seen and any(sources.is_below(uri, root) for root in roots):
                self._remove_source(uri)

    def receipt(self) -> Receipt:
        """Commit, and say what was done."""
        manifest = self._writer.commit()
        grade = self._writer.store.setting("grade")
        advice = () if grade else _grade_advice(self._kinds)
        return Receipt(
            collection=self._collection,
            grade=Grade(grade or Grade.SENSITIVE),
            added=tuple(self._documents["added"]),
            updated=tuple(self._documents["updated"]),
            unchanged=self._unchanged,
            removed=tuple(self._documents["removed"]),
            refused=tuple(self._refused),
            passages=int(manifest["passages"]),
            generation=int(manifest["generation"]),
            seconds=round(time.perf_counter() - self._started, 3),
            embedding=self._writer.embedding,
            warnings=advice[:1],
            warnings_en=advice[1:],
        )

    def _refuse(self, name: str, error: UnreadableFile) -> None:
        self._refused.append(Refusal(name=name, error=type(error).__name__, reason=error.ko, reason_en=error.en))

    def _remove_source(self, uri: str) -> None:
        for document_id in self._writer.store.documents_of(uri):
            if self._writer.remove(document_id):
                self._documents["removed"].append(document_id)
        self._writer.store.forget_source(uri)


def _grade_advice(kinds: set[str]) -> tuple[str, ...]:
    """Suggest the open grade for a collection that holds nothing but published law; say why. Never decide it."""
    if not kinds or not all(kind in _PUBLISHED or kind.endswith(("부령", "규칙", "령")) for kind in kinds):
        return ()
    return (
        "등급을 정하지 않아 S(민감)로 다룹니다. 공포된 법령만 들어 있으므로 --grade O(공개)로 정할 수 있습니다.",
        "No grade was set, so the collection counts as S (sensitive). It holds only published law; --grade O would do.",
    )
