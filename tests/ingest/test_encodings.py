"""Bytes to text: every encoding an office writes, torn, unmarked or foreign, and never a silent wrong reading."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import UnknownFormat
from govrag.ingest.readers.text import TextReader, decode
from govrag.records import Loss, Source

KOREAN = "제1조(목적) 이 규정은 임직원의 여비를 정한다. 다만, 원장이 따로 정하는 바에 따른다. 똠방각하 뷁\n"
ENGLISH = "The user’s device comprises a “processor” and a café – see each claim’s last step of the owner.\n"


def source(name: str = "글.txt") -> Source:
    return Source(f"memory:{name}", name, "0" * 64, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("times", [1, 100])
def test_korean_is_read_in_every_encoding(encoding: str, times: int) -> None:
    assert decode((KOREAN * times).encode(encoding))[0] == KOREAN * times


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_unmarked_utf16_without_a_blank_is_told_by_its_hangul(encoding: str) -> None:
    text = "여비를지급하는기준과절차를정함을목적으로하는규정이다" * 3
    assert decode(text.encode(encoding)) == (text, encoding)
    assert decode(KOREAN.encode(encoding) + b"\x41")[0].startswith(KOREAN)  # a byte too many


def test_hangul_alone_in_cp949_is_no_utf16() -> None:
    for text in ("여비", "각하", "여비규정", "여비를지급하는기준과절차를정함을목적으로하는규정" * 5):
        assert decode(text.encode("cp949")) == (text, "cp949")


@pytest.mark.parametrize("times", [1, 50])
def test_western_quotes_are_no_hangul(times: int) -> None:
    assert decode((ENGLISH * times).encode("cp1252")) == (ENGLISH * times, "cp1252")
    assert decode(b"the device\x92s owner and each claim\x92s step") == (
        "the device’s owner and each claim’s step",
        "cp1252",
    )


def test_a_korean_word_in_an_english_text_stays_korean() -> None:
    text = "The applicant (주식회사 한빛) filed the application on time and paid the fee for examination. " * 3
    assert decode(text.encode("cp949")) == (text, "cp949")


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_a_few_stray_bytes_stand_as_replaced(encoding: str) -> None:
    data = bytearray((KOREAN * 20).encode(encoding))
    for at in (100, 900, 1500):
        data[at:at] = b"\xff"
    (document,) = TextReader().read(bytes(data), source())
    ((kind, count),) = ((loss.kind, loss.count) for loss in document.losses)
    assert kind == "replaced"
    assert 3 <= count <= 9
    assert document.text.count("임직원의 여비를") >= 17


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (KOREAN, "johab"),
        ("特許請求の範囲に記載の装置。制御部は処理を行う。", "cp932"),
        ("本发明涉及一种信息处理装置，包括控制单元。", "gb18030"),
    ],
)
def test_other_encodings_are_refused_with_the_remedy(text: str, encoding: str) -> None:
    with pytest.raises(UnknownFormat, match="UTF-8"):
        decode(text.encode(encoding, "ignore") * 10, name="글.txt")


def test_decomposed_hangul_old_line_ends_and_padding() -> None:
    (document,) = TextReader().read(unicodedata.normalize("NFD", KOREAN).encode(), source())
    assert document.text == KOREAN
    (document,) = TextReader().read("여비 규정\r제1장\r".encode("cp949") + b"\0" * 4096, source())
    assert document.text == "여비 규정\n제1장\n"


def test_a_stray_nul_does_not_make_utf16() -> None:
    assert decode("여비\0 규정\n".encode())[0] == "여비\0 규정\n"


def test_lone_surrogates_are_replaced() -> None:
    data = b"\xff\xfe" + KOREAN.encode("utf-16-le") * 10 + b"\x00\xd8" + "끝".encode("utf-16-le")
    (document,) = TextReader().read(data, source())
    assert document.losses == (Loss("replaced", 1),)


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_a_line_of_twenty_megabytes_is_read(encoding: str) -> None:
    data = ("가나다라 " * 2_000_000).encode(encoding)
    start = time.process_time()
    (document,) = TextReader().read(data, source())
    assert len(document.text) >= 9_999_999
    assert time.process_time() - start < 20


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    assert decode(text.encode() + b"\n")[0] == text.removeprefix("\ufeff") + "\n"
