"""What the commands of labour, procurement and patents share: facts in, a result printed or written to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from govrag.cli import sheets
from govrag.cli.output import Session

if TYPE_CHECKING:
    from govrag.records import Record

__all__ = ["FactOption", "FactsOption", "OutputOption", "ResumeOption", "deliver"]

_R = TypeVar("_R", bound="Record")

FactsOption = Annotated[
    Path | None, typer.Option("--facts", help="사실을 적은 TOML 파일 / facts of the case, a TOML file", metavar="FILE")
]
FactOption = Annotated[
    list[str] | None,
    typer.Option("--fact", help="사실 하나, workers=12 (여러 번) / one fact (repeatable)", metavar="NAME=VALUE"),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="쓸 파일: .hwpx .docx .xlsx .md .html .json / file for the result"),
]
ResumeOption = Annotated[
    Path | None, typer.Option(help="중간 저장 JSONL, 이어서 실행 / keep results here and go on where it stopped")
]
_FLAT = (".csv", ".jsonl")  # tables of many rows, as `govrag ask` writes them


def deliver(
    run: Session,
    work: Callable[[], _R],
    *,
    output: Path | None,
    as_json: bool,
    many: bool = False,
    template: Path | None = None,
) -> _R:
    """Do the work, print its result or write it to a file, and return it; with ``as_json`` and a file it does both.

    Whether the file could be written is seen before the work. Tables of ``many`` rows may go to CSV and JSONL, too. A
    ``template`` (.hwpx) lends its styles to the file.
    """
    from govrag import export

    flat = many and output is not None and output.suffix.lower() in _FLAT
    if output is not None:
        (sheets.check_writable if flat else export.check)(output)
    result = work()
    if as_json or output is None:
        run.show(result, as_json=as_json)
    if output is not None:
        if flat:
            sheets.write(output, result.table())  # type: ignore[attr-defined]  # what holds many rows has a table
        else:
            export.write(output, result, lang=run.lang, template=template)
        run.say(f"{output}에 썼습니다.", f"wrote {output}.")
    return result
