"""What every loudspeaker promises: it says what it can, takes longer for more words, and ends when it is told to."""

from __future__ import annotations

import array
import asyncio
import shutil
import wave
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from patrol_core.ids import uuid7
from patrol_core.site import Language, Text
from patrol_core.speech import Speech, SpeechState
from voice.alsa import AlsaLoudspeaker
from voice.espeak import Espeak
from voice.folder import FolderLoudspeaker
from voice.loudspeaker import CannotSay, Loudspeaker

HELP = Text(zh="救护人员正在赶来，请不要移动", en="Help is on its way, please do not move")
SHORT = Text(zh="你好", en="Hello")
needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


def speech(words: Text, language: Language) -> Speech:
    now = datetime.now(UTC)
    return Speech(
        order_id=uuid7(),
        robot_id="r1",
        words=words,
        language=language,
        urgent=False,
        incident_id=None,
        asked_at=now,
        state=SpeechState.WAITING,
        at=now,
    )


@dataclass(kw_only=True)
class Heard:
    """A loudspeaker, and what came out of it."""

    loudspeaker: Loudspeaker
    recording: Callable[[Speech], Path]


@pytest.fixture(params=["folder", "alsa"])
def heard(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Heard:
    """The simulated robot's folder; and the real ALSA player, on a device that writes what it is given to a file."""
    if request.param == "folder":
        folder = tmp_path / "said"
        return Heard(
            loudspeaker=FolderLoudspeaker(Espeak(), folder, speed=50.0),
            recording=lambda s: folder / f"{s.order_id}.wav",
        )
    if shutil.which("aplay") is None:
        pytest.skip("aplay (alsa-utils) is not installed")
    played = tmp_path / "played.wav"
    config = tmp_path / "asound.conf"
    config.write_text(
        "</usr/share/alsa/alsa.conf>\n"
        f'pcm.recorder {{ type file slave.pcm "null" file "{played}" format "wav" perm 0600 }}\n'
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    return Heard(loudspeaker=AlsaLoudspeaker(Espeak(), "recorder"), recording=lambda _: played)


def samples(file: Path) -> tuple[array.array[int], float]:
    """The sound of a WAV, and how long it is in seconds."""
    with wave.open(str(file)) as read:
        frames = read.readframes(read.getnframes())
        return array.array("h", frames), len(frames) / 2 / read.getnchannels() / read.getframerate()


@needs_espeak
def test_it_knows_both_languages_and_its_version(heard: Heard) -> None:
    condition = asyncio.run(heard.loudspeaker.look())
    assert set(condition.languages) == set(Language)
    assert not condition.because
    assert condition.version.startswith("espeak-ng 1.")


@needs_espeak
@pytest.mark.parametrize("language", list(Language))
def test_words_become_sound_and_more_words_become_more_of_it(heard: Heard, language: Language) -> None:
    lengths_s = []
    for words in (SHORT, HELP):
        sentence = speech(words, language)
        asyncio.run(heard.loudspeaker.say(sentence))
        sound, length_s = samples(heard.recording(sentence))
        assert max(map(abs, sound)) > 3_000, "silence"
        lengths_s.append(length_s)
    assert 0.2 < lengths_s[0] * 2 < lengths_s[1] < 20


@needs_espeak
def test_one_that_is_cancelled_ends_and_the_next_is_said(heard: Heard) -> None:
    async def story() -> Speech:
        first = asyncio.create_task(heard.loudspeaker.say(speech(Text.same("a " * 90), Language.EN)))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait({first}, timeout=1.0)
        assert first.cancelled()
        second = speech(SHORT, Language.ZH)
        await heard.loudspeaker.say(second)
        return second

    assert samples(heard.recording(asyncio.run(story())))[1] > 0.2


def test_without_espeak_it_can_say_nothing_and_says_so(tmp_path: Path) -> None:
    for loudspeaker in (
        FolderLoudspeaker(Espeak("no-such-espeak"), tmp_path),
        AlsaLoudspeaker(Espeak("no-such-espeak"), "null"),
    ):
        condition = asyncio.run(loudspeaker.look())
        assert (condition.languages, condition.because.zh) == ((), "未安装 espeak-ng，无法合成语音")
        with pytest.raises(CannotSay, match="cannot be started"):
            asyncio.run(loudspeaker.say(speech(SHORT, Language.EN)))


@needs_espeak
def test_without_a_sound_card_it_can_say_nothing_and_names_the_device() -> None:
    if shutil.which("aplay") is None:
        pytest.skip("aplay (alsa-utils) is not installed")
    loudspeaker = AlsaLoudspeaker(Espeak(), "no-such-card")
    condition = asyncio.run(loudspeaker.look())
    assert condition.languages == ()
    assert condition.because.en.startswith("sound device no-such-card does not play: ")
    with pytest.raises(CannotSay) as raised:
        asyncio.run(loudspeaker.say(speech(SHORT, Language.ZH)))
    assert raised.value.because.zh.startswith("声卡 no-such-card 不能放音")


@needs_espeak
def test_a_recording_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "said").write_text("a file stands where the folder should be")
    with pytest.raises(CannotSay, match="could not be written"):
        asyncio.run(FolderLoudspeaker(Espeak(), tmp_path / "said").say(speech(SHORT, Language.EN)))


@needs_espeak
def test_words_that_look_like_options_or_phonemes_are_said_as_words(tmp_path: Path) -> None:
    sentence = speech(Text.same("--version [[h@l'oU]] please"), Language.EN)
    asyncio.run(FolderLoudspeaker(Espeak(), tmp_path, speed=50.0).say(sentence))
    assert samples(tmp_path / f"{sentence.order_id}.wav")[1] > 1.0
