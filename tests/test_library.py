"""The library from end to end: what is added can be found, cited, replaced, removed, and is never lost."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hash_embedder import HashEmbedder

import govrag
from govrag.errors import (
    EmbedderMismatch,
    GovragError,
    InvalidDate,
    InvalidFilter,
    InvalidQuery,
    LibraryCorrupt,
    LibraryFormat,
    LibraryNotFound,
    LibraryReadOnly,
    UnknownCollection,
    UsageError,
)
from govrag.library import Library
from govrag.records import Grade, Hit
from govrag.scope import as_day

DAY = date(2026, 11, 21)
TRAVEL = """여비 지급 규정

제1조(목적) 이 규정은 직원의 출장비에 관한 사항을 정한다.

제2조(숙박비) ① 숙박비는 1박에 8만원을 한도로 실제 쓴 금액을 지급한다.
② 친척 집에서 묵으면 1박에 2만원을 지급한다.

제3조(정산) 출장을 다녀온 사람은 7일 이내에 정산한다.
"""
SECURITY = """비밀번호 관리 지침

제1조(길이) 비밀번호는 9자 이상으로 만든다.

제2조(변경) 비밀번호는 분기마다 바꾼다.
"""


def statute(*, version: str, promulgated: str, effective: str, minutes: int) -> bytes:
    return f"""---
제목: 가상 상담 촉진법
법령MST: {version}
법령ID: '880001'
법령구분: 법률
소관부처:
- 가상안내부
공포일자: {promulgated}
공포번호: '{version}'
시행일자: {effective}
상태: 시행
---

# 가상 상담 촉진법

##### 제1조 (목적)

이 법은 상담을 촉진함을 목적으로 한다.

##### 제2조 (연결)

기관은 상담원을 찾는 사람을 {minutes}분 이내에 상담원에게 연결하여야 한다.

## 부칙

부칙 <제{version}호,{promulgated}>

이 법은 {effective}부터 시행한다.
""".encode()


OLD = statute(version="100", promulgated="2024-01-02", effective="2024-07-01", minutes=7)
NEW = statute(version="200", promulgated="2026-01-02", effective="2026-07-01", minutes=4)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with govrag.open(tmp_path / "장서") as opened:
        yield opened


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "규정"
    folder.mkdir()
    (folder / "여비.txt").write_text(TRAVEL, encoding="utf-8")
    (folder / "보안.txt").write_text(SECURITY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Two rules and two editions of a law, for tests that only read."""
    with govrag.open(tmp_path_factory.mktemp("shelf") / "장서") as opened:
        opened.add([("여비.txt", TRAVEL.encode()), ("보안.txt", SECURITY.encode()), ("옛.md", OLD), ("새.md", NEW)])
        yield opened


def titles(library: Library) -> list[str]:
    return sorted(info.title for info in library.documents())


def best(library: Library, query: str, **filters: object) -> Hit:
    return library.search(query, as_of=DAY, **filters)[0]  # type: ignore[arg-type]


# ── adding ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_is_added_and_the_receipt_says_what_happened(library: Library, rules: Path) -> None:
    receipt = library.add(rules, grade="S")
    assert (len(receipt.added), receipt.updated, receipt.unchanged, receipt.removed) == (2, (), 0, ())
    assert (receipt.collection, receipt.grade, receipt.generation) == ("main", Grade.SENSITIVE, 1)
    assert receipt.passages == sum(info.passages for info in library.documents()) >= 5
    assert receipt.seconds > 0
    assert set(receipt.added) == {info.document_id for info in library.documents()}
    assert titles(library) == ["비밀번호 관리 지침", "여비 지급 규정"]


def test_the_same_bytes_again_are_unchanged(library: Library, rules: Path) -> None:
    first = library.add(rules)
    again = library.add(rules)
    assert (again.added, again.updated, again.unchanged) == ((), (), 2)
    assert again.passages == first.passages


def test_paths_bytes_and_json_lines_can_be_mixed(library: Library, rules: Path, tmp_path: Path) -> None:
    lines = tmp_path / "문답.jsonl"
    row = {"id": "FAQ-1", "title": "주차 안내", "text": "주차장은 30분까지 무료입니다.", "부서": "총무팀"}
    lines.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    receipt = library.add([rules / "여비.txt", ("공지.txt", SECURITY.encode()), lines])
    assert (len(receipt.added), receipt.refused) == (3, ())
    (faq,) = library.documents(where={"부서": "총무팀"})
    assert (faq.document_id, faq.title, faq.metadata["부서"]) == ("FAQ-1", "주차 안내", "총무팀")
    assert best(library, "주차장 무료").passage.document_id == "FAQ-1"


