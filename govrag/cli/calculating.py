"""`govrag labour calc NAME`: a command for each calculator, its options the calculator's own parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from govrag.cli.delivering import OutputOption, deliver
from govrag.cli.output import JsonOption, LangOption, session
from govrag.cli.values import meant, read
from govrag.errors import UsageError
from govrag.pipelines.labour.calculators import CALCULATORS, Calculator
from govrag.pipelines.labour.rates import Rates
from govrag.records.facts import names as fact_names

__all__ = ["LABELS", "command", "names"]

_TODAY = ("on", "until")  # the day whose rates are wanted, and up to which something runs
_KINDS: Mapping[type, str] = {date: "DATE", Decimal: "NUMBER", int: "NUMBER", str: "TEXT"}

# What the parameters are called that are no facts of a case; Korean, English.
LABELS: Mapping[str, tuple[str, str]] = {
    "after_birth": ("출산 후 1년 이내", "within a year of giving birth"),
    "claim": ("권리나 신청의 종류", "what is claimed"),
    "excluded_for": ("평균임금에서 빼는 기간의 사유(영 제2조)", "why a period is left out"),
    "excluded_from": ("평균임금에서 빼는 기간의 첫날", "first day of a period that is left out"),
    "excluded_to": ("평균임금에서 빼는 기간의 끝 날", "last day of a period that is left out"),
    "excluded_wages": ("평균임금에서 빼는 기간의 임금", "wages of a period that is left out"),
    "excused": ("해고예고의 예외 사유가 있음", "notice is excused"),
    "extra_agreed": ("30명 미만 추가 연장 합의", "extra overtime agreed, below 30 workers"),
    "first_year": ("1년 미만에 생긴 휴가", "leave of the first year"),
    "full_months": ("개근한 개월 수", "months worked in full"),
    "full_time_hours": ("통상 근로자의 1주 소정근로시간", "weekly hours of a full-time worker"),
    "holiday_long_hours": ("8시간을 넘는 휴일근로시간", "holiday work beyond 8 hours"),
    "leave_days": ("통상 근로자의 연차 일수", "leave of a full-time worker, days"),
    "monthly_bonus": ("매월 주는 상여금", "bonus paid each month"),
    "monthly_welfare": ("매월 돈으로 주는 복리후생비", "welfare paid in money each month"),
    "on": ("기준이 되는 날", "the day that counts"),
    "public_body": ("관공서", "a public body"),
    "special_agreed": ("특별연장근로 인가", "special overtime approved"),
    "start": ("기산일", "the day from which it runs"),
    "until": ("계산의 끝 날", "the last day that counts"),
    "pay_cut": ("감급액", "the cut"),
    "period_wages": ("1임금지급기의 임금 총액", "whole pay of one period"),
    "wages": ("3개월 임금 총액", "wages of the three months"),
    "worked_by_day": ("그 주의 하루하루 실근로시간", "hours worked on each day of the week"),
    "year": ("연도", "year"),
    "yearly_leave_pay": ("연간 연차수당", "leave pay of the year"),
    "yearly_wages": ("1년 임금 총액", "wages of the year"),
}
# What the values of choices are called.
_CHOICES: Mapping[str, str] = {
    "regular": "무기계약",
    "fixed_term": "기간제",
    "part_time": "단시간",
    "daily": "일용",
    "wages": "임금",
    "severance": "퇴직금",
    "relief": "구제신청",
    "review": "재심신청",
    "suit": "행정소송",
    "payment": "금품청산",
    "severance_payment": "퇴직금지급",
    "probation": "수습",
    "shutdown": "휴업",
    "maternity": "출산휴가",
    "injury": "업무상요양",
    "parental": "육아휴직",
    "dispute": "쟁의행위",
    "military": "병역",
    "approved": "승인휴업",
}


@dataclass(frozen=True, slots=True)
class _Option:
    """A parameter of a calculator as an option."""

    name: str
    hint: Any
    required: bool
    spelt: tuple[str, ...]  # --hired-on, --hired
    repeated: bool

    @property
    def called(self) -> str:
        return f"{self.spelt[0]}({_label(self.name)[0]})"

    @property
    def choices(self) -> tuple[str, ...]:
        return meant(self.hint)[1]

    def read(self, text: str) -> Any:
        return read(text, self.hint, called=self.called, names=_CHOICES)


def names() -> list[str]:
    """Return what the commands are called: annual-leave."""
    return [name.replace("_", "-") for name in CALCULATORS]


def command(name: str) -> Any:
    """Return the command of a calculator, as typer makes it; None when there is none of this name."""
    calculator = CALCULATORS.get(name.replace("-", "_"))
    if calculator is None:
        return None
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(name, help=f"{calculator.title} / {calculator.title_en}")(_door(calculator))
    return typer.main.get_command(app)


def _door(calculator: Calculator) -> Callable[..., None]:
    """Return a function with the options of a calculator: typer reads its signature."""
    options = _options(calculator)

    def calculate(*, output: Path | None, json: bool, lang: str | None, **given: Any) -> None:
        with session(lang) as run:
            values = dict(_values(options, given))
            _demand(options, calculator, values)
            rates = Rates.load(run.settings.labour_rates) if run.settings.labour_rates else Rates.shipped()
            deliver(run, lambda: calculator.run(**values, rates=rates), output=output, as_json=json)

    keyword = inspect.Parameter.KEYWORD_ONLY
    shared = (("output", OutputOption, None), ("json", JsonOption, False), ("lang", LangOption, None))
    parameters = [
        *(inspect.Parameter(one.name, keyword, default=None, annotation=_annotation(one)) for one in options),
        *(inspect.Parameter(name, keyword, default=value, annotation=hint) for name, hint, value in shared),
    ]
    calculate.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    calculate.__annotations__ = {one.name: one.annotation for one in parameters}
    return calculate


def _options(calculator: Calculator) -> list[_Option]:
    hints = get_type_hints(calculator.run)
    parameters = {name: one for name, one in inspect.signature(calculator.run).parameters.items() if name != "rates"}
    return [
        _Option(
            name=name,
            hint=_element(hints[name]) or hints[name],
            required=one.default is one.empty and name not in _TODAY,
            spelt=tuple(_spelt(name, parameters)),
            repeated=_element(hints[name]) is not None,
        )
        for name, one in parameters.items()
    ]


def _element(hint: Any) -> Any:
    """Return what a tuple holds; None when it is none."""
    return next((get_args(one)[0] for one in (hint, *get_args(hint)) if get_origin(one) is tuple), None)


def _spelt(name: str, others: Iterable[str]) -> Iterable[str]:
    """Yield how an option is written: ``_on`` may be left out where that is not another's name."""
    yield f"--{name.replace('_', '-')}"
    short = name.removesuffix("_on")
    if short != name and short not in others:
        yield f"--{short.replace('_', '-')}"
    if name == "on":
        yield "--as-of"


