"""What follows from a change of the memory: what to tell and to say, pictures nobody needs, lights. Pure."""

from __future__ import annotations

from patrol_onboard.effects import Effect, ForgetPhoto, ReportFinding, ReportSpeech, Say
from patrol_onboard.events import Event, SightingHeard, Started, Tick
from patrol_onboard.memory import Memory
from patrol_onboard.speech_rules import to_say


def told(before: Memory, after: Memory, event: Event) -> list[Effect]:
    """The findings and spoken words that are new, all of them after a start; what the voice is asked to say; and the
    pictures that nothing names any more."""
    started = isinstance(event, Started)
    known = set() if started else {f.finding_id for f in before.findings}
    said = set() if started else {s.order_id for s in before.spoken}
    say = to_say(before, after, again=isinstance(event, Started | Tick))
    came = {event.photo} - {""} if isinstance(event, SightingHeard) else set()
    gone = (before.photos() | came) - after.photos()
    return [
        *(ReportFinding(finding=f) for f in after.findings if f.finding_id not in known),
        *(ReportSpeech(speech=s) for s in after.spoken if s.order_id not in said),
        *([Say(speech=say)] if say is not None else []),
        *(ForgetPhoto(digest=digest) for digest in sorted(gone)),
    ]


def lit(memory: Memory) -> bool:
    """Whether the lights should be on: as ordered, and while somebody the center knows of is not left alone."""
    beside_somebody = any(s.told for s in memory.sightings) and not memory.gone_to_charge
    return memory.lights_ordered or beside_somebody
