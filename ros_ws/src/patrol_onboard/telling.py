"""What follows from a change of the memory: findings to tell, pictures nobody needs, lights. Pure."""

from __future__ import annotations

from patrol_onboard.effects import Effect, ForgetPhoto, ReportFinding
from patrol_onboard.events import Event, SightingHeard, Started
from patrol_onboard.memory import Memory


def told(before: Memory, after: Memory, event: Event) -> list[Effect]:
    """The findings that are new, all of them after a start; and the pictures that nothing names any more."""
    known = set() if isinstance(event, Started) else {f.finding_id for f in before.findings}
    came = {event.photo} - {""} if isinstance(event, SightingHeard) else set()
    gone = (before.photos() | came) - after.photos()
    return [
        *(ReportFinding(finding=f) for f in after.findings if f.finding_id not in known),
        *(ForgetPhoto(digest=digest) for digest in sorted(gone)),
    ]


def lit(memory: Memory) -> bool:
    """Whether the lights should be on: as ordered, and while somebody the center knows of is not left alone."""
    beside_somebody = any(s.told for s in memory.sightings) and not memory.gone_to_charge
    return memory.lights_ordered or beside_somebody