def test_langchain_documents_are_accepted(library: Library) -> None:
    documents = pytest.importorskip("langchain_core.documents", reason="langchain-core is not installed")
    pages = [
        documents.Document(page_content="구내식당 점심은 5천원입니다.", metadata={"title": "식당 안내"}, id="lunch"),
        documents.Document(page_content="주차장은 30분까지 무료입니다.", metadata={"title": "주차 안내"}, id="park"),
    ]
    assert set(library.add(pages).added) == {"lunch", "park"}
    assert best(library, "점심값").passage.title == "식당 안내"
    assert library.add(pages).unchanged == 2


def test_a_generator_of_inputs_is_gone_through_once(library: Library, rules: Path) -> None:
    receipt = library.add(path for path in sorted(rules.iterdir()))
    assert len(receipt.added) == 2


def test_a_corrected_file_replaces_what_it_was(library: Library, rules: Path) -> None:
    before = library.add(rules).passages
    (rules / "여비.txt").write_text(TRAVEL.replace("8만원", "9만원"), encoding="utf-8")
    receipt = library.add(rules)
    assert (receipt.added, len(receipt.updated), receipt.unchanged, receipt.passages) == ((), 1, 1, before)
    text = best(library, "숙박비 한도").passage.text
    assert "9만원" in text
    assert "8만원" not in text


def test_a_refused_file_is_a_line_and_the_rest_is_added(library: Library, rules: Path) -> None:
    (rules / "빈 파일.txt").write_bytes(b"  \n ")
    (rules / "그림.bin").write_bytes(bytes(range(256)) * 40)
    (rules / "잘린.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<<")
    receipt = library.add(rules)
    assert len(receipt.added) == 2
    refused = {one.name: one for one in receipt.refused}
    assert set(refused) == {"빈 파일.txt", "그림.bin", "잘린.pdf"}
    assert refused["빈 파일.txt"].error == "EmptyFile"
    for one in refused.values():
        assert one.reason
        assert one.reason_en.isprintable()
        assert "Traceback" not in one.reason + one.reason_en


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text elsewhere")
def test_a_file_name_in_another_encoding_stops_nothing(library: Library, rules: Path) -> None:
    (Path(os.fsdecode(os.fsencode(rules) + b"/" + "휴가.txt".encode("cp949")))).write_text(SECURITY, encoding="utf-8")
    receipt = library.add(rules)
    assert (len(receipt.added), receipt.refused) == (3, ())
    assert library.add(rules).unchanged == 3
    assert str(rules.resolve() / "휴가.txt") in {info.source for info in library.documents()}
    assert len(library.remove(str(rules / "휴가.txt")).removed) == 1


def test_progress_counts_every_file(library: Library, rules: Path) -> None:
    told: list[tuple[int, int, str]] = []
    library.add(rules, progress=lambda *now: told.append(now))
    assert [(done, total) for done, total, _ in told] == [(1, 2), (2, 2)]
    assert {name for _, _, name in told} == {"여비.txt", "보안.txt"}


def test_a_metadata_file_goes_before_what_was_extracted(library: Library, rules: Path, tmp_path: Path) -> None:
    table = tmp_path / "metadata.csv"
    table.write_text("file,title,kind,issuer,부서\n여비.txt,출장비 규정,규정,가상원,재무팀\n", encoding="utf-8")
    library.add(rules, metadata=table)
    (info,) = library.documents(where={"부서": "재무팀"})
    assert (info.title, info.kind, info.issuer) == ("출장비 규정", "규정", "가상원")
    assert info.metadata == {"부서": "재무팀"}
    for name in ("title", "kind", "issuer", "부서"):
        assert info.origins[name] == "metadata file"
    assert best(library, "숙박비 한도").passage.label == "출장비 규정 제2조"
    (other,) = library.documents(law="비밀번호 관리 지침")
    assert other.origins["title"] not in {"", "metadata file"}


