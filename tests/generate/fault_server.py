"""A server on the loopback interface that fails in every way of its table; nothing in it knows of govrag.

A request to ``/<fault>/<case>/chat/completions`` is answered as ``FAULTS[fault]`` says. When the case holds ``mid``,
the fault strikes after the first line of a streamed answer. What was asked is counted and kept by path.
"""

from __future__ import annotations

import gzip
import json
import re
import socket
import struct
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

__all__ = ["FAULTS", "RETRIED", "Fault", "FaultServer", "Turn"]

DRIP = 0.05  # seconds between two bytes of a slow server
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
_CODE = re.compile(r"⟦([0-9A-Z]{6})⟧ \S*제3조$", re.MULTILINE)
_CODES = re.compile(r"⟦([0-9A-Z]{6})⟧")


class Turn:
    """One request and the means to answer it well or badly."""

    def __init__(self, conn: socket.socket, case: str, number: int, raw: bytes, stop: threading.Event) -> None:
        head, _, body = raw.partition(b"\r\n\r\n")
        self.head = head.decode("latin-1")
        self.asked: dict[str, Any] = json.loads(body or b"{}")
        self.number = number  # of this path, from 1
        self.streamed = bool(self.asked.get("stream"))
        self.mid = "mid" in case and self.streamed
        self._conn = conn
        self._stop = stop

    # ── what is said ──────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def prompt(self) -> str:
        return "\n".join(message["content"] for message in self.asked.get("messages", ()))

    @property
    def code(self) -> str:
        found = _CODE.search(self.prompt) or _CODES.search(self.prompt)
        return found[1] if found else "AAAAAA"

    @property
    def lines(self) -> tuple[str, str]:
        return f"관측휴가는 17일입니다. [{self.code}]\n", f"천문대장은 직원에게 관측휴가를 주어야 한다. [{self.code}]"

    def body(self, text: str = "", *, finish: str | None = "stop", usage: object = USAGE, **choice: Any) -> bytes:
        """Return a whole answer; in a stream its events."""
        text = text or "".join(self.lines)
        if not self.streamed:
            first = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
            answer = {"model": "m", "choices": [{**first, **choice}], "usage": usage}
            return json.dumps(answer, ensure_ascii=False).encode()
        pieces = [text[start : start + 5] for start in range(0, len(text), 5)]
        events = [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces]
        events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish, **choice}]})
        events.append({"choices": [], "usage": usage})
        return b"".join(event(one) for one in events) + b"data: [DONE]\n\n"

    # ── how it is sent ────────────────────────────────────────────────────────────────────────────────────────────

    def raw(self, data: bytes) -> None:
        self._conn.sendall(data)

    def start(self, *headers: str, status: str = "200 OK", length: int | None = None) -> None:
        kind = "text/event-stream" if self.streamed else "application/json"
        framing = "transfer-encoding: chunked" if length is None else f"content-length: {length}"
        lines = [f"HTTP/1.1 {status}", *headers, framing, f"content-type: {kind}"]
        self.raw("\r\n".join(lines).encode() + b"\r\n\r\n")

    def chunk(self, data: bytes) -> None:
        self.raw(b"%x\r\n%s\r\n" % (len(data), data))

    def end(self) -> None:
        self.raw(b"0\r\n\r\n")

    def send(self, body: bytes, *headers: str, status: str = "200 OK") -> None:
        """Send a body whole, in the middle of a stream as one more chunk."""
        if self.mid:
            self.half()
            self.chunk(body)
            self.end()
        else:
            self.start(*headers, status=status, length=len(body))
            self.raw(body)

    def half(self) -> None:
        """Send the head and, of the body, half when whole, the first line in the middle of a stream, else nothing."""
        if not self.streamed:
            body = self.body()
            self.start(length=len(body))
            self.raw(body[: len(body) // 2])
            return
        self.start()
        if self.mid:
            self.chunk(event({"choices": [{"index": 0, "delta": {"content": self.lines[0]}}]}))

    def drip(self, data: bytes) -> None:
        """Send a byte at a time, again and again, until the client leaves, or far past any deadline of a test."""
        until = time.monotonic() + 5
        while time.monotonic() < until:
            for byte in data:
                self.raw(bytes([byte]))
                if self._stop.wait(DRIP):
                    return

    def silence(self) -> None:
        self._stop.wait(5)

    def reset(self) -> None:
        self._conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def event(answer: object) -> bytes:
    return f"data: {json.dumps(answer, ensure_ascii=False)}\n\n".encode()


# ── faults of the wire ────────────────────────────────────────────────────────────────────────────────────────────────


def silence(turn: Turn) -> None:
    if turn.mid:
        turn.half()
    turn.silence()


def silence_half(turn: Turn) -> None:
    turn.half()
    turn.silence()


def slow_head(turn: Turn) -> None:
    if turn.mid:
        turn.half()
        turn.raw(b"4000\r\n")
    else:
        turn.raw(b"HTTP/1.1 200 OK\r\nx: ")
    turn.drip(b"a")


def slow_body(turn: Turn) -> None:
    turn.half()
    turn.raw(b"4000\r\n" if turn.streamed else b"")
    turn.drip(b" ")


def slow_chunk_size(turn: Turn) -> None:
    turn.half() if turn.mid else turn.start()
    turn.raw(b"5;")
    turn.drip(b"x")


def slow_chunk_closing(turn: Turn) -> None:
    """Say at first that the connection ends with the answer: some clients let go of it then."""
    turn.start("connection: close")
    if turn.mid:
        turn.chunk(event({"choices": [{"index": 0, "delta": {"content": turn.lines[0]}}]}))
    turn.raw(b"5;")
    turn.drip(b"x")


def slow_until_closed(turn: Turn) -> None:
    turn.raw(b"HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
    turn.raw(event({"choices": [{"delta": {"content": turn.lines[0]}}]}) if turn.mid else b"")
    turn.drip(b": ping\n")


def slow_inside_status(turn: Turn) -> None:
    turn.drip(b"HTTP/1.1 100 Continue\r\n\r\n")


def pings(turn: Turn) -> None:
    turn.half() if turn.streamed else turn.start()
    while True:
        turn.chunk(b": ping\n\n" if turn.streamed else b" ")
        turn._stop.wait(DRIP)


def continues(turn: Turn) -> None:
    while True:
        turn.raw(b"HTTP/1.1 100 Continue\r\n\r\n")
        turn._stop.wait(DRIP)


def reset_first(turn: Turn) -> None:
    if turn.mid:
        turn.half()
    turn.reset()


def reset_half(turn: Turn) -> None:
    turn.half()
    turn.reset()


def closed_first(turn: Turn) -> None:
    if turn.mid:
        turn.half()


def closed_half(turn: Turn) -> None:
    turn.half()


def cut_cleanly(turn: Turn) -> None:
    """End the transfer as it should, and the answer as it should not."""
    if turn.streamed:
        turn.half()
        turn.end()
    else:
        turn.send(turn.body()[:-40])


def length_too_large(turn: Turn) -> None:
    if turn.mid:
        turn.half()
        turn.raw(b"fff\r\nabc")
        return
    body = turn.body()
    turn.start(length=len(body) + 50)
    turn.raw(body)


def length_too_small(turn: Turn) -> None:
    body = turn.body()
    turn.start(length=len(body) - 120)
    turn.raw(body)


def bytewise(turn: Turn) -> None:
    body = turn.body()
    turn.start(length=len(body))
    for byte in body:
        turn.raw(bytes([byte]))


def sevenths(turn: Turn) -> None:
    body = turn.body()
    turn.start()
    for start in range(0, len(body), 7):
        turn.chunk(body[start : start + 7])
    turn.end()


def crlf(turn: Turn) -> None:
    turn.send(b"\xef\xbb\xbf" * turn.streamed + turn.body().replace(b"\n\n", b"\r\n\r\n: ping\r\n\r\n"))


def not_http(turn: Turn) -> None:
    if turn.mid:
        turn.half()
        turn.raw(b"SSH-2.0-OpenSSH\r\n")
    else:
        turn.raw(b"SSH-2.0-OpenSSH\r\n\r\n")


def many_headers(turn: Turn) -> None:
    turn.start(*(f"x-{n}: y" for n in range(500)), length=2)


def long_header(turn: Turn) -> None:
    turn.start("x: " + "y" * 200_000, length=2)


def gzipped(turn: Turn) -> None:
    body = gzip.compress(turn.body())
    turn.start("content-encoding: gzip", length=len(body))
    turn.raw(body)


def gzip_bomb(turn: Turn) -> None:
    body = gzip.compress(b" " * (64 << 20))
    turn.start("content-encoding: gzip", length=len(body))
    turn.raw(body)


def gzip_cut(turn: Turn) -> None:
    body = gzip.compress(turn.body())[:-30]
    turn.start("content-encoding: gzip", length=len(body))
    turn.raw(body)


def gzip_nonsense(turn: Turn) -> None:
    turn.start("content-encoding: gzip", length=9)
    turn.raw(b"not gzip!")


def brotli(turn: Turn) -> None:
    turn.start("content-encoding: br", length=3)
    turn.raw(b"abc")


def endless(turn: Turn) -> None:
    turn.half() if turn.streamed else turn.start()
    while True:
        turn.chunk(event({"choices": [{"delta": {"content": "가" * 5000}}]}) if turn.streamed else b"a" * 15_000)


def endless_line(turn: Turn) -> None:
    turn.half() if turn.streamed else turn.start()
    while True:
        turn.chunk(b"data: " + b"a" * 15_000)


# ── faults of the status ──────────────────────────────────────────────────────────────────────────────────────────────


def status(line: str, *headers: str) -> Callable[[Turn], None]:
    """Refuse, repeating the key and all that was asked, as some servers do."""

    def refuse(turn: Turn) -> None:
        told = {"message": f"{turn.head} {turn.prompt}", "type": turn.prompt, "code": "overloaded"}
        turn.send(json.dumps({"error": told}).encode(), *headers, status=line)

    return refuse


def redirect(turn: Turn) -> None:
    turn.start("location: http://127.0.0.1:9/elsewhere", status="307 Temporary Redirect", length=0)


def redirect_home(turn: Turn) -> None:
    turn.start("location: /right/home/chat/completions", status="302 Found", length=0)


def soon(turn: Turn) -> None:
    status("429 Too Many", f"retry-after: {formatdate(time.time() + 1, usegmt=True)}")(turn)


# ── faults of what is said ────────────────────────────────────────────────────────────────────────────────────────────


def says(body: str | bytes) -> Callable[[Turn], None]:
    data = body.encode() if isinstance(body, str) else body

    def say(turn: Turn) -> None:
        turn.send(b"data: " + data + b"\n\n" if turn.streamed else data)

    return say


def answers(text: str = "", **facts: Any) -> Callable[[Turn], None]:
    return lambda turn: turn.send(turn.body(text, **facts))


def error_inside(turn: Turn) -> None:
    error = {"message": f"{turn.head} {turn.prompt}", "code": f"{turn.head[-40:]}"}
    turn.send(event({"error": error}) if turn.streamed else json.dumps({"error": error}).encode())


def cites(form: str) -> Callable[[Turn], None]:
    """Answer with citations of this form; «code» stands for a right one."""
    return lambda turn: turn.send(turn.body(form.replace("code", turn.code)))


def duplicate_keys(turn: Turn) -> None:
    turn.send(turn.body().replace(b'"choices": [{', b'"choices": [], "choices": [{'))


def nan(turn: Turn) -> None:
    turn.send(turn.body(usage={"prompt_tokens": float("nan"), "completion_tokens": float("inf")}))


def other_form(turn: Turn) -> None:
    """Stream to who did not ask for a stream, and answer whole who did."""
    turn.streamed = not turn.streamed
    turn.send(turn.body())


def without_finish(turn: Turn) -> None:
    turn.send(turn.body(finish=None))


def without_done(turn: Turn) -> None:
    turn.send(turn.body().replace(b"data: [DONE]\n\n", b""))


def thinks(turn: Turn) -> None:
    turn.send(turn.body("<think>속으로 하는 말 [ZZZZZZ]\n</think>\n\n" + "".join(turn.lines)))


def tool_calls(turn: Turn) -> None:
    calls = [{"id": "1", "function": {"name": "delete", "arguments": "{}"}}]
    part = {"delta" if turn.streamed else "message": {"content": None, "tool_calls": calls}}
    choice = {"index": 0, **part, "finish_reason": "tool_calls"}
    data = {"choices": [choice]}
    turn.send(event(data) + b"data: [DONE]\n\n" if turn.streamed else json.dumps(data).encode())


def wrong_model(turn: Turn) -> None:
    named = turn.body().replace(b'{"choices"', b'{"model": "another-model", "choices"')
    turn.send(named.replace(b'"model": "m"', b'"model": "another-model"'))


@dataclass(frozen=True)
class Fault:
    """A way to fail and what must come of it: ``right``, the finish of a reply, or the name of an error."""

    act: Callable[[Turn], None]
    ends: str
    mid: str | None = None  # what must come of it in the middle of a stream; None: the same
    grounded: str | None = None  # status of a grounded answer, where the reply alone does not decide it
    seconds: float = 0.8
    times: int = 1_000  # the server is well again after so many requests
    mid_too: bool = True


TIMEOUT, BROKEN, REFUSED, NONSENSE = "ModelTimeout", "ModelUnreachable", "ModelRejected", "ModelReplyInvalid"
CUT = {"mid": BROKEN}
RETRIED = 3.0  # seconds that three tries need
FAULTS: dict[str, Fault] = {
    "right": Fault(answers(), "right", mid_too=False),
    "silence": Fault(silence, TIMEOUT),
    "silence_half": Fault(silence_half, TIMEOUT),
    "slow_head": Fault(slow_head, TIMEOUT),
    "slow_body": Fault(slow_body, TIMEOUT),
    "slow_chunk_size": Fault(slow_chunk_size, TIMEOUT),
    "slow_chunk_closing": Fault(slow_chunk_closing, TIMEOUT),
    "slow_until_closed": Fault(slow_until_closed, TIMEOUT),
    "slow_inside_status": Fault(slow_inside_status, TIMEOUT, mid_too=False),
    "pings": Fault(pings, TIMEOUT),
    "continues": Fault(continues, TIMEOUT, mid_too=False),
    "429_after_a_second": Fault(status("429 Too Many", "retry-after: 1"), "right", seconds=RETRIED, times=1, **CUT),
    "429_after_a_date": Fault(soon, "right", seconds=RETRIED, times=1, **CUT),
    "429_after_ages": Fault(status("429 Too Many", "retry-after: 1000000000"), REFUSED, **CUT),
    "429_negative": Fault(status("429 Too Many", "retry-after: -5"), "right", seconds=RETRIED, times=1, **CUT),
    "429_nonsense": Fault(status("429 Too Many", "retry-after: soon"), "right", seconds=RETRIED, times=2, **CUT),
    "429_nan": Fault(status("429 Too Many", "retry-after: nan"), "right", seconds=RETRIED, times=1, **CUT),
    "500": Fault(status("500 Oops"), REFUSED, seconds=RETRIED, **CUT),
    "502": Fault(status("502 Bad Gateway"), REFUSED, seconds=RETRIED, **CUT),
    "503": Fault(status("503 Unavailable"), "right", seconds=RETRIED, times=2, **CUT),
    "504": Fault(status("504 Timeout"), REFUSED, seconds=RETRIED, **CUT),
    "400": Fault(status("400 Bad Request"), REFUSED, **CUT),
    "401": Fault(status("401 Unauthorized"), REFUSED, **CUT),
    "reset_first": Fault(reset_first, BROKEN, seconds=RETRIED),
    "reset_first_once": Fault(reset_first, "right", mid=BROKEN, seconds=RETRIED, times=1),
    "reset_half": Fault(reset_half, BROKEN, seconds=RETRIED),
    "closed_first": Fault(closed_first, BROKEN, seconds=RETRIED),
    "closed_half": Fault(closed_half, BROKEN, seconds=RETRIED),
    "cut_cleanly": Fault(cut_cleanly, f"{NONSENSE} {BROKEN}", mid=BROKEN, seconds=RETRIED),
    "length_too_large": Fault(length_too_large, f"right {BROKEN}", mid=BROKEN, seconds=RETRIED),
    "length_too_small": Fault(length_too_small, f"{NONSENSE} {BROKEN}", seconds=RETRIED, mid_too=False),
    "bytewise": Fault(bytewise, "right", seconds=RETRIED, mid_too=False),
    "sevenths": Fault(sevenths, "right", mid_too=False),
    "crlf": Fault(crlf, "right", mid_too=False),
    "not_http": Fault(not_http, NONSENSE, mid=BROKEN),
    "many_headers": Fault(many_headers, NONSENSE, mid_too=False),
    "long_header": Fault(long_header, NONSENSE, mid_too=False),
    "gzipped": Fault(gzipped, "right", mid_too=False),
    "gzip_bomb": Fault(gzip_bomb, NONSENSE, mid_too=False, seconds=RETRIED),
    "gzip_cut": Fault(gzip_cut, BROKEN, seconds=RETRIED, mid_too=False),
    "gzip_nonsense": Fault(gzip_nonsense, BROKEN, seconds=RETRIED, mid_too=False),
    "brotli": Fault(brotli, NONSENSE, mid_too=False),
    "endless": Fault(endless, NONSENSE, seconds=RETRIED),
    "endless_line": Fault(endless_line, NONSENSE, seconds=RETRIED),
    "redirect": Fault(redirect, REFUSED, mid_too=False),
    "redirect_home": Fault(redirect_home, REFUSED, mid_too=False),
    "no_json": Fault(says("<html>로그인하십시오</html>"), NONSENSE),
    "cut_json": Fault(says('{"choices": [{"delta": '), NONSENSE),
    "deep_json": Fault(says("[" * 100_000), NONSENSE),
    "a_list": Fault(says("[1, 2]"), NONSENSE),
    "empty_body": Fault(says(""), NONSENSE),
    "no_choices": Fault(says('{"choices": []}'), f"{NONSENSE} {BROKEN}", mid=BROKEN, seconds=RETRIED),
    "odd_choices": Fault(says('{"choices": "관측"}'), f"{NONSENSE} {BROKEN}", mid=BROKEN, seconds=RETRIED),
    "null_content": Fault(
        says('{"choices": [{"message": {"content": null}, "delta": {"content": 5}}]}'),
        f"{NONSENSE} {BROKEN}",
        mid=BROKEN,
        seconds=RETRIED,
    ),
    "duplicate_keys": Fault(duplicate_keys, "right", mid_too=False),
    "nan": Fault(nan, "right", mid_too=False),
    "error_inside": Fault(error_inside, REFUSED),
    "nothing": Fault(answers(" "), NONSENSE, mid_too=False),
    "blanks": Fault(answers(" \n\t \n"), NONSENSE, mid_too=False),
    "finish_length": Fault(answers(finish="length"), "length", mid_too=False),
    "finish_filtered": Fault(answers(finish="content_filter"), "filtered", mid_too=False),
    "finish_unknown": Fault(answers(finish="abort"), "length", mid_too=False),
    "finish_missing": Fault(without_finish, "right", mid_too=False),
    "done_missing": Fault(without_done, "right", mid_too=False),
    "other_form": Fault(other_form, "right", mid_too=False),
    "thinks": Fault(thinks, "right", mid_too=False),
    "thinks_for_ever": Fault(answers("<think>속으로 하는 말"), NONSENSE, mid_too=False),
    "tool_calls": Fault(tool_calls, NONSENSE, mid_too=False),
    "wrong_model": Fault(wrong_model, "right", mid_too=False),
    "usage_missing": Fault(answers(usage=None), "right", mid_too=False),
    "usage_negative": Fault(answers(usage={"prompt_tokens": -4, "completion_tokens": -1}), "right", mid_too=False),
    "usage_words": Fault(answers(usage={"prompt_tokens": "9", "completion_tokens": [1]}), "right", mid_too=False),
    "usage_huge": Fault(answers(usage={"prompt_tokens": 10**40, "completion_tokens": 1}), "right", mid_too=False),
    "usage_true": Fault(answers(usage={"prompt_tokens": True, "completion_tokens": True}), "right", mid_too=False),
    "cites_unknown": Fault(cites("관측휴가는 17일입니다. [ZZZZZZ]"), "reply", grounded="no_evidence", mid_too=False),
    "cites_out_of_range": Fault(
        cites("관측휴가는 17일입니다. [999999]"), "reply", grounded="no_evidence", mid_too=False
    ),
    "cites_one_unknown": Fault(
        cites("관측휴가는 17일입니다. [code, ZZZZZZ]"), "reply", grounded="no_evidence", mid_too=False
    ),
    "cites_twice": Fault(cites("관측휴가는 17일입니다. [code] [code]"), "reply", grounded="answered", mid_too=False),
    "cites_otherwise": Fault(cites("관측휴가는 17일입니다. (근거 1)"), "reply", grounded="no_evidence", mid_too=False),
}


class FaultServer:
    """Serves the table on the loopback interface while its block lasts."""

    def __init__(self, faults: dict[str, Fault] | None = None) -> None:
        self.requests: Counter[str] = Counter()  # by "fault/case"
        self.received: dict[str, list[bytes]] = defaultdict(list)
        self.connections = 0
        self._faults = faults or FAULTS
        self._stop = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> FaultServer:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def url(self, fault: str, case: str, *, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/{fault}/{case}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                conn, _ = self._listening.accept()
                with self._lock:
                    self.connections += 1
                threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn: socket.socket) -> None:
        with suppress(OSError), conn:
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw = b"".join(_request(conn))
            if raw[:1] == b"\x16":  # a TLS hello
                conn.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            if not raw:
                return
            name, case = raw.split(b" ", 2)[1].decode().strip("/").split("/")[:2]
            with self._lock:
                self.requests[f"{name}/{case}"] += 1
                self.received[f"{name}/{case}"].append(raw)
                number = self.requests[f"{name}/{case}"]
            fault = self._faults[name]
            turn = Turn(conn, case, number, raw, self._stop)
            fault.act(turn) if number <= fault.times else answers()(_well(turn))


def _well(turn: Turn) -> Turn:
    turn.mid = False
    return turn


def _request(conn: socket.socket) -> Iterator[bytes]:
    """Yield the parts of one request; nothing when the client leaves before it is whole."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = conn.recv(65536)
        if not more:
            return
        data += more
        if data[:1] == b"\x16":
            yield data
            return
    length = re.search(rb"content-length: (\d+)", data.lower())
    missing = int(length[1]) - len(data.partition(b"\r\n\r\n")[2]) if length else 0
    while missing > 0:
        more = conn.recv(65536)
        if not more:
            return
        data += more
        missing -= len(more)
    yield data
