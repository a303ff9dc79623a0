"""A library with principals: what someone may not read has no effect on anything they see or may do."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import govrag
from govrag.cli import app
from govrag.errors import GovragError, UnknownCollection, UsageError
from govrag.govern.principals import Principal
from govrag.index.collection import Collection
from govrag.index.shelves import Shelves
from govrag.library import Library
from govrag.records import Answer, Grade
from govrag.settings import Settings
from govrag.testing import ScriptedModel

DAY = date(2026, 11, 21)
OPEN_RULE = """여비 지급 규정

제1조(목적) 이 규정은 직원의 출장비에 관한 사항을 정한다.

제2조(숙박비) 숙박비는 1박에 8만원을 한도로 실제 쓴 금액을 지급한다.
"""
CANARY = "카나리아청람"
DOCUMENT = "비상.txt~40479b"  # the id that the hidden rule is given
HIDDEN_RULE = f"""비상 대응 지침

제1조(암호문구) 비상 대피 암호문구는 {CANARY}이며 분기마다 바꾼다.

제2조(숙박비) 비상 대피한 사람의 숙박비는 1박에 70만원을 한도로 지급한다.
"""
PRINCIPALS = """
[[principal]]
name = "김"
department = "민원과"
clearance = "S"
collections = ["공개", "내규", "새것"]

[[principal]]
name = "박"
department = "총무과"
clearance = "O"
collections = "*"

[[principal]]
name = "감사"
department = "감사과"
clearance = "C"
collections = "*"
"""
POLICY = """
[[model]]
id = "scripted"
vendor = "시험"
country = "KR"
zone = "internal"
grade = "C"
approval = "시험-1"
approved = 2026-01-01
"""
# What each may read of the shelf below; "" is nobody.
MAY = {
    "": {"공개"},
    "김": {"공개", "내규"},
    "박": {"공개"},
    "감사": {"공개", "내규", "기밀", "벽장"},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("원본") / "장서"
    with govrag.open(path) as library:
        library.add(("여비.txt", OPEN_RULE.encode()), collection="공개", grade="O")
        library.add(("휴가.txt", OPEN_RULE.replace("여비", "휴가").encode()), collection="내규", grade="S")
        added = library.add(("비상.txt", HIDDEN_RULE.encode()), collection="기밀", grade="C").added
        assert added == (DOCUMENT,)
        shutil.copytree(path / "기밀", path / "벽장")
        library.regrade("벽장", "S", reason="시험")  # of a grade that 김 may see, and not among theirs
    shutil.rmtree(path / ".govern")
    (path / "principals.toml").write_text(PRINCIPALS, encoding="utf-8")
    (path / "policy.toml").write_text(POLICY, encoding="utf-8")
    return path


@pytest.fixture
def shelf(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("govrag.desk.ANSWER_FROM", 0.0)
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GOVRAG_")]:
        monkeypatch.delenv(name)
    shutil.copytree(made, tmp_path / "장서")
    return tmp_path / "장서"


@pytest.fixture
def library(shelf: Path) -> Iterator[Library]:
    with govrag.open(shelf) as opened:
        yield opened


# Everything that reads, given a library, a collection to name and what to look for in it.
Operation = Callable[[Library, Any], Any]
ASKED = "비상 대피 암호문구는 무엇인가요?"
CITED = "비상 대응 지침 제1조"
OPERATIONS: dict[str, Operation] = {
    "search": lambda library, names: library.search(ASKED, as_of=DAY, collection=names).to_dict(),
    "search by name": lambda library, names: library.search(CITED, as_of=DAY, collection=names).to_dict(),
    "ask": lambda library, names: said(library.ask(ASKED, as_of=DAY, collection=names)),
    "ask_many": lambda library, names: [
        said(row) for row in library.ask_many([ASKED, CITED], as_of=DAY, collection=names).rows
    ],
    "ask_stream": lambda library, names: [
        said(one) if isinstance(one, Answer) else one for one in library.ask_stream(ASKED, as_of=DAY, collection=names)
    ],
    "verify": lambda library, names: library.verify(f"「비상 대응 지침」 제1조: {ASKED}", as_of=DAY, collection=names),
    "documents": lambda library, names: library.documents(collection=names),
    "documents of a law": lambda library, names: library.documents(collection=names, law="비상 대응 지침"),
    "documents by a field": lambda library, names: library.documents(collection=names, where={"kind": "지침"}),
    "passages": lambda library, names: library.passages(DOCUMENT, collection=names),
    "requirements": lambda library, names: library.requirements(collection=names),
    "check": lambda library, names: library.check(collection=names),
    "retriever": lambda library, names: library.as_retriever(as_of=DAY, collection=names).invoke(ASKED),
    "runnable": lambda library, names: said(library.as_runnable(as_of=DAY, collection=names).invoke(ASKED)),
}
EVERYWHERE: dict[str, Callable[[Library], Any]] = {
    "show": lambda library: library.show(CITED, as_of=DAY),
    "show a passage": lambda library: library.show(f"{DOCUMENT}#제1조", as_of=DAY),
    "show a title": lambda library: library.show("비상 대응 지침"),
    "info": lambda library: library.info(),
    "names": lambda library: library.names,
    "a field that is not there": lambda library: library.search(ASKED, where={"없는항목": "x"}),
    "remove": lambda library: library.remove(DOCUMENT, collection="공개"),
}


def said(answer: Answer) -> dict[str, Any]:
    return answer.model_dump(exclude={"usage"})  # which holds the seconds


def outcome(operation: Callable[[], Any]) -> str:
    """What comes of a call, all of it, as text."""
    try:
        found = operation()
    except GovragError as error:
        return f"{type(error).__name__} {error.exit_code} {error.ko} {error.en}"
    if isinstance(found, list):
        return "\n".join(map(repr, found))
    return repr(found.model_dump() if hasattr(found, "model_dump") else found)


def everything(library: Library) -> dict[str, str]:
    told = {name: outcome(lambda op=op: op(library)) for name, op in EVERYWHERE.items()}  # type: ignore[misc]
    for name, operation in OPERATIONS.items():
        for names in ((), "공개", "기밀", ("공개", "기밀")):
            told[f"{name} {names}"] = outcome(lambda op=operation, names=names: op(library, names))  # type: ignore[misc]
    return told


# ── nothing of what may not be read ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["", "김", "박"])
def test_nothing_of_a_hidden_collection_comes_out_anywhere(library: Library, who: str) -> None:
    told = everything(library.for_principal(who))
    for name, text in told.items():
        assert CANARY not in text, name
        assert "비상.txt" not in text.replace(DOCUMENT, ""), name
    seen = everything(library.for_principal("감사"))  # the control: what a reader of it sees
    shown = [name for name, text in seen.items() if CANARY in text]
    assert len(shown) > 20
    assert {name.split(" ")[0] for name in shown} >= {"search", "ask", "ask_many", "ask_stream", "passages", "show"}


def test_without_the_check_the_canary_is_found(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the test above: it would notice."""
    monkeypatch.setattr(Principal, "reads", lambda *_: True)
    monkeypatch.setattr(Principal, "lists", lambda *_: True)
    assert any(CANARY in text for text in everything(library.for_principal("박")).values())


