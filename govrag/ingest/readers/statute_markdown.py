"""Statutes and administrative rules in Markdown with front matter, as public mirrors of law.go.kr keep them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from govrag.errors import EmptyFile, UnreadableFile
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Section, Source
from govrag.statute.structure import parse

Value = str | list[str] | list[dict[str, str]]

_ORIGIN = "front matter"
_STATUTE_KEY, _RULE_KEY = "법령MST", "행정규칙구분"
_DECLARATION = re.compile(rf"\A\ufeff?---\r?\n(?:(?!---)[^\n]*\n){{0,40}}?(?:{_STATUTE_KEY}|{_RULE_KEY}):")
_DECLARED_WITHIN = 4096  # bytes; the key stands in the first lines

_PAIR = re.compile(r"(?P<key>[\w가-힣]+):(?: +(?P<value>.*))?")
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/"}
_BLOCK = ("|", "|-", ">", ">-")

# Front matter key → field of Document. What is not here becomes metadata.
_STATUTE_FIELDS = {
    "제목": "title",
    "법령구분": "kind",
    "소관부처": "issuer",
    "공포번호": "number",
    "공포일자": "promulgated",
    "시행일자": "effective_from",
    "법령ID": "series",
    "법령MST": "version",
}
_RULE_FIELDS = {
    "제목": "title",
    "행정규칙구분": "kind",
    "소관부처": "issuer",
    "발령번호": "number",
    "발령일자": "promulgated",
    "시행일자": "effective_from",
}
_ATTACHMENTS = "첨부파일"

_BOX = frozenset("─━│┃┌┏┎┍┐┓┒┑└┗┖┕┘┛┚┙├┝┠┣┤┥┨┫┬┯┰┳┴┷┸┻┼┿╂╋═║╔╗╚╝╠╣╦╩╬")
_IMAGE = re.compile(r"<img\b[^>]*>|</img>")
_IMAGE_ALONE = re.compile(r"<img\b[^>]*>\s*</img>")
_HEADING = re.compile(r"#{1,6}\s+")
_ARTICLE_TITLE = re.compile(r"(제\d+조(?:의\d+)?)\s+(?=\()")
_SAME_TITLE = str.maketrans("", "", " \u3000ㆍ·・‧")


class StatuteMarkdown:
    """Reads one statute or administrative rule, its front matter and its body, per file."""

    media_types: tuple[str, ...] = ("text/markdown",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return the one document in the bytes.

        A statute's id is ``<법령ID>@<법령MST>``, its series the 법령ID, its version the 법령MST. A rule has no series:
        its serial number names one text only. Raises UnreadableFile for bytes that are not UTF-8 or front matter
        that cannot be read, EmptyFile when nothing stands below the front matter.
        """
        text = _decoded(data, source.name)
        front, body_start = front_matter(text, source.name)
        title = _scalar(front, "제목")
        if not title:
            raise UnreadableFile(
                f"'{source.name}': 머리말에 '제목'이 없습니다. '제목: …' 한 줄을 넣으십시오.",
                f"'{source.name}': the front matter has no '제목' (title). Add a line '제목: …'.",
            )
        body = text[body_start:]
        plain, headings = _plain(body, title)
        if not plain:
            raise EmptyFile(
                f"'{source.name}': 머리말 아래에 본문이 없습니다. 본문이 첨부파일에만 있으면 그 파일을 추가하십시오.",
                f"'{source.name}': no text below the front matter. If it is in an attachment, add that file.",
            )
        is_statute = _STATUTE_KEY in front
        # A rule's Markdown has no heading for its articles; a statute's has one for each.
        sections = parse(plain, headings=headings if is_statute or headings else None)
        return [_document(front, title, sections, _losses(front, body), source)]


def is_statute_markdown(data: bytes) -> bool:
    """Tell whether the bytes open with the front matter of a statute or an administrative rule."""
    return _DECLARATION.match(data[:_DECLARED_WITHIN].decode("utf-8", "ignore")) is not None


