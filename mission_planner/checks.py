"""What each part of the center says when it is asked how it fares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic

from mission_planner.fleet.live import Fleet, FleetNow, RobotNow, parts_of
from mission_planner.fleet.phrases import NEVER_HEARD
from mission_planner.fleet.port import RobotPort
from mission_planner.health import PartHealth
from mission_planner.incidents.evidence import BlobStore
from mission_planner.incidents.ingest.listener import MqttListener
from mission_planner.incidents.inlet import Inlet
from mission_planner.incidents.notify.outbox import Outbox
from mission_planner.incidents.telemetry.history import History
from mission_planner.incidents.telemetry.lane import TelemetryLane
from mission_planner.site_time import SiteTime
from mission_planner.store.protocol import ArrivalKeeper, Store
from mission_planner.ticker import Ticker
from mission_planner.wording import joined, length_text
from patrol_core.part import PartReport, PartState
from patrol_core.site import Text

NO_TIME = Text(zh="模拟器还没有给出园区时间", en="the simulator has not said the site's time yet")
NOT_LISTENING = Text(zh="还没有开始接收传感器消息", en="not listening for sensors yet")
NO_EYES = Text(zh="园区没有带摄像头的机器人", en="no robot of the site has a camera")
NO_VOICE = Text(zh="机器人可以喊话，此版本没有语音通话", en="robots can speak, but there are no calls yet")

STATES = {
    PartState.OK: Text(zh="正常", en="ok"),
    PartState.DEGRADED: Text(zh="受限", en="degraded"),
    PartState.UNAVAILABLE: Text(zh="不可用", en="unavailable"),
}

WAITED_LONG_S = 10.0  # a report that has waited so long to be taken through: somebody must know

Check = Callable[[], PartHealth]


def checks_of(
    *,
    store: Store,
    blobs: BlobStore,
    port: RobotPort,
    mqtt: MqttListener,
    inlet: Inlet,
    ticker: Ticker,
    clock: SiteTime,
    fleet: Fleet,
    outboxes: Sequence[Outbox],
    lane: TelemetryLane | None,
    history: History,
) -> Mapping[str, Check]:
    """One check for each part, by name."""

    def of_store() -> PartHealth:
        if store.trouble is None:
            return _part("store", blobs.trouble or history.trouble, PartState.DEGRADED)
        return _part("store", store.trouble)

    def of_router() -> PartHealth:
        return _part("router", port.trouble)

    def of_mqtt() -> PartHealth:
        if not mqtt.serving:
            return PartHealth(name="mqtt", state=PartState.UNAVAILABLE, because=NOT_LISTENING)
        return _part("mqtt", mqtt.trouble or inlet.trouble, PartState.DEGRADED)

    def of_scheduler() -> PartHealth:
        if clock.now_or_none() is None:
            return PartHealth(name="scheduler", state=PartState.UNAVAILABLE, because=NO_TIME)
        return _part("scheduler", ticker.trouble, PartState.DEGRADED)

    def of_reports() -> PartHealth:
        return reports_health(store.arrivals, monotonic())

    def missing(name: str, because: Text) -> Check:
        return lambda: PartHealth(name=name, state=PartState.UNAVAILABLE, because=because, needed=False)

    def of_outbox(outbox: Outbox) -> PartHealth:
        return replace(_part(outbox.name, outbox.trouble, PartState.DEGRADED), needed=False)

    def of_telemetry() -> PartHealth:
        return replace(_part("telemetry", lane.trouble if lane else None, PartState.DEGRADED), needed=False)

    return {
        "mqtt": of_mqtt,
        **({"telemetry": of_telemetry} if lane else {}),
        "reports": of_reports,
        "router": of_router,
        "scheduler": of_scheduler,
        "vision": lambda: of_robots("vision", fleet.now()),
        "voice": missing("voice", NO_VOICE),
        "store": of_store,
        **{outbox.name: partial(of_outbox, outbox) for outbox in outboxes},
    }


def reports_health(arrivals: ArrivalKeeper | None, now_s: float) -> PartHealth:
    """Whether what people and sensors cry for is taken through; `now_s` monotonic."""
    backlogs = arrivals.backlogs.values() if arrivals is not None else ()
    waited_s = max((backlog.waited_s(now_s) for backlog in backlogs), default=0.0)
    if waited_s < WAITED_LONG_S:
        return PartHealth(name="reports", state=PartState.OK)
    count, length = sum(backlog.count for backlog in backlogs), length_text(waited_s)
    because = Text(
        zh=f"{count} 条报告已存妥但还没有处理，最早的已等 {length.zh}：新的报警暂时不会显示为事件",
        en=f"{count} reports are kept but not yet taken through, the oldest for {length.en}: "
        "new alarms do not show as incidents meanwhile",
    )
    return PartHealth(name="reports", state=PartState.DEGRADED, because=because)


def of_robots(name: str, fleet: FleetNow) -> PartHealth:
    """A part that robots have, all together: well where it is on all of them, unavailable where on none."""
    eyes = [now for now in fleet.values() if now.robot.cameras]
    if not eyes:
        return PartHealth(name=name, state=PartState.UNAVAILABLE, because=NO_EYES, needed=False)
    told = [(now, next((p.report for p in parts_of(now) if p.report.name == name), None)) for now in eyes]
    well = [report for _, report in told if report is not None and report.state is PartState.OK]
    works = [report for _, report in told if report is not None and report.state is not PartState.UNAVAILABLE]
    head = Text(zh=f"{len(eyes)} 台中 {len(well)} 台正常", en=f"ok on {len(well)} of {len(eyes)}")
    bad = [_not_well(now, report) for now, report in told if report not in well]
    state = PartState.OK if len(well) == len(eyes) else PartState.DEGRADED if works else PartState.UNAVAILABLE
    return PartHealth(name=name, state=state, because=joined([head, *bad]), needed=False)


def _not_well(now: RobotNow, report: PartReport | None) -> Text:
    because = report.because if report is not None else NEVER_HEARD
    word = STATES[report.state if report is not None else PartState.UNAVAILABLE]
    robot = now.robot.robot_id
    return Text(zh=f"{robot} {word.zh}：{because.zh}", en=f"{word.en} on {robot}: {because.en}")


def _part(name: str, trouble: str | None, state: PartState = PartState.UNAVAILABLE) -> PartHealth:
    if trouble is None:
        return PartHealth(name=name, state=PartState.OK)
    return PartHealth(name=name, state=state, because=Text.same(trouble))