def test_what_is_hidden_changes_nothing_that_is_seen(shelf: Path) -> None:
    """Non-interference: every id, score, count, text and error is the same, whether or not something is hidden."""
    away = shelf.with_name("따로")
    away.mkdir()
    hidden = {
        who: sorted({path.name for path in shelf.iterdir() if path.is_dir()} - MAY[who]) for who in ("", "김", "박")
    }
    for who, names in hidden.items():
        assert len(names) >= 2
        with govrag.open(shelf) as library:
            beside = everything(library.for_principal(who))
        for name in names:
            (shelf / name).rename(away / name)
        with govrag.open(shelf) as library:
            alone = everything(library.for_principal(who))
        for name in names:
            (away / name).rename(shelf / name)
        assert beside == alone, who
    with govrag.open(shelf) as library:
        assert everything(library.for_principal("감사")) != beside, "the control"


def test_a_damaged_collection_is_none_of_the_others_business(shelf: Path) -> None:
    with govrag.open(shelf) as library:
        before = everything(library)
    (shelf / "기밀" / "store.sqlite3").write_bytes(b"damaged" * 1000)
    with govrag.open(shelf) as library:
        assert everything(library) == before
        with pytest.raises(GovragError, match=r"기밀.*store\.sqlite3"):
            library.for_principal("감사").documents()


