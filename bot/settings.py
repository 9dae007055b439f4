"""The environment, read once into one frozen value. Nothing else reads ``os.environ``."""

import os
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

SHORTEST_SECRET: Final = 4  # characters; a shorter one, such as a placeholder, stands in ordinary words too
BEST_MODEL: Final = "claude-opus-5-5"  # the tier `best` is a fixed name for an id
SEARCH_IS_OFF: Final = (
    "Agents cannot search the web: set JIDOKA_SEARCH_URL to a SearXNG, or ANTHROPIC_API_KEY. They read files and addresses."
)
ANTHROPIC: Final = "anthropic.com"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
# Bolt and the Anthropic SDK read the environment themselves and children inherit it: these are taken out.
TAKEN: Final = (
    "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET",
    "SLACK_VERIFICATION_TOKEN", "SLACK_API_URL",
    "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "ANTHROPIC_CUSTOM_HEADERS",
)


class SettingsError(Exception):
    """A setting is wrong; the message says which, and what to do."""


class Settings(BaseSettings):
    """Every setting that has an effect. An empty value counts as unset; secrets never show in a repr."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True,
        hide_input_in_errors=True, str_strip_whitespace=True,
    )

    slack_bot_token: SecretStr = SecretStr("")  # xoxb-…; empty: the built-in workspace
    slack_app_token: SecretStr = SecretStr("")  # xapp-…, for Socket Mode
    slack_api_url: str = "https://slack.com/api/"
    anthropic_api_key: SecretStr = SecretStr("")  # empty, and no base URL: the offline engine
    anthropic_base_url: str = ""  # empty: Anthropic's own
    jidoka_model_fast: str = "claude-haiku-5-5"
    jidoka_model_strong: str = "claude-sonnet-5-5"
    jidoka_search_url: str = Field(default="", repr=False)  # a SearXNG; it may hold a password
    database_url: str = ""  # sqlite:///…; empty: jidoka.db in the home
    jidoka_home: Path = Path(".jidoka")  # data, and roles and lines of one's own
    jidoka_host: str = "127.0.0.1"
    port: int = 8765  # 0: any free one
    jidoka_log: Literal["text", "json"] = "text"

    @field_validator("port", mode="before")
    @classmethod
    def _port_is_a_port(cls, value: object) -> object:
        if not str(value).isdecimal() or not 0 <= int(str(value)) <= 65535:
            raise ValueError(f"PORT is {value!r}: give a number from 1 to 65535, or 0 for any free one.")
        return value

    @field_validator("jidoka_log", mode="before")
    @classmethod
    def _log_is_known(cls, value: object) -> object:
        if value not in ("text", "json"):
            raise ValueError(f"JIDOKA_LOG is {value!r}: write 'text' or 'json'.")
        return value

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_unset(cls, value: Any, info: Any) -> Any:  # noqa: ANN401  before validation anything may stand here
        """A value of spaces is as good as none. It stands below the others: the last one runs first."""
        if isinstance(value, str) and not value.strip():
            return cls.model_fields[info.field_name].default
        return value.strip() if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _slack_is_reached_safely(cls, value: str) -> str:
        _web_address("SLACK_API_URL", value)
        if value.startswith("http://") and urlsplit(value).hostname not in LOOPBACK:
            raise ValueError("SLACK_API_URL must begin with https://: over http others read the tokens.")
        return value.rstrip("/") + "/"

    @field_validator("anthropic_base_url")
    @classmethod
    def _model_is_an_address(cls, value: str) -> str:
        if value:
            _web_address("ANTHROPIC_BASE_URL", value)
        return value

    @field_validator("jidoka_search_url")
    @classmethod
    def _search_is_an_address(cls, value: str) -> str:
        if value:
            _web_address("JIDOKA_SEARCH_URL", value)
        return value

    @field_validator("database_url")
    @classmethod
    def _database_is_sqlite(cls, value: str) -> str:
        path = value.removeprefix("sqlite:///")
        if value and (path == value or not path.strip("/")):
            raise ValueError(
                "DATABASE_URL must look like 'sqlite:////var/lib/jidoka/jidoka.db'; "
                "other databases are not supported yet."
            )
        return value

    @model_validator(mode="after")
    def _tokens_come_in_pairs(self) -> "Settings":
        bot, app = self.slack_bot_token.get_secret_value(), self.slack_app_token.get_secret_value()
        if bool(bot) != bool(app):
            raise ValueError("Set both SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or neither.")
        for name, token, start in (("SLACK_BOT_TOKEN", bot, "xoxb-"), ("SLACK_APP_TOKEN", app, "xapp-")):
            if token and not token.startswith(start):
                raise ValueError(f"{name} must begin with {start!r}. README says where Slack shows it.")
        return self

    @model_validator(mode="after")
    def _the_workspace_stays_here(self) -> "Settings":
        if not self.has_slack and self.jidoka_host not in LOOPBACK:
            raise ValueError(
                "The built-in workspace serves this machine only: unset JIDOKA_HOST or set Slack's tokens."
            )
        return self

    @property
    def has_slack(self) -> bool:
        """Whether a real Slack workspace is named; otherwise the built-in one starts."""
        return bool(self.slack_bot_token.get_secret_value())

    @property
    def is_offline(self) -> bool:
        """Whether the offline engine does the work: no key and no server of one's own."""
        return not self.anthropic_api_key.get_secret_value() and not self.anthropic_base_url

    @property
    def can_search(self) -> bool:
        """Whether agents can search the web: at an address of one's own, or by Anthropic."""
        host = urlsplit(self.anthropic_base_url).hostname or ANTHROPIC
        is_anthropic = not self.is_offline and (host == ANTHROPIC or host.endswith(f".{ANTHROPIC}"))
        return is_anthropic or bool(self.jidoka_search_url)

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        named = self.database_url.removeprefix("sqlite:///")
        return Path(named) if named else self.jidoka_home / "jidoka.db"

    def secrets(self) -> tuple[str, ...]:
        """Return every secret value there is, to keep it out of the log."""
        held = (self.slack_bot_token, self.slack_app_token, self.anthropic_api_key)
        return tuple(secret.get_secret_value() for secret in held if len(secret.get_secret_value()) >= SHORTEST_SECRET)


