"""The gate: where nothing may be sent, what may be sent where, and that it goes there and nowhere else."""

from __future__ import annotations

import copy
import datetime
import ipaddress
import json
import logging
import pickle
import ssl
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from govrag.errors import GovragError, ModelError, ModelRejected, ModelTimeout, ModelUnreachable, PolicyDenied
from govrag.generate.chat import OpenAIChat
from govrag.govern import egress
from govrag.govern.egress import EgressGate
from govrag.govern.governed import Governed
from govrag.govern.policy import Entry, Registry, RegistryPolicy
from govrag.records import Approval, Call, ChatRequest, Grade, Message, Purpose

sys.path.append(str(Path(__file__).resolve().parents[1] / "generate"))
from fault_server import FaultServer

KEY = "sk-egress-9042-key"
PUBLIC = "93.184.215.14"
# What the resolver of these tests knows: names to the addresses of a hostile zone file.
NAMES: Mapping[str, Sequence[str]] = {
    "llm.agency.example": [PUBLIC],
    "ten.example": ["10.1.2.3"],
    "home.example": ["127.0.0.1"],
    "home6.example": ["::1"],
    "metadata.example": ["169.254.169.254"],
    "metadata6.example": ["fd00:ec2::254"],
    "metadata.google.internal": ["169.254.169.254"],
    "azure.example": ["168.63.129.16"],
    "alibaba.example": ["100.100.100.200"],
    "oracle.example": ["192.0.0.192"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "mapped-metadata.example": ["::ffff:169.254.169.254"],
    "nat64.example": ["64:ff9b::a9fe:a9fe"],
    "nat64-ten.example": ["64:ff9b::a00:1"],
    "sixtofour.example": ["2002:a9fe:a9fe::1"],
    "compatible.example": ["::10.0.0.1"],
    "site.example": ["fec0::1"],
    "unique.example": ["fd12:3456::1"],
    "link6.example": ["fe80::1%eth0"],
    "both.example": [PUBLIC, "10.0.0.1"],
    "zero.example": ["0.0.0.0"],
    "zero6.example": ["::"],
    "broadcast.example": ["255.255.255.255"],
    "multicast.example": ["224.0.0.1"],
    "carrier.example": ["100.64.0.1"],
    "benchmark.example": ["198.18.0.1"],
    "reserved.example": ["240.0.0.1"],
    "words.example": ["no address"],
    "xn--lm-agency-q9a.example": ["192.168.0.9"],
}
GOOD = "https://llm.agency.example/v1"

# None of these may lead to a connection, in the zones internet and government.
NEVER_OUTSIDE = [
    *(f"https://{name}/v1" for name in NAMES if name != "llm.agency.example"),
    *(f"http://{name}/v1" for name in ("llm.agency.example", "home.example", PUBLIC)),
    *("https://127.0.0.1", "https://127.1", "https://127.0.1", "https://0", "https://0.0.0.0", "https://2130706433"),
    *("https://0x7f000001", "https://0x7f.0.0.1", "https://0x7f.1", "https://017700000001", "https://0177.0.0.1"),
    *("https://127.0.0.1.", "https://127.0.0.01", "https://0127.0.0.1", "https://10.0.0.1", "https://172.16.9.9"),
    *("https://192.168.1.1", "https://169.254.169.254", "https://169.254.169.254:80", "https://2852039166"),
    *("https://0xa9fea9fe", "https://0251.0376.0251.0376", "https://[::1]", "https://[::]", "https://[::ffff:7f00:1]"),
    *("https://[::ffff:127.0.0.1]", "https://[0:0:0:0:0:0:0:1]", "https://[fd00:ec2::254]", "https://[fe80::1]"),
    *("https://[fe80::1%25eth0]", "https://[fc00::1]", "https://[fec0::1]", "https://[64:ff9b::7f00:1]"),
    *("https://[2002:7f00:1::]", "https://[::127.0.0.1]", "https://[2001:db8::1]", "https://[ff02::1]"),
    *("https://[::1", "https://::1", "https://[127.0.0.1]x", "https://[v1.abc]", "https://1::2", "https://[]"),
]
# Nor any of these, in any zone.
NEVER = [
    *("https://user@llm.agency.example", "https://user:pw@llm.agency.example", "https://@llm.agency.example"),
    *("https://llm.agency.example@home.example"),
    *("https://llm.agency.example:80@home.example", "https://a@b@home.example"),
    *("https://home.example#@llm.agency.example", "https://home.example#llm"),
    *("https://home.example/#", "https://a/?q=1"),
    *("https://home.example?x=.llm.agency.example", "https://home.example;llm", "https://home.example%2ellm"),
    *("https://home.example\\@llm.agency.example"),
    *("https://llm.agency.example\\.home.example", "https:\\\\home.example"),
    *("https:/home.example", "https:home.example", "https:///home.example"),
    *("//home.example", "home.example", "https://"),
    *("https://home.example.", "https://home.example./v1"),
    *("https://.home.example", "https://home..example", "https://-"),
    *("https://home.example:", "https://home.example:0", "https://home.example:65536", "https://home.example:99999999"),
    *("https://home.example:-1", "https://home.example:+80", "https://home.example:８０", "https://home.example:80:80"),
    *("https://home.example:0x50", "https://home.example: 80"),
    *("https://home.example/v1/../admin", "https://home.example/.."),
    *("https://home.example/%2e%2e/x", "https://home.example/v1//x"),
    *("https://home.example/a b", "https://home.example/가"),
    *("https://home.example/v1;x", "https://home.example/\r\nX: y"),
    *("https://home.example\r\n", " https://home.example"),
    *("https://ho\tme.example", "https://ho me.example", "https://home.example\n@llm", "https://home.example\x00"),
    *("https://한국.example", "https://ⓗome.example"),
    *("https://１２７.0.0.1", "https://home。example", "https://ℋome.example"),
    *("file:///etc/passwd", "file://home.example/x"),
    *("gopher://home.example/_x", "ftp://home.example", "ws://home.example"),
    *("unix:/run/llm.sock", "http+unix://%2Frun%2Fllm.sock/v1"),
    *("unix://home.example", "data:text/plain,x", "javascript:1"),
    *("dict://home.example:11211/", "ldap://home.example", "jar:https://home.example", "httpss://home.example", "://x"),
    *("https://0.0.0.0:8000/v1", "https://[::]:8000/v1", "http://169.254.169.254/v1", "http://[fd00:ec2::254]/v1"),
    *("http://0:8000/v1", "http://2852039166/v1", "http://127.1:8000/v1", "http://0x7f000001:8000", "http://[fe80::1]"),
    *("http://255.255.255.255/v1", "http://224.0.0.1/v1", "http://metadata.example/v1", "http://nat64.example/v1"),
    *("http://metadata.google.internal/v1", "http://azure.example/v1"),
    *("http://alibaba.example", "http://mapped-metadata.example"),
    *("http://llm.agency.example/v1", f"http://{PUBLIC}/v1", "http://both.example/v1", "http://0.0.0.1/v1"),
]  # fmt: skip


class Open:
    """A policy that approves whatever it holds for everything: what is refused is refused by the gate."""

    def __init__(self, approval: Approval) -> None:
        self.approval = approval

    def approve(self, model: str, *, grade: Grade) -> Approval:
        return self.approval


class Dialled(Exception):
    """A connection would have been opened."""


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Record instead of connecting."""
    made: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> Any:
        made.append(address)
        raise Dialled

    monkeypatch.setattr(egress.socket, "create_connection", connect)
    return made


def resolve(host: str, port: int) -> Sequence[str]:
    """Know the hostile names, addresses as they are, and every strange form of one as a resolver would."""
    if host in NAMES:
        return NAMES[host]
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        return ["127.0.0.1"]


def approval(endpoint: str, zone: Any = "internet", **more: Any) -> Approval:
    return Approval("m", "v", "KR", endpoint, "m", more.pop("grade", Grade.OPEN), zone=zone, **more)


def call(approved: Approval, grade: Grade = Grade.OPEN, **more: Any) -> Call:
    purpose = Purpose("test", grade, "r")
    return Call(approved, purpose, more.pop("path", "/chat/completions"), more.pop("body", b"{}"), {}, 2.0, **more)


def sent(gate: EgressGate, one: Call) -> tuple[int, bytes]:
    with gate.send(one) as response:
        return response.status, b"".join(response.chunks())


def registered(endpoint: str, zone: str) -> Approval | None:
    """Return the entry of a registry, or nothing where it is refused already."""
    row = {"id": "m", "vendor": "v", "country": "KR", "zone": zone, "endpoint": endpoint, "grade": "O"}
    try:
        return Entry.model_validate({**row, "approval": "r", "approved": datetime.date(2026, 1, 1)}).to_approval()
    except ValidationError:
        return None


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_corpus_is_large_enough() -> None:
    assert len({*NEVER_OUTSIDE, *NEVER}) >= 150


@pytest.mark.parametrize(
    ("url", "zone"),
    [
        *((url, zone) for url in [*NEVER_OUTSIDE, *NEVER] for zone in ("internet", "government")),
        *((url, "internal") for url in NEVER),
    ],
)
def test_no_trick_opens_a_connection(url: str, zone: str, dialled: list[tuple[str, int]]) -> None:
    # As the registry gives it, and as if the registry had let it pass.
    for approved in (registered(url, zone), approval(url, zone)):
        if approved is None:
            continue
        with pytest.raises(PolicyDenied) as caught:
            sent(EgressGate(Open(approved), resolve=resolve, environment={}), call(approved))
        assert "pw" not in str(caught.value.args)
    assert dialled == []


@pytest.mark.parametrize(
    ("url", "zone", "address"),
    [
        (GOOD, "internet", (PUBLIC, 443)),
        (GOOD, "government", (PUBLIC, 443)),
        ("HTTPS://LLM.Agency.example:8443/v1/", "internet", (PUBLIC, 8443)),
        ("https://[2606:2800:21f:cb07::1]/v1", "internet", ("2606:2800:21f:cb07::1", 443)),
        (f"https://{PUBLIC}", "internet", (PUBLIC, 443)),
        ("http://ten.example:8000/v1", "internal", ("10.1.2.3", 8000)),
        ("https://ten.example/v1", "internal", ("10.1.2.3", 443)),
        ("http://127.0.0.1:11434/v1", "internal", ("127.0.0.1", 11434)),
        ("http://[::1]:8080", "internal", ("::1", 8080)),
        ("http://carrier.example", "internal", ("100.64.0.1", 80)),
    ],
)  # fmt: skip
def test_control_what_is_right_is_dialled(
    url: str, zone: str, address: tuple[str, int], dialled: list[tuple[str, int]]
) -> None:
    approved = registered(url, zone)
    assert approved is not None
    with pytest.raises(Dialled):
        sent(EgressGate(Open(approved), resolve=resolve, environment={}), call(approved))
    assert dialled == [address]


def test_a_host_is_resolved_once_and_the_judged_address_is_dialled(dialled: list[tuple[str, int]]) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC if len(asked) == 1 else "127.0.0.1"]

    with pytest.raises(Dialled):
        sent(EgressGate(Open(approval(GOOD)), resolve=rebinding, environment={}), call(approval(GOOD)))
    assert (asked, dialled) == (["llm.agency.example"], [(PUBLIC, 443)])


def test_the_next_address_is_tried_when_one_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def connect(address: tuple[str, int], timeout: float) -> Any:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(egress.socket, "create_connection", connect)
    both = approval("http://localhost:8000/v1", "internal")
    gate = EgressGate(Open(both), resolve=lambda *_: ["::1", "127.0.0.1"])
    with pytest.raises(ModelUnreachable) as caught:
        sent(gate, call(both))
    assert (tried, caught.value.attempts) == (["::1", "127.0.0.1"], 0)


@pytest.mark.parametrize("answer", [[], OSError("gaierror")])
def test_a_host_without_an_address_is_unreachable(answer: Any) -> None:
    def none(host: str, port: int) -> list[str]:
        if isinstance(answer, Exception):
            raise answer
        return list(answer)

    with pytest.raises(ModelUnreachable) as caught:
        sent(EgressGate(Open(approval(GOOD)), resolve=none), call(approval(GOOD)))
    assert caught.value.attempts == 0


def test_a_resolver_that_does_not_answer_is_left() -> None:
    answer = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        answer.wait(5)
        return []

    started = time.monotonic()
    with pytest.raises(ModelTimeout):
        sent(EgressGate(Open(approval(GOOD)), resolve=slow), replace(call(approval(GOOD)), seconds=0.3))
    assert time.monotonic() - started < 1.3
    answer.set()


@pytest.mark.parametrize(
    "path", ["", "/", "//x", "x", "/../x", "/a/../b", "/.", "/a?b", "/a#b", "/a\\b", "/a b", "/%2e", "@x"]
)
def test_a_path_that_leads_elsewhere_is_refused(path: str, dialled: list[tuple[str, int]]) -> None:
    with pytest.raises(PolicyDenied):
        sent(EgressGate(Open(approval(GOOD)), resolve=resolve), call(approval(GOOD), path=path))
    assert dialled == []


# ── what is sent, and with what ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def here(server: FaultServer, fault: str = "right", **more: Any) -> Approval:
    return approval(server.url(fault, "x"), "internal", **more)


@pytest.mark.loopback
def test_proxies_and_netrc_of_the_environment_are_not_used(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password netrc-secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    status, _ = sent(EgressGate(Open(here(server))), call(here(server)))
    head = server.received["right/x"][0].lower()
    assert status == 200
    assert head.startswith(b"post /right/x/chat/completions http/1.1\r\n")
    assert b"authorization" not in head


@pytest.mark.loopback
@pytest.mark.parametrize("fault", ["redirect", "redirect_home"])
def test_a_redirect_is_not_followed(server: FaultServer, fault: str) -> None:
    with pytest.raises(ModelRejected, match="30"):
        sent(EgressGate(Open(here(server, fault))), call(here(server, fault)))
    assert server.connections == 1
    assert dict(server.requests) == {f"{fault}/x": 1}


@pytest.mark.loopback
@pytest.mark.parametrize("fault", ["right", "401", "reset_half", "slow_head", "not_http"])
def test_the_key_goes_into_one_header_and_shows_nowhere(
    server: FaultServer, fault: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    approved = here(server, fault, key_env="EGRESS_KEY")
    gate = EgressGate(Open(approved), environment={"EGRESS_KEY": f" {KEY}\n"})
    one = replace(call(approved), seconds=0.3)
    shown = [repr(gate), str(gate), repr(one), repr(approved)]
    try:
        with gate.send(one) as response:
            shown += [repr(response), repr(vars(response))]
            if response.status == 200:
                list(response.chunks())
    except GovragError as error:
        seen: BaseException | None = error
        while seen is not None:
            whole = traceback.TracebackException.from_exception(seen, capture_locals=True)
            shown += [repr(seen), repr(vars(seen)), repr(seen.args), *_without_tests(whole)]
            seen = seen.__context__
        shown.append(repr(pickle.dumps(error)) + repr(copy.deepcopy(error)))
    raw = server.received[f"{fault}/x"][0]
    assert raw.count(KEY.encode()) == 1
    assert f"authorization: Bearer {KEY}\r\n".encode() in raw
    out, err = capfd.readouterr()
    for text in (*shown, caplog.text, out, err):
        assert KEY not in text


def _without_tests(whole: traceback.TracebackException) -> list[str]:
    """Return the local variables of every frame but those of this file, whose literals are the key itself."""
    return [repr(frame.locals) for frame in whole.stack if not frame.filename.endswith("test_egress.py")]


@pytest.mark.parametrize("value", ["", " ", "a\r\nX: y", "열쇠", "a b"])
def test_without_a_usable_key_nothing_is_dialled(value: str, dialled: list[tuple[str, int]]) -> None:
    approved = approval(GOOD, key_env="EGRESS_KEY")
    with pytest.raises(PolicyDenied, match="EGRESS_KEY"):
        sent(EgressGate(Open(approved), resolve=resolve, environment={"EGRESS_KEY": value}), call(approved))
    assert dialled == []


@pytest.mark.parametrize("name", ["authorization", "Authorization", "Host", "cookie", "content-length", "x"])
def test_a_call_brings_no_headers_of_its_own(name: str, dialled: list[tuple[str, int]]) -> None:
    one = replace(call(approval(GOOD)), headers={name: "x"})
    with pytest.raises(PolicyDenied):
        sent(EgressGate(Open(approval(GOOD)), resolve=resolve), one)
    assert dialled == []


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "https://llm.agency.example/v2"},
        {"endpoint": "https://llm.agency.example:444/v1"},
        {"endpoint": "https://home.example/v1"},
        {"endpoint": "http://llm.agency.example/v1"},
        {"endpoint": ""},
        {"name": "larger"},
    ],
)
def test_what_changed_between_approval_and_call_is_denied(
    changed: dict[str, str], dialled: list[tuple[str, int]]
) -> None:
    gate = EgressGate(Open(replace(approval(GOOD), **changed)), resolve=resolve)
    with pytest.raises(PolicyDenied):
        sent(gate, call(approval(GOOD)))
    assert dialled == []


def test_an_approval_that_was_forged_is_not_believed(dialled: list[tuple[str, int]]) -> None:
    real = RegistryPolicy(Registry(model=(entry("m", GOOD, Grade.OPEN, "internet"),)), today=TODAY)
    forged = replace(real.approve("m", grade=Grade.OPEN), grade=Grade.CLASSIFIED, zone="internal")
    with pytest.raises(PolicyDenied, match="C등급"):
        sent(EgressGate(real, resolve=resolve), call(forged, Grade.CLASSIFIED))
    assert dialled == []


# ── TLS ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, made here; `ca.pem` is what would have to be trusted."""
    pytest.importorskip("cryptography")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    folder = tmp_path_factory.mktemp("tls")
    for name, host in (("good", "127.0.0.1"), ("other", "127.0.0.2")):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem = made.public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / f"{name}.pem").write_bytes(pem + secret)
        with (folder / "ca.pem").open("ab") as file:
            file.write(pem)
    return folder