def test_a_metadata_file_given_later_takes_hold(library: Library, rules: Path, tmp_path: Path) -> None:
    library.add(rules)
    table = tmp_path / "metadata.csv"
    table.write_text("file,title\n여비.txt,출장비 규정\n", encoding="utf-8")
    library.add(rules, metadata=table)
    assert titles(library) == ["비밀번호 관리 지침", "출장비 규정"]


def test_nothing_is_made_when_an_input_does_not_exist(library: Library, rules: Path) -> None:
    with pytest.raises(UsageError, match="없음"):
        library.add([rules, rules / "없음"])
    assert not library.path.exists()


def test_what_is_no_input_is_told_so(library: Library) -> None:
    with pytest.raises(UsageError, match="int"):
        library.add([7])  # type: ignore[list-item]


# ── grades ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_grade_a_collection_is_sensitive_and_published_law_is_advised(library: Library) -> None:
    receipt = library.add(("법.md", OLD))
    assert receipt.grade is Grade.SENSITIVE
    assert "--grade O" in receipt.warnings[0]
    assert "--grade O" in receipt.warnings_en[0]


def test_internal_rules_bring_no_advice_and_a_grade_settles_it(library: Library, rules: Path) -> None:
    assert library.add(rules, collection="규정").warnings == ()
    receipt = library.add(("법.md", OLD), collection="법령", grade="O")
    assert (receipt.grade, receipt.warnings) == (Grade.OPEN, ())
    assert library.add(("법2.md", NEW), collection="법령").grade is Grade.OPEN


def test_a_second_grade_for_one_collection_is_refused(library: Library, rules: Path) -> None:
    library.add(rules, grade=Grade.SENSITIVE)
    with pytest.raises(UsageError, match="이미 S"):
        library.add(("법.md", OLD), grade="O")
    assert len(library.documents()) == 2


def test_an_unknown_grade_lists_the_grades(library: Library, rules: Path) -> None:
    with pytest.raises(UsageError, match=r"C\(기밀\), S\(민감\), O\(공개\)"):
        library.add(rules, grade="X")


@pytest.mark.parametrize("name", ["", "../밖", "a/b", ".숨김", "가" * 65, "x y"])
def test_a_collection_name_cannot_leave_the_library(library: Library, rules: Path, name: str) -> None:
    with pytest.raises(UsageError):
        library.add(rules, collection=name)
    assert not library.path.exists()


# ── removing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_document_is_removed_by_id_and_a_file_by_path(library: Library, rules: Path) -> None:
    library.add(rules)
    (travel,) = (info.document_id for info in library.documents(law="여비 지급 규정"))
    receipt = library.remove(travel)
    assert receipt.removed == (travel,)
    assert receipt.passages == library.documents()[0].passages
    assert all(hit.passage.title != "여비 지급 규정" for hit in library.search("숙박비", as_of=DAY))
    assert len(library.remove(str(rules / "보안.txt")).removed) == 1
    assert library.documents() == []


def test_what_was_removed_can_be_added_again(library: Library, rules: Path) -> None:
    library.add(rules)
    library.remove(str(rules / "여비.txt"))
    assert len(library.add(rules).added) == 1
    assert best(library, "숙박비 한도").passage.locator == "제2조"


def test_a_document_removed_by_id_comes_back_with_its_file(library: Library, rules: Path) -> None:
    library.add(rules)
    (travel,) = (info.document_id for info in library.documents(law="여비 지급 규정"))
    library.remove(travel)
    assert library.add(rules).added == (travel,)


def test_an_unknown_name_removes_nothing(library: Library, rules: Path) -> None:
    library.add(rules)
    (travel,) = (info.document_id for info in library.documents(law="여비 지급 규정"))
    with pytest.raises(UsageError, match="없는문서"):
        library.remove([travel, "없는문서"])
    assert len(library.documents()) == 2


def test_nothing_disappears_without_mirror_and_vanished_files_do_with_it(library: Library, rules: Path) -> None:
    library.add([rules, ("공지.txt", b"\xea\xb3\xb5\xec\xa7\x80: \xed\x9c\xb4\xea\xb4\x80")])
    (rules / "여비.txt").unlink()
    assert library.add(rules).removed == ()
    assert len(library.documents()) == 3
    receipt = library.add(iter([rules]), mirror=True)
    assert len(receipt.removed) == 1
    assert sorted(info.source for info in library.documents()) == sorted(
        ["memory:공지.txt", str(rules.resolve() / "보안.txt")]
    )


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_version_of_a_statute_keeps_the_old_one(library: Library) -> None:
    library.add(("옛.md", OLD))
    receipt = library.add(("새.md", NEW))
    assert len(receipt.added) == 1
    editions = {info.version: info for info in library.documents()}
    held = {
        version: next(p.validity for p in library.passages(info.document_id) if p.locator == "제2조")
        for version, info in editions.items()
    }
    assert (held["100"].effective_from, held["100"].effective_to) == (date(2024, 7, 1), date(2026, 7, 1))
    assert (held["200"].effective_from, held["200"].effective_to) == (date(2026, 7, 1), None)


