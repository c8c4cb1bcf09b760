"""Missions and the orders that start, steer and end them, written in the transaction that decided them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from mission_planner.bus import Command, Work
from mission_planner.fleet import phrases
from mission_planner.fleet.missions import next_epoch
from mission_planner.store import incidents, missions, orders
from mission_planner.store.events import Subject
from mission_planner.store.missions import MissionRow
from patrol_core.errors import Conflict
from patrol_core.mission import Checkpoint, Mission, MissionKind, MissionState
from patrol_core.orders import Order, OrderKind
from patrol_core.robot import Activity
from patrol_core.site import Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steer(Command[None]):
    """A person says what happens to a robot's work."""

    kind: OrderKind
    by: str
    note: str = ""

    @property
    def detail(self) -> str:
        return f"{self.kind.value}: {self.note}" if self.note else self.kind.value


@dataclass(frozen=True, slots=True, kw_only=True)
class SteerMission(_Steer):
    """CANCEL, PAUSE or RESUME a mission."""

    mission_id: UUID

    @property
    def target(self) -> str:
        return f"mission {self.mission_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SteerRobot(_Steer):
    """PAUSE or RESUME what a robot is doing, send it to its DOCK, or turn its LIGHTS_ON or LIGHTS_OFF."""

    robot_id: str

    @property
    def target(self) -> str:
        return f"robot {self.robot_id}"


_VERBS = {
    OrderKind.CANCEL: Text(zh="取消", en="cancelled"),
    OrderKind.PAUSE: Text(zh="暂停", en="paused"),
    OrderKind.RESUME: Text(zh="继续", en="resumed"),
    OrderKind.DOCK: Text(zh="召回充电", en="called back to charge"),
    OrderKind.LIGHTS_ON: Text(zh="开灯", en="turned the lights on"),
    OrderKind.LIGHTS_OFF: Text(zh="关灯", en="turned the lights off"),
}
_STEERABLE = {
    OrderKind.CANCEL: (MissionState.ASSIGNED, MissionState.UNDERWAY, MissionState.PAUSED),
    OrderKind.PAUSE: (MissionState.ASSIGNED, MissionState.UNDERWAY),
    OrderKind.RESUME: (MissionState.PAUSED,),
}


def assign(
    work: Work,
    *,
    robot_id: str,
    kind: MissionKind,
    name: Text,
    checkpoints: Sequence[Checkpoint],
    because: Text,
    patrol_id: UUID | None = None,
    run_id: UUID | None = None,
    incident_id: UUID | None = None,
) -> MissionRow:
    """Make a mission and order the robot to start it."""
    mission = Mission(
        mission_id=work.new_id(),
        kind=kind,
        robot_id=robot_id,
        name=name,
        checkpoints=tuple(checkpoints),
        incident_id=incident_id,
    )
    order = start_order(work, mission, because)
    row = MissionRow(
        mission=mission,
        patrol_id=patrol_id,
        run_id=run_id,
        ordered_at=work.now,
        started_at=None,
        ended_at=None,
        order_epoch=order.epoch,
        start_epoch=order.epoch,
        chosen_because=because,
    )
    missions.put(work.tx, row)
    work.changed(Subject.MISSION, mission.mission_id)
    return row


def start_order(work: Work, mission: Mission, because: Text) -> Order:
    """Order the robot to do what the ledger does not have yet."""
    order = replace(
        _next_order(work, mission.robot_id, OrderKind.START, because),
        mission_id=mission.mission_id,
        mission_kind=mission.kind,
        name=mission.name,
        checkpoints=tuple(c for c in mission.checkpoints if c.checkpoint_id not in mission.ledger),
        speed_mps=mission.speed_mps,
        incident_id=mission.incident_id,
    )
    return _issue(work, order)


def order_again(work: Work, row: MissionRow) -> MissionRow:
    """The robot took the order and yet has no such mission (it lost its disk): order what is left of it afresh."""
    order = start_order(work, row.mission, phrases.ROBOT_FORGOT)
    again = replace(
        row,
        mission=replace(row.mission, because=phrases.ROBOT_FORGOT),
        order_epoch=order.epoch,
        start_epoch=order.epoch,
    )
    missions.put(work.tx, again)
    work.changed(Subject.MISSION, row.mission_id)
    return again


