"""The front door: what it offers, how it is called, what it costs to import, and the shape of what it returns."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import govrag
from govrag import contracts, errors, records
from govrag.errors import GovragError
from govrag.library import Library
from govrag.settings import Settings

SCHEMAS = Path(__file__).parent / "golden" / "schemas.json"
IMPORT_BUDGET = 0.2  # CPU seconds

ASKED = ["as_of", "collection", "kind", "law", "where", "model", "grade", "history", "context", "document"]
# Every public method of `Library`: its positional parameters, then those that must be named.
LIBRARY = {
    "aask": (["question"], ASKED),
    "aask_stream": (["question"], ASKED),
    "add": (["inputs"], ["collection", "grade", "metadata", "mirror", "progress"]),
    "ask": (["question"], ASKED),
    "ask_many": (
        ["questions"],
        ["as_of", "collection", "kind", "law", "where", "model", "grade", "resume", "progress"],
    ),
    "ask_stream": (["question"], ASKED),
    "as_retriever": ([], ["k", "as_of", "newest", "collection", "kind", "law", "where"]),
    "as_runnable": ([], ["as_of", "collection", "kind", "law", "where", "model", "grade"]),
    "check": ([], ["collection"]),
    "close": ([], []),
    "conversation": ([], [*ASKED[:-3], "context", "document", "history"]),
    "documents": ([], ["collection", "kind", "law", "where"]),
    "estimate": (["question"], ["model", *(name for name in ASKED if name != "model")]),
    "for_principal": (["principal"], []),
    "info": ([], []),
    "passages": (["document_id"], ["collection"]),
    "rebuild": ([], ["collection", "embedder", "device", "purge", "progress"]),
    "regrade": (["collection", "grade"], ["reason"]),
    "remove": (["names"], ["collection"]),
    "requirements": ([], ["collection", "kind", "where"]),
    "search": (["query"], ["limit", "as_of", "newest", "collection", "kind", "law", "where"]),
    "show": (["reference"], ["as_of"]),
    "train": (["out"], ["collection", "data", "from_scratch", "seed", "progress"]),
    "verify": (["text"], ["as_of", "collection", "kind", "where"]),
}
RETURNS = {
    "aask": "Answer",
    "add": "Receipt",
    "ask": "Answer",
    "ask_many": "Answers",
    "conversation": "Conversation",
    "documents": "list[DocumentInfo]",
    "for_principal": "Library",
    "remove": "Receipt",
    "requirements": "Requirements",
    "search": "Hits",
    "show": "Provision",
    "verify": "Verification",
}


def test_everything_named_can_be_had() -> None:
    for name in govrag.__all__:
        assert getattr(govrag, name) is not None
    assert dir(govrag) == sorted([*govrag.__all__, "__version__"])
    assert sorted(govrag.__all__) == govrag.__all__


def test_what_is_not_named_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        govrag.nonsense  # noqa: B018


def test_the_version_is_that_of_the_package() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == govrag.__version__


def test_the_package_is_typed() -> None:
    assert files("govrag").joinpath("py.typed").is_file()


def test_the_library_has_these_methods_and_is_called_like_this() -> None:
    found = {}
    for name, method in inspect.getmembers(Library, inspect.isfunction):
        if name.startswith("_"):
            continue
        parameters = list(inspect.signature(method).parameters.values())[1:]
        assert all(one.kind in {one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY} for one in parameters), "no **kwargs"
        found[name] = (
            [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD],
            [one.name for one in parameters if one.kind is one.KEYWORD_ONLY],
        )
    assert found == LIBRARY
    assert {name: inspect.signature(getattr(Library, name)).return_annotation for name in RETURNS} == RETURNS


def test_the_library_opens_with_a_path_alone(tmp_path: Path) -> None:
    assert list(inspect.signature(govrag.open).parameters) == ["path", "principal", "policy", "embedder"]
    with govrag.open(str(tmp_path)) as library:
        assert isinstance(library, govrag.Library)


def public_objects() -> Iterator[tuple[str, Any]]:
    for module in (records, errors, contracts):
        for name, one in vars(module).items():
            if inspect.isclass(one) and one.__module__.startswith(module.__name__) and not name.startswith("_"):
                yield f"{module.__name__}.{name}", one
                yield from members(f"{module.__name__}.{name}", one)
    yield "govrag.open", govrag.open
    for one in (Library, Settings):
        yield one.__name__, one
        yield from members(one.__name__, one)


def members(owner: str, one: type) -> Iterator[tuple[str, Any]]:
    for name, member in vars(one).items():
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
            yield f"{owner}.{name}", member


def test_every_public_object_says_what_it_is() -> None:
    # A dataclass without a docstring is given its signature as one, which is no sentence.
    silent = [name for name, one in public_objects() if not re.search(r"[.:…]\s", (inspect.getdoc(one) or "") + "\n")]
    assert silent == []
    assert len(list(public_objects())) > 80


def test_every_error_is_in_the_tree_of_its_module() -> None:
    drawn = errors.__doc__ or ""
    for name, one in vars(errors).items():
        if inspect.isclass(one) and issubclass(one, GovragError):
            assert f" {name} " in drawn or f"{name}\n" in drawn, f"{name} is missing in the tree"


# ── importing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_importing_costs_little_and_loads_nothing_heavy() -> None:
    heavy = ("numpy", "faiss", "kiwipiepy", "tantivy", "pydantic", "langchain_core", "torch", "lxml", "pypdf", "typer")
    code = f"""
