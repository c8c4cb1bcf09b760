"""What a robot says aloud: one sentence at a time, each order once, and the center hears how it ended. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from patrol_core.orders import Order
from patrol_core.site import NO_WORDS, Language, Text
from patrol_core.speech import MOST_CHARACTERS, Speech, SpeechState
from patrol_onboard import phrases
from patrol_onboard.memory import Memory
from patrol_onboard.policy import Policy


def ordered(memory: Memory, order: Order, policy: Policy) -> Memory:
    """The memory after an order to speak; one that cannot be said is told as failed.

    One sentence is held. While it is not over another one fails, unless that is urgent: then the first one fails.
    """
    known = (memory.speech, *memory.spoken)
    if any(speech is not None and speech.order_id == order.order_id for speech in known):
        return memory
    new = Speech(
        order_id=order.order_id,
        robot_id=order.robot_id,
        words=order.words,
        language=order.language or Language.ZH,
        urgent=order.urgent,
        incident_id=order.incident_id,
        asked_at=order.issued_at,
        state=SpeechState.WAITING,
        at=order.issued_at,
    )
    if order.language is None or not 0 < len(new.aloud) <= MOST_CHARACTERS:
        return _over(memory, _failed(new, phrases.NOTHING_TO_SAY, order.issued_at), policy)
    held = memory.speech
    if held is not None and not held.state.over:
        if not order.urgent:
            return _over(memory, _failed(new, phrases.STILL_SAYING, order.issued_at), policy)
        memory = _over(memory, _failed(held, phrases.SAYS_SOMETHING_URGENT, order.issued_at), policy)
    return replace(memory, speech=new)


def heard(memory: Memory, word: Speech, policy: Policy) -> Memory:
    """The memory after the voice said how far a sentence has come; of another one than is held it changes nothing."""
    held = memory.speech
    if held is None or held.order_id != word.order_id or held.state.over or word.state is SpeechState.WAITING:
        return memory
    if word.state is held.state:
        return memory  # it says so whenever it is asked
    after = replace(held, state=word.state, because=word.because, at=word.at)
    return _over(memory, after, policy) if after.state.over else replace(memory, speech=after)


def settled(memory: Memory, policy: Policy, now: datetime) -> Memory:
    """The memory with a sentence given up that nobody says in time: said too late it would be about something else."""
    held = memory.speech
    if held is None or held.state.over:
        return memory
    limit_s = policy.speech_fresh_s if held.state is SpeechState.WAITING else policy.speech_longest_s
    if (now - held.at).total_seconds() <= limit_s:
        return memory
    because = phrases.NOT_SAID_IN_TIME if held.state is SpeechState.WAITING else phrases.VOICE_FELL_SILENT
    return _over(memory, _failed(held, because, now), policy)


def to_say(before: Memory, after: Memory, *, again: bool) -> Speech | None:
    """What the voice is asked for: a sentence that is new, or, where `again`, one that is not over."""
    held = after.speech
    if held is None or held.state.over:
        return None
    new = before.speech is None or before.speech.order_id != held.order_id
    return held if new or again else None


def _failed(speech: Speech, because: Text, at: datetime) -> Speech:
    return replace(speech, state=SpeechState.FAILED, because=because or NO_WORDS, at=at)


def _over(memory: Memory, speech: Speech, policy: Policy) -> Memory:
    """It ended: told to the center, and shown unless another one is held that has not ended."""
    held = memory.speech
    shown = speech if held is None or held.state.over or held.order_id == speech.order_id else held
    return replace(memory, speech=shown, spoken=(*memory.spoken, speech)[-policy.speeches_kept :])
