"""Results as files that offices work with: XLSX, DOCX, HWPX, Markdown, HTML, JSON, each whole or not there at all."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from govrag import display
from govrag.display.blocks import Heading
from govrag.display.layouts import layout
from govrag.errors import Lang, UnknownFormat, UnreadableFile, UsageError
from govrag.export import docx, hwpx, xlsx
from govrag.records import Record

__all__ = ["ENDINGS", "check", "write"]


_TEMPLATED = ".hwpx"


def check(path: Path, *, template: Path | None = None) -> None:
    """Raise unless a result could be written here: better before the work than after it.

    Raises `UnknownFormat` for an ending that is not in `ENDINGS`, `UsageError` when the folder or the template is not
    there, and for a template with another ending than .hwpx.
    """
    _format(path)
    if not path.parent.is_dir():
        raise UsageError(
            f"{path}: '{path.parent}' 폴더가 없습니다. 먼저 만드십시오.",
            f"{path}: there is no folder '{path.parent}'. Make it first.",
        )
    if template is not None and path.suffix.lower() != _TEMPLATED:
        raise UsageError(
            f"{path}: 양식은 {_TEMPLATED} 파일을 만들 때만 씁니다. 확장자를 {_TEMPLATED}로 하거나 양식을 빼십시오.",
            f"{path}: a template is for {_TEMPLATED} files alone. Use that ending, or leave the template out.",
        )
    if template is not None and not template.is_file():
        raise UsageError(
            f"{template}: 양식 파일이 없습니다. 경로를 확인하십시오.",
            f"{template}: there is no such template. Check its path.",
        )


def write(path: Path, result: Record, *, lang: Lang = "ko", template: Path | None = None) -> None:
    """Write a result; the file name's ending says how. What stood there before is replaced as a whole.

    ``template`` is an HWPX file whose page and styles an HWPX file takes. Raises as `check` does, `UnreadableFile` for
    a template that cannot be used, and `UsageError` when the system does not let it.
    """
    check(path, template=template)
    content = _format(path)(result, lang) if template is None else _templated(result, lang, template)
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


def _hwpx(result: Record, lang: Lang) -> bytes:
    return hwpx.document(layout(result, lang), title=_title(result, lang), lang=lang)


def _templated(result: Record, lang: Lang, template: Path) -> bytes:
    try:
        content = template.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{template}: 양식 파일을 읽을 수 없습니다({error.strerror}). 권한을 확인하십시오.",
            f"{template}: the template cannot be read ({error.strerror}). Check its permissions.",
        ) from None
    try:
        return hwpx.document(layout(result, lang), title=_title(result, lang), lang=lang, template=content)
    except UnreadableFile as error:
        raise type(error)(f"{template}: {error.ko}", f"{template}: {error.en}") from None


def _title(result: Record, lang: Lang) -> str:
    """Return the first heading of a result; the name of its kind where it has none."""
    headings = (block.text for block in layout(result, lang) if isinstance(block, Heading))
    return next(headings, type(result).__name__)


ENDINGS: Mapping[str, Callable[[Record, Lang], bytes]] = {
    ".xlsx": xlsx.workbook,
    ".docx": _docx,
    _TEMPLATED: _hwpx,
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
