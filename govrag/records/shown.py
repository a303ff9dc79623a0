"""How a record shows itself, and what a frozen record with a schema is."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    import pandas as pd

    from govrag.errors import Lang


class Shown:
    """A result that shows itself: Markdown for a report, HTML in Jupyter, text when printed."""

    __slots__ = ()

    def to_markdown(self, *, lang: Lang = "ko") -> str:
        """Return Markdown for a report."""
        from govrag import display

        return display.markdown(self, lang=lang)

    def _repr_html_(self) -> str:
        from govrag import display

        return display.html(self)

    def __str__(self) -> str:
        from govrag import display

        return display.text(self)


class Record(Shown, BaseModel):
    """A frozen result with a JSON schema."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return self.model_dump(mode="json")


class Tabled(Record):
    """A result that is a table as well."""

    @abstractmethod
    def table(self) -> list[dict[str, Any]]:
        """Return its plain rows."""

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows of `table` as a data frame; raises `MissingExtra` without pandas."""
        return frame(self.table())


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as a table; raises `MissingExtra` without pandas."""
    return data_frame(rows, None)


def data_frame(rows: list[Any], columns: list[str] | None) -> pd.DataFrame:
    """Return rows, under named columns where they are plain lists; raises `MissingExtra` without pandas."""
    try:
        import pandas as pd
    except ImportError:
        from govrag.errors import MissingExtra

        raise MissingExtra("pandas", "pandas") from None
    return pd.DataFrame(rows, columns=columns)
