"""Which web addresses an agent may open: those that stood somewhere before it wrote them. PURE.

An address that an agent put together could carry what it was shown to whoever owns the host: in the path, the query, a
subdomain. One that people wrote, or that stands in a document or in search results, holds nothing of this run. So the
whole address must stand there, and what is opened is the one that stands there, not the one the agent wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from agents.addresses import written
from agents.checks.names import links
from agents.errors import FetchError
from agents.stations import proposals
from agents.stations.assignment import Assignment, Source
from agents.tools.servers.page import BETWEEN
from agents.tools.web import canonical
from agents.trust import Trusted, seen_before

_PAGE: Final = ("http://", "https://")
_WHOLE: Final = re.compile(r"@|://|^www\.", re.IGNORECASE)  # an e-mail's, or found as it stands already
_SHOWN: Final = 200  # characters of an address in a refusal


def stood(url: str, given: Assignment, documents: Iterable[Source]) -> Trusted:
    """Return the address as it is to be fetched.

    Args:
        url: What the agent wrote.
        given: What people wrote, for this task.
        documents: Everything this run has read, search results included.

    Raises:
        FetchError: It is no address, or nobody wrote it; the sentence is for the agent.
    """
    wanted = canonical(url)
    if any(wanted in _written(text) for text in people(given)):
        return seen_before(wanted)
    host = wanted.split("/")[2]
    if any(wanted in _found(source, host) for source in documents if not _is_echo(source)):
        return seen_before(wanted)
    raise FetchError(
        f"{url[:_SHOWN]!r} is not opened: it stands neither in what people wrote nor in anything this run has read. "
        "Take an address exactly as it stands there."
    )


def people(given: Assignment) -> list[str]:
    """Return what people and pages say to this task, answers to an agent's questions included, but not the questions."""
    return [*proposals.trusted(given), *given.said]


def _written(text: str) -> Iterator[str]:
    """Yield the addresses people wrote; one without a scheme, such as ``acme.com/prices``, is one of https."""
    bare = (link.text for link in links(text) if not _WHOLE.search(link.text))
    yield from _canonical([*written(text), *bare])


def _is_echo(source: Source) -> bool:
    """Whether a document is what another program answered an agent: it may hold what the agent put into its question."""
    return BETWEEN in source.origin.partition(" ")[0] and not source.origin.startswith(_PAGE)


def _found(source: Source, host: str) -> Iterator[str]:
    """Yield the addresses of a host in a document, and those that may be of it in another spelling."""
    yield from _canonical([source.origin] if source.origin.startswith(_PAGE) else [])
    if not source.problem:
        near = (one for one in written(source.text) if host in one.lower() or not one.isascii())
        yield from _canonical(near)


def _canonical(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        whole = address if "://" in address else f"https://{address}"
        try:
            yield canonical(whole)
        except FetchError:
            continue
