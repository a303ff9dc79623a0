"""What every command shares: its common options, how it prints, how it fails."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from govrag.errors import GovragError, Lang, OverBudget, PolicyDenied, UsageError
from govrag.settings import Settings, load

if TYPE_CHECKING:
    from govrag.asking import Progress
    from govrag.library import Library
    from govrag.records import Hits, Inspection, Provision, Record, Status

NO_EVIDENCE = 3
CITATION_FAILED = 6
EXIT_CODES: Mapping[Status, int] = {
    "no_evidence": NO_EVIDENCE,
    "denied_by_policy": PolicyDenied.exit_code,
    "over_budget": OverBudget.exit_code,
    "failed": GovragError.exit_code,
}

LibraryOption = Annotated[
    Path | None, typer.Option("--library", "-l", help="장서 디렉터리 / the library directory", show_default=False)
]
CollectionsOption = Annotated[
    list[str] | None,
    typer.Option("--collection", "-c", help="찾을 컬렉션(여러 번) / collections to search (repeatable)"),
]
CollectionOption = Annotated[str, typer.Option("--collection", "-c", help="컬렉션 / the collection")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="기준일 2026-11-21, 없으면 오늘 / the day whose law is wanted", metavar="DATE"),
]
KindsOption = Annotated[
    list[str] | None, typer.Option("--kind", help="문서 종류(여러 번): 법률, 고시 … / kinds of document (repeatable)")
]
WhereOption = Annotated[
    list[str] | None, typer.Option("--where", help="항목=값(여러 번) / field=value (repeatable)", metavar="KEY=VALUE")
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON으로 출력 / print JSON")]
LangOption = Annotated[str | None, typer.Option("--lang", help="메시지 언어 ko, en / language of messages")]


class Session:
    """One run of a command: settings, language, library."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lang: Lang = settings.lang

    def library(self, path: Path | None) -> Library:
        """Return the library that the option, the settings or the environment names."""
        from govrag.library import Library

        chosen = path or self.settings.library
        if chosen is None:
            raise UsageError(
                "장서를 지정하지 않았습니다. --library DIR을 쓰거나 govrag.toml이나 GOVRAG_LIBRARY에 적으십시오.",
                "no library was named. Use --library DIR, or set it in govrag.toml or GOVRAG_LIBRARY.",
            )
        return Library(chosen, settings=self.settings)

    def say(self, ko: str, en: str) -> None:
        """Tell the person something that is not the result."""
        typer.echo(en if self.lang == "en" else ko, err=True)

    def show(self, result: Record | Hits | Provision | Inspection, *, as_json: bool) -> None:
        """Print a result."""
        from govrag import display

        if as_json:
            print_json(result.to_dict())
        else:
            typer.echo(display.text(result, lang=self.lang))


@contextmanager
def session(lang: str | None = None) -> Iterator[Session]:
    """Load the settings, and turn what is raised on purpose into a message and an exit code."""
    spoken: Lang = "en" if lang == "en" else "ko"
    try:
        settings = load()
        if lang is not None:
            if lang not in {"ko", "en"}:
                raise UsageError(
                    f"--lang '{lang}'은(는) 없습니다. ko나 en을 쓰십시오.", f"--lang '{lang}': use ko or en."
                )
            settings = settings.model_copy(update={"lang": lang})
        spoken = settings.lang
        yield Session(settings)
    except GovragError as error:
        fail(error, spoken)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe has gone: nothing is left to say
        raise typer.Exit(0) from None


def fail(error: GovragError, lang: Lang) -> NoReturn:
    """Print an error and leave with its exit code."""
    typer.echo(error.message(lang), err=True)
    raise typer.Exit(error.exit_code)


def print_json(value: Any) -> None:
    """Print JSON: readable, nothing escaped but what the encoding of the output lacks."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    typer.echo(json.dumps(value, ensure_ascii=not unicode, indent=2))


@contextmanager
def progress(ko: str, en: str, lang: Lang) -> Iterator[Progress | None]:
    """Offer a progress bar on standard error; none when nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(en if lang == "en" else ko, total=None)
        yield lambda done, total, name: bar.update(task, completed=done, total=total)


def pairs(values: list[str] | None) -> dict[str, str]:
    """Return the conditions of ``--where key=value``."""
    found: dict[str, str] = {}
    for value in values or ():
        name, equals, wanted = value.partition("=")
        if not equals or not name:
            raise UsageError(
                f"--where '{value}'을(를) 읽을 수 없습니다. 항목=값처럼 적으십시오.",
                f"cannot read --where '{value}'. Write it as field=value.",
            )
        found[name.strip()] = wanted.strip()
    return found
