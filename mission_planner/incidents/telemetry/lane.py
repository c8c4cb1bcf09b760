"""The telemetry lane: a broker's messages in slices into last words and files; what changed goes the inbox's way.

A slice is acknowledged to the broker when its values are noted and its changes are committed, so that a change is never
lost between the two. Between slices the lane rests as long as it worked: the other half of the loop is the life lane's.

Overflow: the subscriber stops reading, the broker waits. What is thinned (a value that comes too soon after the last
kept one) and what nobody knows is counted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import thread_time

import msgspec
import numpy as np

from mission_planner.incidents.ingest.adapter import NotUnderstood, message_id, understand
from mission_planner.incidents.inlet import Inlet
from mission_planner.incidents.registry.last import ALARM, NORMAL, STATE_CODES, ms_of
from mission_planner.incidents.registry.registry import Registry, registry_of
from mission_planner.incidents.reports import encode_payload
from mission_planner.incidents.telemetry.recorder import Recorder
from mission_planner.incidents.telemetry.subscriber import Subscriber, Taken
from mission_planner.settings import Settings
from mission_planner.site_time import SiteTime
from mission_planner.store.inbox import Report, ReportKind
from patrol_core.errors import PatrolError
from patrol_core.ids import uuid7
from patrol_core.site import Site

log = logging.getLogger(__name__)

SLICE = 500  # messages handled without giving way to others: some 4 ms
REPEAT_ALARM_MS = 600_000  # a device that keeps alarming is told again
STRANGERS = 1_000  # unknown topics whose first message is set aside; more are only counted
RETRY_S = 0.5


class Word(msgspec.Struct):
    """The fields of our own JSON that every message has to do with."""

    state: str
    value: float | None = None
    unit: str | None = None
    battery_pct: float | None = None
    kind: str | None = None


@dataclass(slots=True, kw_only=True)
class Counters:
    """What happened since the start; each only grows."""

    handled: int = 0
    crossed: int = 0  # changes given to the inbox
    kept: int = 0  # values written to the files
    thinned: int = 0  # values that came too soon after a kept one
    strangers: int = 0  # of devices nobody registered, or in a form nobody reads
    lost: int = 0  # values the disk refused


class TelemetryLane:
    """Takes from the subscriber until cancelled."""

    def __init__(
        self,
        *,
        subscriber: Subscriber,
        site: Site,
        keep: Callable[[Sequence[Report]], Awaitable[None]],
        recorder: Recorder,
        now: Callable[[], datetime | None],
    ) -> None:
        self.subscriber = subscriber
        self._site = site
        self._registry: Registry = registry_of(site.devices)
        self._words = self._registry.words
        self._keep = keep
        self._recorder = recorder
        self._now = now
        self._decode = msgspec.json.Decoder(Word).decode
        self._prefix = f"{site.site_id}/sensors/".encode()
        self._told_ms: dict[int, int] = {}  # of devices in alarm, when the inbox heard of it
        self._strangers: set[bytes] = set()
        self.counters = Counters()
        self.disk_trouble: str | None = None

    @property
    def trouble(self) -> str | None:
        """Why telemetry is not followed in full; None while it is."""
        return self.subscriber.trouble or self.disk_trouble

    async def run(self) -> None:
        """Slice after slice, for ever."""
        while True:
            taken = await self.subscriber.take(SLICE)
            if not taken.packet_ids:
                continue
            began_s = thread_time()
            now = self._now()
            if now is None:  # the simulator has not said the time: the broker keeps it
                await asyncio.sleep(RETRY_S)
                continue
            crossing = self.handle(taken, now)
            worked_s = thread_time() - began_s  # while others had the processor, the life lane had no turn either
            while crossing:
                try:
                    await self._keep(crossing)
                    break
                except PatrolError as error:
                    log.warning("telemetry: %d changes wait: %s", len(crossing), error)
                    await asyncio.sleep(RETRY_S)
            self.subscriber.done(taken)
            await asyncio.sleep(worked_s)

    def handle(self, taken: Taken, now: datetime) -> list[Report]:
        """Note a slice; what has to go through the inbox."""
        self._words.fit()
        at_ms = ms_of(now)
        crossing: list[Report] = []
        batch: dict[int, tuple[int, float, float, int]] = {}  # position: state, value, battery, unit
        position_of, decode, begins, skip = self._registry.position, self._decode, self._prefix, len(self._prefix)
        state_now = memoryview(self._words.state.data)
        nan = float("nan")
        for topic, payload in zip(taken.topics, taken.payloads, strict=True):
            position = None
            if topic.startswith(begins) and topic.endswith(b"/event"):
                try:
                    position = position_of(topic[skip:-6].decode())
                    word = decode(payload)
                    code = STATE_CODES[word.state]
                except (msgspec.DecodeError, KeyError, UnicodeDecodeError, RecursionError):
                    position = None
            if position is None or not code:
                self._slowly(topic, payload, now, crossing)
                continue
            known = batch[position][0] if position in batch else state_now[position]
            if position in batch and (code != known or code == ALARM):
                self._note(batch, at_ms)  # a device that changed twice within a slice did change twice
                batch.clear()
            if code == ALARM or (code != known and known):
                if code != known or at_ms - self._told_ms.get(position, 0) >= REPEAT_ALARM_MS:
                    crossing.append(_report(topic, payload, now))
                    self._told_ms[position] = at_ms
                if code == NORMAL:
                    self._told_ms.pop(position, None)
            battery, value = word.battery_pct, word.value
            batch[position] = (
                code,
                nan if value is None else value,
                battery if battery is not None and 0 <= battery <= 100 else nan,
                self._words.unit_code(word.unit[:16]) if word.unit else 0,
            )
        self._note(batch, at_ms)
        self.counters.handled += len(taken.packet_ids)
        self.counters.crossed += len(crossing)
        return crossing

    def _slowly(self, topic: bytes, payload: bytes, now: datetime, crossing: list[Report]) -> None:
        """Another system's form, or nobody's: its adapter says what it means."""
        name = topic.decode(errors="replace")
        meaning = understand(name, payload, site=self._site, received_at=now)
        if isinstance(meaning, NotUnderstood):
            self.counters.strangers += 1
            if meaning.claims_alarm or (topic not in self._strangers and len(self._strangers) < STRANGERS):
                self._strangers.add(topic)
                crossing.append(_report(topic, payload, now))
            return
        reading = meaning.reading
        position = self._registry.position(reading.device_id) if reading is not None else None
        if reading is None or position is None:
            if meaning.findings:
                crossing.append(_report(topic, payload, now))
            return
        at_ms = ms_of(now)
        known = int(self._words.state[position])
        code = known if reading.state is None else STATE_CODES[reading.state.value]
        again = code == ALARM and at_ms - self._told_ms.get(position, 0) >= REPEAT_ALARM_MS
        if (code != known and (known or code == ALARM)) or again or len(meaning.findings) > 1:
            crossing.append(_report(topic, payload, now))
            self._told_ms[position] = at_ms
        value = float("nan") if reading.value is None else reading.value
        battery = float("nan") if reading.battery_pct is None else reading.battery_pct
        self._note({position: (code, value, battery, self._words.unit_code(reading.unit))}, at_ms)

    def _note(self, batch: dict[int, tuple[int, float, float, int]], at_ms: int) -> None:
        """Into the last words; and to disk what is worth it."""
        if not batch:
            return
        positions = np.fromiter(batch, dtype=np.int64, count=len(batch))
        states, values, batteries, units = zip(*batch.values(), strict=True)
        said = np.array(values)
        codes = np.array(states, dtype=np.uint8)
        moved = self._words.note_many(
            positions, codes, said, np.array(batteries, dtype=np.float32), np.array(units, dtype=np.uint16), at_ms
        )
        try:
            count = self._recorder.offer(positions, codes, said, moved, at_ms)
        except OSError as error:
            self.counters.lost += len(positions)
            if self.disk_trouble is None:
                log.error("telemetry: values are not kept: %s", error)
            self.disk_trouble = f"values are not kept: {error}"
            return
        self.disk_trouble = None
        self.counters.kept += count
        self.counters.thinned += len(positions) - count


def _report(topic: bytes, payload: bytes, now: datetime) -> Report:
    name = topic.decode(errors="replace")
    return Report(
        report_id=message_id(name, payload) or uuid7().hex,
        kind=ReportKind.MQTT,
        topic=name,
        body=encode_payload(payload),
        received_at=now,
    )


def telemetry_lane(
    settings: Settings, site: Site, inlet: Inlet, recorder: Recorder, clock: SiteTime
) -> TelemetryLane | None:
    """The lane to the broker that the settings name; None where they name none."""
    broker = settings.telemetry
    if broker is None:
        return None
    topics = broker.topics or (f"{site.site_id}/sensors/+/event",)
    return TelemetryLane(
        subscriber=Subscriber(replace(broker, topics=topics)),
        site=site,
        keep=inlet.keep_reports,
        recorder=recorder,
        now=clock.now_or_none,
    )
