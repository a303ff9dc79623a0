"""Reading a file without adding it: what `govrag inspect` shows, and the text that `verify` checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from govrag.ingest import sources
from govrag.ingest.sandbox import Outcome, Sandbox
from govrag.records import Inspection, Refusal

__all__ = ["inspect", "text_of"]


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


def text_of(file: sources.Input) -> str:
    """Return the text of a file that is read and not added, as `Library.verify` wants it; raises as `inspect`."""
    return "\n".join(read.document.text for outcome in _outcomes(file) for read in outcome.documents)


def _outcomes(file: sources.Input, *, tree: bool = False) -> Iterator[Outcome]:
    with Sandbox(workers=1) as sandbox:
        for outcome in sandbox.run(replace(job, tree=tree) for job in sources.jobs(file, {})):
            if outcome.error is not None:
                raise outcome.error
            yield outcome
