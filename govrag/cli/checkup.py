"""What `govrag doctor` looks at: each part of an installation and of a library, and what to do about what is wrong."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Literal

import govrag
from govrag.errors import GovragError
from govrag.records import Record

State = Literal["ok", "warning", "problem"]

DEPENDENCIES = (
    *("faiss-cpu", "kiwipiepy", "lxml", "numpy", "openpyxl", "pydantic", "pypdf", "rich", "selectolax"),
    *("tantivy", "tiktoken", "typer"),
)
OPTIONAL = {  # package → (extra, what it is for)
    "pypdfium2": ("pdf", "PDF 읽기를 빠르고 정확하게", "reads PDF faster and better"),
    "pandas": ("pandas", "결과를 표로(.to_pandas)", "results as tables (.to_pandas)"),
    "langchain-core": ("langchain", "LangChain 연결", "LangChain in and out"),
    "langchain": ("langchain", "LangChain 모델 연결", "LangChain models"),
    "sentence-transformers": ("neural", "변환기 임베더", "transformer embedders"),
    "bm25s": ("bench", "비교 측정(govrag bench peers)", "comparison (govrag bench peers)"),
    "langchain-community": ("bench", "비교 측정(govrag bench peers)", "comparison (govrag bench peers)"),
    "rank-bm25": ("bench", "비교 측정(govrag bench peers)", "comparison (govrag bench peers)"),
}

_OLDEST_PYTHON = (3, 11)
_WAL_RESET_FIXED = (3, 51, 3)  # https://www.sqlite.org/wal.html#walresetbug
_LEAST_FREE = 1 << 30  # bytes; less is a warning even for a small library
_REINSTALL = ("pip install --force-reinstall govrag", "pip install --force-reinstall govrag")
_PROBE = "개인정보의 안전성 확보조치 2026"
_SHOWN = 12  # characters of a fingerprint


class Check(Record):
    """One thing that was looked at; ``remedy`` is what to do unless all is well."""

    name: str
    state: State
    text: str
    text_en: str
    remedy: str = ""
    remedy_en: str = ""


def installation() -> Iterator[Check]:
    """Look at Python, the packages, and what govrag carries with it."""
    yield _python()
    yield from _packages()
    yield _sqlite()
    yield _kiwi()
    yield _weights()
    yield _token_ranks()
    yield from _sandbox()
    yield from _optional()


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
        add = f"govrag add 폴더 --library {path}", f"govrag add FOLDER --library {path}"
        yield Check(
            name="library",
            state="warning",
            text=f"{path}: 장서가 없습니다",
            text_en=f"{path}: there is no library",
            remedy=add[0],
            remedy_en=add[1],
        )
    for name in names:
        yield _collection(path / name)


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    enough = sys.version_info >= _OLDEST_PYTHON
    wanted = ".".join(map(str, _OLDEST_PYTHON))
    return Check(
        name="python",
        state="ok" if enough else "problem",
        text=f"Python {version}, govrag {govrag.__version__}",
        text_en=f"Python {version}, govrag {govrag.__version__}",
        remedy="" if enough else f"Python {wanted} 이상으로 실행하십시오",
        remedy_en="" if enough else f"run it with Python {wanted} or later",
    )


def _packages() -> Iterator[Check]:
    found = {name: _version(name) for name in DEPENDENCIES}
    for name in (name for name, version in found.items() if version is None):
        yield Check(
            name="packages",
            state="problem",
            text=f"필수 패키지 {name}이(가) 없습니다",
            text_en=f"the package {name} is missing",
            remedy=f"pip install {name}",
            remedy_en=f"pip install {name}",
        )
    listed = ", ".join(f"{name} {version}" for name, version in found.items() if version is not None)
    yield Check(name="packages", state="ok", text=listed, text_en=listed)


def _sqlite() -> Check:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info >= _WAL_RESET_FIXED:
        return Check(name="sqlite", state="ok", text=f"SQLite {version}", text_en=f"SQLite {version}")
    return Check(
        name="sqlite",
        state="ok",
        text=f"SQLite {version}: WAL 초기화 결함이 있는 판이지만, govrag는 쓰기와 체크포인트를 잠금 하나 아래에서만 "
        "하므로 장서는 안전합니다. 다른 프로그램으로 store.sqlite3에 쓰지 마십시오",
        text_en=f"SQLite {version} has the WAL-reset bug; govrag writes and checkpoints under one lock only, so "
        "libraries are safe. Do not write to store.sqlite3 with other programs",
    )


def _kiwi() -> Check:
    from govrag.korean.morphemes import analyse, words

    try:
        found = analyse(words(_PROBE)[:1])
    except Exception as error:  # Kiwi raises what its C++ core throws; whatever it is, words cannot be analysed
        return Check(
            name="kiwi",
            state="problem",
            text=f"형태소 분석기를 열 수 없습니다: {error}",
            text_en=f"the morphological analyser does not start: {error}",
            remedy="pip install --force-reinstall kiwipiepy kiwipiepy_model",
            remedy_en="pip install --force-reinstall kiwipiepy kiwipiepy_model",
        )
    word, morphemes = next(iter(found.items()))
    version = _version("kiwipiepy_model")
    return Check(
        name="kiwi",
        state="ok",
        text=f"Kiwi 모형 {version}: {word} → {morphemes}",
        text_en=f"Kiwi model {version}: {word} → {morphemes}",
    )


def _weights() -> Check:
    from govrag.embed.static import StaticEmbedder

    try:
        embedder = StaticEmbedder()
    except GovragError as error:
        return _failed("weights", error)
    shown = _short(embedder.fingerprint)
    return Check(
        name="weights",
        state="ok",
        text=f"임베딩 가중치: {embedder.dimension}차원, 지문 {shown}",
        text_en=f"embedding weights: {embedder.dimension} dimensions, fingerprint {shown}",
    )


def _token_ranks() -> Check:
    from govrag.korean.tokens import encoding

    try:
        ranks = encoding()
        whole = ranks.decode(ranks.encode_ordinary(_PROBE)) == _PROBE
    except (OSError, ValueError, KeyError) as error:
        return _broken_ranks(str(error))
    if not whole:
        return _broken_ranks(f"'{_PROBE}'")
    return Check(
        name="tokens", state="ok", text=f"토큰 순위표: {ranks.n_vocab:,}개", text_en=f"token ranks: {ranks.n_vocab:,}"
    )


def _broken_ranks(why: str) -> Check:
    return Check(
        name="tokens",
        state="problem",
        text=f"토큰 순위표가 없거나 손상되었습니다: {why}",
        text_en=f"the token ranks are missing or damaged: {why}",
        remedy=_REINSTALL[0],
        remedy_en=_REINSTALL[1],
    )


def _sandbox() -> Iterator[Check]:
    """Read two lines in a child process, as every file is read."""
    from govrag.ingest.sandbox import Job, Sandbox, resource

    with Sandbox(workers=1) as sandbox:
        outcome = next(iter(sandbox.run([Job("memory:doctor.txt", "doctor.txt", data=_PROBE.encode())])))
        isolated = sandbox.isolated
    if outcome.error is not None:
        yield _failed("children", outcome.error)
        return
    limited = resource is not None and hasattr(resource, "prlimit")
    yield Check(
        name="limits",
        state="ok" if limited else "warning",
        text="읽기 프로세스: 시간, 메모리, 쓰기 제한이 걸립니다" if limited else "읽기 프로세스: 시간만 제한됩니다",
        text_en="reading processes: time, memory and writing are limited"
        if limited
        else "reading processes: only time is limited",
        remedy="" if limited else "믿을 수 없는 파일은 Linux에서 읽으십시오",
        remedy_en="" if limited else "read untrusted files on Linux",
    )
    yield Check(
        name="network",
        state="ok" if isolated else "warning",
        text="읽기 프로세스: 네트워크가 끊겨 있습니다" if isolated else "읽기 프로세스가 네트워크를 볼 수 있습니다",
        text_en="reading processes have no network" if isolated else "reading processes can see the network",
        remedy="" if isolated else "사용자 네임스페이스를 허용하거나 네트워크가 없는 컨테이너에서 실행하십시오",
        remedy_en="" if isolated else "allow user namespaces, or run govrag in a container without a network",
    )


def _optional() -> Iterator[Check]:
    for package, (extra, purpose, purpose_en) in OPTIONAL.items():
        version = _version(package)
        install = "" if version else f"pip install 'govrag[{extra}]'"
        yield Check(
            name="optional",
            state="ok",
            text=f"{package} {version or '없음'}: {purpose}",
            text_en=f"{package} {version or 'not installed'}: {purpose_en}",
            remedy=install,
            remedy_en=install,
        )


def _writable(path: Path) -> Check:
    place = _existing(path)
    allowed = os.access(place, os.W_OK | os.X_OK)
    return Check(
        name="library",
        state="ok" if allowed else "warning",
        text=f"{place}: 쓸 수 있습니다" if allowed else f"{place}: 쓰기 권한이 없어 찾기만 할 수 있습니다",
        text_en=f"{place}: writable" if allowed else f"{place}: no permission to write; it can only be searched",
        remedy="" if allowed else f"디렉터리의 소유자와 권한을 바꾸십시오: {place}",
        remedy_en="" if allowed else f"change the owner or mode of {place}",
    )


def _space(path: Path) -> Check:
    from govrag.evaluate.speed import bytes_below

    free = shutil.disk_usage(_existing(path)).free
    used = bytes_below([path]) if path.is_dir() else 0
    # A rebuild writes the new indexes beside the old ones.
    enough = free >= max(used, _LEAST_FREE)
    sizes = f"{used / 1e6:,.0f} MB", f"{free / 1e9:,.1f} GB"
    return Check(
        name="space",
        state="ok" if enough else "warning",
        text=f"장서 {sizes[0]}, 빈 공간 {sizes[1]}",
        text_en=f"library {sizes[0]}, free {sizes[1]}",
        remedy="" if enough else "색인을 다시 만들 때 장서만큼의 공간이 더 듭니다. 공간을 비우십시오",
        remedy_en="" if enough else "a rebuild needs as much again as the library takes: free some space",
    )


def _collection(path: Path) -> Check:
    """Open a collection as a search would: format, embedder and every index file are checked by that."""
    from govrag.embed.static import StaticEmbedder
    from govrag.index.collection import Collection
    from govrag.index.store import FORMAT

    try:
        collection = Collection(path, embedder=StaticEmbedder())
    except GovragError as error:
        return _failed(path.name, error)
    try:
        count, embedder = int(collection.manifest["passages"]), _short(str(collection.manifest["embedder"]))
        generation, grade = collection.generation, collection.grade.value
    finally:
        collection.close()
    return Check(
        name=path.name,
        state="ok",
        text=f"형식 {FORMAT}, 세대 {generation}, 등급 {grade}, 조문·단락 {count:,}개, 임베더 {embedder or '없음'}",
        text_en=f"format {FORMAT}, generation {generation}, grade {grade}, {count:,} passages, "
        f"embedder {embedder or 'none'}",
    )


def _failed(name: str, error: GovragError) -> Check:
    """Return a problem from an error; its message says what to do."""
    return Check(name=name, state="problem", text=error.ko, text_en=error.en)


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
    algorithm, _, digest = fingerprint.rpartition(":")
    return f"{algorithm}:{digest[:_SHOWN]}" if algorithm else digest[:_SHOWN]
