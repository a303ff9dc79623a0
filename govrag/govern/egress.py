"""The one way out: the only module of govrag's own that opens a socket.

Each call is decided once more here, on the registry's entry as it stands now; then the host is resolved once, its
addresses are judged, and the connection goes to one of those very addresses. No proxy, no redirect, no ``.netrc``; the
whole call has one deadline, and what comes back is counted after decompression.
"""

from __future__ import annotations

import http.client
import ipaddress
import os
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext, suppress
from functools import cached_property
from typing import NamedTuple

from govrag.contracts import Policy
from govrag.errors import ModelError, ModelRejected, ModelReplyInvalid, ModelUnreachable, late, not_sent, too_long
from govrag.records import Approval, Call

__all__ = ["EgressGate"]

_CHUNK = 16 << 10
_PATH = re.compile(r"(?:/[\w~-][\w.~-]*)+", re.ASCII)
# One expression and no parser: what two parsers of URLs read differently is no endpoint.
_ENDPOINT = re.compile(
    r"(?P<scheme>https?)://(?:\[(?P<v6>[0-9a-f:.]{2,45})\]|(?P<host>[a-z0-9_][a-z0-9_-]{0,62}(?:\.[a-z0-9_][a-z0-9_-]{0,62})*))"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>(?:/[\w~-][\w.~-]*)*)/?",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")  # as the last label: resolvers take the host for an IPv4 address
_KEY = re.compile(r"[!-~]+")
_HEADERS = frozenset({"accept"})  # what a call may say for itself
_NEVER = tuple(  # this host, link-local, and where clouds tell their machines who they are, whatever the zone
    ipaddress.ip_network(one)
    for one in (
        *("0.0.0.0/8", "169.254.0.0/16", "255.255.255.255/32", "100.100.100.200/32", "168.63.129.16/32"),
        *("192.0.0.192/32", "fe80::/10", "fd00:ec2::/32", "fd20:ce::254/128"),
    )
)
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))  # an IPv4 address at the end
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]  # host, port → addresses


class _Target(NamedTuple):
    host: str
    port: int
    secure: bool
    path: str


