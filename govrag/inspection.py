"""Reading a file without adding it: what `govrag inspect` shows, and the text that `verify` checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from govrag.errors import GovragError
from govrag.ingest import sources
from govrag.ingest.sandbox import Outcome, Sandbox
from govrag.records import Document, Inspection, Refusal

__all__ = ["inspect", "read_all", "text_of"]


def inspect(file: sources.Input) -> Inspection:
    """Return what govrag reads in a file (a path, or ``(name, bytes)``): its tree, its facts, and what was lost.

    It is read in a child process under the limits of `Library.add`. Raises an `UnreadableFile` that names the remedy.
    """
    outcome = next(_outcomes(file, tree=True))
    return Inspection(
        name=outcome.job.name,
        format=outcome.format,
        size=outcome.size,
        sha256=outcome.sha256,
        documents=tuple(read.document for read in outcome.documents),
        passages=tuple(read.passages for read in outcome.documents),
        refused=tuple(
            Refusal(name=name, error=type(error).__name__, reason=error.ko, reason_en=error.en)
            for name, error in outcome.refused
        ),
    )


def read_all(inputs: sources.Input) -> tuple[list[Document], list[GovragError]]:
    """Return the documents of a file, a ZIP or a folder, in the order of their names, and why others were not read."""
    found: list[Document] = []
    failed: list[GovragError] = []
    with Sandbox() as sandbox:
        for outcome in sandbox.run(replace(job, tree=True) for job in sources.jobs(inputs, {})):
            failed += [error for error in (outcome.error, *(error for _, error in outcome.refused)) if error]
            found += [read.document for read in outcome.documents]
    return found, failed


def text_of(file: sources.Input) -> str:
    """Return the text of a file that is read and not added, as `Library.verify` wants it; raises as `inspect`."""
    return "\n".join(read.document.text for outcome in _outcomes(file) for read in outcome.documents)


def _outcomes(file: sources.Input, *, tree: bool = False) -> Iterator[Outcome]:
    with Sandbox(workers=1) as sandbox:
        for outcome in sandbox.run(replace(job, tree=tree) for job in sources.jobs(file, {})):
            if outcome.error is not None:
                raise outcome.error
            yield outcome