def searching(settings: Settings) -> str:
    """Return how agents search the web, as a sentence."""
    if not settings.can_search:
        return SEARCH_IS_OFF
    own = urlsplit(settings.jidoka_search_url)
    own = own._replace(netloc=own.netloc.rpartition("@")[2])  # a password in it is nobody's to read
    who = own.geturl() or "Anthropic's search, at 10 US dollars for 1,000 searches"
    return f"Agents search the web with {who}."


def unknown() -> list[str]:
    """Return a sentence for each variable that is named like a setting of ours and is none: a slip, or not there yet."""
    given = {name.upper() for name in (*os.environ, *DotEnvSettingsSource(Settings).env_vars)}
    named = given - {name.upper() for name in Settings.model_fields}
    return [f"{name} is no setting I know, so it does nothing." for name in sorted(named) if name.startswith("JIDOKA_")]


def read() -> Settings:
    """Return the settings, and take what others must not read out of the environment.

    Raises:
        SettingsError: Something is wrong; one sentence for each thing.
    """
    try:
        return Settings()
    except ValidationError as wrong:
        said = (_sentence(error) for error in wrong.errors(include_input=False))
        raise SettingsError(" ".join(said)) from None
    finally:
        for name in TAKEN:
            os.environ.pop(name, None)


def _web_address(name: str, value: str) -> None:
    if not value.startswith(("http://", "https://")) or not urlsplit(value).hostname:
        raise ValueError(f"{name} must be a web address such as 'https://example.com/'.")


def _sentence(error: Any) -> str:  # noqa: ANN401  pydantic's ErrorDetails
    said = str(error["msg"]).removeprefix("Value error, ")
    where = "".join(str(part).upper() for part in error["loc"])
    return said if error["type"] == "value_error" else f"{where}: {said}."
