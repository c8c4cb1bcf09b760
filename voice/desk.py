"""Which sentences were said already, which one is being said, and what to answer when one is asked for. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from patrol_core.site import NO_WORDS, Text
from patrol_core.speech import Speech, SpeechState
from voice import phrases

KEPT = 64  # sentences that are remembered; the oldest go, long after anybody would ask for them again


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Tell the mission how far a sentence has come."""

    speech: Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Say it; answered by `ended`."""

    speech: Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """Stop what is being said, at once."""

    order_id: UUID


Effect = Tell | Begin | Hush


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`spoken` must be on disk before the effects of a step are performed: then nothing is ever said twice."""

    spoken: tuple[Speech, ...] = ()  # begun or over, the newest `KEPT`, oldest first
    saying: UUID | None = None  # of this process; one that is SAYING and not this was broken off by its end

    def asked(self, speech: Speech, now: datetime) -> tuple[Desk, list[Effect]]:
        """Somebody asks for a sentence, perhaps again."""
        known = self._known(speech.order_id)
        if known is not None and (known.state.over or known.order_id == self.saying):
            return self, [Tell(speech=known)]
        if known is not None:
            return self._noted(known, SpeechState.FAILED, phrases.BROKEN_OFF, now)
        if self.saying is None:
            return self._begun(speech, now, [])
        if not speech.urgent:
            return self._noted(speech, SpeechState.FAILED, phrases.STILL_SAYING, now)
        quiet, effects = self.ended(self.saying, phrases.URGENT_CAME, now)
        return quiet._begun(speech, now, [Hush(order_id=self.saying), *effects])

    def ended(self, order_id: UUID, because: Text | None, now: datetime) -> tuple[Desk, list[Effect]]:
        """The loudspeaker has said it, or failed with a reason; of one that was replaced it changes nothing."""
        known = self._known(order_id)
        if known is None or order_id != self.saying:
            return self, []
        state = SpeechState.SAID if because is None else SpeechState.FAILED
        return replace(self, saying=None)._noted(known, state, because or NO_WORDS, now)

    def _begun(self, speech: Speech, now: datetime, before: list[Effect]) -> tuple[Desk, list[Effect]]:
        after, effects = replace(self, saying=speech.order_id)._noted(speech, SpeechState.SAYING, NO_WORDS, now)
        return after, [*before, *effects, Begin(speech=speech)]

    def _noted(self, speech: Speech, state: SpeechState, because: Text, now: datetime) -> tuple[Desk, list[Effect]]:
        noted = replace(speech, state=state, because=because, at=now)
        others = tuple(s for s in self.spoken if s.order_id != speech.order_id)
        return replace(self, spoken=(*others, noted)[-KEPT:]), [Tell(speech=noted)]

    def _known(self, order_id: UUID) -> Speech | None:
        return next((s for s in self.spoken if s.order_id == order_id), None)
