"""Which model may see what: default-deny, and every refusal says what to write where."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from govrag.errors import PolicyDenied, UsageError
from govrag.govern.policy import Approvals, Registry, RegistryPolicy, example
from govrag.records import Grade

DAY = date(2026, 11, 21)
SOURCE = Path("곳/policy.toml")
MODEL = """
[[model]]
id = "한별"
vendor = "한별연구소"
country = "KR"
zone = "internal"
endpoint = "http://llm.example:8000/v1"
grade = "S"
approval = "시험-1"
approved = 2026-01-01
"""


def policy(toml: str = MODEL, *, today: date = DAY) -> RegistryPolicy:
    return RegistryPolicy(Registry.parse(toml.encode(), source=SOURCE), source=SOURCE, today=lambda: today)


def denied(policy: RegistryPolicy, model: str = "한별", grade: Grade = Grade.OPEN) -> PolicyDenied:
    with pytest.raises(PolicyDenied) as caught:
        policy.approve(model, grade=grade)
    assert caught.value.exit_code == 4
    return caught.value


def test_an_approved_model_is_what_its_entry_says() -> None:
    approval = policy().approve("한별", grade=Grade.SENSITIVE)
    assert (approval.id, approval.name, approval.endpoint) == ("한별", "한별", "http://llm.example:8000/v1")
    assert (approval.grade, approval.zone, approval.approval, approval.mask) == ("S", "internal", "시험-1", True)


def test_every_field_of_an_approval_comes_from_the_entry() -> None:
    toml = MODEL + (
        'name = "hb-1"\nkey_env = "HB_KEY"\nprice_input = 3.5\nprice_output = 7\ncurrency = "USD"\ncontext = 999\n'
        'mask = false\njson_schema = "enforced"\nsystem_role = false\nstream_usage = false\n'
    )
    one = policy(toml).approve("한별", grade=Grade.OPEN)
    assert (one.name, one.key_env, one.price_input, one.price_output, one.currency) == ("hb-1", "HB_KEY", 3.5, 7, "USD")
    assert (one.context, one.mask, one.json_schema, one.system_role, one.stream_usage) == (
        999,
        False,
        "enforced",
        False,
        False,
    )


@pytest.mark.parametrize(("approved", "asked"), list(product(Grade, Grade)))
def test_a_model_sees_its_own_grade_and_those_below(approved: Grade, asked: Grade) -> None:
    above = {Grade.OPEN: "O", Grade.SENSITIVE: "OS", Grade.CLASSIFIED: "OSC"}[approved]
    assert approved.covers(asked) is (asked.value in above)
    registry = policy(MODEL.replace('grade = "S"', f'grade = "{approved.value}"'))
    if asked.value in above:
        assert registry.approve("한별", grade=asked).grade == approved
    else:
        error = denied(registry, grade=asked)
        for message in (error.ko, error.en):
            assert f'grade = "{asked.value}"' in message
            assert str(SOURCE) in message


@pytest.mark.parametrize("registry", [None, Registry()])
def test_without_an_entry_nothing_is_approved(registry: Registry | None) -> None:
    error = denied(RegistryPolicy(registry, source=SOURCE), "gpt")
    for message in (error.ko, error.en):
        assert all(part in message for part in ("'gpt'", "[[model]]", 'id = "gpt"', "approval", str(SOURCE)))


def test_an_unknown_model_is_told_the_known() -> None:
    assert "승인된 모델: 한별" in denied(policy(), "한 별").ko
    assert "Approved: 한별" in denied(policy(), "한별 ").en


def test_only_models_are_approved_as_models() -> None:
    error = denied(policy(MODEL.replace("[[model]]", "[[embedder]]")))
    assert "[[model]]" in error.en


@pytest.mark.parametrize(
    ("today", "state"),
    [("2025-12-31", "not yet"), ("2026-01-01", "in force"), ("2026-12-31", "in force"), ("2027-01-01", "ended")],
)
def test_an_approval_begins_and_ends_on_its_days(today: str, state: str) -> None:
    day = date.fromisoformat(today)
    registry = policy(MODEL + "expires = 2027-01-01\n", today=day)
    assert Approvals.of(registry.registry, file=SOURCE, today=day).rows[0].state == state
    if state == "in force":
        registry.approve("한별", grade=Grade.OPEN)
        return
    error = denied(registry)
    for message in (error.ko, error.en):
        assert all(part in message for part in (today, "시험-1", str(SOURCE), "approved"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "한별"', 'id = "한 별"', "model.0.id"),
        ('grade = "S"', 'grade = "X"', "model.0.grade"),
        ('grade = "S"', "", "model.0.grade"),
        ('zone = "internal"', 'zone = "moon"', "model.0.zone"),
        ('country = "KR"', 'country = "한국"', "model.0.country"),
        ('approval = "시험-1"', "", "model.0.approval"),
        ("approved = 2026-01-01", "approved = 2026-13-01", "line 10"),
        ("approved = 2026-01-01", "approved = 2026-01-01\nexpires = 2026-01-01", "expires"),
        ("approved = 2026-01-01", "approved = 2026-01-01\nprice = 3", "model.0.price"),
        ("approved = 2026-01-01", "approved = 2026-01-01\nprice_input = -1", "model.0.price_input"),
        ("approved = 2026-01-01", 'approved = 2026-01-01\nkey_env = "sk-secret"', "model.0.key_env"),
        ("approved = 2026-01-01", f"approved = 2026-01-01\n{MODEL}", "ids must differ: 한별"),
        ("approved = 2026-01-01", "approved = 2026-01-01\n[[budget]]", "tokens, cost or both"),
        ("approved = 2026-01-01", 'approved = 2026-01-01\n[[budget]]\nperiod = "week"\ntokens = 1', "budget.0.period"),
        (
            "approved = 2026-01-01",
            "approved = 2026-01-01\n[[budget]]\ncost = 1" + MODEL.replace('"한별"', '"다른"') + 'currency = "USD"',
            "KRW, USD",
        ),
        *(
            ("http://llm.example:8000/v1", endpoint, "model.0.endpoint")
            for endpoint in (
                "llm.example/v1",
                "ftp://llm.example",
                "http://",
                "http://user@llm.example",
                "http://:pw@llm.example",
                "http://llm.example?x=1",
                "http://llm.example#x",
                "http://llm.example:99999/v1",
                "http://llm.example:0/v1",
                "http://[::1/v1",
                "file:///etc/passwd",
                "unix:/run/x.sock",
            )
        ),
        ("[[model]]", "[[model]", "line 2"),
        ("[[model]]", "[[modle]]", "modle"),
    ],
)
def test_what_is_wrong_with_a_policy_is_named(old: str, new: str, says: str, tmp_path: Path) -> None:
    assert old in MODEL
    file = tmp_path / "policy.toml"
    file.write_text(MODEL.replace(old, new), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        Registry.load(file)
    for message in (caught.value.ko, caught.value.en):
        assert says in message
        assert str(file) in message


def test_a_policy_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="policy show --example"):
        Registry.load(tmp_path / "없음.toml")
    with pytest.raises(UsageError, match="읽을 수 없습니다"):
        Registry.load(tmp_path)
    (tmp_path / "옛.toml").write_bytes('agency = "○○청"'.encode("cp949"))
    with pytest.raises(UsageError, match="올바르지 않습니다"):
        Registry.load(tmp_path / "옛.toml")
    (tmp_path / "메모장.toml").write_bytes(b"\xef\xbb\xbf" + MODEL.encode())
    assert Registry.load(tmp_path / "메모장.toml").model[0].id == "한별"


def test_the_example_is_valid_and_made_up() -> None:
    registry = Registry.parse(example(), source=Path("policy.example.toml"))
    assert {one.zone for one in registry.model} == {"internal", "government", "internet"}
    assert registry.budget
    for one in registry.model:
        assert ".example" in one.endpoint.split("/")[2].split(":")[0], "no address that could be somebody's"
        assert one.approval.startswith("예시")
        assert one.approved + timedelta(days=365) > date(2026, 1, 1)
    assert "지어낸" in example().decode()
