"""The reader is chosen by what the bytes are, then by the name; what has no reader is named with a remedy."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile, EncryptedFile, GovragError, UnknownFormat
from govrag.ingest.read import FORMATS, format_of, known_formats, read_document, read_file
from govrag.records import Source

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
STATUTE = """---
제목: 새벽교통법
법령MST: 100001
법령ID: '900001'
법령구분: 법률
소관부처:
- 새벽교통부
공포일자: 2025-01-02
공포번호: '90001'
시행일자: 2025-07-01
상태: 시행
---

# 새벽교통법

##### 제1조 (목적)

이 법은 새벽의 교통을 정한다.
"""


def source(name: str) -> Source:
    return Source(f"/folder/{name}", name, "", 1)


def zipped(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "application/hwp+zip" if member == "mimetype" else "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"%PDF-1.7\n", "보고서.txt", "PDF"),
        (b"\n\n%PDF-1.4\n", "x", "PDF"),
        (STATUTE.encode(), "법률.md", "law.go.kr Markdown"),
        (STATUTE.encode(), "법률.txt", "law.go.kr Markdown"),
        ("---\ntitle: 안내\n---\n글".encode(), "안내.md", "Markdown"),
        ('<?xml version="1.0" encoding="UTF-8"?>\n<법령 법령키="1">'.encode(), "x.xml", "law.go.kr XML"),
        ("<AdmRulService><행정규칙기본정보/>".encode(), "x", "law.go.kr XML"),
        ('{\n  "법령": {"기본정보": {}}}'.encode(), "x.json", "law.go.kr JSON"),
        (b"<!-- c --><!DOCTYPE html><p>", "x.txt", "HTML"),
        ("\ufeff<HTML>".encode("utf-16-le"), "x", "HTML"),
        (b"<p>x</p>", "x.htm", "HTML"),
        (b'{"id": "1", "text": "x"}\n', "x", "JSONL"),
        (b"broken", "x.jsonl", "JSONL"),
        ("가나다".encode("cp949"), "x.md", "Markdown"),
        ("그냥 글".encode("cp949"), "x.txt", "TXT"),
        ("그냥 글".encode(), "확장자 없음", "TXT"),
        ("가,나\n".encode("cp949"), "명단.csv", "CSV"),
        (OLE + "FileHeader".encode("utf-16-le"), "문서.pdf", "HWP 5"),
        (zipped("mimetype", "Contents/content.hpf"), "문서.zip", "HWPX"),
        (zipped("Contents/section0.xml"), "문서.hwp", "HWPX"),
        (zipped("[Content_Types].xml", "word/document.xml"), "문서.hwpx", "DOCX"),
        (zipped("xl/workbook.xml"), "문서.txt", "XLSX"),
        (b'<?xml version="1.0"?><HWPML Version="2.8">', "문서.txt", "HWPML"),
        (b'<?xml version="1.0"?>\n\n<response><header><successYN>Y', "x.xml", "KIPRIS XML"),
        (b'<!DOCTYPE us-patent-grant SYSTEM "a.dtd" [ ]>\n<us-patent-grant lang="EN">', "x", "특허 XML"),
    ],
)
def test_bytes_come_before_names(data: bytes, name: str, expected: str) -> None:
    found = format_of(data, name)
    assert (found.name, bool(found.reader)) == (expected, True)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), "DOC"),
        (OLE + "Workbook".encode("utf-16-le"), "XLS"),
        (OLE, "OLE"),
        (b"HWP Document File V3.00 \x1a", "HWP 3"),
        (zipped("ppt/presentation.xml"), "PPTX"),
        (zipped("공고.txt"), "ZIP"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        (b'<?xml version="1.0"?><response><body/></response>', "XML"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\x1f\x8b\x08" + bytes(20), "gzip"),
    ],
)
@pytest.mark.parametrize("name", ["문서.txt", "문서.pdf"])
def test_what_has_no_reader_is_named_with_what_to_do(data: bytes, expected: str, name: str) -> None:
    with pytest.raises(UnknownFormat) as refused:
        read_document(data, source(name))
    for lang in ("ko", "en"):
        message = refused.value.message(lang)
        assert name in message
        assert expected in message
        assert all(known in message for known in known_formats(lang))


@pytest.mark.parametrize(
    "data",
    [OLE + "EncryptedPackage".encode("utf-16-le"), b"\x9b DRMONE  This Document is encrypted", b"SCDSA004" + bytes(9)],
)
def test_protected_files_ask_for_an_unprotected_copy(data: bytes) -> None:
    with pytest.raises(EncryptedFile, match="해제"):
        read_document(data, source("보안.docx"))


@pytest.mark.parametrize(
    "data", [b"", b"   \r\n\t", "\ufeff".encode(), "\ufeff  \n".encode("utf-16-le"), "\u3000\n".encode()]
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a"])
def test_nothing_but_blanks_is_an_empty_file(data: bytes, name: str) -> None:
    with pytest.raises(EmptyFile, match=name):
        read_document(data, source(name))


def test_an_archive_is_told_by_its_own_names_and_not_by_those_inside_its_members() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("안/보고서.docx", zipped("word/document.xml"))
    assert format_of(buffer.getvalue(), "묶음.zip").name == "ZIP"


def test_an_archive_is_a_folder_of_files_and_a_bad_one_costs_itself() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("규정/여비.txt", "여비 규정\n\n여비는 1만원이다.")
        archive.writestr("규정/그림.png", b"\x89PNG\r\n\x1a\n")
        archive.writestr("안.zip", zipped("a.txt"))
    reading = read_file(buffer.getvalue(), source("묶음.zip"))
    (document,) = reading.documents
    assert (document.title, "1만원" in document.text) == ("여비 규정", True)
    assert [name for name, _ in reading.refused] == ["묶음.zip/규정/그림.png", "묶음.zip/안.zip"]
    assert all(isinstance(error, UnknownFormat) and "묶음.zip/" in error.ko for _, error in reading.refused)
    with pytest.raises(EmptyFile, match="빈 압축"):
        read_file(zipped(), source("빈것.zip"))


def test_binary_rubbish_is_refused() -> None:
    with pytest.raises(UnknownFormat):
        read_document(bytes(range(256)) * 20, source("a.txt"))


def test_the_statute_reader_is_reached_through_the_table() -> None:
    (document,) = read_document(STATUTE.encode(), source("법률.md"))
    assert (document.title, document.series, document.version) == ("새벽교통법", "900001", "100001")
    assert [node.number for top in document.sections for node in top.walk() if node.kind == "조"] == ["1"]


def test_every_row_names_a_reader_that_exists_or_a_remedy() -> None:
    from importlib import import_module

    for row in FORMATS:
        module, _, name = row.reader.partition(":")
        if row.reader:
            assert import_module(f"govrag.ingest.readers.{module}").__dict__[name]().media_types
        else:
            assert all(row.remedy)


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a.jsonl", "a.pdf", "a"]))
def test_any_bytes_give_documents_or_a_typed_error(data: bytes, name: str) -> None:
    try:
        documents = read_document(data, source(name))
    except GovragError as error:
        assert name in error.ko  # noqa: PT017 (either outcome is right)
        return
    assert documents
    for document in documents:
        document.text.encode()
        assert document.text.strip()


@pytest.mark.shared
def test_every_real_document_is_read_or_refused_with_its_name(shared: Path) -> None:
    names = [path for path in sorted((shared / "documents").rglob("*")) if path.is_file()]
    outcomes = {True: 0, False: 0}
    for path in names:
        try:
            outcomes[bool(read_document(path.read_bytes(), source(path.name)))] += 1
        except GovragError as error:
            outcomes[False] += 1
            assert path.name in error.ko  # noqa: PT017 (either outcome is right)
            assert path.name in error.en  # noqa: PT017
    assert outcomes[True] >= 50
