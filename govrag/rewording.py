"""Sentences worded anew by a model under the rules of a library: what came of it, and what it used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from govrag.errors import GovragError, ModelError, OverBudget, PolicyDenied
from govrag.govern.audit import Fact
from govrag.records import Usage

if TYPE_CHECKING:
    from govrag.generate.reworded import Reworded

__all__ = ["Rewording"]


class Rewording:
    """Words sentences anew; what policy, budget or the model prevents leaves them as they are.

    ``made`` gives the governed model, ``note`` writes the audit log: that it was asked before anything is done, and
    what became of it before the sentences are returned.
    """

    def __init__(
        self, model: str, made: Callable[[], Reworded], note: Callable[[str, Mapping[str, Fact]], None]
    ) -> None:
        self._model = model
        self._made = made
        self._note = note
        self._usage = Usage(model=model)
        self._error: GovragError | None = None

    def lines(self, lines: Sequence[str]) -> list[str]:
        """Return as many sentences as it is given, in their order. Raises `AuditFailed`."""
        self._note("asked", {})
        found = list(lines)
        try:
            reworded = self._made()
            found = reworded.lines(lines)
            used = reworded.usage
            self._usage = Usage(model=self._model, input_tokens=used.input, output_tokens=used.output)
        except (PolicyDenied, OverBudget, ModelError) as error:
            self._error = error
        failed = {"error": type(self._error).__name__} if self._error else {}
        tokens: dict[str, Fact] = {"tokens_in": self._usage.input_tokens, "tokens_out": self._usage.output_tokens}
        self._note("answered", tokens | failed)
        return found

    @property
    def became(self) -> dict[str, Any]:
        """What a record says of it: ``usage``, and ``error`` with ``error_en`` where something prevented it."""
        error = self._error
        return {"usage": self._usage, "error": error.ko if error else "", "error_en": error.en if error else ""}
