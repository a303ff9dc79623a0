"""Principals: who is listed with which rights, and what becomes of a file that does not say so plainly."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import pytest

from govrag.errors import UsageError
from govrag.govern.principals import FILE, UNBOUND, Principal, Principals
from govrag.records import Grade

KIM = """
[[principal]]
name = "김주무관"
department = "민원과"
clearance = "S"
collections = ["법령", "내규"]

[[principal]]
name = "감사실"
department = "감사과"
clearance = "C"
collections = "*"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / FILE
    path.write_text(KIM, encoding="utf-8")
    return path


def test_a_listed_principal_is_found_with_their_rights(file: Path) -> None:
    kim = Principals(file).find("김주무관")
    assert kim == Principal(
        name="김주무관", department="민원과", clearance=Grade.SENSITIVE, collections=("법령", "내규")
    )
    auditor = Principals(file).find("감사실")
    assert auditor is not None
    assert auditor.reads("무엇이든", Grade.CLASSIFIED)


def test_every_pair_of_clearance_and_grade_by_a_table_of_its_own() -> None:
    may = {"C": "CSO", "S": "SO", "O": "O"}
    for clearance, grade, listed in product("CSO", "CSO", (("법령",), ("*",), ("내규",), ())):
        principal = Principal(name="x", department="y", clearance=Grade(clearance), collections=listed)
        expected = grade in may[clearance] and listed in {("법령",), ("*",)}
        assert principal.reads("법령", Grade(grade)) is expected, (clearance, grade, listed)


def test_nobody_is_unbound_where_principals_are_listed_and_unlimited_where_not(file: Path, tmp_path: Path) -> None:
    assert Principals(file).find() is UNBOUND
    assert UNBOUND.reads("법령", Grade.OPEN)
    assert not UNBOUND.reads("법령", Grade.SENSITIVE)
    assert Principals(tmp_path / "없음.toml").find() is None
    file.write_text("", encoding="utf-8")
    assert Principals(file).find() is UNBOUND, "a file that lists nobody lists principals all the same"


def test_whoever_is_not_listed_is_refused(file: Path, tmp_path: Path) -> None:
    for principals in (Principals(file), Principals(tmp_path / "없음.toml")):
        for name in ("이주무관", "김주무관 ", "*"):
            with pytest.raises(UsageError, match=r"없는 이용자.*\[\[principal\]\]") as caught:
                principals.find(name)
            assert str(principals.file) in caught.value.en


def test_rights_given_as_an_object_need_no_file(tmp_path: Path) -> None:
    given = Principal(name="x", department="y", clearance=Grade.OPEN, collections=("법령",))
    assert Principals(tmp_path / "없음.toml").find(given) is given


def test_what_is_revoked_holds_at_the_next_question(file: Path) -> None:
    principals = Principals(file)
    assert principals.find("김주무관") is principals.find("김주무관"), "read once while it stays the same"
    times = file.stat()
    file.write_text(KIM.replace('"S"', '"O"'), encoding="utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))  # an editor that keeps the time, the same size
    kim = principals.find("김주무관")
    assert kim is not None
    assert kim.clearance is Grade.OPEN
    file.write_text(KIM.replace("김주무관", "이주무관"), encoding="utf-8")
    with pytest.raises(UsageError, match="김주무관"):
        principals.find("김주무관")


def entry(**changed: str) -> str:
    fields = {"name": '"김"', "department": '"과"', "clearance": '"S"', "collections": '["법령"]'} | changed
    return "[[principal]]\n" + "\n".join(f"{name} = {value}" for name, value in fields.items() if value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[principal]\n", ("line 1",)),
        (entry() + "\nname = ?", ("line 6",)),
        (entry(clearance='"X"'), ("principal.0.clearance", "'X'", "'C', 'S' or 'O'")),
        (entry() + "\n" + entry(name='"이"', clearance=""), ("principal.1.clearance", "required")),
        (entry(department=""), ("principal.0.department", "required")),
        (entry(name='""'), ("principal.0.name", "at least 1")),
        (entry(collections='["../밖"]'), ("principal.0.collections.0", "'../밖'")),
        (entry(collections="3"), ("principal.0.collections", "3")),
        (entry(colections='["법령"]'), ("principal.0.colections", "not permitted")),
        (entry() + "\n" + entry(), ("principal", "names must differ: 김")),
        ('[principals]\nname = "김"', ("principals", "not permitted")),
    ],
)
def test_a_file_that_is_not_valid_stops_everyone_and_says_where(
    tmp_path: Path, text: str, named: tuple[str, ...]
) -> None:
    file = tmp_path / FILE
    file.write_text(text, encoding="utf-8")
    for who in ("", "김"):
        with pytest.raises(UsageError) as caught:
            Principals(file).find(who)
        for message in (caught.value.ko, caught.value.en):
            assert all(part in message for part in (str(file), *named)), message
            assert "pydantic.dev" not in message


def test_a_file_that_cannot_be_read_stops_everyone(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(UsageError, match="읽을 수 없습니다"):
        Principals(tmp_path / FILE).find()
    with pytest.raises(UsageError, match="이용자 파일이 없습니다"):
        Principals(tmp_path / "없음.toml", required=True).find()
    (tmp_path / "cp949.toml").write_bytes(KIM.encode("cp949"))
    with pytest.raises(UsageError, match="올바르지 않습니다"):
        Principals(tmp_path / "cp949.toml").find()
