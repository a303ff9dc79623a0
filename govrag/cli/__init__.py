"""The command line: speaks to people, decides nothing.

Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import io
import sys

import typer

from govrag.cli import card, demo, governing, labour, measuring, patents, procurement, reading, train, writing

app = typer.Typer(
    name="govrag",
    help="공공기관 문서에서 근거를 찾아 인용하고 확인합니다. / Cited, checked answers from public agencies' documents.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

for command in (
    demo.demo,
    writing.add,
    reading.search,
    reading.ask,
    reading.show,
    reading.verify,
    reading.info,
    reading.inspect,
    writing.remove,
    writing.check,
    writing.rebuild,
    train.train,
    governing.grade,
    governing.usage,
    governing.audit,
    governing.policy,
    card.card,
    measuring.evaluate,
    measuring.bench,
    measuring.doctor,
):
    app.command()(command)
app.add_typer(labour.app, name="labour")
app.add_typer(procurement.app, name="rfp")
app.add_typer(patents.app, name="patent")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that lacks ✓ must not end the work
    app()
