"""Check anyone's citations offline: every legal citation of a text, with a verdict each."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from govrag.contracts import LawBook
from govrag.korean.normalise import clean
from govrag.pipelines.checks import Finding, check_place, check_quote, worst
from govrag.pipelines.reasons import Reason, because
from govrag.pipelines.shelf import collection_of
from govrag.records import Citation, Passage, Provision, Verification
from govrag.statute.citations import Decision, Reference, find_decisions, find_references, render
from govrag.statute.locator import Locator
from govrag.statute.names import LawNames

_LONGEST_SHOWN = 200  # characters of a provision that are shown when nothing was quoted from it
_NOT_CHECKED = frozenset({"ambiguous", "not_in_library", "unchecked"})


class Verify:
    """Finds the citations of a text and compares them with a law book. It judges no conclusion.

    ``corpus_date`` is the newest promulgation that the book knows of; None when it knows of none.
    """

    def __init__(self, book: LawBook, names: LawNames, *, corpus_date: date | None) -> None:
        self._book = book
        self._names = names
        self._corpus_date = corpus_date

    def run(self, text: str, *, as_of: date) -> Verification:
        """Return every citation of laws and decisions in reading order; offsets are those of ``text``. Never raises.

        A list gives a citation per element, a range is checked at both ends. A law that is not loaded is
        `not_in_library`, an article that a loaded law does not have `no_such_article`: the two are never confused.
        Court decisions and interpretations are reported and not compared: `not_in_library`, or `unchecked` when a
        document of that name is here.
        """
        plain, offsets = _cleaned(text)
        checker = Checker(self._book, self._names, as_of)
        found: list[Citation] = [checker.citation(reference) for reference in find_references(plain, self._names)]
        found += [checker.decision(decision) for decision in find_decisions(plain)]
        placed = [
            citation.model_copy(update={"start": offsets[citation.start], "end": offsets[citation.end]})
            for citation in sorted(found, key=lambda citation: (citation.start, citation.end))
        ]
        warnings = [*corpus_warnings(as_of, self._corpus_date), *_counts(placed)]
        return Verification(
            citations=tuple(placed),
            as_of=as_of,
            corpus_date=self._corpus_date,
            warnings=tuple(warning.ko for warning in warnings),
            warnings_en=tuple(warning.en for warning in warnings),
        )


def corpus_warnings(as_of: date, corpus_date: date | None) -> list[Reason]:
    """Return what a reader must know of the law that an answer for this day rests on."""
    if corpus_date is None:
        return [because("no_corpus_date")]
    return [because("late", {"as_of": as_of, "corpus": corpus_date})] if as_of > corpus_date else []


def _counts(citations: list[Citation]) -> list[Reason]:
    if not citations:
        return [because("no_citations")]
    count = sum(citation.verdict in _NOT_CHECKED for citation in citations)
    return [because("unchecked_count", {"count": count, "total": len(citations)})] if count else []


class Checker:
    """Judges references on one day; each article is looked up once."""

    def __init__(self, book: LawBook, names: LawNames, as_of: date) -> None:
        self._book = book
        self._names = names
        self._as_of = as_of
        self._found: dict[tuple[str, str], Provision] = {}

    def citation(self, reference: Reference) -> Citation:
        """Return a reference with its verdict."""
        finding = self.check(reference)
        label = _label(reference)
        if reference.quote and label:
            finding = self._check_words(reference, finding, label)
        return self._record(reference.start, reference.end, reference.text, label, finding)

    def decision(self, decision: Decision) -> Citation:
        """Return a decision: the library's law book cannot say what a court held."""
        known = self._book.title(decision.number) is not None
        reason = because("known_decision" if known else "unknown_decision", {"number": decision.number})
        finding = Finding("unchecked" if known else "not_in_library", reason)
        return self._record(decision.start, decision.end, decision.text, decision.number if known else "", finding)

    def _record(self, start: int, end: int, text: str, label: str, finding: Finding) -> Citation:
        passage, span = finding.passage, finding.span
        citation = Citation(
            text=text,
            label=label,
            start=start,
            end=end,
            verdict=finding.verdict,
            reason=finding.reason.ko,
            reason_en=finding.reason.en,
        )
        return citation.model_copy(update=pointing_at(passage, span, self._book) if passage else {})

    def check(self, reference: Reference) -> Finding:
        """Return what became of a reference, its quotation aside."""
        if reference.problem == "unknown_law":
            return Finding("not_in_library", because("unknown_law", {"name": reference.law_text}))
        if reference.problem == "ambiguous_law":
            candidates = ", ".join(self._names.resolve(reference.law_text).candidates)
            name = "ambiguous_law" if candidates else "ambiguous_role"
            return Finding("ambiguous", because(name, {"name": reference.law_text, "candidates": candidates}))
        if reference.problem or reference.law is None:
            return Finding("unchecked", because(reference.problem or "no_law", {"name": reference.text}))
        if reference.former:
            return Finding("unchecked", because("former"))
        if reference.supplement:
            return self._check_supplement(reference.law, reference.supplement)
        if reference.locator is None:
            return self._check_law(reference.law)
        return self._check_places(reference, reference.law, reference.locator)

    def _check_places(self, reference: Reference, law: str, locator: Locator) -> Finding:
        """Check a provision, or both ends of a range."""
        finding = self._check_place(law, locator, reference.part)
        until = reference.until
        if until is None:
            return finding
        last = self._check_place(law, until, reference.part)
        finding = worst([finding, last])
        same = finding.passage is not None and last.passage is not None and finding.passage.id == last.passage.id
        if finding.verdict in ("verified", "unchecked") and finding.span and last.span and same:
            return replace(finding, span=(finding.span[0], max(finding.span[1], last.span[1])))
        return finding

    def _check_place(self, law: str, locator: Locator, part: str) -> Finding:
        provision = self._find(law, str(locator.article_only))
        finding = check_place(provision, locator, part=part, as_of=self._as_of)
        ends = provision.passage.validity.effective_to if provision.passage else None
        if finding.verdict == "no_such_article" and ends and ends > self._as_of:
            # The article changes later: a 항 that only the next edition has is not invented.
            later = self._book.find(law, str(locator.article_only), as_of=ends)
            coming = check_place(later, locator, part=part, as_of=ends)
            if coming.verdict == "verified":
                reason = because("not_yet", {"place": f"{law} {locator}", "day": ends, "as_of": self._as_of})
                return replace(coming, verdict="not_in_force", reason=reason)
        return finding

    def _check_words(self, reference: Reference, finding: Finding, label: str) -> Finding:
        """Compare the words that the text quotes from a provision with the provision's own."""
        first = check_quote(finding, reference.quote, label, as_of=self._as_of)
        locator, until = reference.locator, reference.until
        if first.verdict != "mismatch" or locator is None or until is None or until.article == locator.article:
            return first
        end = self._check_place(reference.law or "", until, reference.part)
        last = check_quote(end, reference.quote, label, as_of=self._as_of)
        # Articles between the two ends may hold the words; which those are the book cannot list.
        return (
            last if last.verdict == "verified" else replace(finding, verdict="unchecked", reason=because("range_quote"))
        )

    def _check_law(self, law: str) -> Finding:
        """A law cited alone: its name is known; its first article tells whether it lives."""
        provision = self._find(law, "제1조")
        if provision.verdict == "repealed" and provision.passage is None:
            return Finding("repealed", because("law_repealed", {"law": provision.title}))
        return Finding("verified", because("law_alone"))

    def _check_supplement(self, law: str, supplement: str) -> Finding:
        """A supplementary provision, where the book knows it under the name that the text gives it."""
        return Finding("unchecked", because("supplement"), self._find(law, supplement).passage)

    def _find(self, law: str, locator: str) -> Provision:
        key = (law, locator)
        if key not in self._found:
            self._found[key] = self._book.find(law, locator, as_of=self._as_of)
        return self._found[key]


