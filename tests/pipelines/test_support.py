"""Support: an article that fits a sentence is told from those beside it, on invented law and on the real one."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from govrag.contracts import Role
from govrag.embed.static import StaticEmbedder
from govrag.korean.morphemes import MemoryLexicon, morphemes
from govrag.pipelines.support import Supported
from govrag.records import Passage
from tests.pipelines.law_fakes import ACT, HELD

TRUE = {
    "제3조": "천문대장은 한 해에 90퍼센트 이상 출근한 직원에게 관측휴가를 주어야 합니다.",
    "제4조": "천문대 둘레 5킬로미터 안에서는 아무도 야간 조명을 켜면 안 됩니다.",
    "제9조": "천문대장은 해마다 두 번 관측 결과를 보고해야 합니다.",
}


class LetterEmbedder:
    """Counts letters."""

    dimension = 64
    fingerprint = "letters"

    def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        return self.embed_morphemes([text.split() for text in texts], kind=kind)

    def embed_morphemes(self, texts: Sequence[Sequence[str]], *, kind: Role) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for letter in "".join(text):
                row[ord(letter) % self.dimension] += 1
            row /= max(1.0, float(np.linalg.norm(row)))
        return vectors


def pieces(text: str) -> list[str]:
    return [word[:2] for word in re.findall("[가-힣0-9]+", text)]


def judge(held: Sequence[Passage] = HELD) -> Supported:
    return Supported(
        analyse=pieces,
        embedder=LetterEmbedder(),
        rarity=lambda terms: [1.0] * len(terms),
        siblings=lambda passage: [one for one in held if one.document_id == passage.document_id],
    )


def article(locator: str) -> Passage:
    return next(one for one in HELD if one.title == ACT and one.locator == locator)


@pytest.mark.parametrize("locator", TRUE)
def test_the_article_that_says_it_supports_it_and_no_other_does(locator: str) -> None:
    ours = judge()
    assert ours(TRUE[locator], [article(locator)], [])
    assert not ours(TRUE[locator], [article("제1조")], [])
    assert ours.score(TRUE[locator], [article(locator)]) > ours.score(TRUE[locator], [article("제2조")])


def test_one_of_several_citations_is_enough() -> None:
    assert judge()(TRUE["제9조"], [article("제1조"), article("제9조")], [])


def test_nothing_supports_without_words_or_citations() -> None:
    assert not judge()(TRUE["제9조"], [], [])
    assert not judge()("!?", [article("제9조")], [])


def test_a_passage_that_stands_alone_is_judged_by_its_own_words() -> None:
    alone = article("제9조")
    ours = judge([alone])
    fit = ours.fit(TRUE["제9조"], [alone])
    assert fit is not None
    assert fit.alone
    assert ours.score(TRUE["제9조"], [alone]) > ours.score("등대의 불빛은 파란색으로 칠한다.", [alone])


def test_a_citation_that_its_document_does_not_list_is_compared_as_well() -> None:
    held = [one for one in HELD if one.locator != "제9조"]
    assert judge(held)(TRUE["제9조"], [article("제9조")], [])


def test_the_caller_may_ask_for_more() -> None:
    strict = Supported(
        analyse=pieces,
        embedder=LetterEmbedder(),
        rarity=lambda terms: [1.0] * len(terms),
        siblings=lambda _: HELD,
        least=1.1,
    )
    assert not strict(TRUE["제9조"], [article("제9조")], [])


@given(st.text(max_size=80), st.integers(0, len(HELD) - 1))
def test_no_statement_is_refused(text: str, row: int) -> None:
    assert 0 <= judge().score(text, [HELD[row]]) <= 1


@pytest.mark.shared
def test_wrong_articles_of_real_laws_are_told_from_right_ones(shared: Path) -> None:
    laws = ("근로기준법/법률(법률).md", "개인정보보호법/법률.md", "고용보험법/법률.md", "공인노무사법/법률.md")
    held = {
        passage.id: passage
        for name in laws
        if (shared / "laws" / "selected" / name).is_file()
        for passage in _articles(shared / "laws" / "selected" / name)
    }
    cases = [case for case in _claims(shared / "retrieval" / "claim-to-article") if case[1] in held][:150]
    assert len(cases) >= 60
    lexicon = MemoryLexicon()
    ours = Supported(
        analyse=lambda text: morphemes(text, lexicon),
        embedder=StaticEmbedder(),
        rarity=lambda terms: [1.0] * len(terms),
        siblings=lambda one: [other for other in held.values() if other.document_id == one.document_id],
    )
    source, right, wrong = random.Random(1), 0, 0
    for text, name in cases:
        others = [one for one in held.values() if one.document_id == held[name].document_id and one.id != name]
        right += ours(text, [held[name]], [])
        wrong += not ours(text, [source.choice(others)], [])
    assert right >= 0.93 * len(cases)
    assert wrong >= 0.80 * len(cases)


def _articles(path: Path) -> list[Passage]:
    title, text = "", path.read_text(encoding="utf-8").split("\n## 부칙")[0]
    if found := re.search(r"^제목: '?(.*?)'?$", text, re.MULTILINE):
        title = found[1]
    parts = re.split(r"^##### (제\d+조(?:의\d+)?)", text, flags=re.MULTILINE)
    return [
        Passage(f"{title}|{name}", title, name, name + body, 0, len(name + body), (title, name))
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    ]


def _claims(folder: Path) -> list[tuple[str, str]]:
    rows = (json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").split("\n") if line)
    texts = {row["id"]: row["text"] for row in rows}
    pairs = [line.split("\t")[:2] for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    names: dict[str, list[str]] = {}
    for query, name in pairs:
        names.setdefault(query, []).append(name)
    return [(texts[query], found[0]) for query, found in names.items() if len(found) == 1]
