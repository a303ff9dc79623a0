"""Whether a paper has subcontractors join as partners and bans partners (R10): each alone is for the buyer to say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govrag.pipelines.procurement.case import Case, Seen, seen_at
from govrag.pipelines.procurement.paper import Clause
from govrag.pipelines.procurement.rules import Rule

__all__ = ["joint_bids"]

_PARTNERS = r"(?:공동(?:수급|도급|이행|계약)(?:체|협정)?|컨소시엄)"
_ASKED = re.compile(rf"(?:하도급|하수급)(?=.{{0,120}}{_PARTNERS})(?=.{{0,120}}(?:구성|참여|포함|요구))")
_SHARE = re.compile(r"(?:100|백)분의(?:10|십)|(?<!\d)10(?:%|％|퍼센트|프로|분의1)")
_BANNED = re.compile(
    rf"{_PARTNERS}[^.]{{0,20}}?(?:불가(?!피)|불허|금지|허용(?:은|을)?하지|(?:인정|허용)되지|할수없|받지(?:않|아니)|없음$)"
)
_OTHERS = re.compile(r"(?:재)?하도급(?:을|은)?(?:금지|불가)|중복|이중|동시에|대기업|상호출자|다만[^.]*허용")


def joint_bids(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield the place that bans partners, where another asks subcontractors to be partners."""
    del rule
    if not any(_asks(clause) for _, clause in case.clauses()):
        return
    for paper, sentence in case.sentences():
        if _BANNED.search(sentence.plain) and not _OTHERS.search(sentence.plain) and not _SHARE.search(sentence.plain):
            fact = "하도급 비율에 따라 공동수급체로 참여하게 하면서 공동수급을 허용하지 않는다고 했습니다."
            yield seen_at("not_met", fact, paper, sentence.start, sentence.end)


def _asks(clause: Clause) -> bool:
    return any(_ASKED.search(one.plain) and _SHARE.search(one.plain) for one in clause.sentences())
