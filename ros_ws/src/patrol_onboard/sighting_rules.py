"""What a sighting, the passing of time and the battery do to the robot's memory, and what the center is told. Pure.

Nothing confirmed is ever lost: a finding is made in the step that hears the word, kept in the memory, and told again
after every restart. Its id follows from the sighting and the certainty, so that it counts once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from patrol_core.finding import Finding, Phase
from patrol_core.geometry import Point2, Pose2
from patrol_core.incident import Certainty
from patrol_core.sighting import Verdict
from patrol_core.source import Source, SourceKind
from patrol_onboard.attention import HeldSighting, Released, Stage, first, same_place
from patrol_onboard.battery_rules import Battery
from patrol_onboard.events import SightingHeard
from patrol_onboard.memory import Memory
from patrol_onboard.policy import Policy

FINDINGS = UUID("5b8a3f64-2f0e-5c5e-9c42-7d6f0f1f6a11")  # namespace of the ids of findings about sightings

PlaceFor = Callable[[Point2, Pose2 | None], Pose2 | None]
"""Where to stand to see a point (frame `map`) when the robot is at this pose; None where it should stay."""


def nowhere(_point: Point2, _robot: Pose2 | None) -> Pose2 | None:
    """A robot without a map looks from where it is."""
    return None


def finding_id(sighting_id: UUID, certainty: Certainty) -> UUID:
    """One for each sighting and certainty, whoever works it out."""
    return uuid5(FINDINGS, f"{sighting_id} {certainty.value}")


def heard(
    memory: Memory, event: SightingHeard, *, robot_id: str, policy: Policy, place_for: PlaceFor, now: datetime
) -> Memory:
    """The memory after a word of the robot's eyes."""
    seen, known = event.sighting, memory.sighting(event.sighting.sighting_id)
    if seen.verdict is Verdict.LET_GO:
        return memory.without_sightings({known.sighting_id}) if known is not None and not known.told else memory
    held = _merged(known, event, now)
    if known is None:
        if any(r.covers(held.sighting_id, held.position_m, now) for r in memory.released):
            return _told(memory, held, robot_id, policy)[0] if held.confirmed else memory
        if len(memory.sightings) >= policy.sightings_kept:
            return _told(memory, held, robot_id, policy)[0]  # no room to look after it: people must
    held = _aimed(held, event.pose, policy, place_for)
    if held.confirmed:
        memory, held = _told(memory, held, robot_id, policy)
    return memory.with_sighting(held)


def gone_on(memory: Memory, battery: Battery, *, robot_id: str, policy: Policy, now: datetime) -> Memory:
    """The memory after time went on: what stayed undecided is told, the battery heeded, the first one chosen."""
    if not memory.sightings:
        return replace(memory, focus=None, gone_to_charge=False) if memory.focus or memory.gone_to_charge else memory
    charge_to = policy.resume_pct if memory.gone_to_charge else policy.verify_floor_pct
    gone = battery.pct is not None and battery.pct < charge_to
    for before in memory.sightings:
        held = before
        if not held.told and (gone or _undecided(held, policy, now)):
            memory, held = _told(memory, held, robot_id, policy)
        if gone and held.stage is Stage.THERE:
            held = replace(held, stage=Stage.COMING, there_at=None)  # it comes back when charged
        if held is not before:
            memory = memory.with_sighting(held)
    return replace(memory, focus=first(memory.sightings, memory.focus), gone_to_charge=gone)


def released(memory: Memory, policy: Policy, now: datetime) -> Memory:
    """The memory when nobody needs the robot where it waits; whoever else was seen at that place goes with it."""
    held = memory.attended
    if held is None or not held.told:
        return memory
    gone = {s.sighting_id for s in memory.sightings if same_place(s.position_m, held.position_m)} | {held.sighting_id}
    until = now + timedelta(seconds=policy.released_s)
    news = tuple(
        Released(sighting_id=s.sighting_id, position_m=s.position_m, until=until)
        for s in memory.sightings
        if s.sighting_id in gone
    )
    kept = (*memory.released, *news)[-policy.released_kept :]
    return replace(memory.without_sightings(gone), released=kept)


def there(memory: Memory, sighting_id: UUID, now: datetime) -> Memory:
    """The memory when the robot stands as near as it gets."""
    held = memory.sighting(sighting_id)
    if held is None or held.stage is Stage.THERE:
        return memory
    return memory.with_sighting(replace(held, stage=Stage.THERE, there_at=now))


def _undecided(held: HeldSighting, policy: Policy, now: datetime) -> bool:
    watched_s = (now - held.there_at).total_seconds() if held.there_at is not None else 0.0
    return watched_s >= policy.watch_s or (now - held.taken_at).total_seconds() >= policy.undecided_s


def _merged(known: HeldSighting | None, event: SightingHeard, now: datetime) -> HeldSighting:
    seen = event.sighting
    position_m = seen.position_m or (known.position_m if known else None)
    away_m = event.pose.point.distance_m(position_m) if event.pose is not None and position_m is not None else None
    if known is None:
        return HeldSighting(
            sighting_id=seen.sighting_id,
            kind=seen.kind,
            verdict=seen.verdict,
            position_m=position_m,
            confidence=seen.confidence,
            model=seen.model,
            note=seen.because,
            observed_at=seen.observed_at,
            taken_at=now,
            away_m=away_m,
            photo=event.photo,
        )
    if known.confirmed and seen.verdict is Verdict.SUSPECTED:
        return replace(known, position_m=position_m, away_m=away_m)
    return replace(
        known,
        verdict=seen.verdict,
        position_m=position_m,
        confidence=seen.confidence,
        model=seen.model,
        note=seen.because,
        observed_at=seen.observed_at,
        away_m=away_m,
        photo=event.photo or known.photo,
    )


def _aimed(held: HeldSighting, robot: Pose2 | None, policy: Policy, place_for: PlaceFor) -> HeldSighting:
    """With a place to stand at; a new one when the sighting turns out to lie elsewhere."""
    if held.position_m is None or held.aims >= policy.aims or (held.told and held.stage is Stage.THERE):
        return held
    if held.aimed_m is not None and held.aimed_m.distance_m(held.position_m) <= policy.aim_again_m:
        return held
    near = held.away_m is not None and held.away_m <= policy.near_m
    place = None if near else place_for(held.position_m, robot)
    if held.stage is Stage.THERE and place is None:
        return held
    return replace(held, place=place, aimed_m=held.position_m, aims=held.aims + 1, stage=Stage.COMING, there_at=None)


def _told(memory: Memory, held: HeldSighting, robot_id: str, policy: Policy) -> tuple[Memory, HeldSighting]:
    """The memory with the finding about it, once for each certainty."""
    certainty = Certainty.CONFIRMED if held.confirmed else Certainty.SUSPECTED
    if certainty in held.told:
        return memory, held
    finding = Finding(
        finding_id=finding_id(held.sighting_id, certainty),
        source=Source(kind=SourceKind.ROBOT, source_id=robot_id),
        kind=held.kind,
        phase=Phase.RAISED,
        position_m=held.position_m,
        observed_at=held.observed_at,
        confidence=held.confidence,
        note=held.note,
        evidence=(held.photo,) if held.photo else (),
        certainty=certainty,
        model=held.model,
    )
    if all(f.finding_id != finding.finding_id for f in memory.findings):
        memory = replace(memory, findings=(*memory.findings, finding)[-policy.findings_kept :])
    return memory, replace(held, told=(*held.told, certainty))
