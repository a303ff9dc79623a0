"""The one way out: the only module of govrag's own that opens a socket.

Each call is decided once more here, on the registry's entry as it stands now; then the host is resolved once, the
address is judged, and the connection goes to that very address. No proxy, no redirect, no ``.netrc``; the whole call
has one deadline, and what comes back is counted after decompression.
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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from govrag.contracts import Policy
from govrag.errors import ModelError, ModelRejected, ModelReplyInvalid, ModelTimeout, ModelUnreachable, PolicyDenied
from govrag.records import Approval, Call

__all__ = ["EgressGate"]

_CHUNK = 16 << 10
_PATH = re.compile(r"(?:/[\w.~-]+)+")
_HEADER = re.compile(r"[ -~\t]*")
_NEVER = (  # cloud metadata, whatever the zone
    ipaddress.ip_network("169.254.0.0/16"),
    ipaddress.ip_network("fd00:ec2::/32"),
    ipaddress.ip_network("fe80::/10"),
)
Resolve = Callable[[str, int], list[str]]  # host, port → addresses


class EgressGate:
    """A `Gate` over HTTP/1.1. ``resolve`` and ``environment`` stand in for the system's, in tests."""

    def __init__(
        self, policy: Policy, *, resolve: Resolve | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self._policy = policy
        self._resolve = resolve or _addresses
        self._environment = os.environ if environment is None else environment

    @contextmanager
    def send(self, call: Call) -> Iterator[HttpResponse]:
        """Send one request. Raises `PolicyDenied` before a byte leaves, `ModelError` when the server fails."""
        approval = self._policy.approve(call.approval.id, grade=call.purpose.grade)
        if approval.endpoint != call.approval.endpoint:
            raise _denied(
                approval, f"주소가 정책과 다릅니다({call.approval.endpoint})", "the address is not the policy's"
            )
        deadline = time.monotonic() + call.seconds
        connection = self._connect(approval, call, deadline)
        # One timer for the whole call: a server that sends a byte a second never lets a read time out.
        timer = threading.Timer(max(0.0, deadline - time.monotonic()), _shut, [connection])
        timer.daemon = True
        timer.start()
        try:
            with _failures(approval, deadline):
                connection.request("POST", _path(approval, call), body=call.body, headers=self._headers(approval, call))
                answer = connection.getresponse()
            if 300 <= answer.status < 400:
                raise ModelRejected(
                    f"'{approval.id}': 서버가 다른 곳으로 돌립니다(HTTP {answer.status}). endpoint를 확인하십시오.",
                    f"'{approval.id}': the server redirects (HTTP {answer.status}). Check the endpoint in the policy.",
                )
            yield HttpResponse(answer, approval, deadline, call.max_bytes)
        finally:
            timer.cancel()
            connection.close()

    def _connect(self, approval: Approval, call: Call, deadline: float) -> http.client.HTTPConnection:
        parts = urlsplit(approval.endpoint)
        host, secure = parts.hostname or "", parts.scheme == "https"
        if not host:
            raise _denied(approval, "정책에 endpoint가 없습니다", "the policy names no endpoint")
        if not secure and approval.zone != "internal":
            raise _denied(approval, "내부망 밖으로는 https만 씁니다", "outside the internal zone only https is used")
        port = parts.port or (443 if secure else 80)
        with _failures(approval, deadline):
            addresses = self._resolve(host, port)
        for address in addresses:
            _judge(approval, address)
        context = ssl.create_default_context() if secure else None
        with _failures(approval, deadline):
            plain = socket.create_connection((addresses[0], port), timeout=max(0.001, deadline - time.monotonic()))
            try:
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream = context.wrap_socket(plain, server_hostname=host) if context else plain
            except BaseException:
                plain.close()
                raise
        connection = http.client.HTTPConnection(host, port)
        connection.sock = stream
        return connection

    def _headers(self, approval: Approval, call: Call) -> dict[str, str]:
        headers = {"content-type": "application/json", "accept-encoding": "identity", **call.headers}
        if approval.key_env:
            key = self._environment.get(approval.key_env, "")
            if not key or not _HEADER.fullmatch(key):
                raise _denied(
                    approval,
                    f"환경 변수 {approval.key_env}에 키가 없습니다",
                    f"no key in the variable {approval.key_env}",
                )
            headers["authorization"] = f"Bearer {key}"
        return headers


class HttpResponse:
    """A `Response`: status, headers, and a body that is counted as it comes."""

    def __init__(self, answer: http.client.HTTPResponse, approval: Approval, deadline: float, max_bytes: int) -> None:
        self.status = answer.status
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in answer.getheaders()}
        self._answer = answer
        self._approval = approval
        self._deadline = deadline
        self._room = max_bytes

    def chunks(self) -> Iterator[bytes]:
        """Yield the body, decompressed; raises `ModelError` when it breaks off, is too large or too late."""
        encoding = self.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"", "identity", "gzip", "deflate"}:
            raise ModelReplyInvalid(
                f"'{self._approval.id}': 알 수 없는 압축({encoding[:20]!r})으로 답했습니다.",
                f"'{self._approval.id}' answered in an unknown encoding ({encoding[:20]!r}).",
            )
        inflate = zlib.decompressobj(wbits=47) if encoding in {"gzip", "deflate"} else None
        declared = self.headers.get("content-length")
        received = 0
        while True:
            with _failures(self._approval, self._deadline):
                raw = self._answer.read1(_CHUNK)
            received += len(raw)
            for piece in self._inflated(raw, inflate):
                self._room -= len(piece)
                if self._room < 0:
                    raise ModelReplyInvalid(
                        f"'{self._approval.id}': 답이 한도를 넘게 깁니다. max_tokens를 줄이거나 서버를 확인하십시오.",
                        f"'{self._approval.id}': the answer exceeds its limit. Lower max_tokens, or check the server.",
                    )
                if piece:
                    yield piece
            if not raw:
                break
        if time.monotonic() >= self._deadline:
            raise _late(self._approval)
        if declared is not None and declared.isdecimal() and received < int(declared):
            raise _broken(self._approval)

    def _inflated(self, raw: bytes, inflate: zlib._Decompress | None) -> Iterator[bytes]:
        if inflate is None:
            yield raw
            return
        try:
            while raw:
                yield inflate.decompress(raw, _CHUNK)
                raw = inflate.unconsumed_tail
        except zlib.error:
            raise _broken(self._approval) from None


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _judge(approval: Approval, address: str) -> None:
    """Refuse an address that no model of this zone has."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    never = found.is_multicast or found.is_unspecified or any(found in network for network in _NEVER)
    if never or found == ipaddress.ip_address("255.255.255.255"):
        raise _denied(approval, "이 주소로는 보내지 않습니다", "nothing is sent to this address")
    if approval.zone != "internal" and not found.is_global:
        raise _denied(
            approval,
            f"{approval.zone} 구간인데 내부 주소로 연결됩니다. 내부망 모델이면 zone을 internal로 적으십시오",
            f"its zone is {approval.zone}, but the address is a private one; write zone internal if that is meant",
        )


def _path(approval: Approval, call: Call) -> str:
    base = urlsplit(approval.endpoint).path.rstrip("/")
    if not _PATH.fullmatch(call.path) or ".." in call.path or (base and (not _PATH.fullmatch(base) or ".." in base)):
        raise _denied(approval, "경로가 올바르지 않습니다", "the path is not valid")
    return base + call.path


@contextmanager
def _failures(approval: Approval, deadline: float) -> Iterator[None]:
    """Turn what the network raises into typed errors, without a word of what was sent."""
    try:
        yield
    except ModelError:
        raise
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        # The timer closes the socket under a read, which then fails in one of many ways.
        if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
            raise _late(approval) from None
        if isinstance(error, ssl.SSLError):
            raise ModelUnreachable(
                f"'{approval.id}': 보안 연결(TLS)에 실패했습니다({type(error).__name__}). 인증서를 확인하십시오.",
                f"'{approval.id}': the secure connection failed ({type(error).__name__}). Check the certificate.",
            ) from None
        if isinstance(error, http.client.HTTPException) and not isinstance(error, http.client.IncompleteRead):
            raise ModelReplyInvalid(
                f"'{approval.id}': HTTP로 알아볼 수 없는 답입니다({type(error).__name__}).",
                f"'{approval.id}': the answer is no HTTP ({type(error).__name__}).",
            ) from None
        raise _broken(approval) from None


def _shut(connection: http.client.HTTPConnection) -> None:
    stream = connection.sock
    if stream is not None:
        with suppress(OSError):
            stream.shutdown(socket.SHUT_RDWR)


def _late(approval: Approval) -> ModelTimeout:
    return ModelTimeout(
        f"'{approval.id}': 정한 시간 안에 답하지 않았습니다. 시간을 늘리거나 서버를 확인하십시오.",
        f"'{approval.id}' did not answer in time. Allow more time, or check the server.",
    )


def _broken(approval: Approval) -> ModelUnreachable:
    return ModelUnreachable(
        f"'{approval.id}': 연결하지 못했거나 도중에 끊겼습니다. 서버와 네트워크를 확인하십시오.",
        f"'{approval.id}' cannot be reached, or the connection broke. Check the server and the network.",
    )


def _denied(approval: Approval, ko: str, en: str) -> PolicyDenied:
    return PolicyDenied(
        f"'{approval.id}': {ko}. 아무것도 보내지 않았습니다.", f"'{approval.id}': {en}. Nothing was sent."
    )
