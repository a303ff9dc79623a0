"""Settings: what is read, what goes before what, and what a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from govrag.errors import UsageError
from govrag.settings import FILE, Settings, load


def written(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert load(folder=tmp_path, environment={}) == Settings(library=None, lang="ko", workers=2, lock_timeout=30.0)


def test_the_file_goes_before_the_environment_which_fills_what_it_leaves_open(tmp_path: Path) -> None:
    folder = written(tmp_path, 'library = "우리장서"\nworkers = 3\n')
    environment = {"GOVRAG_LIBRARY": "남의장서", "GOVRAG_LANG": "en", "GOVRAG_WORKERS": "9"}
    settings = load(folder=folder, environment=environment)
    assert (settings.library, settings.workers, settings.lang) == (Path("우리장서"), 3, "en")


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    assert load(folder=tmp_path, environment={"GOVRAG_LIBRARY": "", "GOVRAG_LANG": ""}).library is None


def test_the_working_directory_is_where_the_file_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written(tmp_path, "lock_timeout = 0\n"))
    monkeypatch.setenv("GOVRAG_LANG", "en")
    assert (load().lock_timeout, load().lang) == (0.0, "en")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('libary = "오타"', ("libary", "오타")),
        ("workers = 0", ("workers", "0")),
        ("workers = 65", ("workers", "65")),
        ('workers = "많이"', ("workers", "많이")),
        ('lang = "jp"', ("lang", "jp")),
        ("lock_timeout = -1", ("lock_timeout", "-1")),
        ("library = [broken", ("line 1",)),
    ],
)
def test_a_mistake_is_told_with_the_field_its_value_and_what_is_known(
    tmp_path: Path, text: str, names: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as caught:
        load(folder=written(tmp_path, text), environment={})
    for lang in ("ko", "en"):
        message = caught.value.message(lang)
        for part in (*names, FILE, *Settings.model_fields):
            assert part in message
        assert "pydantic.dev" not in message
        assert "\n" not in message


def test_a_mistake_in_the_environment_names_the_field(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"workers = 'two'.*GOVRAG_"):
        load(folder=tmp_path, environment={"GOVRAG_WORKERS": "two"})


def test_a_file_in_another_encoding_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes('library = "장서"'.encode("cp949"))
    with pytest.raises(UsageError, match=FILE):
        load(folder=tmp_path, environment={})


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().workers = 4  # type: ignore[misc]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_in_both_languages(name: str) -> None:
    description = Settings.model_fields[name].description or ""
    korean, _, english = description.partition(" / ")
    assert any("가" <= character <= "힣" for character in korean)
    assert english.isascii()
    assert english
