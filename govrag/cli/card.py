"""govrag card: the record that an agency publishes of its assistant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govrag.cli.output import JsonOption, LangOption, LibraryOption, print_json, session
from govrag.cli.principals import PrincipalOption, library_for

if TYPE_CHECKING:
    from govrag.records.card import CardCollection


def card(
    library: LibraryOption = None,
    evaluation: Annotated[
        Path | None,
        typer.Option(help="'govrag evaluate --json'의 결과 파일 / a file of its output", metavar="FILE"),
    ] = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """서비스 카드를 만듭니다(ko 국내 항목, en 영국 ATRS). / Make the service's card (en: UK ATRS, ko: Korean)."""
    from govrag import __version__
    from govrag.govern.card import card as made
    from govrag.govern.card import read_evaluation

    with session(lang) as run, library_for(run, library, principal) as opened:
        governance = opened.governance
        result = made(
            governance.policy.registry,
            collections=[_collection(row) for row in opened.info()],
            evaluation=read_evaluation(evaluation) if evaluation else None,
            keyed=governance.audit.keyed,
            version=__version__,
            today=date.today(),
        )
        if json:
            print_json(result.to_dict())
        else:
            typer.echo(result.to_markdown(lang=run.lang), nl=False)


def _collection(row: Mapping[str, Any]) -> CardCollection:
    """Return what a card says of a row of `Library.info`."""
    from govrag.records.card import CardCollection

    known = {name: row[name] for name in CardCollection.model_fields if name in row}
    return CardCollection(name=row["collection"], **known)
