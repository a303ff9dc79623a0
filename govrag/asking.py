"""What a library can be asked: one question or many, in a conversation, as a stream, in a thread, or only reckoned.

Each verb spells its options out, though most are the same: whoever calls it sees them, and their types are checked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from govrag.govern.principals import Principal
from govrag.korean.normalise import clean
from govrag.pipelines.batch import Batch
from govrag.records import Answer, Answers, Estimate, Grade, Statement
from govrag.scope import Context, Day, Fields, Names, Scope, highest
from govrag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from govrag.generate.worded import Worded
    from govrag.governance import Governance, Model
    from govrag.pipelines.conversation import Conversation

Progress = Callable[[int, int, str], None]  # (done, known total, name of the file or question)


class Asked(NamedTuple):
    """A question with all that answering it takes."""

    question: str
    grades: Mapping[str, Grade]  # of the collections
    grade: Grade  # of the question and of the turns that it leans on
    turns: Sequence[Answer]
    stream: Callable[[Worded | None], Iterator[Statement | Answer]]
    permit: Callable[[], None]  # raises `PolicyDenied` where a server that embeds the question may not read it


class Asking(ABC):
    """The questions of a `Library`, which supplies what they are asked of."""

    _settings: Settings

    @property
    @abstractmethod
    def governance(self) -> Governance:
        """What stands between the library and a model."""

    @property
    @abstractmethod
    def names(self) -> list[str]:
        """Names of the collections that may be read."""

    @property
    @abstractmethod
    def _principal(self) -> Principal | None:
        """On whose behalf it is asked."""

    @abstractmethod
    def _asked(self, question: str, scope: Scope, grade: Grade | str, history: Sequence[Answer]) -> Asked:
        """Return a question with all that answering it takes."""

    def ask(
        self,
        question: str,
        *,
        as_of: Day = None,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
        history: Sequence[Answer] = (),
        context: Context = "search",
        document: str = "",
    ) -> Answer:
        """Answer a question from the library, every statement cited and every citation checked.

        Without ``model`` the statements are the provisions' own words. With one, the id of an approved model or a
        `ChatModel`, it words them, under the policy, and what it says is checked; ``grade`` is that of the question.
        What a model's rules or failures prevent is told by the status: denied_by_policy, over_budget, failed.

        ``history`` is earlier answers, the newest last: a question that leans on them (그럼 파견직은요?) is written
        anew, as `Answer.understood` says; one that stands alone is asked as it is. With ``context="document"`` the
        evidence is the ``document`` with this id as a whole, or what there is room for of it, nearest to the question.
        """
        scope = Scope.of(
            as_of=as_of, collection=collection, kind=kind, law=law, where=where, context=context, document=document
        )
        return _answer(self._answering(question, scope, model, grade, history))

    def ask_stream(
        self,
        question: str,
        *,
        as_of: Day = None,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
        history: Sequence[Answer] = (),
        context: Context = "search",
        document: str = "",
    ) -> Iterator[Statement | Answer]:
        """Yield each statement as soon as it is whole and checked, then the answer, as `ask` returns it."""
        scope = Scope.of(
            as_of=as_of, collection=collection, kind=kind, law=law, where=where, context=context, document=document
        )
        return self._answering(question, scope, model, grade, history)

    def estimate(
        self,
        question: str,
        *,
        model: Model,
        as_of: Day = None,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
        grade: Grade | str = Grade.OPEN,
        history: Sequence[Answer] = (),
        context: Context = "search",
        document: str = "",
    ) -> Estimate:
        """Return what `ask` with these options would cost the model, without asking it.

        Raises `PolicyDenied` for what it might not be shown, `ModelRejected` for what would not fit.
        """
        scope = Scope.of(
            as_of=as_of, collection=collection, kind=kind, law=law, where=where, context=context, document=document
        )
        asked = self._asked(question, scope, grade, history)
        return self.governance.estimate(asked.stream, model=model, grades=asked.grades, grade=asked.grade)

    async def aask(
        self,
        question: str,
        *,
        as_of: Day = None,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
        history: Sequence[Answer] = (),
        context: Context = "search",
        document: str = "",
    ) -> Answer:
        """Answer as `ask` does, in a thread; when the task is cancelled, the model's call is left."""
        from govrag.calling.aside import awaited

        scope = Scope.of(
            as_of=as_of, collection=collection, kind=kind, law=law, where=where, context=context, document=document
        )
        answering = awaited(lambda: self._answering(question, scope, model, grade, history))
        answers = [result async for result in answering if isinstance(result, Answer)]
        return answers[0]

    def aask_stream(
        self,
        question: str,
        *,
        as_of: Day = None,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
        history: Sequence[Answer] = (),
        context: Context = "search",
        document: str = "",
    ) -> AsyncIterator[Statement | Answer]:
        """Yield what `ask_stream` yields, each step in a thread; cancelled or closed, it leaves the model's call."""
        from govrag.calling.aside import awaited

        scope = Scope.of(
            as_of=as_of, collection=collection, kind=kind, law=law, where=where, context=context, document=document
        )
        return awaited(lambda: self._answering(question, scope, model, grade, history))

    def conversation(
        self,
        *,
        as_of: Day = None,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
        context: Context = "search",
        document: str = "",
        history: Sequence[Answer] = (),
    ) -> Conversation:
        """Begin a conversation, or go on after ``history``: every question in it is asked with these options.

        Its ``ask``, ``ask_stream``, ``aask`` and ``aask_stream`` take the question alone and pass on what came before.
        """
        from govrag.pipelines.conversation import Conversation

        def stream(question: str, turns: Sequence[Answer]) -> Iterator[Statement | Answer]:
            # The options are read with each question, for today is another day tomorrow.
            scope = Scope.of(
                as_of=as_of, collection=collection, kind=kind, law=law, where=where, context=context, document=document
            )
            return self._answering(question, scope, model, grade, turns)

        return Conversation(stream, turns=history)

    def ask_many(
        self,
        questions: Iterable[str],
        *,
        as_of: Day = None,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
        resume: str | PathLike[str] | None = None,
        progress: Progress | None = None,
    ) -> Answers:
        """Answer many questions, one row each in their order, failures included.

        With ``resume`` (a JSONL file) answers are kept as they come, and a later call goes on where this one stopped.
        """
        from govrag.governance import model_id

        scope = Scope.of(as_of=as_of, collection=collection, kind=kind, law=law, where=where)
        readable = () if self._principal is None else tuple(self.names)  # what one may read, another may not be shown
        batch = Batch[str, Answer](
            lambda question: _answer(self._answering(question, scope, model, grade)),
            record=Answer,
            failed=lambda question, error: Answer(
                question=clean(question), status="failed", as_of=scope.as_of, error=error.ko, error_en=error.en
            ),
            scope=repr((scope.as_of, *scope.key, model_id(model), *readable)),
        )
        rows = batch.rows(list(questions), resume=Path(resume) if resume else None, progress=progress)
        return Answers(rows=tuple(rows))

    def as_runnable(
        self,
        *,
        as_of: Day = None,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
    ) -> Runnable[str, Answer]:
        """Return `ask` with these options as a LangChain runnable. Needs ``govrag[langchain]``."""
        from govrag.langchain import runnable

        def ask(question: str) -> Answer:
            # The options are read with each question, for today is another day tomorrow.
            scope = Scope.of(as_of=as_of, collection=collection, kind=kind, law=law, where=where)
            return _answer(self._answering(question, scope, model, grade))

        return runnable(ask)

    def _answering(
        self,
        question: str,
        scope: Scope,
        model: Model | None,
        grade: Grade | str,
        history: Sequence[Answer] = (),
    ) -> Iterator[Statement | Answer]:
        asked = self._asked(question, scope, grade, history)
        if model is None and not self._settings.audit:
            for result in asked.stream(None):
                if isinstance(result, Answer):
                    cited = (asked.grades.get(one.collection, Grade.SENSITIVE) for one in result.citations)
                    result = result.model_copy(update={"grade": highest(asked.grade, *cited)})
                yield result
            return
        yield from self.governance.answered(
            asked.question,
            asked.stream,
            as_of=scope.as_of,
            model=model,
            grades=asked.grades,
            grade=asked.grade,
            turns=asked.turns,
            principal=self._principal,
        )


def _answer(answering: Iterator[Statement | Answer]) -> Answer:
    *_, answer = answering
    assert isinstance(answer, Answer), "a stream ends with its answer"
    return answer
