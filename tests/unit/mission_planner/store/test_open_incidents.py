"""The index of open incidents: whatever a word belongs to is found, however the incidents came to be what they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from mission_planner.incidents.grouping import belongs, locus_of, with_locus
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.memory import Memory
from mission_planner.store.open_incidents import OpenIncidents
from patrol_core.finding import Finding, Phase
from patrol_core.ids import uuid7
from patrol_core.incident import Incident, IncidentState
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.source import Source, SourceKind
from sim.corpus_site import Estate, Home, estate_site
from tests.unit.mission_planner.world import AT

SITE = estate_site(Estate(towers=2, staircases=2, floors=4, flats=2))
K = IncidentKind
RAISED = {"smoke1": K.SMOKE, "co1": K.CO, "gas1": K.GAS, "sos1": K.SOS, "leak1": K.FLOOD, "mains1": K.POWER_CUT}
homes = st.builds(
    Home, tower=st.integers(1, 2), staircase=st.integers(1, 2), floor=st.integers(1, 4), flat=st.integers(1, 2)
)
inside = st.tuples(homes, st.sampled_from([w for w in RAISED if w != "mains1"])).map(
    lambda h: (h[0].sensor(h[1]), h[1])
)
mains = st.integers(1, 2).map(lambda t: (Home(tower=t, staircase=0, floor=0, flat=0).sensor("mains1"), "mains1"))
sensors = inside | mains


def locus(sensor):
    device_id, what = sensor
    finding = Finding(
        finding_id=uuid7(),
        source=Source(kind=SourceKind.DEVICE, source_id=device_id),
        kind=RAISED[what],
        phase=Phase.RAISED,
        position_m=None,
        observed_at=AT,
        confidence=0.9,
    )
    return locus_of(finding, SITE)


def opened(first):
    incident = Incident(
        incident_id=uuid7(),
        kind=first.kind,
        priority=KINDS[first.kind].priority,
        state=IncidentState.OPEN,
        opened_at=AT,
        changed_at=AT,
        position_m=first.position_m,
        place=first.place,
        because="",
        loci=(first,),
    )
    return IncidentRow(incident=incident, source=first.source)


def about(index, word):
    """By the index; whether a place or a source brings it there, `belongs` has the last word."""
    policy = KINDS[word.kind]
    near = index.near(policy.family, policy.reach, word.place, word.source)
    return {r.incident.incident_id for r in near if belongs(word, r.incident, AT) is not None}


def about_of_all(rows, word):
    family = KINDS[word.kind].family
    alike = [r.incident for r in rows.values() if KINDS[r.incident.kind].family is family]
    return {i.incident_id for i in alike if belongs(word, i, AT) is not None}


@given(said=st.lists(sensors, min_size=1, max_size=12), asked=st.lists(sensors, min_size=1, max_size=4), data=st.data())
def test_what_a_word_belongs_to_is_found_as_if_all_were_looked_through(said, asked, data):
    index, memory = OpenIncidents(), Memory()
    for word in map(locus, said):
        joins = sorted(about(index, word))
        if joins:
            row = index.rows[joins[0]]
            loci = with_locus(row.incident.loci, replace(word, at=AT + timedelta(seconds=1)))
            index.put(replace(row, incident=replace(row.incident, loci=loci)), memory)
        else:
            index.put(opened(word), memory)
        if data.draw(st.booleans()):
            memory.committed()
    if data.draw(st.booleans()):
        memory.undo_to(0)
    if index.rows and data.draw(st.booleans()):
        ended = index.rows[data.draw(st.sampled_from(sorted(index.rows)))]
        index.put(replace(ended, incident=replace(ended.incident, state=IncidentState.CLOSED)), memory)
    for word in map(locus, asked):
        assert about(index, word) == about_of_all(index.rows, word)
