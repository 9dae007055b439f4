"""Pages for tests, and what is said about them."""

from agents.policies import Rules, judged
from agents.policies.pages import read


def accepted(text: str) -> Rules:
    """Return the rules of a page with which nothing is wrong."""
    rules, wrong = judged(text)
    assert [str(problem) for problem in wrong] == []
    return rules


def told(text: str) -> list[str]:
    """Return what is wrong with single keys and values."""
    return [str(problem) for problem in read(text)[1]]


def refused(text: str) -> list[str]:
    """Return everything that is wrong."""
    return [str(problem) for problem in judged(text)[1]]


def doubted(text: str) -> list[str]:
    """Return the warnings of a page that can be used."""
    return [str(problem) for problem in accepted(text).warnings]
