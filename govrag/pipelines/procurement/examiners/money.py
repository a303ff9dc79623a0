"""Examiners of money: amounts that add up and agree, damages for delay, bonds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from govrag.pipelines.procurement.case import Case, Seen, seen_at
from govrag.pipelines.procurement.examiners.score_tables import columns, wrong_sums
from govrag.pipelines.procurement.fields import mentions_of
from govrag.pipelines.procurement.fields.values import money
from govrag.pipelines.procurement.limits import delay_rates, limits
from govrag.pipelines.procurement.paper import Clause, Paper
from govrag.pipelines.procurement.rules import Rule

__all__ = ["amounts", "bonds", "delay"]

_AMOUNTS = re.compile(
    r"(?:소요|산출|합계|배정|총|추정|사업|용역|당해)?(?:금액|예산|예산액|사업비|비용|소요액)(?:\([가-힣,\d\s원:=/]*\))?"
)
_ROUNDED = re.compile(r"절사|단수|반올림|이하버림|약\d")
_TOTAL = re.compile(r"\W*(?:[가-하\d][.)])?(?:합계|총계|총액|총합계|계)(?:금액)?[:：(금일\d￦]")
_SPELLED = re.compile(
    r"\d[\d,]{6,}\s?원?\s?정?\s?[(（]\s?(?:일?금|일금)?\s?[일이삼사오육칠팔구][일이삼사오육칠팔구십백천만억조\s]*원"
)
_WON = r"\d[\d,억만천]*원"
_EQUATION = re.compile(rf"((?:{_WON}[^\d=+]{{0,4}}\+[^\d=+]{{0,12}})+{_WON})[^\d=+]{{0,4}}=[^\d=+]{{0,12}}({_WON})")
_DELAY = re.compile(r"지체상금|지연배상|지체배상|지연손해금|지체일수")
_THOUSANDTHS = re.compile(r"(?:1,?000|1천|일천|천)분의(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)/(?:1,?000|1천)|(\d+(?:\.\d+)?)‰")
_HUNDREDTHS = re.compile(
    r"(?<!연)(?<![\d.])(\d+(?:\.\d+)?)(?:%|％|퍼센트|프로)|100분의(\d+(?:\.\d+)?)|(?<![\d/])(\d+(?:\.\d+)?)/100(?!\d)"
)
_DAILY = re.compile(r"매(?:1)?일|/일|1일(?:당|마다)?|하루|일당|지체일수|지연일수|일수(?:에|를)|날마다|날짜수|마다")
_CAP = re.compile(r"한도|초과|넘|이내|최대|까지|상한")
_CAP_LINE = re.compile(r"\W*(?:최고|최대)?(?:한도|상한)(?:액)?(?:은|는|[:：]|계약|\d)")
_RATE_BELOW = 10  # per cent: from here on it is a cap
_NO_CAP = re.compile(r"한도(?:를|는|가)?(?:두지|없|정하지)|(?:상한|한도)없이")
_RATE = r"(?:100분의(\d+(?:\.\d+)?)|(?<![\d.])(\d+(?:\.\d+)?)(?:%|％|퍼센트|/100))"
_BONDS = tuple(
    (
        name,
        key,
        re.compile(rf"{words}(?:(?!보증금).){{0,60}}?{_RATE}|{_RATE}(?:이상)?(?:에해당하는금액)?(?:을|를)?{words}금"),
    )
    for name, key, words in (
        ("입찰보증금", "bid", "입찰(?:이행)?보증(?:금)?"),
        ("계약보증금", "contract", "계약(?:이행)?보증(?:금)?"),
    )
)
_EXEMPT = re.compile(
    r"계약(?:이행)?보증금(?:은|을|의|과)?(?:납부)?(?:를|을)?[^.]{0,14}(?:면제(?!되는|대상|할수)|받지(?:않|아니)|징수하지(?:않|아니)|요구하지(?:않|아니)|생략)"
)
_EXEMPTED = re.compile(
    r"경우|(?<![계약상대입찰])자[는에]|제50조|제51조|제53조|제37조|각서(?!도)|해당|다만|이하|국가기관|공공기관|지방자치단체|고시|한시"
)


def amounts(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield amounts that do not add up, that are spelled out differently, or of which tax is said in two ways."""
    del rule
    for paper in case.papers:
        for column in columns(paper, _AMOUNTS):
            if _ROUNDED.search("".join(paper.text[column.sheet.start : column.sheet.end].split())) or not column.closed:
                continue
            for row, stated, real in wrong_sums(column):
                fact = f"금액을 더하면 {real:,f}인데 {stated:,f}(으)로 적었습니다."
                yield seen_at("not_met", fact, paper, *column.added(row))
        yield from _spelled(paper)
        yield from _listed(paper)
        yield from _taxed(paper)
        yield from _equated(paper)


