"""Made-up decisions on a shelf: two on one issue, the later citing the earlier, and two on others."""

from __future__ import annotations

from collections.abc import Sequence

from precedent_sets import analyse

from govrag.embed.static import StaticEmbedder
from govrag.pipelines.patents.precedents import Precedents
from govrag.records import DocumentInfo, Passage

SELECTION = "선택발명의 진보성이 인정되기 위한 요건"
_CLAIMS = "청구범위에 기능적 표현이 있는 경우 권리범위의 해석 방법"
_MARK = "결합상표의 유사 여부에 대한 판단 기준"


def decision_of(
    number: str, day: str, issue: str, *, cites: str = "", court: str = "대법원", held: str = "그렇게 본다."
) -> tuple[DocumentInfo, list[Passage]]:
    title = f"{court} {day} {number} 등록무효"
    text = f"[1] {issue}\n[1] {held}\n【이 유】\n{cites}"
    passage = Passage(f"{number}#1", number, title, text, 0, len(text), (title, title))
    facts = {"court": court, "date": day, "case_no": number}
    return DocumentInfo(document_id=number, title=title, metadata=facts), [passage]


class _Shelf:
    def __init__(self, *documents: tuple[DocumentInfo, list[Passage]]) -> None:
        self._held = {info.document_id: (info, passages) for info, passages in documents}

    def decisions(self) -> list[DocumentInfo]:
        return [info for info, _ in self._held.values()]

    def passages(self, document_id: str) -> Sequence[Passage]:
        return self._held[document_id][1]


def precedents_of(*documents: tuple[DocumentInfo, list[Passage]]) -> Precedents:
    return Precedents(_Shelf(*documents), analyse=analyse, embedder=StaticEmbedder())


OLD = decision_of("2009후100", "2009-03-12", SELECTION, held="효과가 현저하여야 한다.")
NEW = decision_of("2012후200", "2012-05-10", SELECTION, cites="대법원 2009. 3. 12. 선고 2009후100 판결 참조.")
OTHER = decision_of("2010후300", "2010-07-01", _CLAIMS)
MARK = decision_of("2011후400", "2011-01-13", _MARK)
