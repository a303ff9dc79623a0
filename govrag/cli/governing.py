"""Commands of governance: what models used, whether the audit log stands, what the policy approves, which grade."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govrag.cli import sheets
from govrag.cli.output import JsonOption, LangOption, LibraryOption, Session, print_json, session
from govrag.cli.principals import PrincipalOption, library_for
from govrag.errors import LibraryNotFound, UsageError

if TYPE_CHECKING:
    from govrag.govern.audit import AuditLog
    from govrag.governance import Governance


class By(StrEnum):
    """What usage is added up by."""

    department = "department"
    user = "user"
    pipeline = "pipeline"
    model = "model"
    day = "day"


class AuditAction(StrEnum):
    """What is done with the audit log."""

    verify = "verify"
    export = "export"
    retire = "retire"


class PolicyAction(StrEnum):
    """What is done with the policy."""

    check = "check"
    show = "show"


def usage(
    library: LibraryOption = None,
    by: Annotated[By, typer.Option(help="무엇별로 / add up by")] = By.department,
    year: Annotated[str, typer.Option(help="한 해 2026 / of a year")] = "",
    month: Annotated[str, typer.Option(help="한 달 2026-11 / of a month")] = "",
    day: Annotated[str, typer.Option(help="하루 2026-11-21 / of a day")] = "",
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """모델을 얼마나 썼는지 보여 줍니다. / Show how much models were used."""
    with session(lang) as run, _governance(run, library) as governance:
        periods = {"--year": (year, 4), "--month": (month, 7), "--day": (day, 10)}
        given = {name: value for name, (value, _) in periods.items() if value}
        if len(given) > 1 or any(len(value) != periods[name][1] for name, value in given.items()):
            raise UsageError(
                "기간은 --year 2026, --month 2026-11, --day 2026-11-21 가운데 하나로 적으십시오.",
                "give the period as one of --year 2026, --month 2026-11, --day 2026-11-21.",
            )
        used = governance.usage(by=by.value, period="".join(given.values()))
        run.show(used, as_json=json)
        if not used.rows:
            run.say("모델을 부른 기록이 없습니다.", "no model was called.")
        lost = governance.lost()
        if lost:
            run.say(
                f"끝을 모르는 호출 {lost}건은 예상한 양으로 셌습니다.",
                f"{lost} calls whose end is not known count at their estimate.",
            )


def audit(
    action: Annotated[
        AuditAction, typer.Argument(help="verify 확인, export 내보내기, retire 옮기기 / verify, export or retire")
    ],
    library: LibraryOption = None,
    anchor: Annotated[
        str, typer.Option(help="따로 보관한 마지막 값 / the last seal, kept elsewhere", metavar="HASH")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="쓸 파일(JSONL, CSV, XLSX) / file to write")
    ] = None,
    before: Annotated[
        str, typer.Option(help="retire: 이날(UTC) 앞의 줄을 옮김 / move the lines before this day", metavar="DATE")
    ] = "",
    retired: Annotated[
        list[Path] | None,
        typer.Option(help="verify: 옮겨 둔 파일도 확인(여러 번) / verify these retired files as well (repeatable)"),
    ] = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """감사 기록이 그대로인지 확인하거나 내보내거나 오래된 줄을 옮깁니다. / Verify, export or retire the audit log."""
    with session(lang) as run, _governance(run, library) as governance:
        log = governance.audit
        if action is AuditAction.export:
            if output is None:
                raise UsageError("-o로 쓸 파일을 지정하십시오.", "name the file to write with -o.")
            sheets.check_writable(output)
            rows = log.table()
            sheets.write(output, rows)
            run.say(f"{len(rows)}줄을 {output}에 썼습니다.", f"wrote {len(rows)} lines to {output}.")
            return
        if action is AuditAction.retire:
            _retire(run, log, before, output, json=json)
            return
        report = log.verify(anchor=anchor.strip().lower(), retired=retired or ())
        run.show(report, as_json=json)
        if not report.keyed:
            run.say(
                "키 없이 확인했습니다. 기록 전체를 다시 만든 위조는 드러나지 않습니다(GOVRAG_AUDIT_KEY나 audit_key).",
                "verified without a key: a log forged as a whole would not be found (GOVRAG_AUDIT_KEY or audit_key).",
            )
        if report.broken is not None:
            run.say(
                f"{report.broken}번 줄부터 맞지 않습니다({report.file}의 {report.line}번째 줄): {report.reason}",
                f"from line {report.broken} on (line {report.line} of {report.file}) it does not agree: "
                f"{report.reason_en}",
            )
            raise typer.Exit(1)


def _retire(run: Session, log: AuditLog, before: str, output: Path | None, *, json: bool) -> None:
    from govrag.scope import as_day

    if not before:
        raise UsageError(
            "--before 2025-01-01처럼 며칠 앞의 줄을 옮길지 적으십시오.",
            "say with --before 2025-01-01 before which day lines are moved.",
        )
    path = log.retire(as_day(before), output=output)
    if json:
        print_json({"file": path and str(path), "last": log.last})
    elif path is None:
        run.say("그렇게 오래된 줄이 없습니다.", "no line is that old.")
    else:
        run.say(
            f"오래된 줄을 {path}(으)로 옮겼습니다. 함께 확인하려면 'govrag audit verify --retired {path}'.",
            f"moved the older lines to {path}. To verify both: govrag audit verify --retired {path}",
        )


def policy(
    action: Annotated[PolicyAction, typer.Argument(help="check 확인, show 보기 / check or show")],
    library: LibraryOption = None,
    example: Annotated[bool, typer.Option("--example", help="예시를 보여 줌 / show the example")] = False,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """어떤 모델이 무엇까지 볼 수 있는지 확인합니다. / Check what is approved for what."""
    from govrag.govern import policy as policies

    with session(lang) as run:
        source = Path(policies.EXAMPLE) if example else run.library(library).governance.policy_file
        registry = (
            policies.Registry.parse(policies.example(), source=source) if example else policies.Registry.load(source)
        )
        if action is PolicyAction.check:
            run.show(policies.Approvals.of(registry, file=source, today=date.today()), as_json=json)
        elif json:
            print_json(registry.model_dump(mode="json"))
        else:
            typer.echo((policies.example() if example else source.read_bytes()).decode("utf-8-sig"), nl=False)


def grade(
    collection: Annotated[str, typer.Argument(help="컬렉션 / the collection")],
    grade: Annotated[str, typer.Argument(help="새 등급 C 기밀, S 민감, O 공개 / the new grade C, S or O")],
    reason: Annotated[str, typer.Option(help="바꾸는 이유, 감사 기록에 남음 / why; kept in the audit log")] = "",
    library: LibraryOption = None,
    principal: PrincipalOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """컬렉션의 등급을 바꿉니다. / Give a collection another grade."""
    with session(lang) as run, library_for(run, library, principal) as opened:
        opened.regrade(collection, grade, reason=reason)
        if json:
            print_json({"collection": collection, "grade": grade})
        else:
            run.say(f"{collection}: 이제 {grade}등급입니다.", f"{collection} has grade {grade} now.")


@contextmanager
def _governance(run: Session, path: Path | None) -> Iterator[Governance]:
    """Open the governance of a library that is there: nothing found in a wrong folder would look like good news."""
    with run.library(path) as opened:
        if not opened.path.is_dir():
            raise LibraryNotFound(
                f"{opened.path}: 장서가 없습니다. 경로를 확인하십시오.",
                f"{opened.path}: there is no library. Check the path.",
            )
        yield opened.governance
