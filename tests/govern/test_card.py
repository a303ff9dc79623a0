"""The card: what the configuration says and nothing else; what is open is marked; what is claimed of code is there."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from govrag.display import blocks
from govrag.display.cards import card as laid_out
from govrag.errors import Lang, UsageError
from govrag.govern import policy
from govrag.govern.card import card, layout, read_evaluation
from govrag.govern.card_facts import FACTS
from govrag.govern.policy import Registry
from govrag.records import Grade
from govrag.records.card import Card, CardCollection, CardEvaluation

TODAY = date(2026, 11, 21)
SHELF = (
    CardCollection(
        name="법령", grade=Grade.OPEN, documents=12, passages=3400, corpus_date=date(2026, 3, 1), embedder="static-1"
    ),
)
INNER = CardCollection(name="내부", grade=Grade.SENSITIVE, documents=2, passages=30, corpus_date=None, embedder="s")
RULES = """
agency = "시험청"
[[model]]
id = "한별"
vendor = "한별연구소"
country = "KR"
platform_country = "US"
zone = "internal"
endpoint = "http://secret-host.example:8000/v1"
key_env = "SECRET_KEY"
grade = "S"
approval = "시험-1"
approved = 2026-01-01
price_input = 7654
mask = false
[[model]]
id = "옛별"
vendor = "옛연구소"
country = "US"
zone = "internet"
endpoint = "https://other.example/v1"
grade = "O"
approval = "시험-2"
approved = 2025-01-01
expires = 2026-01-01
[[embedder]]
id = "벡터"
vendor = "한별연구소"
country = "KR"
zone = "internal"
grade = "C"
approval = "시험-3"
approved = 2026-01-01
[[budget]]
department = "민원과"
tokens = 5000
"""
FIGURES = {"ndcg@10": 0.6789, "ndcg@10_interval": [0.65, 0.71], "queries": 123, "p50_ms": 4.56}


def registry(text: str = RULES) -> Registry:
    return Registry.parse(text.encode(), source=Path("policy.toml"))


def made(text: str = RULES, **more: Any) -> Card:
    given: dict[str, Any] = {"collections": SHELF, "version": "0.1.0", "today": TODAY, **more}
    return card(registry(text), **given)


def value(found: Card, key: str, *, english: bool = False) -> str:
    (field,) = [one for one in (*found.atrs, *found.korea) if one.key == key]
    return field.value_en if english else field.value


def words(found: Card, lang: Lang) -> list[str]:
    return [block.text for block in laid_out(found, lang) if isinstance(block, blocks.Heading | blocks.Line)]


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_models_are_those_of_the_policy_with_what_decides_about_them() -> None:
    one, old, vectors = made().models
    assert (one.id, one.vendor, one.country, one.platform_country, one.zone) == (
        *("한별", "한별연구소", "KR", "US", "internal"),
    )
    assert (one.grade, one.approval, one.approved, one.state, one.masked) == (
        *("S", "시험-1", date(2026, 1, 1), "in force", False),
    )
    assert (old.state, old.expires, old.masked) == ("ended", date(2026, 1, 1), True)
    assert (vectors.kind, vectors.masked) == ("embedder", True)
    for key, english in (("models.list", False), ("tier_2.tool.models", True)):
        lines = value(made(), key, english=english).splitlines()
        assert len(lines) == 3
        assert all(word in lines[0] for word in ("한별", "한별연구소", "KR", "US", "시험-1", "2026-01-01", "S"))
        assert ("끝남" in lines[1], "ended" in lines[1]) == (not english, english)


def test_what_is_to_be_published_names_no_address_no_key_and_no_price() -> None:
    said = json.dumps(made().to_dict(), ensure_ascii=False) + "".join(words(made(), "ko") + words(made(), "en"))
    for secret in ("secret-host", "other.example", "SECRET_KEY", "7654"):
        assert secret not in said


def test_collections_are_those_of_the_library() -> None:
    found = made(collections=(*SHELF, INNER))
    assert found.collections == (*SHELF, INNER)
    assert "법령: O등급, 문서 12건, 단락 3,400개, 최신 공포일 2026-03-01" in value(found, "data.collections")
    assert "unknown" in value(found, "tier_2.tool.operational_data", english=True)
    assert "내부" in found.warnings[0]
    assert "법령" not in found.warnings[0]
    assert not any("공개(O)" in warning for warning in made().warnings)


def test_an_approval_that_is_not_in_force_is_told() -> None:
    assert [("옛별" in ko, "옛별" in en) for ko, en in zip(made().warnings, made().warnings_en, strict=True)] == [
        (True, True)
    ]


def test_what_is_not_configured_is_said_to_be_absent() -> None:
    empty = card(Registry(), collections=(), version="0.1.0", today=TODAY)
    assert "승인된 모델이 없" in value(empty, "models.list")
    assert "no vendor" in value(empty, "tier_2.owner.third_party", english=True)
    assert "컬렉션이 없" in value(empty, "data.collections")
    assert "예산 한도가 없" in value(empty, "tier_2.deployment.frequency_scale")
    assert "생성한 글이 없" in value(empty, "transparency.marking")
    assert "그대로 뽑아" in value(empty, "transparency.working")
    assert "주어지지 않" in value(empty, "quality.evaluation")
    assert {"overview.agency", "tier_2.owner.organisation"} <= set(empty.to_fill)
    assert not {"overview.agency", "tier_2.owner.organisation"} & set(made().to_fill)


def test_facts_follow_the_configuration() -> None:
    assert "민원과 예산(한 달): 5,000토큰" in value(made(), "tier_2.deployment.frequency_scale")
    assert "가리지 않는 모델: 한별" in value(made(), "data.personal")
    assert "가리지 않는" not in value(made(RULES.replace("mask = false", "")), "data.personal")
    assert "키로 봉인하여" in value(made(keyed=True), "risk.records")
    assert "without a key" in made().model_copy().korea[-1].value_en
    assert "내부망" in value(made(), "tier_2.tool.architecture")
    assert "인터넷" not in value(made(), "tier_2.tool.architecture"), "the model that is there is not in force"


# ── figures ───────────────────────────────────────────────────────────────────────────────────────────────────────


def written(folder: Path, content: object) -> Path:
    path = folder / "평가.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_figures_are_those_of_the_file_and_named_after_it(tmp_path: Path) -> None:
    path = written(tmp_path, FIGURES)
    found = read_evaluation(path)
    assert found.figures == {**FIGURES, "ndcg@10_interval": (0.65, 0.71)}
    assert (found.file, found.sha256) == ("평가.json", hashlib.sha256(path.read_bytes()).hexdigest())
    for lang_key, english in (("quality.evaluation", False), ("tier_2.tool.models.performance", True)):
        said = value(made(evaluation=found), lang_key, english=english)
        assert all(word in said for word in ("ndcg@10 0.6789", "0.65–0.71", "queries 123", found.sha256, "평가.json"))


def test_without_figures_there_is_no_number() -> None:
    for key in ("quality.evaluation", "tier_2.tool.models.performance"):
        assert not re.search(r"\d", value(made(), key) + value(made(), key, english=True))
    assert made().evaluation is None


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"null", b"[]", b"{}", b"[" * 100_000, b"\xff\xfe", b'{"queries": NaN, "a": 1}'),
        *({"queries": 10}, {"ndcg@10": 0.5}, {"queries": 0, "ndcg@10": 0.5}, {"queries": "많이", "ndcg@10": 0.5}),
        {"queries": 10, "ndcg@10": "좋음"},
        {"queries": 10, "ndcg@10": None},
        {"queries": True, "ndcg@10": 0.5},
        {"queries": 10, "ndcg@10": "0.5"},
        {"queries": 10, "ndcg@10": [0.1, 0.2, 0.3]},
        {"queries": 10, "a" * 61: 0.5},
        {"queries": 10, **{f"figure{number}": 1.0 for number in range(100)}},
        b'{"queries": 10, "a": 1e999}',
    ],
)
def test_what_is_no_evaluation_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(UsageError, match="evaluate --json"):
        read_evaluation(written(tmp_path, content))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"없음\.json"):
        read_evaluation(tmp_path / "없음.json")


@given(st.dictionaries(st.text(max_size=20), st.floats() | st.text(max_size=5) | st.none(), max_size=5))
def test_whatever_a_file_holds_is_figures_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]
) -> None:
    path = written(tmp_path_factory.getbasetemp(), content)
    try:
        found = read_evaluation(path)
    except UsageError:
        return
    assert found.figures == content


def test_figures_of_the_evaluation_itself_are_taken(tmp_path: Path) -> None:
    from govrag.evaluate.run import Evaluation

    numbers = {field.alias or name: 0.5 for name, field in Evaluation.model_fields.items()}
    whole = Evaluation.model_validate({**numbers, "ndcg@10_interval": (0.4, 0.6), "queries": 20})
    found = read_evaluation(written(tmp_path, whole.to_dict()))
    assert set(found.figures) == set(whole.to_dict())


# ── the layouts ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_field_has_a_value_or_says_what_to_write_in_both_languages() -> None:
    for field in (*made().atrs, *made().korea):
        assert field.value or field.to_fill, field.key
        assert bool(field.value) == bool(field.value_en), field.key
        assert bool(field.to_fill) == bool(field.to_fill_en), field.key
        assert not re.search("[가-힣]", field.label_en + field.section_en + field.to_fill_en), field.key
        assert re.search("[가-힣]", field.label), field.key


def test_english_values_are_english_but_for_names() -> None:
    plain = card(Registry(), collections=(), version="0.1.0", today=TODAY)
    for field in (*plain.atrs, *plain.korea):
        assert not re.search("[가-힣]", field.value_en), field.key
    assert not re.search("[가-힣]", "".join(one.risk_en + one.measure_en + one.left_en for one in plain.risks))


def test_the_fields_are_those_of_the_uk_standard_in_its_order() -> None:
    keys = [field.key for field in made().atrs]
    assert len(set(keys)) == len(keys)
    tiers = {key.rpartition(".")[0] if key.startswith("tier_1") else ".".join(key.split(".")[:2]) for key in keys}
    assert tiers == {"tier_1", *(f"tier_2.{name}" for name in ("owner", "description", "deployment", "tool", "risks"))}
    assert keys[:4] == ["tier_1.name", "tier_1.description", "tier_1.website_url", "tier_1.contact_email"]


def test_the_korean_fields_name_what_asks_for_them() -> None:
    bases = " ".join(field.basis for field in made().korea)
    for wanted in (
        "제31조제1항",
        "제31조제2항",
        *(f"제34조제1항제{n}호" for n in range(1, 6)),
        "행정기본법 제20조",
        "N2SF",
    ):
        assert wanted in bases
    for principle in ("공공성", "투명성", "안전성", "형평성", "책임성"):
        assert principle in bases


def test_every_fact_is_used_and_every_value_is_a_fact() -> None:
    rows = (*layout().atrs, *layout().korea)
    assert {row.value for row in rows if row.value} == set(FACTS)


def test_every_measure_is_in_a_module_that_is_there() -> None:
    for one in made().risks:
        assert one.modules
        for name in one.modules:
            assert importlib.util.find_spec(name), f"{one.id}: {name}"


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_blanks_are_marked_and_counted(lang: Lang) -> None:
    found = made()
    fields = found.korea if lang == "ko" else found.atrs
    left = sum(bool(field.to_fill) for field in fields)
    mark = "【기관이 적을 것】" if lang == "ko" else "[TO BE FILLED IN BY THE AGENCY]"
    lines = words(found, lang)
    assert sum(line.startswith(mark) for line in lines) == left > 10
    assert any(str(left) in line and str(len(fields)) in line for line in lines[:2])
    assert len(found.to_fill) == sum(bool(field.to_fill) for field in (*found.atrs, *found.korea))


def test_every_value_is_shown_whole() -> None:
    found = made(collections=(*SHELF, INNER))
    for lang in ("ko", "en"):
        shown = "\n".join(words(found, lang))
        for field in found.korea if lang == "ko" else found.atrs:
            for line in (field.value if lang == "ko" else field.value_en).splitlines():
                assert line in shown, field.key


def test_a_card_is_frozen_and_comes_back_from_its_json() -> None:
    found = made(evaluation=CardEvaluation(file="a", sha256="b", figures={"queries": 1.0, "i": (0.1, 0.2)}))
    assert Card.model_validate_json(json.dumps(found.to_dict())) == found
    assert found.schema_version == 1
    with pytest.raises(ValidationError, match="frozen"):
        found.agency = "다른"


def test_the_example_policy_makes_a_card() -> None:
    found = card(Registry.parse(policy.example(), source=Path("x")), collections=SHELF, version="0.1.0", today=TODAY)
    assert len(found.models) == 3
