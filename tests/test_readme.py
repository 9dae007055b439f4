"""What the README shows is what happens: its example pages, its figures, its tables, its commands."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from agents import catalog, policies
from agents.catalog import lines, roles
from agents.catalog.explanation import troubles
from agents.engine.durable import MOST_RECOVERIES
from agents.engine.outcomes import MOST_FAILURES
from agents.models.client import OFFLINE_LABEL
from agents.models.retry import MOST_TRIES
from agents.planning.plan import MOST_DEPTH, MOST_TASKS, Limits, RunPlan
from agents.policies import fields
from agents.stations.work import MOST_ROUNDS
from agents.tools import servers
from agents.tools.toolbox import EFFECTS
from bot.settings import BEST_MODEL, Settings
from bot.workspace.identities import PEOPLE
from storage.migrations import upgrade
from storage.policy import ASKS_MEMBERS, ASKS_OTHERS, ASKS_REQUESTER, SHIPPED
from storage.words import CheckpointKind, Route
from tests import readme
from tests.readme import ROOT

ROLE, LINE = readme.fences("markdown")
POLICY, SERVERS = readme.fences("toml")
PAGES: Final = {"roles/copywriter.md": ROLE, "lines/product-news.md": LINE}
MISTAKES: Final = {
    "description: From": "descripton: From", "reads: request, findings": "reads: request, facts",
    "review: reviewer": "review: proofreader",
}  # fmt: skip
WORDS: Final = {3: "three", 4: "four", 5: "five", 6: "6", 20: "20"}
WHO: Final = {
    ASKS_REQUESTER: "the requester", ASKS_OTHERS: "any full member of the channel but the requester",
    ASKS_MEMBERS: "any full member of the channel",
}  # fmt: skip


def read(**changed: str) -> catalog.Catalog:
    """Return the shipped pages with the README's beside them."""
    shipped = catalog.read([catalog.SHIPPED], EFFECTS)
    known = {page.path: page.text for pages in (shipped.roles, shipped.lines) for page in pages.values()}
    return catalog.from_texts({**known, **PAGES, **changed}, EFFECTS)


def test_it_opens_with_what_it_is_and_the_two_commands():
    opening, first = readme.TEXT.split("\n\n")[1], readme.fences("sh")[0]

    assert len(re.findall(r"[.!?](?:\s|$)", opening)) == 3
    assert re.findall(r"^(make \w+)", first, re.MULTILINE) == ["make run", "make test"]
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("exec make test")


def test_the_example_pages_can_be_used():
    found = read()

    assert (found.problems, found.warnings) == ((), ())
    assert found.line("product-news").needs_model


def test_the_examples_show_every_key():
    shown = set(re.findall(r"^(?:- )?(\w+):", ROLE + LINE, re.MULTILINE))

    assert shown == {*roles.KEYS, *lines.KEYS, *lines.BULLETS}


def test_the_mistakes_are_told_as_shown():
    wrong = LINE
    for right, mistake in MISTAKES.items():
        wrong = wrong.replace(right, mistake)
    told = troubles(read(**{"lines/product-news.md": wrong}))

    assert told == next(shown for shown in readme.fences() if shown.startswith("Wrong:")).splitlines()


def test_the_policy_shown_is_explained_as_shown():
    rules, wrong = policies.judged(POLICY, policies.stations_of(read().lines))
    [told] = [shown.splitlines() for shown in readme.fences() if shown.startswith("Hours: ")]

    assert (wrong, rules.warnings) == ([], ())
    assert [sentence for sentence in policies.explain(rules) if sentence in told] == told


def test_what_nobody_says_in_a_policy_is_as_the_tables_say():
    rows = [row for first in ("key of a rule", "key of the policy") for row in readme.table(first)]
    said = {readme.marked(row[0])[-1]: row[-1].replace("`", "") for row in rows}
    page = "\n".join(f"{key} = {said[key]}" for key in fields.SETTINGS if said[key][0] in '"0123456789')
    first = "\n".join(f"{key} = {said[key]}" for key in ("plan", "same_plan", "times_one_agent", "effects"))
    rule = "\n".join(f"{key} = {said[key]}" for key in ("quorum", "silence", "direct", "break_glass"))
    rules, wrong = policies.judged(f"{page}\n[ask_first]\n{first}\n[draft]\n{rule}\n")

    assert wrong == []
    assert policies.settings_for(rules) == policies.Settings()
    assert policies.resolve(rules, CheckpointKind.DRAFT) == SHIPPED[CheckpointKind.DRAFT]


