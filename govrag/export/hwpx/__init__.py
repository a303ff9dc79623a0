"""Laid-out results as HWPX (KS X 6101, OWPML), the document format of Korean offices: on paper of our own, or in an
agency's template, whose page, styles and pictures they then take.

Written part by part from what the standard requires. That a program of Hancom opens it was not tried; python-hwpx's
validators and our own reader do.
"""

from __future__ import annotations

from collections.abc import Sequence

from govrag.display.blocks import Block
from govrag.errors import Lang
from govrag.export.hwpx.body import Body
from govrag.export.hwpx.header import LOOKS
from govrag.export.hwpx.package import lead, package, packed
from govrag.export.hwpx.template import Template

__all__ = ["document"]


def document(blocks: Sequence[Block], *, title: str, lang: Lang = "ko", template: bytes | None = None) -> bytes:
    """Return an HWPX file of these blocks; the first heading is its title. The same blocks give the same bytes.

    ``template`` is the content of an HWPX file: its body is replaced by these blocks, which take its page set-up, its
    running heads and its styles; the rest of it is kept, its macros and its preview left out. A template that cannot be
    used raises `UnknownFormat`, `EncryptedFile`, `LimitExceeded` or `UnreadableFile`.
    """
    if template is None:
        body = Body(LOOKS, lang, lead(blocks))
        section = body.xml(blocks)
        return packed(package(section, body.words, title=title, lang=lang))
    agency = Template(template)
    body = Body(agency.looks, lang, agency.lead)
    return packed(agency.filled(body.xml(blocks), body.words, title=title))
