"""An invented act, its decree, and the smallest book and retriever over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from govrag.korean.normalise import match_key
from govrag.records import Hit, Passage, Provision, Validity, Where
from govrag.statute.locator import Locator
from govrag.statute.names import LawNames
from govrag.statute.structure import is_deleted

DAY = date(2026, 6, 1)
CORPUS = date(2026, 5, 20)
OLD = Validity(date(2010, 1, 1), None, None, None)

ACT, DECREE = "별빛근무법", "별빛근무법 시행령"
ARTICLES = {
    "제1조": "제1조(목적)\n이 법은 별빛 근무의 기준을 정함을 목적으로 한다.",
    "제2조": (
        "제2조(정의)\n① 이 법에서 사용하는 용어의 뜻은 다음과 같다. <개정 2018.3.20>\n"
        '1. "별빛근무"란 해가 진 뒤 천문대에서 하는 근무를 말한다.\n'
        '2. "관측수당"이란 별빛근무에 대하여 지급하는 돈을 말한다.\n'
        "② 이 법에서 밤의 길이는 천문대장이 고시한다."
    ),
    "제3조": (
        "제3조(관측휴가)\n"
        "① 천문대장은 1년간 90퍼센트 이상 출근한 직원에게 17일의 관측휴가를 주어야 한다. <개정 2012.2.1>\n"
        "② 삭제 <2017.11.28>\n"
        "③ 제1항의 휴가를 계산할 때 다음 각 호의 어느 하나에 해당하는 기간은 출근한 것으로 본다. "
        "다만, 대통령령으로 정하는 기간은 그러하지 아니하다.\n"
        "1. 구름이 끼어 관측하지 못한 기간\n"
        "2. 망원경이 고장 난 다음 각 목의 기간\n가. 부품을 기다린 기간\n나. 수리한 기간\n"
        "④ 관측휴가는 3년간 행사하지 아니하면 소멸한다. 이 경우 미리 서면으로 알려야 한다."
    ),
    "제4조": "제4조(야간 조명의 금지)\n누구든지 천문대에서 5킬로미터 이내의 지역에서 야간 조명을 켜서는 아니 된다.",
    "제5조": "제5조 삭제 <2020.1.1>",
    "제6조": "제6조(벌칙)\n제4조를 위반한 사람은 300만원 이하의 벌금에 처한다.",
    "제7조": "제7조(새 망원경)\n천문대장은 새 망원경을 두어야 한다.",
    "제8조": "제8조(옛 망원경)\n천문대장은 옛 망원경을 보존하여야 한다.",
    "제9조": "제9조(보고)\n천문대장은 매년 2회 관측 결과를 보고하여야 한다.",
    "제11조": "제11조(등대)\n등대는 밤에 불을 끈다.",
}
VALIDITY = {
    "제7조": Validity(date(2027, 1, 1)),
    "제8조": Validity(date(2001, 1, 1), date(2020, 1, 1)),
    "제11조": Validity(date(2026, 12, 3), inferred=True),  # how it reads today is not known
    "제9조": Validity(date(2010, 1, 1), inferred=True),  # no day is sure
    "제6조": Validity(date(2010, 1, 1), inferred=True, settled_from=date(2010, 1, 1)),
}
DECREE_ARTICLES = {
    "제1조": "제1조(목적)\n이 영은 별빛근무법에서 위임된 사항을 정함을 목적으로 한다.",
    "제2조": "제2조(출근으로 보지 않는 기간)\n"
    '법 제3조제3항 단서에서 "대통령령으로 정하는 기간"이란 6개월을 넘는 기간을 말한다.',
    "제3조": "제3조(조명)\n법 제4조의2에 따른 조명의 밝기는 10럭스로 한다.",
}


def passages(title: str, articles: Mapping[str, str], validity: Mapping[str, Validity] | None = None) -> list[Passage]:
    """Return the passages of a law as one document, its articles after each other."""
    found, start = [], 0
    for locator, text in articles.items():
        found.append(
            Passage(
                id=f"{title}#{locator}",
                document_id=title,
                locator=locator,
                text=text,
                start=start,
                end=start + len(text),
                breadcrumb=(title, text.partition("\n")[0]),
                validity=(validity or {}).get(locator, OLD),
            )
        )
        start += len(text) + 1
    return found


class FakeBook:
    """A law book over passages; one edition of each law."""

    def __init__(self, held: Sequence[Passage]) -> None:
        self._held = {(match_key(one.title), one.locator): one for one in held}
        self._titles = {match_key(one.title): one.title for one in held}
        self.names = LawNames(self._titles.values())

    def title(self, name: str) -> str | None:
        return self._titles.get(match_key(name))

    def find(self, law: str, locator: str, *, as_of: date) -> Provision:
        title = self.title(law)
        if title is None:
            return Provision("not_in_library", title=law)
        place = Locator.parse(locator)
        passage = self._held.get((match_key(title), str(place.article_only) if place else locator))
        if passage is None:
            places = [one.locator for (law_key, _), one in self._held.items() if law_key == match_key(title)]
            return Provision("no_such_article", title=title, extent=f"{places[0]}~{places[-1]}")
        if is_deleted(passage.text):
            return Provision("repealed", passage, title)
        if not passage.validity.in_force(as_of):
            return Provision("not_in_force", passage, title)
        return Provision("verified" if passage.validity.settled(as_of) else "unchecked", passage, title)


class FakeRetriever:
    """Ranks passages by the two-letter pieces that they share with the query."""

    def __init__(self, held: Sequence[Passage]) -> None:
        self._held = list(held)
        self.asked: list[tuple[str, Where]] = []

    def search(self, query: str, *, limit: int, where: Where) -> list[Hit]:
        self.asked.append((query, where))
        wanted = _pieces(query)
        hits = [
            Hit(one, float(len(wanted & _pieces(one.text))), {}, "main")
            for one in self._held
            if not where.laws or one.title in where.laws
        ]
        return sorted((hit for hit in hits if hit.score), key=lambda hit: (-hit.score, hit.passage.id))[:limit]


def _pieces(text: str) -> set[str]:
    key = match_key(text)
    return {key[at : at + 2] for at in range(len(key) - 1)}


HELD = [*passages(ACT, ARTICLES, VALIDITY), *passages(DECREE, DECREE_ARTICLES)]
BOOK = FakeBook(HELD)
