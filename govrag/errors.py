"""Everything raised on purpose, split by what the caller can do about it.

::

    GovragError
    ├── UsageError            correct the call
    │   ├── InvalidQuery        a question that cannot be searched
    │   ├── InvalidDate         a date that is not one
    │   ├── InvalidFilter       a filter on something that does not exist
    │   ├── InvalidFacts        facts of a case that cannot be, or contradict each other
    │   ├── NoRate              a rate or rule that is not known for the day
    │   └── UnknownCollection   a collection that is not in the library
    ├── UnreadableFile        replace or convert the file
    │   ├── EmptyFile           nothing in it that could be indexed
    │   ├── EncryptedFile       a password or DRM stands before it
    │   ├── UnknownFormat       no reader for these bytes
    │   ├── NeedsOcr            a scan: no page yields usable text
    │   └── LimitExceeded       too large, too deep or too slow to read safely
    ├── LibraryError          mend or choose the library directory
    │   ├── LibraryNotFound     nothing there
    │   ├── LibraryBusy         another process is writing
    │   ├── LibraryReadOnly     no permission to write
    │   ├── LibraryFormat       made by another version of govrag
    │   ├── LibraryCorrupt      bytes differ from what was written
    │   ├── EmbedderMismatch    indexed with another embedder
    │   └── StorageFull         no space left
    ├── PolicyDenied          ask who approves models, or use what is approved
    ├── OverBudget            wait for the next period, or ask for more
    ├── AuditFailed           mend the audit log: without it nothing is answered
    ├── ModelError            the language model did not do its part
    │   ├── ModelUnreachable    no connection, or it was broken
    │   │   └── ModelPaused         failed too often in a row; says when to ask again
    │   ├── ModelTimeout        not done by the deadline
    │   ├── ModelRejected       the server refuses the request
    │   └── ModelReplyInvalid   an answer that makes no sense
    ├── Cancelled             nothing: whoever asked does not want it any more
    └── MissingExtra          install an optional package

Each message names the thing, the value, the rule and the next step, in Korean and in English.
"""

from __future__ import annotations

import re
from typing import Literal

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)

Lang = Literal["ko", "en"]


class GovragError(Exception):
    """Base of every error raised on purpose; ``str(error)`` is Korean, ``error.message("en")`` English."""

    exit_code = 1

    def __init__(self, ko: str, en: str) -> None:
        # A file's name stands in messages, and may hold what moves the cursor or turns the writing round.
        ko, en = _UNSEEN.sub(" ", ko), _UNSEEN.sub(" ", en)
        super().__init__(ko, en)
        self.ko = ko
        self.en = en

    def message(self, lang: Lang = "ko") -> str:
        """Return the message in the language asked for."""
        return self.en if lang == "en" else self.ko

    def __str__(self) -> str:
        return self.ko


class UsageError(GovragError):
    """The call can be corrected."""

    exit_code = 2


class InvalidQuery(UsageError):
    """A question that cannot be searched: empty, too long, or nothing but control characters."""


class InvalidDate(UsageError):
    """A date that is not one."""


class InvalidFilter(UsageError):
    """A filter on a field or value that cannot be filtered on."""


class InvalidFacts(UsageError):
    """Facts of a case that cannot be: an impossible day, an absurd amount, two that contradict each other."""


class NoRate(UsageError):
    """A rate or rule that is not known for the day: nothing is extrapolated."""


class UnknownCollection(UsageError):
    """A collection that is not in the library."""


class UnreadableFile(GovragError):
    """The file can be replaced or converted; the rest of the batch goes on."""


class EmptyFile(UnreadableFile):
    """Nothing in the file that could be indexed."""


class EncryptedFile(UnreadableFile):
    """A password or DRM stands before the text."""


class NeedsOcr(UnreadableFile):
    """No page of it yields usable text: a scan, or fonts without a map to characters."""


class UnknownFormat(UnreadableFile):
    """No reader for these bytes."""


class LimitExceeded(UnreadableFile):
    """Too large, too deep or too slow to read safely."""


class LibraryError(GovragError):
    """The library directory must be mended, or another one chosen."""


class LibraryNotFound(LibraryError):
    """There is no library at this path."""


class LibraryBusy(LibraryError):
    """Another process is writing to the collection."""


class LibraryReadOnly(LibraryError):
    """No permission to write to the library."""


class LibraryFormat(LibraryError):
    """The library was made by another version of govrag."""


class LibraryCorrupt(LibraryError):
    """Bytes of the library differ from what was written."""


class EmbedderMismatch(LibraryError):
    """The collection was indexed with another embedder."""


class StorageFull(LibraryError):
    """No space left on the device; what was stored before is untouched."""


class PolicyDenied(GovragError):
    """No policy approves this model for what it would see."""

    exit_code = 4


class OverBudget(GovragError):
    """The budget of the period is spent, or this request would overspend it."""

    exit_code = 5


class AuditFailed(GovragError):
    """The audit log could not be written or does not agree with itself."""


class ModelError(GovragError):
    """The language model did not do its part; what was retrieved is untouched."""

    attempts = 1  # calls made, all failed


class ModelUnreachable(ModelError):
    """No connection, or it was broken off."""


class ModelPaused(ModelUnreachable):
    """The server failed too often in a row; ``seconds`` from now it may be asked again."""

    attempts = 0
    seconds = 0.0


class ModelTimeout(ModelError):
    """Not done by the deadline."""


class ModelRejected(ModelError):
    """The server refuses the request; ``status`` is the one of HTTP, 0 where there is none."""

    status = 0


class ModelReplyInvalid(ModelError):
    """An answer that makes no sense, or more of it than is allowed."""


class Cancelled(GovragError):
    """Whoever asked does not want it any more."""


class MissingExtra(GovragError):
    """An optional package is needed for this."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"이 기능에는 '{package}' 패키지가 필요합니다. 설치: pip install 'govrag[{extra}]'",
            f"this needs the package '{package}'. Install it with: pip install 'govrag[{extra}]'",
        )


# What is said in more than one place of a model that is called; each names it by its id in the registry.


def late(model: str) -> ModelTimeout:
    """Return the error for a model that did not answer by the deadline."""
    return ModelTimeout(
        f"'{model}': 정한 시간 안에 답하지 않았습니다. 시간을 늘리거나 서버를 확인하십시오.",
        f"'{model}' did not answer in time. Allow more time, or check the server.",
    )


def too_long(model: str) -> ModelReplyInvalid:
    """Return the error for an answer of which more came than is taken."""
    return ModelReplyInvalid(
        f"'{model}': 답이 한도를 넘게 깁니다. max_tokens를 줄이거나 서버를 확인하십시오.",
        f"'{model}': the answer exceeds its limit. Lower max_tokens, or check the server.",
    )


def not_sent(model: str, ko: str, en: str) -> PolicyDenied:
    """Return the error for a call that was denied for this reason, before a byte left."""
    return PolicyDenied(f"'{model}': {ko}. 아무것도 보내지 않았습니다.", f"'{model}': {en}. Nothing was sent.")
