"""The figures of the week as they are posted: one file, the picture, with the sentences beside it. PURE."""

import base64

from pydantic import BaseModel, ConfigDict

from bot.messages import outcomes
from bot.messages.outcomes import Named
from storage.outcomes import Figures

LONGEST_ALT = 1_000  # characters; Slack's limit for a file's description


class Report(BaseModel):
    """What is posted. The outbox row keeps it whole: figures of one moment, whenever they are delivered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    said: str  # mrkdwn
    alt: str  # what the picture shows, for who does not see it
    picture: str  # a PNG, in base64

    @property
    def content(self) -> bytes:
        """The picture's bytes."""
        return base64.b64decode(self.picture)

    @classmethod
    def of(cls, given: Figures, named: Named, picture: bytes, alt: str) -> "Report":
        """Return the report of some weeks; ``named`` says who is meant by a Slack id, without calling them."""
        title = outcomes.title(given)
        lines = [f"• {sentence}" for sentence in outcomes.sentences(given, named)]
        steady = [f"• {sentence}" for sentence in outcomes.steadiness(given)]
        said = "\n".join([f"*{title}*", *lines, *(["*Line by line*"] if steady else []), *steady])
        return cls(title=title, said=said, alt=alt[:LONGEST_ALT], picture=base64.b64encode(picture).decode())
