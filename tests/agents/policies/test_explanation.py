"""The policy in sentences, each with where it comes from."""

from agents.policies import Rules, explain, why
from storage.words import CheckpointKind, EffectClass
from tests.agents.policies.writing import accepted

PAGE = """
admins = ["U0ALICE", "U0BOB"]
report_channel = "C0OPS"
weekly = ""
[effect.R4]
deciders = ["S0BOARD"]
break_glass = true
[channels.C0SALES]
holidays = ["12-25"]
[channels.C0SALES.draft]
quorum = 2
deadline = "1 working day"
remind = ["4 working hours"]
[lines.legal-document.stations.Final.draft]
deciders = ["S0LEGAL", "U0CAROL"]
requester = true
escalate = [{ after = "6 working hours", to = ["U0DAVE"] }]
"""


def test_without_a_page_everything_is_said_to_be_as_shipped():
    said = explain(Rules())

    assert all(sentence.endswith(". (as shipped)") for sentence in said)
    assert "Plans: whoever asked; silence means: it waits. (as shipped)" in said
    assert (
        "Drafts: any member of the channel, never whoever asked; silence means: it waits. (as shipped)"
        in said
    )
    assert (
        "Effects of class R4: any 2 members of the channel, never whoever asked; each opens all of it first; silence "
        "means: it waits. (as shipped)"
    ) in said


def test_a_page_is_explained_place_by_place():
    said = explain(accepted(PAGE))

    assert said[-3:] == [
        "Hours in <#C0SALES>: work Mon-Fri 09:00-17:00, quiet hours 20:00-07:30, 1 holiday (UTC). [channels.C0SALES]",
        "Drafts in <#C0SALES>: any 2 members of the channel, never whoever asked; by 1 working day later; reminded after "
        "4 working hours; silence means: it waits. [channels.C0SALES.draft]",
        "Drafts on the line 'legal-document' at 'Final': <!subteam^S0LEGAL> or <@U0CAROL>, also whoever asked; after "
        "6 working hours <@U0DAVE> too; silence means: it waits. [lines.legal-document.stations.Final.draft]",
    ]
    assert "Besides Slack's admins, <@U0ALICE> and <@U0BOB> may halt everything. [policy.toml]" in said
    assert "Figures and the audit log's anchors go to <#C0OPS>. [policy.toml]" in said
    assert (
        "The morning brief comes at 07:30, the figures of the week never; work for the night starts at 20:00. [policy.toml]"
    ) in said
    assert (
        "Effects of class R4: 2 of these: <!subteam^S0BOARD>, never whoever asked; each opens all of it first; in an "
        "emergency an admin alone, which is recorded; silence means: it waits. [effect.R4]"
    ) in said


def test_why_says_the_whole_and_then_who_says_what():
    said = why(
        accepted(PAGE), CheckpointKind.DRAFT, channel="C0SALES", line="legal-document", station="Final"
    )

    assert said == [
        "Drafts in <#C0SALES> on the line 'legal-document' at 'Final': 2 of these: <!subteam^S0LEGAL> or <@U0CAROL>, also "
        "whoever asked; by 1 working day later; reminded after 4 working hours; after 6 working hours <@U0DAVE> too; "
        "silence means: it waits. [channels.C0SALES.draft] [lines.legal-document.stations.Final.draft]",
        '[channels.C0SALES.draft] says: quorum = 2, deadline = "1 working day", remind = ["4 working hours"].',
        '[lines.legal-document.stations.Final.draft] says: deciders = ["S0LEGAL", "U0CAROL"], requester = true, escalate = '
        '[{ after = "6 working hours", to = ["U0DAVE"] }].',
        "Where several say something, the stricter counts.",
        "What nobody says is as shipped.",
    ]


def test_several_lists_are_said_to_be_met_together():
    rules = accepted('[effect]\ndeciders = ["members"]\n[lines.a.effect]\ndeciders = ["S0LEGAL"]\n')
    [first, *_] = why(rules, CheckpointKind.EFFECT, line="a", effect=EffectClass.R3)

    assert first.startswith(
        "Effects of class R3 on the line 'a': any member of the channel, who must also be <!subteam^S0LEGAL>, never whoever"
    )
