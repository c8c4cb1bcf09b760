"""What the mission does with what eyes saw: told, lit, pictured, and not lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from patrol_core.codec import from_json
from patrol_core.finding import Finding
from patrol_core.geometry import Point2
from patrol_core.ids import uuid7
from patrol_core.kind import IncidentKind
from patrol_core.robot import Activity
from patrol_core.sighting import Sighting, Verdict
from tests.unit.patrol_onboard.mission_parts import Parts, running, until
from tests.unit.patrol_onboard.test_photo_store import photo


def seen(verdict: Verdict, sighting_id: UUID, jpeg: bytes = b"") -> Sighting:
    at = datetime.now(UTC)
    return Sighting(
        sighting_id=sighting_id,
        camera_id="front",
        kind=IncidentKind.PERSON_FALLEN,
        verdict=verdict,
        position_m=Point2(3.0, 0.0),
        first_seen_at=at,
        observed_at=at,
        confidence=0.9,
        model="test 0123",
        photo_jpeg=jpeg,
    )


def test_a_confirmed_sighting_goes_to_the_center_with_its_picture_and_the_lights_go_on(parts: Parts) -> None:
    async def story() -> None:
        await until(lambda: parts.around.states)
        sighting_id = uuid7()
        parts.mission.sees(seen(Verdict.SUSPECTED, sighting_id, b"from afar"))
        assert parts.photos.waiting() == (), "nobody was told yet: the picture stays on the robot"
        parts.mission.sees(seen(Verdict.CONFIRMED, sighting_id, b"from near"))
        await until(lambda: parts.around.parcels)
        finding = from_json(Finding, parts.around.parcels[0].body)
        assert parts.around.parcels[0].urgent
        assert finding.evidence == (photo(b"from near").digest,)
        assert [k.digest for k in parts.photos.waiting()] == [photo(b"from near").digest]
        assert [k.name for k in (parts.folder / "photos").iterdir()] == [f"{photo(b'from near').digest}.jpg"]
        assert parts.around.lights == [False, True]
        assert parts.around.states[-1].activity is Activity.ATTENDING

    running(parts, story)


def test_a_sighting_heard_before_the_mission_runs_is_not_lost(parts: Parts) -> None:
    parts.mission.sees(seen(Verdict.CONFIRMED, uuid7(), b"early"))

    async def story() -> None:
        await until(lambda: parts.around.parcels)

    running(parts, story)


def test_a_picture_held_back_by_the_process_before_is_removed_unless_its_sighting_is_kept(tmp_path: Path) -> None:
    before = Parts(tmp_path)
    before.photos.keep(photo(b"orphan"), urgent=True, held=True)

    async def sees() -> None:
        await until(lambda: before.around.states)
        before.mission.sees(seen(Verdict.SUSPECTED, uuid7(), b"kept"))

    running(before, sees)
    after = Parts(tmp_path)

    async def story() -> None:
        await until(lambda: after.around.states)
        assert [p.name for p in (tmp_path / "photos").iterdir()] == [f"{photo(b'kept').digest}.held"]

    running(after, story)


def test_a_confirmed_sighting_whose_picture_finds_no_room_is_told_without_it(tmp_path: Path) -> None:
    parts = Parts(tmp_path, capacity_bytes=1)

    async def story() -> None:
        await until(lambda: parts.around.states)
        parts.mission.sees(seen(Verdict.CONFIRMED, uuid7(), b"too large"))
        await until(lambda: parts.around.parcels)
        assert from_json(Finding, parts.around.parcels[0].body).evidence == ()

    running(parts, story)
