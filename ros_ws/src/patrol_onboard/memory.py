"""What a robot must not forget: its missions and their ledgers, the newest order it took, and whom its eyes saw."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from patrol_core.finding import Finding
from patrol_core.mission import LastCheckpointDone, LedgerEntry, Mission, MissionKind, MissionState, advance
from patrol_core.site import NO_WORDS, Text
from patrol_core.speech import Speech
from patrol_onboard import phrases
from patrol_onboard.attention import HeldSighting, Released


class PauseCause(StrEnum):
    """Who paused a mission, and so what lets it go on."""

    SIGHTING = "sighting"  # until whom the robot's eyes saw is let go, or needs it no more
    VERIFY = "verify"  # until the look at the incident has ended
    BATTERY = "battery"  # until charged
    BATTERY_UNKNOWN = "battery_unknown"  # until the battery speaks again
    TOLD_TO_STAND = "told_to_stand"  # until told to go on; the robot stays where it is
    TOLD_TO_DOCK = "told_to_dock"  # until told to go on; the robot waits in its dock

    @property
    def lifts_itself(self) -> bool:
        """Whether the mission goes on without an order."""
        return self not in (PauseCause.TOLD_TO_STAND, PauseCause.TOLD_TO_DOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMission:
    """A mission in the robot's hands."""

    mission: Mission
    epoch: int  # of the newest order about it
    paused_by: PauseCause | None = None  # None unless the mission is PAUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """All that is on disk. Missions stand in the order they came, and ended ones in the order they ended."""

    order_epoch: int = 0
    refused: Text = NO_WORDS  # why the order of that epoch was refused; empty when it was not
    missions: tuple[HeldMission, ...] = ()
    sightings: tuple[HeldSighting, ...] = ()  # bounded by `Policy.sightings_kept`; one too many is told, not kept
    focus: UUID | None = None  # the sighting the robot turns to
    lights_ordered: bool = False  # somebody at the center wants light
    gone_to_charge: bool = False  # it had to leave them for its battery's sake
    speech: Speech | None = None  # the newest sentence it was ordered to say; one that is not over holds up the next
    spoken: tuple[Speech, ...] = ()  # that are over, the newest `Policy.speeches_kept`; told again after every restart
    released: tuple[Released, ...] = ()  # the newest `Policy.released_kept`
    findings: tuple[Finding, ...] = ()  # told, the newest `Policy.findings_kept`; again after every restart

    @property
    def attended(self) -> HeldSighting | None:
        """The sighting the robot turns to."""
        return self.sighting(self.focus)

    def sighting(self, sighting_id: UUID | None) -> HeldSighting | None:
        """The sighting of that id."""
        return next((s for s in self.sightings if s.sighting_id == sighting_id), None)

    def with_sighting(self, held: HeldSighting) -> Memory:
        """The memory with `held` in the place of the one of its id, or behind the others."""
        if self.sighting(held.sighting_id) is None:
            return replace(self, sightings=(*self.sightings, held))
        return replace(self, sightings=tuple(held if s.sighting_id == held.sighting_id else s for s in self.sightings))

    def without_sightings(self, ids: Collection[UUID]) -> Memory:
        """The memory without these."""
        return replace(self, sightings=tuple(s for s in self.sightings if s.sighting_id not in ids))

    def photos(self) -> frozenset[str]:
        """Pictures of sightings that are kept, told or not."""
        told = (digest for f in self.findings for digest in f.evidence)
        return frozenset((*(s.photo for s in self.sightings if s.photo), *told))

    def held(self, mission_id: UUID | None) -> HeldMission | None:
        """The mission of that id, ended or not."""
        return next((h for h in self.missions if h.mission.mission_id == mission_id), None)

    def unended(self, kind: MissionKind | None = None) -> tuple[HeldMission, ...]:
        """Missions that are not over, looks at incidents first."""
        found = [h for h in self.missions if not h.mission.state.ended and kind in (None, h.mission.kind)]
        return tuple(sorted(found, key=lambda h: h.mission.kind is not MissionKind.VERIFY))

    @property
    def underway(self) -> HeldMission | None:
        """The one mission being done."""
        return next((h for h in self.missions if h.mission.state is MissionState.UNDERWAY), None)

    def changed(self, mission_id: UUID, change: Callable[[HeldMission], HeldMission]) -> Memory:
        """The memory with one mission changed; one that ends by it goes to the end of the row."""
        before = self.held(mission_id)
        if before is None:
            return self
        after = change(before)
        if after.mission.state.ended and not before.mission.state.ended:
            others = tuple(h for h in self.missions if h is not before)
            return replace(self, missions=(*others, after))
        return replace(self, missions=tuple(after if h is before else h for h in self.missions))

    def with_entry(self, entry: LedgerEntry) -> Memory:
        """The memory with `entry` in its mission's ledger; the last one ends the mission."""

        def enter(held: HeldMission) -> HeldMission:
            mission = held.mission.with_entry(entry)
            if mission.next_checkpoint is None:
                mission = advance(mission, LastCheckpointDone(because=phrases.mission_done(mission.ledger.values())))
            return replace(held, mission=mission)

        return self.changed(entry.mission_id, enter)

    def pruned(self, ended_kept: int) -> Memory:
        """The memory without the oldest ended missions beyond `ended_kept`."""
        ended = [h for h in self.missions if h.mission.state.ended]
        if len(ended) <= ended_kept:
            return self
        forgotten = {h.mission.mission_id for h in ended[: len(ended) - ended_kept]}
        return replace(self, missions=tuple(h for h in self.missions if h.mission.mission_id not in forgotten))
