"""A loudspeaker on a sound card: espeak-ng makes the speech, ALSA's `aplay` plays it."""

from __future__ import annotations

import io
import shutil
import wave
from dataclasses import replace

from patrol_core.errors import Unavailable
from patrol_core.speech import Speech
from voice import phrases
from voice.espeak import Espeak
from voice.loudspeaker import CannotSay, Condition
from voice.running import run

PROGRAM = "aplay"
SPARE_S = 5.0  # beyond its length, a recording may play for so long


class AlsaLoudspeaker:
    """Satisfies `Loudspeaker`. Without a sound card it says so, whenever it is looked at."""

    def __init__(self, espeak: Espeak, device: str = "default") -> None:
        """`device`: as `aplay -L` names it."""
        self._espeak = espeak
        self._device = device

    async def look(self) -> Condition:
        """Opens the device and plays a hundredth of a second of silence."""
        made = await self._espeak.look()
        if not made.languages:
            return made
        if shutil.which(PROGRAM) is None:
            return replace(made, languages=(), because=phrases.NO_APLAY)
        try:
            await self._play(_silence(), 0.01)
        except Unavailable as error:
            return replace(made, languages=(), because=phrases.no_sound(self._device, str(error)))
        return made

    async def say(self, speech: Speech) -> None:
        """See Loudspeaker."""
        recording = await self._espeak.make(speech.aloud, speech.language)
        try:
            await self._play(recording.wav, recording.length_s)
        except Unavailable as error:
            raise CannotSay(phrases.no_sound(self._device, str(error))) from None

    async def _play(self, wav: bytes, length_s: float) -> None:
        await run([PROGRAM, "-q", "-D", self._device, "-"], given=wav, within_s=length_s + SPARE_S)


def _silence() -> bytes:
    whole = io.BytesIO()
    with wave.open(whole, "wb") as write:
        write.setnchannels(1)
        write.setsampwidth(2)
        write.setframerate(22_050)
        write.writeframes(bytes(2 * 220))
    return whole.getvalue()
