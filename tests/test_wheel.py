"""The wheel: what it carries, and that it does the main job outside the source tree with every socket refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="hatchling, the build backend, is not installed")

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("govrag", "sample_corpus", "pyproject.toml", "README.md", "LICENSE")
LARGEST_EMBEDDER = 10 * 1024 * 1024  # bytes
# Imported by every interpreter that finds it on its path.
REFUSING = """
import socket

class SocketRefused(Exception): ...

def _refuse(*_):
    raise SocketRefused("a socket was to be connected")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = _refuse
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing is left in the source tree."""
    copy, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    pip("wheel", "--no-build-isolation", "--wheel-dir", built, copy)
    (file,) = built.glob("govrag-*.whl")
    return file


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", *arguments, "--no-deps", "--no-index", "--disable-pip-version-check", "-q"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def names(wheel: Path) -> dict[str, int]:
    """File name in the wheel → its size in bytes."""
    with zipfile.ZipFile(wheel) as archive:
        return {entry.filename: entry.file_size for entry in archive.infolist()}


def test_it_carries_what_an_offline_machine_needs(names: dict[str, int], sample_corpus: Path) -> None:
    for name in ("govrag/py.typed", "govrag/korean/data/tokens.tiktoken", "govrag/embed/data/static.npz"):
        assert name in names
    assert 1_000_000 < names["govrag/embed/data/static.npz"] <= LARGEST_EMBEDDER
    corpus = {file.relative_to(sample_corpus).as_posix() for file in sample_corpus.rglob("*") if file.is_file()}
    carried = {name.removeprefix("govrag/sample_corpus/") for name in names if name.startswith("govrag/sample_corpus/")}
    assert carried == corpus


def test_it_carries_every_module_and_data_file_of_the_package(names: dict[str, int]) -> None:
    package = ROOT / "govrag"
    files = {
        f"govrag/{file.relative_to(package).as_posix()}"
        for file in package.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and not file.name.startswith(".")
    }
    assert files - names.keys() == set()


def test_it_carries_nothing_else(names: dict[str, int]) -> None:
    for name in names:
        assert name.startswith(("govrag/", "govrag-")), name
        assert not {"tests", "golden", "__pycache__", "shared"} & set(Path(name).parts), name
        assert not name.endswith((".pyc", ".pkl", ".pickle", ".md.orig")), name
    assert sum(names.values()) < 30 * 1024 * 1024


def test_it_says_who_made_it_and_what_the_command_is(wheel: Path, names: dict[str, int]) -> None:
    info = next(name.split("/")[0] for name in names if name.endswith(".dist-info/METADATA"))
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{info}/METADATA").decode()
        assert "govrag = govrag.cli:main" in archive.read(f"{info}/entry_points.txt").decode()
    assert f"{info}/licenses/LICENSE" in names
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed wheel and an order to refuse sockets."""
    target = tmp_path_factory.mktemp("site")
    pip("install", "--target", target, wheel)
    (target / "sitecustomize.py").write_text(REFUSING, encoding="utf-8")
    return target


def python(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GOVRAG_")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(installed), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_sockets_really_are_refused(installed: Path, tmp_path: Path) -> None:
    """The negative control of the next test."""
    done = python(installed, tmp_path, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))")
    assert done.returncode != 0
    assert "SocketRefused" in done.stderr


def test_the_demo_runs_from_the_wheel_with_sockets_refused(installed: Path, tmp_path: Path) -> None:
    where = python(installed, tmp_path, "-c", "import govrag; print(govrag.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(installed)
    done = python(installed, tmp_path, "-m", "govrag", "demo", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["receipt"]["refused"] == []
    assert len(shown["receipt"]["added"]) >= 36
    assert {one["verdict"] for one in shown["verification"]["citations"]} >= {"verified", "no_such_article"}
    assert all(one["text"] for one in shown["editions"])
    assert list(tmp_path.iterdir()) == [], "the demo leaves nothing behind"
