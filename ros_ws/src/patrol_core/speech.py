"""Words that a robot is ordered to say aloud, and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from patrol_core.site import NO_WORDS, Language, Text

MOST_CHARACTERS = 200  # of one sentence in one language: longer is not listened to


class SpeechState(StrEnum):
    """How far it has come."""

    WAITING = "waiting"  # ordered; no sound yet
    SAYING = "saying"
    SAID = "said"
    FAILED = "failed"  # `because` says why

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self in (SpeechState.SAID, SpeechState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """One sentence for one robot. Its id is the order's: said at most once, however often it is asked for."""

    order_id: UUID
    robot_id: str
    words: Text  # in one language or both
    language: Language  # in which it is said
    urgent: bool  # takes the place of one that is not over
    incident_id: UUID | None  # it was ordered for
    asked_at: datetime  # UTC site time of the order
    state: SpeechState
    because: Text = NO_WORDS  # why it failed
    at: datetime  # UTC site time of the newest change

    @property
    def aloud(self) -> str:
        """What is heard."""
        return words_in(self.words, self.language)


def words_in(words: Text, language: Language) -> str:
    """The words of one language; "" where there are none."""
    return words.zh if language is Language.ZH else words.en


def language_for(words: Text, first: Language, speaks: Collection[Language]) -> Language | None:
    """In which language words are said: `first` where it has words and a voice, else the other; None: in none."""
    others = [language for language in Language if language is not first]
    return next((x for x in (first, *others) if words_in(words, x) and x in speaks), None)
