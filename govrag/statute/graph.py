"""Which articles a provision's text cites, cheaply: edges of the citation graph, counted in the millions.

`citations` resolves a text carefully, with its context; this reads only what is sure from the words next to the
article: 「근로기준법」 제60조, 같은 법 제2조, 법 제5조 in a decree, and a bare 제3조 of the law itself.
"""

from __future__ import annotations

import re

from govrag.statute.names import key

_CITED = re.compile(
    r"(?:「([^」\n]{2,60})」|(같은 [법영]|이 [법영]|[법영](?= ?제))?)\s?(제\d{1,4}조(?:의\d{1,3})?)(?!\()"
)
_SUBLAW = re.compile(r"(시행령|시행규칙)$")


def cited_articles(text: str, *, law: str) -> tuple[str, ...]:
    """Return what a passage of ``law`` cites as "<match key of the title>|제60조", each once, in reading order."""
    own = key(law)
    act = _SUBLAW.sub("", own)
    decree = act + "시행령" if own.endswith("시행규칙") else own
    meant = {"이 법": own, "이 영": own, "법": act, "영": decree}
    named = ""
    found: dict[str, None] = {}
    for title, pointer, article in _CITED.findall(text):
        if title:
            named = key(title)
        target = named if title or pointer.startswith("같은") else meant.get(pointer, own)
        if target:
            found[f"{target}|{article}"] = None
    return tuple(found)