def test_the_catalogue_says_when_an_old_edition_ended(shelf: Library) -> None:
    ended = {info.version: info.effective_to for info in shelf.documents(law="가상 상담 촉진법")}
    assert ended == {"100": date(2026, 7, 1), "200": None}


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_every_day_finds_the_text_of_that_day(library: Library, order: tuple[bytes, bytes]) -> None:
    for number, edition in enumerate(order):
        library.add((f"{number}.md", edition))
    for day, minutes, verdict in (
        ("2024-06-30", 7, "not_in_force"),
        ("2024-07-01", 7, "verified"),
        ("2026-06-30", 7, "verified"),
        ("2026-07-01", 4, "verified"),
    ):
        shown = library.show("가상 상담 촉진법 제2조", as_of=day)
        assert shown.verdict == verdict
        assert shown.passage is not None
        assert f"{minutes}분 이내" in shown.passage.text
        found = library.search("상담원 연결은 몇 분 안에", as_of=day)
        assert [f"{minutes}분" in hit.passage.text for hit in found if hit.passage.locator == "제2조"] == [True]
        assert found.table()[0]["in_force"] is (verdict == "verified")


@pytest.mark.usefixtures("answering")
def test_an_answer_cites_the_law_of_its_day(shelf: Library) -> None:
    for day, minutes in (("2025-01-01", 7), ("2026-11-21", 4)):
        answer = shelf.ask("상담 촉진법은 상담원을 몇 분 이내에 연결하라고 하나요?", as_of=day)
        assert answer.status in {"answered", "partial"}
        assert f"{minutes}분 이내" in answer.text
        assert answer.as_of == date.fromisoformat(day)
        assert answer.corpus_date == date(2026, 1, 2)
        assert {one.verdict for one in answer.citations} == {"verified"}


def test_newest_takes_each_laws_newest_text_in_force_or_not(shelf: Library) -> None:
    found = shelf.search("상담원 연결 분 이내", as_of="2024-08-01", newest=True)
    texts = [hit.passage.text for hit in found if hit.passage.label == "가상 상담 촉진법 제2조"]
    assert len(texts) == 1
    assert "4분" in texts[0]


@pytest.mark.parametrize("written", ["2026-11-21", "2026.11.21", "2026. 11. 21.", "2026/11/21", "20261121", DAY])
def test_a_day_is_read_as_people_write_it(written: str | date) -> None:
    assert as_day(written) == DAY


@pytest.mark.parametrize("written", ["내일", "2026-13-01", "2026-02-30", "21.11.2026", "2026-11", "11/21/2026x"])
def test_what_is_no_day_is_told_with_how_to_write_one(shelf: Library, written: str) -> None:
    for call in (shelf.search, shelf.ask, shelf.verify, shelf.show):
        with pytest.raises(InvalidDate, match="2026-11-21"):
            call("여비 지급 규정 제2조", as_of=written)


def test_a_date_before_the_law_or_far_ahead_is_a_status_and_no_error(shelf: Library) -> None:
    assert shelf.show("가상 상담 촉진법 제2조", as_of="0001-01-01").verdict == "not_in_force"
    assert shelf.show("가상 상담 촉진법 제2조", as_of="9999-12-31").passage is not None
    assert shelf.verify("가상 상담 촉진법 제2조", as_of="9999-12-31").warnings


# ── finding ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_named_provision_comes_first(shelf: Library) -> None:
    for query in ("가상 상담 촉진법 제2조", "가상상담촉진법 2조", "「가상 상담 촉진법」 제2조제1항"):
        hit = best(shelf, query)
        assert (hit.passage.label, dict(hit.signals), hit.kind) == ("가상 상담 촉진법 제2조", {"named": 1.0}, "법률")
        assert hit.collection == "main"


