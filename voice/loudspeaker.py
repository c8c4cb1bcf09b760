"""The port through which a robot says something aloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from patrol_core.errors import PatrolError
from patrol_core.site import Language, Text
from patrol_core.speech import Speech
from voice.phrases import FINE


class CannotSay(PatrolError):
    """It was not said, or not to its end; `because` is the reason in both languages."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a loudspeaker can do now, found by trying."""

    languages: tuple[Language, ...]  # it has a voice for, and a way to be heard; empty: it cannot speak
    because: Text = FINE  # why not, or why not all of them
    version: str = ""  # of the synthesizer


class Loudspeaker(Protocol):
    """Says one sentence after another. Every implementation passes tests/contract/test_loudspeaker.py."""

    async def look(self) -> Condition:
        """What it can say now. Takes at most a few seconds, makes no sound that anybody hears, and never raises."""

    async def say(self, speech: Speech) -> None:
        """Return when the last word has been heard. One call at a time; a cancelled one is silent within a second.

        Raises:
            CannotSay: no voice for the language, no synthesizer, no sound; the center is told the reason.
        """
