"""Models that LangChain makes of a name: ``provider:model`` through its `init_chat_model`, at the approved endpoint."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from govrag.calling.foreign import is_chat_model
from govrag.errors import MissingExtra, UsageError, not_sent
from govrag.generate.langchain_chat import LangChainChat
from govrag.records import Approval

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["from_spec"]

_SPEC = re.compile(r"([a-z][a-z0-9_]*):(\S+)")
_DOWNLOADS = frozenset({"huggingface"})  # providers whose models fetch their weights when they are made


def from_spec(spec: str, approval: Approval, *, environment: Mapping[str, str] | None = None) -> LangChainChat:
    """Return the model that ``spec`` names, at the entry's endpoint, with the key of its ``key_env``.

    Without a ``key_env`` the provider's package looks for a key by itself. Raises `PolicyDenied` for an entry without
    an endpoint, and for a model that does not say that it goes there; `MissingExtra` and `UsageError` when LangChain or
    the provider's package is not installed.
    """
    found = _SPEC.fullmatch(spec)
    if found is None or found[1] in _DOWNLOADS:
        raise not_sent(
            approval.id,
            f"정책의 spec '{spec}'은(는) 쓸 수 없습니다. openai:모델처럼 서버를 부르는 제공자와 모델을 적으십시오",
            f"its spec in the policy, '{spec}', cannot be used. Write provider:model, of a provider that has servers",
        )
    if not approval.endpoint:
        raise not_sent(
            approval.id,
            "spec으로 부르는 모델은 정책에 endpoint가 있어야 합니다. 그 주소를 적으십시오",
            "a model named by spec needs an endpoint in the policy. Write its address",
        )
    settings = {"model_provider": found[1], "base_url": approval.endpoint}
    if approval.key_env:
        settings["api_key"] = _key(approval, os.environ if environment is None else environment)
    return LangChainChat(_made(found[2], approval, settings), approval)


def _key(approval: Approval, environment: Mapping[str, str]) -> str:
    key = environment.get(approval.key_env, "").strip()
    if not key:
        raise not_sent(
            approval.id,
            f"환경 변수 {approval.key_env}에 쓸 수 있는 키가 없습니다",
            f"no usable key in the variable {approval.key_env}",
        )
    return key


def _made(name: str, approval: Approval, settings: Mapping[str, str]) -> BaseChatModel:
    provider = settings["model_provider"]
    try:
        init_chat_model = import_module("langchain.chat_models").init_chat_model
    except ImportError:
        raise MissingExtra("langchain", "langchain") from None
    try:
        made: Any = init_chat_model(name, **settings)
    except ImportError:
        raise UsageError(
            f"'{approval.id}': LangChain의 '{provider}' 제공자 패키지가 없습니다. 그 제공자의 패키지"
            f"(langchain-{provider.replace('_', '-')} 등)를 설치하십시오.",
            f"'{approval.id}': the package of LangChain's provider '{provider}' is not installed. "
            f"Install it (langchain-{provider.replace('_', '-')}, or as the provider calls it).",
        ) from None
    except Exception as error:  # of the provider's package; its message may repeat the key
        raise UsageError(
            f"'{approval.id}': LangChain이 '{provider}' 모델을 만들지 못했습니다({type(error).__name__}). "
            "정책의 spec과 key_env를 확인하십시오.",
            f"'{approval.id}': LangChain could not make a model of '{provider}' ({type(error).__name__}). "
            "Check spec and key_env in the policy.",
        ) from None
    if not is_chat_model(made):
        raise not_sent(
            approval.id,
            "LangChain이 만든 것이 대화 모델이 아닙니다",
            "what LangChain made of its spec is no chat model",
        )
    return made
