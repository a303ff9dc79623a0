"""Who reads what: the principals that an agency lists in ``principals.toml``, their clearances and their collections.

A principal is asserted by whoever calls govrag, not proved to it: a program that serves several people signs them in
itself and then says for whom it reads. Whoever can open the files of a library themselves needs no principal.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from govrag.errors import UsageError
from govrag.records import Grade
from govrag.records.wrong import in_words

__all__ = ["FILE", "UNBOUND", "Principal", "Principals"]

FILE = "principals.toml"  # in the library, unless the settings name another
ALL = "*"

_Collection = Annotated[str, StringConstraints(pattern=r"^(?:\*|[\w가-힣][\w가-힣.-]{0,63})$")]


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Principal(BaseModel):
    """Someone on whose behalf a library is read and written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    department: str = Field(min_length=1, max_length=100)
    clearance: Grade  # the highest grade that they may see
    collections: Annotated[tuple[_Collection, ...], BeforeValidator(_several)]  # names, or "*" for all

    def reads(self, collection: str, grade: Grade) -> bool:
        """Tell whether they may read, and hence write, a collection of this grade."""
        return self.lists(collection) and self.clearance.covers(grade)

    def lists(self, collection: str) -> bool:
        """Tell whether a collection is among theirs, whatever its grade and whether it is there at all."""
        return collection in self.collections or ALL in self.collections


# Whoever does not say who they are, where principals are listed.
UNBOUND = Principal.model_construct(name="", department="", clearance=Grade.OPEN, collections=(ALL,))


class Principals:
    """The principals of a library, as their file has them at each question: what is revoked holds at the next call."""

    def __init__(self, file: Path, *, required: bool = False) -> None:
        """``required``: the file must be there. Otherwise a library without one has no principals."""
        self.file = file
        self._required = required
        self._read: tuple[bytes, dict[str, Principal]] = b"", {}

    def find(self, asserted: str | Principal = "") -> Principal | None:
        """Return who is asserted; `UNBOUND` for nobody, None for nobody where no principals are listed.

        Raises `UsageError` for a name that is not listed, and for a file that is not valid, naming field and rule.
        """
        if isinstance(asserted, Principal):
            return asserted
        listed = self._listed()
        if not asserted:
            return None if listed is None else UNBOUND
        if listed is None or asserted not in listed:
            raise UsageError(
                f"'{asserted}': {self.file}에 없는 이용자입니다. 이름을 확인하거나 "
                "[[principal]] 항목(name, department, clearance, collections)을 적으십시오.",
                f"'{asserted}' is no principal of {self.file}. Check the name, or add a [[principal]] entry "
                "(name, department, clearance, collections).",
            )
        return listed[asserted]

    def _listed(self) -> dict[str, Principal] | None:
        try:
            content = self.file.read_bytes()
        except FileNotFoundError:
            if not self._required:
                return None
            raise UsageError(
                f"{self.file}: 이용자 파일이 없습니다. 설정의 principals를 고치거나 파일을 만드십시오.",
                f"{self.file}: there is no such file of principals. Mend the setting 'principals', or write the file.",
            ) from None
        except OSError as error:
            raise UsageError(
                f"{self.file}: 이용자 파일을 읽을 수 없습니다({error.strerror}). 경로와 권한을 확인하십시오.",
                f"{self.file}: the principals cannot be read ({error.strerror}). Check the path and the permissions.",
            ) from None
        read, listed = self._read
        if read != content or not listed:
            listed = self._parse(content)
            self._read = content, listed
        return listed

    def _parse(self, content: bytes) -> dict[str, Principal]:
        try:
            found = _File.model_validate(tomllib.loads(content.decode("utf-8-sig"))).principal
        except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            wrong = in_words(error)
            raise UsageError(
                f"{self.file}: 이용자 파일이 올바르지 않습니다({wrong}). 고치기 전에는 아무것도 읽고 쓰지 않습니다.",
                f"{self.file}: the principals are not valid ({wrong}). Until they are, nothing is read or written.",
            ) from None
        return {one.name: one for one in found}


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    principal: tuple[Principal, ...] = ()

    @field_validator("principal")
    @classmethod
    def _names_differ(cls, found: tuple[Principal, ...]) -> tuple[Principal, ...]:
        names = [one.name for one in found]
        if len(set(names)) < len(names):
            raise ValueError(f"names must differ: {', '.join(sorted({one for one in names if names.count(one) > 1}))}")
        return found
