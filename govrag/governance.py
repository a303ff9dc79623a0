"""A library's rules for models, put together: policy, ledger, audit log and the one gate, from files beside it."""

from __future__ import annotations

import os
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Union

from govrag.calling.foreign import is_chat_model, registry_id
from govrag.contracts import ChatModel
from govrag.errors import GovragError, ModelError, OverBudget, PolicyDenied, UsageError
from govrag.generate.langchain_chat import wrap
from govrag.govern import meter
from govrag.govern import policy as policies
from govrag.govern.audit import AuditLog, Fact
from govrag.govern.governed import Governed
from govrag.govern.meter import By, Ledger, UsageTable
from govrag.govern.policy import Registry, RegistryPolicy
from govrag.govern.principals import UNBOUND, Principal
from govrag.korean.normalise import clean
from govrag.records import Answer, Approval, Estimate, Evidence, Grade, Purpose, Statement, Status, Usage
from govrag.rewording import Rewording
from govrag.scope import highest
from govrag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel

    from govrag.embed.remote import EmbeddingServer, RemoteEmbedder
    from govrag.generate.reworded import Reworded
    from govrag.generate.worded import Worded
    from govrag.govern.pii import Pseudonyms
    from govrag.records import InspectionReport, ReviewReport

__all__ = ["Governance", "Model", "model_id"]