class _Secret(str):
    """A string that does not show itself to whoever prints what holds it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class EgressGate:
    """A `Gate` over HTTP/1.1. ``resolve`` and ``environment`` stand in for the system's, in tests."""

    def __init__(
        self, policy: Policy, *, resolve: Resolve | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self._policy = policy
        self._resolve = resolve or _addresses
        self._environment = environment

    @contextmanager
    def send(self, call: Call) -> Iterator[HttpResponse]:
        """Send one request. Raises `PolicyDenied` before a byte leaves, `ModelError` when the server fails.

        An error whose ``attempts`` is 0 was raised before anything was sent.
        """
        approval = self._policy.approve(call.approval.id, grade=call.purpose.grade)
        if (approval.endpoint, approval.name) != (call.approval.endpoint, call.approval.name):
            raise not_sent(
                approval.id,
                "요청의 주소나 모델 이름이 정책과 다릅니다",
                "the call's address or model is not the policy's",
            )
        target = _target(approval, call.path)
        headers = self._headers(approval, call)
        deadline = time.monotonic() + call.seconds
        try:
            stream = self._connect(approval, target, deadline)
        except ModelError as error:
            error.attempts = 0
            raise
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = stream
        connection.auto_open = 0  # it would look the host up anew
        # One timer for the whole call: a server that sends a byte a second never lets a read time out.
        timer = threading.Timer(max(0.0, deadline - time.monotonic()), _shut, [stream])
        timer.daemon = True
        timer.start()
        answer: http.client.HTTPResponse | None = None
        try:
            with _failures(approval, deadline):
                connection.request("POST", target.path, body=call.body, headers=headers)
                answer = connection.getresponse()
            if 300 <= answer.status < 400:
                raise ModelRejected(
                    f"'{approval.id}': 서버가 다른 곳으로 돌립니다(HTTP {answer.status}). endpoint를 확인하십시오.",
                    f"'{approval.id}': the server redirects (HTTP {answer.status}). Check the endpoint in the policy.",
                )
            yield HttpResponse(answer, approval, deadline, call.max_bytes)
        finally:
            timer.cancel()
            if answer is not None:
                answer.close()
            connection.close()

    def _connect(self, approval: Approval, target: _Target, deadline: float) -> socket.socket:
        with _failures(approval, deadline):
            addresses = self._resolved(target, deadline)
        for address in addresses:
            _judge(approval, address, secure=target.secure)
        with _failures(approval, deadline):
            plain = _dialled(addresses, target.port, deadline)
            try:
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                plain.settimeout(_left(deadline))
                return self._tls.wrap_socket(plain, server_hostname=target.host) if target.secure else plain
            except BaseException:
                plain.close()
                raise

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def _resolved(self, target: _Target, deadline: float) -> Sequence[str]:
        """Return the addresses of a host. A resolver knows no deadline: it is asked aside, and left when too slow."""
        found: Future[Sequence[str]] = Future()

        def ask() -> None:
            try:
                found.set_result(self._resolve(target.host, target.port))
            except Exception as error:
                found.set_exception(error)

        threading.Thread(target=ask, daemon=True).start()
        addresses = found.result(timeout=_left(deadline))
        if not addresses:
            raise OSError("no address")
        return addresses

    def _headers(self, approval: Approval, call: Call) -> dict[str, str]:
        if not {name.lower() for name in call.headers} <= _HEADERS:
            raise not_sent(
                approval.id, "요청에 허용되지 않은 헤더가 있습니다", "the call has a header that is not allowed"
            )
        headers = {"content-type": "application/json", "accept-encoding": "identity", **call.headers}
        if approval.key_env:
            environment = os.environ if self._environment is None else self._environment
            key = _Secret(environment.get(approval.key_env, "").strip())
            if not _KEY.fullmatch(key):
                raise not_sent(
                    approval.id,
                    f"환경 변수 {approval.key_env}에 쓸 수 있는 키가 없습니다",
                    f"no usable key in the variable {approval.key_env}",
                )
            headers["authorization"] = _Secret(f"Bearer {key}")
        return headers


class HttpResponse:
    """A `Response`: status, headers, and a body that is counted as it comes."""

    def __init__(self, answer: http.client.HTTPResponse, approval: Approval, deadline: float, max_bytes: int) -> None:
        self.status = answer.status
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in answer.getheaders()}
        self._answer = answer
        self._declared = answer.length or 0  # bytes of body; 0 when the server does not say
        self._approval = approval
        self._deadline = deadline
        self._room = max_bytes

    def chunks(self) -> Iterator[bytes]:
        """Yield the body, decompressed; raises `ModelError` when it breaks off, is too large or too late."""
        encoding = self.headers.get("content-encoding", "identity").strip().lower()
        if encoding in {"", "identity"}:
            pieces = self._raw()
        elif encoding in {"gzip", "deflate"}:
            pieces = self._inflated()
        else:
            raise ModelReplyInvalid(
                f"'{self._approval.id}': 알 수 없는 압축으로 답했습니다. 서버의 압축을 끄십시오.",
                f"'{self._approval.id}' answered in an unknown encoding. Switch the server's compression off.",
            )
        for piece in pieces:
            self._room -= len(piece)
            if self._room < 0:
                raise too_long(self._approval.id)
            yield piece

    def _raw(self) -> Iterator[bytes]:
        received = 0
        while True:
            with _failures(self._approval, self._deadline):
                raw = self._answer.read1(_CHUNK)
            if time.monotonic() >= self._deadline:  # what was on its way can be read after the timer as well
                raise late(self._approval.id)
            if not raw:
                break
            received += len(raw)
            yield raw
        if received < self._declared:
            raise _broken(self._approval)

    def _inflated(self) -> Iterator[bytes]:
        inflate = zlib.decompressobj(wbits=47)  # of gzip or zlib, as its header says
        try:
            for raw in self._raw():
                piece = inflate.decompress(raw, _CHUNK)
                while piece:  # a kilobyte may hold a gigabyte
                    yield piece
                    piece = inflate.decompress(inflate.unconsumed_tail, _CHUNK)
        except zlib.error:
            raise _broken(self._approval) from None
        if not inflate.eof:
            raise _broken(self._approval)


