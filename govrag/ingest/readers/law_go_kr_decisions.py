"""Decisions (판례) of the law.go.kr open API: one answer to a document, its parts under their names in brackets."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date

from govrag.errors import EmptyFile, UnreadableFile
from govrag.ingest.readers.law_go_kr_tree import Node, day_of
from govrag.ingest.readers.outline import nest, outline
from govrag.ingest.readers.text import lost_characters, plain_id
from govrag.records import Document, Source

__all__ = ["decision", "is_decision", "refusal_of_list"]

_DECISION = "PrecService"
_LISTS = {"PrecSearch": "prec", "LawSearch": "law", "AdmRulSearch": "admrul", "Expc": "expc"}  # root → target
_PARTS = ("판시사항", "판결요지", "참조조문", "참조판례")  # in the order that they are printed in
_WHOLE = "판례내용"
_OF_DECISIONS = frozenset({"사건번호", "판시사항", _WHOLE})
_METADATA = ("사건명", "사건종류명", "판결유형", "선고", "판례정보일련번호")
_LINE_END = re.compile(r"<\s*(?:br\s*/?|/p|/div)\s*>[ \t]*\n?", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")  # ASCII alone: <개정 2010. 1. 1.> is text
_BLANK_LINES = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*)+")
_KIND = re.compile(r"판결|결정|명령")


def is_decision(root: Node) -> bool:
    """Tell whether the answer is that of a decision, were it without any text."""
    return root.tag == _DECISION and any(child.tag in _OF_DECISIONS for child in root.children)


def decision(root: Node, source: Source, *, origin: str) -> Document:
    """Return the decision, titled as it is cited: 대법원 2021. 3. 4. 선고 2020다12345 판결 [시험금 청구].

    HTML in its fields becomes line ends. Raises `EmptyFile` where the answer has nothing but the case's data, as for
    decisions that are published as HTML alone.
    """
    parts = list(_parts(root))
    if not parts:
        raise EmptyFile(
            f"'{source.name}': 판례 {root.words('사건번호')}에 판시사항도 판례내용도 없습니다. "
            "국세청 판례처럼 HTML로만 제공되면 type=HTML로 내려받아 추가하십시오.",
            f"'{source.name}': the decision {root.words('사건번호')} has no text. Where it is published as HTML alone, "
            "download it with type=HTML and add that.",
        )
    day = day_of(root.words("선고일자"))
    court, number = "".join(root.words("법원명").split()), " ".join(root.words("사건번호").split())
    said = _KIND.search(root.words("판결유형"))
    kind = said[0] if said else "판결"
    name = " ".join(_plain(root.words("사건명")).split())
    title = " ".join(filter(None, (court, _on(day, kind), number, kind, f"[{name}]" if name else "")))
    text = "\n".join((title, "", *parts, ""))
    serial = root.words("판례정보일련번호")
    stated = {"사건번호": number, "선고일": day.isoformat() if day else "", "법원": court}
    stated |= {tag: " ".join(_plain(root.words(tag)).split()) for tag in _METADATA}
    metadata = {tag: value for tag, value in stated.items() if value}
    described = {"title": title, "kind": kind, "number": number, "issuer": court, "promulgated": day}
    return Document(
        id=f"판례{serial}" if serial else plain_id(source),
        title=title,
        sections=nest(outline(text)),
        kind=kind,
        issuer=court,
        number=number,
        promulgated=day,
        metadata=metadata,
        origins={field: origin for field, value in (*described.items(), *metadata.items()) if value},
        losses=lost_characters(text),
    )


def refusal_of_list(root: Node, source: Source) -> UnreadableFile | None:
    """Return the error for an answer of ``lawSearch.do``, which lists what there is without any text; else None."""
    target = _LISTS.get(root.tag)
    if target is None:
        return None
    return UnreadableFile(
        f"'{source.name}': 검색 목록(<{root.tag}>)이라 본문이 없습니다. 목록의 일련번호마다 "
        f"lawService.do?target={target}&ID=일련번호 로 본문을 내려받아 추가하십시오.",
        f"'{source.name}': a list of search results (<{root.tag}>), without any text. Download each number with "
        f"lawService.do?target={target}&ID=NUMBER and add those.",
    )


def _parts(root: Node) -> Iterator[str]:
    for tag in _PARTS:
        if words := _plain(root.words(tag)):
            yield f"【{tag}】\n{words}\n"
    if words := _plain(root.words(_WHOLE)):
        yield f"{words}\n" if "【" in words else f"【전문】\n{words}\n"


def _plain(text: str) -> str:
    """Return the text of a field: HTML in it is markup, escaped once more at times."""
    words = _TAG.sub("", _LINE_END.sub("\n", html.unescape(text)))
    lines = (line.strip() for line in words.replace("\xa0", " ").split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _on(day: date | None, kind: str) -> str:
    if day is None:
        return ""
    return f"{day.year}. {day.month}. {day.day}." + (" 선고" if kind == "판결" else "자")
