"""Replies read into pydantic models: what is read in one way only, one repair, a typed end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from govrag.errors import ModelReplyInvalid, ModelTimeout
from govrag.generate.structured import structured, values
from govrag.records import ChatRequest, Grade, Message, Purpose
from govrag.testing.models import ScriptedModel

PURPOSE = Purpose("ask", Grade.OPEN, "r1")
REQUEST = ChatRequest((Message("system", "규칙"), Message("user", "연차는 며칠인가?")))


class Leave(BaseModel):
    days: int = Field(ge=0, le=25)
    law: str
    since: date | None = None


GOOD = '{"days": 15, "law": "가상근로법 제60조"}'


def asked(*replies: str, request: ChatRequest = REQUEST) -> tuple[Leave, ScriptedModel]:
    model = ScriptedModel(*replies)
    return structured(model, request, PURPOSE, Leave), model


@pytest.mark.parametrize(
    "reply",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"답은 다음과 같습니다.\n{GOOD}\n도움이 되었기를 바랍니다.",
        '{"days": 15, "law": "가상근로법 제60조",}',
        "{'days': 15, 'law': '가상근로법 제60조', 'since': None}",
        '집합 {1은 빼고} 답: {"days": "15", "law": "가상근로법 제60조"}',
        f"{GOOD}\n다시 적으면 {GOOD}",
        f'{{"type": "object"}} {GOOD}',
        f"[{GOOD}",
        "".join(f"근거 [{number}]에 따르면 " for number in range(60)) + GOOD,
    ],
)
def test_what_can_be_read_in_one_way_is_read(reply: str) -> None:
    found, model = asked(reply)
    assert (found.days, found.law) == (15, "가상근로법 제60조")
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        "모르겠습니다.",
        '{"days": 15, "law": "가상',  # cut off
        '{"days": 99, "law": "가"}',  # beyond its bound
        '{"days": 15, "days": 16, "law": "가"}',  # which of the two?
        f'{GOOD} 또는 {{"days": 16, "law": "가"}}',  # which of the two?
        '{"days": NaN, "law": "가"}',
        "{'days': 15, 'law': 'it's'}",
        "[" * 100_000,
        '{"days": 1e999, "law": "가"}',
    ],
)
def test_what_cannot_is_asked_again_once_and_then_refused(reply: str) -> None:
    found, model = asked(reply, GOOD)
    assert found.days == 15
    assert model.requests[1].messages[:-2] == model.requests[0].messages
    assert model.requests[1].messages[-2] == Message("assistant", reply)
    with pytest.raises(ModelReplyInvalid, match="Leave"):
        asked(reply, reply)


def test_the_model_is_told_what_is_wrong_and_the_error_says_nothing_of_the_reply() -> None:
    secret = '{"days": "비밀스러운 값", "law": 3, "주민등록번호": "900101-1234567"}'
    model = ScriptedModel(secret)

    class Strict(Leave, extra="forbid"):
        pass

    with pytest.raises(ModelReplyInvalid) as error:
        structured(model, REQUEST, PURPOSE, Strict)
    told = model.requests[1].messages[-1].content
    assert "days: Input should be a valid integer" in told
    assert "days: int_parsing" in str(error.value)
    assert "900101" not in str(error.value)
    assert "주민등록번호" not in str(error.value)
    assert "비밀" not in error.value.message("en")


def test_a_schema_goes_to_a_server_that_enforces_it_and_in_words_to_any_other() -> None:
    _, worded = asked(GOOD)
    assert worded.requests[0].schema is None
    assert worded.requests[0].messages[0].role == "system"
    assert '"days"' in worded.requests[0].messages[0].content
    assert worded.requests[0].messages[1] == REQUEST.messages[1]
    enforcing = ScriptedModel(GOOD)
    enforcing.approval = replace(enforcing.approval, json_schema="enforced")
    structured(enforcing, REQUEST, PURPOSE, Leave)
    assert enforcing.requests[0].schema == Leave.model_json_schema()
    assert enforcing.requests[0].messages == REQUEST.messages


def test_rules_stand_in_a_message_of_their_own_where_there_are_none() -> None:
    _, model = asked(GOOD, request=ChatRequest((Message("user", "질문"),)))
    assert [one.role for one in model.requests[0].messages] == ["system", "user"]


def test_both_calls_share_the_time_that_there_is() -> None:
    def slow(_request: ChatRequest) -> str:
        time.sleep(0.05)
        return "?"

    model = ScriptedModel(slow)
    with pytest.raises(ModelReplyInvalid):
        structured(model, replace(REQUEST, seconds=5.0), PURPOSE, Leave)
    assert model.requests[1].seconds < 4.96
    with pytest.raises(ModelTimeout):
        structured(ScriptedModel(slow), replace(REQUEST, seconds=0.01), PURPOSE, Leave)


SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=8) | st.floats(allow_nan=False)
JSON = st.recursive(
    SCALARS.filter(lambda value: value not in (float("inf"), float("-inf"))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
HELD = st.dictionaries(st.text(max_size=5), JSON, max_size=3) | st.lists(JSON, max_size=3)
PROSE = st.text(st.characters(exclude_characters="{}[]", exclude_categories=["Cs"]), max_size=30)
WRITERS: list[Callable[[Any], str]] = [
    json.dumps,
    lambda value: json.dumps(value, ensure_ascii=False, indent=2),
    lambda value: f"```json\n{json.dumps(value)}\n```",
]


@given(HELD, PROSE, PROSE, st.sampled_from(WRITERS))
def test_a_value_amid_prose_is_found_as_it_was(
    value: Any, before: str, after: str, write: Callable[[Any], str]
) -> None:
    assert list(values(f"{before}{write(value)}{after}")) == [value]


@given(HELD)
def test_one_comma_too_many_changes_nothing(value: Any) -> None:
    text = json.dumps(value)
    if len(text) > 2:
        assert list(values(f"{text[:-1]},{text[-1]}")) == [value]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.text("abc가나 ,:{}[]\"'\\TrueNone", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc가\"'", max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abc가\"'", max_size=4), PLAIN, max_size=3))
@example({'"': "'", "a": "\\'"})
def test_what_python_would_write_is_read_as_it_was(value: dict[str, Any]) -> None:
    assert list(values(f"답: {value!r}")) == [value]


@given(st.text("{}[]\"'\\,: \n1ab가nulltrue", max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    found = list(values(text))
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_brackets_without_end_cost_little() -> None:
    started = time.process_time()
    assert list(values("{" * 200_000 + "'" * 200_000)) == []
    assert time.process_time() - started < 5
