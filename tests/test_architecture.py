"""The rules of the house, as data and one loop: who may import whom, who holds weights, who opens sockets."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "govrag"
GROUND = ("errors", "records", "contracts", "display", "calling", "korean", "statute", "patent")
ROOMS = ("ingest", "embed", "index", "generate", "govern", "pipelines", "export", "evaluate")
HOUSE = (
    "settings", "scope", "desk", "asking", "holdings", "intake", "inspection", "embedders", "governance", "langchain",
    "labour", "papers", "patents", "procurement", "rewording", "library", "training",
)  # fmt: skip
DOORS = ("cli", "server", "mcp", "__main__", "testing")
# Ground rests on itself, in this order.
BELOW = {
    "errors": set(),
    "records": {"errors", "display"},  # results show themselves; `display` is imported when they do
    "display": {"errors", "records"},
    "contracts": {"errors", "records"},
    "calling": {"errors", "records", "contracts"},
    "korean": {"errors", "records", "contracts"},
    "statute": {"errors", "records", "contracts", "korean"},
    "patent": {"errors", "records", "contracts", "korean"},
}
NEURAL = {"torch", "transformers", "sentence_transformers", "onnxruntime", "tensorflow"}
SOCKETS = {"socket", "http", "urllib.request", "requests", "httpx", "aiohttp", "ssl", "ftplib", "smtplib"}
FORBIDDEN = {"pickle", "cPickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        yield name.removesuffix(".__init__"), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def allowed(room: str) -> set[str]:
    if room in BELOW:
        return BELOW[room] | {room}
    if room in ROOMS:
        return {*GROUND, room}
    if room in HOUSE:
        return {*GROUND, *ROOMS, *HOUSE}
    return {*GROUND, *ROOMS, *HOUSE, *DOORS}


def breaches(name: str, tree: ast.Module) -> list[str]:
    """Return the rules that a module breaks."""
    room = name.split(".")[0]
    found = []
    for target in imports(tree):
        parts = target.split(".")
        other = parts[1] if parts[0] == "govrag" and len(parts) > 1 else ""
        is_module = (PACKAGE / other).is_dir() or (PACKAGE / f"{other}.py").is_file()
        if other and is_module and other not in allowed(room):
            found.append(f"{name} imports {target}: {room} may not know {other}")
        if parts[0] in NEURAL and room not in {"embed", "generate"}:
            found.append(f"{name} imports {target}: neural weights live in embed and generate")
        if (parts[0] in SOCKETS or target in SOCKETS) and name != "govern.egress":
            found.append(f"{name} imports {target}: only govern.egress opens sockets")
        if parts[0] in FORBIDDEN:
            found.append(f"{name} imports {target}: no pickle")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}:
            found.append(f"{name} line {node.lineno} calls {node.func.id}")
        if (
            isinstance(node, ast.keyword)
            and node.arg == "allow_pickle"
            and getattr(node.value, "value", None) is not False
        ):
            found.append(f"{name} line {node.value.lineno} allows pickle")
    return found


def test_every_module_keeps_the_rules_of_the_house() -> None:
    found = [breach for name, tree in modules() if name for breach in breaches(name, tree)]
    assert found == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("index.search", "from govrag.pipelines import verify"),
        ("statute.names", "from govrag.index.store import Store"),
        ("korean.tokens", "import govrag.statute.names"),
        ("index.dense", "import torch"),
        ("ingest.read", "import socket"),
        ("index.store", "import pickle"),
        ("index.store", "import numpy as np\nnp.load('x', allow_pickle=True)"),
        ("records", "eval('1')"),
    ],
)
def test_a_broken_rule_is_noticed(name: str, source: str) -> None:
    assert breaches(name, ast.parse(source))


def test_every_folder_has_a_place_in_the_house() -> None:
    known = {*GROUND, *ROOMS, *HOUSE, *DOORS, "__init__"}
    names = {
        path.stem if path.is_file() else path.name
        for path in PACKAGE.iterdir()
        if not path.name.startswith((".", "__p"))
    }
    assert names - {"py"} - known - {"sample_corpus"} == set()


def test_importing_govrag_loads_nothing_heavy_and_touches_nothing() -> None:
    heavy = ["numpy", "faiss", "kiwipiepy", "langchain", "langchain_core", "tantivy", "pydantic", "torch", "pypdf"]
    code = f"import sys, govrag; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
