"""Errors of the layer that does the work.

* AgentsError             a message is a sentence for whoever reads it
  - PageError             a role or line page says something that cannot be followed
  - PolicyError           a policy says something that cannot be followed; a line each
  - PlanError             a plan breaks a rule; the findings say which
  - ToolError             a tool cannot do what an agent asked; the agent is shown the sentence
    + FetchError          a page may not or cannot be fetched
    + UnreadableError     a document cannot be read
    + PaidError           it cannot, and finding that out was paid for
  - ModelError            a model call gave no usable answer
    + RetryError          passing trouble: the same call may work in a moment
    + LaterError          the service asks for patience; says how long
    + TriedError          passing trouble that did not pass: the call was tried as often as it may be
    + MoneyError          an account or spend limit
    + SetupError          key, rights or model id are wrong: a person must act
    + RequestError        the request itself is refused: repeating it is useless
    + RefusalError        the model declined
"""


class AgentsError(Exception):
    """Something in the work went wrong; the message is for people."""


class PageError(AgentsError):
    """A role or line page says something that cannot be followed."""


class PolicyError(AgentsError):
    """A policy says something that cannot be followed."""


class PlanError(AgentsError):
    """A plan breaks a rule; the findings say which."""


class ToolError(AgentsError):
    """A tool cannot do what an agent asked; the agent is shown the sentence."""


class UnsureError(ToolError):
    """Something outside was begun, and nobody knows whether it was done: it is never tried again unasked."""


class FetchError(ToolError):
    """A page may not or cannot be fetched."""


class UnreadableError(ToolError):
    """A document cannot be read."""


class ModelError(AgentsError):
    """A model call gave no usable answer."""


class RetryError(ModelError):
    """Passing trouble: the same call may work in a moment."""


class LaterError(ModelError):
    """The service asks for patience.

    Args:
        after_s: Seconds until the next call may be made.
    """

    def __init__(self, message: str, after_s: float) -> None:
        super().__init__(message)
        self.after_s = after_s


class TriedError(ModelError):
    """Passing trouble that did not pass: the call was tried as often as it may be, and a person must look."""


class MoneyError(ModelError):
    """An account or spend limit stops the call."""


class SetupError(ModelError):
    """Key, rights or model id are wrong: a person must act."""


class RequestError(ModelError):
    """The request itself is refused: repeating it is useless."""


class RefusalError(ModelError):
    """The model declined to answer."""
