"""Papers that are read and not added: one document of a file, or all of a folder or ZIP, or one read before."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from govrag.errors import UsageError
from govrag.ingest import sources
from govrag.inspection import read_all
from govrag.korean.normalise import clean
from govrag.records import Document

__all__ = ["Paper", "all_of", "one_of"]

Paper = sources.Input | Document  # a file, a folder, a ZIP, (name, bytes), or a document that was read before


def one_of(paper: Paper) -> tuple[Document, str]:
    """Return the one document of a file, and what the file is called. Raises `UsageError` when it holds several."""
    documents, name = all_of(paper)
    if len(documents) != 1:
        raise UsageError(
            f"{name}: 문서가 {len(documents)}건 들어 있습니다. 한 건씩 나누어 주십시오.",
            f"{name}: holds {len(documents)} documents. Give one at a time.",
        )
    return documents[0], name


def all_of(paper: Paper) -> tuple[list[Document], str]:
    """Return the documents of a file, a folder or a ZIP, and what it is called.

    What cannot be read is left out as long as something can. Raises an `UnreadableFile`, `UsageError`.
    """
    if isinstance(paper, Document):
        return [paper], paper.title
    found, failed = read_all(paper)
    name = clean(_name(paper))
    if not found:
        raise (
            failed[0]
            if failed
            else UsageError(
                f"{name}: 읽을 파일이 없습니다. 파일이나 파일이 든 폴더를 지정하십시오.",
                f"{name}: there is no file to read. Name a file, or a folder that holds some.",
            )
        )
    return found, name


def _name(paper: sources.Input) -> str:
    if isinstance(paper, (str, PathLike)):
        return Path(paper).name
    return paper[0] if isinstance(paper, tuple) else "memory"
