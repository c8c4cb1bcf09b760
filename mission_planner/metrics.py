"""Figures for Prometheus, gathered when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import TypedDict

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from mission_planner.api.stream import Stream
from mission_planner.fleet.courier import Courier
from mission_planner.fleet.intake import ReportIntake
from mission_planner.fleet.live import Fleet
from mission_planner.incidents.ingest.listener import MqttListener
from mission_planner.incidents.telemetry.lane import TelemetryLane
from mission_planner.store import inbox, incidents, missions
from mission_planner.store.protocol import ArrivalKeeper, Store, Tx
from patrol_core.errors import Unavailable
from patrol_core.robot import Link

Figures = Mapping[str, float]
Reading = tuple[str, Callable[[], float]]  # help text, and how to read it


class Readings(TypedDict):
    """Names without the `ronda_` in front."""

    gauges: Mapping[str, Reading]
    counters: Mapping[str, Reading]


class Metrics:
    """The registry of one center; not the library's global one, so that several can live in one process."""

    def __init__(
        self,
        *,
        store: Store,
        fleet: Fleet,
        gauges: Mapping[str, Reading],
        counters: Mapping[str, Reading],
    ) -> None:
        self._store = store
        self._fleet = fleet
        self._gauges = gauges
        self._counters = counters
        self._rows: list[Metric] = []
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    async def text(self) -> tuple[bytes, str]:
        """The exposition, and its media type."""
        try:
            counts = await self._store.read(_counts)
        except Unavailable:  # just then somebody wants to know the rest
            counts = None
        self._rows = [*self._robots(), *_stored(counts), *_waiting(self._store.arrivals), *self._read()]
        return generate_latest(self._registry), CONTENT_TYPE_LATEST

    def collect(self) -> Iterable[Metric]:
        """What the registry asks for; gathered by `text` just before."""
        return self._rows

    def _robots(self) -> Iterable[Metric]:
        fleet = self._fleet.now()
        online = sum(now.link is Link.ONLINE for now in fleet.values())
        yield GaugeMetricFamily("ronda_robots_online", "Robots heard within the link limit", value=online)
        yield GaugeMetricFamily("ronda_robots", "Robots of the site", value=len(fleet))
        battery = GaugeMetricFamily("ronda_robot_battery_percent", "As the robot last said", labels=["robot"])
        silence = GaugeMetricFamily("ronda_robot_silence_seconds", "Since its last word", labels=["robot"])
        for robot_id, now in fleet.items():
            if now.state is not None and now.state.battery_pct is not None:
                battery.add_metric([robot_id], now.state.battery_pct)
            if now.silence_s is not None:
                silence.add_metric([robot_id], now.silence_s)
        yield battery
        yield silence

    def _read(self) -> Iterable[Metric]:
        for name, (text, read) in self._gauges.items():
            yield GaugeMetricFamily(f"ronda_{name}", text, value=read())
        for name, (text, read) in self._counters.items():
            yield CounterMetricFamily(f"ronda_{name}", text, value=read())


def _counts(tx: Tx) -> Figures:
    reports = {f"inbox_{state.value}": float(count) for state, count in inbox.counts(tx).items()}
    return {
        **reports,
        "incidents_open": float(incidents.open_count(tx)),
        "missions_active": float(missions.active_count(tx)),
    }


def _stored(counts: Figures | None) -> Iterable[Metric]:
    yield GaugeMetricFamily("ronda_store_answers", "1 while the database does", value=counts is not None)
    if counts is None:
        return
    family = GaugeMetricFamily("ronda_inbox_reports", "Reports by what became of them", labels=["state"])
    for name, value in counts.items():
        if name.startswith("inbox_"):
            family.add_metric([name.removeprefix("inbox_")], value)
    yield family
    yield GaugeMetricFamily("ronda_incidents_open", "Incidents that have not ended", value=counts["incidents_open"])
    yield GaugeMetricFamily("ronda_missions_active", "Missions that have not ended", value=counts["missions_active"])


def _waiting(arrivals: ArrivalKeeper | None) -> Iterable[Metric]:
    """What is durable and not in the inbox yet."""
    if arrivals is None:
        return
    reports = GaugeMetricFamily(
        "ronda_arrivals_waiting_reports", "Reports kept and not taken through yet", labels=["urgency"]
    )
    seconds = GaugeMetricFamily(
        "ronda_arrivals_waiting_seconds", "How long the oldest of them has waited", labels=["urgency"]
    )
    for urgency, backlog in arrivals.backlogs.items():
        reports.add_metric([urgency.value], backlog.count)
        seconds.add_metric([urgency.value], backlog.waited_s(monotonic()))
    yield from (reports, seconds)


def telemetry_figures(lane: TelemetryLane | None) -> Readings:
    """What the telemetry lane counts itself; nothing where there is none."""
    if lane is None:
        return Readings(gauges={}, counters={})
    counted = lane.counters
    return Readings(
        gauges={"telemetry_waiting_messages": ("Received and not yet handled", lambda: lane.subscriber.waiting)},
        counters={
            "telemetry_messages_handled": ("Messages noted, then acknowledged", lambda: counted.handled),
            "telemetry_changes": ("Changes given to the inbox", lambda: counted.crossed),
            "telemetry_values_kept": ("Values written to the files", lambda: counted.kept),
            "telemetry_values_thinned": ("Values too soon after a kept one", lambda: counted.thinned),
            "telemetry_values_lost": ("Values the disk refused", lambda: counted.lost),
            "telemetry_strangers": ("Messages of devices nobody registered", lambda: counted.strangers),
            "telemetry_waits": ("Times the broker had to wait", lambda: lane.subscriber.waits),
        },
    )


def figures(
    mqtt: MqttListener, stream: Stream, reports: ReportIntake, courier: Courier, lane: TelemetryLane | None
) -> Readings:
    """What the parts count themselves."""
    counted = mqtt.counters
    telemetry = telemetry_figures(lane)
    return Readings(
        gauges={
            "mqtt_connections": ("Sensors and gateways connected", lambda: mqtt.open_connections),
            "mqtt_waiting_messages": ("Received and not yet committed", lambda: mqtt.waiting_messages),
            "event_listeners": ("Browsers on the event stream", lambda: stream.listeners),
            "orders_untaken": ("Orders no robot has taken yet", lambda: len(courier)),
            **telemetry["gauges"],
        },
        counters={
            "mqtt_messages_received": ("Messages received", lambda: counted.received),
            "mqtt_messages_kept": ("Messages committed, then acknowledged", lambda: counted.kept),
            "mqtt_messages_not_kept": ("Messages of a failed commit", lambda: counted.not_kept),
            "mqtt_messages_not_allowed": ("Messages to topics not their publisher's", lambda: counted.not_allowed),
            "mqtt_faults": ("Connections ended for what they did", lambda: counted.faults),
            "event_overflows": ("Browsers too slow, given a snapshot", lambda: stream.overflows),
            "reports_refused": ("Robot reports beyond the queue; they come again", lambda: reports.refused),
            **telemetry["counters"],
        },
    )