def test_people_decide_as_the_table_says():
    told = {row[0]: row[2] for row in readme.table("checkpoint")}

    assert {kind: told[kind] for kind in ("plan", "question", "draft", "escalation")} == {
        kind: WHO[SHIPPED[CheckpointKind(kind)]] for kind in ("plan", "question", "draft", "escalation")
    }
    assert told["escalation after a failure"] == WHO[ASKS_MEMBERS]
    assert {policy.quorum for policy in SHIPPED.values()} == {1}


def test_limits_are_those_of_the_code():
    limits, text = Limits(), " ".join(readme.PROSE.split())
    at_once = RunPlan(route=Route.PLAN, tasks=()).at_once

    assert f"{limits.calls} calls, {limits.tokens:,} tokens, {limits.usd:.0f} US dollar" in text
    assert f"dollar, {limits.seconds // 60} minutes" in text
    assert f"at most {WORDS[MOST_TASKS]} tasks and {WORDS[MOST_DEPTH]} in a row" in text
    assert f"{WORDS[MOST_ROUNDS].capitalize()} drafts at most" in text
    assert f"tried up to {WORDS[MOST_FAILURES]} times" in text
    assert f"the same answer {WORDS[MOST_TRIES]} times at most" in text
    assert f"the process ended {WORDS[MOST_RECOVERIES + 1]} times in a row" in text
    assert f"at most {WORDS[at_once]}" in readme.TEXT


def test_defaults_are_those_of_the_code():
    shown = {readme.marked(row[0])[0].lower(): readme.marked(row[2]) for row in readme.table("variable")}
    fields = Settings.model_fields
    plain = {name for name in shown if str(fields[name].default) not in ("", "**********", "https://slack.com/api/")}

    assert {name: shown[name] for name in plain} == {name: [str(fields[name].default)] for name in plain}
    assert f"The tier `best` is {BEST_MODEL}," in " ".join(readme.PROSE.split())


def test_what_everything_made_offline_says_is_what_the_readme_says():
    assert f"*{OFFLINE_LABEL}*" in readme.PROSE


def test_the_people_of_the_first_minutes_are_there():
    first = readme.PROSE.partition("## The first five minutes")[2].partition("\n## ")[0]

    assert {person.real_name for person in PEOPLE if not person.guest} >= {"Alice", "Bob"}
    assert [person.real_name for person in PEOPLE if person.guest] == ["Dave"]
    assert all(name in first for name in ("Alice", "Bob", "Dave", "**You are**", "`stop`"))


@pytest.mark.parametrize("promise, shown", readme.table("promise"), ids=lambda cell: "")
def test_every_promise_names_tests(promise, shown):
    paths = readme.marked(shown)

    assert paths, promise
    assert all("def test_" in (ROOT / path).read_text(encoding="utf-8") for path in paths)


def test_the_backup_command_copies_the_database(tmp_path: Path):
    [command] = [name for name in readme.marked(readme.PROSE) if name.startswith("python -c")]
    (tmp_path / ".jidoka").mkdir()
    upgrade(tmp_path / ".jidoka" / "jidoka.db")

    subprocess.run(command.replace("python", sys.executable, 1), shell=True, cwd=tmp_path, check=True)
    with sqlite3.connect(tmp_path / "backup.db") as copy:
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    copy.close()

    assert {"run", "task", "vote", "event"} <= tables


def test_the_example_of_tools_of_other_programs_is_right_and_named_as_it_says(tmp_path: Path):
    env = tmp_path / "tracker.env"
    env.touch()
    (tmp_path / servers.PAGE).write_text(SERVERS.replace("/etc/jidoka/tracker.env", str(env)), encoding="utf-8")

    [tracker], wrong = servers.look(tmp_path / servers.PAGE)

    assert wrong == ()
    assert "`tools: tracker__search_issues`" in readme.TEXT
    assert [*tracker.tools] == ["tracker__search_issues", "tracker__create_issue"]
