"""The bytes of a page to markup that is fit to be parsed: decoded, cleaned, of a depth that pages have."""

from __future__ import annotations

import re
from collections.abc import Mapping

from govrag.errors import LimitExceeded
from govrag.ingest.readers.text import decode
from govrag.korean.normalise import clean
from govrag.records import Source

__all__ = ["markup"]

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DECLARED: Mapping[str, str] = {  # what pages call an encoding that the bytes alone do not tell → Python's name
    **dict.fromkeys(
        ("euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "cp949", "ms949", "x-windows-949", "uhc"), "cp949"
    ),
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    "euc-jp": "euc_jp",
    "big5": "big5",
}
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# Elements that need no end tag: what follows is not inside them.
_SHALLOW = frozenset({
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "optgroup", "option",
    "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
})  # fmt: skip
_MOST_OPEN = 12_000  # elements within elements; a browser stops at 512, and parsing takes the square of it


def markup(data: bytes, source: Source) -> str:
    """Return the text of a page, tags and all.

    Raises `UnknownFormat` when the bytes are no text, `LimitExceeded` when more than 12,000 elements are open at once.
    """
    text = clean(_decode(data, source.name))
    _require_shallow(text, source)
    return text


def _require_shallow(text: str, source: Source) -> None:
    depth = 0
    for match in _TAG.finditer(text):
        if match[1]:
            depth = max(depth - (match[2].lower() not in _SHALLOW), 0)
        elif match[2].lower() not in _SHALLOW:
            depth += 1
            if depth > _MOST_OPEN:
                raise LimitExceeded(
                    f"'{source.name}': 태그가 {_MOST_OPEN:,}겹 넘게 열려 있습니다. 원본 페이지를 다시 저장해 주세요.",
                    f"'{source.name}' has more than {_MOST_OPEN:,} tags open at once. Save the page again.",
                )


def _decode(data: bytes, name: str) -> str:
    declared = _CHARSET.search(data[:4096])
    encoding = _DECLARED.get(declared[1].decode("ascii", "replace").lower()) if declared else None
    # The bytes go before what the page says of them: pages that were converted and not edited are common.
    if encoding and not _is_utf8(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass  # a page that lies about its charset, or one torn character
    return decode(data, name=name)[0]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
