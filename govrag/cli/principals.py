"""On whose behalf a command reads and writes: its option, and the library as they see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govrag.cli.output import Session

if TYPE_CHECKING:
    from govrag.library import Library

PrincipalOption = Annotated[
    str | None,
    typer.Option(
        "--principal",
        help="principals.toml의 이용자(본인 확인은 하지 않음) / on whose behalf, of principals.toml; taken on trust",
        metavar="NAME",
        show_default=False,
    ),
]


@contextmanager
def library_for(run: Session, path: Path | None, principal: str | None) -> Iterator[Library]:
    """Open the library as the option, or else the settings, say who reads it."""
    with run.library(path) as library:
        yield library if principal is None else library.for_principal(principal)
