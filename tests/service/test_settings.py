"""Settings: read from the environment, refused by name, documented in one table."""

import re
from pathlib import Path

import pytest

from service.settings import PREFIX, Settings, SettingsError, load_settings

DOCS = Path(__file__).resolve().parents[2] / "docs" / "service.md"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEWIRE_PORT", "9000")
    monkeypatch.setenv("STANCEWIRE_TRUSTED_HOSTS", "a.example, b.example")
    settings = load_settings()
    assert settings.port == 9000
    assert settings.trusted_hosts == ("a.example", "b.example")


def test_what_is_given_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEWIRE_PORT", "9000")
    assert load_settings(port=9001).port == 9001


def test_the_variable_of_the_training_commands_is_no_mistake() -> None:
    assert load_settings({"STANCEWIRE_CORPORA": "corpora/"}) == load_settings({})


def test_an_unknown_variable_stops_the_start_and_is_named() -> None:
    with pytest.raises(SettingsError, match=r"Unknown setting STANCEWIRE_PROT. Did you mean STANCEWIRE_PORT\?"):
        load_settings({"STANCEWIRE_PROT": "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("WORKERS", "0"),
        ("LOG_LEVEL", "loud"),
        ("DEADLINE_SECONDS", "0"),
        ("DOCS", "perhaps"),
        ("API_KEYS", "secret"),
        ("MAX_BUFFERED_BYTES", "2000"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_a_key_is_never_shown_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEWIRE_API_KEYS", "very-secret")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "very-secret" not in caught.value.message


def test_the_table_of_the_documentation_is_true() -> None:
    rows = re.findall(r"^\| `STANCEWIRE_(\w+)` \| (.*?) \| (.*?) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    told = {name.lower(): (default, text) for name, default, text in rows}
    assert told == {name: (shown(name), field.description) for name, field in Settings.model_fields.items()}


def shown(name: str) -> str:
    """How a default stands in the table."""
    default = Settings.model_fields[name].default
    if name == "releases":
        return "the shipped models"
    if default in (None, ()):
        return "none"
    return f"`{str(default).lower()}`" if isinstance(default, bool) else f"`{default}`"
