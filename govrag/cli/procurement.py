"""Commands of procurement: `govrag rfp draft`, `review`, `similar`, `matrix`, `redline`, `fields`.

Faults that a review finds are its result and no error: it leaves with 1 only when no RFP could be read. Without a
library everything but `similar` works by the rules alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govrag.cli.delivering import FactOption, FactsOption, OutputOption, ResumeOption, deliver
from govrag.cli.output import (
    AsOfOption,
    CollectionsOption,
    JsonOption,
    LangOption,
    LibraryOption,
    Session,
    progress,
    session,
)
from govrag.cli.principals import PrincipalOption, library_for
from govrag.errors import GovragError, UsageError

if TYPE_CHECKING:
    from govrag.procurement import Procurement

__all__ = ["app"]

app = typer.Typer(
    help="제안요청서: 작성, 검토, 유사 사업, 대비표 / RFPs: drafts, reviews, past ones alike, matrices.",
    no_args_is_help=True,
)


@app.command()
def draft(
    brief: Annotated[Path, typer.Argument(help="사업 개요 TOML / the brief, a TOML file")],
    template: Annotated[
        Path | None, typer.Option(help="기관의 양식 / the agency's own form, as .hwpx", metavar="FILE")
    ] = None,
    library: LibraryOption = None,
    as_of: AsOfOption = None,
    collection: CollectionsOption = None,
    model: Annotated[
        str | None, typer.Option(help="글을 다듬을 승인된 모델 / id of an approved model that words it", metavar="ID")
    ] = None,
    grade: Annotated[str, typer.Option(help="사업 개요의 등급 C, S, O / grade of the brief")] = "S",
    output: OutputOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """사업 개요로 제안요청서 초안을 만듭니다. / Draft a whole RFP from a brief."""
    from govrag.pipelines.given import load
    from govrag.records import Brief

    with session(lang) as run:
        known = load(Brief, brief)
        with _procurement(run, library, principal) as opened:
            form = template if output is not None and output.suffix.lower() == ".hwpx" else None
            deliver(
                run,
                lambda: opened.draft(
                    known, template=template, as_of=as_of, collection=collection or (), model=model, grade=grade
                ),
                output=output,
                as_json=json,
                template=form,
            )


@app.command()
def review(
    paths: Annotated[list[Path], typer.Argument(help="제안요청서, 또는 공고와 별첨이 든 폴더나 ZIP / RFPs")],
    library: LibraryOption = None,
    facts: FactsOption = None,
    fact: FactOption = None,
    as_of: AsOfOption = None,
    collection: CollectionsOption = None,
    output: OutputOption = None,
    resume: ResumeOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """제안요청서를 법령과 규칙에 맞추어 봅니다. / Hold RFPs against the law."""
    from govrag.cli.values import facts_given
    from govrag.records import RfpFacts

    with session(lang) as run:
        known = facts_given(RfpFacts, facts, fact)
        with _procurement(run, library, principal) as opened:
            if len(paths) == 1 and resume is None:
                deliver(
                    run,
                    lambda: opened.review(paths[0], facts=known, as_of=as_of, collection=collection or ()),
                    output=output,
                    as_json=json,
                )
                return
            with progress("검토하는 중", "reviewing", run.lang) as bar:
                reports = deliver(
                    run,
                    lambda: opened.review_many(
                        paths, facts=known, as_of=as_of, collection=collection or (), resume=resume, progress=bar
                    ),
                    output=output,
                    as_json=json,
                    many=True,
                )
            if all(report.status == "failed" for report in reports.rows):
                raise typer.Exit(GovragError.exit_code)


@app.command()
def similar(
    subject: Annotated[Path, typer.Argument(help="제안요청서나 사업 개요 TOML / an RFP, or a brief")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="몇 건 / how many")] = 10,
    library: LibraryOption = None,
    collection: CollectionsOption = None,
    output: OutputOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """장서에서 비슷한 과거 사업을 찾습니다. / Find past RFPs of the library that are alike."""
    from govrag.pipelines.given import load
    from govrag.records import Brief

    with session(lang) as run:
        wanted = load(Brief, subject) if subject.suffix.lower() == ".toml" else subject
        with library_for(run, library, principal) as opened:
            deliver(
                run,
                lambda: opened.procurement.similar(wanted, limit=limit, collection=collection or ()),
                output=output,
                as_json=json,
            )


@app.command()
def matrix(
    file: Annotated[Path, typer.Argument(help="제안요청서 / the RFP")],
    proposal: Annotated[Path | None, typer.Option(help="제안서 / a proposal", metavar="FILE")] = None,
    output: OutputOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """요구사항마다 장과 증빙을 맞춘 대비표를 만듭니다. / Requirements against chapters and evidence."""
    with session(lang) as run, _procurement(run, None, None, needed=False) as opened:
        deliver(run, lambda: opened.matrix(file, proposal=proposal), output=output, as_json=json)


@app.command()
def redline(
    old: Annotated[Path, typer.Argument(help="옛 글 / the old text")],
    new: Annotated[Path, typer.Argument(help="새 글 / the new text")],
    output: OutputOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """두 글의 신구대조표를 만듭니다. / Show what differs between two texts, side by side."""
    with session(lang) as run, _procurement(run, None, None, needed=False) as opened:
        deliver(run, lambda: opened.redline(old, new), output=output, as_json=json)


@app.command()
def fields(
    file: Annotated[Path, typer.Argument(help="제안요청서 / the RFP")],
    output: OutputOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """제안요청서에 적힌 사업명, 기관, 예산, 기간을 위치와 함께 봅니다. / What an RFP says of itself, and where."""
    with session(lang) as run, _procurement(run, None, None, needed=False) as opened:
        deliver(run, lambda: opened.fields(file), output=output, as_json=json)


@contextmanager
def _procurement(
    run: Session, path: Path | None, principal: str | None, *, needed: bool = True
) -> Iterator[Procurement]:
    """Open the pipelines over the library that was named; without one, by the rules alone."""
    from govrag.procurement import Procurement

    if needed and (path or run.settings.library):
        with library_for(run, path, principal) as library:
            yield library.procurement
        return
    if principal is not None:
        raise UsageError("--principal은 --library와 함께 씁니다.", "--principal goes with --library.")
    yield Procurement(settings=run.settings)
