"""Makes speech from words with espeak-ng (Debian package `espeak-ng`), as a WAV: 22.05 kHz, mono, 16 bit."""

from __future__ import annotations

import io
import re
import shutil
import wave
from collections.abc import Mapping
from dataclasses import dataclass

from patrol_core.errors import Unavailable
from patrol_core.site import Language
from voice import phrases
from voice.loudspeaker import CannotSay, Condition
from voice.running import run

PROGRAM = "espeak-ng"
VOICES: Mapping[Language, str] = {Language.ZH: "cmn", Language.EN: "en"}
WORDS_PER_MINUTE = 140  # slower than its usual 175: outdoors, to somebody frightened
LOUDNESS = 180  # of 200; its usual is 100
WITHIN_S = 20.0  # 200 characters take 0.1 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Speech as it will be heard."""

    wav: bytes  # a whole RIFF file
    length_s: float


class Espeak:
    """The synthesizer."""

    def __init__(self, program: str = PROGRAM) -> None:
        self._program = program

    async def look(self) -> Condition:
        """For which languages it has a voice."""
        if shutil.which(self._program) is None:
            return Condition(languages=(), because=phrases.NO_ESPEAK)
        try:
            told = (await run([self._program, "--version"], within_s=WITHIN_S)).decode(errors="replace")
            listed = (await run([self._program, "--voices"], within_s=WITHIN_S)).decode(errors="replace")
        except Unavailable as error:
            return Condition(languages=(), because=phrases.not_made(str(error)))
        number = re.search(r"\d+(\.\d+)+", told)
        version = f"espeak-ng {number[0]}" if number else "espeak-ng"
        known = {words[1] for words in map(str.split, listed.splitlines()) if len(words) > 1}
        there = tuple(
            x for x, voice in VOICES.items() if voice in known or any(k.startswith(f"{voice}-") for k in known)
        )
        missing = [x for x in VOICES if x not in there]
        if not there:
            return Condition(languages=(), because=phrases.NO_VOICES, version=version)
        because = phrases.lacks(missing) if missing else phrases.FINE
        return Condition(languages=there, because=because, version=version)

    async def make(self, words: str, language: Language) -> Recording:
        """Speech from words.

        Raises:
            CannotSay: espeak-ng is missing, failed, or made no sound.
        """
        plain = re.sub(r"\[\[|\]\]", " ", words)  # its signs for phonemes
        argv = [self._program, "-v", VOICES[language], "-s", str(WORDS_PER_MINUTE), "-a", str(LOUDNESS), "-b", "1"]
        try:
            raw = await run([*argv, "--stdin", "--stdout"], given=plain.encode(), within_s=WITHIN_S)
        except Unavailable as error:
            raise CannotSay(phrases.not_made(str(error))) from None
        return _whole(raw)


def _whole(raw: bytes) -> Recording:
    """With its true length in its header: written to a pipe, espeak-ng did not know it yet."""
    try:
        with wave.open(io.BytesIO(raw)) as read:
            rate_hz, width = read.getframerate(), read.getsampwidth()
            samples = read.readframes(len(raw))
    except (wave.Error, EOFError) as error:
        raise CannotSay(phrases.not_made(str(error))) from None
    if not any(samples):
        raise CannotSay(phrases.not_made("it made no sound"))
    whole = io.BytesIO()
    with wave.open(whole, "wb") as write:
        write.setnchannels(1)
        write.setsampwidth(width)
        write.setframerate(rate_hz)
        write.writeframes(samples)
    return Recording(wav=whole.getvalue(), length_s=len(samples) / width / rate_hz)
