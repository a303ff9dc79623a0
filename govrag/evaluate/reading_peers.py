"""What a user would pick instead to read office files: each library in a process of its own, file after file.

``python -m govrag.evaluate.reading_peers JOB RESULT`` reads the files of one job and writes an answer a line. A file
that kills the process or takes it too long costs that file alone: the rest are read by a new process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["LANGCHAIN", "PEERS", "SECONDS", "Answer", "Peer", "main", "read_files"]

SECONDS = 30.0  # that a file may take
LANGCHAIN = "LangChain loaders"

_LOOK_SECONDS = 0.05
_LONGEST_REASON = 300
Read = Callable[[Path], str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader made of a file."""

    text: str = ""
    error: str = ""  # the class of what it raised; "crash" when its process died, "timeout" after `SECONDS`
    reason: str = ""
    wall_s: float = 0.0
    cpu_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Peer:
    """A library that reads office files, and how a user would call it."""

    package: str  # on the package index
    module: str
    load: Callable[[Any], Read]  # the imported module → its reading of one file; raises when it refuses
    formats: tuple[str, ...]  # that it says it reads

    @property
    def installed(self) -> str:
        """The installed version, "" for none."""
        return version(self.package) if find_spec(self.module.partition(".")[0]) else ""


def read_files(system: str, files: Sequence[Path], *, seconds: float = SECONDS) -> list[Answer]:
    """Return what one of `PEERS` makes of each file."""
    answers: list[Answer] = []
    with tempfile.TemporaryDirectory(prefix="govrag-reading-") as folder:
        job, result = Path(folder, "job.json"), Path(folder, "result.jsonl")
        while len(answers) < len(files):
            asked = {"system": system, "files": [str(file) for file in files[len(answers) :]]}
            job.write_text(json.dumps(asked), encoding="utf-8")
            result.write_bytes(b"")
            ending = _watch(
                [sys.executable, "-m", "govrag.evaluate.reading_peers", str(job), str(result)], result, seconds
            )
            # Of a process that was killed the last line may be torn.
            lines = [line for line in result.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
            answers += [Answer(**json.loads(line)) for line in lines]
            if len(answers) < len(files):
                answers.append(ending)
    return answers


def _watch(command: Sequence[str], result: Path, seconds: float) -> Answer:
    """Run a command for as long as it writes; return what to say of the file that it did not get done."""
    seen, since = 0, time.monotonic()
    with subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment()
    ) as process:
        while process.poll() is None:
            time.sleep(_LOOK_SECONDS)
            size = result.stat().st_size
            if size != seen:
                seen, since = size, time.monotonic()
            elif time.monotonic() - since > seconds:
                process.kill()
                return Answer(error="timeout", reason=f"{seconds:.0f} s", wall_s=seconds)
    return Answer(error="crash", reason=f"exit {process.returncode}")


def _environment() -> Mapping[str, str]:
    """Return our environment without what would make LangChain report to a service."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("LANGCHAIN_", "LANGSMITH_"))}


# ── the libraries ─────────────────────────────────────────────────────────────────────────────────────────────────


def _markitdown(module: Any) -> Read:
    converter = module.MarkItDown()
    return lambda file: str(converter.convert(str(file)).text_content)


def _unhwp(module: Any) -> Read:
    return lambda file: str(module.to_markdown(str(file)))


def _hwp_hwpx_parser(module: Any) -> Read:
    def read(file: Path) -> str:
        with module.Reader(str(file)) as reader:
            return str(reader.text)

    return read


def _python_hwpx(module: Any) -> Read:
    return lambda file: str(module.HwpxDocument.open(str(file)).text.plain())


def _pypdf(module: Any) -> Read:
    return lambda file: "\n".join(page.extract_text() for page in module.PdfReader(file).pages)


def _pypdfium2(module: Any) -> Read:
    def read(file: Path) -> str:
        with module.PdfDocument(file) as document:
            return "\n".join(page.get_textpage().get_text_range() for page in document)

    return read


def _langchain(module: Any) -> Read:
    return lambda file: "\n".join(page.page_content for page in module.PyPDFLoader(str(file)).load())


_HANGUL = ("HWP 5", "HWPX")
PEERS: Mapping[str, Peer] = {
    "markitdown": Peer("markitdown", "markitdown", _markitdown, ("PDF", "DOCX", "XLSX")),
    "unhwp": Peer("unhwp", "unhwp", _unhwp, _HANGUL),
    "hwp-hwpx-parser": Peer("hwp-hwpx-parser", "hwp_hwpx_parser", _hwp_hwpx_parser, _HANGUL),
    "python-hwpx": Peer("python-hwpx", "hwpx", _python_hwpx, _HANGUL),
    # LangChain has no loader for HWP or HWPX.
    LANGCHAIN: Peer("langchain-community", "langchain_community.document_loaders", _langchain, ("PDF",)),
    "pypdf alone": Peer("pypdf", "pypdf", _pypdf, ("PDF",)),
    "pypdfium2 alone": Peer("pypdfium2", "pypdfium2", _pypdfium2, ("PDF",)),
}


def main(job: str, result: str, *, peers: Mapping[str, Peer] = PEERS) -> None:
    """Do one job of `read_files`: read each file, and write what came of it before the next is begun."""
    warnings.simplefilter("ignore")
    asked = json.loads(Path(job).read_text(encoding="utf-8"))
    peer = peers[asked["system"]]
    read = peer.load(import_module(peer.module))
    with Path(result).open("w", encoding="utf-8") as file:
        for name in asked["files"]:
            answer = asdict(_answer(read, Path(name)))
            file.write(json.dumps(answer) + "\n")  # in ASCII: libraries give lone surrogates
            file.flush()


def _answer(read: Read, file: Path) -> Answer:
    wall, cpu = time.perf_counter(), time.process_time()
    text = error = reason = ""
    try:
        text = read(file)
    except Exception as problem:  # whatever a library raises is its way to refuse
        error, reason = type(problem).__name__, str(problem)[:_LONGEST_REASON]
    return Answer(text, error, reason, time.perf_counter() - wall, time.process_time() - cpu)


if __name__ == "__main__":
    main(*sys.argv[1:])
