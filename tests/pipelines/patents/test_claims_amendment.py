"""Amendments: which claim became which, what it does to the scope, what supports it, and how it is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

import govrag
from govrag.display import layouts
from govrag.display.blocks import Line, Table
from govrag.errors import UnreadableFile, UsageError
from govrag.ingest.readers.patents.text import patent_document
from govrag.pipelines.patents.claims import claim_set
from govrag.pipelines.patents.claims.amended import amendment, as_amended
from govrag.records import ClaimAmendment, ClaimSet, Document, Source

Claims = str | tuple[str, ...]

DESCRIPTION = """【발명의 명칭】 물통
【기술분야】
[0001] 본 발명은 물통에 관한 것이다.
【발명을 실시하기 위한 구체적인 내용】
[0002] 통은 구리로 만들며, 너비는 120밀리미터이다.
[0003] 뚜껑에는 고무 패킹이 끼워지고, 소리를 내는 알림부가 통의 옆면에 붙는다.
【청구범위】
【청구항 1】
통; 및 뚜껑을 포함하는 물통.
【청구항 2】
제1항에 있어서, 상기 뚜껑에 붙은 은색 고리를 더 포함하는 물통.
【요약서】
【요약】
다이아몬드 손잡이가 있는 물통.
"""


def korean(claims: Claims, name: str = "") -> ClaimSet:
    texts: Sequence[str] = (claims,) if isinstance(claims, str) else claims
    return claim_set("".join(f"【청구항 {number}】\n{text}\n" for number, text in enumerate(texts, 1)), name=name)


def described() -> Document:
    document = patent_document(DESCRIPTION, Source("memory:물통.txt", "물통.txt", "", 0))
    assert document is not None
    return document


def amended(after: Claims) -> ClaimAmendment:
    document = described()
    return amendment(claim_set(document), korean(after, "보정서"), description=document)


SCOPES: list[tuple[Claims, Claims, str]] = [
    ("통; 및 관을 포함하는 장치.", "통; 관; 및 밸브를 포함하는 장치.", "narrower"),
    ("통; 관; 및 밸브를 포함하는 장치.", "통; 및 관을 포함하는 장치.", "broader"),
    ("통; 및 관을 포함하는 장치.", "둥근 통; 및 관을 포함하는 장치.", "narrower"),
    ("둥근 통; 및 관을 포함하는 장치.", "통; 및 관을 포함하는 장치.", "broader"),
    ("둥근 통; 및 관을 포함하는 장치.", "통; 및 긴 관을 포함하는 장치.", "unclear"),
    ("통; 및 관을 포함하는 장치.", "물을 담는 원통; 및 호스를 포함하는 장치.", "unclear"),
    ("물을 담는 통; 및 관을 포함하는 장치.", "물을 담은 통; 그리고 상기 관을 포함하는 장치.", "same"),
    ("너비가 10 내지 50mm인 통을 포함하는 장치.", "너비가 20 내지 40mm인 통을 포함하는 장치.", "narrower"),
    ("너비가 20 내지 40mm인 통을 포함하는 장치.", "너비가 10 내지 50mm인 통을 포함하는 장치.", "broader"),
    ("너비가 10 내지 50mm인 통을 포함하는 장치.", "너비가 20 내지 60mm인 통을 포함하는 장치.", "unclear"),
    ("너비가 120mm 이하인 통을 포함하는 장치.", "너비가 100mm 이하인 통을 포함하는 장치.", "narrower"),
    ("온도가 60℃ 이상인 통을 포함하는 장치.", "온도가 50℃ 이상인 통을 포함하는 장치.", "broader"),
    ("온도가 60℃ 이상인 통을 포함하는 장치.", "온도가 80℃ 이상 100℃ 이하인 통을 포함하는 장치.", "narrower"),
    ("구리 또는 철로 된 통을 포함하는 장치.", "구리로 된 통을 포함하는 장치.", "narrower"),
    ("구리, 철 또는 은으로 된 통을 포함하는 장치.", "구리 또는 철로 된 통을 포함하는 장치.", "narrower"),
    ("구리로 된 통을 포함하는 장치.", "구리 또는 철로 된 통을 포함하는 장치.", "broader"),
    ("통; 및 관을 포함하는 장치.", "통; 및 관만으로 이루어지는 장치.", "narrower"),
    ("통; 및 관으로 이루어지는 장치.", "통; 관; 및 밸브로 이루어지는 장치.", "unclear"),
    ("통; 및 관을 포함하는 측정 장치.", "통; 및 관을 포함하는 온도 측정 장치.", "narrower"),
]


@pytest.mark.parametrize(("before", "after", "scope"), SCOPES)
def test_scope(before: Claims, after: Claims, scope: str) -> None:
    (change,) = amendment(korean(before), korean(after)).changes
    assert (change.change.kind, change.scope) == ("changed", scope)


def test_fewer_claims_to_narrow_are_narrower() -> None:
    one, two = "통을 포함하는 장치.", "제1항에 있어서, 상기 통은 둥근 장치."
    before = korean((one, two, "제1항 또는 제2항에 있어서, 상기 통은 푸른 장치."))
    after = korean((one, two, "제1항에 있어서, 상기 통은 푸른 장치."))
    (change,) = amendment(before, after).changes
    assert (change.claim, change.scope, change.added, change.removed) == (3, "narrower", (), ())


def test_a_dependent_claim_written_out_in_full_claims_the_same() -> None:
    before = korean(("통; 및 관을 포함하는 장치.", "제1항에 있어서, 덮개를 더 포함하는 장치."))
    after = korean(("통; 및 관을 포함하는 장치.", "통; 관; 및 덮개를 포함하는 장치."))
    result = amendment(before, after)
    assert [(change.claim, change.scope) for change in result.changes] == [(2, "same")]
    assert result.same == 1


def test_a_label_that_changed_limits_nothing() -> None:
    before = korean("(a) 값을 읽는 단계; 및 (b) 상기 값을 적는 단계를 포함하는 방법.")
    after = korean("(S1) 값을 읽는 단계; (S2) 상기 값을 고르는 단계; 및 (S3) 상기 값을 적는 단계를 포함하는 방법.")
    (change,) = amendment(before, after).changes
    assert (change.scope, change.added, change.removed) == ("narrower", ("상기 값을 고르는 단계",), ())


def test_claims_that_were_renumbered_are_moved() -> None:
    one = "통; 및 관을 포함하는 장치."
    before = korean((one, "제1항에 있어서, 상기 통은 둥근 장치.", "제1항에 있어서, 상기 관에 밸브가 달린 장치."))
    after = korean((one, "제1항에 있어서, 상기 관에 밸브가 달린 장치."))
    changes = amendment(before, after).changes
    assert {(one.change.kind, one.change.label) for one in changes} == {
        ("removed", "청구항 2"), ("moved", "청구항 3 → 청구항 2"),
    }  # fmt: skip


def test_a_claim_left_in_place_as_deleted_is_removed() -> None:
    one = "통; 및 관을 포함하는 장치."
    before = korean((one, "제1항에 있어서, 상기 통은 둥근 장치."))
    after = claim_set(f"【청구항 1】\n{one}\n【청구항 2】\n삭제\n")
    assert [(change.claim, change.change.kind) for change in amendment(before, after).changes] == [(2, "removed")]


def test_a_rewritten_claim_keeps_its_number_and_a_new_one_is_added() -> None:
    before = korean("통; 및 관을 포함하는 장치.")
    after = korean(("바퀴; 및 축을 포함하는 수레.", "제1항에 있어서, 상기 축은 강철인 수레."))
    kinds = [(change.claim, change.change.kind) for change in amendment(before, after).changes]
    assert kinds == [(1, "changed"), (2, "added")]


def test_parts_spell_both_texts() -> None:
    (change,) = amendment(korean("통; 및 관을 포함하는 장치."), korean("둥근 통; 및 관을 포함하는 장치.")).changes
    assert "".join(words for sign, words in change.change.parts if sign != "+") == change.change.old
    assert "".join(words for sign, words in change.change.parts if sign != "-") == change.change.new


def test_what_was_added_is_found_in_the_description_and_quoted() -> None:
    result = amended("구리로 만든 통; 및 고무 패킹이 끼워진 뚜껑을 포함하는 물통.")
    change = next(one for one in result.changes if one.claim == 1)
    assert change.added == ("구리로 만든", "고무 패킹이 끼워진")
    assert [place.place for place in change.support] == ["[0002]", "[0003]"]
    text = described().text
    assert all(text[place.start : place.end] == place.quote for place in change.support)
    assert not change.new_matter
    assert result.warnings == ()


def test_what_another_claim_said_as_filed_is_no_new_matter() -> None:
    result = amended("통; 및 은색 고리가 붙은 뚜껑을 포함하는 물통.")
    change = next(one for one in result.changes if one.claim == 1)
    assert [place.place for place in change.support] == ["청구항 2"]
    assert not change.new_matter


@pytest.mark.parametrize(
    "after",
    [
        "티타늄으로 만든 통; 및 뚜껑을 포함하는 물통.",
        "너비가 150밀리미터인 통; 및 뚜껑을 포함하는 물통.",
        "너비가 12밀리미터인 통; 및 뚜껑을 포함하는 물통.",
        "통; 뚜껑; 및 다이아몬드 손잡이를 포함하는 물통.",
    ],
    ids=["word", "number", "part of a number", "in the abstract alone"],
)
def test_what_nothing_says_is_a_warning(after: str) -> None:
    result = amended((after, "제1항에 있어서, 상기 뚜껑에 붙은 은색 고리를 더 포함하는 물통."))
    (change,) = result.changes
    assert change.new_matter
    assert change.support == ()
    assert "제47조제2항" in result.warnings[0]
    assert change.added[0] in result.warnings_en[0]


def test_without_a_description_nothing_is_said_of_new_matter() -> None:
    result = amendment(korean("통을 포함하는 장치."), korean("티타늄 통을 포함하는 장치."))
    assert [change.new_matter for change in result.changes] == [False]
    assert result.warnings == ()


def test_sets_in_two_languages_are_not_compared() -> None:
    with pytest.raises(UsageError, match="서로 다른 언어"):
        amendment(korean("통을 포함하는 장치."), claim_set("1. A device comprising a tank."))


def test_marks_of_american_amendments_are_not_compared() -> None:
    before = claim_set("1. A dryer comprising a fan.\n2. The dryer of claim 1, wherein the fan is round.")
    after = claim_set(
        "1. (Currently Amended) A dryer comprising a fan; and a lid.\n"
        "2. (Original) The dryer of claim 1, wherein the fan is round."
    )
    (change,) = amendment(before, after).changes
    assert (change.claim, change.scope, change.added) == (1, "narrower", ("a lid",))


@pytest.mark.shared
def test_real_american_amendments_account_for_every_claim(shared: Path) -> None:
    seen = 0
    for path in sorted((shared / "documents/office-actions/data/record").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        before = claim_set("\n".join(record["initialClaims"]))
        after = claim_set("\n".join(record["finalClaims"]))
        result = amendment(before, after)
        kinds = [change.change.kind for change in result.changes]
        live = sum(not claim.deleted for claim in after.claims)
        assert result.same + len(kinds) - kinds.count("removed") == live
        for change in result.changes:
            assert change.change.kind == "removed" or change.change.new
        seen += 1
    assert seen == 6


# -- how they are shown ----------------------------------------------------------------------------------------------


def test_claims_are_shown_as_a_tree_with_what_is_wrong() -> None:
    claims = korean(
        (
            "통; 및 관을 포함하는 장치.",
            "제1항에 있어서, 상기 통은 둥근 장치.",
            "제1항 및 제2항에 있어서, 상기 통은 둥근 장치.",
            "제2항에 있어서, 상기 관은 둥근 장치.",
            "삭제",
        )
    )
    blocks = layouts.layout(claims, "ko")
    tree = next(block.text for block in blocks if isinstance(block, Line) and block.mark == "tree")
    lines = [line for line in tree.split("\n") if "청구항" in line]
    depths = {line.split("청구항 ")[1][0]: len(line) - len(line.lstrip()) for line in lines}
    assert depths == {"1": 0, "2": 4, "3": 4, "4": 8, "5": 0}
    assert "1b  관" in tree
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert [row[:2] for row in table.rows] == [("3", "택일적 아님")]
    assert "claim 1 (independent" in str(layouts.layout(claims, "en"))


def test_an_amendment_is_shown_side_by_side_with_its_scope() -> None:
    result = amended(("티타늄으로 만든 통; 및 뚜껑을 포함하는 물통.",))
    blocks = layouts.layout(result, "ko")
    aside, judged = (block for block in blocks if isinstance(block, Table))
    assert any("**티타늄으로 만든**" in cell for row in aside.rows for cell in row)
    assert [(row[0], row[1], row[5]) for row in judged.rows] == [("1", "좁아짐", "확인 필요"), ("2", "판단 필요", "")]
    assert any(isinstance(block, Line) and block.mark == "warning" for block in blocks)


def test_the_items_of_an_amendment_are_applied_to_the_claims_before(sample_corpus: Path) -> None:
    application, paper = (
        govrag.inspect(sample_corpus / "특허" / name).documents[0]
        for name in ("명세서_승강장안전문_이물감지.txt", "보정서_10-2025-9900123.txt")
    )
    before = claim_set(application)
    after = as_amended(before, paper)
    assert [one.number for one in after.claims if one.deleted] == [2]
    assert after[6].text == before[6].text  # no item names it
    assert "0.2초 이상 함께 변하는 경우에만" in after[1].text
    changes = amendment(before, after, description=application).changes
    assert {one.claim: one.change.kind for one in changes} == {
        1: "changed", 2: "removed", 3: "changed", 4: "changed", 5: "changed"
    }  # fmt: skip


def test_an_item_without_content_is_refused(sample_corpus: Path) -> None:
    application = govrag.inspect(sample_corpus / "특허" / "명세서_승강장안전문_이물감지.txt").documents[0]
    words = "【서류명】 보정서\n【보정대상항목】 청구항 3\n【보정방법】 정정\n"
    (paper,) = govrag.inspect(("보정서.txt", words.encode())).documents
    with pytest.raises(UnreadableFile, match="청구항 3의 보정내용이 없습니다"):
        as_amended(claim_set(application), paper)
