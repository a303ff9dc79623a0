"""The development data as material to learn from: statutes, and the questions of the retrieval sets.

Nothing under a licence that forbids commercial use is read: of the retrieval sets only those in `LABELLED` and
`PAGES`, which are government works.
"""

from __future__ import annotations

import json
import lzma
import re
import tarfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from govrag.embed.material import Article, Asked, Gathered, Labelled, Material, Numbers, material_of, without_marks

__all__ = [
    "LABELLED", "PAGES", "Article", "Labelled", "Material", "Numbers", "gather", "read_articles", "read_material",
]  # fmt: skip

LABELLED = ("lay-question-to-article", "claim-to-article", "legal-issue-to-article")  # gold: <law title>|<article>
PAGES = "lay-question-to-page"  # gold: a page of the citizens' guide

_HEADING = re.compile(r"^##### (제\d+조(?:의\d+)?)(?: \((.*)\))?\s*$", re.MULTILINE)
_PART = re.compile(r"\n#{1,4} ")
_KIND = re.compile(r"^법령구분: '?(.*?)'?$", re.MULTILINE)
_TITLE = re.compile(r"^제목: '?(.*?)'?$", re.MULTILINE)
# "법 제12조" in a decree points into its statute; "영 제3조" in a rule points into its decree.
_DELEGATED = {
    " 시행령": {"법": ""},
    " 시행규칙": {"법": "", "영": " 시행령"},
}
_REFERENCE = re.compile(r"(?:^|[^가-힣」])(법|영) (제\d+조(?:의\d+)?)")
_REFERENCES_WITHIN = 1_500  # characters: delegation is named at the beginning
_PAGE_LENGTH = 3_000  # characters of a guide page that are read

Key = Callable[[str, str], str]  # (title of a law, article) → how the article is named


def read_material(data: Path) -> Material:
    """Return the material in a folder laid out like the project's shared data; takes about a minute and 3 GB."""
    return material_of(gather(data))


def gather(data: Path, *, key: Key = "{}|{}".format) -> Gathered:
    """Return what that folder holds, in words."""
    articles = list(read_articles(data))
    return Gathered(
        articles,
        [key(article.title, article.number) for article in articles],
        list(_references(articles, key)),
        list(_questions(data / "retrieval", key)),
    )


def read_articles(data: Path) -> Iterator[Article]:
    """Yield each article of the statutes, files in order of their names, 부칙 left out."""
    with tarfile.open(data / "laws" / "statutes-2026-06.tar.xz") as archive:
        files = {
            member.name: stream.read().decode("utf-8")
            for member in archive
            if member.name.endswith(".md") and (stream := archive.extractfile(member))
        }
    for _, text in sorted(files.items()):
        _, front, rest = text.split("---\n", 2)
        title, kind = _TITLE.search(front), _KIND.search(front)
        rest = rest.split("\n## 부칙")[0]
        headings = list(_HEADING.finditer(rest))
        ends = [heading.start() for heading in headings[1:]] + [len(rest)] * bool(headings)
        for heading, end in zip(headings, ends, strict=True):
            body = without_marks(_PART.split(rest[heading.end() : end])[0])
            yield Article(title[1] if title else "", heading[1], heading[2] or "", body, kind[1] if kind else "")


def _references(articles: Sequence[Article], key: Key) -> Iterator[tuple[int, str]]:
    for row, (title, _, _, body, _) in enumerate(articles):
        for suffix, pointers in _DELEGATED.items():
            if not title.endswith(suffix):
                continue
            named = dict.fromkeys(_REFERENCE.findall(body[:_REFERENCES_WITHIN]))
            for pointer, article in named:
                if pointer in pointers:
                    yield row, key(f"{title.removesuffix(suffix)}{pointers[pointer]}", article)


def _questions(sets: Path, key: Key) -> Iterator[Asked]:
    for name in LABELLED:
        gold = _gold(sets / name / "qrels.tsv")
        for row in _json_lines(sets / name / "queries.jsonl"):
            cites = tuple(key(law, article) for law, _, article in (one.rpartition("|") for one in gold[row["id"]]))
            yield Asked(f"{name}/{row['id']}", row["text"], cites)
    with lzma.open(sets / PAGES / "corpus.jsonl.xz", "rt", encoding="utf-8") as stream:
        pages = {page["id"]: f"{page['title']} {page['text']}"[:_PAGE_LENGTH] for page in map(json.loads, stream)}
    gold = _gold(sets / PAGES / "qrels.tsv")
    for row in _json_lines(sets / PAGES / "queries.jsonl"):
        answers = (row["answer"], *(pages[document] for document in gold[row["id"]] if document in pages))
        yield Asked(f"{PAGES}/{row['id']}", row["text"], (), answers)


def _gold(path: Path) -> dict[str, list[str]]:
    gold: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if float(grade) > 0:
            gold[query].append(document)
    return gold


def _json_lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
