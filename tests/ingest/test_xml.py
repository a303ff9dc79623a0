from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from govrag.errors import LimitExceeded, UnreadableFile
from govrag.ingest.xml import local, parse
from govrag.records import Source

SOURCE = Source(uri="memory:문서.xml", name="문서.xml", sha256="0" * 64, size=0)
DECLARES = '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'


def read(data: bytes | str) -> etree._Element:
    return parse(data.encode() if isinstance(data, str) else data, SOURCE)


def test_names_without_their_namespace() -> None:
    root = read('<hp:p xmlns:hp="urn:p"><hp:run/><t/></hp:p>')
    assert [local(element) for element in root.iter()] == ["p", "run", "t"]


def test_comments_and_instructions_are_gone_and_their_text_is_one() -> None:
    assert read("<a>가<!-- 메모 --><?쪽 1?>나</a>").text == "가나"


def test_a_doctype_is_normal_and_never_loaded(tmp_path: Path) -> None:
    dtd = tmp_path / "us-patent-grant.dtd"
    dtd.write_text('<!ENTITY secret "비밀"><!ATTLIST a b CDATA "채움">')
    root = read(f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}" []><a>글</a>')
    assert (root.text, root.keys()) == ("글", [])


@pytest.mark.parametrize(
    "data",
    [
        DECLARES.encode(),
        f'<?xml version="1.0" encoding="UTF-16"?>{DECLARES}'.encode("utf-16"),
        DECLARES.encode("utf-16-be"),
        b'<?xml version="1.0" encoding="UTF-7"?>' + DECLARES.replace("<!", "+ADwAIQ-").encode(),
        b'<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/hostname">%p;]><a>x</a>',
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "http://127.0.0.1/x">]><a>&e;</a>',
        b'<!DOCTYPE a SYSTEM "a.dtd" [<!ENTITY e "x">]><a b="&e;"/>',
        b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 50_000 + b'">]><a>' + b"&a;" * 50_000 + b"</a>",
        b"<!DOCTYPE a ["
        + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10))
        + b"]><a>&l9;</a>",
        b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 50_000 + b'">]><a b="' + b"&a;" * 50_000 + b'"/>',
    ],
    ids=[
        "plain",
        "utf-16",
        "utf-16 unmarked",
        "utf-7",
        "parameter",
        "http",
        "both",
        "quadratic",
        "laughs",
        "attribute",
    ],
)
def test_entities_are_refused_however_they_are_written(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"문서\.xml"):
        read(data)


def test_xinclude_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    other.write_text("<b>비밀</b>")
    root = read(f'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{other.as_uri()}"/></a>')
    assert [local(element) for element in root.iter()] == ["a", "include"]


@pytest.mark.parametrize("depth", [300, 200_000])
def test_depth_is_limited(depth: int) -> None:
    with pytest.raises(LimitExceeded, match="깊거나"):
        read("<a>" * depth + "</a>" * depth)
    assert local(read("<a>" * 200 + "</a>" * 200)) == "a"


def test_one_huge_text_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        read("<a>" + "가" * 4_000_000 + "</a>")


def test_many_attributes_are_read_in_good_time() -> None:
    assert len(read("<a " + " ".join(f'a{number}=""' for number in range(100_000)) + "/>").attrib) == 100_000


@pytest.mark.parametrize("name", ["EUC-KR", "euc-kr", "KS_C_5601-1987", "CP949"])
def test_euc_kr_is_read_as_cp949(name: str) -> None:
    assert read(f'<?xml version="1.0" encoding="{name}"?>\n<a>똠방각하 뷁</a>'.encode("cp949")).text == "똠방각하 뷁"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"\0\0",
        "글".encode(),
        b"<a>",
        b"<a></b>",
        b'<?xml version="1.0" encoding="nope"?><a/>',
        b"<a>\xff</a>",
    ],
)
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="문법") as refused:
        read(data)
    assert "문서.xml" in refused.value.en


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_typed_error(tail: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read(b"<a>" + tail.replace(b"<", b""))
