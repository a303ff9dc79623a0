"""Commands of patents: `govrag patent claims`, `amendment`, `search`, `chart`, `opinion`, `ask`, `deadline`.

Without a library everything but `search` and `ask` works, articles unchecked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govrag.cli.delivering import OutputOption, deliver
from govrag.cli.output import (
    EXIT_CODES,
    AsOfOption,
    CollectionsOption,
    JsonOption,
    LangOption,
    LibraryOption,
    Session,
    session,
)
from govrag.cli.principals import PrincipalOption, library_for
from govrag.errors import UsageError

if TYPE_CHECKING:
    from govrag.patents import Patents
    from govrag.records.answers import Status

__all__ = ["app"]

_PERIODS = (
    "opinion",
    "opinion_extended",
    "exam_request",
    "reexamination",
    "appeal",
    "publication",
    "term",
    "grace_proof",
)

CriticalOption = Annotated[
    str, typer.Option("--critical-date", help="기준일: 출원일이나 우선일 / filing or priority date", metavar="DATE")
]

app = typer.Typer(
    help="특허: 청구항, 선행기술, 대비표, 기간, 의견서 / Patents: claims, prior art, charts, days, opinion statements.",
    no_args_is_help=True,
)


@app.command()
def claims(
    file: Annotated[Path, typer.Argument(help="명세서나 청구범위 / a specification or a claim set")],
    output: OutputOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """청구항을 나무와 구성요소로 나누고 기재방식을 점검합니다. / Claims as a tree, with their elements and form."""
    with session(lang) as run, _patents(run, None, None) as opened:
        deliver(run, lambda: opened.claims(file), output=output, as_json=json)


@app.command()
def amendment(
    before: Annotated[Path, typer.Argument(help="보정 전 / before")],
    after: Annotated[Path, typer.Argument(help="보정 후 / after")],
    description: Annotated[
        Path | None, typer.Option(help="최초 명세서 / the description as filed", metavar="FILE")
    ] = None,
    output: OutputOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """보정 전후의 청구항을 견주고 근거 단락을 찾습니다. / Claims before and after an amendment, with their support."""
    with session(lang) as run, _patents(run, None, None) as opened:
        deliver(run, lambda: opened.amendment(before, after, description=description), output=output, as_json=json)


@app.command()
def search(
    application: Annotated[Path, typer.Argument(help="출원 명세서나 청구범위 / the application, or its claims")],
    critical_date: CriticalOption,
    classes: Annotated[
        list[str] | None, typer.Option("--class", help="IPC나 CPC, 이 아래만 (여러 번) / at or below this class")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="몇 건 / how many")] = 20,
    family: Annotated[list[str] | None, typer.Option(help="뺄 패밀리 번호 (여러 번) / numbers of the family")] = None,
    library: LibraryOption = None,
    collection: CollectionsOption = None,
    output: OutputOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """장서에서 선행기술을 찾고 검색식을 제안합니다. / Prior art in the library, pairs to combine, and a formula."""
    from govrag.korean.morphemes import load_in_background

    load_in_background()
    with session(lang) as run, library_for(run, library, principal) as opened:
        found = deliver(
            run,
            lambda: opened.patents.search(
                application,
                critical_date=critical_date,
                classes=classes or (),
                limit=limit,
                family=family or (),
                collection=collection or (),
            ),
            output=output,
            as_json=json,
        )
        _left(found.status)


@app.command()
def chart(
    application: Annotated[Path, typer.Argument(help="출원 명세서나 청구범위 / the application, or its claims")],
    art: Annotated[list[Path], typer.Argument(help="대비할 문헌 / documents to hold it against")],
    claim: Annotated[int, typer.Option(min=0, help="청구항 번호, 0은 첫 독립항 / claim; 0: first independent")] = 0,
    critical_date: Annotated[
        str | None, typer.Option("--critical-date", help="기준일 뒤의 문헌은 뺌 / leave out later art", metavar="DATE")
    ] = None,
    output: OutputOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """청구항의 구성요소마다 문헌의 원문을 맞춘 대비표를 만듭니다. / A claim chart, each cell quoting its source."""
    with session(lang) as run, _patents(run, None, None) as opened:
        deliver(
            run,
            lambda: opened.chart(application, art, claim=claim, critical_date=critical_date),
            output=output,
            as_json=json,
        )


@app.command()
def opinion(
    file: Annotated[Path, typer.Argument(help="의견서 / the statement of opinion")],
    notice: Annotated[Path | None, typer.Option(help="의견제출통지서 / the notice", metavar="FILE")] = None,
    amendment: Annotated[Path | None, typer.Option(help="보정서 / the amendment", metavar="FILE")] = None,
    library: LibraryOption = None,
    as_of: AsOfOption = None,
    collection: CollectionsOption = None,
    model: Annotated[
        str | None, typer.Option(help="요지를 다듬을 승인된 모델 / id of an approved model that words it", metavar="ID")
    ] = None,
    grade: Annotated[str, typer.Option(help="서류의 등급 C, S, O / grade of the papers")] = "S",
    output: OutputOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """의견서를 거절이유마다 정리합니다. / A statement of opinion, ground by ground: what is answered, what is open."""
    with session(lang) as run, _patents(run, library, principal) as opened:
        brief = deliver(
            run,
            lambda: opened.opinion(
                file,
                notice=notice,
                amendment=amendment,
                as_of=as_of,
                collection=collection or (),
                model=model,
                grade=grade,
            ),
            output=output,
            as_json=json,
        )
        _left(brief.status)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="질문 / the question")],
    library: LibraryOption = None,
    as_of: AsOfOption = None,
    collection: CollectionsOption = None,
    model: Annotated[
        str | None, typer.Option(help="글을 쓸 승인된 모델 / id of an approved model that words it", metavar="ID")
    ] = None,
    grade: Annotated[str, typer.Option(help="질문의 등급 C, S, O / grade of the question")] = "O",
    output: OutputOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """심사 기준을 묻습니다: 조문과 쟁점이 같은 판례. / Examination: provisions, and decisions on the issue."""
    from govrag.korean.morphemes import load_in_background

    load_in_background()
    with session(lang) as run, library_for(run, library, principal) as opened:
        found = deliver(
            run,
            lambda: opened.patents.ask(question, as_of=as_of, collection=collection or (), model=model, grade=grade),
            output=output,
            as_json=json,
        )
        _left(found.status)


@app.command()
def deadline(
    what: Annotated[str, typer.Argument(help="opinion, exam_request, reexamination, appeal, publication, term …")],
    start: Annotated[str, typer.Argument(help="기산일: 통지를 받은 날, 출원일 … / the day it began")],
    months_extended: Annotated[int, typer.Option(min=0, help="연장한 달 수 / months of extension")] = 0,
    output: OutputOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """특허법의 기간이 끝나는 날을 계산합니다. / The last day of a period of the Patent Act."""
    with session(lang) as run, _patents(run, None, None) as opened:
        if what not in _PERIODS:
            raise UsageError(
                f"기간 '{what}'은(는) 없습니다. 쓸 수 있는 값: {', '.join(_PERIODS)}",
                f"there is no period '{what}'. Use one of {', '.join(_PERIODS)}.",
            )
        deliver(
            run,
            lambda: opened.deadline(what, start, months_extended=months_extended),  # type: ignore[arg-type]  # checked
            output=output,
            as_json=json,
        )


def _left(status: Status) -> None:
    """Leave with the exit code of a status, where it has one."""
    if status in EXIT_CODES:
        raise typer.Exit(EXIT_CODES[status])


@contextmanager
def _patents(run: Session, path: Path | None, principal: str | None) -> Iterator[Patents]:
    """Open the pipelines over the library that was named; without one, without."""
    from govrag.patents import Patents

    if path or principal:
        with library_for(run, path, principal) as library:
            yield library.patents
        return
    yield Patents()
