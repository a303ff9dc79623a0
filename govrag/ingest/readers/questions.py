"""Past questions with their answers to a document: ``{"question", "answer", "citations"}`` a line of JSON Lines.

Plain, or compressed with xz.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from govrag.errors import UnreadableFile
from govrag.ingest.readers.jsonl import head, unpacked
from govrag.ingest.readers.text import decode, plain_id, require_text
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Section, Source
from govrag.statute.graph import listed_articles
from govrag.statute.names import key

__all__ = ["ANSWER", "CITATIONS", "KIND", "QUESTION", "QuestionsReader", "articles_of", "is_questions"]

KIND = "질의회신"
QUESTION, ANSWER, CITATIONS, CATEGORY = "질의", "회답", "참조조문", "분류"  # labels of a question's fields
_LONGEST_FIRST_LINE = 1 << 20  # bytes that the format is recognised by
_EXACT = re.compile(r"(?P<law>[^|]*[^|\s])\s?\|\s?(?P<article>제\d{1,4}조(?:의\d{1,3})?)")
_LISTED_LINES = 5


class QuestionsReader:
    """Reads past questions: an object a line.

    ``question`` (or ``text``) is what was asked; ``answer``, ``citations`` (["민법|제839조의2", "상법 제3조, 제4조"]),
    ``id`` and ``title`` or ``category`` may follow; what else a line says is left out.
    """

    media_types: tuple[str, ...] = ("application/x-questions+jsonl",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document of kind 질의회신, a section per line in their order: the question, then its answer.

        Citations stand in the section's fields, one a line, and not in its text. Those that name no article of a law
        are a loss. Raises `UnreadableFile` for a line that breaks a rule, and names both.
        """
        text, _ = decode(b"".join(line for _, line in unpacked(data, source)), name=source.name)
        sections: list[Section] = []
        strange: list[int] = []  # lines with a citation that names no article
        # Not splitlines: a line separator of Unicode may stand in a string of JSON.
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                try:
                    section, dropped = _section(line, number)
                except ValueError as error:
                    raise _broken(source, number, *error.args) from None
                sections.append(section)
                strange += [number] * dropped
        require_text("".join(section.text for section in sections), source)
        where = ", ".join(f"{number}행" for number in dict.fromkeys(strange[:_LISTED_LINES]))
        return [
            Document(
                id=plain_id(source),
                title=" ".join(clean(PurePosixPath(source.name).stem).split()),
                sections=tuple(sections),
                kind=KIND,
                origins={"title": "file name", "kind": "format"},
                losses=(Loss("value", len(strange), where),) if strange else (),
            )
        ]


def is_questions(data: bytes) -> bool:
    """Tell whether the first line of JSON Lines asks a question, and is no document with a text alone."""
    first = head(data, _LONGEST_FIRST_LINE).lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
    try:
        row = json.loads(decode(first)[0])
    except (ValueError, RecursionError, UnreadableFile):
        return False
    if not isinstance(row, dict):
        return False
    return ("question" in row and "text" not in row) or (
        ("question" in row or "text" in row) and ("answer" in row or "citations" in row)
    )


def articles_of(citation: str) -> tuple[str, ...]:
    """Return the articles that one line of the field 참조조문 names, as passages cite them: "민법|제839조의2"."""
    exact = _EXACT.fullmatch(citation)
    if exact:
        return (f"{key(exact['law'])}|{exact['article']}",)
    return tuple(listed.cite for listed in listed_articles(citation))


def _section(line: str, number: int) -> tuple[Section, int]:
    """Return the section of a line, and how many of its citations name no article; raises `ValueError` (ko, en)."""
    row = _row(line)
    question = _text(row, "question") or _text(row, "text")
    if not question:
        raise ValueError("question(또는 text)이 비어 있습니다", "question (or text) is empty")
    answer = _text(row, "answer")
    fields = [(QUESTION, question)]
    if answer:
        fields.append((ANSWER, answer))
    dropped = 0
    if row.get("citations") is not None:
        stated = _citations(row)
        cited = [citation for one in stated if (citation := _citation(one))]
        dropped = len(stated) - len(cited)
        fields.append((CITATIONS, "\n".join(cited)))
    category = " ".join(_text(row, "category").split())
    if category:
        fields.append((CATEGORY, category))
    made = Section(
        "question",
        f"{question}\n{answer}\n" if answer else f"{question}\n",
        " ".join(_text(row, "id").split()) or str(number),
        " ".join(_text(row, "title").split()) or category,
        fields=tuple(fields),
    )
    return made, dropped


def _row(line: str) -> Mapping[str, object]:
    try:
        row: object = json.loads(line.strip().removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise ValueError("JSON이 아닙니다", "it is not JSON") from None
    if not isinstance(row, dict):
        raise ValueError("JSON 객체가 아닙니다", "it is no JSON object")
    return row


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int if name == "id" else str):
        raise ValueError(f"{name}이(가) 글자가 아닙니다", f"{name} is no text")
    return clean(str(value)).strip()


def _citations(row: Mapping[str, object]) -> list[str]:
    stated = row["citations"]
    if isinstance(stated, str):
        stated = stated.splitlines()  # a table's cell: one list as it is printed
    if not isinstance(stated, list) or not all(isinstance(one, str) for one in stated):
        raise ValueError(
            'citations가 글자 목록(["민법 제839조의2"])이 아닙니다',
            'citations is no list of text (["민법 제839조의2"])',
        )
    return [clean(one) for one in stated]


def _citation(stated: str) -> str:
    """Return a citation as it is kept, 민법 제839조의2, from 민법|제839조의2, too; "" where it names no article."""
    words = " ".join(stated.split())
    plain = words.replace("|", " ")
    # The name of a law may hold an article of another: that one is kept as it is written.
    articles = articles_of(words)
    if not articles:
        return ""
    return plain if articles_of(plain) == articles else words


def _broken(source: Source, number: int, ko: str, en: str) -> UnreadableFile:
    return UnreadableFile(
        f"'{source.name}' {number:,}행: {ko}. "
        '한 행에 {"question": …, "answer": …, "citations": ["민법 제839조의2", …]} 하나를 적어 주세요.',
        f"'{source.name}' line {number:,}: {en}. "
        'Write one {"question": …, "answer": …, "citations": ["민법 제839조의2", …]} a line.',
    )
