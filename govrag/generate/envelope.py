"""What a model sees of documents: quoted matter between markers of its own, which no document can forge.

The marking of blanks follows Hines et al., "Defending Against Indirect Prompt Injection Attacks With Spotlighting"
(arXiv 2403.14720). It keeps a document's words apart from ours; that a model obeys is not promised: what it says is
checked, whatever it was told.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from govrag.korean.normalise import clean
from govrag.records import Evidence

__all__ = ["Envelope", "neutral", "seal"]

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read as something else
_CODE = 6  # characters of an evidence number: 30 bits, new for each request
_MARKS = "ˆ˜˙ˇ˘¨ˋ"  # the first that no document holds stands for blanks
_LONGEST_RUN = 24  # characters without a blank, after which a mark is put in
# What chat templates, and their habits, use to begin a turn or end one.
_TEMPLATE = re.compile(
    r"<\|[^|<>\n]{1,40}\|>|<</?SYS>>|\[/?INST\]|</?s>|<(?:start|end)_of_turn>|\[\|(?:system|user|assistant|endofturn)\|\]"
    r"|</?(?:system|user|assistant|think|tool_call|tool_response)>|^\s*(?:#{1,4}\s*)?(?:Human|Assistant|System|User)\s*:",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Evidence as one block of quoted matter, and the numbers by which it may be cited."""

    text: str
    opening: str
    closing: str
    mark: str  # stands where the documents have blanks
    codes: tuple[tuple[str, Evidence], ...]  # in the order shown

    def unmarked(self, text: str) -> str:
        """Return words of the envelope as the document has them, blanks as blanks."""
        return text.replace(f"{self.mark}{self.mark}", "").replace(self.mark, " ")

    def betrayed(self, text: str) -> bool:
        """Tell whether words hold what was made up for this request: a marker, its code, a number of the evidence."""
        codes = (self.opening.rpartition(" ")[2].rstrip("⟧"), *(code for code, _ in self.codes))
        return any(one in text for one in ("⟦", "⟧", *codes))


def seal(evidence: Sequence[Evidence], *, random: Callable[[int], int] = secrets.randbelow) -> Envelope:
    """Return the evidence between markers made for this request; a passage that comes twice is shown once.

    Every blank becomes a mark and long runs without one get a doubled mark, so that no line of a document reads like a
    line of ours; chat-template tokens are broken up, and what cannot be seen is gone.
    """
    shown = list({one.passage.id: one for one in evidence}.values())
    stated = [(one.passage.label, one.passage.text) for one in shown]
    mark = next((mark for mark in _MARKS if not any(mark in text for pair in stated for text in pair)), "")
    if not mark:  # the documents hold every mark there is: one is taken out, before anything is looked for in them
        mark = _MARKS[0]
        stated = [(label.replace(mark, ""), text.replace(mark, "")) for label, text in stated]
    nonce = _code(22, random)
    opening, closing = f"⟦자료 시작 {nonce}⟧", f"⟦자료 끝 {nonce}⟧"
    codes: dict[str, Evidence] = {}
    lines = [opening]
    for one, (label, text) in zip(shown, ((neutral(label), neutral(text)) for label, text in stated), strict=True):
        code = _code(_CODE, random)
        while code in codes:
            code = _code(_CODE, random)
        codes[code] = one
        lines += [f"⟦{code}⟧ {_marked(label, mark)}", *(_marked(line, mark) for line in text.splitlines()), ""]
    return Envelope("\n".join([*lines, closing]), opening, closing, mark, tuple(codes.items()))


def neutral(text: str) -> str:
    """Return text that a chat template cannot take for its own: its tokens broken up, our brackets replaced."""
    visible = clean(text).replace("⟦", "[").replace("⟧", "]")
    return _TEMPLATE.sub(lambda found: re.sub(r"([<\[|:])", r"\1 ", found[0]), visible)


def _marked(line: str, mark: str) -> str:
    words = [
        (mark * 2).join(word[start : start + _LONGEST_RUN] for start in range(0, len(word), _LONGEST_RUN))
        for word in line.split()
    ]
    return mark.join(words)


def _code(length: int, random: Callable[[int], int]) -> str:
    return "".join(_ALPHABET[random(len(_ALPHABET))] for _ in range(length))