def delay(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield rates and caps of damages for delay that are not those of the decree, or a rate that is."""
    del rule
    allowed, most = delay_rates(case.facts), Decimal(limits()["delay_cap"]["most"])
    good: Seen | None = None
    faults = 0
    last = False
    for paper, clause in case.clauses():
        if not _about_delay(clause) and not (last and _CAP_LINE.match(clause.plain)):
            last = False
            continue
        last = True
        for fact in _delay_faults(clause.plain, allowed, most):
            faults += 1
            yield seen_at("not_met", fact, paper, clause.start, clause.end)
        if not good and any(rate in allowed for rate in _rates(clause.plain)):
            good = seen_at("met", "지체상금의 비율이 법령과 같습니다.", paper, clause.start, clause.end)
    if good and not faults:
        yield good


def bonds(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield bonds below what the decree asks for and exemptions from them, or a bond that is enough."""
    del rule
    least = limits()["bonds"]
    good: Seen | None = None
    faults = 0
    for paper, clause in case.clauses():
        for name, key, pattern in _BONDS:
            for found in pattern.finditer(_spelled_parts(clause.plain)):
                rate = Decimal(next(filter(None, found.groups())))
                if rate >= least[key]:
                    good = good or seen_at("met", "보증금의 비율이 법령과 같습니다.", paper, clause.start, clause.end)
                elif not re.search(r"고시|재난|경기침체|한시", clause.plain):
                    faults += 1
                    fact = f"{name}을 {rate:f}퍼센트로 정했습니다. {least[key]}퍼센트 이상이어야 합니다."
                    yield seen_at("not_met", fact, paper, clause.start, clause.end)
    for paper, sentence in case.sentences():
        amount = case.facts.amount
        if (
            _EXEMPT.search(sentence.plain)
            and not _EXEMPTED.search(sentence.plain)
            and amount
            and amount > least["exempt"]
        ):
            faults += 1
            yield seen_at(
                "not_met", "까닭을 밝히지 않고 계약보증금을 면제했습니다.", paper, sentence.start, sentence.end
            )
    if good and not faults:
        yield good


def _spelled(paper: Paper) -> Iterator[Seen]:
    for clause in paper.body:
        for found in _SPELLED.finditer(clause.text):
            digits, _, letters = found[0].partition("(" if "(" in found[0] else "（")
            numbers = [next((one.won for one in money(words)), 0) for words in (digits, letters)]
            if all(numbers) and numbers[0] != numbers[1]:
                fact = f"숫자로는 {numbers[0]:,}원, 글자로는 {numbers[1]:,}원으로 적었습니다."
                yield seen_at("not_met", fact, paper, clause.start + found.start(), clause.start + found.end())


def _listed(paper: Paper) -> Iterator[Seen]:
    """Yield a sum in a list of amounts, a line each, that they do not come to."""
    run: list[int] = []
    for clause in paper.body:
        for line in clause.text.splitlines() if clause.kind == "line" else [""]:
            read = [one.won for one in money(line)]
            if len(read) != 1:
                run = []
            elif not _TOTAL.match("".join(line.split())):
                run.append(read[0])
            else:
                if len(run) > 1 and read[0] not in (sum(run), sum(run[1:])):  # the budget may stand above its parts
                    fact = f"금액을 더하면 {sum(run):,}원인데 {read[0]:,}원으로 적었습니다."
                    yield seen_at("not_met", fact, paper, clause.start, clause.end)
                run = []


def _equated(paper: Paper) -> Iterator[Seen]:
    """Yield a sum that is written out and does not come to what it says: 2억원 + 2천만원 = 2억 5천만원."""
    for clause in paper.body:
        for found in _EQUATION.finditer(clause.plain):
            added, stated = (sum(read.won for read in money(words.replace("+", " + "))) for words in found.groups())
            if stated and added != stated:
                fact = f"금액을 더하면 {added:,}원인데 {stated:,}원으로 적었습니다."
                yield seen_at("not_met", fact, paper, clause.start, clause.end)


def _taxed(paper: Paper) -> Iterator[Seen]:
    """Yield an amount of which one place says that tax is in it, and another that it is not."""
    said: dict[str, str] = {}
    for mention in mentions_of(paper.document, name=paper.name):
        if mention.field != "amount" or not mention.vat:
            continue
        digits = next((str(one.won) for one in money(mention.value)), "")
        if digits and said.setdefault(digits, mention.vat) != mention.vat:
            fact = "같은 금액을 두고 한 곳은 부가가치세 포함, 다른 곳은 별도라고 적었습니다."
            yield Seen("not_met", fact, mention.location)


def _spelled_parts(plain: str) -> str:
    return plain.replace("백분의십", "100분의10").replace("백분의오", "100분의5")


def _about_delay(clause: Clause) -> bool:
    return bool(_DELAY.search(clause.plain) or any(_DELAY.search("".join(one.split())) for one in clause.headings[-1:]))


def _rates(plain: str) -> list[Decimal]:
    """Return the rates of a clause in thousandths."""
    found = [Decimal(next(filter(None, one.groups()))) for one in _THOUSANDTHS.finditer(plain)]
    if _DAILY.search(plain):
        parts = [Decimal(next(filter(None, one.groups()))) for one in _HUNDREDTHS.finditer(plain)]
        found += [part * 10 for part in parts if part < _RATE_BELOW]
    return found


def _delay_faults(plain: str, allowed: tuple[Decimal, ...], most: Decimal) -> Iterator[str]:
    right = " 또는 ".join(f"1천분의 {rate}" for rate in allowed)
    for rate in dict.fromkeys(_rates(plain)):
        if rate not in allowed and rate < 100:
            yield f"지체상금을 하루에 1천분의 {rate.normalize():f}(으)로 정했습니다. 법령은 {right}입니다."
    if _CAP.search(plain):
        caps = [Decimal(next(filter(None, one.groups()))) for one in _HUNDREDTHS.finditer(plain)]
        yield from (
            f"지체상금의 한도를 {cap:f}퍼센트로 정했습니다. 법령은 {most}퍼센트입니다." for cap in caps if cap > most
        )
    if _NO_CAP.search(plain):
        yield f"지체상금의 한도를 두지 않았습니다. 법령은 {most}퍼센트입니다."