def test_what_may_not_be_read_is_never_opened(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    init = Collection.__init__

    def noted(self: Collection, path: Path, **options: Any) -> None:
        opened.append(path.name)
        init(self, path, **options)

    monkeypatch.setattr(Collection, "__init__", noted)
    everything(library)
    assert set(opened) == MAY[""]
    everything(library.for_principal("감사"))
    assert set(opened) == MAY["감사"], "the control"


@pytest.mark.parametrize("who", MAY)
def test_each_reads_what_is_theirs_by_every_operation(library: Library, who: str) -> None:
    view = library.for_principal(who)
    assert set(view.names) == MAY[who]
    for name in ("공개", "내규", "기밀", "벽장", "없음"):
        for operation in OPERATIONS.values():
            told = outcome(lambda op=operation, name=name: op(view, name))  # type: ignore[misc]
            assert ("컬렉션이 없습니다" in told) is (name not in MAY[who]), (who, name, told)


def test_hidden_and_absent_are_refused_in_the_same_words(library: Library) -> None:
    view = library.for_principal("김")
    writing: dict[str, Operation] = {
        "add": lambda library, name: library.add(("x.txt", b"x"), collection=name),
        "add with a grade": lambda library, name: library.add(("x.txt", b"x"), collection=name, grade="S"),
        "add above the clearance": lambda library, name: library.add(("x.txt", b"x"), collection=name, grade="C"),
        "remove": lambda library, name: library.remove("x", collection=name),
        "rebuild": lambda library, name: library.rebuild(collection=name),
        "regrade": lambda library, name: library.regrade(name, "O", reason="이유"),
    }
    for operation in (OPERATIONS | writing).values():
        hidden, absent = (outcome(lambda op=operation, name=name: op(view, name)) for name in ("벽장", "없음"))  # type: ignore[misc]
        assert hidden.replace("벽장", "없음") == absent
        assert "컬렉션" in absent
    assert not (library.path / "없음").exists()
    assert not (library.path / ".govern").exists()


def content(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {path: path.read_bytes() for path in files}


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_may_not_be_read_is_not_written_to(shelf: Path) -> None:
    before = content(shelf / "기밀")
    for who in ("김", "박"):
        with Library(shelf, principal=who) as library:
            for call in (
                lambda: library.add(("x.txt", OPEN_RULE.encode()), collection="기밀"),
                lambda: library.add(("x.txt", OPEN_RULE.encode()), collection="기밀", grade="O"),
                lambda: library.rebuild(collection="기밀"),
                lambda: library.remove("memory:비상.txt", collection="기밀"),
                lambda: library.regrade("기밀", "O", reason="보고 싶다"),
            ):
                with pytest.raises(UnknownCollection):
                    call()
    assert content(shelf / "기밀") == before


def test_one_makes_what_one_may_read(library: Library) -> None:
    document = ("새.txt", OPEN_RULE.encode())
    assert library.for_principal("김").add(document, collection="새것").grade is Grade.SENSITIVE
    assert library.for_principal("김").names == ["공개", "내규", "새것"]
    for who, collection, grade in (("김", "딴것", "S"), ("김", "새것2", "S"), ("박", "딴것", None)):
        with pytest.raises(UnknownCollection, match="--grade"):
            library.for_principal(who).add(document, collection=collection, grade=grade)
    assert library.for_principal("박").add(document, collection="딴것", grade="O").added
    assert library.for_principal("감사").add(document, collection="딴것").unchanged == 1, (
        "to what one may read one adds"
    )
    assert "딴것" in library.names


# ── views ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_view_costs_nothing_and_shares_what_is_open(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.search("숙박비", as_of=DAY)
    library.for_principal("박").search("숙박비", as_of=DAY)
    started = time.process_time()
    for _ in range(200):
        library.for_principal("김")
    assert (time.process_time() - started) / 200 <= 0.001
    monkeypatch.setattr(Collection, "__init__", lambda *_, **__: pytest.fail("opened anew"))
    with library.for_principal("박") as view:
        first = view.search("숙박비", as_of=DAY)
    assert library.search("숙박비", as_of=DAY).table() == first.table(), "closing a view closes nothing"
    assert library.for_principal("박").governance is library.governance


def test_threads_see_each_what_is_theirs(library: Library) -> None:
    def seen(who: str) -> set[str]:
        view = library.for_principal(who)
        return {hit.collection for hit in view.search("숙박비 한도", as_of=DAY, limit=100)}

    everyone = list(MAY) * 12
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(seen, everyone)) == [MAY[who] for who in everyone]


def test_rights_given_as_an_object_hold_without_a_file(shelf: Path) -> None:
    (shelf / "principals.toml").unlink()
    guest = Principal(name="손님", department="-", clearance=Grade.SENSITIVE, collections=("내규",))
    with govrag.open(shelf) as library:
        assert len(library.names) == 4, "without a file whoever can open the directory reads everything"
        assert library.for_principal(guest).names == ["내규"]
        with pytest.raises(UsageError, match="없는 이용자"):
            library.for_principal("김")


@pytest.mark.parametrize(
    "opened",
    [
        lambda shelf: govrag.open(shelf, principal="김"),
        lambda shelf: Library(shelf, principal="김"),
        lambda shelf: Library(shelf, settings=Settings(principal="김")),
        lambda shelf: Library(shelf, settings=Settings(principal="감사"), principal="김"),
        lambda shelf: govrag.open(shelf, principal="감사").for_principal("김"),
    ],
)
def test_a_library_is_opened_on_someones_behalf(shelf: Path, opened: Callable[[Path], Library]) -> None:
    with opened(shelf) as library:
        assert set(library.names) == MAY["김"]


def test_a_name_or_a_file_that_is_wrong_opens_nothing(shelf: Path) -> None:
    with pytest.raises(UsageError, match="'이'"):
        govrag.open(shelf, principal="이")
    with govrag.open(shelf) as library:
        (shelf / "principals.toml").write_text("[[principal]]\n", encoding="utf-8")
        for call in (library.info, lambda: library.names, lambda: library.search("숙박비"), library.rebuild):
            with pytest.raises(UsageError, match=r"principals\.toml.*principal\.0\.name"):
                call()
    with pytest.raises(UsageError, match=r"없음\.toml"):
        Library(shelf, settings=Settings(principals=shelf / "없음.toml"))


def test_principals_may_be_listed_elsewhere(shelf: Path, tmp_path: Path) -> None:
    (shelf / "principals.toml").rename(tmp_path / "명단.toml")
    with Library(shelf, settings=Settings(principals=tmp_path / "명단.toml")) as library:
        assert set(library.names) == MAY[""]


# ── what changes, and what is kept ────────────────────────────────────────────────────────────────────────────────


def test_what_is_revoked_is_gone_at_the_next_call(shelf: Path) -> None:
    with govrag.open(shelf, principal="김") as library, Library(shelf, principal="감사") as auditor:
        assert {hit.collection for hit in library.search("숙박비", as_of=DAY)} == {"공개", "내규"}
        auditor.regrade("내규", "C", reason="재분류")
        assert {hit.collection for hit in library.search("숙박비", as_of=DAY)} == {"공개"}
        file = shelf / "principals.toml"
        file.write_text(PRINCIPALS.replace('"공개", "내규", "새것"', '"새것"'), encoding="utf-8")
        assert library.names == []
        file.write_text(PRINCIPALS.replace('name = "김"', 'name = "전"'), encoding="utf-8")
        with pytest.raises(UsageError, match="'김'"):
            library.search("숙박비", as_of=DAY)


def test_a_grade_that_rises_while_it_is_opened_is_noticed(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    view = library.for_principal("김")
    newest = Shelves._newest

    def raised(shelves: Shelves, name: str) -> Collection:
        monkeypatch.setattr(Shelves, "_newest", newest)
        library.for_principal("감사").regrade("내규", "C", reason="재분류")
        return newest(shelves, name)

    monkeypatch.setattr(Shelves, "_newest", raised)
    with pytest.raises(UnknownCollection):
        view.documents(collection="내규")
    monkeypatch.setattr(Shelves, "_newest", newest)
    assert [info.collection for info in view.documents()] == ["공개"]


def test_an_answer_kept_for_one_is_not_shown_to_another(shelf: Path, tmp_path: Path) -> None:
    kept = tmp_path / "답.jsonl"
    with govrag.open(shelf) as library:
        rows = library.for_principal("감사").ask_many([ASKED], as_of=DAY, resume=kept).rows
        assert CANARY in rows[0].text
        for who in ("", "김", "박"):
            assert CANARY not in str(library.for_principal(who).ask_many([ASKED], as_of=DAY, resume=kept).rows)
        again = library.for_principal("감사").ask_many([ASKED], as_of=DAY, resume=kept).rows
        assert [row.usage for row in again] == [row.usage for row in rows], "kept, not asked again"


def test_ledger_and_audit_log_say_on_whose_behalf(shelf: Path) -> None:
    settings = Settings(department="전산실", user="서버", audit=True)
    with Library(shelf, settings=settings) as library:
        for who in ("김", ""):
            library.for_principal(who).ask("숙박비 한도는?", as_of=DAY, model=ScriptedModel("근거 없음"))
        library.for_principal("감사").regrade("벽장", "O", reason="공개 결정")
        assert {row.name for row in library.governance.usage().rows} == {"민원과", "전산실"}
        assert {row.name for row in library.governance.usage(by="user").rows} == {"김", "서버"}
    lines = (shelf / ".govern" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    facts = [(row["event"], row["facts"]["department"], row["facts"]["user"]) for row in map(json.loads, lines)]
    assert facts == [
        *[(event, "민원과", "김") for event in ("asked", "answered")],
        *[(event, "전산실", "서버") for event in ("asked", "answered")],
        ("regraded", "감사과", "감사"),
    ]


def test_a_model_is_shown_nothing_that_its_asker_may_not_read(library: Library) -> None:
    for who, shown in (("박", False), ("김", False), ("감사", True)):
        model = ScriptedModel("근거 없음")
        library.for_principal(who).ask(ASKED, as_of=DAY, model=model)
        assert (CANARY in str(model.requests)) is shown


# ── the command line ──────────────────────────────────────────────────────────────────────────────────────────────


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_every_reading_and_writing_command_takes_a_principal(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "글.txt").write_text("「비상 대응 지침」 제1조", encoding="utf-8")
    (tmp_path / "새.txt").write_text(OPEN_RULE, encoding="utf-8")
    commands: dict[tuple[str, ...], tuple[int, int]] = {  # arguments → exit codes for 김 and for 감사
        ("search", ASKED, "-c", "벽장"): (2, 0),
        ("ask", ASKED, "-c", "벽장"): (2, 0),
        ("show", CITED): (3, 0),
        ("verify", "글.txt", "-c", "벽장"): (2, 0),
        ("info", "--documents", "-c", "벽장"): (2, 0),
        ("check", "-c", "벽장"): (2, 0),
        ("rebuild", "-c", "벽장"): (2, 0),
        ("remove", "없는것", "-c", "내규"): (2, 2),
        ("grade", "벽장", "S", "--reason", "이유"): (2, 0),
        ("add", "새.txt", "-c", "벽장"): (2, 0),
    }
    for command, codes in commands.items():
        results = [run(*command, "--library", shelf, "--principal", who) for who in ("김", "감사")]
        assert tuple(result.exit_code for result in results) == codes, (command, results[0].output, results[1].output)
        assert CANARY not in results[0].output
    rows = json.loads(run("info", "--library", shelf, "--json").stdout)
    assert [row["collection"] for row in rows] == ["공개"]
    unknown = run("info", "--library", shelf, "--principal", "이")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "principals.toml" in unknown.stderr


def test_settings_name_the_principal(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "govrag.toml").write_text(f'library = "{shelf}"\n', encoding="utf-8")
    monkeypatch.setenv("GOVRAG_PRINCIPAL", "김")
    assert [row["collection"] for row in json.loads(run("info", "--json").stdout)] == ["공개", "내규"]
    assert [row["collection"] for row in json.loads(run("info", "--principal", "박", "--json").stdout)] == ["공개"]


def test_nobody_changes_a_library_unnamed(shelf: Path) -> None:
    """Whoever does not say who they are reads what is open, and changes nothing of it."""
    with govrag.open(shelf) as opened:
        before = [hit.passage.id for hit in opened.search("숙박비")]
        document = opened.documents()[0]
        attempts: list[Callable[[], object]] = [
            lambda: opened.add(("새것.txt", OPEN_RULE.encode()), collection="공개", grade="O"),
            lambda: opened.add(("새것.txt", OPEN_RULE.encode()), collection="새것", grade="O"),
            lambda: opened.add(("새것.txt", OPEN_RULE.encode()), collection="기밀"),
            lambda: opened.remove(document.document_id, collection=document.collection),
            lambda: opened.rebuild(collection="공개"),
            lambda: opened.regrade("공개", "C", reason="시험"),
        ]
        for attempt in attempts:
            with pytest.raises(UsageError, match="--principal"):
                attempt()
        assert [hit.passage.id for hit in opened.search("숙박비")] == before
    assert not (shelf / "새것").exists()
