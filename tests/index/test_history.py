"""At each 시행일자 and the day before, the edition shown is the one the law says; against the plain definition."""

from __future__ import annotations

import tarfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from nursery import plain_words
from shelf import EMBEDDER, made, opened

from govrag.index.catalogue import Catalogue
from govrag.index.writer import Writer
from govrag.ingest.readers.statute_markdown import StatuteMarkdown
from govrag.ingest.split import ArticleSplitter
from govrag.korean import morphemes
from govrag.records import Document, Source
from govrag.statute.locator import Locator

LAWS = 5
MOST_VERSIONS = 60


def histories(shared: Path) -> dict[str, list[Document]]:
    """Return the shortest histories with several editions, whole."""
    sizes: defaultdict[str, int] = defaultdict(int)
    counts: defaultdict[str, int] = defaultdict(int)
    with tarfile.open(shared / "laws" / "history-2026-06.tar.xz") as archive:
        contents = {
            member.name: file.read()
            for member in archive
            if member.name.endswith(".md") and (file := archive.extractfile(member))
        }
    for name, content in contents.items():
        law = name.rsplit("/", 2)[-2]
        sizes[law] += len(content)
        counts[law] += 1
    chosen = sorted((law for law in sizes if 3 <= counts[law] <= MOST_VERSIONS), key=lambda law: sizes[law])[:LAWS]
    found: dict[str, list[Document]] = {}
    for law in chosen:
        found[law] = []
        for name, content in sorted(contents.items()):
            if name.rsplit("/", 2)[-2] == law:
                source = Source(f"memory:{name}", name, "0" * 64, len(content))
                found[law] += StatuteMarkdown().read(content, source)
    return found


@pytest.fixture(scope="module")
def editions(shared: Path) -> dict[str, list[Document]]:
    return histories(shared)


@pytest.fixture(scope="module")
def book(editions: dict[str, list[Document]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(morphemes, "analyse", plain_words)
        path = made(tmp_path_factory.mktemp("history") / "main")
        with Writer(path, embedder=EMBEDDER) as writer:
            for documents in editions.values():
                for document in documents:
                    writer.put(document, ArticleSplitter().split(document), Source(document.id, document.id, "", 1))
            writer.commit()
        reader = opened(path)
        yield reader.catalogue
        reader.close()


def order(document: Document) -> tuple[date, date, int]:
    assert document.effective_from
    assert document.promulgated
    return document.effective_from, document.promulgated, int(document.version)


def meant(documents: list[Document], day: date) -> Document | None:
    """Return the edition with the greatest (시행일자, 공포일자, MST) not after the day."""
    begun = [document for document in documents if document.effective_from and document.effective_from <= day]
    return max(begun, key=order, default=None)


def days(documents: list[Document]) -> list[date]:
    starts = {document.effective_from for document in documents if document.effective_from}
    return sorted({day - timedelta(days=back) for day in starts for back in (0, 1)})


def mistakes(book: Catalogue, documents: list[Document]) -> list[str]:
    """Return the days on which the catalogue shows an article otherwise than the edition that is meant."""
    wrong = []
    articles = {
        document.id: {
            passage.locator: passage.text for passage in ArticleSplitter().split(document) if passage.role == "body"
        }
        for document in documents
    }
    for day in days(documents):
        right = meant(documents, day)
        title = documents[0].title
        wanted = articles[right.id] if right else {}
        for locator in {one for texts in articles.values() for one in texts if Locator.parse(one)}:
            found = book.find(title, locator, as_of=day)
            if found.verdict in {"verified", "unchecked", "repealed"}:
                if found.passage is None or wanted.get(locator) != found.passage.text:
                    wrong.append(f"{title} {locator} {day}: {found.verdict}")
            elif locator in wanted:
                wrong.append(f"{title} {locator} {day}: {found.verdict}, but it stands")
    return wrong


@pytest.mark.shared
def test_the_edition_shown_is_the_one_that_holds(editions: dict[str, list[Document]], book: Catalogue) -> None:
    assert len(editions) == LAWS
    assert sum(len(days(documents)) for documents in editions.values()) > 100
    for documents in editions.values():
        assert len({document.title for document in documents}) == 1
        assert mistakes(book, documents) == []


@pytest.mark.shared
def test_a_later_edition_taken_too_early_is_noticed(editions: dict[str, list[Document]], book: Catalogue) -> None:
    documents = next(iter(editions.values()))
    late = [replace(one, effective_from=order(one)[0] + timedelta(days=400)) for one in documents]
    assert mistakes(book, late)


@pytest.mark.shared
def test_before_the_first_edition_nothing_is_said_to_be_repealed(
    editions: dict[str, list[Document]], book: Catalogue
) -> None:
    for documents in editions.values():
        first = min(documents, key=order)
        for passage in ArticleSplitter().split(first):
            found = book.find(first.title, passage.locator, as_of=order(first)[0] - timedelta(days=1))
            assert found.verdict == "not_in_force", passage.id


@pytest.mark.shared
def test_an_article_that_did_not_change_is_stored_once(editions: dict[str, list[Document]], book: Catalogue) -> None:
    held = sum(info.passages for info in book.documents())
    stored = sum(len(batch) for batch in book.searchable(batch=10_000))
    assert stored < held / 2