import sys, time
before, started = set(sys.modules), time.process_time()
import govrag
cost = time.process_time() - started
print(cost, *[name for name in {heavy!r} if name in sys.modules])
"""
    cost, *loaded = python(code).split()
    assert loaded == []
    assert float(cost) <= IMPORT_BUDGET


def test_importing_everything_reads_no_model_and_opens_no_socket() -> None:
    """The analyser begins to load when a library is opened, not before; optional packages wait until they are used."""
    code = """
import sys
import govrag, govrag.library, govrag.cli
early = 'kiwipiepy' in sys.modules
govrag.open('nowhere')
late = ('langchain_core', 'pandas', 'torch', 'pypdf', 'pypdfium2', 'lxml', 'openpyxl', 'bm25s')
print(*["kiwipiepy"] * early, *[name for name in late if name in sys.modules])
"""
    assert python(code) == ""


# ── the shape of results ──────────────────────────────────────────────────────────────────────────────────────────


def shape(model: type[BaseModel]) -> dict[str, Any]:
    """The field names and types of a model's JSON schema, without titles and descriptions."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: bare(one) for key, one in sorted(value.items()) if key not in {"title", "description"}}
        return [bare(one) for one in value] if isinstance(value, list) else value

    schema = model.model_json_schema(mode="serialization")
    return {
        "properties": {name: bare({**field}) for name, field in schema["properties"].items()},
        "required": sorted(schema.get("required", [])),
    }


def models() -> dict[str, type[BaseModel]]:
    return {
        name: one
        for name, one in vars(records).items()
        if inspect.isclass(one) and issubclass(one, records.Record) and one is not records.Record
    }


def test_the_json_of_results_has_not_changed_unnoticed() -> None:
    """What others parse: a change here is a change for them. To accept one, write the new shapes to the golden file."""
    assert {name: shape(model) for name, model in models().items()} == json.loads(SCHEMAS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["Answer", "Answers", "Receipt", "Verification"])
def test_what_crosses_a_door_carries_its_version_and_is_frozen(name: str) -> None:
    model = models()[name]
    assert model.model_fields["schema_version"].default == 1
    assert all(one.model_config["frozen"] for one in models().values())


def test_a_search_row_has_the_keys_that_were_promised() -> None:
    passage = records.Passage("d#제1조", "d", "제1조", "글", 0, 1, ("법", "제1조"))
    row = records.Hit(passage, 1.0).to_dict(rank=1, as_of=date(2026, 1, 1))
    assert " ".join(row) == (
        "rank score collection title locator label text document_id passage_id effective_from effective_to in_force "
        "signals voters"
    )
