"""`govrag demo`: a library from the sample corpus, and the main job on it, with nothing else installed or reached."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from govrag import display
from govrag.cli.output import JsonOption, LangOption, print_json, progress, session
from govrag.errors import LibraryNotFound

_AS_OF = date(2026, 11, 21)  # the sample corpus is written for this day, so that the demo says the same tomorrow
_METADATA = "metadata.csv"


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


_QUESTIONS = (
    "남편이 아내 출산하면 며칠 쉬나요?",
    "비공개 문서를 챗지피티 같은 데 넣어도 되나요?",
    "상담원 연결은 몇 분 안에 해 줘야 하나요?",
    "화성에 우주선을 보내는 절차는 무엇인가요?",
)
_DRAFT = (
    "대화 기록은 「공공대화형서비스 이용촉진법」 제10조제1항에 따라 보존하고, 같은 법 제47조에 따라 수수료를 받는다. "
    "새 서비스는 같은 법 제18조의2에 따른 영향평가를 거친다. 개인정보는 「개인정보 보호법」 제29조에 따라 관리한다."
)
_PROVISION = "공공대화형서비스 이용촉진법 제9조"
_DAYS = (date(2026, 3, 31), _AS_OF, date(2027, 3, 1))


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
        folders = sorted(folder for folder in corpus.iterdir() if folder.is_dir())
        with progress("표본 문서 읽는 중", "reading the sample corpus", run.lang) as bar:
            receipt = opened.add(folders, metadata=corpus / _METADATA, grade="O", progress=bar)
        answers = [opened.ask(question, as_of=_AS_OF) for question in _QUESTIONS]
        verification = opened.verify(_DRAFT, as_of=_AS_OF)
        texts = [opened.show(_PROVISION, as_of=day) for day in _DAYS]
        if json:
            print_json(
                {
                    "receipt": receipt.to_dict(),
                    "answers": [answer.to_dict() for answer in answers],
                    "verification": verification.to_dict(),
                    "editions": [text.to_dict() for text in texts],
                }
            )
            return
        parts = [
            (("문서를 넣습니다", "Add documents"), [receipt]),
            (("묻고, 조문을 인용한 답을 받습니다", "Ask, and get answers that cite provisions"), answers),
            (("남이 쓴 글의 인용을 확인합니다", "Check the citations of somebody's draft"), [verification]),
            (("같은 조문을 세 날짜에 봅니다", "One provision on three days"), texts),
        ]
        for number, ((ko, en), results) in enumerate(parts, 1):
            typer.echo(f"\n━━ {number}. {en if run.lang == 'en' else ko}\n")
            for result in results:
                typer.echo(display.text(result, lang=run.lang) + "\n")
        if library is not None:
            run.say(f"장서를 {library}에 남겼습니다.", f"The library stays in {library}.")