def test_limit_holds_and_ranks_count_from_one(shelf: Library) -> None:
    found = shelf.search("비밀번호 정산 숙박비", limit=2, as_of=DAY)
    assert [row["rank"] for row in found.table()] == [1, 2]
    assert found[0].score >= found[1].score


def test_a_small_regulation_does_not_drown(library: Library, rules: Path) -> None:
    laws = [OLD.replace(b"880001", f"{number}".encode()).decode() for number in range(10, 40)]
    noise = [
        (f"{number}.md", law.replace("가상 상담 촉진법", f"숙박비 정산 제{number}법").encode())
        for number, law in enumerate(laws)
    ]
    library.add(noise, collection="법령", grade="O")
    library.add(rules, collection="내규", grade="S")
    for filters in ({"collection": "내규"}, {"kind": "규정"}, {"law": "여비 지급 규정"}, {"where": {"kind": "규정"}}):
        found = library.search("숙박비 정산", as_of=DAY, **filters)  # type: ignore[arg-type]
        assert found
        assert {hit.passage.title for hit in found} <= {"여비 지급 규정", "비밀번호 관리 지침"}
        assert found[0].passage.title == "여비 지급 규정"
    both = library.search("숙박비 정산", as_of=DAY, collection=["내규", "법령"], limit=100)
    assert {hit.collection for hit in both} == {"내규", "법령"}
    assert library.names == ["내규", "법령"]


def test_several_kinds_mean_any_of_them(shelf: Library) -> None:
    kinds = {hit.kind for hit in shelf.search("비밀번호 숙박비 상담원", as_of=DAY, kind=["규정", "지침"])}
    assert kinds == {"규정", "지침"}


def test_a_filter_that_matches_nothing_finds_nothing(shelf: Library) -> None:
    assert len(shelf.search("숙박비", as_of=DAY, kind="조약")) == 0
    assert shelf.ask("숙박비 한도는 얼마인가요?", as_of=DAY, kind="조약").status == "no_evidence"


def test_a_field_that_no_document_has_is_an_error_that_lists_the_fields(shelf: Library) -> None:
    with pytest.raises(InvalidFilter, match=r"'부처'.*issuer, kind"):
        shelf.search("숙박비", where={"부처": "재무"})


@pytest.mark.parametrize("query", ["", "   ", "\x00\x07\x1b", "\ud800", "\u200b\u202e"])
def test_an_empty_question_is_told_so(shelf: Library, query: str) -> None:
    for call in (shelf.search, shelf.ask):
        with pytest.raises(InvalidQuery, match="비어"):
            call(query)


def test_a_huge_question_is_sent_to_verify(shelf: Library) -> None:
    with pytest.raises(InvalidQuery, match="govrag verify"):
        shelf.search("숙박비 " * 25_000)


@pytest.mark.parametrize(
    "query",
    [
        "title:여비 AND (body:*",
        '"',
        "숙박비 OR 1=1; DROP TABLE passages",
        "^^^~~~",
        "[1 TO *]",
        "\\",
        "🏨",
        "숙박비\ud800한도",
    ],
)
def test_query_syntax_is_only_text(shelf: Library, query: str) -> None:
    json.dumps(shelf.search(query, as_of=DAY).to_dict(), ensure_ascii=False).encode("utf-8")
    shelf.ask(query, as_of=DAY)
    assert len(shelf.documents()) == 4


# ── asking, checking, showing ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    """No abstaining: what an answer is made of is tested apart from when one is given."""
    monkeypatch.setattr("govrag.desk.ANSWER_FROM", 0.0)


def test_a_small_library_answers_plain_questions(shelf: Library) -> None:
    questions = (
        "출장 가서 하룻밤 자면 숙박비를 얼마까지 받나요?",
        "친척 집에서 묵으면 숙박비를 얼마 받나요?",
        "출장 정산은 며칠 이내에 하나요?",
        "비밀번호는 몇 자 이상으로 만드나요?",
        "상담원을 찾으면 몇 분 이내에 연결하나요?",
    )
    assert [shelf.ask(question, as_of=DAY).status for question in questions].count("no_evidence") <= 1


