"""Which model may see what: a registry that an agency keeps in ``policy.toml``, and default-deny for all else.

Grades are those of N2SF 1.0 (C > S > O). The grade of a call is the highest of all that it carries; a model may see it
when its entry says so, the approval has begun and has not ended.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from govrag.errors import PolicyDenied, UsageError
from govrag.records import Approval, Grade, Record
from govrag.records.wrong import in_words

__all__ = ["EXAMPLE", "Approvals", "Budget", "Entry", "Registry", "RegistryPolicy", "example"]

FILE = "policy.toml"
EXAMPLE = "policy.example.toml"  # in this folder
_ZONES = Literal["internet", "government", "internal"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Row):
    """One approved model, embedder, reranker or platform."""

    id: str = Field(pattern=r"^[\w가-힣./:-]{1,100}$")  # what --model names
    vendor: str = Field(min_length=1)
    country: str = Field(pattern=r"^[A-Z]{2}$")  # of the vendor, ISO 3166
    platform_country: str = Field(default="KR", pattern=r"^[A-Z]{2}$")  # where the server stands
    zone: _ZONES
    endpoint: str = ""  # base URL, as https://llm.agency.example/v1; "" for what runs inside this process
    name: str = ""  # what the server calls it; when empty that of `spec`, or the id
    spec: str = Field(default="", pattern=r"^(?:[a-z][a-z0-9_]*:\S+)?$")  # provider:model, made by LangChain's rules
    grade: Grade
    approval: str = Field(min_length=1)  # reference of the decision
    approved: date
    expires: date | None = None  # first day on which it no longer holds
    key_env: str = Field(default="", pattern=r"^(?:[A-Z][A-Z0-9_]*)?$")
    price_input: float = Field(default=0.0, ge=0)  # per million tokens
    price_output: float = Field(default=0.0, ge=0)
    currency: str = "KRW"
    context: int = Field(default=8192, ge=256)
    mask: bool = True
    json_schema: Literal["enforced", "ignored", "rejected"] = "ignored"
    system_role: bool = True
    stream_usage: bool = True

    @field_validator("endpoint")
    @classmethod
    def _is_a_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (
            parts.scheme not in {"http", "https"}
            or not parts.hostname
            or parts.username is not None
            or parts.password is not None
            or parts.port == 0  # and it raises on one beyond 65535
            or parts.query
            or parts.fragment
        ):
            raise ValueError("an endpoint is http(s)://host[:port]/path, without user, query or fragment")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Entry:
        if self.expires is not None and self.expires <= self.approved:
            raise ValueError(f"expires ({self.expires}) must be after approved ({self.approved})")
        return self

    def state(self, today: date) -> Literal["in force", "not yet", "ended"]:
        """Tell whether the approval holds on a day."""
        if today < self.approved:
            return "not yet"
        return "in force" if self.expires is None or today < self.expires else "ended"

    def to_approval(self) -> Approval:
        """Return what the other rooms know of it."""
        return Approval(
            id=self.id,
            vendor=self.vendor,
            country=self.country,
            endpoint=self.endpoint,
            name=self.name or self.spec.partition(":")[2] or self.id,
            grade=self.grade,
            zone=self.zone,
            key_env=self.key_env,
            approval=self.approval,
            price_input=self.price_input,
            price_output=self.price_output,
            currency=self.currency,
            context=self.context,
            mask=self.mask,
            json_schema=self.json_schema,
            system_role=self.system_role,
            stream_usage=self.stream_usage,
        )


class Budget(_Row):
    """What a department may spend in a period; ``*`` is each department that has no budget of its own."""

    department: str = "*"
    period: Literal["day", "month", "year"] = "month"
    tokens: int | None = Field(default=None, ge=0)  # in and out together
    cost: float | None = Field(default=None, ge=0)  # in the one currency of the models

    @model_validator(mode="after")
    def _bounds_something(self) -> Budget:
        if self.tokens is None and self.cost is None:
            raise ValueError("a budget bounds tokens, cost or both")
        return self


class Registry(_Row):
    """What an agency has approved."""

    agency: str = ""
    model: tuple[Entry, ...] = ()
    embedder: tuple[Entry, ...] = ()
    reranker: tuple[Entry, ...] = ()
    platform: tuple[Entry, ...] = ()
    budget: tuple[Budget, ...] = ()

    @field_validator("model", "embedder", "reranker", "platform")
    @classmethod
    def _ids_differ(cls, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        ids = [entry.id for entry in entries]
        if len(set(ids)) < len(ids):
            raise ValueError(f"ids must differ: {', '.join(sorted({one for one in ids if ids.count(one) > 1}))}")
        return entries

    @model_validator(mode="after")
    def _costs_add_up(self) -> Registry:
        currencies = sorted({one.currency for one in (*self.model, *self.embedder)})
        if len(currencies) > 1 and any(budget.cost is not None for budget in self.budget):
            raise ValueError(f"a budget of cost needs models of one currency, not {', '.join(currencies)}")
        return self

    @classmethod
    def load(cls, path: Path) -> Registry:
        """Read a registry. Raises `UsageError` naming the file, the field and the rule."""
        try:
            return cls.parse(path.read_bytes(), source=path)
        except FileNotFoundError:
            raise UsageError(
                f"{path}: 정책 파일이 없어 승인된 모델이 없습니다. 'govrag policy show --example'을 보고 만드십시오.",
                f"{path}: there is no policy file, so no model is approved. Write one after "
                "'govrag policy show --example'.",
            ) from None
        except OSError as error:
            raise UsageError(
                f"{path}: 정책 파일을 읽을 수 없습니다({error.strerror}). 경로와 권한을 확인하십시오.",
                f"{path}: the policy cannot be read ({error.strerror}). Check the path and the permissions.",
            ) from None

    @classmethod
    def parse(cls, content: bytes, *, source: Path) -> Registry:
        """Return what TOML says, named for its ``source``. Raises as `load`."""
        try:
            return cls.model_validate(tomllib.loads(content.decode("utf-8-sig")))
        except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            wrong = in_words(error)
            raise UsageError(
                f"{source}: 정책이 올바르지 않습니다({wrong}). 고치기 전에는 어떤 모델도 부르지 않습니다.",
                f"{source}: the policy is not valid ({wrong}). Until it is mended no model is called.",
            ) from None


class Approved(Record):
    """One entry of a registry, and whether it holds."""

    id: str
    kind: str  # model, embedder, reranker, platform
    vendor: str
    zone: str
    endpoint: str
    grade: Grade  # the highest that it may see
    approval: str
    approved: date
    expires: date | None
    state: Literal["in force", "not yet", "ended"]


class Approvals(Record):
    """What a policy approves, as `govrag policy check` shows it."""

    schema_version: Literal[1] = 1
    file: str
    agency: str
    rows: tuple[Approved, ...]
    budgets: tuple[dict[str, Any], ...] = ()

    @classmethod
    def of(cls, registry: Registry, *, file: Path, today: date) -> Approvals:
        """Return every entry with its state on a day."""
        rows = tuple(
            Approved(
                id=one.id,
                kind=kind,
                vendor=one.vendor,
                zone=one.zone,
                endpoint=one.endpoint,
                grade=one.grade,
                approval=one.approval,
                approved=one.approved,
                expires=one.expires,
                state=one.state(today),
            )
            for kind in ("model", "embedder", "reranker", "platform")
            for one in getattr(registry, kind)
        )
        budgets = tuple(budget.model_dump(mode="json") for budget in registry.budget)
        return cls(file=str(file), agency=registry.agency, rows=rows, budgets=budgets)


class RegistryPolicy:
    """A `Policy` over the entries of one ``kind`` in a registry. Without one nothing is approved."""

    def __init__(
        self,
        registry: Registry | None,
        *,
        kind: Literal["model", "embedder", "reranker"] = "model",
        source: Path | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.registry = registry or Registry()
        self._kind = kind
        self._source = source or Path(FILE)
        self._today = today

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of this kind, whether they hold today or not."""
        entries: tuple[Entry, ...] = getattr(self.registry, self._kind)
        return entries

    def approve(self, model: str, *, grade: Grade) -> Approval:
        """Return the registry's entry of the model; raises `PolicyDenied` saying what to add where."""
        entry = next((one for one in self.entries if one.id == model), None)
        today = self._today()
        if entry is None:
            known = ", ".join(one.id for one in self.entries) or "-"
            raise PolicyDenied(
                f"'{model}': 승인된 모델이 아닙니다. 승인받은 뒤 {self._source}에 [[{self._kind}]] 항목"
                f'(id = "{model}", grade, zone, endpoint, approval, approved …)을 적으십시오. 승인된 모델: {known}',
                f"'{model}' is not an approved model. Once it is, add a [[{self._kind}]] entry "
                f'(id = "{model}", grade, zone, endpoint, approval, approved …) to {self._source}. Approved: {known}',
            )
        state = entry.state(today)
        if state == "not yet":
            raise PolicyDenied(
                f"'{model}': 승인({entry.approval})이 {entry.approved}부터이고 오늘은 {today}입니다. "
                f"{self._source}의 approved를 확인하십시오.",
                f"'{model}' is approved from {entry.approved} on ({entry.approval}), and today is {today}. "
                f"Look at its 'approved' in {self._source}.",
            )
        if state == "ended":
            raise PolicyDenied(
                f"'{model}': 승인({entry.approval})이 {entry.expires}에 끝났고 오늘은 {today}입니다. "
                f"다시 승인받은 뒤 {self._source}의 approval, approved, expires를 고치십시오.",
                f"the approval of '{model}' ({entry.approval}) ended on {entry.expires}, and today is {today}. "
                f"Once it is renewed, change approval, approved and expires in {self._source}.",
            )
        if not entry.grade.covers(grade):
            raise PolicyDenied(
                f"'{model}': {entry.grade.value}등급까지 승인된 모델인데 근거에 {grade.value}등급이 있습니다. "
                f'{self._source}에 grade = "{grade.value}"로 승인된 모델을 쓰거나, 그 컬렉션을 빼고 물으십시오.',
                f"'{model}' may see grade {entry.grade.value} at most, and the evidence holds grade {grade.value}. "
                f'Use a model that {self._source} approves with grade = "{grade.value}", or ask without that '
                "collection.",
            )
        return entry.to_approval()


def example() -> bytes:
    """Return the example of a policy, TOML; every entry is made up."""
    return files("govrag.govern").joinpath(EXAMPLE).read_bytes()
