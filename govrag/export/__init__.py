"""Results as files that offices work with: XLSX, DOCX, Markdown, HTML, JSON, each whole or not there at all."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from govrag import display
from govrag.display.blocks import Heading
from govrag.display.layouts import layout
from govrag.errors import Lang, UnknownFormat, UsageError
from govrag.export import docx, xlsx
from govrag.records import Record

__all__ = ["ENDINGS", "check", "write"]


def check(path: Path) -> None:
    """Raise unless a result could be written here: better before the work than after it.

    Raises `UnknownFormat` for an ending that is not in `ENDINGS`, `UsageError` when the folder is not there.
    """
    _format(path)
    if not path.parent.is_dir():
        raise UsageError(
            f"{path}: '{path.parent}' 폴더가 없습니다. 먼저 만드십시오.",
            f"{path}: there is no folder '{path.parent}'. Make it first.",
        )


def write(path: Path, result: Record, *, lang: Lang = "ko") -> None:
    """Write a result; the file name's ending says how. What stood there before is replaced as a whole.

    Raises as `check` does, and `UsageError` when the system does not let it.
    """
    check(path)
    content = _format(path)(result, lang)
    try:
        _replace(path, content)
    except OSError as error:
        raise UsageError(
            f"{path}: 쓸 수 없습니다({error.strerror}). 다른 프로그램에서 열려 있는지, 권한과 공간을 보십시오.",
            f"{path}: cannot be written ({error.strerror}). Is it open elsewhere? Check permissions and space.",
        ) from None


def _replace(path: Path, content: bytes) -> None:
    """Write beside, sync, rename: whoever looks finds the old file or the new one, and never a part."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _markdown(result: Record, lang: Lang) -> bytes:
    return display.markdown(result, lang=lang).encode()


def _html(result: Record, lang: Lang) -> bytes:
    head = f'<meta charset="utf-8"><title>{html.escape(_title(result, lang))}</title>'
    body = display.html(result, lang=lang)
    return f'<!doctype html>\n<html lang="{lang}"><head>{head}</head><body>{body}</body></html>\n'.encode()


def _json(result: Record, lang: Lang) -> bytes:
    return (json.dumps(result.to_dict(), ensure_ascii=False, indent=2) + "\n").encode()


def _docx(result: Record, lang: Lang) -> bytes:
    return docx.document(layout(result, lang), title=_title(result, lang), lang=lang)


def _title(result: Record, lang: Lang) -> str:
    """Return the first heading of a result; the name of its kind where it has none."""
    headings = (block.text for block in layout(result, lang) if isinstance(block, Heading))
    return next(headings, type(result).__name__)


ENDINGS: Mapping[str, Callable[[Record, Lang], bytes]] = {
    ".xlsx": xlsx.workbook,
    ".docx": _docx,
    ".md": _markdown,
    ".html": _html,
    ".json": _json,
}


def _format(path: Path) -> Callable[[Record, Lang], bytes]:
    try:
        return ENDINGS[path.suffix.lower()]
    except KeyError:
        raise UnknownFormat(
            f"{path}: {path.suffix or '확장자 없는'} 파일은 만들지 못합니다. 쓸 수 있는 형식: {', '.join(ENDINGS)}",
            f"{path}: cannot write {path.suffix!r}. Use one of {', '.join(ENDINGS)}.",
        ) from None
