"""A watched reading child whose reader misbehaves when the file tells it to; else it reads."""

from __future__ import annotations

import os
import sys

import rogue_reader

from govrag.errors import UnreadableFile
from govrag.ingest import child
from govrag.ingest.read import Reading
from govrag.records import Document, Section, Source
from hostile import watched

_poisoned = False


def serve() -> None:
    """Serve watched."""
    sys.addaudithook(watched.look)
    child.serve(read=read)


def read(data: bytes, source: Source) -> Reading:
    """Do what stands after the word rogue; read any other file."""
    if _poisoned:
        raise UnreadableFile(f"'{source.name}': 망가졌습니다.", f"'{source.name}': spoilt by another.")
    return watched.read(data, source, _obey if data.startswith(b"rogue ") else None)


def _obey(data: bytes, source: Source) -> Reading:
    global _poisoned
    verb, _, argument = data.decode().removeprefix("rogue ").partition(" ")
    match verb:
        case "text":
            return _said(source, argument)
        case "title":
            return Reading([Document(source.name, argument, (Section("paragraph", "글"),))])
        case "refuse":
            raise UnreadableFile(*argument.split("|"))
        case "abort":
            os.abort()
        case "poison":
            _poisoned = True
            return _said(source, "글")
    return rogue_reader.read(f"{verb} {argument}".encode(), source)


def _said(source: Source, words: str) -> Reading:
    return Reading([Document(source.name, source.name, (Section("paragraph", words),))])