@pytest.mark.usefixtures("answering")
def test_an_answer_rests_on_quotes_that_stand(shelf: Library) -> None:
    answer = shelf.ask("출장 가서 하룻밤 자면 숙박비를 얼마까지 받나요?", as_of=DAY)
    assert answer.status in {"answered", "partial"}
    assert "8만원" in answer.text
    for one in answer.citations:
        assert one.document_id is not None
        assert one.passage_id is not None
        assert one.quote_span is not None
        passages = {passage.id: passage for passage in shelf.passages(one.document_id)}
        passage = passages[one.passage_id]
        start, end = (place - passage.start for place in one.quote_span)
        assert passage.text[start:end] == one.quote
        assert one.verdict == "verified"


def test_nothing_is_made_up_when_nothing_is_there(shelf: Library) -> None:
    answer = shelf.ask("화성에 우주선을 보내는 절차는 무엇인가요?", as_of=DAY)
    assert (answer.status, answer.statements, answer.text) == ("no_evidence", (), "")
    assert answer.confidence < 0.5


def test_many_questions_give_a_row_each_and_resume(shelf: Library, tmp_path: Path) -> None:
    kept = tmp_path / "답.jsonl"
    questions = ["숙박비 한도는 얼마인가요?", "", "비밀번호는 몇 자 이상인가요?"]
    answers = shelf.ask_many(questions, as_of=DAY, resume=kept)
    assert [row.question for row in answers.rows] == questions
    assert answers[1].status == "failed"
    assert "비어" in answers[1].error
    again = shelf.ask_many([*questions, "정산은 며칠 안에 하나요?"], as_of=DAY, resume=kept)
    assert [row.usage for row in again.rows[::2][:2]] == [row.usage for row in answers.rows[::2]], (
        "kept, not asked again"
    )
    frame = again.to_pandas()
    assert list(frame["question"]) == [*questions, "정산은 며칠 안에 하나요?"]
    assert list(frame.columns) == [
        "question",
        "status",
        "answer",
        "citations",
        "verified",
        "not_verified",
        "as_of",
        "corpus_date",
        "error",
    ]


@pytest.mark.usefixtures("answering")
def test_an_answer_kept_under_another_filter_is_not_used(shelf: Library, tmp_path: Path) -> None:
    kept = tmp_path / "답.jsonl"
    question = "비밀번호는 몇 자 이상인가요?"
    wide = shelf.ask_many([question], as_of=DAY, resume=kept)
    narrow = shelf.ask_many([question], as_of=DAY, kind="규정", resume=kept)
    assert any(one.label.startswith("비밀번호") for one in wide[0].citations)
    assert not any(one.label.startswith("비밀번호") for one in narrow[0].citations)


def test_verify_tells_the_invented_from_the_not_loaded(shelf: Library) -> None:
    draft = "「가상 상담 촉진법」 제2조에 따르되 같은 법 제40조와 「딴 나라 법」 제3조를 본다."
    result = shelf.verify(draft, as_of=DAY)
    assert [one.verdict for one in result.citations] == ["verified", "no_such_article", "not_in_library"]
    assert [draft[one.start : one.end] for one in result.citations] == [one.text for one in result.citations]
    assert result.counts == {"verified": 1, "no_such_article": 1, "not_in_library": 1}
    assert [one.label for one in result.failed] == ["가상 상담 촉진법 제40조"]


@pytest.mark.parametrize(
    "draft",
    [
        '{}는 "{}"고 정한다.',
        '"{1}"({0})',
        '{}에 따라 "{}".',
        '{}("{}")',
    ],
)
def test_a_misquotation_is_noticed_wherever_the_quote_stands(shelf: Library, draft: str) -> None:
    provision, words = "「가상 상담 촉진법」 제2조", "상담원을 찾는 사람을 {}분 이내에 상담원에게 연결하여야 한다"
    for minutes, verdict in ((4, "verified"), (9, "mismatch")):
        (cited,) = shelf.verify(draft.format(provision, words.format(minutes)), as_of=DAY).citations
        assert cited.verdict == verdict


def test_show_knows_references_and_passage_ids(shelf: Library) -> None:
    shown = shelf.show("가상 상담 촉진법 제2조", as_of="2026-01-01")
    assert shown.passage is not None
    assert shelf.show(shown.passage.id, as_of="2026-01-01").passage == shown.passage
    assert shelf.show("가상 상담 촉진법 제9조", as_of="2026-01-01").extent == "제1조~제2조"
    assert shelf.show("없는 법 제1조").verdict == "not_in_library"
    with pytest.raises(UsageError, match="제1조"):
        shelf.show("가상 상담 촉진법")


