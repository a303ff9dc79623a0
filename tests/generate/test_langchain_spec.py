"""Models that LangChain makes of a name: what they are made with, where they go, what is said when they cannot be."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="langchain-core is not installed")

from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from govrag.errors import MissingExtra, PolicyDenied, UsageError
from govrag.generate.langchain_spec import from_spec
from govrag.records import Approval, ChatRequest, Grade, Message, Purpose

ENDPOINT = "https://llm.agency.example/v1"
APPROVAL = Approval("요약", "시험", "KR", ENDPOINT, "solar-pro", Grade.OPEN, key_env="SOLAR_KEY")
KEYS = {"SOLAR_KEY": "sk-spec-91"}


class ChatOpenAI(GenericFakeChatModel):
    """What a provider's package would have: it keeps what it was made with."""

    model: str
    base_url: str = "https://api.vendor.example/v1"
    api_key: str = ""
    messages: Any = None

    def model_post_init(self, _context: Any) -> None:
        self.messages = iter([AIMessage("연차는 15일이다.")] * 9)


class Elsewhere(ChatOpenAI):
    """A provider whose environment turns its models to another server."""

    def model_post_init(self, context: Any) -> None:
        super().model_post_init(context)
        self.base_url = "https://gateway.vendor.example/v1"


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a function where LangChain's `init_chat_model` would be."""

    def put(function: Callable[..., Any]) -> None:
        module = ModuleType("langchain.chat_models")
        module.init_chat_model = function  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "langchain", ModuleType("langchain"))
        monkeypatch.setitem(sys.modules, "langchain.chat_models", module)

    return put


def test_a_spec_is_made_at_the_approved_endpoint_with_the_approved_key(make: Callable[..., None]) -> None:
    made: list[tuple[str, dict[str, str]]] = []

    def init_chat_model(model: str, *, model_provider: str, **settings: str) -> BaseChatModel:
        made.append((model, {"model_provider": model_provider, **settings}))
        return ChatOpenAI(model=model, **settings)  # type: ignore[arg-type]

    make(init_chat_model)
    model = from_spec("openai:solar-pro", APPROVAL, environment=KEYS)
    assert made == [("solar-pro", {"model_provider": "openai", "base_url": ENDPOINT, "api_key": "sk-spec-91"})]
    asked = ChatRequest((Message("user", "연차는 며칠인가?"),), seconds=10)
    assert model.chat(asked, Purpose("ask", Grade.OPEN, "r")).text == "연차는 15일이다."
    from_spec("openai:solar-pro", replace(APPROVAL, key_env=""), environment=KEYS)
    assert "api_key" not in made[1][1]


@pytest.mark.parametrize(
    ("kind", "approval"),
    [
        (Elsewhere, APPROVAL),
        (ChatOpenAI, replace(APPROVAL, name="another")),
        (GenericFakeChatModel, APPROVAL),  # says neither where it goes nor what it is
        (dict, APPROVAL),
    ],
)
def test_a_model_that_goes_elsewhere_or_is_another_is_denied(
    make: Callable[..., None], kind: Any, approval: Approval
) -> None:
    make(
        lambda model, *, model_provider, **settings: (
            GenericFakeChatModel(messages=iter([])) if kind is GenericFakeChatModel else kind(model=model, **settings)
        )
    )
    with pytest.raises(PolicyDenied, match="보내지 않았습니다"):
        from_spec("openai:solar-pro", approval, environment=KEYS)


@pytest.mark.parametrize(
    ("spec", "approval", "word"),
    [
        *[(spec, APPROVAL, "spec") for spec in ("", "solar-pro", "openai:", ":solar", "OpenAI:x", "openai: x")],
        ("huggingface:org/model", APPROVAL, "spec"),
        ("openai:solar-pro", replace(APPROVAL, endpoint=""), "endpoint"),
        ("openai:solar-pro", replace(APPROVAL, endpoint="", zone="internal"), "endpoint"),
        ("openai:solar-pro", replace(APPROVAL, key_env="OTHER_KEY"), "OTHER_KEY"),
    ],
)
def test_what_cannot_be_right_is_denied_before_anything_is_made(
    make: Callable[..., None], spec: str, approval: Approval, word: str
) -> None:
    make(lambda *_, **__: pytest.fail("made"))
    with pytest.raises(PolicyDenied, match=word):
        from_spec(spec, approval, environment=KEYS)


@pytest.mark.parametrize(
    ("fault", "word"), [(ImportError("no"), "langchain-google-genai"), (ValueError("sk-spec-91"), "ValueError")]
)
def test_what_langchain_cannot_make_is_said_without_the_key(
    make: Callable[..., None], fault: Exception, word: str
) -> None:
    def init_chat_model(*_: Any, **__: Any) -> BaseChatModel:
        raise fault

    make(init_chat_model)
    with pytest.raises(UsageError, match=word) as caught:
        from_spec("google_genai:solar-pro", APPROVAL, environment=KEYS)
    assert "sk-spec" not in str(caught.value.args)
    assert caught.value.__cause__ is None


def test_without_langchain_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain", None)
    monkeypatch.setitem(sys.modules, "langchain.chat_models", None)
    with pytest.raises(MissingExtra, match="govrag\\[langchain\\]"):
        from_spec("openai:solar-pro", APPROVAL, environment=KEYS)


def test_langchains_own_function_takes_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its providers are packages; one of that name with a model of ours in it stands for the vendor's."""
    pytest.importorskip("langchain.chat_models", reason="langchain is not installed")
    package = ModuleType("langchain_openai")
    package.ChatOpenAI = ChatOpenAI  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "langchain_openai", package)
    creator = importlib.import_module("langchain.chat_models.base")._get_chat_model_creator
    creator.cache_clear()
    try:
        model = from_spec("openai:solar-pro", APPROVAL, environment=KEYS)
        assert model.approval is APPROVAL
        with pytest.raises(UsageError, match="ValueError"):
            from_spec("nobody:solar-pro", APPROVAL, environment=KEYS)
        with pytest.raises(UsageError, match="langchain-anthropic"):
            from_spec("anthropic:solar-pro", APPROVAL, environment=KEYS)
    finally:
        creator.cache_clear()


def test_a_vendors_own_model_says_where_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain.chat_models", reason="langchain is not installed")
    pytest.importorskip("langchain_openai", reason="langchain-openai is not installed")
    assert from_spec("openai:solar-pro", APPROVAL, environment=KEYS).approval is APPROVAL
    monkeypatch.setenv("OPENAI_BASE_URL", "https://evil.example/v1")
    assert from_spec("openai:solar-pro", APPROVAL, environment=KEYS), "the policy's address goes before the variable's"