def steer(work: Work, row: MissionRow, kind: OrderKind, because: Text) -> MissionRow:
    """Order a change of a mission. Its state changes when the robot says so.

    Raises:
        Conflict: the mission is not in a state in which that means anything.
    """
    mission = row.mission
    if mission.state not in _STEERABLE[kind]:
        raise Conflict(
            f"{kind.value} is not possible: the mission is {mission.state.value}", zh="任务现在的状态不允许这样做"
        )
    order = _next_order(work, mission.robot_id, kind, because)
    _issue(work, replace(order, mission_id=mission.mission_id))
    told = replace(row, order_epoch=order.epoch)
    if kind is OrderKind.CANCEL:
        told = replace(told, mission=replace(mission, because=phrases.CANCEL_ORDERED))
    missions.put(work.tx, told)
    work.changed(Subject.MISSION, mission.mission_id)
    return told


def release(work: Work, robot_id: str, incident_id: UUID | None, because: Text) -> Order:
    """Order a robot to go on with what it did before it stayed beside somebody."""
    order = _next_order(work, robot_id, OrderKind.RELEASE, because)
    return _issue(work, replace(order, incident_id=incident_id))


def say(
    work: Work,
    robot_id: str,
    words: Text,
    *,
    language: Language,
    because: Text,
    urgent: bool,
    incident_id: UUID | None,
) -> Order:
    """Order a robot to say something aloud, once."""
    order = _next_order(work, robot_id, OrderKind.SPEAK, because)
    return _issue(work, replace(order, incident_id=incident_id, words=words, language=language, urgent=urgent))


def steer_mission(work: Work, command: SteerMission) -> None:
    """Handler of SteerMission."""
    row = missions.get(work.tx, command.mission_id)
    steer(work, row, command.kind, phrases.ordered(command.by, command.note, _VERBS[command.kind]))


def steer_robot(work: Work, command: SteerRobot) -> None:
    """Handler of SteerRobot: the mission the robot is doing, or the one it paused last; its dock needs no mission."""
    work.site.robot(command.robot_id)
    if command.kind in (OrderKind.DOCK, OrderKind.LIGHTS_ON, OrderKind.LIGHTS_OFF):
        if command.kind is OrderKind.DOCK:
            _let_go(work, command)
        because = phrases.ordered(command.by, command.note, _VERBS[command.kind])
        _issue(work, _next_order(work, command.robot_id, command.kind, because))
        return
    fitting = [
        row for row in missions.active(work.tx, command.robot_id) if row.mission.state in _STEERABLE[command.kind]
    ]
    if not fitting:
        name = work.site.robot(command.robot_id).name.zh
        raise Conflict(f"robot {command.robot_id} has no mission to {command.kind.value}", zh=f"{name} 没有这样的任务")
    underway = [row for row in fitting if row.mission.state is MissionState.UNDERWAY]
    row = (underway or fitting)[-1]
    steer(work, row, command.kind, phrases.ordered(command.by, command.note, _VERBS[command.kind]))


def _let_go(work: Work, command: SteerRobot) -> None:
    """Before it goes to its dock; a robot that stays beside somebody must be released there first.

    Where no incident knows of that any more, the order to dock says enough.

    Raises:
        Conflict: it waits at an incident.
    """
    state = work.fleet[command.robot_id].state
    if state is not None and state.activity is Activity.ATTENDING:
        if incidents.waited_at(work.tx, command.robot_id):
            name = work.site.robot(command.robot_id).name.zh
            raise Conflict(
                f"robot {command.robot_id} waits beside somebody: release it at that incident first",
                zh=f"{name} 守在别人身边，请先在那个事件里放行",
            )
        release(work, command.robot_id, None, phrases.ordered(command.by, command.note, _VERBS[OrderKind.DOCK]))


def _next_order(work: Work, robot_id: str, kind: OrderKind, because: Text) -> Order:
    """An order under the robot's next epoch, with what every kind has; the caller adds what only this kind has."""
    return Order(
        order_id=work.new_id(),
        robot_id=robot_id,
        epoch=next_epoch(orders.newest_epoch(work.tx, robot_id), work.fleet[robot_id].state),
        issued_at=work.now,
        kind=kind,
        because=because,
    )


def _issue(work: Work, order: Order) -> Order:
    orders.add(work.tx, order)
    work.send(order)
    return order