def test_the_passages_of_a_document_are_in_reading_order(shelf: Library) -> None:
    (travel,) = (info.document_id for info in shelf.documents(law="여비 지급 규정"))
    found = shelf.passages(travel)
    assert [passage.locator for passage in found][-3:] == ["제1조", "제2조", "제3조"]
    assert [passage.start for passage in found] == sorted(passage.start for passage in found)
    assert shelf.passages("없는문서") == []


# ── the directory ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_opening_makes_nothing_and_asking_nothing_says_what_to_do(tmp_path: Path) -> None:
    with govrag.open(tmp_path / "아직") as library:
        for call in (lambda: library.search("가"), lambda: library.ask("가"), library.documents, library.info):
            with pytest.raises(LibraryNotFound, match="govrag add"):
                call()
    assert not (tmp_path / "아직").exists()


def test_a_file_is_no_library(tmp_path: Path) -> None:
    (tmp_path / "파일").write_text("x")
    with pytest.raises(LibraryNotFound, match="디렉터리가 아닙니다"):
        govrag.open(tmp_path / "파일")


def test_an_unknown_collection_lists_the_known(library: Library, rules: Path) -> None:
    library.add(rules, collection="내규")
    for call in (library.search, library.ask, library.verify):
        with pytest.raises(UnknownCollection, match="내규"):
            call("숙박비", collection="법령")


def test_info_and_check_describe_each_collection(library: Library, rules: Path) -> None:
    library.add(rules, collection="내규", grade="S")
    library.add(("법.md", OLD), collection="법령", grade="O")
    rows = {row["collection"]: row for row in library.info()}
    assert (rows["내규"]["documents"], rows["내규"]["passages"], rows["내규"]["grade"]) == (
        2,
        sum(info.passages for info in library.documents(collection="내규")),
        "S",
    )
    assert (rows["법령"]["corpus_date"], rows["내규"]["corpus_date"]) == ("2024-01-02", None)
    assert all(row["bytes"] > 0 for row in rows.values())
    assert [(health.collection, list(health.problems)) for health in library.check()] == [("내규", []), ("법령", [])]


def test_rebuild_keeps_what_is_found(library: Library, rules: Path) -> None:
    library.add(rules)
    before = library.search("숙박비 한도", as_of=DAY).table()
    assert library.rebuild().passages == sum(info.passages for info in library.documents())
    after = library.search("숙박비 한도", as_of=DAY).table()
    assert [row["passage_id"] for row in after] == [row["passage_id"] for row in before]


def test_it_closes_and_opens_again(tmp_path: Path, rules: Path) -> None:
    with govrag.open(tmp_path / "장서") as library:
        library.add(rules)
        library.search("숙박비", as_of=DAY)
    assert repr(library) == f"Library({str(tmp_path / '장서')!r})"
    with govrag.open(tmp_path / "장서") as again:
        assert best(again, "숙박비 한도").passage.locator == "제2조"


def test_an_open_library_notices_what_another_process_writes(tmp_path: Path, rules: Path) -> None:
    path = tmp_path / "장서"
    with govrag.open(path) as library:
        library.add(rules)
        assert len(library.documents()) == 2
        script = "import sys, govrag; govrag.open(sys.argv[1]).add(('법.md', sys.stdin.buffer.read()))"
        subprocess.run([sys.executable, "-c", script, str(path)], input=OLD, check=True, env=os.environ | here())
        assert len(library.documents()) == 3
        assert best(library, "가상 상담 촉진법 제2조").passage.title == "가상 상담 촉진법"
        script = "import sys, govrag; govrag.open(sys.argv[1]).remove(sys.argv[2])"
        source = str(rules / "여비.txt")
        subprocess.run([sys.executable, "-c", script, str(path), source], check=True, env=os.environ | here())
        assert all(hit.passage.title != "여비 지급 규정" for hit in library.search("숙박비 한도", as_of=DAY))


def here() -> dict[str, str]:
    return {"PYTHONPATH": str(Path(govrag.__file__).parents[1])}


