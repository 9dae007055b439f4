"""What one morning brief covers. The outbox row keeps it as JSON; the words are made from the rows it names."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

LATE: Final = timedelta(minutes=15)  # from here on a brief says that it comes late


class Cover(BaseModel):
    """Whom a brief is for, from when to when, and the ids of what it names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: str  # a person, such as U024BE7LH, or a channel, such as C024BE91L
    since: datetime
    until: datetime
    due: datetime  # when it was meant to come
    waits: tuple[str, ...] = ()  # ids of checkpoints, oldest first
    ended: tuple[str, ...] = ()  # ids of runs, oldest end first
    going: tuple[str, ...] = ()  # ids of runs, oldest first
    links: dict[str, str] = {}  # to a run's thread, by its id; those that whoever reads it may open

    @property
    def is_for_channel(self) -> bool:
        """Whether it is read by a whole channel."""
        return not self.who.startswith(("U", "W"))

    @property
    def of(self) -> dict[str, str]:
        """The field of a run that makes it theirs, and its value."""
        return {"channel" if self.is_for_channel else "requester": self.who}

    @property
    def is_late(self) -> bool:
        """Whether it comes so late that it says so."""
        return self.until - self.due > LATE

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.waits or self.ended or self.going)

    def to_text(self) -> str:
        """Return the one text a row keeps."""
        return self.model_dump_json()

    @classmethod
    def from_text(cls, text: str) -> "Cover":
        """Return what ``to_text`` wrote."""
        return cls.model_validate_json(text)
