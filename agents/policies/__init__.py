"""Who decides, by when, and what may be spent: the policy's page, ``policy.toml``, read, checked and explained."""

from agents.policies.contradictions import unknown
from agents.policies.durations import Duration, due, wait
from agents.policies.explanation import deciders, explain, here, report, why
from agents.policies.hours import Hours, hours_of, next_local, next_weekly, not_quiet
from agents.policies.newest import Policies, judged, look
from agents.policies.resolving import resolve, settings_for
from agents.policies.values import PAGE, AskFirst, Rules, Settings, Spend, stations_of

__all__ = [
    "PAGE",
    "AskFirst",
    "Duration",
    "Hours",
    "Policies",
    "Rules",
    "Settings",
    "Spend",
    "deciders",
    "due",
    "explain",
    "here",
    "hours_of",
    "judged",
    "look",
    "next_local",
    "next_weekly",
    "not_quiet",
    "report",
    "resolve",
    "settings_for",
    "stations_of",
    "unknown",
    "wait",
    "why",
]