def test_threads_share_a_library_for_reading(sample_library: Path) -> None:
    queries = ["숙박비 한도", "연차 이월", "비밀번호 길이", "안전문 고장", "상담원 연결"] * 8
    with govrag.open(sample_library) as library:
        alone = [library.search(query, as_of=DAY).table() for query in queries]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda query: library.search(query, as_of=DAY).table(), queries))
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda query: library.ask(query, as_of=DAY).text, queries))
    assert together == alone
    assert answers[:5] == answers[5:10]


def test_a_library_opened_by_many_threads_at_once(sample_library: Path) -> None:
    with govrag.open(sample_library) as library, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: library.search("숙박비 한도", as_of=DAY)[0].passage.id, range(16)))
    assert len(set(found)) == 1


def test_a_damaged_file_is_named_before_it_is_used(tmp_path: Path, rules: Path) -> None:
    path = tmp_path / "장서"
    with govrag.open(path) as library:
        library.add(rules)
    (dense,) = (path / "main").glob("dense-*.bin")
    damaged = bytearray(dense.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    dense.chmod(stat.S_IRUSR | stat.S_IWUSR)
    dense.write_bytes(damaged)
    with govrag.open(path) as library:
        with pytest.raises(LibraryCorrupt, match=dense.name) as caught:
            library.search("숙박비")
        assert "rebuild" in caught.value.en
        library.rebuild()
        assert best(library, "숙박비 한도").passage.locator == "제2조"


def test_another_embedder_is_an_error_with_the_remedy(
    tmp_path: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "장서"
    with govrag.open(path) as library:
        library.add(rules)
    monkeypatch.setattr("govrag.library.StaticEmbedder", HashEmbedder)
    with govrag.open(path) as library, pytest.raises(EmbedderMismatch, match="govrag rebuild"):
        library.search("숙박비")


def test_another_format_is_an_error_with_the_remedy(tmp_path: Path, rules: Path) -> None:
    import sqlite3

    path = tmp_path / "장서"
    with govrag.open(path) as library:
        library.add(rules)
    with sqlite3.connect(path / "main" / "store.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with govrag.open(path) as library, pytest.raises((LibraryFormat, LibraryCorrupt), match="main"):
        library.search("숙박비")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_without_permission_nothing_is_written(tmp_path: Path, rules: Path) -> None:
    closed = tmp_path / "닫힘"
    closed.mkdir()
    closed.chmod(0o500)
    with govrag.open(closed / "장서") as library, pytest.raises(LibraryReadOnly, match="쓰기 권한"):
        library.add(rules)


def test_a_library_can_be_carried_to_another_place(tmp_path: Path, rules: Path) -> None:
    with govrag.open(tmp_path / "여기") as library:
        library.add(rules)
    shutil.copytree(tmp_path / "여기", tmp_path / "저기")
    shutil.rmtree(tmp_path / "여기")
    with govrag.open(tmp_path / "저기") as library:
        assert best(library, "숙박비 한도").passage.locator == "제2조"


def test_every_error_speaks_both_languages(library: Library, rules: Path) -> None:
    library.add(rules)
    calls = (
        lambda: library.search(""),
        lambda: library.search("가", as_of="?"),
        lambda: library.search("가", collection="x"),
        lambda: library.search("가", where={"x": "y"}),
        lambda: library.remove("x"),
        lambda: library.add(rules, grade="x"),
        lambda: library.add("/nowhere"),
        lambda: library.show("여비 지급 규정"),
    )
    for call in calls:
        with pytest.raises(GovragError) as caught:
            call()
        korean, english = caught.value.message("ko"), caught.value.message("en")
        assert any("가" <= character <= "힣" for character in korean)
        assert korean != english
        assert korean == str(caught.value)
        assert caught.value.exit_code == 2


def test_a_connection_would_be_noticed() -> None:
    """The negative control of "no sockets" in every test above."""
    with pytest.raises(AssertionError, match="tried to connect"), socket.socket() as one:
        one.connect(("127.0.0.1", 9))


def test_a_library_without_a_readable_file_finds_nothing_and_says_so(tmp_path: Path) -> None:
    with govrag.open(tmp_path / "empty") as library:
        receipt = library.add([("그림.bin", b"\x00\x01\x02" * 50)])
        assert [refusal.error for refusal in receipt.refused] == ["UnknownFormat"]
        assert len(library.search("연차")) == 0
        assert library.ask("연차는 며칠인가요?").status == "no_evidence"
        assert library.verify("「근로기준법」 제60조").counts == {"not_in_library": 1}
        assert library.check()[0].problems == ()