class TlsServer(FaultServer):
    """The same server behind TLS."""

    def __init__(self, certificate: Path) -> None:
        super().__init__()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)

    def _serve(self, conn: Any) -> None:
        conn.settimeout(5)
        try:
            conn = self._context.wrap_socket(conn, server_side=True)
        except OSError:
            conn.close()
            return
        super()._serve(conn)


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("certificate", "trusted", "fault", "wanted"),
    [
        ("good", True, "right", None),
        ("good", False, "right", ModelUnreachable),
        ("other", True, "right", ModelUnreachable),
        ("good", True, "slow_head", ModelTimeout),
        ("good", True, "slow_body", ModelTimeout),
        ("good", True, "slow_until_closed", ModelTimeout),
        ("good", True, "reset_half", ModelUnreachable),
    ],
)
def test_tls(
    certificates: Path,
    certificate: str,
    trusted: bool,
    fault: str,
    wanted: type[ModelError] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
    with TlsServer(certificates / f"{certificate}.pem") as server:
        approved = approval(server.url(fault, "x", scheme="https"), "internal")
        gate = EgressGate(Open(approved))
        started = time.monotonic()
        if wanted is None:
            assert sent(gate, call(approved))[0] == 200
        else:
            with pytest.raises(wanted):
                sent(gate, replace(call(approved), seconds=0.5))
        assert time.monotonic() - started < 1.5
        assert (server.requests[f"{fault}/x"] == 1) is (trusted and certificate == "good")


@pytest.mark.loopback
def test_a_server_without_tls_behind_https_gets_no_request(server: FaultServer) -> None:
    approved = approval(server.url("right", "x", scheme="https"), "internal")
    with pytest.raises(ModelUnreachable, match="TLS") as caught:
        sent(EgressGate(Open(approved)), call(approved, body=b"canary"))
    assert caught.value.attempts == 0
    assert dict(server.requests) == {}


@pytest.mark.loopback
def test_a_server_that_never_shakes_hands_is_left_in_time() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as mute:
        approved = approval(f"https://127.0.0.1:{mute.getsockname()[1]}", "internal")
        started = time.monotonic()
        with pytest.raises(ModelTimeout):
            sent(EgressGate(Open(approved)), replace(call(approved), seconds=0.3))
        assert time.monotonic() - started < 1.3


# ── grades ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def TODAY() -> datetime.date:  # noqa: N802 (stands where a clock stands)
    return datetime.date(2026, 11, 1)


def entry(name: str, endpoint: str, grade: Grade, zone: Any, **more: Any) -> Entry:
    day = datetime.date(2026, 1, 1)
    facts = {"vendor": "v", "country": "KR", "approval": "r", "approved": day, "mask": False, **more}
    return Entry(id=name, endpoint=endpoint, grade=grade, zone=zone, **facts)


class NoMeter:
    def reserve(self, *_: object, **__: object) -> NoMeter:
        return self

    def settle(self, *_: object, **__: object) -> None: ...


MODELS = [
    (f"m-{grade.value}-{zone}-{state}", grade, zone, state)
    for grade in Grade
    for zone in ("internet", "government", "internal")
    for state in ("valid", "ended", "later")
]
PIPELINES = ("ask", "compare", "draft", "patent", "rfp", "audit", "summary", "table")
DOCUMENTS = [(grade, n) for grade in Grade for n in range(8)]  # each with a canary of its own


def canary(grade: Grade, number: int) -> str:
    return f"CANARY-{grade.value}-{number:02}-QX"


def registry(url: str) -> Registry:
    states = {"valid": {}, "ended": {"expires": TODAY()}, "later": {"approved": datetime.date(2027, 1, 1)}}
    return Registry(
        model=tuple(entry(name, f"{url}/{name}", grade, zone, **states[state]) for name, grade, zone, state in MODELS)
    )


def shown(policy: Any, gate: Any, only: set[str]) -> tuple[int, int]:
    """Try every document with every model of ``only`` in every pipeline; return how many were tried and denied."""
    denied = tried = 0
    for name, *_ in MODELS:
        if name not in only:
            continue
        approved = next(one.to_approval() for one in gate.registry.model if one.id == name)
        model = Governed(OpenAIChat(approved, gate), policy=policy, meter=NoMeter(), masker=lambda: None)  # type: ignore[arg-type, return-value]
        for pipeline in PIPELINES:
            for grade, number in DOCUMENTS:
                tried += 1
                request = ChatRequest((Message("user", canary(grade, number)),), seconds=5)
                try:
                    model.chat(request, Purpose(pipeline, grade, "r"))
                except PolicyDenied:
                    denied += 1
    return tried, denied


class Memory:
    """The real gate up to the connection: what gets there is kept instead of sent."""

    def __init__(self, policy: Any, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
        self.registry = registry
        self.bodies: dict[str, list[bytes]] = {}
        self._gate = EgressGate(policy, resolve=lambda host, _: ["10.0.0.1"])
        self._now: Call | None = None

        def connect(address: object, timeout: float) -> Any:
            assert self._now is not None
            self.bodies.setdefault(self._now.approval.id, []).append(self._now.body)
            raise ConnectionRefusedError

        monkeypatch.setattr(egress.socket, "create_connection", connect)
        monkeypatch.setattr(egress, "_judge", lambda *_, **__: None)

    @contextmanager
    def send(self, one: Call) -> Iterator[Any]:
        self._now = one
        try:
            with self._gate.send(one) as response:
                yield response
        except ModelUnreachable:
            yield Answered()


class Answered:
    status = 200
    headers: Mapping[str, str] = {"content-type": "application/json"}

    def chunks(self) -> Iterator[bytes]:
        yield json.dumps({"choices": [{"message": {"content": "답"}}]}).encode()


def leaks(bodies: Mapping[str, Sequence[bytes]]) -> int:
    """Return how many canaries reached a model that may not see them."""
    found = 0
    for name, grade, _, state in MODELS:
        for body in bodies.get(name, ()):
            for other, number in DOCUMENTS:
                if canary(other, number).encode() in body:
                    found += state != "valid" or not grade.covers(other)
    return found


def allowed() -> int:
    return len(PIPELINES) * sum(
        state == "valid" and grade.covers(other) for _, grade, _, state in MODELS for other, _ in DOCUMENTS
    )


def test_no_canary_reaches_a_model_above_its_grade(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = registry("https://llm.agency.example")
    policy = RegistryPolicy(entries, today=TODAY)
    gate = Memory(policy, entries, monkeypatch)
    tried, denied = shown(policy, gate, {name for name, *_ in MODELS})
    assert tried >= 5_000
    assert (denied, leaks(gate.bodies)) == (tried - allowed(), 0)
    assert sum(map(len, gate.bodies.values())) == allowed()


def test_the_gate_alone_denies_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = registry("https://llm.agency.example")
    gate = Memory(RegistryPolicy(entries, today=TODAY), entries, monkeypatch)
    tried, denied = shown(Everything(entries), gate, {name for name, *_ in MODELS})
    assert (denied, leaks(gate.bodies)) == (tried - allowed(), 0)


def test_control_a_policy_that_approves_everything_leaks(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = registry("https://llm.agency.example")
    gate = Memory(Everything(entries), entries, monkeypatch)
    _, denied = shown(Everything(entries), gate, {name for name, *_ in MODELS})
    assert denied == 0
    assert leaks(gate.bodies) > 1_000


class Everything:
    """A policy that approves every model for every grade."""

    def __init__(self, entries: Registry) -> None:
        self._entries = {one.id: one.to_approval() for one in entries.model}

    def approve(self, model: str, *, grade: Grade) -> Approval:
        return self._entries[model]


@pytest.mark.loopback
def test_no_canary_reaches_the_socket_of_a_model_above_its_grade(server: FaultServer) -> None:
    entries = registry(f"http://127.0.0.1:{server.port}/right")
    policy = RegistryPolicy(entries, today=TODAY)
    gate: Any = EgressGate(policy)
    gate.registry = entries
    only = {name for name, _, zone, state in MODELS if zone == "internal" and state == "valid"}
    tried, denied = shown(policy, gate, only)
    bodies = {name: server.received[f"right/{name}"] for name in only}
    assert tried == len(only) * len(PIPELINES) * len(DOCUMENTS)
    assert sum(map(len, bodies.values())) == tried - denied == server.connections
    assert leaks(bodies) == 0
