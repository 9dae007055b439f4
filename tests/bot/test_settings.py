"""The environment: read once, frozen, a sentence when wrong, secrets out of everyone's reach."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot import settings
from bot.settings import TAKEN, Settings, SettingsError


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    names = [name.upper() for name in Settings.model_fields]
    for name in {*names, *TAKEN}:
        monkeypatch.delenv(name, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return settings.read()


def test_with_nothing_set_the_workspace_and_the_offline_engine_serve_this_machine():
    read = settings.read()

    assert (read.has_slack, read.is_offline) == (False, True)
    assert (read.jidoka_host, read.port, read.jidoka_log) == ("127.0.0.1", 8765, "text")
    assert read.database_path == Path(".jidoka/jidoka.db")
    assert (read.jidoka_model_fast, read.jidoka_model_strong) == ("claude-haiku-5-5", "claude-sonnet-5-5")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Agents cannot search the web: set JIDOKA_SEARCH_URL"),
        ({"ANTHROPIC_API_KEY": "k"}, "Agents search the web with Anthropic's search, at 10 US dollars"),
        ({"ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": "https://eu.anthropic.com"}, "Agents search the web with Anthr"),
        ({"ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": "http://127.0.0.1:1"}, "Agents cannot search the web"),
        ({"ANTHROPIC_API_KEY": "k", "JIDOKA_SEARCH_URL": "http://searx:8888"}, "Agents search the web with http://searx:8888."),
        ({"JIDOKA_SEARCH_URL": "http://me:secret@127.0.0.1:8888"}, "Agents search the web with http://127.0.0.1:8888."),
    ],
)
def test_how_agents_search_is_told(given: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch):
    found = read(monkeypatch, **given)

    assert settings.searching(found).startswith(said)
    assert "secret" not in f"{found!r} {settings.searching(found)}"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "Set both SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or neither."),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "Set both SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or neither."),
        (
            {"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"},
            "SLACK_BOT_TOKEN must begin with 'xoxb-'. README says where Slack shows it.",
        ),
        ({"PORT": "eighty"}, "PORT is 'eighty': give a number from 1 to 65535, or 0 for any free one."),
        ({"PORT": "70000"}, "PORT is '70000': give a number from 1 to 65535, or 0 for any free one."),
        ({"JIDOKA_LOG": "xml"}, "JIDOKA_LOG is 'xml': write 'text' or 'json'."),
        ({"SLACK_API_URL": "slack"}, "SLACK_API_URL must be a web address such as 'https://example.com/'."),
        (
            {"SLACK_API_URL": "http://slack.example/api/"},
            "SLACK_API_URL must begin with https://: over http others read the tokens.",
        ),
        ({"ANTHROPIC_BASE_URL": "ftp://x"}, "ANTHROPIC_BASE_URL must be a web address such as 'https://example.com/'."),
        ({"JIDOKA_SEARCH_URL": "searx"}, "JIDOKA_SEARCH_URL must be a web address such as 'https://example.com/'."),
        (
            {"DATABASE_URL": "postgres://db/jidoka"},
            "DATABASE_URL must look like 'sqlite:////var/lib/jidoka/jidoka.db'; other databases are not supported yet.",
        ),
        (
            {"JIDOKA_HOST": "0.0.0.0"},
            "The built-in workspace serves this machine only: unset JIDOKA_HOST or set Slack's tokens.",
        ),
    ],
)
def test_a_wrong_setting_gets_one_sentence(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str):
    with pytest.raises(SettingsError) as wrong:
        read(monkeypatch, **given)

    assert str(wrong.value) == said


def test_two_wrong_settings_get_a_sentence_each(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(SettingsError) as wrong:
        read(monkeypatch, PORT="x", JIDOKA_LOG="xml")

    assert "PORT is 'x'" in str(wrong.value)
    assert "JIDOKA_LOG is 'xml'" in str(wrong.value)


@pytest.mark.parametrize("empty", ["", "   ", "\t"])
def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch, empty: str):
    given = read(monkeypatch, **{name.upper(): empty for name in Settings.model_fields})

    assert given == Settings()


def test_values_are_stripped(monkeypatch: pytest.MonkeyPatch):
    given = read(monkeypatch, PORT=" 9000 ", ANTHROPIC_API_KEY=" sk-1\n", JIDOKA_HOME=" /data ")

    assert (given.port, given.jidoka_home) == (9000, Path("/data"))
    assert given.anthropic_api_key.get_secret_value() == "sk-1"


def test_a_file_of_settings_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch):
    Path(".env").write_text("PORT=9001\nJIDOKA_LOG=json\n# a comment\nUNRELATED=1\n")

    given = read(monkeypatch, JIDOKA_LOG="text")

    assert (given.port, given.jidoka_log) == (9001, "text")


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:///data/j.db", "data/j.db"), ("sqlite:////var/lib/j.db", "/var/lib/j.db")],
)
def test_the_database_may_lie_elsewhere(monkeypatch: pytest.MonkeyPatch, url: str, path: str):
    assert read(monkeypatch, DATABASE_URL=url).database_path == Path(path)


def test_what_libraries_would_read_is_taken_out_of_the_environment(monkeypatch: pytest.MonkeyPatch):
    read(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", ANTHROPIC_API_KEY="k", SLACK_CLIENT_ID="i")

    assert [name for name in TAKEN if name in os.environ] == []


def test_it_is_taken_out_even_when_a_setting_is_wrong(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(SettingsError):
        read(monkeypatch, SLACK_BOT_TOKEN="xoxb-1")

    assert "SLACK_BOT_TOKEN" not in os.environ


def test_secrets_show_in_no_repr_and_in_no_sentence(monkeypatch: pytest.MonkeyPatch):
    given = read(monkeypatch, SLACK_BOT_TOKEN="xoxb-hush", SLACK_APP_TOKEN="xapp-hush", ANTHROPIC_API_KEY="sk-hush")
    with pytest.raises(SettingsError) as wrong:
        read(monkeypatch, SLACK_BOT_TOKEN="hush-1", SLACK_APP_TOKEN="hush-2")

    assert "hush" not in repr(given) + str(given) + str(wrong.value)
    assert given.secrets() == ("xoxb-hush", "xapp-hush", "sk-hush")


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        settings.read().port = 1


def test_every_setting_is_in_the_sample_file():
    sample = (Path(__file__).parents[2] / ".env.sample").read_text()
    named = {line.split("=")[0] for line in sample.splitlines() if line and not line.startswith("#")}

    assert named == {name.upper() for name in Settings.model_fields}


def test_what_is_named_like_a_setting_and_is_none_is_said(monkeypatch: pytest.MonkeyPatch):
    Path(".env").write_text("JIDOKA_LOG=text\nJIDOKA_MODLE_FAST=claude\nOTHER=1\n")
    monkeypatch.setenv("JIDOKA_MODEL_LOCAL", "/models/a.gguf")
    monkeypatch.setenv("JIDOKA_HOME", "data")

    assert settings.unknown() == [
        "JIDOKA_MODEL_LOCAL is no setting I know, so it does nothing.",
        "JIDOKA_MODLE_FAST is no setting I know, so it does nothing.",
    ]


def test_without_any_such_nothing_is_said():
    assert settings.unknown() == []
