"""What a finding means for the incidents there are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from mission_planner.incidents.fusion import (
    LISTED_FINDINGS,
    Cleared,
    Denied,
    Fusion,
    Joined,
    Nothing,
    Opened,
    fuse,
    open_one_for,
)
from mission_planner.incidents.grouping import locus_of
from mission_planner.incidents.weighing import weighed
from mission_planner.store.incidents import IncidentRow
from patrol_core.finding import Finding, Phase
from patrol_core.ids import uuid7
from patrol_core.incident import Certainty, IncidentState, Verification
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import Site, Text
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT, DIGEST

ID = uuid7()
NAME = Text(zh="烟感", en="Smoke detector")


def finding(**changes: Any) -> Finding:
    usual: dict[str, Any] = {
        "finding_id": uuid7(),
        "source": Source(kind=SourceKind.DEVICE, source_id="smoke-1"),
        "kind": IncidentKind.SMOKE,
        "phase": Phase.RAISED,
        "position_m": None,
        "observed_at": AT,
        "confidence": 0.9,
    }
    return Finding(**{**usual, **changes})


def run(what: Finding, row: IncidentRow | None, site: Site, *, now: datetime = AT, incident_id: UUID = ID) -> Fusion:
    """What `what` does, given the only open incident."""
    locus = locus_of(what, site)
    join = open_one_for(what, locus, [row] if row else [], now)
    return fuse(what, locus, join, site, now=now, incident_id=incident_id, name=NAME)


def opened(site: Site, **changes: Any) -> IncidentRow:
    fusion = run(finding(**changes), None, site)
    assert isinstance(fusion, Opened)
    return fusion.row


def test_the_first_alarm_opens_with_the_devices_place_whatever_the_message_says(site: Site) -> None:
    row = opened(site)
    assert row.incident.position_m == site.devices["smoke-1"].position_m
    assert row.incident.place == site.devices["smoke-1"].place
    assert (row.incident.state, row.incident.opened_at) == (IncidentState.OPEN, AT)


@pytest.mark.parametrize("kind", IncidentKind)
def test_each_kind_has_its_priority_and_is_looked_at_only_where_that_helps(site: Site, kind: IncidentKind) -> None:
    incident = opened(site, kind=kind).incident
    assert incident.priority is KINDS[kind].priority
    expected = Verification.WAITING if KINDS[kind].robot_verifies else Verification.NOT_NEEDED
    assert incident.verification is expected


def test_a_device_the_site_does_not_know_has_no_place(site: Site) -> None:
    row = opened(site, source=Source(kind=SourceKind.DEVICE, source_id="gone"))
    assert row.incident.place is row.incident.position_m is None


def test_the_same_source_joins_and_says_when_it_rang_again(site: Site) -> None:
    row = opened(site)
    joined = run(finding(evidence=(DIGEST,)), row, site, now=AT + timedelta(seconds=5))
    assert isinstance(joined, Joined)
    assert not joined.rang_again
    assert joined.row.incident.incident_id == ID
    assert joined.row.incident.evidence == (DIGEST,)
    cleared = run(finding(phase=Phase.CLEARED), joined.row, site)
    assert isinstance(cleared, Cleared)
    assert cleared.row.incident.state is IncidentState.OPEN
    again = run(finding(), cleared.row, site)
    assert isinstance(again, Joined)
    assert again.rang_again
    assert again.row.incident.source_cleared_at is None


def test_a_clear_without_an_incident_or_a_second_clear_is_nothing(site: Site) -> None:
    assert run(finding(phase=Phase.CLEARED), None, site) == Nothing()
    row = opened(site)
    cleared = run(finding(phase=Phase.CLEARED), row, site)
    assert isinstance(cleared, Cleared)
    assert run(finding(phase=Phase.CLEARED), cleared.row, site) == Nothing()


def test_an_incident_lists_its_first_findings_and_does_not_grow_for_ever(site: Site) -> None:
    row = opened(site)
    for _ in range(100):
        fusion = run(finding(), row, site)
        assert isinstance(fusion, Joined)
        row = fusion.row
    assert len(row.incident.findings) == LISTED_FINDINGS


def test_the_same_picture_is_evidence_once(site: Site) -> None:
    row = opened(site, evidence=(DIGEST,))
    fusion = run(finding(evidence=(DIGEST,)), row, site)
    assert isinstance(fusion, Joined)
    assert fusion.row.incident.evidence == (DIGEST,)


def denial(site: Site) -> Finding:
    """A robot stands where the smoke detector hangs, and sees nothing."""
    return finding(
        finding_id=uuid7(),
        source=Source(kind=SourceKind.ROBOT, source_id="r1"),
        phase=Phase.CLEARED,
        certainty=Certainty.CONFIRMED,
        position_m=site.devices["smoke-1"].position_m,
        evidence=("cd" * 32,),
    )


def test_a_robot_that_looked_and_saw_nothing_weighs_heavily_against_it_and_ends_nothing(site: Site) -> None:
    row = opened(site)
    fusion = run(denial(site), row, site)
    assert isinstance(fusion, Denied)
    after = fusion.row.incident
    assert weighed(after.weights, AT).probability < 0.1 < weighed(row.incident.weights, AT).probability
    assert after.state is IncidentState.OPEN
    assert after.source_cleared_at is None, "the detector still says so"


def test_a_denial_is_about_the_incident_at_its_place_and_opens_none(site: Site) -> None:
    assert isinstance(run(denial(site), None, site), Nothing)
    join = open_one_for(denial(site), locus_of(denial(site), site), [opened(site)], AT)
    assert join is not None
    assert join.row.incident.incident_id == ID
