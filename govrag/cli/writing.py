"""Commands that change a library, and the one that examines it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govrag.cli.output import (
    CollectionOption,
    CollectionsOption,
    JsonOption,
    LangOption,
    LibraryOption,
    print_json,
    progress,
    session,
)
from govrag.cli.principals import PrincipalOption, library_for


def add(
    paths: Annotated[list[Path], typer.Argument(help="파일과 폴더 / files and folders")],
    library: LibraryOption = None,
    collection: CollectionOption = "main",
    grade: Annotated[str | None, typer.Option(help="등급 C 기밀, S 민감, O 공개 / grade C, S or O")] = None,
    metadata: Annotated[
        Path | None,
        typer.Option(help="file,title,kind,issuer,… 열이 있는 CSV / a CSV that overrides what is extracted"),
    ] = None,
    mirror: Annotated[
        bool, typer.Option(help="폴더에서 없어진 파일의 문서를 지움 / remove documents whose files vanished")
    ] = False,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """문서를 읽어 장서에 넣습니다. / Read documents into the library."""
    with session(lang) as run, library_for(run, library, principal) as opened:
        with progress("문서 읽는 중", "reading documents", run.lang) as bar:
            receipt = opened.add(
                paths, collection=collection, grade=grade, metadata=metadata, mirror=mirror, progress=bar
            )
        run.show(receipt, as_json=json)
        if receipt.refused and not (receipt.added or receipt.updated or receipt.unchanged):
            raise typer.Exit(1)


def remove(
    names: Annotated[list[str], typer.Argument(help="문서 번호나 파일 경로 / document ids or file paths")],
    library: LibraryOption = None,
    collection: CollectionOption = "main",
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """문서를 원본과 색인에서 지웁니다. / Remove documents from the truth and the indexes."""
    with session(lang) as run, library_for(run, library, principal) as opened:
        run.show(opened.remove(names, collection=collection), as_json=json)


def rebuild(
    library: LibraryOption = None,
    collection: CollectionsOption = None,
    embedder: Annotated[
        str | None,
        typer.Option(
            metavar="static|FILE.npz|PATH|URL#MODEL|ID",
            help="이 임베더로 바꿈: 내장, 가르친 표, 모델 폴더, 서버 / change to: ours, a table, a folder, a server",
        ),
    ] = None,
    device: Annotated[str | None, typer.Option(help="임베딩할 장치, cuda:0 등 / where to embed, as cuda:0")] = None,
    purge: Annotated[
        bool,
        typer.Option("--purge", help="지운 문서를 파일에서도 없앰 / remove what was removed from the files as well"),
    ] = False,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """색인을 원본에서 다시 만듭니다. / Make the indexes again from the truth."""
    with session(lang) as run, library_for(run, library, principal) as opened:
        with progress("색인하는 중", "indexing", run.lang) as bar:
            receipts = [
                opened.rebuild(collection=name, embedder=embedder, device=device, purge=purge, progress=bar)
                for name in collection or opened.names or ["main"]
            ]
        if json:
            print_json([receipt.to_dict() for receipt in receipts])
            return
        for receipt in receipts:
            run.show(receipt, as_json=False)


def check(
    library: LibraryOption = None,
    collection: CollectionsOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """원본과 색인이 서로 맞는지 낱낱이 견줍니다. / Compare truth and indexes row by row."""
    with session(lang) as run, library_for(run, library, principal) as opened:
        found = opened.check(collection=collection or ())
        if json:
            print_json([health.to_dict() for health in found])
        for health in found:
            problems = health.problems_en if run.lang == "en" else health.problems
            if not json:
                ok = f"{health.collection}: {health.documents:,} / {health.passages:,} / {health.vectors:,}"
                typer.echo("\n".join([ok, *(f"  ✗ {problem}" for problem in problems)]) if problems else f"{ok}  ✓")
        if any(health.problems for health in found):
            raise typer.Exit(1)
