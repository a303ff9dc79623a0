"""Answer a question from the library: evidence, statements, and every citation checked before it is returned."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from govrag.contracts import Generator, LawBook, ModelGenerator, Retriever
from govrag.korean import tokens
from govrag.pipelines.checks import check_force, label_at
from govrag.pipelines.evidence import STUB, Expansion, capped, cites
from govrag.pipelines.followup import FollowUps, dialogue
from govrag.pipelines.links import without_links
from govrag.pipelines.quotes import find_quote
from govrag.pipelines.reasons import Reason, because
from govrag.pipelines.shelf import collection_of
from govrag.pipelines.verify import Checker, corpus_warnings
from govrag.pipelines.whole import ROOM, read
from govrag.pipelines.words import disagreement
from govrag.records import Answer, Citation, Draft, Evidence, Hit, Passage, Statement, Status, Usage, Where
from govrag.statute.citations import Reference, parse_query
from govrag.statute.locator import Locator
from govrag.statute.names import LawNames
from govrag.statute.structure import is_deleted

Confidence = Callable[[Sequence[Hit], str], float]  # hits and question → the chance that they answer it
# A statement, the passages it cites and the words it rests on → whether they support it.
Support = Callable[[str, Sequence[Passage], Sequence[str]], bool]
# A question and what was said before it → the question in words that stand alone, "" when there are none.
Restate = Callable[[str, Sequence[str]], str]

_LIMIT = 20  # hits asked for
_LEAST = 1e-9  # chance below which nothing at all was found
_SURE = 0.4  # chance below which the reader is warned that the evidence may answer another question
_SEARCHED = 5  # labels of what was looked at
_BESIDE_NAMED = 0.8  # of a named provision's score: what a search in its law found beside it
# What a question says beside a provision's name when it asks for the provision and nothing else.
_FILLER = re.compile(
    r"알려\S*|설명\S*|보여\S*|찾아\S*|내용\S*|전문|무엇\S*|무슨|뭐\S*|뭔\S*|어떤|어떻게|조문\S*|조항\S*|규정\S*|되\S*|인가요|입니까|말해\S*|주세요"
    r"|(?<![가-힣])(?:은|는|이|가|을|를|의|에|에서|에는|좀|대해|대하여|관해|관하여)(?![가-힣])"
)
_SENTENCE_END = re.compile(r"(?<=[가-힣a-z][.!?])\s+|(?<=[!?])\s+")
_BRACKETED = re.compile(r"[(（]([^()（）]{8,})[)）]")  # what is shorter is a gloss
_WORDS = re.compile(r"[가-힣]{2}|[A-Za-z]{3}")
_LAW_NAME = re.compile(r"(?:법|법률|령|시행규칙|조례)\Z")
_SAYS_MORE = 3  # Hangul syllables left when the name and such words are taken away


@dataclass(slots=True)
class _Progress:
    """What one answer gathers on its way."""

    evidence: list[Evidence] = field(default_factory=list)
    confidence: float = 0.0
    searched: tuple[str, ...] = ()
    whole: bool = True  # False when something asked for is missing or is not the law of the day
    warnings: list[Reason] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    used: dict[str, Any] = field(default_factory=dict)  # of a model


class Ground:
    """A `Pipeline`: retrieve, expand, word, check.

    ``confidence`` gives the calibrated chance that hits answer a question; below ``threshold`` the answer is
    `no_evidence`. Without it every question that finds something is answered. ``where`` limits every search. A model's
    wording must pass ``support`` as well, and leads nowhere that its evidence does not.

    With a ``document`` (its passages, in reading order) that is the evidence, as much of it as ``room`` (tokens) holds.
    ``follow`` writes questions anew that lean on earlier ones; a model does so by ``restate``, and is checked by it.
    """

    def __init__(
        self,
        retriever: Retriever,
        book: LawBook,
        generator: Generator,
        *,
        names: LawNames,
        corpus_date: date | None,
        confidence: Confidence | None = None,
        threshold: float = 0.0,
        where: Where | None = None,
        support: Support | None = None,
        follow: FollowUps | None = None,
        restate: Restate | None = None,
        document: Sequence[Passage] = (),
        room: int = ROOM,
    ) -> None:
        self._retriever = retriever
        self._book = book
        self._generator = generator
        self._names = names
        self._corpus_date = corpus_date
        self._confidence = confidence
        self._threshold = threshold
        self._where = where or Where()
        self._support = support
        self._follow = follow
        self._restate = restate
        self._document = tuple(document)
        self._room = room

    def run(self, question: str, *, as_of: date) -> Answer:
        """Return the answer: statements whose citations were checked, or what was searched in vain.

        A provision that the question names is gone to directly; one that does not exist or does not hold is said so,
        and nothing else is put in its place. What the parts raise is not caught.
        """
        for result in self.stream(question, as_of=as_of):
            if isinstance(result, Answer):
                return result
        raise AssertionError("a stream ends with its answer")

    def stream(self, question: str, *, as_of: date, turns: Sequence[Answer] = ()) -> Iterator[Statement | Answer]:
        """Yield each statement once it is whole and checked, then the answer that holds them all; raises as `run`.

        ``turns`` are the earlier ones that the question leans on (`FollowUps.turns`).
        """
        started = time.perf_counter()
        progress = _Progress(warnings=corpus_warnings(as_of, self._corpus_date))
        understood = self._understood(question, turns, progress)
        self._gather(understood, as_of, progress)
        statements: list[Statement] = []
        for statement in self._statements(understood, as_of, progress):
            statements.append(statement)
            yield statement
        yield Answer(
            question=question,
            understood=understood if turns else "",
            status=_status(statements, progress),
            statements=tuple(statements),
            as_of=as_of,
            corpus_date=self._corpus_date,
            warnings=tuple(warning.ko for warning in progress.warnings),
            warnings_en=tuple(warning.en for warning in progress.warnings),
            searched=() if statements else progress.searched,
            confidence=progress.confidence,
            usage=Usage(
                milliseconds=round((time.perf_counter() - started) * 1000, 3),
                evidence_tokens=sum(tokens.count(one.passage.text) for one in progress.evidence),
                **progress.used,
            ),
            trace=tuple(progress.trace),
        )

    def _understood(self, question: str, turns: Sequence[Answer], progress: _Progress) -> str:
        """Return the question in words that need no earlier ones: a model's, if they pass, or those of the rules."""
        if not turns or self._follow is None:
            return question
        if self._restate is not None:
            restated = self._restate(question, dialogue(turns))
            progress.used = self._used()
            if self._follow.agrees(restated, question, turns):
                progress.trace.append(f"이어진 질문을 모델이 고쳐 씀: {restated}")
                return restated
            progress.trace.append("모델이 고쳐 쓴 질문을 버림: 앞의 대화에 없는 말이 있거나 질문의 말이 빠짐")
        restated = self._follow.restated(question, turns)
        progress.trace.append(f"이어진 질문을 규칙으로 고쳐 씀: {restated}")
        return restated

    # ── evidence ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _gather(self, question: str, as_of: date, progress: _Progress) -> None:
        """Find evidence where the question says, or in the document that is asked about."""
        if self._document:
            self._read(question, as_of, progress)
            return
        reference = parse_query(question, self._names)
        if reference is None or _is_paper(reference):
            self._search(question, as_of, progress)
        else:
            self._go_to(reference, question, as_of, progress)
        if reference is not None and _is_paper(reference):
            progress.whole = False
            progress.warnings.append(because("unknown_law", {"name": reference.law_text}))

    def _read(self, question: str, as_of: date, progress: _Progress) -> None:
        """Take the document as a whole.

        A model may find in it what no search does, so only quotations are withheld when the search is not sure.
        """
        reading = read(
            self._document,
            question,
            retriever=self._retriever,
            names=self._names,
            collection=collection_of(self._document[0], self._book),
            where=self._where,
            as_of=as_of,
            room=self._room,
        )
        hits = reading.hits
        sure = self._confidence(hits, question) if self._confidence and hits else float(bool(hits))
        progress.confidence = 1.0 if reading.named else sure
        progress.searched = tuple(dict.fromkeys(hit.passage.label for hit in hits[:_SEARCHED]))
        progress.trace.append(f"{reading.trace}, 답이 있을 확률 {progress.confidence:.2f}")
        if isinstance(self._generator, ModelGenerator) or progress.confidence >= max(self._threshold, _LEAST):
            progress.evidence = reading.evidence
            progress.whole = reading.whole
            progress.warnings += reading.warnings
            if progress.confidence < _SURE:
                progress.warnings.append(because("unsure", {"chance": round(100 * progress.confidence)}))

    def _go_to(self, reference: Reference, question: str, as_of: date, progress: _Progress) -> None:
        """Take the provision that the question names, and what else its law says to the question."""
        if reference.law is not None and reference.locator is None and not reference.problem:
            reference = replace(reference, locator=Locator("1"))  # a law's name alone: what the law is for
        finding = Checker(self._book, self._names, as_of).check(reference)
        passage = finding.passage
        progress.trace.append(f"지목한 조문: {reference.text} → {finding.verdict}")
        progress.searched = (passage.label,) if passage else ()
        progress.whole = finding.verdict in ("verified", "unchecked")
        if not progress.whole or finding.verdict == "unchecked":
            progress.warnings.append(finding.reason)
        if passage is None or finding.verdict not in ("verified", "unchecked", "not_in_force", "ambiguous"):
            return
        progress.confidence = 1.0
        progress.evidence = [Evidence(passage, 1.0, "named", collection_of(passage, self._book))]
        if _says_more(question, reference):
            hits = self._hits(question, replace(self._where, as_of=as_of, laws=(passage.title,)), _LIMIT)
            living = [hit for hit in hits if hit.passage.validity.in_force(as_of) and hit.passage.id != passage.id]
            living.sort(key=lambda hit: not cites(hit.passage, passage))  # a penalty clause names what it punishes
            beside = [replace(one, score=_BESIDE_NAMED * one.score) for one in capped(living)]
            progress.evidence += beside
            progress.trace.append(f"같은 법령 검색: {len(beside)}건")
        self._expand(question, as_of, progress)

    def _search(self, question: str, as_of: date, progress: _Progress) -> None:
        """Search, and abstain when what was found is not likely to answer the question."""
        hits = self._hits(question, replace(self._where, as_of=as_of), _LIMIT)
        progress.searched = tuple(dict.fromkeys(hit.passage.label for hit in hits[:_SEARCHED]))
        progress.confidence = self._confidence(hits, question) if self._confidence and hits else float(bool(hits))
        progress.trace.append(f"검색: {len(hits)}건, 근거가 답일 확률 {progress.confidence:.2f}")
        if not hits or progress.confidence < self._threshold:
            progress.trace.append(
                f"답하지 않음: 기준 {self._threshold:.2f}에 못 미침" if hits else "답하지 않음: 찾은 것 없음"
            )
            return
        if progress.confidence < _SURE:
            progress.warnings.append(because("unsure", {"chance": round(100 * progress.confidence)}))
        living = [hit for hit in hits if hit.passage.validity.in_force(as_of)]
        if not living:
            progress.whole = False
            progress.warnings.append(because("none_in_force", {"as_of": as_of}))
        else:
            gone = [hit.passage for hit in hits[:_SEARCHED] if not hit.passage.validity.in_force(as_of)]
            progress.warnings += [check_force(passage, passage.label, as_of=as_of).reason for passage in gone]
        progress.evidence = capped(living or hits)
        self._expand(question, as_of, progress)

    def _hits(self, question: str, where: Where, limit: int) -> list[Hit]:
        found = self._retriever.search(question, limit=limit, where=where)
        return [hit for hit in found if hit.passage.locator != STUB and not is_deleted(hit.passage.text)]

    def _expand(self, question: str, as_of: date, progress: _Progress) -> None:
        added = Expansion(self._retriever, self._book, where=self._where).of(progress.evidence, question, as_of=as_of)
        progress.evidence += added
        for why, name in _WHY.items():
            labels = [one.passage.label for one in progress.evidence if one.why == why]
            if labels:
                progress.trace.append(f"{name}: {', '.join(labels)}")

    # ── statements ────────────────────────────────────────────────────────────────────────────────────────────────

    def _statements(self, question: str, as_of: date, progress: _Progress) -> Iterator[Statement]:
        """Have statements drafted, and yield those whose every citation stands; a model gets a second attempt."""
        if not progress.evidence:
            return
        shown = {one.passage.id: one for one in progress.evidence}
        worded = self._generator if isinstance(self._generator, ModelGenerator) else None
        drafts: Iterable[Draft] = (
            worded.stream(question, progress.evidence)
            if worded
            else self._generator.generate(question, progress.evidence)
        )
        drafted = kept = 0
        refused: list[tuple[Draft, str]] = []
        for again in (False, True):
            rejected, refused = refused, []
            if again:
                drafts = worded.revise(rejected) if worded and rejected else ()
            for draft in drafts:
                drafted += not again
                if worded:
                    draft = self._harmless(draft, shown, progress)
                failure = self._failure(draft, shown, as_of, free=worded is not None)
                if failure is None:
                    kept += 1
                    citations = tuple(self._citation(*place, shown=shown, as_of=as_of) for place in draft.places)
                    yield Statement(text=draft.text, citations=citations)
                else:
                    refused.append((draft, failure.ko))
                    progress.trace.append(f"뺀 문장{' (다시 쓴 것)' if again else ''}: {failure.ko}")
        dropped = max(0, drafted - kept)
        if dropped:
            progress.warnings.append(because("dropped", {"count": dropped}))
            progress.whole = progress.whole and worded is None
        if worded:
            progress.used = self._used()
            if not worded.complete:
                progress.whole = False
                progress.warnings.append(because("cut_off"))
        progress.trace.append(f"작성 {drafted}문장, 확인 {kept}문장")

    def _used(self) -> dict[str, Any]:
        """Return what the model has used so far."""
        worded = self._generator
        if not isinstance(worded, ModelGenerator):
            return {}
        return {"model": worded.model, "input_tokens": worded.usage.input, "output_tokens": worded.usage.output}

    def _harmless(self, draft: Draft, shown: Mapping[str, Evidence], progress: _Progress) -> Draft:
        """Return a model's draft without links, images and markup that the evidence does not have."""
        text, removed = without_links(draft.text, [one.passage.text for one in shown.values()])
        if removed:
            progress.trace.append(f"링크·그림·HTML {removed}개를 지움")
        return replace(draft, text=text)

    def _failure(
        self, draft: Draft, shown: Mapping[str, Evidence], as_of: date, *, free: bool = False
    ) -> Reason | None:
        """Return why a draft may not be shown, None when it may; ``free`` wording must be supported as well."""
        if not draft.places or not draft.text.strip():
            return because("not_shown")
        for passage_id, start, end in draft.places:
            if passage_id not in shown:
                return because("not_shown")
            passage = shown[passage_id].passage
            if not (0 <= start < end <= len(passage.text) and passage.text[start:end].strip()):
                return because("no_place")
            if not self._stands(passage, start, end, as_of):
                return because("quote_absent", {"place": passage.label})
        passages = [shown[passage_id].passage for passage_id, _, _ in draft.places]
        quotes = [passage.text[start:end] for passage, (_, start, end) in zip(passages, draft.places, strict=True)]
        # As a whole, and sentence by sentence: a true one does not carry another beside it or in its brackets.
        for text in dict.fromkeys((draft.text, *_sentences(draft.text))):
            difference = disagreement(text, passages, quotes)
            if difference:
                return because("words_differ", {"difference": difference})
            if free and self._support is not None and not self._support(text, passages, quotes):
                return because("unsupported")
        return None

    def _stands(self, passage: Passage, start: int, end: int, as_of: date) -> bool:
        """Tell whether a reader who follows the label in the law book finds these words."""
        provision = self._book.find(passage.title, passage.locator, as_of=as_of)
        held = provision.passage
        if held is not None and held.id == passage.id:
            return held.text[start:end] == passage.text[start:end]
        if Locator.parse(passage.locator) is None:
            return True  # parts of documents that are no statutes may share a name
        if held is None:
            return provision.verdict == "ambiguous"
        return find_quote(passage.text[start:end], held.text) is not None  # an act of old under the name of today's

    def _citation(
        self, passage_id: str, start: int, end: int, *, shown: Mapping[str, Evidence], as_of: date
    ) -> Citation:
        evidence = shown[passage_id]
        passage = evidence.passage
        label = label_at(passage, start, end)
        finding = check_force(passage, label, as_of=as_of)
        return Citation(
            text=label,
            label=label,
            quote=passage.text[start:end],
            quote_span=(passage.start + start, passage.start + end),
            passage_id=passage.id,
            document_id=passage.document_id,
            collection=evidence.collection,
            verdict=finding.verdict,
            reason=finding.reason.ko,
            reason_en=finding.reason.en,
            effective_from=passage.validity.effective_from,
            effective_to=passage.validity.effective_to,
            inferred=passage.validity.inferred,
        )


_WHY = {"found": "근거", "definition": "정의 조문", "delegated": "위임 조문", "neighbour": "앞뒤 조문"}


def _status(statements: Sequence[Statement], progress: _Progress) -> Status:
    if not statements:
        return "no_evidence"
    checked = any(citation.verdict == "verified" for statement in statements for citation in statement.citations)
    return "answered" if progress.whole and checked else "partial"


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text, those in brackets on their own; never none."""
    inner = [found[1] for found in _BRACKETED.finditer(text)]
    parts = [part.strip() for part in _SENTENCE_END.split(_BRACKETED.sub(" ", text))]
    return [part for part in (*parts, *inner) if _WORDS.search(part)] or [text]


def _is_paper(reference: Reference) -> bool:
    """Tell whether the question names a paper of the asker's own (취업규칙 제10조), no law that should be here."""
    return reference.problem == "unknown_law" and not _LAW_NAME.search(reference.law_text)


def _says_more(question: str, reference: Reference) -> bool:
    rest = _FILLER.sub(" ", question[: reference.start] + " " + question[reference.end :])
    return len(re.findall("[가-힣]", rest)) >= _SAYS_MORE
