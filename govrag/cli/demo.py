"""`govrag demo`: a library from the sample corpus, and the main job on it, with nothing else installed or reached."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from govrag import display
from govrag.cli.output import JsonOption, LangOption, print_json, progress, session
from govrag.errors import Lang, LibraryNotFound
from govrag.records import Shown

_AS_OF = date(2026, 11, 21)  # the sample corpus is written for this day, so that the demo says the same tomorrow
# Contracts, ledgers and complaints of invented firms: papers to be inspected. They are read and never added to a
# library, where a faulty contract would be found as if it were a rule.
PAPERS = "점검서류"
_METADATA = "metadata.csv"
_NOTE = "※"  # how `display.text` begins small print

_INTRODUCTION = (
    "지어낸 기관 '한빛지역진흥원'의 법령, 규정, 계약, 특허, 교통, 농업 문서로 보여 드립니다. "
    "네트워크도, GPU도, 언어모델도 쓰지 않습니다.",
    "Documents of an invented agency: statutes, rules, contracts, patents. No network, no GPU, no language model.",
)
_QUESTIONS = (
    "상담원 연결은 몇 분 안에 해 줘야 하나요?",  # the statute, the agency's own rule and a contract say it
    "출장비는 언제까지 정산해야 하나요?",
    "공공대화형서비스 이용촉진법 제10조에 따르면 대화 기록을 몇 년 보존하나요?",  # names the provision
    "2호선은 언제 개통하나요?",  # nothing here says it
)
_DRAFT = (
    "대화 기록은 「공공대화형서비스 이용촉진법」 제10조제1항에 따라 보존하고, 같은 법 제47조에 따라 수수료를 받는다. "
    '같은 법 제9조는 "업무시간 중에는 5분 이내에 연결하여야 한다"고 정한다. 새 서비스는 같은 법 제18조의2에 따른 '
    "영향평가를 거친다. 개인정보는 「개인정보 보호법」 제29조에 따라 관리한다."
)
_PROVISION = "공공대화형서비스 이용촉진법 제9조"
_DAYS = (date(2026, 3, 31), _AS_OF, date(2027, 3, 1))
_NEXT = (
    (
        "이제 내 문서로",
        "govrag add 내문서폴더 --library 내장서\n"
        'govrag ask "연차를 내년으로 넘길 수 있나요?" --library 내장서\n'
        "govrag verify 초안.md --library 내장서",
    ),
    (
        "Now with your own documents",
        "govrag add FOLDER --library LIBRARY\n"
        'govrag ask "연차를 내년으로 넘길 수 있나요?" --library LIBRARY\n'
        "govrag verify DRAFT.md --library LIBRARY",
    ),
)


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


def folders(corpus: Path) -> list[Path]:
    """Return the folders of the sample corpus that make up a library, in order: all but `PAPERS`."""
    return sorted(folder for folder in corpus.iterdir() if folder.is_dir() and folder.name != PAPERS)


def demo(
    library: Annotated[
        Path | None, typer.Option("--library", "-l", help="장서를 남길 디렉터리 / keep the library here")
    ] = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """표본 문서로 장서를 만들고 묻고 확인해 봅니다. / Build a library from the sample corpus, ask, and check."""
    with session(lang) as run, ExitStack() as stack:
        path = library or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="govrag-demo-")))
        opened = stack.enter_context(run.library(path))
        corpus = sample_corpus()
        with progress("표본 문서 읽는 중", "reading the sample corpus", run.lang) as bar:
            receipt = opened.add(folders(corpus), metadata=corpus / _METADATA, grade="O", progress=bar)
        answers = [opened.ask(question, as_of=_AS_OF) for question in _QUESTIONS]
        verification = opened.verify(_DRAFT, as_of=_AS_OF)
        editions = [opened.show(_PROVISION, as_of=day) for day in _DAYS]
        if json:
            print_json(
                {
                    "receipt": receipt.to_dict(),
                    "answers": [answer.to_dict() for answer in answers],
                    "verification": verification.to_dict(),
                    "editions": [edition.to_dict() for edition in editions],
                }
            )
            return
        english = run.lang == "en"
        days = ", ".join(map(str, _DAYS))
        parts: list[tuple[tuple[str, str], str, Sequence[Shown]]] = [
            (("문서를 넣습니다", "Add documents"), "", [receipt]),
            (("묻고, 조문을 인용한 답을 받습니다", "Ask, and get answers that cite provisions"), "", answers),
            (("남이 쓴 글의 인용을 확인합니다", "Check the citations of somebody's draft"), _DRAFT, [verification]),
            ((f"같은 조문을 세 날짜에 봅니다: {days}", f"One provision on three days: {days}"), "", editions),
        ]
        typer.echo(_INTRODUCTION[english])
        said: set[str] = set()
        for number, (titles, given, results) in enumerate(parts, 1):
            typer.echo(f"\n━━ {number}. {titles[english]}\n")
            if given:
                typer.echo(f"{given}\n")
            for result in results:
                typer.echo("\n".join(_unsaid(result, said, run.lang)) + "\n")
        title, commands = _NEXT[english]
        typer.echo(f"━━ {len(parts) + 1}. {title}\n\n{commands}")
        if library is not None:
            run.say(f"장서를 {library}에 남겼습니다.", f"The library stays in {library}.")


def _unsaid(result: Shown, said: set[str], lang: Lang) -> Iterator[str]:
    """Yield the lines of a result, small print only where it was not said before."""
    for line in display.text(result, lang=lang).splitlines():
        if line not in said:
            yield line
        if line.startswith(_NOTE):
            said.add(line)