Model = Union[str, ChatModel, "BaseChatModel"]  # an id of the registry, or the model itself
FOLDER = ".govern"  # in the library: the ledger and the audit log
AUDIT_KEY = "GOVRAG_AUDIT_KEY"
_SHORTEST_KEY = 16  # bytes
_LONGEST_REASON = 200  # characters, for a new grade
_PIPELINE = "ask"
_EMBEDDING = "embed"
_URL = re.compile(r"https?://", re.IGNORECASE)
_SHORTER = re.compile(r"@[0-9]{1,5}$")  # the length of vectors that an embedder is asked for
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
    def embedding_policy(self) -> RegistryPolicy:
        """The same policy, as it speaks of embedders."""
        return RegistryPolicy(self.policy.registry, kind="embedder", source=self.policy_file)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, with the budgets of the policy."""
        return Ledger(self._folder, budgets=self.policy.registry.budget)

    @cached_property
    def audit(self) -> AuditLog:
        """The audit log, sealed with the key of the settings or of the environment."""
        return AuditLog(self._folder, key=self._key())

    def close(self) -> None:
        """Close the ledger, if it was opened."""
        if "ledger" in self.__dict__:
            self.ledger.close()
            del self.ledger

    def usage(self, *, by: By = "department", period: str = "") -> UsageTable:
        """Return what models have used, as `Ledger.usage` does; makes nothing where nothing was used."""
        meter.check(by, period)
        if not (self._folder / meter.FILE).is_file():
            return UsageTable(by=by, period=period, rows=())
        return self.ledger.usage(by=by, period=period)

    def lost(self) -> int:
        """Return how many calls count at their estimate because whoever made them died."""
        return self.ledger.lost() if (self._folder / meter.FILE).is_file() else 0

    def answered(
        self,
        question: str,
        stream: Callable[[Worded | None], Iterator[Statement | Answer]],
        *,
        as_of: date,
        model: Model | None,
        grades: Mapping[str, Grade],
        grade: Grade,
        turns: Sequence[Answer] = (),
        principal: Principal | None = None,
        pipeline: str = _PIPELINE,
    ) -> Iterator[Statement | Answer]:
        """Yield what ``stream`` yields, worded by the model under these rules, as the work of this pipeline.

        The audit log says that it was asked before anything is done, and what became of it before the answer is
        yielded. ``grades`` are those of the collections, ``grade`` that of the question and of the earlier
        ``turns`` that it leans on; without a ``principal`` it is the settings that say who asks. What is denied,
        overspent or fails is an answer that says so. Raises `AuditFailed`, and then there is no answer.
        """
        asked = _Asked(model_id(model), grade, self._who(principal), pipeline)
        if model is not None:  # it is shown what was said before
            asked.documents |= {one.document_id for turn in turns for one in turn.citations if one.document_id}
        self._note("asked", asked, {"as_of": as_of.isoformat()})
        yielded = 0
        answer: Answer | None = None
        try:
            worded = self._worded(model, grades, asked) if model is not None else None
            for result in stream(worded):
                if isinstance(result, Answer):
                    answer = result
                else:
                    yield result
                    yielded += 1
        except GeneratorExit:
            self._note("left", asked, {"statements": yielded})
            raise
        except (PolicyDenied, OverBudget, ModelError) as error:
            asked.error = type(error).__name__
            answer = Answer(
                question=question,
                status=_STATUS.get(type(error), "failed"),
                as_of=as_of,
                error=error.ko,
                error_en=error.en,
                usage=Usage(model=asked.model),
            )
        assert answer is not None, "a stream ends with its answer"
        asked.saw(grades.get(one.collection, Grade.SENSITIVE) for one in answer.citations)
        self._note("answered", asked, _counts(answer))
        yield answer.model_copy(update={"grade": asked.grade})

    def estimate(
        self,
        stream: Callable[[Worded | None], Iterator[Statement | Answer]],
        *,
        model: Model,
        grades: Mapping[str, Grade],
        grade: Grade,
    ) -> Estimate:
        """Return what ``stream`` would cost the model, which is not asked; nothing is reserved or logged.

        Raises `PolicyDenied` for what it might not be shown.
        """
        from govrag.generate.counting import CountingModel
        from govrag.generate.worded import Worded

        asked = _Asked(model_id(model), grade, {}, _PIPELINE)
        approval = self.policy.approve(asked.model, grade=grade)
        counting = CountingModel(approval)

        def purpose(evidence: Sequence[Evidence]) -> Purpose:
            asked.saw(grades.get(one.collection, Grade.SENSITIVE) for one in evidence)
            self.policy.approve(asked.model, grade=asked.grade)
            return Purpose(_PIPELINE, asked.grade, asked.request)

        for _ in stream(Worded(counting, purpose=purpose, context=approval.context)):
            pass
        return Estimate(
            model=asked.model,
            calls=counting.calls,
            tokens_in=counting.tokens_in,
            tokens_out=counting.tokens_out,
            cost=round(meter.cost_of(approval, counting.tokens_in, counting.tokens_out), 6),
            currency=approval.currency,
        )

    def is_remote(self, spec: str) -> bool:
        """Tell whether an embedder's name stands for a server: a URL, or an id of the policy."""
        name = _SHORTER.sub("", spec)
        return bool(_URL.match(name)) or any(one.id == name for one in self.embedding_policy.entries)

    def permit_embedding(self, spec: str, *, grade: Grade) -> None:
        """Raise `PolicyDenied` unless the server of this name may be sent a text of this grade."""
        self.embedding_policy.approve(self._registered(spec), grade=grade)

    def _registered(self, spec: str) -> str:
        """Return the id in the policy of an embedder's name, or what is left of the name."""
        name = _SHORTER.sub("", spec)
        endpoint, _, model = name.partition("#")
        found = (
            one.id
            for one in self.embedding_policy.entries
            if (one.endpoint, one.name or one.id) == (endpoint.rstrip("/"), model)
        )
        return next(found, name)

    def embedder(self, spec: str, *, grade: Grade, dimension: int = 0) -> RemoteEmbedder:
        """Return an approved embedder behind a server: an id of the policy, or ``https://host/v1#name``.

        ``@256`` after it asks the server for vectors of that length; without a ``dimension`` the server is asked how
        long they are. Raises `PolicyDenied`.
        """
        from govrag.embed.remote import OpenAIEmbeddings
        from govrag.govern.egress import EgressGate

        approval = self.embedding_policy.approve(self._registered(spec), grade=grade)
        gate = EgressGate(self.embedding_policy, environment=self._environment)
        shorter = _SHORTER.search(spec)
        return self._embedding(
            OpenAIEmbeddings(approval, gate, dimensions=int(shorter[0][1:]) if shorter else 0), grade, dimension
        )

    def langchain_embedder(self, model: Embeddings, *, grade: Grade, dimension: int = 0) -> RemoteEmbedder:
        """Return LangChain's embedder as one that is approved, masked and metered; raises `PolicyDenied`."""
        from govrag.embed.langchain_embedder import LangChainEmbeddings

        approval = self.embedding_policy.approve(registry_id(model), grade=grade)
        return self._embedding(LangChainEmbeddings(model, approval), grade, dimension)

    def _embedding(self, server: EmbeddingServer, grade: Grade, dimension: int) -> RemoteEmbedder:
        from govrag.embed.remote import RemoteEmbedder

        purpose = Purpose(_EMBEDDING, grade, uuid.uuid4().hex, self._settings.department, self._settings.user)
        return RemoteEmbedder(
            server,
            policy=self.embedding_policy,
            meter=self.ledger,
            masker=_masker,
            purpose=purpose,
            dimension=dimension,
        )

    def regraded(
        self, collection: str, old: Grade, new: Grade, *, reason: str, principal: Principal | None = None
    ) -> None:
        """Write down that a collection is to have another grade, on whose word and why; raises `UsageError` without."""
        reason = clean(reason).strip()
        if not 0 < len(reason) <= _LONGEST_REASON:
            raise UsageError(
                f"등급을 바꾸는 이유를 {_LONGEST_REASON}자 안으로 적으십시오(--reason). 감사 기록에 남습니다.",
                f"say why the grade changes, in {_LONGEST_REASON} characters (--reason). It is kept in the audit log.",
            )
        facts = {"collection": collection, "from": old.value, "to": new.value, "reason": reason}
        self.audit.write("regraded", {**self._who(principal), **facts})

    def inspected(self, report: InspectionReport, *, principal: Principal | None = None) -> None:
        """Write down that a paper was inspected: what kind, and how many findings of each outcome, never its words."""
        outcomes = Counter(finding.outcome for finding in report.findings)
        facts: dict[str, Fact] = {
            "pipeline": "labour.inspect",
            "kind": report.kind,
            "as_of": report.as_of.isoformat(),
            **{f"outcome_{name}": count for name, count in sorted(outcomes.items())},
        }
        self.audit.write("inspected", {name: value for name, value in self._who(principal).items() if value} | facts)

    def reviewed(self, report: ReviewReport, *, principal: Principal | None = None) -> None:
        """Write down that an RFP was reviewed: how many findings of each outcome, never its words."""
        outcomes = Counter(finding.outcome for finding in report.findings)
        facts: dict[str, Fact] = {
            "pipeline": "procurement.review",
            "as_of": report.as_of.isoformat(),
            **{f"outcome_{name}": count for name, count in sorted(outcomes.items())},
        }
        self.audit.write("reviewed", {name: value for name, value in self._who(principal).items() if value} | facts)

    def rewording(
        self, *, as_of: date, model: Model, grade: Grade, principal: Principal | None = None, pipeline: str
    ) -> Rewording:
        """Return what has a model word sentences of this grade anew, under these rules, as the work of a pipeline."""
        asked = _Asked(model_id(model), grade, self._who(principal), pipeline)

        def note(event: str, facts: Mapping[str, Fact]) -> None:
            self._note(event, asked, {"as_of": as_of.isoformat(), **facts})

        def made() -> Reworded:
            from govrag.generate.reworded import Reworded

            purpose = Purpose(asked.pipeline, asked.grade, asked.request, **asked.who)
            return Reworded(self._governed(model, asked), purpose=purpose)

        return Rewording(asked.model, made, note)

    def _worded(self, model: Model, grades: Mapping[str, Grade], asked: _Asked) -> Worded:
        """Return a generator that words with the model; raises `PolicyDenied` when nothing is approved for it."""
        from govrag.generate.worded import Worded

        governed = self._governed(model, asked)

        def purpose(evidence: Sequence[Evidence]) -> Purpose:
            # What no collection is known to hold counts as sensitive.
            asked.saw(grades.get(one.collection, Grade.SENSITIVE) for one in evidence)
            asked.documents |= {one.passage.document_id for one in evidence}
            return Purpose(asked.pipeline, asked.grade, asked.request, **asked.who)

        return Worded(governed, purpose=purpose, context=governed.approval.context)

    def _governed(self, model: Model, asked: _Asked) -> Governed:
        """Return the model behind policy, ledger and mask; raises `PolicyDenied` when nothing is approved for it."""
        approval = self.policy.approve(asked.model, grade=asked.grade)
        inner = self._inner(model, approval)
        if inner.approval.endpoint != approval.endpoint:
            raise PolicyDenied(
                f"'{asked.model}': 이 모델의 주소({inner.approval.endpoint or '없음'})가 {self.policy_file}의 "
                f"endpoint({approval.endpoint or '없음'})와 다릅니다. 승인받은 주소를 쓰십시오.",
                f"'{asked.model}': its endpoint ({inner.approval.endpoint or 'none'}) is not the one in "
                f"{self.policy_file} ({approval.endpoint or 'none'}). Use the approved one.",
            )
        governed = Governed(inner, policy=self.policy, meter=self.ledger, masker=_masker)
        asked.masked = lambda: governed.masked
        return governed

    def _inner(self, model: Model, approval: Approval) -> ChatModel:
        if isinstance(model, str):
            spec = next((one.spec for one in self.policy.registry.model if one.id == approval.id), "")
            return self._named(spec, approval) if spec else self._server(approval)
        return wrap(model, self.policy) if is_chat_model(model) else model

    def _named(self, spec: str, approval: Approval) -> ChatModel:
        from govrag.generate.langchain_spec import from_spec

        return from_spec(spec, approval, environment=self._environment)

    def _server(self, approval: Approval) -> ChatModel:
        from govrag.generate.chat import OpenAIChat
        from govrag.govern.egress import EgressGate

        return OpenAIChat(approval, EgressGate(self.policy, environment=self._environment))

    def _note(self, event: str, asked: _Asked, facts: Mapping[str, Fact]) -> None:
        """Write what became of a question: ids and counts, never text."""
        told = {
            "request": asked.request,
            "pipeline": asked.pipeline,
            **asked.who,
            "model": asked.model,
            "grade": asked.grade.value,
            "shown": sorted(asked.documents),
            "error": asked.error,
            # How much personal data was kept from the model, never which.
            **{f"masked_{kind.lower()}": count for kind, count in asked.masked().items()},
        }
        self.audit.write(event, {name: value for name, value in told.items() if value} | dict(facts))

    def _who(self, principal: Principal | None) -> dict[str, str]:
        if principal is None or principal is UNBOUND:
            return {"department": self._settings.department, "user": self._settings.user}
        return {"department": principal.department, "user": principal.name}

    @property
    def _folder(self) -> Path:
        return self._library / FOLDER

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


