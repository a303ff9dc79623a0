"""What a caller hands over becomes jobs: paths, folders, bytes, LangChain documents; and the metadata file's word."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from govrag.errors import UnknownFormat, UsageError
from govrag.ingest import sources
from govrag.ingest.sandbox import Job
from govrag.ingest.sources import Overrides
from govrag.records import Document, Passage


class Page:
    """What a LangChain document has."""

    def __init__(self, page_content: str, metadata: dict[str, Any] | None = None, id: str | None = None) -> None:
        self.page_content = page_content
        self.metadata = metadata or {}
        self.id = id


def listed(inputs: Any, known: dict[str, str] | None = None) -> list[Job]:
    return list(sources.jobs(inputs, known or {}))


def tree(root: Path, *names: str) -> Path:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"제1조(목적) {name}", encoding="utf-8")
    return root


# ── paths ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_is_walked_in_a_stable_order_and_names_are_below_it(tmp_path: Path) -> None:
    tree(tmp_path, "나/둘.txt", "가/셋.txt", "가/하나.txt", "뿌리.md")
    found = listed(tmp_path)
    assert [job.name for job in found] == ["가/셋.txt", "가/하나.txt", "나/둘.txt", "뿌리.md"]
    assert [job.uri for job in found] == [str(tmp_path.resolve() / job.name) for job in found]


def test_hidden_files_links_and_devices_are_passed_over(tmp_path: Path) -> None:
    tree(tmp_path, "보임.txt", ".숨김.txt", ".git/설정.txt", "폴더/.DS_Store")
    (tmp_path / "밖.txt").symlink_to(Path(__file__))
    os.mkfifo(tmp_path / "관.txt")
    assert [job.name for job in listed(tmp_path)] == ["보임.txt"]


def test_a_link_to_a_folder_inside_a_folder_is_not_followed(tmp_path: Path) -> None:
    tree(tmp_path, "a/하나.txt")
    (tmp_path / "a" / "고리").symlink_to(tmp_path, target_is_directory=True)
    assert [job.name for job in listed(tmp_path)] == ["a/하나.txt"]


def test_a_file_is_one_job_under_its_own_name(tmp_path: Path) -> None:
    (job,) = listed(str(tree(tmp_path, "여비규정.txt") / "여비규정.txt"))
    assert (job.name, job.path) == ("여비규정.txt", tmp_path.resolve() / "여비규정.txt")


def test_a_relative_path_and_an_absolute_one_are_the_same_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree(tmp_path, "가.txt"))
    assert listed("가.txt")[0].uri == listed(tmp_path / "가.txt")[0].uri == listed(".")[0].uri


def test_decomposed_file_names_of_macos_become_composed(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "여비규정.txt")
    (job,) = listed(tree(tmp_path, name))
    assert job.name == "여비규정.txt"
    assert job.uri == str(tmp_path.resolve() / "여비규정.txt")
    assert job.path is not None
    assert job.path.read_text(encoding="utf-8")  # the file is still found under the name that it has


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text elsewhere")
def test_a_file_name_in_cp949_is_read_as_people_wrote_it(tmp_path: Path) -> None:
    folder = tmp_path / "옛 자료"
    folder.mkdir()
    (folder / os.fsdecode("휴가.txt".encode("cp949"))).write_text("제1조", encoding="utf-8")
    (job,) = listed(folder)
    assert (job.name, job.uri) == ("휴가.txt", str(folder.resolve() / "휴가.txt"))
    assert job.path is not None
    assert job.path.is_file()
    assert sources.uri_of(job.path) == job.uri


def test_a_decomposed_folder_holds_its_files(tmp_path: Path) -> None:
    folder = tmp_path / unicodedata.normalize("NFD", "규정")
    (job,) = listed(tree(folder, "가.txt"))
    assert sources.is_below(job.uri, sources.roots(folder)[0])


def test_what_is_known_travels_with_the_job(tmp_path: Path) -> None:
    uri = str(tree(tmp_path, "가.txt").resolve() / "가.txt")
    assert listed(tmp_path, {uri: "abc"})[0].known_sha256 == "abc"


@pytest.mark.parametrize("missing", ["없음.txt", "없는폴더/없음.txt"])
def test_a_path_that_does_not_exist_is_a_usage_error_that_names_it(tmp_path: Path, missing: str) -> None:
    with pytest.raises(UsageError, match=missing) as caught:
        listed([tmp_path, tmp_path / missing])
    assert "no such file" in caught.value.en


def test_roots_are_the_folders_that_were_handed_over(tmp_path: Path) -> None:
    tree(tmp_path, "규정/가.txt", "나.txt")
    assert sources.roots([tmp_path / "규정", tmp_path / "나.txt", ("이름", b"x")]) == [tmp_path.resolve() / "규정"]


def test_below_a_folder_means_below_it_and_not_beside_it(tmp_path: Path) -> None:
    assert sources.is_below(str(tmp_path / "규정" / "가.txt"), tmp_path / "규정")
    assert not sources.is_below(str(tmp_path / "규정2" / "가.txt"), tmp_path / "규정")


# ── bytes and LangChain documents ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("inputs", [("공지.txt", b"abc"), [("공지.txt", b"abc")], iter([("공지.txt", b"abc")])])
def test_bytes_with_a_name_need_no_file(inputs: Any) -> None:
    (job,) = listed(inputs, {"memory:공지.txt": "f00"})
    assert (job.uri, job.name, job.data, job.path, job.known_sha256) == (
        "memory:공지.txt",
        "공지.txt",
        b"abc",
        None,
        "f00",
    )


def test_a_langchain_document_becomes_a_json_line() -> None:
    page = Page("연차는 25일까지다.", {"source": "내규.pdf", "title": "연차 내규", "page": 3, "nested": {"a": 1}})
    (job,) = listed(page)
    assert job.data is not None
    assert json.loads(job.data) == {
        "id": "내규.pdf",
        "source": "내규.pdf",
        "title": "연차 내규",
        "page": 3,
        "text": "연차는 25일까지다.",
    }
    assert job.uri == "memory:내규.pdf.jsonl"


def test_a_langchain_document_without_identity_is_known_by_its_contents() -> None:
    first, again, other = (listed(Page(text))[0] for text in ("같은 글", "같은 글", "다른 글"))
    assert first.uri == again.uri != other.uri
    assert first.data is not None
    assert json.loads(first.data)["title"] == "같은 글"
    assert sha256("같은 글".encode()).hexdigest()[:12] in first.uri


def test_langchain_itself_is_accepted() -> None:
    documents = pytest.importorskip("langchain_core.documents", reason="langchain-core is not installed")
    (job,) = listed([documents.Document(page_content="본문", metadata={"title": "제목"}, id="d-1")])
    assert job.data is not None
    assert json.loads(job.data) == {"id": "d-1", "title": "제목", "text": "본문"}


# ── the metadata file ─────────────────────────────────────────────────────────────────────────────────────────────


def overrides(tmp_path: Path, text: str, *, encoding: str = "utf-8") -> Overrides:
    file = tmp_path / "metadata.csv"
    file.write_bytes(text.encode(encoding))
    return Overrides.load(file)


DOCUMENT = Document(
    "d1", "파일에서 읽은 제목", (), kind="안내", metadata={"부서": "총무"}, origins={"title": "first line"}
)
PASSAGES = [Passage("d1#제1조", "d1", "제1조", "제1조 …", 0, 5, ("파일에서 읽은 제목", "제1조"))]


def test_its_word_goes_before_what_was_extracted_and_every_value_keeps_its_origin(tmp_path: Path) -> None:
    table = overrides(tmp_path, "file,title,kind,effective_from,부서\n여비규정.txt,여비규정,규정,2026-01-01,재무팀\n")
    document, passages = table.apply(DOCUMENT, PASSAGES, uri="/서고/규정/여비규정.txt")
    assert (document.title, document.kind, document.effective_from) == ("여비규정", "규정", date(2026, 1, 1))
    assert document.metadata == {"부서": "재무팀"}
    assert document.origins == dict.fromkeys(("title", "kind", "effective_from", "부서"), "metadata file")
    assert [passage.label for passage in passages] == ["여비규정 제1조"]


def test_an_empty_cell_leaves_what_was_extracted(tmp_path: Path) -> None:
    document, _ = overrides(tmp_path, "file,title,kind\n가.txt,,고시\n").apply(DOCUMENT, PASSAGES, uri="/가.txt")
    assert (document.title, document.kind) == ("파일에서 읽은 제목", "고시")
    assert document.origins == {"title": "first line", "kind": "metadata file"}


def test_the_longest_ending_of_the_path_decides(tmp_path: Path) -> None:
    table = overrides(tmp_path, "file,title\n여비규정.txt,짧은\n은행/여비규정.txt,긴\n")
    assert table.apply(DOCUMENT, PASSAGES, uri="/서고/은행/여비규정.txt")[0].title == "긴"
    assert table.apply(DOCUMENT, PASSAGES, uri="/서고/본원/여비규정.txt")[0].title == "짧은"
    assert table.apply(DOCUMENT, PASSAGES, uri="memory:여비규정.txt")[0].title == "짧은"
    assert table.apply(DOCUMENT, PASSAGES, uri="/서고/부설여비규정.txt")[0] is DOCUMENT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_any_encoding_that_excel_writes_is_read(tmp_path: Path, encoding: str) -> None:
    table = overrides(tmp_path, 'file,title\r\n가.txt,"쉼표, 있는 제목"\r\n', encoding=encoding)
    assert table.apply(DOCUMENT, PASSAGES, uri="/가.txt")[0].title == "쉼표, 있는 제목"


def test_a_file_name_typed_on_a_mac_matches(tmp_path: Path) -> None:
    table = overrides(tmp_path, f"file,title\n{unicodedata.normalize('NFD', '여비규정.txt')},여비\n")
    assert table.apply(DOCUMENT, PASSAGES, uri="/여비규정.txt")[0].title == "여비"


def test_without_the_file_column_the_columns_found_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'file' 열이 없습니다 \(있는 열: 파일, 제목\)"):
        overrides(tmp_path, "파일,제목\n가.txt,나\n")


def test_a_wrong_date_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"3행: effective_from 값 '2026.3.1'"):
        overrides(tmp_path, "file,effective_from\n가.txt,2026-03-01\n나.txt,2026.3.1\n")


def test_a_missing_metadata_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"없음\.csv"):
        Overrides.load(tmp_path / "없음.csv")


def test_a_metadata_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "그림.csv").write_bytes(bytes(range(256)) * 8)
    with pytest.raises(UnknownFormat, match=r"그림\.csv"):
        Overrides.load(tmp_path / "그림.csv")
