"""How many calls one answer may cost beyond those that it needs: retries, and repairs of what did not fit."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from govrag.records import Message, Purpose

__all__ = ["EXTRA_CALLS", "Extras"]

EXTRA_CALLS = 4  # of one answer
_REMEMBERED = 1024  # answers under way


@dataclass(slots=True)
class _Answer:
    """One answer under way."""

    dialogues: set[int] = field(default_factory=set)  # hashes of what was asked for it
    extra: int = 0


class Extras:
    """Counts the extra calls of each answer, known by the ``request`` of its purpose. Threads may share it.

    A call is extra when it is a retry, or carries on a dialogue of the same answer: that is what repairs do, and what
    asking for another part of the answer does not.
    """

    def __init__(self, most: int = EXTRA_CALLS) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, _Answer] = OrderedDict()

    def admit(self, purpose: Purpose, messages: Sequence[Message], *, again: bool = False) -> bool:
        """Count a call that is about to be made, ``again`` for a retry; False when it would be one extra too many."""
        with self._lock:
            answer = self._answers.setdefault(purpose.request, _Answer())
            self._answers.move_to_end(purpose.request)
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
            if again or any(hash(tuple(messages[:end])) in answer.dialogues for end in range(1, len(messages))):
                if answer.extra >= self.most:
                    return False
                answer.extra += 1
            answer.dialogues.add(hash(tuple(messages)))
            return True
