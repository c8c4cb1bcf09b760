"""Words that robots are ordered to say, by a person or by policy, and what became of them.

Queue: one sentence for each robot. While it is not over another is refused, unless that is urgent: it takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from mission_planner.bus import Command, Work
from mission_planner.fleet import ordering, sentences
from mission_planner.fleet.live import RobotNow, parts_of
from mission_planner.store import incidents, orders, queue
from mission_planner.store.events import Subject
from mission_planner.store.incidents import IncidentRow
from patrol_core.errors import Conflict, InvalidInput
from patrol_core.kind import KINDS
from patrol_core.orders import Order, OrderKind
from patrol_core.robot import Activity, Link, RobotState
from patrol_core.site import Text
from patrol_core.speech import MOST_CHARACTERS, Speech, SpeechState, language_for

ORDERED, CALMED, SAID, NOT_SAID = "speak", "calmed", "said", "not_said"  # kinds of lines in the timeline
VOICE = "voice"  # the robot's part


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak(Command[UUID]):
    """A person lets a robot say something; answers the order's id."""

    robot_id: str
    words: Text  # in one language or both
    by: str
    urgent: bool = False
    incident_id: UUID | None = None

    @property
    def target(self) -> str:
        return f"robot {self.robot_id}"

    @property
    def detail(self) -> str:
        return f"speak: {self.words.zh or self.words.en}"


def speak(work: Work, command: Speak) -> UUID:
    """Handler of Speak.

    Raises:
        NotFound: no such robot or incident.
        InvalidInput: no words, or too many.
        Conflict: it has no loudspeaker that works, is not heard, or has not finished the sentence before.
    """
    name = work.site.robot(command.robot_id).name
    words = Text(zh=_tidy(command.words.zh, "words.zh"), en=_tidy(command.words.en, "words.en"))
    if not words:
        raise InvalidInput("expected words in Chinese or English; came none", where="words")
    row = incidents.get(work.tx, command.incident_id) if command.incident_id is not None else None
    refusal = why_not(work, command.robot_id, words, urgent=command.urgent)
    if refusal is not None:
        raise Conflict(refusal.en, zh=refusal.zh)
    line = sentences.has_it_say(command.by, name, words)
    order = _order(work, command.robot_id, words, line, urgent=command.urgent, incident_id=command.incident_id)
    if row is not None:
        _enter(work, row, ORDERED, line, by=command.by)
    return order.order_id


def calm(work: Work, row: IncidentRow, state: RobotState) -> None:
    """Let the robot that waits there say the calming sentence: once for each incident, where its kind asks for it."""
    incident = row.incident
    wanted = work.site.robots_calm and KINDS[incident.kind].robot_calms and state.activity is Activity.ATTENDING
    if not wanted or _calmed(work, incident.incident_id):
        return
    if why_not(work, state.robot_id, sentences.CALMING, urgent=False) is not None:
        return  # at its next word, perhaps
    line = sentences.calms(work.site.robot(state.robot_id).name, sentences.CALMING)
    _order(work, state.robot_id, sentences.CALMING, line, urgent=False, incident_id=incident.incident_id)
    _enter(work, row, CALMED, line)


def take_speech(work: Work, speech: Speech) -> None:
    """A robot says what became of a sentence, perhaps again; it goes into the timeline of the incident it was for."""
    row = incidents.find(work.tx, speech.incident_id) if speech.incident_id is not None else None
    if row is None or speech.robot_id not in work.site.robots or not speech.state.over:
        return  # nobody's incident: what the robot says of itself shows it
    name = work.site.robot(speech.robot_id).name
    if speech.state is SpeechState.SAID:
        kind, line = SAID, sentences.said(name, speech.words)
    else:
        kind, line = NOT_SAID, sentences.not_said(name, speech.words, speech.because)
    written = incidents.entries(work.tx, row.incident.incident_id)
    if any(e.kind == kind and e.at == speech.at and e.text == line for e in written):
        return  # a robot tells again after a restart what the inbox may have forgotten
    _enter(work, row, kind, line, at=speech.at)


def pending(work_orders: tuple[Order, ...]) -> Order | None:
    """The newest sentence among orders that the robot has not said it took."""
    return next((o for o in reversed(work_orders) if o.kind is OrderKind.SPEAK), None)


def why_not(work: Work, robot_id: str, words: Text, *, urgent: bool) -> Text | None:
    """Why the robot cannot be asked to say these words; None when it can."""
    now = work.fleet[robot_id]
    state, name = now.state, now.robot.name
    if state is None or now.link is not Link.ONLINE:
        return sentences.not_heard(name)
    if not state.speaks:
        return sentences.cannot_speak(name, _voice_says(now))
    if language_for(words, work.site.language, state.speaks) is None:
        return sentences.no_voice_for(name)
    waits = pending(orders.untaken(work.tx, robot_id)) is not None
    says = state.speech is not None and not state.speech.state.over
    return sentences.still_saying(name) if (waits or says) and not urgent else None


def _calmed(work: Work, incident_id: UUID) -> bool:
    """Whether somebody there has heard it: at this incident, or at one that became part of it."""
    if incidents.last_entry_at(work.tx, incident_id, CALMED) is not None:
        return True
    parts = queue.merged_into(work.tx, incident_id)
    return any(incidents.last_entry_at(work.tx, part.incident_id, CALMED) is not None for part in parts)


def _order(work: Work, robot_id: str, words: Text, because: Text, *, urgent: bool, incident_id: UUID | None) -> Order:
    state = work.fleet[robot_id].state
    language = language_for(words, work.site.language, state.speaks if state else ())
    if language is None:
        raise InvalidInput("expected a language the robot speaks; came none", where="words")
    order = ordering.say(
        work, robot_id, words, language=language, because=because, urgent=urgent, incident_id=incident_id
    )
    work.changed(Subject.ROBOT, robot_id)
    return order


def _enter(
    work: Work, row: IncidentRow, kind: str, line: Text, *, by: str | None = None, at: datetime | None = None
) -> None:
    incident_id = row.incident.incident_id
    incidents.put(work.tx, replace(row, incident=replace(row.incident, changed_at=work.now)))
    incidents.add_entry(work.tx, incident_id, at=at or work.now, kind=kind, text=line, by=by)
    work.changed(Subject.INCIDENT, incident_id)


def _voice_says(now: RobotNow) -> Text | None:
    """Why it cannot speak, in its voice's own words."""
    return next((p.report.because for p in parts_of(now) if p.report.name == VOICE and p.report.because), None)


def _tidy(words: str, where: str) -> str:
    """One line of words that can be read aloud."""
    line = " ".join(words.split())
    if not line.isprintable():
        raise InvalidInput("expected words that can be read aloud; came control characters", where=where)
    if len(line) > MOST_CHARACTERS:
        raise InvalidInput(f"expected at most {MOST_CHARACTERS} characters; came {len(line)}", where=where)
    return line
