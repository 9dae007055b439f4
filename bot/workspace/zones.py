"""Time zones, as Slack tells of a person's."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.workspace.state import Json

_LABELS: Final = {  # by zone: in winter, in summer
    "Europe/Berlin": ("Central European Time", "Central European Summer Time"),
    "Europe/London": ("Greenwich Mean Time", "British Summer Time"),
    "America/New_York": ("Eastern Standard Time", "Eastern Daylight Time"),
    "Asia/Kolkata": ("India Standard Time", "India Standard Time"),
}


def facts(zone: str, now: float) -> Json:
    """Return `tz`, `tz_label` and `tz_offset` of a zone at this moment (seconds since 1970).

    The offset is in seconds east of Greenwich and, like the label, changes with summer time.
    """
    here = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(zone))
    winter, summer = _LABELS.get(zone, ("Coordinated Universal Time",) * 2)
    offset = here.utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    return {"tz": zone, "tz_label": summer if here.dst() else winter, "tz_offset": seconds}