def front_matter(text: str, name: str) -> tuple[dict[str, Value], int]:
    """Return the front matter's values and where the body begins.

    The dialect is that of the mirrors: ``key: scalar``, lists of scalars, lists of flat mappings, scalars plain,
    quoted or folded over indented lines. Anything else raises UnreadableFile with the line.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    end = next((number for number in range(1, len(lines)) if lines[number].rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        line = 1 if lines[0].rstrip() != "---" else len(lines)
        raise _malformed(
            name, line, "'---' 줄로 열고 닫아야 합니다", "front matter must open and close with a line '---'"
        )
    body_start = len(text) - len("\n".join(lines[end + 1 :]))
    return _FrontMatter(lines[1:end], name).read(), body_start


class _FrontMatter:
    """Reads the lines between the two rules, one value after the other."""

    def __init__(self, lines: list[str], name: str) -> None:
        self.lines = lines
        self.name = name
        self.at = 0

    def read(self) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip()
            if not line:
                self.at += 1
                continue
            pair = _PAIR.fullmatch(line)
            if pair is None:
                raise self.malformed("'이름: 값' 꼴이어야 합니다", "a line must read 'key: value'")
            if pair["key"] in values:
                raise self.malformed(f"'{pair['key']}'이(가) 두 번 있습니다", f"'{pair['key']}' stands twice")
            values[pair["key"]] = self.value(pair["value"] or "", indent=0)
        return values

    def value(self, first: str, *, indent: int) -> Value:
        if first == "[]":
            self.at += 1
            return []
        if not first and self.at + 1 < len(self.lines) and self.lines[self.at + 1].startswith("- "):
            self.at += 1
            return self.items()
        return self.scalar(first, indent=indent)

    def items(self) -> Value:
        scalars: list[str] = []
        mappings: list[dict[str, str]] = []
        while self.at < len(self.lines) and self.lines[self.at].startswith("- "):
            pair = _PAIR.fullmatch(self.lines[self.at][2:].rstrip())
            if pair is None:
                scalars.append(self.scalar(self.lines[self.at][2:].strip(), indent=0))
                continue
            mapping = {pair["key"]: self.scalar(pair["value"] or "", indent=2)}
            while self.at < len(self.lines) and (line := self.lines[self.at].rstrip()).startswith("  "):
                pair = _PAIR.fullmatch(line[2:])
                if pair is None:
                    raise self.malformed("'  이름: 값' 꼴이어야 합니다", "a line must read '  key: value'")
                mapping[pair["key"]] = self.scalar(pair["value"] or "", indent=2)
            mappings.append(mapping)
        if scalars and mappings:
            raise self.malformed("한 목록에 값과 '이름: 값'이 섞여 있습니다", "a list mixes scalars and mappings")
        return mappings or scalars

    def scalar(self, first: str, *, indent: int) -> str:
        """Return the scalar that begins on this line and goes on over deeper lines; move past it."""
        number = self.at
        self.at += 1
        parts = [first.strip()]
        deeper = " " * (indent + 1)
        while self.at < len(self.lines) and (
            self.lines[self.at].startswith(deeper) or (not self.lines[self.at].strip() and parts[0])
        ):
            parts.append(self.lines[self.at].strip())
            self.at += 1
        if parts[0] in _BLOCK:
            return ("\n" if parts[0].startswith("|") else " ").join(parts[1:]).strip()
        value = " ".join(part for part in parts if part)
        quote = value[:1]
        if quote not in ("'", '"'):
            return value
        if len(value) < 2 or not value.endswith(quote):
            self.at = number
            raise self.malformed("따옴표가 닫히지 않았습니다", "a quotation mark is not closed")
        if quote == "'":
            return value[1:-1].replace("''", "'")
        return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), value[1:-1])

    def malformed(self, ko: str, en: str) -> UnreadableFile:
        return _malformed(self.name, self.at + 2, ko, en)  # the lines after the opening rule, counted from one


def _plain(markdown: str, title: str) -> tuple[str, frozenset[int]]:
    """Return the body as plain statute text, and the offsets of the lines that were headings.

    A unit a line, without Markdown's signs, indentation and blank lines. Drops the first heading when it is the title,
    and a heading "부칙" above the 부칙's own line. Keeps every other word; box tables keep their columns.
    """
    if "<img" in markdown:
        markdown = _IMAGE.sub("", markdown)
    kept: list[str] = []
    headings: list[int] = []
    length = 0
    for line in markdown.split("\n"):
        words = line.strip()
        if not words:
            continue
        sign = words[0]
        if sign == "*":
            if words[1:2] == "*" and words[3:5] == "**":  # **①** …
                words = (
                    f"{words[2]} {words[5:].lstrip().removeprefix(words[2]).lstrip()}".rstrip()
                )  # some say **㉑** ㉑
        elif sign == "#":
            words = _plain_heading(words, title, first=not kept)
            if not words:
                continue
            headings.append(length)
        elif sign in _BOX:
            words = line.strip("\t\r").rstrip()
        elif "\\." in words[:9]:  # 1\. … and 가\. …
            words = words.replace("\\.", ".", 1)
        kept.append(words)
        length += len(words) + 1
    return "\n".join(kept) + "\n" if kept else "", frozenset(headings)


def _plain_heading(line: str, title: str, *, first: bool) -> str:
    sign = _HEADING.match(line)
    if sign is None:
        return line
    words = line[sign.end() :].strip()
    if line.startswith("##### "):
        return _ARTICLE_TITLE.sub(r"\1", words, count=1)
    if words == "부칙" or (first and words.translate(_SAME_TITLE) == title.translate(_SAME_TITLE)):
        return ""
    return words


def _document(
    front: Mapping[str, Value], title: str, sections: tuple[Section, ...], losses: tuple[Loss, ...], source: Source
) -> Document:
    is_statute = _STATUTE_KEY in front
    fields = _STATUTE_FIELDS if is_statute else _RULE_FIELDS
    series, version = (_scalar(front, "법령ID"), _scalar(front, "법령MST")) if is_statute else ("", "")
    identity = f"{series}@{version}" if series and version else _scalar(front, "admRulSeq") or version or source.name
    metadata = {
        key: value.strip()
        for key, value in front.items()
        if isinstance(value, str) and value.strip() and key not in fields
    }
    if annexes := _annexes(front):
        metadata["별표"] = "\n".join(annexes)
    return Document(
        id=identity,
        title=title,
        sections=sections,
        kind=_scalar(front, "법령구분" if is_statute else "행정규칙구분"),
        issuer=_scalar(front, "소관부처"),
        number=_scalar(front, "공포번호" if is_statute else "발령번호"),
        promulgated=_day(front, "공포일자" if is_statute else "발령일자", source.name),
        effective_from=_day(front, "시행일자", source.name),
        series=series,
        version=version,
        metadata=metadata,
        origins={field: _ORIGIN for key, field in fields.items() if front.get(key)} | dict.fromkeys(metadata, _ORIGIN),
        losses=losses,
    )


def _scalar(front: Mapping[str, Value], key: str) -> str:
    value = front.get(key, "")
    if isinstance(value, str):
        return value.strip()
    return ", ".join(item for item in value if isinstance(item, str))


def _annexes(front: Mapping[str, Value]) -> list[str]:
    attachments = front.get(_ATTACHMENTS, "")
    if isinstance(attachments, str):
        return []
    return [item["제목"] for item in attachments if isinstance(item, dict) and item.get("제목")]


def _losses(front: Mapping[str, Value], body: str) -> tuple[Loss, ...]:
    counted = {"annex": len(_annexes(front)), "picture": len(_IMAGE_ALONE.findall(body)) if "<img" in body else 0}
    return tuple(Loss(kind, count) for kind, count in counted.items() if count)


def _day(front: Mapping[str, Value], key: str, name: str) -> date | None:
    words = _scalar(front, key)
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise UnreadableFile(
            f"'{name}': 머리말의 {key} '{words}'은(는) 날짜가 아닙니다. 2026-01-31 꼴로 고치십시오.",
            f"'{name}': {key} '{words}' in the front matter is not a date. Write it as 2026-01-31.",
        ) from None


def _decoded(data: bytes, name: str) -> str:
    try:
        return clean(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"'{name}': UTF-8이 아닙니다 ({error.start}번째 바이트). 파일을 UTF-8로 다시 저장하십시오.",
            f"'{name}': not UTF-8 (at byte {error.start}). Save the file as UTF-8.",
        ) from None


def _malformed(name: str, line: int, ko: str, en: str) -> UnreadableFile:
    return UnreadableFile(
        f"'{name}': 머리말 {line}번째 줄을 읽을 수 없습니다: {ko}. 그 줄을 고친 뒤 다시 추가하십시오.",
        f"'{name}': cannot read line {line} of the front matter: {en}. Correct that line and add the file again.",
    )
