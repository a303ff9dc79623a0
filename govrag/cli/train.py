"""`govrag train`: an agency's own embedder, from its own library."""

from __future__ import annotations

import json as encoding
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govrag.cli.output import (
    CollectionsOption,
    JsonOption,
    LangOption,
    LibraryOption,
    print_json,
    progress,
    session,
)
from govrag.cli.principals import PrincipalOption, library_for
from govrag.errors import UsageError

if TYPE_CHECKING:
    from govrag.errors import Lang
    from govrag.training import Trained


def train(
    out: Annotated[Path, typer.Option(help="쓸 표, 새 .npz 파일 / the table to write, a new .npz file")],
    library: LibraryOption = None,
    collection: CollectionsOption = None,
    data: Annotated[
        Path | None, typer.Option(help="함께 배울 개발용 데이터 폴더(laws/, retrieval/) / development data as well")
    ] = None,
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="내장 표에서 시작하지 않음 / do not begin with the shipped table")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="난수 씨앗 / seed of the random numbers")] = 0,
    report: Annotated[Path | None, typer.Option(help="보고서를 쓸 JSON 파일 / JSON file for the report")] = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """장서로 임베더를 가르쳐 표 하나를 만듭니다. / Teach the embedder on the library; makes a table."""
    with session(lang) as run, library_for(run, library, principal) as opened:
        if report and not report.parent.is_dir():  # said now, and not after minutes of work
            raise UsageError(
                f"--report '{report}': 폴더가 없습니다. 있는 폴더의 파일 이름을 주십시오.",
                f"--report '{report}': there is no such folder. Name a file in one that exists.",
            )
        with progress("가르치는 중", "training", run.lang) as bar:
            trained = opened.train(
                out, collection=collection or (), data=data, from_scratch=from_scratch, seed=seed, progress=bar
            )
        if report:
            report.write_text(encoding.dumps(trained.to_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if json:
            print_json(trained.to_dict())
        else:
            typer.echo("\n".join(_told(trained, out, run.lang)))


def _told(trained: Trained, out: Path, lang: Lang) -> list[str]:
    held = trained.held_out
    if lang == "en":
        figure = (
            f"held out {held.questions:,} issues ({held.groups:,} cases): nDCG@10 {held.before:.3f} → {held.after:.3f}"
            if held
            else f"nothing held out: {trained.note_en}"
        )
        return [
            f"{out}: {trained.passages:,} passages, {trained.questions:,} issues and questions, "
            f"{trained.vocabulary:,} words ({trained.new_words:,} new), {trained.cpu_minutes} CPU minutes",
            figure,
            f"use it: govrag rebuild --embedder {out}",
            "It holds words of the library: keep it as you keep the library.",
        ]
    figure = (
        f"따로 둔 쟁점 {held.questions:,}건({held.groups:,}사건): nDCG@10 {held.before:.3f} → {held.after:.3f}"
        if held
        else f"따로 두고 잰 것 없음: {trained.note}"
    )
    return [
        f"{out}: 조문·문단 {trained.passages:,}개, 쟁점·질의 {trained.questions:,}건, "
        f"낱말 {trained.vocabulary:,}개(새 낱말 {trained.new_words:,}개), CPU {trained.cpu_minutes}분",
        figure,
        f"쓰려면: govrag rebuild --embedder {out}",
        "장서의 낱말이 들어 있습니다. 장서와 같은 등급으로 다루십시오.",
    ]
