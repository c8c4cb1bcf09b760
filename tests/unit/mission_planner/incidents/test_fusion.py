"""What a finding means for the incidents there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mission_planner.incidents.fusion import LISTED_FINDINGS, Cleared, Joined, Nothing, Opened, fuse
from mission_planner.store.incidents import IncidentRow
from patrol_core.finding import Finding, Phase, Source, SourceKind
from patrol_core.ids import uuid7
from patrol_core.incident import KINDS, IncidentKind, IncidentState, Verification
from patrol_core.site import Site
from tests.unit.mission_planner.world import AT, DIGEST

ID = uuid7()


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


def opened(site: Site, **changes: Any) -> IncidentRow:
    fusion = fuse(finding(**changes), None, site, now=AT, incident_id=ID)
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
    joined = fuse(finding(evidence=(DIGEST,)), row, site, now=AT + timedelta(seconds=5), incident_id=uuid7())
    assert isinstance(joined, Joined)
    assert not joined.rang_again
    assert joined.row.incident.incident_id == ID
    assert joined.row.incident.evidence == (DIGEST,)
    cleared = fuse(finding(phase=Phase.CLEARED), joined.row, site, now=AT, incident_id=uuid7())
    assert isinstance(cleared, Cleared)
    assert cleared.row.incident.state is IncidentState.OPEN
    again = fuse(finding(), cleared.row, site, now=AT, incident_id=uuid7())
    assert isinstance(again, Joined)
    assert again.rang_again
    assert again.row.incident.source_cleared_at is None


def test_a_clear_without_an_incident_or_a_second_clear_is_nothing(site: Site) -> None:
    assert fuse(finding(phase=Phase.CLEARED), None, site, now=AT, incident_id=ID) == Nothing()
    row = opened(site)
    cleared = replace(row, incident=replace(row.incident, source_cleared_at=AT))
    assert fuse(finding(phase=Phase.CLEARED), cleared, site, now=AT, incident_id=ID) == Nothing()


def test_an_incident_lists_its_first_findings_and_does_not_grow_for_ever(site: Site) -> None:
    row = opened(site)
    for _ in range(100):
        fusion = fuse(finding(), row, site, now=AT, incident_id=uuid7())
        assert isinstance(fusion, Joined)
        row = fusion.row
    assert len(row.incident.findings) == LISTED_FINDINGS


def test_the_same_picture_is_evidence_once(site: Site) -> None:
    row = opened(site, evidence=(DIGEST,))
    fusion = fuse(finding(evidence=(DIGEST,)), row, site, now=AT, incident_id=uuid7())
    assert isinstance(fusion, Joined)
    assert fusion.row.incident.evidence == (DIGEST,)
