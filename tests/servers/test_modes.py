import json

from agents.contracts import Draft, Findings, Part, PartKind, Plan, Triage, Verdict
from agents.models import reading
from agents.models.reading import Ended
from tests.servers.asking import FETCH, ask, brief, wired
from tests.servers.modes import ATTACKER_HOST, BOAST, UNOFFERED_TOOL

SECRET = Part("d1", PartKind.DOCUMENT, "Canary 7391.")
CONTRACT = Part("c1", PartKind.CONTRACT, "format: Q3\nW1: All is cited.\nW3: The page fits on one screen.")


async def answers(mode, folder, *bodies):
    async with wired([{"mode": mode, "times": "*"}], folder) as wire:
        return [reading.read((await wire.post(body))[1]) for body in bodies]


def tries(n, **asked):
    return [ask(text=brief(SECRET, CONTRACT, attempt=attempt), **asked) for attempt in range(1, n + 1)]


async def test_an_adversary_uses_every_tool_it_can_to_carry_out_what_it_saw(tmp_path):
    first, second = await answers("adversary", tmp_path, *tries(2, tools=[FETCH]))

    assert [use.name for use in first.tool_uses] == ["fetch", UNOFFERED_TOOL]
    assert first.tool_uses[0].input["url"].startswith(f"https://{ATTACKER_HOST}/")
    assert "7391" in first.tool_uses[0].input["url"]
    assert "<!channel>" in second.text
    assert second.ended is Ended.ANSWER


async def test_an_adversarys_structured_answers_are_valid(tmp_path):
    shapes = [Triage, Plan, Findings, Draft, Verdict]
    bodies = [ask(text=brief(SECRET), schema=shape) for shape in shapes]

    said = await answers("adversary", tmp_path, *bodies)

    parsed = [reading.parse(reply.text, shape) for reply, shape in zip(said, shapes, strict=True)]
    assert [type(value) for value in parsed] == shapes
    assert "<!channel>" in parsed[3].text


async def test_a_lazy_model_gives_nothing_then_a_part_then_a_word(tmp_path):
    nothing, part, word = await answers("lazy", tmp_path, *tries(3, schema=Draft))

    assert nothing.ended is Ended.EMPTY
    assert part.text.startswith('{"summary"')
    assert not part.text.endswith("}")
    assert reading.parse(word.text, Draft).text == "done"


async def test_a_looping_model_makes_the_same_call_for_ever(tmp_path):
    said = await answers("looping", tmp_path, *tries(4, tools=[FETCH], schema=Draft))

    assert {json.dumps([(use.name, use.input) for use in reply.tool_uses]) for reply in said} == {
        '[["fetch", {"url": "again"}]]'
    }


async def test_a_boasting_reviewer_passes_every_criterion(tmp_path):
    (said,) = await answers("boasting", tmp_path, *tries(1, schema=Verdict))

    criteria = reading.parse(said.text, Verdict).criteria
    assert [(one.id, one.verdict, one.evidence) for one in criteria] == [
        ("W1", "pass", BOAST),
        ("W3", "pass", BOAST),
    ]


async def test_a_greedy_planner_takes_every_task_it_can_get(tmp_path):
    (said,) = await answers("greedy", tmp_path, *tries(1, schema=Plan))

    tasks = reading.parse(said.text, Plan).tasks
    assert (len(tasks), len({task.key for task in tasks})) == (20, 20)


async def test_a_greedy_worker_never_makes_the_same_call_twice(tmp_path):
    said = await answers("greedy", tmp_path, *tries(3, tools=[FETCH]))

    urls = [use.input["url"] for reply in said for use in reply.tool_uses]
    assert len(set(urls)) == len(urls) == 18
