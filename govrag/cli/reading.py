"""Commands that read a library: search, ask, show, verify, info."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govrag.cli import sheets
from govrag.cli.output import (
    CITATION_FAILED,
    EXIT_CODES,
    NO_EVIDENCE,
    AsOfOption,
    CollectionsOption,
    JsonOption,
    KindsOption,
    LangOption,
    LibraryOption,
    Session,
    WhereOption,
    pairs,
    print_json,
    progress,
    session,
)
from govrag.cli.principals import PrincipalOption, library_for
from govrag.errors import UsageError
from govrag.korean.morphemes import load_in_background

if TYPE_CHECKING:
    from govrag.records import Answer, Statement
    from govrag.scope import Context


def search(
    query: Annotated[str, typer.Argument(help="찾을 말이나 조문 / words, or a provision")],
    library: LibraryOption = None,
    limit: Annotated[int, typer.Option("-k", "--limit", min=1, max=1000, help="몇 건 / how many")] = 10,
    as_of: AsOfOption = None,
    collection: CollectionsOption = None,
    kind: KindsOption = None,
    where: WhereOption = None,
    explain: Annotated[bool, typer.Option(help="점수가 어디서 왔는지 / where each score comes from")] = False,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """조문과 문서를 찾습니다. / Find provisions and passages."""
    load_in_background()
    with session(lang) as run, library_for(run, library, principal) as opened:
        hits = opened.search(
            query, limit=limit, as_of=as_of, collection=collection or (), kind=kind or (), where=pairs(where)
        )
        if json:
            print_json(hits.table())
            return
        run.show(hits, as_json=False)
        if explain:
            for rank, hit in enumerate(hits, 1):
                parts = ", ".join(f"{name} {value:+.3f}" for name, value in hit.signals.items())
                typer.echo(f"  {rank}. {hit.passage.label}: {parts}")
                if hit.voters:
                    typer.echo(f"     ← {'; '.join(hit.voters)}")


def ask(
    question: Annotated[str | None, typer.Argument(help="질문 / the question")] = None,
    library: LibraryOption = None,
    as_of: AsOfOption = None,
    collection: CollectionsOption = None,
    kind: KindsOption = None,
    where: WhereOption = None,
    input: Annotated[
        Path | None, typer.Option("--input", help="질문이 든 XLSX, CSV, JSONL / a table of questions")
    ] = None,
    column: Annotated[str, typer.Option(help="질문 열 이름 / the column with the questions")] = "질문",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="답변을 쓸 파일 / file for the answers")] = None,
    resume: Annotated[
        Path | None, typer.Option(help="중간 저장 JSONL, 이어서 실행 / keep answers here and go on where it stopped")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="문장을 쓸 승인된 모델 / id of an approved model that words it", metavar="ID")
    ] = None,
    grade: Annotated[str, typer.Option(help="질문의 등급 C, S, O / grade of the question")] = "O",
    history: Annotated[
        Path | None, typer.Option(help="앞선 답변, --json으로 저장한 것 / earlier answers, as --json printed them")
    ] = None,
    document: Annotated[
        str | None, typer.Option(help="이 문서 전체를 근거로 / answer from this whole document", metavar="ID")
    ] = None,
    stream: Annotated[
        bool, typer.Option("--stream", help="확인된 문장을 나오는 대로 / print each statement once it is checked")
    ] = False,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="묻지 않고 토큰과 비용만 / tokens and cost at most, without asking")
    ] = False,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """질문에 조문을 인용해 답합니다. / Answer with cited, checked provisions."""
    load_in_background()
    with session(lang) as run, library_for(run, library, principal) as opened:
        if (question is None) == (input is None):
            raise UsageError(
                "질문 하나를 적거나 --input 파일을 지정하십시오.", "give one question, or --input FILE with many."
            )
        if stream and (json or input is not None):
            raise UsageError(
                "--stream은 질문 하나에 쓰고, --json과 함께 쓰지 않습니다.",
                "--stream is for one question, and not for --json.",
            )
        if estimate and input is not None:
            raise UsageError("--estimate는 질문 하나에 씁니다.", "--estimate is for one question.")
        if input is not None and (history is not None or document is not None):
            raise UsageError(
                "--history와 --document는 질문 하나에 씁니다.", "--history and --document are for one question."
            )
        if input is not None:
            if output is not None:
                sheets.check_writable(output)
            asked = sheets.read_column(input, column)
            with progress("답하는 중", "answering", run.lang) as bar:
                answers = opened.ask_many(
                    asked,
                    as_of=as_of,
                    collection=collection or (),
                    kind=kind or (),
                    where=pairs(where),
                    model=model,
                    grade=grade,
                    resume=resume,
                    progress=bar,
                )
            if output is None:
                run.show(answers, as_json=json)
            else:
                sheets.write(output, answers.table())
                run.say(f"{len(answers)}건을 {output}에 썼습니다.", f"wrote {len(answers)} rows to {output}.")
            return
        assert question is not None
        earlier = _answers_in(history) if history else []
        context: Context = "document" if document else "search"
        if estimate:
            run.show(
                opened.estimate(
                    question,
                    model=_named(model),
                    as_of=as_of,
                    collection=collection or (),
                    kind=kind or (),
                    where=pairs(where),
                    grade=grade,
                    history=earlier,
                    context=context,
                    document=document or "",
                ),
                as_json=json,
            )
            return
        asking = opened.ask_stream(
            question,
            as_of=as_of,
            collection=collection or (),
            kind=kind or (),
            where=pairs(where),
            model=model,
            grade=grade,
            history=earlier,
            context=context,
            document=document or "",
        )
        answer = _streamed(asking, run) if stream else _last(asking)
        if answer.error:
            run.say(answer.error, answer.error_en)
        if json or not (stream or answer.error):
            run.show(answer, as_json=json)
        if answer.status in EXIT_CODES:
            raise typer.Exit(EXIT_CODES[answer.status])


def _named(model: str | None) -> str:
    if model is None:
        raise UsageError(
            "어느 모델의 비용을 어림할지 --model로 지정하십시오.", "say with --model which model's cost to estimate."
        )
    return model


def _answers_in(file: Path) -> list[Answer]:
    """Return the answers in a file: what `ask --json` printed, once or again and again (``>> talk.json``)."""
    from pydantic import TypeAdapter, ValidationError

    from govrag.records import Answer

    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{file}: 읽을 수 없습니다({type(error).__name__}). 경로와 권한을 확인하십시오.",
            f"{file} cannot be read ({type(error).__name__}). Check path and permissions.",
        ) from None
    answers: list[Answer] = []
    try:
        while text:
            found, end = JSONDecoder().raw_decode(text)
            answers += TypeAdapter(list[Answer]).validate_python(found if isinstance(found, list) else [found])
            text = text[end:].lstrip()
    except (JSONDecodeError, RecursionError, ValidationError):
        raise UsageError(
            f"{file}: 답변이 아닙니다. govrag ask … --json >> {file.name} 으로 저장한 파일을 지정하십시오.",
            f"{file} holds no answers. Give a file made with govrag ask … --json >> {file.name}.",
        ) from None
    return answers


def _last(asking: Iterator[Statement | Answer]) -> Answer:
    from govrag.records import Answer

    *_, answer = asking
    assert isinstance(answer, Answer), "a stream ends with its answer"
    return answer


def _streamed(asking: Iterator[Statement | Answer], run: Session) -> Answer:
    """Print each statement as it comes, then what it rests on."""
    from govrag import display

    for said, (text, answer) in enumerate(display.streamed(asking, lang=run.lang)):
        if answer is None or not answer.error:
            typer.echo(text)
        elif said:
            run.say("위의 문장은 끝나지 않은 답변의 일부입니다.", "What stands above is part of an unfinished answer.")
        if answer is not None:
            return answer
    raise AssertionError("a stream ends with its answer")


def show(
    reference: Annotated[str, typer.Argument(help="'근로기준법 제60조' 또는 조문 번호 / a provision or a passage id")],
    library: LibraryOption = None,
    as_of: AsOfOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """조문을 그날의 글로 보여 줍니다. / Show a provision as it stood on a day."""
    with session(lang) as run, library_for(run, library, principal) as opened:
        provision = opened.show(reference, as_of=as_of)
        run.show(provision, as_json=json)
        if provision.verdict not in {"verified", "unchecked"}:
            raise typer.Exit(CITATION_FAILED if provision.verdict != "not_in_library" else NO_EVIDENCE)


def verify(
    file: Annotated[
        Path, typer.Argument(help="확인할 글, '-'는 표준 입력 / the text to check, '-' for standard input")
    ],
    library: LibraryOption = None,
    as_of: AsOfOption = None,
    collection: CollectionsOption = None,
    kind: KindsOption = None,
    where: WhereOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """글에 든 법령 인용을 모두 확인합니다. / Check every legal citation of a text."""
    with session(lang) as run, library_for(run, library, principal) as opened:
        result = opened.verify(
            _text_of(file), as_of=as_of, collection=collection or (), kind=kind or (), where=pairs(where)
        )
        run.show(result, as_json=json)
        if result.failed:
            raise typer.Exit(CITATION_FAILED)


def info(
    library: LibraryOption = None,
    documents: Annotated[bool, typer.Option("--documents", help="문서 목록 / list the documents")] = False,
    collection: CollectionsOption = None,
    kind: KindsOption = None,
    where: WhereOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """장서에 무엇이 들었는지 보여 줍니다. / Show what is inside."""
    with session(lang) as run, library_for(run, library, principal) as opened:
        if documents:
            found = opened.documents(collection=collection or (), kind=kind or (), where=pairs(where))
            if json:
                print_json([one.to_dict() for one in found])
            else:
                for one in found:
                    typer.echo(
                        f"{one.document_id}\t{one.title}\t{one.kind}\t{one.effective_from or ''}\t{one.passages}"
                    )
            return
        rows = opened.info()
        if json:
            print_json(rows)
            return
        for row in rows:
            typer.echo("  ".join(f"{name}={value}" for name, value in row.items()))


def inspect(
    file: Annotated[Path, typer.Argument(help="읽어 볼 파일 / the file to read")],
    markdown: Annotated[
        bool, typer.Option("--markdown", help="문서를 Markdown으로 / the document in Markdown")
    ] = False,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """파일을 넣지 않고 읽어, 구조와 빠진 것을 보여 줍니다. / Read one file and show its structure and losses."""
    from govrag.inspection import inspect as read

    with session(lang) as run:
        inspection = read(file)
        if markdown and not json:
            typer.echo(inspection.to_markdown(), nl=False)
            return
        run.show(inspection, as_json=json)


def _text_of(file: Path) -> str:
    if str(file) == "-":
        from govrag.ingest.readers.text import decode

        return decode(sys.stdin.buffer.read(), name="-")[0]
    from govrag.inspection import text_of

    return text_of(file)