def _label(reference: Reference) -> str:
    """Return the canonical form without 「」; "" for a citation that could not be resolved."""
    if reference.law is None:
        return ""
    law = reference.law
    return f"{law} {render(reference).removeprefix(f'「{law}」').strip()}".strip()


def pointing_at(passage: Passage, span: tuple[int, int] | None, book: LawBook) -> dict[str, object]:
    """Return the fields of a citation that say where it points; without a span it points at no words."""
    fields: dict[str, object] = {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "collection": collection_of(passage, book),
        "effective_from": passage.validity.effective_from,
        "effective_to": passage.validity.effective_to,
        "inferred": passage.validity.inferred,
    }
    if span is not None:
        start, end = _shown(passage.text, span)
        fields |= {"quote": passage.text[start:end], "quote_span": (passage.start + start, passage.start + end)}
    return fields


def _shown(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return the beginning of a span that is short enough to show, without blanks around it."""
    start, end = span
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end = start + len(text[start : min(end, start + _LONGEST_SHOWN)].rstrip())
    return start, end


# A character and what joins it into one: combining marks and the vowels and finals of decomposed Hangul.
_CLUSTER = re.compile(r"\r\n|.[\u0300-\u036f\u1160-\u11ff\u20d0-\u20ff\u3099\u309a]*", re.DOTALL)


def _cleaned(text: str) -> tuple[str, list[int]]:
    """Return the text as the readers of citations expect it, and each of its offsets' place in the original."""
    plain = clean(text)
    if plain == text:
        return text, list(range(len(text) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        piece = clean(cluster[0])
        pieces.append(piece)
        offsets += [cluster.start()] * len(piece)
    return "".join(pieces), [*offsets, len(text)]
