"""What an RFP says of itself: name, agency, budget, period, method, days, and the facts that rules wait for.

A value is verbatim in the text. Where places differ, the cover and the overview win; `mentions_of` has them all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from govrag.errors import EmptyFile, NeedsOcr
from govrag.pipelines.procurement.fields.facts import project_type, said, urgent
from govrag.pipelines.procurement.fields.lines import Line, lines, tight
from govrag.pipelines.procurement.fields.mentions import Found, Mention, compared, found
from govrag.pipelines.procurement.fields.names import buyer_type
from govrag.records import Document
from govrag.records.procurement import RfpFacts, RfpField, RfpFields

__all__ = ["Mention", "fields_of", "mentions_of"]

FIELDS = (
    "name", "buyer", "amount", "months", "contract_method", "notice_date", "deadline", "department", "contact",
)  # fmt: skip
_MOST, _LONGEST = 10**14, 240  # won and months: what `RfpFacts` holds
_LEAST_TEXT = 20  # characters that are no blanks: below, a file says nothing of a project


def fields_of(document: Document, *, name: str = "") -> RfpFields:
    """Return what an RFP states of itself and where; what it does not state is not there.

    ``name`` is what locations call the document (its title without one). The amount's field ``vat`` says whether
    tax is included, where the text does; ``facts.amount`` has tax in it. Raises `NeedsOcr` of a scan and `EmptyFile`
    of a document without text.
    """
    called = name or document.title
    read = _lines(document, called)
    every = found(document, read, name=called)
    chosen = {field: best for field in FIELDS if (best := _best(every, field)) is not None}
    fields = [
        RfpField(name=field, value=one.mention.value, location=one.mention.location) for field, one in chosen.items()
    ]
    amount = chosen.get("amount")
    if amount is not None and amount.vat_at is not None:
        start, end = amount.vat_at
        quote = document.text[start:end]
        where = amount.mention.location.model_copy(update={"start": start, "end": end, "quote": quote})
        fields.append(RfpField(name="vat", value=" ".join(quote.split()), location=where))
    return RfpFields(document=called, fields=tuple(fields), facts=_facts(document, chosen, read))


def mentions_of(document: Document, *, name: str = "") -> tuple[Mention, ...]:
    """Return every place where a field is stated, in reading order, for comparison; raises as `fields_of`."""
    called = name or document.title
    return tuple(compared(found(document, _lines(document, called), name=called)))


def _lines(document: Document, called: str) -> tuple[Line, ...]:
    read = lines(document)
    if sum(len(tight(line.text)) for line in read) >= _LEAST_TEXT:
        return read
    if any(loss.kind == "needs_ocr" for loss in document.losses):
        raise NeedsOcr(
            f"{called}: 스캔 문서라 글자가 없어 사업 정보를 읽을 수 없습니다. OCR로 글자를 뽑아 넣어 주세요.",
            f"{called}: a scan without text, so nothing can be read of the project. Run OCR on it and try again.",
        )
    raise EmptyFile(
        f"{called}: 글자가 {_LEAST_TEXT}자도 되지 않아 사업 정보를 읽을 수 없습니다. 본문이 있는 파일을 넣어 주세요.",
        f"{called}: fewer than {_LEAST_TEXT} letters, so nothing can be read of the project. Give the RFP itself.",
    )


def _best(every: Sequence[Found], field: str) -> Found | None:
    """Return the mention that is believed most, the first of several."""
    return min((one for one in every if one.mention.field == field), key=lambda one: one.rank, default=None)


def _facts(document: Document, chosen: Mapping[str, Found], read: Sequence[Line]) -> RfpFacts:
    """Return the typed facts; a value out of any range is none."""
    values = {field: one.mention.normal for field, one in chosen.items()}
    project = chosen["name"].mention.value if "name" in chosen else ""
    amount, months, day = values.get("amount"), values.get("months"), values.get("deadline")
    notice, method = values.get("notice_date"), values.get("contract_method")
    facts: dict[str, Any] = {
        "buyer_type": buyer_type(chosen["buyer"].mention.value) if "buyer" in chosen else None,
        "project_type": project_type(project, document.text),
        "contract_method": method,
        "notice_date": notice,
        "deadline": day,
        "amount": amount if isinstance(amount, int) and 0 < amount <= _MOST else None,
        "months": months if isinstance(months, Decimal) and 0 < months <= _LONGEST else None,
        "urgent": urgent(read),
        **said(read),
    }
    return RfpFacts(**facts)
