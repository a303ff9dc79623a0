"""What the documents say is what happens: README's blocks are run, its tables compared, the notebooks executed.

In README.md

- a ```` ```python ```` block is run, all of them one after another as one script, in an empty folder that holds
  ``sample_corpus``; when a ```` ```text ```` block follows, it is what the block prints;
- in a ```` ```console ```` block each line that starts with ``$ govrag`` is run in the same folder, and the lines
  below it, up to the next ``$``, are what it prints; without ``$`` only its commands and options are checked;
- in what is shown ``…`` stands for any text, and a line of only ``…`` for any lines; numbers before 초, s and ms are
  not compared.
"""

from __future__ import annotations

import importlib
import inspect
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
import typer
from nbclient import NotebookClient

import govrag
from govrag.cli import app
from govrag.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# Loaded by the notebooks' kernel: it may speak with us on this machine, and with nobody else.
LOOPBACK_ONLY = """
import socket

_connect = socket.socket.connect

def _only_here(self, address):
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1"):
        raise OSError(f"a notebook tried to connect to {address!r}")
    return _connect(self, address)

socket.socket.connect = _only_here
"""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the line it starts at."""

    language: str
    text: str
    line: int


def blocks(markdown: str) -> list[Block]:
    found = re.finditer(r"^```(\w*)\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL)
    return [Block(one[1], one[2], markdown[: one.start()].count("\n") + 1) for one in found]


def agree(shown: str, printed: str) -> bool:
    """Tell whether what a document shows is what was printed, figures of time and what ``…`` stands for left out."""
    parts = re.split(r"(?:^|(?<=\n))…\n|…", untimed(shown).strip() + "\n")
    return re.fullmatch(".*?".join(map(re.escape, parts)), untimed(printed).strip() + "\n", re.DOTALL) is not None


def untimed(text: str) -> str:
    text = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\d[\d,]*(?:\.\d+)?(?=\s?(?:초|m?s\b))", "N", text)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("답 [1]\n", "답 [1]", True),
        ("조문 478개, 3.6초", "조문 478개, 0.9초", True),
        ("조문 478개, 3.6초", "조문 479개, 3.6초", False),
        ("p50 1.2 ms", "p50 12 ms", True),
        ("가\n…\n다", "가\n나\n또\n다", True),
        ("가\n…\n다", "가\n나\n라", False),
        ("앞 … 뒤", "앞 무엇이든 뒤", True),
        ("a.c", "abc", False),
        ("가", "가\n나", False),
    ],
)
def test_the_comparison_sees_differences(shown: str, printed: str, same: bool) -> None:
    assert agree(shown, printed) is same


# ── README: what is run ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where README's blocks are run: a folder with the sample corpus."""
    path = tmp_path_factory.mktemp("reader")
    (path / "sample_corpus").symlink_to(ROOT / "sample_corpus", target_is_directory=True)
    return path


