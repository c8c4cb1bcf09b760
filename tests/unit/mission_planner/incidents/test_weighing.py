"""How sure one may be: a sum that ranks, in words, and that no single source can talk up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from mission_planner.incidents.weighing import weighed, weight_of, with_weight
from patrol_core.finding import Finding, Phase
from patrol_core.ids import uuid7
from patrol_core.incident import Certainty, Incident, IncidentState, Weight
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import Text
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT

NAME = Text(zh="烟感", en="Smoke detector")
ROBOT = Source(kind=SourceKind.ROBOT, source_id="r1")


def word(source_id: str = "smoke-1", **changes: Any) -> Finding:
    usual: dict[str, Any] = {
        "finding_id": uuid7(),
        "source": Source(kind=SourceKind.DEVICE, source_id=source_id),
        "kind": IncidentKind.SMOKE,
        "phase": Phase.RAISED,
        "position_m": None,
        "observed_at": AT,
        "confidence": 0.9,
    }
    return Finding(**{**usual, **changes})


def after(*words: Finding) -> tuple[Weight, ...]:
    """The weights of an incident that heard these, in this order."""
    weights: tuple[Weight, ...] = ()
    for said in words:
        incident = _incident(weights) if weights else None
        weights = with_weight(weights, weight_of(said, incident, NAME))
    return weights


def sure(*words: Finding, later_s: float = 0) -> float:
    return weighed(after(*words), AT + timedelta(seconds=later_s)).probability


def test_a_second_source_convinces_more_than_a_first_that_repeats_itself() -> None:
    assert sure(word(), word("smoke-2")) > sure(*[word() for _ in range(50)]) > sure(word())


def test_what_a_robot_saw_outweighs_everything_and_does_not_fade() -> None:
    confirmed = word(source=ROBOT, certainty=Certainty.CONFIRMED)
    assert sure(word(), confirmed) > 0.98
    assert sure(word(), confirmed, later_s=7200) > 0.95
    assert sure(word(), later_s=7200) < sure(word())


def test_normal_again_speaks_against_it() -> None:
    assert sure(word(), word(phase=Phase.CLEARED)) < sure(word())


def test_the_sum_is_told_in_words() -> None:
    parts = weighed(after(word(), word(), word("smoke-2")), AT).parts
    assert [(said.zh, log_odds) for said, log_odds in parts] == [
        ("烟感：烟感报警", 1.5),
        ("烟感再次报告", 0.2),
        ("另一来源 烟感：烟感报警", 2.0),
    ]


def test_repeats_of_one_source_are_one_line_that_stops_growing() -> None:
    weights = after(*[word() for _ in range(100)])
    assert len(weights) == 2
    assert abs(weights[1].log_odds - 0.6) < 1e-9


def _incident(weights: tuple[Weight, ...]) -> Incident:
    blank = Incident(
        incident_id=uuid7(),
        kind=IncidentKind.SMOKE,
        priority=KINDS[IncidentKind.SMOKE].priority,
        state=IncidentState.OPEN,
        opened_at=AT,
        changed_at=AT,
        position_m=None,
        place=None,
        because="",
    )
    return replace(blank, weights=weights)
