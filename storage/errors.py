"""Errors of the lowest layer.

* StorageError              a message is a sentence for whoever reads it
  - NotFoundError           an id names no row
  - LockedError             another process holds this data
  - RefusedError            an answer does not count; the message is for the person who gave it
    + AlreadyDecidedError   the checkpoint was decided, expired or withdrawn before
    + StaleError            the button belongs to an older version of the checkpoint
    + NotAllowedError       the policy does not let this person decide
    + InvalidError          what was entered cannot be taken as it is
    + BusyError             the write lock was not to be had in time: nothing was recorded
"""


class StorageError(Exception):
    """Something remembered is not as expected; the message is for people."""


class NotFoundError(StorageError):
    """An id names no row."""


class LockedError(StorageError):
    """Another process holds this data."""


class RefusedError(StorageError):
    """An answer does not count; the message is for the person who gave it."""


class AlreadyDecidedError(RefusedError):
    """The checkpoint was decided, expired or withdrawn before."""


class StaleError(RefusedError):
    """The button belongs to an older version of the checkpoint."""


class NotAllowedError(RefusedError):
    """The policy does not let this person decide."""


class InvalidError(RefusedError):
    """What was entered cannot be taken as it is."""


class BusyError(RefusedError):
    """The write lock was not to be had in time: nothing was recorded."""
