"""A library's rules for models, put together: policy, ledger, audit log and the one gate, from files beside it."""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from govrag.contracts import ChatModel
from govrag.errors import GovragError, ModelError, OverBudget, PolicyDenied, UsageError
from govrag.govern import policy as policies
from govrag.govern.audit import AuditLog
from govrag.govern.governed import Governed
from govrag.govern.meter import Ledger
from govrag.govern.policy import Registry, RegistryPolicy, covers
from govrag.records import Answer, Evidence, Grade, Purpose, Statement, Status, Usage
from govrag.settings import Settings

if TYPE_CHECKING:
    from govrag.generate.worded import Worded
    from govrag.govern.pii import Pseudonyms

__all__ = ["Governance"]

FOLDER = ".govern"  # in the library: the ledger and the audit log
AUDIT_KEY = "GOVRAG_AUDIT_KEY"
_SHORTEST_KEY = 16  # bytes
_PIPELINE = "ask"
_STATUS: Mapping[type[GovragError], Status] = {PolicyDenied: "denied_by_policy", OverBudget: "over_budget"}


class Governance:
    """What stands between a library and a model. Files are read and made when first needed."""

    def __init__(self, library: Path, settings: Settings, *, environment: Mapping[str, str] | None = None) -> None:
        self._library = library
        self._settings = settings
        self._environment = os.environ if environment is None else environment

    @property
    def policy_file(self) -> Path:
        """Where the policy is, or would be."""
        return self._settings.policy or self._library / policies.FILE

    @cached_property
    def policy(self) -> RegistryPolicy:
        """The policy; without a file nothing is approved. Raises `UsageError` when the file is not valid."""
        file = self.policy_file
        registry = Registry.load(file) if file.is_file() or self._settings.policy else None
        return RegistryPolicy(registry, source=file)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, with the budgets of the policy."""
        return Ledger(self._folder, budgets=self.policy.registry.budget)

    @cached_property
    def audit(self) -> AuditLog:
        """The audit log, sealed with the key of the settings or of the environment."""
        return AuditLog(self._folder, key=self._key())

    def answered(
        self,
        question: str,
        stream: Callable[[Worded | None], Iterator[Statement | Answer]],
        *,
        as_of: date,
        model: str | ChatModel | None,
        grades: Mapping[str, Grade],
        grade: Grade,
    ) -> Iterator[Statement | Answer]:
        """Yield what ``stream`` yields, worded by the model under these rules; the answer is audited, then yielded.

        ``grades`` are those of the collections, ``grade`` that of the question. What is denied, overspent or fails is
        an answer that says so. Raises `AuditFailed`, and then there is no answer.
        """
        request = uuid.uuid4().hex
        purposes: list[Purpose] = []
        answer: Answer | None = None
        try:
            worded = self._worded(model, grades, grade, request, purposes) if model is not None else None
            for result in stream(worded):
                if isinstance(result, Answer):
                    answer = result
                else:
                    yield result
        except (PolicyDenied, OverBudget, ModelError) as error:
            answer = Answer(
                question=question,
                status=_STATUS.get(type(error), "failed"),
                as_of=as_of,
                error=error.ko,
                error_en=error.en,
                usage=Usage(model=model if isinstance(model, str) else model.approval.id if model else ""),
            )
        assert answer is not None, "a stream ends with its answer"
        self._record(answer, request, purposes)
        yield answer

    def _worded(
        self,
        model: str | ChatModel,
        grades: Mapping[str, Grade],
        grade: Grade,
        request: str,
        purposes: list[Purpose],
    ) -> Worded:
        """Return a generator that words with the model; raises `PolicyDenied` when nothing is approved for it."""
        from govrag.generate.worded import Worded

        name = model if isinstance(model, str) else model.approval.id
        approval = self.policy.approve(name, grade=grade)
        inner = self._server(name) if isinstance(model, str) else model

        def purpose(evidence: Sequence[Evidence]) -> Purpose:
            # What no collection is known to hold counts as sensitive.
            shown = [grade, *(grades.get(one.collection, Grade.SENSITIVE) for one in evidence)]
            highest = next(one for one in shown if all(covers(one, other) for other in shown))
            purposes.append(Purpose(_PIPELINE, highest, request, self._settings.department, self._settings.user))
            return purposes[-1]

        governed = Governed(inner, policy=self.policy, meter=self.ledger, masker=_masker)
        return Worded(governed, purpose=purpose, context=approval.context)

    def _record(self, answer: Answer, request: str, purposes: Sequence[Purpose]) -> None:
        """Write what was answered: ids and counts, never text."""
        verdicts = Counter(citation.verdict for citation in answer.citations)
        self.audit.write(
            "answer",
            {
                "request": request,
                "pipeline": _PIPELINE,
                "department": self._settings.department,
                "user": self._settings.user,
                "status": answer.status,
                "model": answer.usage.model,
                "grade": purposes[-1].grade.value if purposes else "",
                "as_of": answer.as_of.isoformat(),
                "documents": sorted({citation.document_id or "" for citation in answer.citations}),
                "statements": len(answer.statements),
                "tokens_in": answer.usage.input_tokens,
                "tokens_out": answer.usage.output_tokens,
                **{f"verdict_{name}": count for name, count in sorted(verdicts.items())},
            },
        )

    @property
    def _folder(self) -> Path:
        return self._library / FOLDER

    def _server(self, name: str) -> ChatModel:
        from govrag.generate.chat import OpenAIChat
        from govrag.govern.egress import EgressGate

        approval = self.policy.approve(name, grade=Grade.OPEN)
        return OpenAIChat(approval, EgressGate(self.policy, environment=self._environment))

    def _key(self) -> bytes:
        key = self._environment.get(AUDIT_KEY, "").encode()
        file = self._settings.audit_key
        if file is not None:
            try:
                key = file.read_bytes().strip()
            except OSError as error:
                raise UsageError(
                    f"{file}: 감사 기록의 키를 읽을 수 없습니다({error.strerror}). 경로와 권한을 확인하십시오.",
                    f"{file}: the key of the audit log cannot be read ({error.strerror}). Check path and permissions.",
                ) from None
        if key and len(key) < _SHORTEST_KEY:
            raise UsageError(
                f"감사 기록의 키가 {len(key)}바이트입니다. {_SHORTEST_KEY}바이트 이상으로 정하십시오.",
                f"the key of the audit log has {len(key)} bytes. Use at least {_SHORTEST_KEY}.",
            )
        return key


def _masker() -> Pseudonyms:
    from govrag.govern.pii import Pseudonyms

    return Pseudonyms()
