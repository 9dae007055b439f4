"""The policy's page at the command line: explained, or refused with every sentence."""

from pathlib import Path

from tests.bot.test_main import run

GOOD = "[draft]\nquorum = 2\n[channels.C0SALES.spend]\nrun_usd = 2\n"
SURPRISING = '[draft]\nsilence = "stop"\n'
WRONG = '[draft]\nquorm = 2\ndeciders = ["requester"]\n[lines.legal-documnt.draft]\nquorum = 2\n'
SENTENCES = [
    "policy.toml, line 1: [draft]: only whoever asked is a decider, and they may not decide. Write requester = true, or "
    "name others.",
    "policy.toml, line 2: [draft]: 'quorm' is not a word I know here. Did you mean 'quorum'?",
    "policy.toml, line 4: [lines.legal-documnt]: no line is called 'legal-documnt'. Did you mean 'legal-document'?",
]


async def test_check_explains_the_policy(tmp_path: Path):
    (tmp_path / "policy.toml").write_text(GOOD)
    code, out, err = await run(tmp_path, "check")

    assert (code, err) == (0, "")
    assert (
        "Drafts: any 2 members of the channel, never whoever asked; silence means: it waits. [draft]\n" in out
    )
    assert out.endswith("Caps in <#C0SALES>: a run 2.00 US dollars. [channels.C0SALES]\n")


async def test_check_says_what_may_surprise_and_is_content(tmp_path: Path):
    (tmp_path / "policy.toml").write_text(SURPRISING)
    code, out, _ = await run(tmp_path, "check")

    assert code == 0
    assert out.splitlines()[-1].startswith(
        "Careful: policy.toml, line 2: [draft]: silence: there is no deadline"
    )


async def test_check_says_all_that_is_wrong_and_exits_with_one(tmp_path: Path):
    (tmp_path / "policy.toml").write_text(WRONG)
    code, out, err = await run(tmp_path, "check")

    assert (code, err) == (1, "")
    assert out.splitlines()[-4:] == [
        *(f"Wrong: {said}" for said in SENTENCES),
        "The bot does not start until this is mended.",
    ]


async def test_what_is_wrong_with_pages_stands_below_what_holds(tmp_path: Path):
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines/ode.md").write_text("no page\n")
    code, out, err = await run(tmp_path, "check")

    _, _, below = out.partition("\nEscalations: ")
    _, *wrong, last = below.splitlines()
    assert (code, err) == (1, "")
    assert wrong
    assert [said.startswith("Wrong: lines/ode.md") for said in wrong] == [True] * len(wrong)
    assert last == "1 page cannot be used until this is mended; everything else can."


async def test_the_bot_refuses_to_start_with_a_policy_that_cannot_hold(tmp_path: Path):
    (tmp_path / "policy.toml").write_text(WRONG)
    code, out, err = await run(tmp_path)

    assert (code, out, err.splitlines()) == (1, "", SENTENCES)
    assert [path.name for path in tmp_path.iterdir()] == ["policy.toml"]
