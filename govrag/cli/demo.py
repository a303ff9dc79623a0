"""`govrag demo`: a library from the sample corpus, and the main job on it, with nothing else installed or reached."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from govrag import display
from govrag.cli.output import JsonOption, LangOption, print_json, progress, session
from govrag.errors import LibraryNotFound

_AS_OF = date(2026, 11, 21)  # the sample corpus is written for this day, so that the demo says the same tomorrow
_METADATA = "metadata.csv"


def sample_corpus() -> Path:
    """Return the folder of the sample corpus: inside the installed package, or beside it in a source tree."""
    installed = Path(str(files("govrag"))) / "sample_corpus"
    beside = installed.parents[1] / "sample_corpus"
    for folder in (installed, beside):
        if folder.is_dir():
            return folder
    raise LibraryNotFound(
        f"{installed}: 표본 문서가 없습니다. govrag를 다시 설치하십시오.",
        f"{installed}: the sample corpus is missing. Install govrag again.",
    )
