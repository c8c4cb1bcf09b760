"""What every state machine on a clockwork has: it may start anew at any step, people decide, nothing is left behind."""

from __future__ import annotations

from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, rule

from mission_planner.incidents import escalation, lifecycle
from mission_planner.incidents.escalation import MindCalendar
from mission_planner.incidents.lifecycle import DecideIncident
from patrol_core.incident import IncidentCommand
from tests.unit.mission_planner.incidents.clockwork import Clockwork

WALKS = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class ClockworkMachine(RuleBasedStateMachine):
    """A center on a store of its own; its heirs know what is to be expected of it."""

    def __init__(self) -> None:
        super().__init__()
        self.clockwork = Clockwork()

    @rule()
    def the_center_starts_anew(self) -> None:
        self.clockwork.restart()

    def decide(self, incident_id: UUID, command: IncidentCommand) -> None:
        """Somebody does this."""
        decided = DecideIncident(incident_id=incident_id, command=command)
        self.clockwork.run(lambda w: lifecycle.decide_incident(w, decided))

    def mind_calendar(self) -> None:
        """The ticker notices that the calendar was set."""
        moment = self.clockwork.moment
        self.clockwork.run(lambda w: escalation.mind_calendar(w, MindCalendar(moment=moment)))

    def teardown(self) -> None:
        self.clockwork.close()