def surroundings(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVRAG_")}
    return kept | {"PYTHONPATH": str(Path(govrag.__file__).parents[1]), "PYTHONUTF8": "1"} | more


def python(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=surroundings(), capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode in {0, 3, 6}, done.stderr  # 3 and 6 are results
    return done.stdout


def test_the_python_blocks_print_what_readme_shows(folder: Path) -> None:
    found = blocks(README)
    scripts = [(number, block) for number, block in enumerate(found) if block.language == "python"]
    assert scripts
    mark = "-- the next block --"
    script = f"\nprint({mark!r})\n".join(block.text for _, block in scripts)
    outputs = python(folder, "-W", "error", "-c", script).split(f"{mark}\n")
    for (number, block), printed in zip(scripts, outputs, strict=True):
        following = found[number + 1] if number + 1 < len(found) else None
        if following is not None and following.language == "text":
            assert agree(following.text, printed), f"README line {block.line} prints:\n{printed}"


def shown_commands() -> Iterator[tuple[int, str, str]]:
    for block in blocks(README):
        if block.language == "console":
            for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield block.line, command, output


def test_the_commands_print_what_readme_shows(folder: Path) -> None:
    for line, command, output in shown_commands():
        if command.startswith("govrag "):
            printed = python(folder, "-m", "govrag", *shlex.split(command)[1:])
            assert agree(output, printed), f"README line {line}, {command}:\n{printed}"


# ── README: what is compared ──────────────────────────────────────────────────────────────────────────────────────


def commands() -> Mapping[str, set[str]]:
    """Return every command with its options, and those of the commands below it."""
    group: Any = typer.main.get_command(app)
    return {name: set(options(command)) for name, command in group.commands.items()}


def options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)
    for name in command.list_commands(None) if hasattr(command, "list_commands") else ():
        yield from options(command.get_command(None, name))


def mentioned() -> Iterator[tuple[str, list[str]]]:
    """Yield each command that README spells out in code, with the options beside it."""
    lines = [line for block in blocks(README) if block.language == "console" for line in block.text.splitlines()]
    rows = [line for line in README.splitlines() if line.startswith("| `govrag ")]
    for line in (*lines, *rows):
        for command in re.finditer(r"(?:^|\$ |&& |`)govrag (\w+)", line):
            yield command[1], re.findall(r"(?<![\w-])--?[a-z][a-z-]*", line[command.end() :])


def test_readme_lists_every_command_and_no_other() -> None:
    listed = re.findall(r"^\| `govrag (\w+)", README, re.MULTILINE)
    assert sorted(listed) == sorted(commands())


def test_every_command_and_option_that_readme_spells_out_exists() -> None:
    known = commands()
    spelt = list(mentioned())
    assert len(spelt) >= len(known)
    for command, options in spelt:
        assert command in known
        assert set(options) <= known[command], command


def test_the_options_of_every_command_are_there() -> None:
    for name in ("--library", "--json", "--lang"):
        lacking = {command for command, options in commands().items() if name not in options}
        without = {"bench"} | ({"inspect"} if name == "--library" else set())  # it reads a file, and no library
        assert lacking <= without, f"{name}: {lacking}"


def test_the_settings_table_is_the_settings() -> None:
    head = README.index("| setting |")
    table = README[head : README.index("\n\n", head)]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(Settings.model_fields)


def test_the_exit_codes_are_the_ones_in_the_code() -> None:
    from govrag.cli import output
    from govrag.errors import GovragError, UsageError

    paragraph = README[README.index("Exit codes") :].split("\n\n", 1)[0]
    told = dict(re.findall(r"(\d) ([a-z][a-z ]+?)(?=[,.;]|\n|$)", paragraph))
    assert told[str(GovragError.exit_code)] == "error"
    assert told[str(UsageError.exit_code)] == "usage"
    assert told[str(output.NO_EVIDENCE)] == "no evidence"
    assert told[str(output.CITATION_FAILED)] == "a citation failed"


def test_the_map_of_the_house_names_every_room() -> None:
    table = README[README.index("| folder |") :]
    table = table[: table.index("\n\n")]
    for room in sorted(path.name for path in (ROOT / "govrag").iterdir() if (path / "__init__.py").is_file()):
        assert f"`{room}/`" in table, room
    for name in re.findall(r"`([\w.]+)/?`", table.split("|---")[1]):
        assert (ROOT / "govrag" / name).exists(), name


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "sample_corpus/README.md"])
def test_links_to_files_lead_somewhere(name: str) -> None:
    file = ROOT / name
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", file.read_text(encoding="utf-8")):
        assert (file.parent / target).exists(), target


def test_the_two_commands_are_there_and_the_check_runs_the_second() -> None:
    second = 'python -m pip install -e ".[test]" && python -m pytest'
    assert "python -m pip install -e . && govrag demo" in README
    assert second in README
    check = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(part in check for part in ('pip install -q -e ".[test]"', "python -m pytest"))


def test_the_docstring_of_the_package_is_true() -> None:
    methods = re.findall(r"library\.(\w+)\(", govrag.__doc__ or "")
    assert methods == ["add", "ask"]
    assert all(inspect.isfunction(getattr(govrag.Library, name)) for name in methods)


# ── notebooks ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_is_a_first_notebook() -> None:
    assert "01_first_question.ipynb" in [path.name for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert not cell.get("execution_count")


@pytest.mark.loopback
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, home = tmp_path / "site", tmp_path / "notebooks"
    site.mkdir()
    home.mkdir()
    (site / "sitecustomize.py").write_text(LOOPBACK_ONLY, encoding="utf-8")
    (tmp_path / "sample_corpus").symlink_to(ROOT / "sample_corpus", target_is_directory=True)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), str(Path(govrag.__file__).parents[1])]))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    # matplotlib's list of fonts is made once per machine, and its making is told of on stderr: here, not in the kernel.
    importlib.import_module("matplotlib.font_manager")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3", timeout=120, resources={"metadata": {"path": str(home)}}).execute()
    assert (home / "나의_장서").is_dir()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs, f"shows nothing: {cell.source}"
            for output in cell.outputs:
                assert output.output_type in {"execute_result", "display_data"}, output
                assert {"text/html", "image/png"} & output.data.keys(), cell.source


def test_the_first_notebook_shows_what_its_words_promise(sample_library: Path) -> None:
    """Its questions, asked without a kernel."""
    source = "\n".join(
        cell.source for cell in nbformat.read(NOTEBOOKS[0], as_version=4).cells if cell.cell_type == "code"
    )
    day = "2026-11-21"
    asked = re.findall(r'\.ask\("([^"]+)"', source)
    draft = re.search(r'초안 = """(.*?)"""', source, re.DOTALL)
    assert draft is not None
    with govrag.open(sample_library) as library:
        assert [library.ask(question, as_of=day).status for question in asked] == ["answered", "no_evidence"]
        assert library.verify(draft[1], as_of=day).counts == {
            "verified": 1,
            "no_such_article": 1,
            "mismatch": 1,
            "not_in_force": 1,
            "not_in_library": 1,
        }