@dataclass(slots=True)
class _Asked:
    """One question on its way."""

    model: str  # id of the registry; "" without a model
    grade: Grade  # the highest of question and evidence so far
    who: Mapping[str, str]  # department and user
    pipeline: str
    request: str = field(default_factory=lambda: uuid.uuid4().hex)
    documents: set[str] = field(default_factory=set)  # that the model was to see
    error: str = ""
    masked: Callable[[], Mapping[str, int]] = dict  # values of personal data, by kind

    def saw(self, grades: Iterable[Grade]) -> None:
        """Raise the grade to the highest of these."""
        self.grade = highest(self.grade, *grades)


def _counts(answer: Answer) -> dict[str, Fact]:
    verdicts = Counter(citation.verdict for citation in answer.citations)
    return {
        "status": answer.status,
        "statements": len(answer.statements),
        "cited": sorted({citation.document_id for citation in answer.citations if citation.document_id}),
        "tokens_in": answer.usage.input_tokens,
        "tokens_out": answer.usage.output_tokens,
        **{f"verdict_{name}": count for name, count in sorted(verdicts.items())},
    }


def model_id(model: Model | None) -> str:
    """Return the id of the registry under which a model is called; "" for none."""
    if model is None or isinstance(model, str):
        return model or ""
    return registry_id(model) if is_chat_model(model) else model.approval.id


def _masker() -> Pseudonyms:
    from govrag.govern.pii import Pseudonyms

    return Pseudonyms()
