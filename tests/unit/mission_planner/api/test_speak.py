"""An operator lets a robot speak: what the console offers, what is refused, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from patrol_core.orders import Order, OrderKind
from patrol_core.site import Language, Text
from patrol_core.speech import Speech, SpeechState
from tests.helpers.speech import speech_of
from tests.unit.mission_planner.world import World, soon

pytestmark = pytest.mark.anyio
BOTH = tuple(Language)


def word(order: Order, state: SpeechState, because: str = "") -> Speech:
    return speech_of(order, state, datetime.now(UTC), because)


async def speaking(world: World, robot_id: str, **changes: Any) -> None:
    """The robot says how it is, and the center has heard it."""
    world.robot(robot_id).speak(**{"speaks": BOTH, **changes})
    wanted = [language.value for language in changes.get("speaks", BOTH)]

    async def heard() -> bool:
        return bool((await world.get(f"/robots/{robot_id}"))["speaks"] == wanted)

    await soon(heard)


async def test_the_console_is_offered_ready_sentences_in_both_languages(shared: World) -> None:
    offered = await shared.get("/robots/sentences")
    assert (offered["language"], offered["longest"]) == ("zh", 200)
    words = {ready["sentence_id"]: ready["words"] for ready in offered["ready"]}
    assert words["help_coming"] == {
        "zh": "救护人员正在赶来，请不要移动",
        "en": "Help is on its way, please do not move",
    }


async def test_a_robot_without_a_loudspeaker_is_refused_in_both_languages(shared: World) -> None:
    await speaking(shared, "r2", speaks=())
    error = (await shared.post("/robots/r2/speak", {"sentence_id": "help_coming"}, status=409))["error"]
    assert error["message"] == "Patrol Two has no loudspeaker that works"
    assert error["message_zh"] == "巡逻二号 没有可用的扬声器"


async def test_a_sentence_is_ordered_taken_said_and_each_step_is_seen(shared: World) -> None:
    robot = shared.robot("r1")
    robot.take_orders()
    await speaking(shared, "r1")
    ordered = await shared.post("/robots/r1/speak", {"sentence_id": "leave", "urgent": True}, status=202)
    assert (ordered["speech"]["state"], ordered["speech"]["urgent"]) == ("ordered", True)
    order = shared.port.sent[-1]
    assert (order.kind, order.language) == (OrderKind.SPEAK, Language.ZH)
    robot.take_orders()
    for state, because in ((SpeechState.SAYING, ""), (SpeechState.FAILED, "no sound card"), (SpeechState.SAID, "")):
        robot.speak(speaks=BOTH, speech=word(order, state, because))

        async def shown(state: SpeechState = state) -> Any:
            speech = (await shared.get("/robots/r1"))["speech"]
            return speech if speech["state"] == state.value else None

        speech = await soon(shown)
        assert (speech["because"] or {"en": ""})["en"] == because
    shared.port.ears.speech(word(order, SpeechState.SAID))
    await soon(lambda: order.order_id in shared.port.acknowledged)


async def test_words_of_ones_own_in_one_language_are_enough_and_none_are_not(shared: World) -> None:
    await speaking(shared, "r1", speech=None)
    await shared.post("/robots/r1/speak", {"words": {"en": "Please step aside"}, "urgent": True}, status=202)
    assert shared.port.sent[-1].words == Text(zh="", en="Please step aside")
    assert shared.port.sent[-1].language is Language.EN
    for nothing in ({}, {"words": {}}, {"words": {"zh": "啊" * 201}}):
        await shared.post("/robots/r1/speak", nothing, status=422)
    await shared.post("/robots/r1/speak", {"sentence_id": "sing"}, status=404)
    await shared.post("/robots/r9/speak", {"sentence_id": "wave"}, status=404)


async def test_what_was_said_for_an_incident_stands_in_its_timeline(shared: World) -> None:
    await speaking(shared, "r1", speech=None)
    await shared.alarm("sos-b3-0704" if "sos-b3-0704" in shared.site.devices else next(iter(shared.site.devices)))
    incident_id = (await soon(lambda: _items(shared)))[0]["incident_id"]
    body = {"sentence_id": "staff_coming", "incident_id": incident_id, "urgent": True}
    await shared.post("/robots/r1/speak", body, status=202)
    order = shared.port.sent[-1]
    for _ in range(2):
        shared.port.ears.speech(replace(word(order, SpeechState.SAID), at=order.issued_at))

    async def lines() -> list[str]:
        timeline = (await shared.get(f"/incidents/{incident_id}"))["timeline"]
        return [line["kind"] for line in timeline if line["kind"] in ("speak", "said", "not_said")]

    async def both() -> bool:
        return await lines() == ["speak", "said"]

    await soon(both)


async def _items(world: World) -> list[Any]:
    return list((await world.get("/incidents"))["items"])
