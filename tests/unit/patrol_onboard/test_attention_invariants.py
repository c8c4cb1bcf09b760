"""Whatever the eyes say, in whatever order, nothing confirmed is lost and nothing is told twice."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_core.codec import from_json, to_json
from patrol_core.finding import Finding
from patrol_core.geometry import Point2
from patrol_core.ids import uuid7
from patrol_core.incident import Certainty
from patrol_core.sighting import Verdict
from patrol_onboard import events as ev
from patrol_onboard.memory import Memory
from patrol_onboard.sighting_rules import finding_id
from tests.unit.patrol_onboard.robots import DOCK, RobotUnderTest

SEEN = tuple(uuid7() for _ in range(6))
WHERE = (None, Point2(2.0, 0.0), Point2(12.0, 0.0), Point2(13.5, 0.0), Point2(40.0, 0.0), Point2(500.0, 0.0))


class Life:
    """A robot on patrol, everything the center was told, and what the eyes confirmed."""

    def __init__(self) -> None:
        self.robot = RobotUnderTest()
        self.robot.patrol()
        self.confirmed: set[object] = set()
        self.told: dict[object, Finding] = {}

    def sees(self, which: int, verdict: Verdict, where: int, photo: str) -> None:
        if verdict is Verdict.CONFIRMED:
            self.confirmed.add(SEEN[which])
        self.robot.sees(verdict, sighting_id=SEEN[which], at=WHERE[where], photo=photo, pose=DOCK)

    def goes(self, well: bool) -> None:
        if self.robot.driving:
            self.robot.arrive() if well else self.robot.fail()

    def restarts(self) -> None:
        memory = from_json(Memory, to_json(self.robot.executor.memory))
        now = self.robot.clock.now()
        self.robot = RobotUnderTest(memory=memory)
        self.robot.clock.forward(seconds=(now - self.robot.clock.now()).total_seconds())

    def note(self) -> None:
        for finding in self.robot.findings:
            assert self.told.setdefault(finding.finding_id, finding) == finding, "told again it is the same"


Deed = Callable[[Life], None]
SEES = st.builds(
    lambda which, verdict, where, photo: lambda life: life.sees(which, verdict, where, photo),
    st.integers(0, len(SEEN) - 1),
    st.sampled_from(list(Verdict)),
    st.integers(0, len(WHERE) - 1),
    st.sampled_from(["", "d" * 64, "e" * 64]),
)
DEEDS: st.SearchStrategy[Deed] = st.one_of(
    SEES,
    SEES,
    st.sampled_from(
        [
            lambda life: life.robot.release(),
            lambda life: life.robot.release(),
            lambda life: life.robot.forward(seconds=31.0),
            lambda life: life.robot.forward(seconds=601.0),
            lambda life: life.goes(True),
            lambda life: life.goes(False),
            lambda life: life.restarts(),
            lambda life: life.robot.battery(8.0),
            lambda life: life.robot.battery(90.0),
            lambda life: life.robot.hear(ev.StopPressed()),
            lambda life: life.robot.hear(ev.StopReleased()),
        ]
    ),
)


@given(st.lists(DEEDS, min_size=12, max_size=40))
@settings(max_examples=400, deadline=None)
def test_every_confirmed_sighting_is_told_as_confirmed_exactly_once(deeds: list[Deed]) -> None:
    life = Life()
    for deed in deeds:
        deed(life)
        life.note()
        told = [f.finding_id for f in life.told.values() if f.certainty is Certainty.CONFIRMED]
        assert set(told) == {finding_id(s, Certainty.CONFIRMED) for s in life.confirmed}  # type: ignore[arg-type]
