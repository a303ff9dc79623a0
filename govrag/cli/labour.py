"""Commands of labour law: `govrag labour ask`, `inspect`, `sheet`, `summary`, `calc`.

What was found is a result and no error: an inspection that finds violations, and a calculation that falls short of the
law, leave with exit code 0. `inspect` leaves with 1 only when no paper could be read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from govrag.cli import sheets
from govrag.cli.delivering import FactOption, FactsOption, OutputOption, ResumeOption, deliver
from govrag.cli.output import (
    EXIT_CODES,
    AsOfOption,
    CollectionsOption,
    JsonOption,
    LangOption,
    LibraryOption,
    progress,
    session,
)
from govrag.cli.principals import PrincipalOption, library_for
from govrag.errors import GovragError, UsageError
from govrag.korean.morphemes import load_in_background

__all__ = ["app"]


class _Calculators(TyperGroup):
    """The calculators, looked up only when somebody wants one: they are not loaded with every command."""

    def list_commands(self, ctx: Any) -> list[str]:
        from govrag.cli import calculating

        return calculating.names()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        from govrag.cli import calculating

        return calculating.command(cmd_name)


app = typer.Typer(
    help="노동법: 상담, 점검, 질문지, 진술 요약, 계산 / Labour law: opinions, inspections, calculations.",
    no_args_is_help=True,
)
app.add_typer(
    typer.Typer(help="계산기 / calculators: severance, annual-leave, minimum-wage …", no_args_is_help=True),
    name="calc",
    cls=_Calculators,
)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="질문 / the question")] = None,
    library: LibraryOption = None,
    facts: FactsOption = None,
    fact: FactOption = None,
    as_of: AsOfOption = None,
    collection: CollectionsOption = None,
    model: Annotated[
        str | None, typer.Option(help="글을 쓸 승인된 모델 / id of an approved model that words it", metavar="ID")
    ] = None,
    grade: Annotated[str, typer.Option(help="질문의 등급 C, S, O / grade of the question")] = "O",
    input: Annotated[
        Path | None, typer.Option("--input", help="질문이 든 XLSX, CSV, JSONL / a table of questions")
    ] = None,
    column: Annotated[str, typer.Option(help="질문 열 이름 / the column with the questions")] = "질문",
    output: OutputOption = None,
    resume: ResumeOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """노동법 질문에 담당자의 서식으로 의견을 냅니다. / Give an opinion on a labour-law question."""
    from govrag.cli.values import facts_given
    from govrag.records import LabourFacts

    load_in_background()
    with session(lang) as run:
        if (question is None) == (input is None):
            raise UsageError(
                "질문 하나나 --input 파일 하나를 적으십시오.", "give one question, or one file with --input."
            )
        if resume is not None and input is None:
            raise UsageError("--resume은 --input과 함께 씁니다.", "--resume goes with --input.")
        known = facts_given(LabourFacts, facts, fact)
        with library_for(run, library, principal) as opened:
            if question is None:
                assert input is not None
                asked = sheets.read_column(input, column)
                with progress("의견을 내는 중", "giving opinions", run.lang) as bar:
                    deliver(
                        run,
                        lambda: opened.labour.ask_many(
                            asked,
                            facts=known,
                            as_of=as_of,
                            collection=collection or (),
                            model=model,
                            grade=grade,
                            resume=resume,
                            progress=bar,
                        ),
                        output=output,
                        as_json=json,
                        many=True,
                    )
                return
            opinion = deliver(
                run,
                lambda: opened.labour.ask(
                    question, facts=known, as_of=as_of, collection=collection or (), model=model, grade=grade
                ),
                output=output,
                as_json=json,
            )
            if opinion.status in EXIT_CODES:
                raise typer.Exit(EXIT_CODES[opinion.status])


@app.command()
def inspect(
    files: Annotated[list[Path], typer.Argument(help="점검할 파일 / the files to inspect")],
    kind: Annotated[
        str,
        typer.Option(help="근로계약서, 임금대장, 임금명세서, 취업규칙 … / kind of paper, told by itself if not given"),
    ] = "",
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
    """노동관계 서류를 점검표에 맞추어 봅니다. / Hold labour papers against the checklist of their kind."""
    from govrag.cli.values import facts_given
    from govrag.records import LabourFacts

    load_in_background()
    with session(lang) as run:
        known = facts_given(LabourFacts, facts, fact)
        with library_for(run, library, principal) as opened:
            if len(files) == 1 and resume is None:
                deliver(
                    run,
                    lambda: opened.labour.inspect(
                        files[0], kind=kind, facts=known, as_of=as_of, collection=collection or ()
                    ),
                    output=output,
                    as_json=json,
                )
                return
            with progress("점검하는 중", "inspecting", run.lang) as bar:
                reports = deliver(
                    run,
                    lambda: opened.labour.inspect_many(
                        files,
                        kind=kind,
                        facts=known,
                        as_of=as_of,
                        collection=collection or (),
                        resume=resume,
                        progress=bar,
                    ),
                    output=output,
                    as_json=json,
                    many=True,
                )
            if all(report.status == "failed" for report in reports.rows):
                raise typer.Exit(GovragError.exit_code)


@app.command()
def sheet(
    text: Annotated[str | None, typer.Argument(help="진정이나 질문의 글 / a complaint or a question")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="글이 든 파일 / a file with the text")] = None,
    library: LibraryOption = None,
    facts: FactsOption = None,
    fact: FactOption = None,
    as_of: AsOfOption = None,
    output: OutputOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """빠진 사실에서 조사 질문지를 만듭니다. / Make a question sheet of the gaps in the facts."""
    from govrag.cli.values import facts_given
    from govrag.inspection import text_of
    from govrag.records import LabourFacts

    with session(lang) as run:
        if (text is None) == (file is None):
            raise UsageError("글이나 --file 가운데 하나를 적으십시오.", "give either a text or --file.")
        known = facts_given(LabourFacts, facts, fact)
        told = text_of(file) if file else text or ""
        with library_for(run, library, principal) as opened:
            deliver(
                run,
                lambda: opened.labour.question_sheet(told, facts=known, as_of=as_of),
                output=output,
                as_json=json,
            )


@app.command()
def summary(
    file: Annotated[Path, typer.Argument(help="진술조서 / the statement")],
    sentences: Annotated[int, typer.Option(min=1, max=200, help="몇 문장 / how many sentences")] = 12,
    library: LibraryOption = None,
    as_of: AsOfOption = None,
    output: OutputOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """진술조서에서 중요한 문장을 위치와 함께 뽑습니다. / Show the telling sentences of a statement, each located."""
    with session(lang) as run, library_for(run, library, principal) as opened:
        deliver(
            run,
            lambda: opened.labour.summarise(file, as_of=as_of, sentences=sentences),
            output=output,
            as_json=json,
        )
