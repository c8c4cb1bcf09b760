"""A real robot speaks: from the order over its mission, its voice and espeak-ng to a WAV, and back to the center."""

from __future__ import annotations

import shutil
import signal
import wave
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from patrol_core.orders import OrderKind
from patrol_core.part import PartState
from patrol_core.site import Language, Text
from patrol_core.speech import Speech, SpeechState
from tests.helpers.waiting import eventually
from tests.unit.patrol_onboard.community import Community, community

HELP = Text(zh="救护人员正在赶来，请不要移动", en="Help is on its way, please do not move")
LONG = Text.same("请让一让，" * 30)

pytestmark = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


@pytest.fixture(scope="module")
def robot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    """A robot with a folder for a loudspeaker, which has found out that it can speak."""
    with community(tmp_path_factory.mktemp("spoken")) as here:
        here.sensors.charging = True
        here.start_robot(RONDA_LOUDSPEAKER="folder")
        here.up()
        can_speak(here)
        yield here


def can_speak(robot: Community) -> None:
    eventually(
        lambda: robot.center.state and set(robot.center.state.speaks) == set(Language),
        within_s=60,
        what="it says that it can speak both languages",
    )


def told_to_say(robot: Community, words: Text, language: Language = Language.ZH) -> UUID:
    return robot.center.order(OrderKind.SPEAK, words=words, language=language).order_id


def ended(robot: Community, order_id: UUID) -> Speech:
    """What the robot reported about it."""
    return eventually(lambda: robot.center.speeches.get(order_id), within_s=60, what=f"the report\n{robot.log}")[-1]


def recording(robot: Community, order_id: UUID) -> Path:
    return robot.data / "said" / f"{order_id}.wav"


def is_saying(robot: Community, order_id: UUID) -> int:
    """When the recording was written."""

    def saying() -> bool:
        speech = robot.center.state.speech if robot.center.state else None
        return speech is not None and (speech.order_id, speech.state) == (order_id, SpeechState.SAYING)

    eventually(saying, within_s=60, what="it says it")
    eventually(recording(robot, order_id).exists, within_s=60, what="its recording")
    return recording(robot, order_id).stat().st_mtime_ns


def length_s(robot: Community, order_id: UUID) -> float:
    with wave.open(str(recording(robot, order_id))) as read:
        return read.getnframes() / read.getframerate()


def recordings(robot: Community) -> set[str]:
    return {file.stem for file in (robot.data / "said").glob("*.wav")}


def test_its_voice_is_one_of_its_parts(robot: Community) -> None:
    parts = {part.name: part for part in robot.center.state.parts}  # type: ignore[union-attr]
    assert parts["voice"].state is PartState.OK
    assert parts["voice"].version.startswith("espeak-ng")


def test_words_become_sound_in_both_languages_and_the_center_hears_of_it(robot: Community) -> None:
    for language in Language:
        order_id = told_to_say(robot, HELP, language)
        report = ended(robot, order_id)
        assert (report.state, report.language, report.words) == (SpeechState.SAID, language, HELP)
        assert length_s(robot, order_id) > 1.0
        shown = robot.center.state.speech  # type: ignore[union-attr]
        assert shown is not None
        assert shown.order_id == order_id


def test_a_mission_that_dies_meanwhile_neither_repeats_the_words_nor_loses_the_report(robot: Community) -> None:
    before = recordings(robot)
    order_id = told_to_say(robot, HELP)
    written = is_saying(robot, order_id)
    robot.child("robot-mission").send_signal(signal.SIGKILL)
    assert ended(robot, order_id).state is SpeechState.SAID
    assert recording(robot, order_id).stat().st_mtime_ns == written
    assert recordings(robot) - before == {str(order_id)}


def test_a_voice_that_dies_in_the_midst_is_told_of_and_says_the_next(robot: Community) -> None:
    order_id = told_to_say(robot, LONG)
    written = is_saying(robot, order_id)
    robot.child("robot-voice").send_signal(signal.SIGKILL)
    report = ended(robot, order_id)
    assert report.state is SpeechState.FAILED
    assert report.because.zh.startswith("语音程序中途重启")
    assert recording(robot, order_id).stat().st_mtime_ns == written
    can_speak(robot)
    assert ended(robot, told_to_say(robot, HELP, Language.EN)).state is SpeechState.SAID
