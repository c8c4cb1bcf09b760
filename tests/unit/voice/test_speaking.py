"""The voice says what it is asked for, tells how far it has come, and keeps what it said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from patrol_core.part import PartState
from patrol_core.site import Language, Text
from patrol_core.speech import Speech, SpeechState
from tests.unit.voice.test_desk import sentence
from voice import phrases
from voice.loudspeaker import CannotSay, Condition
from voice.part import part_of
from voice.speaking import Speaking
from voice.spoken_store import SpokenStore

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
ABLE = Condition(languages=tuple(Language), version="test 1")


class Horn:
    """A loudspeaker whose sentences end when the test says so."""

    def __init__(self) -> None:
        self.condition = ABLE
        self.said: list[Speech] = []
        self.silenced = 0
        self.end: asyncio.Queue[Text | None] = asyncio.Queue()

    async def look(self) -> Condition:
        return self.condition

    async def say(self, speech: Speech) -> None:
        self.said.append(speech)
        try:
            because = await self.end.get()
        except asyncio.CancelledError:
            self.silenced += 1
            raise
        if because is not None:
            raise CannotSay(because)


class Voice:
    """A voice that runs, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.horn = Horn()
        self.told: asyncio.Queue[Speech] = asyncio.Queue()
        self.speaking = Speaking(
            self.horn, SpokenStore(folder / "spoken.json"), now=lambda: NOW, tell=self.told.put_nowait
        )

    async def next(self) -> tuple[SpeechState, str]:
        async with asyncio.timeout(5):
            speech = await self.told.get()
        return speech.state, speech.because.en


def during(folder: Path, story: Callable[[Voice], Awaitable[None]]) -> Voice:
    async def run() -> Voice:
        voice = Voice(folder)
        work = asyncio.create_task(voice.speaking.run())
        while voice.speaking.condition is not ABLE:
            await asyncio.sleep(0)
        await story(voice)
        work.cancel()
        await asyncio.wait({work})
        return voice

    return asyncio.run(run())


def test_it_tells_that_it_begins_and_that_it_ended_and_remembers_both(tmp_path: Path) -> None:
    hello = sentence()

    async def story(voice: Voice) -> None:
        voice.speaking.asked(hello)
        assert await voice.next() == (SpeechState.SAYING, "")
        assert [s.state for s in SpokenStore(tmp_path / "spoken.json").load()] == [SpeechState.SAYING]
        voice.horn.end.put_nowait(None)
        assert await voice.next() == (SpeechState.SAID, "")

    async def once_more(voice: Voice) -> None:
        voice.speaking.asked(hello)
        assert await voice.next() == (SpeechState.SAID, "")

    assert during(tmp_path, story).horn.said == [hello]
    assert during(tmp_path, once_more).horn.said == []


def test_an_urgent_one_silences_the_first_before_it_begins(tmp_path: Path) -> None:
    async def story(voice: Voice) -> None:
        voice.speaking.asked(sentence())
        assert await voice.next() == (SpeechState.SAYING, "")
        while not voice.horn.said:
            await asyncio.sleep(0)
        voice.speaking.asked(sentence(urgent=True))
        assert await voice.next() == (SpeechState.FAILED, "a more urgent sentence took its place")
        assert await voice.next() == (SpeechState.SAYING, "")
        voice.horn.end.put_nowait(None)
        assert await voice.next() == (SpeechState.SAID, "")

    voice = during(tmp_path, story)
    assert (len(voice.horn.said), voice.horn.silenced) == (2, 1)


def test_a_sound_card_that_was_pulled_out_is_noticed_at_the_next_sentence(tmp_path: Path) -> None:
    gone = Condition(languages=(), because=phrases.no_sound("default", "gone"))

    async def story(voice: Voice) -> None:
        voice.speaking.asked(sentence())
        assert (await voice.next())[0] is SpeechState.SAYING
        voice.horn.condition = gone
        voice.horn.end.put_nowait(gone.because)
        assert await voice.next() == (SpeechState.FAILED, "sound device default does not play: gone")
        assert voice.speaking.condition is gone

    during(tmp_path, story)


def test_a_memory_that_is_not_readable_is_begun_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "spoken.json").write_text("{not json")
    assert SpokenStore(tmp_path / "spoken.json").load() == ()
    assert "not readable" in caplog.text


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        (ABLE, PartState.OK),
        (Condition(languages=(Language.ZH,), because=phrases.lacks([Language.EN])), PartState.DEGRADED),
        (Condition(languages=(), because=phrases.NO_ESPEAK), PartState.UNAVAILABLE),
    ],
)
def test_its_part_report_says_what_it_can(condition: Condition, state: PartState) -> None:
    report = part_of(condition, NOW)
    assert (report.name, report.state, report.because) == ("voice", state, condition.because)
