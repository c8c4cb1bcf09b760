"""A life alarm from another home joins what somebody has in hand: they hear of it, as they would of a new incident.

Neighbouring homes are one incident, since nobody can tell a fire that spreads from burnt food next door. Whoever took
the burnt food must not be the reason that nobody hears of the neighbour.
"""

from __future__ import annotations

from datetime import timedelta

from mission_planner.bus import Work
from mission_planner.incidents.grouping import locus_of
from mission_planner.incidents.notify import phrases
from mission_planner.people import duty
from mission_planner.people.roles import Role
from mission_planner.store import clocks, incidents, notices
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.notices import NoticeAction
from patrol_core.finding import Finding
from patrol_core.incident import IncidentState
from patrol_core.kind import KINDS

SPREAD = "spread"  # a line of the timeline
AGAIN_AFTER = timedelta(minutes=1)  # homes that follow sooner stand on the incident they were just called to
_TELL = (Role.OPERATOR,)


def tell_of_spread(work: Work, row: IncidentRow, finding: Finding) -> None:
    """`finding` made `row` what it is: tell the desk and who has it, if it is about life and from a new home.

    Where nobody has it yet the ladder is running, and says more than this would.
    """
    if row.incident.state is IncidentState.OPEN or not KINDS[finding.kind].life:
        return
    here = locus_of(finding, work.site)
    known = any(o.place == here.place for o in row.incident.loci if o.source != here.source)
    if here.place is None or known:
        return
    incident_id = row.incident.incident_id
    last = incidents.last_entry_at(work.tx, incident_id, SPREAD)
    if last is not None and abs(work.now - last) < AGAIN_AFTER:
        return
    clock = clocks.find(work.tx, incident_id)
    if clock is None or clock.stopped_at is None:
        return
    present = duty.present(work.tx, work.now, _TELL)
    line = phrases.spread(_TELL, duty.names(present))
    incidents.add_entry(work.tx, incident_id, at=work.now, kind=SPREAD, text=line)
    people = dict.fromkeys([*duty.usernames(present), *filter(None, [row.incident.assignee])])
    notices.add(work.tx, incident_id, at=work.now, action=NoticeAction.TRIGGER, tell=_TELL, people=list(people))
