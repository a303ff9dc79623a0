"""govrag: cited, checked answers from the documents of public agencies, with no network, no GPU and no model needed."""

from __future__ import annotations

__version__ = "0.1.0"
