from __future__ import annotations

import io
import stat
import struct
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EncryptedFile, LimitExceeded, UnreadableFile
from govrag.ingest.archive import MOST_ENTRIES, Archive
from govrag.records import Source

SOURCE = Source(uri="memory:묶음.zip", name="묶음.zip", sha256="0" * 64, size=0)
MIB = 1 << 20


def opened(data: bytes) -> Archive:
    return Archive(data, SOURCE)


def zipped(members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def entry(
    name: bytes, packed: bytes, *, size: int, crc: int, flags: int = 0, method: int = 8, offset: int = 0
) -> bytes:
    """A local header with its bytes, or (with an offset) the directory's entry for one."""
    common = struct.pack("<HHHHHIII", 20, flags, method, 0, 0x21, crc, len(packed), size)
    if offset < 0:
        return b"PK\x03\x04" + common + struct.pack("<HH", len(name), 0) + name + packed
    return b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, offset) + name


def raw_zip(
    names: list[bytes], content: bytes, *, flags: int = 0, size: int | None = None, overlapped: bool = False
) -> bytes:
    """A ZIP written byte by byte, so that its headers can say anything."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    size, crc = len(content) if size is None else size, zlib.crc32(content)
    body = directory = b""
    for number, name in enumerate(names):
        offset = len(body)
        if overlapped and number:
            offset = 0
        else:
            body += entry(name, packed, size=size, crc=crc, flags=flags, offset=-1)
        directory += entry(name, packed, size=size, crc=crc, flags=flags, offset=offset)
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def test_files_are_listed_in_order_and_read() -> None:
    archive = opened(zipped({"나.txt": b"2", "가/다.txt": b"3", "빈.txt": b""}))
    assert archive.names == ("나.txt", "가/다.txt", "빈.txt")
    assert [archive.read(name) for name in archive.names] == [b"2", b"3", b""]
    assert "나.txt" in archive
    assert "라.txt" not in archive


def test_folders_links_and_what_a_mac_adds_are_no_files() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("폴더/", b"")
        archive.writestr("__MACOSX/폴더/._공고.txt", b"x")
        archive.writestr("폴더/.DS_Store", b"x")
        link = zipfile.ZipInfo("열쇠")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("폴더/공고.txt", b"x")
    assert opened(out.getvalue()).names == ("폴더/공고.txt",)


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
def test_names_without_the_utf8_mark_are_korean(encoding: str) -> None:
    assert opened(raw_zip(["연구개발/똠방.hwp".encode(encoding)], b"x")).names == ("연구개발/똠방.hwp",)


def test_names_are_composed_and_their_parts_divided_by_slashes() -> None:
    decomposed = unicodedata.normalize("NFD", "규정\\안내.txt")
    archive = opened(raw_zip([decomposed.encode()], b"x", flags=0x800))
    assert archive.names == ("규정/안내.txt",)
    assert archive.read("규정/안내.txt") == b"x"


@pytest.mark.parametrize(
    "name", [b"/etc/passwd", b"a/../../b", b"..", b"C:\\a.txt", b"c:a", b"\\\\server\\a", b"a\0.txt", b"..\\a"]
)
def test_names_that_leave_the_folder_are_refused(name: bytes) -> None:
    with pytest.raises(UnreadableFile, match="폴더 밖") as refused:
        opened(raw_zip([b"fine.txt", name], b"x"))
    assert "묶음.zip" in str(refused.value)


def test_a_name_with_dots_is_fine() -> None:
    assert opened(zipped({"..끝.txt": b"", "a/b..c": b""})).names == ("..끝.txt", "a/b..c")


@pytest.mark.parametrize(
    "names", [[b"a", b"a"], [b"a/b", b"a\\b"], ["가".encode(), unicodedata.normalize("NFD", "가").encode()]]
)
def test_one_name_twice_is_refused(names: list[bytes]) -> None:
    with pytest.raises(UnreadableFile, match="두 번"):
        opened(raw_zip(names, b"x"))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(UnreadableFile, match=r"Contents/header\.xml"):
        opened(zipped({"a": b"x"})).read("Contents/header.xml")


def test_a_password_is_told() -> None:
    archive = opened(raw_zip([b"a.txt"], b"x" * 100, flags=1))
    with pytest.raises(EncryptedFile, match="암호"):
        archive.read("a.txt")


def test_a_flat_bomb_is_stopped_and_stays_stopped() -> None:
    archive = opened(zipped({"bomb": bytes(64 * MIB), "small": b"x"}))
    with pytest.raises(LimitExceeded, match="한도"):
        archive.read("bomb")
    with pytest.raises(LimitExceeded):
        archive.read("small")


def test_what_is_not_read_costs_nothing() -> None:
    archive = opened(zipped({"BinData/bomb": bytes(64 * MIB), "text": b"x"}))
    assert archive.read("text") == b"x"


def test_all_members_together_are_counted() -> None:
    archive = opened(zipped({f"{number}": bytes(6 * MIB) for number in range(4)}))
    assert len(archive.read("0")) == len(archive.read("1")) == 6 * MIB
    with pytest.raises(LimitExceeded):
        archive.read("2")


def test_overlapped_entries_count_each_time() -> None:
    data = raw_zip([b"a%03d" % number for number in range(100)], bytes(MIB), overlapped=True)
    archive = opened(data)
    with pytest.raises(UnreadableFile):
        [archive.read(name) for name in archive.names]


@pytest.mark.parametrize("size", [10, 0])
def test_a_size_that_would_cut_the_content_is_found_out(size: int) -> None:
    with pytest.raises(UnreadableFile, match="손상"):
        opened(raw_zip([b"a"], b"0123456789" * 100, size=size)).read("a")


def test_a_size_that_promises_more_is_not_believed() -> None:
    assert opened(raw_zip([b"a"], b"0123456789", size=0x7FFFFFFF)).read("a") == b"0123456789"


def test_a_small_size_does_not_hide_a_bomb() -> None:
    with pytest.raises(UnreadableFile):
        opened(raw_zip([b"a"], bytes(300 * MIB), size=10)).read("a")


def test_a_small_archive_may_shrink_well() -> None:
    assert len(opened(zipped({"a": bytes(10 * MIB)})).read("a")) == 10 * MIB


def test_too_many_entries_are_refused() -> None:
    data = raw_zip([b"%d" % number for number in range(MOST_ENTRIES + 1)], b"")
    with pytest.raises(LimitExceeded, match="10,000"):
        opened(data)
    assert len(opened(raw_zip([b"%d" % number for number in range(200)], b"")).names) == 200


def test_an_archive_of_archives_is_counted_by_its_own_entries() -> None:
    inner = raw_zip([b"%d" % number for number in range(6_000)], b"")
    assert len(opened(zipped({"a.zip": inner, "b.zip": inner}, method=zipfile.ZIP_STORED)).names) == 2


def test_zip64_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("a", "w", force_zip64=True) as member:
        member.write(b"x" * 1000)
    assert opened(out.getvalue()).read("a") == b"x" * 1000


def test_bytes_before_the_archive_are_allowed() -> None:
    assert opened(b"MZ" + bytes(500) + zipped({"a": b"x"})).read("a") == b"x"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_do_not_inflate_by_pieces_are_refused(method: int) -> None:
    with pytest.raises(UnreadableFile, match="방식"):
        opened(zipped({"a": b"x" * 1000}, method=method)).read("a")


@pytest.mark.parametrize(
    "data", [b"", b"PK\x05\x06", b"PK\x03\x04" + bytes(100), bytes(1000), b"PK\x05\x06" + b"\xff" * 18]
)
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"묶음\.zip"):
        opened(data)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6), st.integers(0, 420))
def test_damage_ends_in_a_typed_error(flips: list[tuple[int, int]], length: int) -> None:
    data = bytearray(zipped({"가.txt": b"a" * 300, "나.txt": bytes(range(100)), "폴더/": b""}))
    for position, value in flips:
        data[position % len(data)] = value
    with warnings.catch_warnings(), suppress(UnreadableFile):
        warnings.simplefilter("ignore")  # zipfile warns of odd extra fields
        archive = opened(bytes(data[: max(length, 1)]))
        assert all(len(archive.read(name)) <= 16 * MIB for name in archive.names)
