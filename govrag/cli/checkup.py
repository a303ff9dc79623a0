"""What `govrag doctor` looks at: each part of an installation and of a library, and what to do about what is wrong."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import govrag
from govrag.errors import GovragError
from govrag.records import Record

State = Literal["ok", "warning", "problem"]
Words = tuple[str, str]  # Korean, English

DEPENDENCIES: Mapping[str, str] = {  # package → module
    "faiss-cpu": "faiss",
    "kiwipiepy": "kiwipiepy",
    "lxml": "lxml.etree",
    "numpy": "numpy",
    "olefile": "olefile",
    "openpyxl": "openpyxl",
    "pydantic": "pydantic",
    "pypdf": "pypdf",
    "rich": "rich",
    "selectolax": "selectolax",
    "tantivy": "tantivy",
    "tiktoken": "tiktoken",
    "typer": "typer",
}
OPTIONAL: Mapping[str, tuple[str, Words]] = {  # package → (extra, what it is for)
    "cryptography": ("hwp", ("배포용 HWP, 잠긴 PDF를 읽습니다", "reads distribution HWP and locked PDF")),
    "pypdfium2": ("pdf", ("PDF를 더 빠르고 정확하게 읽습니다", "reads PDF faster and better")),
    "pandas": ("pandas", ("결과를 표로 만듭니다(.to_pandas)", "results as tables (.to_pandas)")),
    "langchain-core": ("langchain", ("LangChain 문서와 검색기", "LangChain documents and retrievers")),
    "langchain": ("langchain", ("LangChain 모델", "LangChain models")),
    "sentence-transformers": ("neural", ("변환기 임베더", "transformer embedders")),
    "bm25s": ("bench", ("비교 측정(govrag bench peers)", "comparison (govrag bench peers)")),
    "langchain-community": ("bench", ("비교 측정(govrag bench peers)", "comparison (govrag bench peers)")),
    "rank-bm25": ("bench", ("비교 측정(govrag bench peers)", "comparison (govrag bench peers)")),
}

_OLDEST_PYTHON = (3, 11)
_WAL_RESET_FIXED = (3, 51, 3)  # https://www.sqlite.org/wal.html#walresetbug
_LEAST_FREE = 1 << 30  # bytes; less is a warning even for a small library
_REINSTALL = ("govrag를 다시 설치하십시오", "install govrag again")
_PROBE = "안전성 확보조치 2026"
_SHOWN = 12  # characters of a fingerprint


class Check(Record):
    """One thing that was looked at; ``remedy`` is what to do about it, or could be done."""

    name: str
    state: State
    text: str
    text_en: str
    remedy: str = ""
    remedy_en: str = ""


def installation() -> Iterator[Check]:
    """Look at Python, the packages, what govrag carries with it, and the processes that read files."""
    for look in _LOOKS:
        try:
            yield from look()
        except (GovragError, ImportError) as error:
            yield _failed(look.__name__.removeprefix("_"), error)


def library(path: Path) -> Iterator[Check]:
    """Look at the place of a library and at each collection in it; changes nothing."""
    from govrag.library import Library

    try:
        names = Library(path).names
    except GovragError as error:
        yield _failed("library", error)
        return
    yield _writable(path)
    yield _space(path)
    if not names:
        remedy = (f"govrag add 폴더 --library {path}", f"govrag add FOLDER --library {path}")
        yield _check("library", "warning", (f"{path}: 장서가 없습니다", f"{path}: there is no library"), remedy)
    for name in names:
        try:
            yield _collection(path / name)
        except GovragError as error:
            yield _failed(name, error)


# ── the installation ──────────────────────────────────────────────────────────────────────────────────────────────


def _python() -> Iterator[Check]:
    text = f"Python {'.'.join(map(str, sys.version_info[:3]))}, govrag {govrag.__version__}"
    if sys.version_info >= _OLDEST_PYTHON:
        yield _check("python", "ok", (text, text))
    else:
        wanted = ".".join(map(str, _OLDEST_PYTHON))
        remedy = (f"Python {wanted} 이상으로 실행하십시오", f"run it with Python {wanted} or later")
        yield _check("python", "problem", (text, text), remedy)


def _packages() -> Iterator[Check]:
    """Import each: a package may be there and its libraries not."""
    working = []
    for package, module in DEPENDENCIES.items():
        try:
            import_module(module)
        except ImportError as error:
            text = (f"{package}을(를) 쓸 수 없습니다: {error}", f"{package} does not work: {error}")
            install = f"pip install --force-reinstall {package}"
            yield _check("packages", "problem", text, (install, install))
        else:
            working.append(f"{package} {_version(package)}")
    listed = ", ".join(working)
    yield _check("packages", "ok", (listed, listed))


def _sqlite() -> Iterator[Check]:
    text = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info >= _WAL_RESET_FIXED:
        yield _check("sqlite", "ok", (text, text))
        return
    yield _check(
        "sqlite",
        "ok",
        (
            f"{text}: WAL 초기화 결함이 있는 판이지만 쓰기와 체크포인트를 잠금 하나로 묶어 장서는 안전합니다. "
            "다른 프로그램으로 store.sqlite3에 쓰지 마십시오",
            f"{text} has the WAL-reset bug; libraries are safe because all writing and checkpointing is done under one "
            "lock. Do not write to store.sqlite3 with other programs",
        ),
    )


def _kiwi() -> Iterator[Check]:
    from govrag.korean.morphemes import analyse, words

    try:
        found = analyse(words(_PROBE)[:1])
    except Exception as error:  # Kiwi raises what its C++ core throws; whatever it is, words cannot be analysed
        text = (f"형태소 분석기가 열리지 않습니다: {error}", f"the morphological analyser does not start: {error}")
        install = "pip install --force-reinstall kiwipiepy kiwipiepy_model"
        yield _check("kiwi", "problem", text, (install, install))
        return
    example = ", ".join(f"{word} → {morphemes}" for word, morphemes in found.items())
    version = _version("kiwipiepy_model")
    yield _check("kiwi", "ok", (f"Kiwi 모델 {version}: {example}", f"Kiwi model {version}: {example}"))


def _weights() -> Iterator[Check]:
    from govrag.embed.static import StaticEmbedder

    embedder = StaticEmbedder()  # raises when the file is missing or damaged
    shown = _short(embedder.fingerprint)
    text = (
        f"임베딩 가중치: {embedder.dimension}차원, 지문 {shown}",
        f"embedding weights: {embedder.dimension} dimensions, fingerprint {shown}",
    )
    yield _check("weights", "ok", text)


def _tokens() -> Iterator[Check]:
    from govrag.korean.tokens import encoding

    try:
        ranks = encoding()
        whole = ranks.decode(ranks.encode_ordinary(_PROBE)) == _PROBE
    except (OSError, ValueError, KeyError) as error:
        text = (f"토큰 순위표를 읽을 수 없습니다: {error}", f"the token ranks cannot be read: {error}")
        yield _check("tokens", "problem", text, _REINSTALL)
        return
    if not whole:
        yield _check("tokens", "problem", ("토큰 순위표가 손상되었습니다", "the token ranks are damaged"), _REINSTALL)
    else:
        count = f"{ranks.n_vocab:,}"
        yield _check("tokens", "ok", (f"토큰 순위표: {count}개", f"token ranks: {count}"))


def _children() -> Iterator[Check]:
    """Read a line in a child process, as every file is read."""
    from govrag.ingest.sandbox import Job, Sandbox

    with Sandbox(workers=1) as sandbox:
        outcome = next(sandbox.run([Job("memory:doctor.txt", "doctor.txt", data=_PROBE.encode())]))
        isolated = sandbox.isolated
    if outcome.error is not None:
        raise outcome.error
    if find_spec("resource") and hasattr(import_module("resource"), "prlimit"):  # what the sandbox needs to set limits
        text = (
            "읽기 프로세스의 시간, 메모리, 쓰기를 제한합니다",
            "reading processes are limited in time, memory and writing",
        )
        yield _check("limits", "ok", text)
    else:
        text = ("읽기 프로세스의 시간만 제한합니다", "reading processes are limited in time only")
        remedy = ("믿을 수 없는 파일은 Linux에서 읽으십시오", "read untrusted files on Linux")
        yield _check("limits", "warning", text, remedy)
    if isolated:
        text = ("읽기 프로세스에는 네트워크가 없습니다", "reading processes have no network")
        yield _check("network", "ok", text)
    else:
        text = ("읽기 프로세스가 네트워크에 닿을 수 있습니다", "reading processes can reach the network")
        remedy = (
            "사용자 네임스페이스를 허용하거나 네트워크가 없는 컨테이너에서 실행하십시오",
            "allow user namespaces, or run govrag in a container without a network",
        )
        yield _check("network", "warning", text, remedy)


def _optional() -> Iterator[Check]:
    for package, (extra, (purpose, purpose_en)) in OPTIONAL.items():
        version = _version(package)
        text = (f"{package} {version or '없음'}: {purpose}", f"{package} {version or 'not installed'}: {purpose_en}")
        install = "" if version else f"pip install 'govrag[{extra}]'"
        yield _check("optional", "ok", text, (install, install))


_LOOKS: tuple[Callable[[], Iterator[Check]], ...] = (
    *(_python, _packages, _sqlite, _kiwi, _weights, _tokens, _children, _optional),
)


# ── a library ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _writable(path: Path) -> Check:
    place = _existing(path)
    if os.access(place, os.W_OK | os.X_OK):
        return _check("library", "ok", (f"{place}: 쓸 수 있습니다", f"{place}: writable"))
    text = (
        f"{place}: 쓰기 권한이 없어 찾기만 할 수 있습니다",
        f"{place}: no permission to write; it can only be searched",
    )
    remedy = ("문서를 넣으려면 디렉터리의 소유자와 권한을 바꾸십시오", "to add documents, change its owner or mode")
    return _check("library", "warning", text, remedy)


def _space(path: Path) -> Check:
    from govrag.evaluate.speed import bytes_below

    free = shutil.disk_usage(_existing(path)).free
    used = bytes_below([path])
    text = (
        f"장서 {used / 1e6:,.0f} MB, 빈 공간 {free / 1e9:,.1f} GB",
        f"library {used / 1e6:,.0f} MB, free space {free / 1e9:,.1f} GB",
    )
    # A rebuild writes the new indexes beside the old ones.
    if free >= max(used, _LEAST_FREE):
        return _check("space", "ok", text)
    remedy = (
        "공간을 비우십시오. 색인을 다시 만들 때 장서만큼 더 듭니다",
        "free some: a rebuild needs as much again as the library takes",
    )
    return _check("space", "warning", text, remedy)


def _collection(path: Path) -> Check:
    """Open a collection as a search would: that checks its format, its embedder and every index file."""
    from govrag.embed.static import StaticEmbedder
    from govrag.index.collection import Collection
    from govrag.index.store import FORMAT

    collection = Collection(path, embedder=StaticEmbedder())
    try:
        count, embedder = int(collection.manifest["passages"]), _short(str(collection.manifest["embedder"]))
        generation, grade = collection.generation, collection.grade.value
    finally:
        collection.close()
    text = (
        f"형식 {FORMAT}, 세대 {generation}, 등급 {grade}, 조문·단락 {count:,}개, 임베더 {embedder or '없음'}",
        f"format {FORMAT}, generation {generation}, grade {grade}, {count:,} passages, embedder {embedder or 'none'}",
    )
    return _check(path.name, "ok", text)


def _check(name: str, state: State, text: Words, remedy: Words = ("", "")) -> Check:
    return Check(name=name, state=state, text=text[0], text_en=text[1], remedy=remedy[0], remedy_en=remedy[1])


def _failed(name: str, error: GovragError | ImportError) -> Check:
    """Return a problem from an error; ours say themselves what to do."""
    if isinstance(error, GovragError):
        return _check(name, "problem", (error.ko, error.en))
    return _check(name, "problem", (str(error), str(error)), _REINSTALL)


def _existing(path: Path) -> Path:
    """Return the directory, or the nearest above it that exists: where it would be made."""
    place = path.absolute()
    while not place.exists():
        place = place.parent
    return place


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _short(fingerprint: str) -> str:
    """Return enough of a fingerprint to compare two by eye."""
    algorithm, colon, digest = fingerprint.rpartition(":")
    return algorithm + colon + digest[:_SHOWN]