def _annotation(option: _Option) -> Any:
    korean, english = _label(option.name)
    needed = " [필수 / required]" if option.required else ""
    default = " [없으면 오늘 / default: today]" if option.name in _TODAY else ""
    listed = f": {', '.join(f'{one}({_CHOICES[one]})' for one in option.choices)}" if option.choices else ""
    again = " (여러 번 / repeatable)" if option.repeated else ""
    told = f"{korean} / {english}{listed}{again}{needed}{default}"
    kind = meant(option.hint)[0]
    if kind is bool:
        yes = option.spelt[0]
        return Annotated[bool | None, typer.Option(f"{yes}/--no-{yes[2:]}", help=told, show_default=False)]
    made = typer.Option(*option.spelt, help=told, metavar=_KINDS[kind], show_default=False)
    return Annotated[list[str] | None, made] if option.repeated else Annotated[str | None, made]


def _values(options: Iterable[_Option], given: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Yield what was given, each as the calculator takes it."""
    for option in options:
        value = given[option.name]
        if value is None or value == []:
            if option.name in _TODAY:
                yield option.name, date.today()
        elif isinstance(value, bool):
            yield option.name, value
        elif option.repeated:
            yield option.name, tuple(option.read(one) for one in value)
        else:
            yield option.name, option.read(value)


def _demand(options: Iterable[_Option], calculator: Calculator, values: Mapping[str, Any]) -> None:
    """Raise `UsageError` that names every option that is still needed."""
    called = {option.name: option.called for option in options}
    groups = [(option.name,) for option in options if option.required] + list(calculator.one_of)
    lacking = [[called[name] for name in group] for group in groups if not any(name in values for name in group)]
    if lacking:
        needed, needed_en = ("; ".join(word.join(group) for group in lacking) for word in (" 또는 ", " or "))
        raise UsageError(f"더 적어야 합니다: {needed}", f"still needed: {needed_en}")


def _label(name: str) -> tuple[str, str]:
    return LABELS[name] if name in LABELS else (fact_names()[name].label, fact_names()[name].label_en)
