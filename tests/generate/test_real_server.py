"""Our client against a server that nobody here wrote: llama.cpp, with a model of 260 KB that the test makes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field

pytest.importorskip("xllamacpp", reason="xllamacpp (llama.cpp's server) is not installed")
pytest.importorskip("gguf", reason="gguf is not installed")

import tiny_model

from govrag.errors import ModelError, ModelRejected, ModelUnreachable, PolicyDenied
from govrag.generate.chat import OpenAIChat
from govrag.generate.structured import structured
from govrag.govern.egress import EgressGate
from govrag.govern.governed import Governed
from govrag.govern.meter import Ledger
from govrag.govern.pii import Pseudonyms
from govrag.govern.policy import Entry, Registry, RegistryPolicy
from govrag.records import ChatRequest, Grade, Message, Purpose, Reply

pytestmark = pytest.mark.loopback

PURPOSE = Purpose("ask", Grade.OPEN, "r1", department="예산과")
REQUEST = ChatRequest((Message("system", "규칙"), Message("user", "예산은 언제 집행하는가?")), max_tokens=64)
SAID = "".join(tiny_model.SCRIPT)
PROMPT_TOKENS = tiny_model.prompt_tokens(*((one.role, one.content) for one in REQUEST.messages))
ENDLESS = replace(REQUEST, messages=(Message("user", tiny_model.ENDLESS),))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server's base URL."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(tiny_model.make(tmp_path_factory.mktemp("model") / "tiny.gguf"))
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0  # any that is free
    parameters.api_keys = ["sk-test"]
    parameters.n_parallel = 4
    parameters.n_ctx = 4 * tiny_model.CONTEXT
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.use_jinja = True
    parameters.warmup = False
    server = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server


def policy(address: str, **options: object) -> RegistryPolicy:
    row = {
        "id": "tiny",
        "vendor": "시험",
        "country": "KR",
        "zone": "internal",
        "endpoint": address,
        "grade": "S",
        "approval": "시험",
        "approved": date(2026, 1, 1),
        "key_env": "TINY_KEY",
        "price_input": 1000.0,
        "context": 1 << 20,  # the server's own limit is what these tests meet
        "json_schema": "enforced",
        **options,
    }
    return RegistryPolicy(Registry(model=(Entry.model_validate(row),)), source=Path("policy.toml"))


def client(address: str, *, key: str = "sk-test", **options: object) -> OpenAIChat:
    rules = policy(address, **options)
    gate = EgressGate(rules, environment={"TINY_KEY": key})
    return OpenAIChat(rules.approve("tiny", grade=Grade.OPEN), gate, sleep=lambda _seconds: None)


def test_a_reply_and_its_usage_are_the_servers(address: str) -> None:
    reply = client(address).chat(REQUEST, PURPOSE)
    assert (reply.text, reply.finish, reply.attempts) == (SAID, "stop", 1)
    assert (reply.usage.input, reply.usage.output, reply.usage.reported) == (PROMPT_TOKENS, 8, True)


def test_a_stream_comes_in_pieces_with_the_same_text_and_usage(address: str) -> None:
    *pieces, reply = client(address).stream(REQUEST, PURPOSE)
    assert pieces == list(tiny_model.SCRIPT)
    assert isinstance(reply, Reply)
    assert (reply.text, reply.finish) == (SAID, "stop")
    assert (reply.usage.input, reply.usage.output, reply.usage.reported) == (PROMPT_TOKENS, 8, True)


def test_usage_in_a_stream_comes_only_when_asked_for(address: str) -> None:
    *_, reply = client(address, stream_usage=False).stream(REQUEST, PURPOSE)
    assert isinstance(reply, Reply)
    assert not reply.usage.reported
    assert reply.usage.output > 0


def test_a_reply_that_is_cut_off_says_so(address: str) -> None:
    reply = client(address).chat(ENDLESS, PURPOSE)
    assert (reply.text, reply.finish, reply.usage.output) == ("ab" * 32, "length", 64)
    *_, reply = client(address).stream(ENDLESS, PURPOSE)
    assert isinstance(reply, Reply)
    assert (reply.text, reply.finish) == ("ab" * 32, "length")


def test_a_word_at_which_to_stop_is_kept_to(address: str) -> None:
    assert client(address).chat(replace(REQUEST, stop=(" 안에",)), PURPOSE).text == "예산은 회계연도"


class Spending(BaseModel):
    kind: Literal["인건비", "운영비"]
    month: int = Field(ge=1, le=12)
    note: str = Field(max_length=4)


def test_a_schema_is_enforced_on_a_model_that_knows_no_json(address: str) -> None:
    model = client(address)
    asked = replace(REQUEST, schema=Spending.model_json_schema(), max_tokens=200)
    Spending.model_validate_json(model.chat(asked, PURPOSE).text)
    found = structured(model, replace(REQUEST, max_tokens=200), PURPOSE, Spending)
    assert found.kind in {"인건비", "운영비"}


def test_without_the_schema_it_is_asked_twice_and_refused(address: str) -> None:
    with pytest.raises(ModelError, match="Spending"):
        structured(client(address, json_schema="ignored"), REQUEST, PURPOSE, Spending)


@pytest.mark.parametrize("streamed", [False, True])
def test_more_than_its_context_is_refused_by_the_server_without_a_word_of_it(address: str, streamed: bool) -> None:
    long = replace(REQUEST, messages=(Message("user", "비밀" * tiny_model.CONTEXT),))
    model = client(address)
    with pytest.raises(ModelRejected, match="HTTP 400, exceed_context_size_error") as error:
        list(model.stream(long, PURPOSE)) if streamed else model.chat(long, PURPOSE)
    assert "비밀" not in error.value.ko + error.value.en
    assert error.value.attempts == 1


def test_a_wrong_key_and_a_wrong_path_are_refused(address: str) -> None:
    with pytest.raises(ModelRejected, match="401"):
        client(address, key="sk-wrong").chat(REQUEST, PURPOSE)
    with pytest.raises(ModelRejected, match="404"):
        client(f"{address}/none").chat(REQUEST, PURPOSE)


def test_eight_at_once_answer_as_one_does(address: str) -> None:
    model = client(address)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: model.chat(REQUEST, PURPOSE), range(24)))
    assert {(reply.text, reply.usage.input, reply.usage.output) for reply in replies} == {(SAID, PROMPT_TOKENS, 8)}


def test_the_ledger_holds_what_the_server_counted(address: str, tmp_path: Path) -> None:
    rules = policy(address)
    inner = OpenAIChat(rules.approve("tiny", grade=Grade.OPEN), EgressGate(rules, environment={"TINY_KEY": "sk-test"}))
    ledger = Ledger(tmp_path)
    model = Governed(inner, policy=rules, meter=ledger, masker=Pseudonyms)
    replies = [model.chat(REQUEST, PURPOSE) for _ in range(3)]
    *_, streamed = model.stream(REQUEST, PURPOSE)
    assert isinstance(streamed, Reply)
    assert streamed.text == SAID
    assert sum(reply.usage.input for reply in [*replies, streamed]) == 4 * PROMPT_TOKENS
    [row] = ledger.usage(by="department").rows
    assert (row.tokens_in, row.tokens_out) == (4 * PROMPT_TOKENS, 4 * 8)
    with pytest.raises(PolicyDenied):
        model.chat(REQUEST, replace(PURPOSE, grade=Grade.CLASSIFIED))
    ledger.close()


def test_leaving_a_stream_frees_the_server(address: str) -> None:
    model = client(address)
    long = replace(ENDLESS, max_tokens=1500)
    for _ in range(8):  # twice as many as it serves at once
        pieces = model.stream(long, PURPOSE)
        assert next(pieces) == "a"
        pieces.close()  # type: ignore[attr-defined]
    assert model.chat(replace(REQUEST, seconds=10), PURPOSE).text == SAID


def test_langchain_reaches_it_only_as_approved(address: str) -> None:
    openai = pytest.importorskip("langchain_openai", reason="langchain-openai is not installed")
    from govrag.generate.langchain_chat import wrap

    rules = policy(address)
    model = openai.ChatOpenAI(model="tiny", base_url=address, api_key="sk-test")
    reply = wrap(model, rules).chat(REQUEST, PURPOSE)
    assert (reply.text, reply.finish, reply.usage.input, reply.usage.output) == (SAID, "stop", PROMPT_TOKENS, 8)
    *pieces, streamed = wrap(model, rules).stream(REQUEST, PURPOSE)
    assert isinstance(streamed, Reply)
    assert pieces == list(tiny_model.SCRIPT)
    assert streamed.usage == reply.usage
    found = structured(wrap(model, rules), replace(REQUEST, max_tokens=200), PURPOSE, Spending)
    assert found.kind in {"인건비", "운영비"}
    with pytest.raises(ModelRejected, match="400"):
        wrap(model, rules).chat(replace(REQUEST, messages=(Message("user", "가" * 3000),)), PURPOSE)
    with pytest.raises(PolicyDenied):
        wrap(openai.ChatOpenAI(model="tiny", base_url=f"{address}/../other", api_key="k"), rules)
    gone = policy("http://127.0.0.1:9/v1")
    with pytest.raises(ModelUnreachable):
        wrap(openai.ChatOpenAI(model="tiny", base_url="http://127.0.0.1:9/v1", api_key="k", max_retries=0), gone).chat(
            REQUEST, PURPOSE
        )
