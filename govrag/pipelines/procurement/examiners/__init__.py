"""Examiners: what the words of a clause alone do not decide."""

from __future__ import annotations

from collections.abc import Mapping

from govrag.pipelines.procurement.case import Examiner
from govrag.pipelines.procurement.examiners.agreement import agreement
from govrag.pipelines.procurement.examiners.citations import citations
from govrag.pipelines.procurement.examiners.dates import days
from govrag.pipelines.procurement.examiners.joint_bids import joint_bids
from govrag.pipelines.procurement.examiners.language import plain_korean
from govrag.pipelines.procurement.examiners.money import amounts, bonds, delay
from govrag.pipelines.procurement.examiners.qualification import experience, stacked, unfounded
from govrag.pipelines.procurement.examiners.requirements import requirements
from govrag.pipelines.procurement.examiners.scores import items, shares, sums
from govrag.pipelines.procurement.examiners.specification import named_product, one_maker

__all__ = ["EXAMINERS"]

EXAMINERS: Mapping[str, Examiner] = {
    "agreement": agreement,
    "amounts": amounts,
    "bonds": bonds,
    "citations": citations,
    "days": days,
    "delay": delay,
    "experience": experience,
    "items": items,
    "joint_bids": joint_bids,
    "named_product": named_product,
    "one_maker": one_maker,
    "plain_korean": plain_korean,
    "requirements": requirements,
    "shares": shares,
    "stacked": stacked,
    "sums": sums,
    "unfounded": unfounded,
}
