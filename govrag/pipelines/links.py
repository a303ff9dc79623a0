"""Nothing in an answer leads anywhere that the library did not: links, images and HTML of a model's own are taken out.

A page that shows an answer may load what it links to, and the address may carry what was asked: so an address stays
only where a passage that was shown has it, letter for letter (EchoLeak, CVE-2025-32711, is why reference links and
autolinks count too).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from govrag.korean.normalise import clean

__all__ = ["without_links"]

REMOVED = "(링크 삭제)"
_DOT = r"[.．。｡]"
# What a renderer makes a link, an image or markup of; group "words" is what a reader would have seen.
_MARKUP = (
    re.compile(r"!\[(?P<words>[^\[\]]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])"),  # image
    re.compile(r"\[(?P<words>[^\[\]]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])"),  # link
    re.compile(r"^[ \t>*+-]*\[\^?[^\[\]\n]+\]:(?P<words>).*$", re.MULTILINE),  # definition of a reference or footnote
    re.compile(r"!?\[\[(?P<words>[^\[\]\n]*)\]\]"),  # wiki link
    re.compile(r"\b(?:image|link|video|include)::?[^\s\[\]]+\[(?P<words>[^\[\]\n]*)\]"),  # AsciiDoc
    # LaTeX, as notebooks set it
    re.compile(r"\\(?P<words>)(?:href|url|hyperref|includegraphics|input|include)\b(?:\s*\{[^{}\n]*\})?"),
    re.compile(r"<!--(?P<words>).*?(?:-->|\Z)", re.DOTALL),
    re.compile(r"<(?:script|style)\b(?P<words>).*?(?:</(?:script|style)\s*>|\Z)", re.DOTALL | re.IGNORECASE),
    re.compile(r"<[/!?]?[A-Za-z](?P<words>)[^<>]*>?"),  # HTML, autolinks
    re.compile(r"&(?P<words>)(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"),
)
# What is left of markup that no pattern knows whole (brackets in brackets, a definition's name) holds together no more.
_JOINTS = re.compile(r"(?<=\])[(\[]\S*|(?<=\])(?=:)|!(?=\[)")
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]{0,15}:[/\\]{2}[^\s<>\"'`]*"
    r"|(?<![A-Za-z0-9])www" + _DOT + r"[^\s<>\"'`]+"
    r"|(?://|\\\\)[\w-]+(?:" + _DOT + r"[\w-]+)+[^\s<>\"'`]*"
    r"|(?<![^\s({\[])//[\w-]+/[^\s<>\"'`]*"
    r"|(?:javascript|data|vbscript|file|mailto|tel|blob|about)\s*:\s*[^\s<>\"'`가-힣][^\s<>\"'`]*"
    r"|(?<![A-Za-z0-9.@-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:" + _DOT + r"[A-Za-z0-9-]{1,63}){1,8}"
    # At most eight labels at once: what is longer is taken in parts, and takes no longer than its length.
    r"|(?<![A-Za-z0-9-])(?:[A-Za-z0-9가-힣][\w-]{0,62}"
    + _DOT
    + r"){1,8}(?:[A-Za-z]{2,24}|[Α-Ͽ\u0400-\u058f\u0590-\u0dff\u0e00-\u0fff]{2,24}|한국|닷컴|닷넷|xn--[a-z0-9-]+)"
    r"(?![A-Za-z0-9-])(?:[:/?#][^\s<>\"'`]*)?"
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?:[:/][^\s<>\"'`]*)",
    re.IGNORECASE,
)
_ROUNDS = 8  # markup within markup; what is left after that is not markup


def without_links(text: str, sources: Sequence[str]) -> tuple[str, int]:
    """Return the text without addresses and markup of its own, and how many were taken out.

    The words of a link stay; an address stays when one of ``sources`` has it, letter for letter.
    """
    found = clean(text)
    removed = 0
    for _ in range(_ROUNDS):
        before = found
        for pattern in _MARKUP:
            found, count = pattern.subn(lambda match: match["words"], found)
            removed += count
        if found == before:
            break
    else:
        found = re.sub(r"[<>\[\]()!&]", " ", found)
    found, count = _JOINTS.subn(lambda match: "" if match[0] else " ", found)
    removed += count

    def judged(match: re.Match[str]) -> str:
        nonlocal removed
        address = match[0].rstrip(".,;:!?)")
        whole = re.compile(rf"(?<![A-Za-z0-9.@-]){re.escape(address)}(?![A-Za-z0-9/?&=#%_~+-])")
        if any(whole.search(source) for source in sources):  # a part of an address is another address
            return match[0]
        removed += 1
        return REMOVED + match[0][len(address) :]

    return _ADDRESS.sub(judged, found), removed
