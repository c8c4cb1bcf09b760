"""What a robot does with words it is ordered to say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from patrol_core.codec import from_json, to_json
from patrol_core.ids import uuid7
from patrol_core.orders import OrderKind
from patrol_core.site import NO_WORDS, Language, Text
from patrol_core.speech import MOST_CHARACTERS, Speech, SpeechState
from patrol_onboard import events as ev
from patrol_onboard.effects import ReportSpeech, Say
from patrol_onboard.memory import Memory
from patrol_onboard.policy import Policy
from tests.unit.patrol_onboard.robots import RobotUnderTest

HELP = Text(zh="救护人员正在赶来", en="Help is on its way")
POLICY = Policy()


def told_to_say(robot: RobotUnderTest, words: Text = HELP, **more: Any) -> UUID:
    """The id of the order."""
    return robot.order(OrderKind.SPEAK, words=words, **{"language": Language.ZH, **more}).order_id


def asked(robot: RobotUnderTest) -> list[Speech]:
    return [e.speech for e in robot.effects if isinstance(e, Say)]


def reported(robot: RobotUnderTest) -> list[tuple[UUID, SpeechState, str]]:
    return [
        (e.speech.order_id, e.speech.state, e.speech.because.en) for e in robot.effects if isinstance(e, ReportSpeech)
    ]


def voice_says(
    robot: RobotUnderTest, state: SpeechState, order_id: UUID | None = None, because: Text = NO_WORDS
) -> None:
    held = robot.executor.memory.speech
    assert held is not None
    word = replace(held, order_id=order_id or held.order_id, state=state, because=because, at=robot.clock.now())
    robot.hear(ev.SpeechHeard(speech=word))


def restarted(robot: RobotUnderTest) -> RobotUnderTest:
    """The process after a crash: all it knows is what was on disk."""
    return RobotUnderTest(memory=from_json(Memory, to_json(robot.executor.memory)))


def test_words_are_asked_for_until_the_voice_has_said_them_and_then_reported_once() -> None:
    robot = RobotUnderTest()
    order_id = told_to_say(robot, incident_id=(incident_id := uuid7()))
    (first,) = asked(robot)
    assert (first.order_id, first.aloud, first.incident_id) == (order_id, "救护人员正在赶来", incident_id)
    robot.forward(seconds=1)
    robot.forward(seconds=1)
    assert [s.order_id for s in asked(robot)] == [order_id] * 3
    voice_says(robot, SpeechState.SAYING)
    assert reported(robot) == []
    voice_says(robot, SpeechState.SAID)
    voice_says(robot, SpeechState.SAID)
    count = len(asked(robot))
    robot.forward(seconds=600)
    assert reported(robot) == [(order_id, SpeechState.SAID, "")]
    assert len(asked(robot)) == count


def test_what_the_voice_cannot_say_is_reported_with_its_reason() -> None:
    robot = RobotUnderTest()
    order_id = told_to_say(robot)
    voice_says(robot, SpeechState.FAILED, because=Text(zh="没有声卡", en="no sound card"))
    assert reported(robot) == [(order_id, SpeechState.FAILED, "no sound card")]


def test_a_second_sentence_fails_while_the_first_is_not_over_and_the_first_goes_on() -> None:
    robot = RobotUnderTest()
    first, second = told_to_say(robot), told_to_say(robot)
    assert reported(robot) == [(second, SpeechState.FAILED, "another sentence is not over yet")]
    assert asked(robot)[-1].order_id == first
    voice_says(robot, SpeechState.SAID)
    third = told_to_say(robot)
    assert asked(robot)[-1].order_id == third


def test_an_urgent_sentence_takes_the_place_of_the_first() -> None:
    robot = RobotUnderTest()
    first = told_to_say(robot)
    voice_says(robot, SpeechState.SAYING)
    urgent = told_to_say(robot, urgent=True)
    assert reported(robot) == [(first, SpeechState.FAILED, "a more urgent sentence took its place")]
    assert asked(robot)[-1].order_id == urgent
    voice_says(robot, SpeechState.SAID, order_id=first)  # too late: nobody asks any more
    voice_says(robot, SpeechState.SAID)
    assert reported(robot)[1:] == [(urgent, SpeechState.SAID, "")]


def test_an_order_that_comes_again_is_not_said_again() -> None:
    robot = RobotUnderTest()
    order = robot.order(OrderKind.SPEAK, words=HELP, language=Language.EN)
    voice_says(robot, SpeechState.SAID)
    said = len(asked(robot))
    robot.hear(ev.OrderReceived(order=order))
    robot.hear(ev.OrderReceived(order=replace(order, epoch=order.epoch + 1)))
    assert len(asked(robot)) == said
    assert len(reported(robot)) == 1


def test_after_a_crash_it_asks_on_and_tells_again_what_was_over() -> None:
    robot = RobotUnderTest()
    over = told_to_say(robot)
    voice_says(robot, SpeechState.SAID)
    order_id = told_to_say(robot)
    voice_says(robot, SpeechState.SAYING)
    again = restarted(robot)
    assert [s.order_id for s in asked(again)] == [order_id]
    assert reported(again) == [(over, SpeechState.SAID, "")]
    voice_says(again, SpeechState.SAID)
    assert reported(again)[1:] == [(order_id, SpeechState.SAID, "")]


def test_words_that_nobody_begins_to_say_in_time_are_given_up() -> None:
    robot = RobotUnderTest()
    order_id = told_to_say(robot)
    robot.forward(seconds=POLICY.speech_fresh_s + 2)
    ((told, state, because),) = reported(robot)
    assert (told, state) == (order_id, SpeechState.FAILED)
    assert because.startswith("it could not be said in time")


def test_a_voice_that_falls_silent_in_the_midst_is_not_believed_to_have_ended() -> None:
    robot = RobotUnderTest()
    order_id = told_to_say(robot)
    robot.forward(seconds=60)
    voice_says(robot, SpeechState.SAYING)
    robot.forward(seconds=POLICY.speech_longest_s - 10)
    assert reported(robot) == []
    robot.forward(seconds=20)
    ((told, state, because),) = reported(robot)
    assert (told, state) == (order_id, SpeechState.FAILED)
    assert because.startswith("the voice fell silent")


@pytest.mark.parametrize(
    "wrong",
    [{"language": None}, {"words": Text(zh="", en="Hello")}, {"words": Text.same("a" * (MOST_CHARACTERS + 1))}],
    ids=["no language", "no words in it", "too many"],
)
def test_an_order_without_words_to_say_fails(wrong: dict[str, Any]) -> None:
    robot = RobotUnderTest()
    told_to_say(robot, **wrong)
    assert asked(robot) == []
    assert [state for _, state, _ in reported(robot)] == [SpeechState.FAILED]


def test_only_the_newest_that_are_over_are_remembered() -> None:
    robot = RobotUnderTest()
    ids = []
    for _ in range(POLICY.speeches_kept + 4):
        ids.append(told_to_say(robot))
        voice_says(robot, SpeechState.SAID)
    assert [s.order_id for s in robot.executor.memory.spoken] == ids[-POLICY.speeches_kept :]
