"""Answers of the law.go.kr open API, XML and JSON: statutes (법령) and administrative rules (행정규칙)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from govrag.errors import EmptyFile, LimitExceeded, UnreadableFile
from govrag.ingest import xml
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Section, Source
from govrag.statute.structure import SUBITEMS, parse

if TYPE_CHECKING:
    from lxml import etree

# Tag → field of Document, per kind of answer. Other plain tags of the same part become metadata.
_STATUTE_FIELDS = {
    "법령명_한글": "title",
    "법종구분": "kind",
    "소관부처": "issuer",
    "공포번호": "number",
    "공포일자": "promulgated",
    "시행일자": "effective_from",
    "법령ID": "series",
    "법령일련번호": "version",
}
_RULE_FIELDS = {
    "행정규칙명": "title",
    "행정규칙종류": "kind",
    "소관부처명": "issuer",
    "발령번호": "number",
    "발령일자": "promulgated",
    "시행일자": "effective_from",
    "행정규칙ID": "series",
    "행정규칙일련번호": "version",
}
_UNCLOSED_NOTE = re.compile(
    rb"(<\xec\xa1\xb0\xeb\xac\xb8\xec\xb0\xb8\xea\xb3\xa0\xec\x9e\x90\xeb\xa3\x8c>"  # <조문참고자료>
    rb"(?:\s*<!\[CDATA\[(?:(?!\]\]>).)*\]\]>)*)(\s*<)(?!/\xec\xa1\xb0\xeb\xac\xb8\xec\xb0\xb8\xea\xb3\xa0|!\[CDATA)",
    re.DOTALL,
)
_ARTICLE = re.compile(r"(제\s*\d+\s*조(?:\s*의\s*\d+)?)\s*(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?\s*")
_DIVISION = re.compile(r"제\s*\d+\s*[편장절관]")
_SUPPLEMENT = re.compile(r"부\s*칙")
_PARAGRAPH_SIGN = re.compile(r"\A([①-⑳㉑-㉟㊱-㊿])[ \t\u3000]*(?=\S)")
_BLANKS = re.compile(r"[ \t\u3000]{2,}")
_IMAGE = re.compile(r"<img\b[^>]*>|</img>")
_BOX = re.compile(r"[─-╿]")


class _Node(NamedTuple):
    """An element of the answer, whichever the format; children in the order given."""

    tag: str
    text: str = ""
    children: tuple[_Node, ...] = ()

    def all(self, tag: str) -> Iterator[_Node]:
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> _Node:
        return next(self.all(tag), _Node(tag))

    def words(self, tag: str) -> str:
        return self.first(tag).text.strip()


class LawGoKrXml:
    """Reads an XML answer of ``lawService.do``."""

    media_types: tuple[str, ...] = ("application/xml", "text/xml")

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return the one document in the answer.

        Entities are never expanded and nothing is loaded. Raises UnreadableFile for broken XML, for declared entities,
        and for an answer that reports a failure, with its message; EmptyFile for a law without text.
        """
        try:
            root, repaired = xml.parse(data.strip(), source), False
        except LimitExceeded:
            raise
        except UnreadableFile as error:
            mended = _UNCLOSED_NOTE.sub("\\1</조문참고자료>\\2".encode(), data)
            if mended == data:
                raise
            try:
                root, repaired = xml.parse(mended.strip(), source), True
            except UnreadableFile:
                raise error from None
        losses = (Loss("repaired", where="조문참고자료"),) if repaired else ()
        return [_document(_from_xml(root), source, origin="xml", losses=losses)]


