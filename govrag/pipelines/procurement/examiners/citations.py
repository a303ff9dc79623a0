"""Examiner of the provisions that an RFP cites: that they exist and are in force."""

from __future__ import annotations

from collections.abc import Iterator

from govrag.pipelines.citing import written
from govrag.pipelines.procurement.case import Case, Seen
from govrag.pipelines.procurement.rules import Rule
from govrag.records.answers import FAILED_VERDICTS, Citation
from govrag.records.procurement import Met

__all__ = ["citations"]

_WHY = {
    "no_such_article": "없는 조문입니다.",
    "repealed": "폐지되었거나 삭제된 조문입니다.",
    "not_in_force": "공고일에 시행 중이 아닌 조문입니다.",
    "mismatch": "인용한 내용이 조문과 다릅니다.",
}


def citations(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield each citation that fails; else one line with how many stand, and how many nobody could check."""
    del rule
    stands = unchecked = failed = 0
    for paper in case.papers:
        for one in case.cited(paper.text):
            if one.verdict in FAILED_VERDICTS and not _later_text(one, case):
                failed += 1
                fact = f"{one.label or one.text}: {one.reason or _WHY[one.verdict]}"
                yield Seen("not_met", fact, paper.location(one.start, one.end), basis=(one,))
            elif one.verdict == "verified":
                stands += 1
            else:
                unchecked += 1
    if failed or not stands + unchecked:
        return
    rest = f" 그날의 조문이 장서에 없어 대조하지 못한 인용은 {unchecked}건입니다." if unchecked else ""
    outcome: Met = "met" if stands else "cannot_tell"
    to_check = "대조하지 못한 인용은 국가법령정보센터에서 확인하십시오." if unchecked else ""
    yield Seen(outcome, f"인용 {stands}건이 공고일의 조문과 맞습니다.{rest}", None, to_check)


def _later_text(one: Citation, case: Case) -> bool:
    """Tell whether the library holds but a later text of a provision of a law that was in force on that day.

    Then nobody can tell from it what the provision said. Of a law that began later, its first article has no
    earlier day either.
    """
    if one.verdict != "not_in_force" or one.effective_from is None or one.effective_from <= case.as_of:
        return False
    first = case.cited(f"「{written(one.label).law}」 제1조")
    return any(other.verdict != "not_in_force" for other in first)
