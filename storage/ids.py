"""Ids and chance, from one source that tests seed. An id holds no colon: colons join ids into larger ones."""

import random
from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u: ids are read aloud
_BITS: Final = 5  # a character
_LAST: Final = 2**_BITS - 1
_source: random.Random = random.SystemRandom()


def new(prefix: str, length: int = 12) -> str:
    """Return a fresh id such as ``run-4k2m9xq0c7ta``."""
    return f"{prefix}-{secret(length)}"


def secret(length: int) -> str:
    """Return ``length`` characters nobody can guess (5 bits each)."""
    drawn = _source.getrandbits(_BITS * length)  # asked of the system once, not once a character
    return "".join(_ALPHABET[drawn >> _BITS * place & _LAST] for place in range(length))


def seed(value: int | None) -> None:
    """Make the ids that follow repeatable; None makes them unguessable again."""
    global _source
    _source = random.SystemRandom() if value is None else random.Random(value)  # noqa: S311  seeded for tests only
