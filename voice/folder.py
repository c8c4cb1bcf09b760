"""A loudspeaker of a simulated robot: what it says is kept as WAV files that anybody can listen to."""

from __future__ import annotations

import asyncio
from pathlib import Path

from patrol_core.speech import Speech
from voice import phrases
from voice.espeak import Espeak
from voice.loudspeaker import CannotSay, Condition

KEPT = 200  # recordings; the oldest go


class FolderLoudspeaker:
    """Satisfies `Loudspeaker`: writes `<order id>.wav`, and takes as long as it would sound."""

    def __init__(self, espeak: Espeak, folder: Path, *, speed: float = 1.0) -> None:
        """`speed`: site seconds per real second; a sentence takes so much less."""
        self._espeak = espeak
        self._folder = folder
        self._speed = speed

    async def look(self) -> Condition:
        """What espeak-ng can say."""
        return await self._espeak.look()

    async def say(self, speech: Speech) -> None:
        """See Loudspeaker."""
        recording = await self._espeak.make(speech.aloud, speech.language)
        try:
            await asyncio.to_thread(self._keep, f"{speech.order_id}.wav", recording.wav)
        except OSError as error:
            raise CannotSay(phrases.not_kept(error.strerror or str(error))) from None
        await asyncio.sleep(recording.length_s / self._speed)

    def _keep(self, name: str, wav: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f".{name}"
        fresh.write_bytes(wav)
        fresh.replace(self._folder / name)
        for old in sorted(self._folder.glob("*.wav"))[:-KEPT]:  # ids rise with time
            old.unlink(missing_ok=True)