class LawGoKrJson:
    """Reads a JSON answer of ``lawService.do``."""

    media_types: tuple[str, ...] = ("application/json",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return the one document in the answer; raises as LawGoKrXml does."""
        try:
            answer = json.loads(data)
            top = answer if isinstance(answer, dict) else {}
            # One part alone is the element itself: {"법령": {…}}.
            (name, value), *others = top.items() if top else (("", ""),)
            root = _from_json("", top) if others else next(iter(_json_nodes(name, value)), _Node(name))
        except (ValueError, RecursionError):
            raise UnreadableFile(
                f"'{source.name}': JSON이 깨져 있습니다. 다시 내려받으십시오.",
                f"'{source.name}': broken JSON. Download it again.",
            ) from None
        return [_document(root, source, origin="json", losses=())]


def _from_xml(element: etree._Element) -> _Node:
    children = tuple(_from_xml(child) for child in element if isinstance(child.tag, str))
    return _Node(str(element.tag), "" if children else clean("".join(map(str, element.itertext()))), children)


def _from_json(tag: str, value: object) -> _Node:
    if isinstance(value, Mapping):
        if "content" in value:  # an element with attributes
            return _Node(tag, _json_text(value["content"]))
        return _Node(tag, "", tuple(node for key, part in value.items() for node in _json_nodes(str(key), part)))
    return _Node(tag, _json_text(value))


def _json_nodes(tag: str, value: object) -> Iterator[_Node]:
    """Yield one node for an object, one each for a list of objects: a single child comes without its list."""
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for item in value:
            yield _from_json(tag, item)
    elif tag == "조문내용" and isinstance(value, list) and not any(isinstance(item, list) for item in value):
        yield from (_Node(tag, str(item)) for item in value)
    else:
        yield _from_json(tag, value)


def _json_text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(_json_text(item) for item in value)
    return "" if value is None else clean(str(value))


def _document(root: _Node, source: Source, *, origin: str, losses: tuple[Loss, ...]) -> Document:
    is_rule = any(True for _ in root.all("행정규칙기본정보"))
    facts = root.first("행정규칙기본정보" if is_rule else "기본정보")
    fields = _RULE_FIELDS if is_rule else _STATUTE_FIELDS
    title_tag = next(iter(fields))
    title = " ".join(facts.words(title_tag).split())
    if not title:
        raise _not_a_law(root, source)
    page = _Page()
    if is_rule:
        _write_rule(root, page)
    else:
        _write_statute(root, page)
    if not page.lines:
        raise EmptyFile(
            f"'{source.name}': '{title}'에 조문이 없습니다. 본문이 첨부파일에만 있으면 그 파일을 추가하십시오.",
            f"'{source.name}': '{title}' has no articles. If the text is in an attachment, add that file.",
        )
    values = {field: " ".join(facts.words(tag).split()) for tag, field in fields.items()}
    origins = {field: origin for field, value in values.items() if value}
    if not values["version"] and (stem := PurePath(source.name).stem).isdecimal():
        # A statute's own answer does not repeat the MST it was asked for; files are named by it.
        values["version"], origins["version"] = stem, "file name"
    metadata = {
        node.tag: " ".join(node.text.split())
        for node in facts.children
        if node.tag not in fields and node.text.strip() and not node.children
    }
    annexes = [annex.words("별표제목") for annex in root.first("별표").all("별표단위") if annex.words("별표제목")]
    if annexes:
        metadata["별표"] = "\n".join(annexes)
        losses += (Loss("annex", len(annexes)),)
    if page.effective:
        metadata["article_effective"] = json.dumps(page.effective, ensure_ascii=False)
    origins |= dict.fromkeys(metadata, origin)
    series, version = values["series"], values["version"]
    return Document(
        id=f"{series}@{version}" if series and version else series or source.name,
        title=title,
        sections=page.sections(exact=not is_rule),
        kind=values["kind"],
        issuer=values["issuer"],
        number=values["number"],
        promulgated=_day(values["promulgated"]),
        effective_from=_day(values["effective_from"]),
        series=series,
        version=version,
        metadata=metadata,
        origins=origins,
        losses=losses,
    )


class _Page:
    """Plain statute text as it grows, and where its headings stand."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.headings: set[int] = set()
        self.effective: dict[str, str] = {}
        self._length = 0

    def write(self, lines: Iterable[str], *, heading: bool = False) -> None:
        for line in lines:
            if heading:
                self.headings.add(self._length)
            self.lines.append(line)
            self._length += len(line) + 1

    def sections(self, *, exact: bool) -> tuple[Section, ...]:
        return parse("\n".join(self.lines) + "\n", headings=self.headings if exact else None)


def _write_statute(root: _Node, page: _Page) -> None:
    for unit in root.first("조문").all("조문단위"):
        content = [line for node in unit.all("조문내용") for line in _lines(node.text)]
        if unit.words("조문여부") == "전문":
            for line in content:
                page.write([line], heading=_DIVISION.match(line) is not None)
            continue
        number = f"제{unit.words('조문번호')}조" + (f"의{branch}" if (branch := unit.words("조문가지번호")) else "")
        heading = _ARTICLE.match(content[0]) if content else None
        if heading:
            title = heading[2] or ""
            content[0] = content[0][heading.end() :]
        else:
            title = f"({unit.words('조문제목')})" if unit.words("조문제목") else ""
        page.write([number + title], heading=True)
        if day := _day(unit.words("조문시행일자")):
            page.effective.setdefault(number, day.isoformat())
        page.write(line for line in content if line)
        for paragraph in unit.all("항"):
            page.write(_PARAGRAPH_SIGN.sub(r"\1 ", line) for line in _lines(paragraph.first("항내용").text))
            _write_items(paragraph, page)
        _write_items(unit, page)
        page.write(_lines(unit.first("조문참고자료").text))
    _write_supplements(root, page)


def _write_items(parent: _Node, page: _Page) -> None:
    """Write the 호 below a 항 (or an article) with their 목, also where 목 stand beside 호 instead of inside."""
    nodes = [node for node in parent.children if node.tag in ("호", "목")]
    items = [node for node in nodes if node.tag == "호"]
    beside = [node for node in nodes if node.tag == "목"]
    in_place = not items or not beside or nodes != items + beside
    if not in_place:
        nodes = _regrouped(items, beside)
    for node in nodes:
        page.write(_item_lines(node))
        if node.tag == "호":
            for subitem in node.all("목"):
                page.write(_item_lines(subitem))


def _item_lines(node: _Node) -> Iterator[str]:
    """Yield the lines of a 호 or 목; the answers set its number off, and much else, with runs of blanks."""
    for line in _lines(node.first(f"{node.tag}내용").text):
        yield line if _BOX.search(line) else _BLANKS.sub(" ", line)


def _regrouped(items: list[_Node], beside: list[_Node]) -> list[_Node]:
    """Return 호 with the 목 that were listed after all of them: a new group begins where the letter goes back."""
    groups: list[list[_Node]] = []
    last = len(SUBITEMS)
    for node in beside:
        place = SUBITEMS.find(node.first("목내용").text.strip()[:1])
        if place <= last:
            groups.append([])
        groups[-1].append(node)
        last = place
    waiting = [item for item in items if "각 목" in item.first("호내용").text and not any(True for _ in item.all("목"))]
    if len(waiting) != len(groups):
        return items + beside
    owned = {id(item): group for item, group in zip(waiting, groups, strict=True)}
    return [node for item in items for node in (item, *owned.get(id(item), ()))]


def _write_rule(root: _Node, page: _Page) -> None:
    for node in root.all("조문내용"):
        page.write(_lines(node.text))
    for node in root.first("조문").all("조문내용"):
        page.write(_lines(node.text))
    _write_supplements(root, page)


def _write_supplements(root: _Node, page: _Page) -> None:
    for part in root.all("부칙"):
        # Rules have the triple itself, statutes one 부칙단위 for each.
        for unit in tuple(part.all("부칙단위")) or (part,):
            lines = list(_lines(unit.first("부칙내용").text))
            if lines and not _SUPPLEMENT.match(lines[0]):
                day = _day(unit.words("부칙공포일자"))
                when = f",{day.year}.{day.month}.{day.day}" if day else ""
                page.write([f"부칙 <제{unit.words('부칙공포번호')}호{when}>"])
            page.write(lines)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of plain statute text in a field: no indentation, no blank lines; tables as they are."""
    for line in _IMAGE.sub("", text).split("\n"):
        words = line.strip()
        if not words:
            continue
        yield line.strip("\t\r").rstrip() if _BOX.match(words) else words


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _not_a_law(root: _Node, source: Source) -> UnreadableFile:
    said = " ".join(text for tag in ("result", "msg", "message") if (text := root.words(tag))) or f"<{root.tag}>"
    return UnreadableFile(
        f"'{source.name}': 법령도 행정규칙도 아닙니다: {said}. 인증값(OC)과 일련번호를 확인하고 다시 내려받으십시오.",
        f"'{source.name}': neither statute nor administrative rule: {said}. Check OC and number, download it again.",
    )
