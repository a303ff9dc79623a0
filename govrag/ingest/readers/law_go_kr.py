"""Answers of the law.go.kr open API, XML and JSON: statutes (법령), rules (행정규칙), decisions (판례)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from govrag.errors import EmptyFile, LimitExceeded, UnreadableFile
from govrag.ingest import xml
from govrag.ingest.readers.law_go_kr_decisions import decision, is_decision, refusal_of_list
from govrag.ingest.readers.law_go_kr_tree import Node, day_of, from_json, from_xml, json_nodes
from govrag.records import Document, Loss, Section, Source
from govrag.statute.structure import SUBITEMS, parse

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


class LawGoKrXml:
    """Reads an XML answer of ``lawService.do``."""

    media_types: tuple[str, ...] = ("application/xml", "text/xml")

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return the one document in the answer.

        Entities are never expanded and nothing is loaded. Raises UnreadableFile for broken XML, for declared entities,
        for a list of search results, and for an answer that reports a failure, with its message; EmptyFile for a law or
        a decision without text.
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
        return [_document(from_xml(root), source, origin="xml", losses=losses)]


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
            root = from_json("", top) if others else next(iter(json_nodes(name, value)), Node(name))
        except (ValueError, RecursionError):
            raise UnreadableFile(
                f"'{source.name}': JSON이 깨져 있습니다. 다시 내려받으십시오.",
                f"'{source.name}': broken JSON. Download it again.",
            ) from None
        return [_document(root, source, origin="json", losses=())]


def _document(root: Node, source: Source, *, origin: str, losses: tuple[Loss, ...]) -> Document:
    if is_decision(root):
        return decision(root, source, origin=origin)
    is_rule = any(True for _ in root.all("행정규칙기본정보"))
    facts = root.first("행정규칙기본정보" if is_rule else "기본정보")
    fields = _RULE_FIELDS if is_rule else _STATUTE_FIELDS
    title_tag = next(iter(fields))
    title = " ".join(facts.words(title_tag).split())
    if not title:
        raise refusal_of_list(root, source) or _not_a_law(root, source)
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
        promulgated=day_of(values["promulgated"]),
        effective_from=day_of(values["effective_from"]),
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


def _write_statute(root: Node, page: _Page) -> None:
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
        if day := day_of(unit.words("조문시행일자")):
            page.effective.setdefault(number, day.isoformat())
        page.write(line for line in content if line)
        for paragraph in unit.all("항"):
            page.write(_PARAGRAPH_SIGN.sub(r"\1 ", line) for line in _lines(paragraph.first("항내용").text))
            _write_items(paragraph, page)
        _write_items(unit, page)
        page.write(_lines(unit.first("조문참고자료").text))
    _write_supplements(root, page)


def _write_items(parent: Node, page: _Page) -> None:
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


def _item_lines(node: Node) -> Iterator[str]:
    """Yield the lines of a 호 or 목; the answers set its number off, and much else, with runs of blanks."""
    for line in _lines(node.first(f"{node.tag}내용").text):
        yield line if _BOX.search(line) else _BLANKS.sub(" ", line)


def _regrouped(items: list[Node], beside: list[Node]) -> list[Node]:
    """Return 호 with the 목 that were listed after all of them: a new group begins where the letter goes back."""
    groups: list[list[Node]] = []
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


def _write_rule(root: Node, page: _Page) -> None:
    for node in root.all("조문내용"):
        page.write(_lines(node.text))
    for node in root.first("조문").all("조문내용"):
        page.write(_lines(node.text))
    _write_supplements(root, page)


def _write_supplements(root: Node, page: _Page) -> None:
    for part in root.all("부칙"):
        # Rules have the triple itself, statutes one 부칙단위 for each.
        for unit in tuple(part.all("부칙단위")) or (part,):
            lines = list(_lines(unit.first("부칙내용").text))
            if lines and not _SUPPLEMENT.match(lines[0]):
                day = day_of(unit.words("부칙공포일자"))
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


def _not_a_law(root: Node, source: Source) -> UnreadableFile:
    messages = (root.words(tag) for tag in ("result", "msg", "message", "Law"))
    said = " ".join(text for text in messages if text) or root.text.strip()[:200] or f"<{root.tag}>"
    return UnreadableFile(
        f"'{source.name}': 법령도 행정규칙도 판례도 아닙니다: {said}. "
        "인증값(OC)과 일련번호를 확인하고 다시 내려받으십시오.",
        f"'{source.name}': no statute, no administrative rule, no decision: {said}. "
        "Check OC and number, download it again.",
    )