def _target(approval: Approval, path: str) -> _Target:
    """Return where a call goes; raises `PolicyDenied` for an endpoint that can be read in two ways."""
    found = _ENDPOINT.fullmatch(approval.endpoint)
    if found is None:
        raise not_sent(
            approval.id,
            "정책의 endpoint가 http(s)://호스트[:포트]/경로 꼴이 아닙니다",
            "the policy's endpoint is not http(s)://host[:port]/path",
        )
    if not _PATH.fullmatch(path):
        raise not_sent(approval.id, "경로가 올바르지 않습니다", "the path is not valid")
    secure = found["scheme"].lower() == "https"
    if not secure and approval.zone != "internal":
        raise not_sent(approval.id, "내부망 밖으로는 https만 씁니다", "outside the internal zone only https is used")
    host = (found["v6"] or found["host"]).lower()
    if found["v6"] or _NUMBER.fullmatch(host.rpartition(".")[2]):
        _address(approval, host)  # 127.1, 0x7f000001 and 2130706433 are one machine, and no way to write it
    port = int(found["port"] or (443 if secure else 80))
    if not 0 < port < 1 << 16:
        raise not_sent(approval.id, f"포트 {port}은(는) 없습니다", f"there is no port {port}")
    return _Target(host, port, secure, found["path"] + path)


def _address(approval: Approval, text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise not_sent(approval.id, "주소를 알아볼 수 없습니다", "its address cannot be read") from None


def _judge(approval: Approval, text: str, *, secure: bool) -> None:
    """Refuse an address that no model of this zone has."""
    found = _within(_address(approval, text))
    if found.is_multicast or found.is_unspecified or any(found in network for network in _NEVER):
        raise not_sent(approval.id, "이 주소로는 보내지 않습니다", "nothing is sent to this address")
    public = found.is_global and (found.version == 4 or found in _GLOBAL_V6)
    if approval.zone != "internal" and not public:
        raise not_sent(
            approval.id,
            f"{approval.zone} 구간인데 내부 주소로 연결됩니다. 내부망 모델이면 zone을 internal로 적으십시오",
            f"its zone is {approval.zone}, but the address is a private one; write zone internal if that is meant",
        )
    if not secure and public:
        raise not_sent(
            approval.id, "공인 주소로는 https만 씁니다", "a public address is reached by https only, whatever the zone"
        )


def _within(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
    if inner is None and any(address in network for network in _TRANSLATED) and int(address) > 1:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _dialled(addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
    """Connect to the first address that answers; each has its share of the time that is left."""
    for place, address in enumerate(addresses):
        others = len(addresses) - place - 1
        with suppress(OSError) if others else nullcontext():
            return socket.create_connection((address, port), timeout=_left(deadline) / (others + 1))
    raise OSError("no address answered")


def _left(deadline: float) -> float:
    """Return the seconds left; a little when there are none, for 0 would mean not to wait at all."""
    return max(0.001, deadline - time.monotonic())


@contextmanager
def _failures(approval: Approval, deadline: float) -> Iterator[None]:
    """Turn what the network raises into typed errors, without a word of what was sent."""
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError) as error:
        # The timer shuts the socket under a read, which then fails in one of many ways.
        if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
            raise late(approval.id) from None
        if isinstance(error, ssl.SSLError):
            raise ModelUnreachable(
                f"'{approval.id}': 보안 연결(TLS)에 실패했습니다({type(error).__name__}). 인증서를 확인하십시오.",
                f"'{approval.id}': the secure connection failed ({type(error).__name__}). Check the certificate.",
            ) from None
        if isinstance(error, OSError | http.client.IncompleteRead):
            raise _broken(approval) from None
        raise ModelReplyInvalid(
            f"'{approval.id}': HTTP로 알아볼 수 없는 답입니다({type(error).__name__}). endpoint를 확인하십시오.",
            f"'{approval.id}': the answer is no HTTP ({type(error).__name__}). Check the endpoint.",
        ) from None


def _shut(stream: socket.socket) -> None:
    with suppress(OSError):
        # The plain socket's own: that of TLS would leave a reader with the encrypted bytes.
        socket.socket.shutdown(stream, socket.SHUT_RDWR)


def _broken(approval: Approval) -> ModelUnreachable:
    return ModelUnreachable(
        f"'{approval.id}': 연결하지 못했거나 도중에 끊겼습니다. 서버와 네트워크를 확인하십시오.",
        f"'{approval.id}' cannot be reached, or the connection broke. Check the server and the network.",
    )
