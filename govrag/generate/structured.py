"""A model's reply as a pydantic model: schema where the server enforces one, words where not, one repair, then an end.

What is read of a reply is what can be read in one way only: JSON, alone or amid other text, with the slips of weak
models (a comma too many, single quotes, Python's ``True``). Two readings that both fit the schema are none.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from govrag.contracts import ChatModel
from govrag.errors import ModelReplyInvalid, ModelTimeout
from govrag.generate.envelope import neutral
from govrag.records import ChatRequest, Message, Purpose

__all__ = ["structured", "values"]

Model = TypeVar("Model", bound=BaseModel)


class _Fault(NamedTuple):
    """What is wrong with a reply: for an error its place and kind, for the model that is asked again the words too."""

    place: str
    kind: str
    words: str


_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|,(?=\s*[}\]])|\b(?:True|False|None)\b|[{}\[\]]", re.DOTALL)
_OPENING = re.compile(r"[{\[]")
_PLAIN = {"True": "true", "False": "false", "None": "null", ",": ""}
_EFFORT = 400_000  # characters that are looked through for brackets that belong together, some of them repeatedly
_FAULTS = 8  # that a model is told of
_ASK = "답은 다음 JSON 스키마에 맞는 JSON 값 하나뿐이다. 설명이나 다른 글을 덧붙이지 않는다.\nJSON 스키마: {schema}"
_AGAIN = "위 답은 쓸 수 없다. 아래를 고쳐 JSON 값 하나만 다시 답하라.\n{faults}"
_NO_VALUE = _Fault("$", "no_value", "JSON 값이 없거나 끝나지 않았다")
_MANY_VALUES = _Fault("$", "many_values", "스키마에 맞는 JSON 값이 둘 이상이다")


def structured(model: ChatModel, request: ChatRequest, purpose: Purpose, schema: type[Model]) -> Model:
    """Return the reply to a request, read and checked.

    A reply that does not fit is sent back once with what is wrong; both calls share the request's seconds. Raises
    `ModelReplyInvalid` when the second does not fit either, and whatever the model raises.
    """
    deadline = time.monotonic() + request.seconds
    shape = schema.model_json_schema()
    if model.approval.json_schema == "enforced":
        asked = replace(request, schema=shape)
    else:
        asked = replace(request, messages=_instructed(request.messages, shape))
    reply = model.chat(asked, purpose).text
    fitting, faults = _read(reply, schema, shape)
    if fitting is not None:
        return fitting
    left = deadline - time.monotonic()
    if left <= 0:
        raise ModelTimeout(
            f"'{model.approval.id}': 답을 고칠 시간이 없습니다. 시간을 늘리십시오.",
            f"'{model.approval.id}': no time is left to mend the reply. Allow more.",
        )
    listed = "\n".join(f"- {fault.place}: {fault.words}" for fault in faults[:_FAULTS])
    again = (
        *asked.messages,
        Message("assistant", neutral(reply) or "-"),
        Message("user", _AGAIN.format(faults=listed)),
    )
    fitting, faults = _read(model.chat(replace(asked, messages=again, seconds=left), purpose).text, schema, shape)
    if fitting is not None:
        return fitting
    raise _unfit(model, schema, faults)


def values(text: str) -> Iterator[Any]:
    """Yield every JSON value that can be read in a text: all of it, or else each object and array that stands in it."""
    try:
        yield _json(text.strip())
        return
    except ValueError:
        pass  # there is more than the value, or less
    at, effort = 0, _EFFORT
    while effort > 0 and (opening := _OPENING.search(text, at)):
        start, at = opening.span()
        end = _closed(text, start)
        effort -= (end or len(text)) - start
        if end is None:
            continue
        try:
            value = _json(_mended(text[start:end]))
        except ValueError:
            continue  # brackets of prose; a value may stand within them
        yield value
        at = end


def _read(text: str, schema: type[Model], shape: Mapping[str, Any]) -> tuple[Model | None, list[_Fault]]:
    """Return the one reading of the text that fits, or what is wrong."""
    fitting: list[Model] = []
    faults = [_NO_VALUE]
    for value in values(text):
        try:
            found = schema.model_validate_json(json.dumps(value))
        except ValidationError as error:
            faults = _faults(error, _names(shape))
        else:
            if found not in fitting:
                fitting.append(found)
    if len(fitting) == 1:
        return fitting[0], []
    return None, [_MANY_VALUES] if fitting else faults


def _closed(text: str, start: int) -> int | None:
    """Return where the bracket that opens here is closed, quoted text left aside; None when it is not."""
    open_brackets: list[str] = []
    for token in _TOKEN.finditer(text, start):
        if token[0] in "{[":
            open_brackets.append("}" if token[0] == "{" else "]")
        elif token[0] in "}]":
            if open_brackets.pop() != token[0]:
                return None
            if not open_brackets:
                return token.end()
    return None


def _mended(text: str) -> str:
    """Return what stands between two brackets without the slips that can be meant in one way only."""
    return _TOKEN.sub(lambda token: _PLAIN.get(token[0], _requoted(token[0])), text)


def _requoted(token: str) -> str:
    if not token.startswith("'"):
        return token
    inner = token[1:-1].replace("\\'", "'")
    return '"' + re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', inner) + '"'


def _json(text: str) -> Any:
    """Return the value; raises `ValueError` for what is no JSON, too deep, or says one thing twice."""
    try:
        # Line ends within quotes are allowed: weak servers do not escape them.
        return json.loads(text, strict=False, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("too deep") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _instructed(messages: tuple[Message, ...], shape: Mapping[str, Any]) -> tuple[Message, ...]:
    """Return the messages with the schema among our own rules, never beside a document's words."""
    asking = _ASK.format(schema=json.dumps(shape, ensure_ascii=False))
    if messages and messages[0].role == "system":
        return (Message("system", f"{messages[0].content}\n\n{asking}"), *messages[1:])
    return (Message("system", asking), *messages)


def _faults(error: ValidationError, names: set[str]) -> list[_Fault]:
    """Return what is wrong and where; of the reply's own words nothing is named but what the schema names too."""
    return [
        _Fault(
            ".".join(str(part) if isinstance(part, int) or part in names else "…" for part in fault["loc"]) or "$",
            fault["type"],
            fault["msg"],
        )
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def _names(shape: Any) -> set[str]:
    """Return the names of every property anywhere in a schema."""
    if isinstance(shape, list):
        return {name for one in shape for name in _names(one)}
    if not isinstance(shape, dict):
        return set()
    properties = shape.get("properties")
    named = set(properties) if isinstance(properties, dict) else set()
    return named | {name for one in shape.values() for name in _names(one)}


def _unfit(model: ChatModel, schema: type[BaseModel], faults: Sequence[_Fault]) -> ModelReplyInvalid:
    listed = ", ".join(f"{fault.place}: {fault.kind}" for fault in faults[:_FAULTS])
    return ModelReplyInvalid(
        f"'{model.approval.id}': 두 번 물었으나 '{schema.__name__}' 꼴에 맞지 않습니다({listed}). "
        "스키마를 지키는 모델을 쓰십시오.",
        f"'{model.approval.id}': asked twice, the reply does not fit '{schema.__name__}' ({listed}). "
        "Use a model that keeps to schemas.",
    )
