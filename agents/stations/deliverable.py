"""The document people receive. PURE: the artifact as it is, then its sources, by code; citations change no word of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agents.checks import cited


def document(text: str, findings: Iterable[Mapping[str, Any]], *, label: str = "", left_open: Sequence[str] = ()) -> str:
    """Return the artifact with what was left open and every source it cites, quoted, with its page or row.

    Args:
        text: The artifact in Markdown; it stands at the top, byte for byte.
        findings: The handoff's findings: id, quote and label of each.
        label: What must be said about how it was made, such as "offline mode: no language model".
        left_open: What nobody could answer.
    """
    parts = [text.rstrip(), *_listed("Left open", left_open), *_sources(text, findings), *([f"*{label}*"] if label else [])]
    return "\n\n".join(parts) + "\n"


def _listed(heading: str, items: Sequence[str]) -> list[str]:
    return ["---", f"## {heading}", "\n".join(f"- {_one_line(item)}" for item in items)] if items else []


def _sources(text: str, findings: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the sources in the order they are cited; what was quoted twice from one place stands once."""
    by_id = {str(finding["id"]): finding for finding in findings}
    shown: dict[str, list[str]] = {}
    for id in cited(text):
        if id in by_id:
            shown.setdefault(_source(by_id[id]), []).append(f"[{id}]")
    lines = [f"- **{' '.join(ids)}** {source}" for source, ids in shown.items()]
    return ["---", "## Sources", "\n".join(lines)] if lines else []


def _source(finding: Mapping[str, Any]) -> str:
    dated = f" (as of {finding['as_of']})" if finding.get("as_of") else ""
    return f"{finding['label']}{dated}: “{_one_line(str(finding['quote']))}”"


def _one_line(text: str) -> str:
    return " ".join(text.split())
