"""Which articles a provision's text cites, cheaply: edges of the citation graph, counted in the millions.

`citations` resolves a text carefully, with its context; this reads only what is sure from the words next to the
article: 「근로기준법」 제60조, 같은 법 제2조, 법 제5조 in a decree, and a bare 제3조 of the law itself.
"""

from __future__ import annotations

import re

from govrag.statute.names import key

_ARTICLE = re.compile(r"제\d{1,4}조(?:의\d{1,3})?(?!\()")
_POINTER = re.compile(r"(?:」|(?:^|(?<=[^가-힣]))(같은 [법영]|이 [법영]|[법영]))\s?\Z")
_BEFORE = 6  # characters before an article that can point at its law
_LONGEST_TITLE = 62
_SUBLAW = re.compile(r"(시행령|시행규칙)$")


def cited_articles(text: str, *, law: str) -> tuple[str, ...]:
    """Return what a passage of ``law`` cites as "<match key of the title>|제60조", each once, in reading order."""
    own = key(law)
    act = _SUBLAW.sub("", own)
    decree = act + "시행령" if own.endswith("시행규칙") else own
    meant = {"이 법": own, "이 영": own, "법": act, "영": decree}
    named = ""
    found: dict[str, None] = {}
    for cited in _ARTICLE.finditer(text):
        start = cited.start()
        pointer = _POINTER.search(text, max(0, start - _BEFORE), start)
        target = own
        if pointer and pointer[1] is None:
            opening = text.rfind("「", max(0, start - _LONGEST_TITLE), start)
            named = target = key(text[opening : pointer.start()]) if opening >= 0 else ""
        elif pointer:
            target = named if pointer[1].startswith("같은") else meant[pointer[1]]
        if target:
            found[f"{target}|{cited[0]}"] = None
    return tuple(found)
