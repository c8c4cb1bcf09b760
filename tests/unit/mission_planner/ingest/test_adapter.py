"""Messages of fixed sensors become findings and readings, or say why not; nothing crying for help is dropped."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maps import load_site
from mission_planner.incidents import repeats
from mission_planner.incidents.ingest.adapter import (
    RAISES,
    DeviceState,
    NotUnderstood,
    PlainAlarm,
    Understood,
    claims_alarm,
    glance,
    message_id,
    seen,
    understand,
)
from mission_planner.incidents.ingest.adapters import ronda_json
from patrol_core.finding import Phase
from patrol_core.geometry import GeoOrigin, Point2
from patrol_core.kind import IncidentKind
from patrol_core.lanes import LaneGraph
from patrol_core.site import Device, DeviceKind, Place, Site, Text
from patrol_core.source import SourceKind

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SMOKE_TOPIC = "xinghe/sensors/smoke-1/event"


def device(device_id: str, kind: DeviceKind) -> Device:
    name = Text(zh=device_id, en=device_id)
    return Device(device_id=device_id, kind=kind, name=name, position_m=Point2(3, 4), height_m=2, place=Place())


SITE = Site(
    site_id="xinghe",
    name=Text(zh="星河", en="Xinghe"),
    timezone="Asia/Shanghai",
    origin=GeoOrigin(lat_deg=31, lon_deg=121),
    buildings={},
    zones=(),
    lanes=LaneGraph(nodes={}, lanes=()),
    viewpoints={},
    docks={},
    devices={
        f"{kind.value.replace('_', '-')}-1": device(f"{kind.value.replace('_', '-')}-1", kind) for kind in DeviceKind
    },
    cameras={},
    spots={},
)


def say(
    topic: str = SMOKE_TOPIC, *, site: Site = SITE, now: datetime = NOW, **fields: Any
) -> Understood | NotUnderstood:
    return understand(topic, json.dumps(fields).encode(), site=site, received_at=now)


def understood(*args: Any, **fields: Any) -> Understood:
    result = say(*args, **fields)
    assert isinstance(result, Understood), result
    return result


def refused(*args: Any, **fields: Any) -> NotUnderstood:
    result = say(*args, **fields)
    assert isinstance(result, NotUnderstood), result
    return result


def test_an_alarm_with_everything() -> None:
    result = understood(
        state="alarm",
        kind="smoke",
        value=0.31,
        unit="%/m",
        battery_pct=88,
        at="2026-03-02T15:59:58+08:00",
        boot="b",
        seq=1,
    )
    (finding,) = result.findings
    assert (finding.kind, finding.phase, finding.position_m) == (IncidentKind.SMOKE, Phase.RAISED, Point2(3, 4))
    assert (finding.source.kind, finding.source.source_id) == (SourceKind.DEVICE, "smoke-1")
    assert finding.observed_at == datetime(2026, 3, 2, 7, 59, 58, tzinfo=UTC)
    assert (finding.value, finding.unit) == (0.31, "%/m")
    assert (result.reading.state, result.reading.battery_pct) == (DeviceState.ALARM, 88)
    assert result.remarks == ()


def test_the_least_that_is_needed_is_a_state() -> None:
    result = understood(state="normal")
    assert result.findings[0].phase is Phase.CLEARED
    assert (result.reading.value, result.reading.battery_pct) == (None, None), "unknown stays unknown"
    assert result.reading.observed_at == NOW


@pytest.mark.parametrize("kind", list(DeviceKind))
def test_every_kind_of_device_raises_its_kind_of_incident(kind: DeviceKind) -> None:
    result = understood(f"xinghe/sensors/{kind.value.replace('_', '-')}-1/event", state="alarm")
    assert result.findings[0].kind is RAISES[kind][0]


def test_kinds_that_have_other_names_than_their_devices() -> None:
    wanted = {
        DeviceKind.WATER_METER: IncidentKind.WATER_NO_USE,
        DeviceKind.DOOR_MAGNET: IncidentKind.DOOR,
        DeviceKind.WRISTBAND_GATEWAY: IncidentKind.WRISTBAND,
        DeviceKind.SOS_BUTTON: IncidentKind.SOS,
    }
    assert {kind: RAISES[kind][0] for kind in wanted} == wanted


def test_a_wristband_gateway_may_say_fall_or_sos() -> None:
    topic = "xinghe/sensors/wristband-gateway-1/event"
    assert understood(topic, state="alarm", kind="person_fallen").findings[0].kind is IncidentKind.PERSON_FALLEN
    assert understood(topic, state="alarm", kind="sos").findings[0].kind is IncidentKind.SOS


def test_the_position_is_the_site_files() -> None:
    moved = replace(SITE, devices={"smoke-1": replace(SITE.devices["smoke-1"], position_m=Point2(50, 60))})
    assert understood(site=moved, state="alarm").findings[0].position_m == Point2(50, 60)


@pytest.mark.parametrize(
    ("topic", "fields", "because"),
    [
        ("other/sensors/smoke-1/event", {"state": "alarm"}, 'expected topic "xinghe/sensors/<device>/event"'),
        ("xinghe/sensors//event", {"state": "alarm"}, "expected topic"),
        ("xinghe/sensors/nope/event", {"state": "alarm"}, 'expected a device of site "xinghe"; came "nope"'),
        (SMOKE_TOPIC, {}, 'state: expected "alarm" or "normal"; came nothing there'),
        (SMOKE_TOPIC, {"state": "fine"}, "came 'fine'"),
        (SMOKE_TOPIC, {"state": 1}, "came 1"),
        (SMOKE_TOPIC, {"state": "alarm", "kind": "gas"}, 'kind: expected "smoke" from "smoke-1"; came "gas"'),
    ],
)
def test_what_is_not_understood_says_what_was_expected_and_what_came(
    topic: str, fields: dict[str, Any], because: str
) -> None:
    result = refused(topic, **fields)
    assert because in result.because
    assert result.claims_alarm is (fields.get("state") == "alarm")


def test_an_unknown_device_is_named_so_that_its_alarm_has_a_source() -> None:
    assert refused("xinghe/sensors/nope/event", state="alarm").device_id == "nope"


@pytest.mark.parametrize(
    "wrong",
    [
        {"battery_pct": 400},
        {"battery_pct": "full"},
        {"value": "high"},
        {"value": True},
        {"unit": "x" * 100},
        {"at": "yesterday"},
        {"at": "2026-03-02T08:00:00"},
        {"at": "1970-01-01T00:00:00Z"},
        {"seq": "one"},
        {"boot": []},
    ],
)
def test_a_wrong_extra_never_buries_an_alarm(wrong: dict[str, Any]) -> None:
    result = understood(state="alarm", **wrong)
    assert result.findings[0].kind is IncidentKind.SMOKE
    (remark,) = result.remarks
    assert remark.startswith(next(iter(wrong)) + ": expected")
    assert result.findings[0].note.en == remark


def test_a_device_clock_that_is_off_is_not_believed() -> None:
    for off in (timedelta(days=2), timedelta(days=-40)):
        result = understood(state="alarm", at=(NOW + off).isoformat())
        assert result.findings[0].observed_at == NOW
        assert result.remarks


@pytest.mark.parametrize(
    ("payload", "claims"),
    [
        (b'{"state":"ALARM"', True),
        (b"SOS", True),
        ("三楼报警".encode(), True),
        (b"\xff\xfealarm", True),
        (b'{"state":"normal","value":', False),
        (b'{"temperature": 21}', False),
        (b"", False),
        (b"\x00\x01\x02", False),
        (b"[" * 100_000, False),
    ],
)
def test_bytes_nobody_understands_may_still_cry_for_help(payload: bytes, claims: bool) -> None:
    result = understand(SMOKE_TOPIC, payload, site=SITE, received_at=NOW)
    assert isinstance(result, NotUnderstood)
    assert result.claims_alarm is claims
    assert claims_alarm(payload) is claims


# --- identity


def ids(*payloads: dict[str, Any], topic: str = SMOKE_TOPIC) -> set[str | None]:
    return {message_id(topic, json.dumps(p).encode()) for p in payloads}


def test_the_same_boot_and_seq_is_the_same_message_even_written_differently() -> None:
    assert len(ids({"state": "alarm", "boot": "b", "seq": 7}, {"seq": 7, "boot": "b", "state": "normal"})) == 1
    assert len(ids({"boot": "b", "seq": 7}, {"boot": "b", "seq": 8}, {"boot": "c", "seq": 7})) == 3


def test_devices_do_not_share_sequences() -> None:
    same = {"boot": "b", "seq": 7}
    assert ids(same) != ids(same, topic="xinghe/sensors/smoke-2/event")


def test_boot_and_seq_cannot_be_confused_by_where_one_ends() -> None:
    assert len(ids({"boot": "1", "seq": 11}, {"boot": "11", "seq": 1})) == 2


def test_a_seq_without_boot_makes_nothing_unique() -> None:
    assert ids({"state": "alarm", "seq": 7}) == {None}, "it starts again when the device does"


def test_a_time_makes_the_whole_message_unique() -> None:
    a, b = {"state": "alarm", "at": "2026-03-02T08:00:00Z"}, {"state": "alarm", "at": "2026-03-02T08:00:01Z"}
    assert len(ids(a, a)) == 1
    assert len(ids(a, b)) == 2
    assert None not in ids(a, b)


def test_two_alarms_that_say_neither_are_two() -> None:
    first = understood(state="alarm")
    second = understood(state="alarm", now=NOW + timedelta(microseconds=1))
    assert first.findings[0].finding_id != second.findings[0].finding_id


def test_a_message_taken_through_twice_makes_the_same_finding() -> None:
    payload = b'{"state":"alarm"}'
    once, twice = (
        understand(SMOKE_TOPIC, payload, site=SITE, received_at=NOW + timedelta(hours=h), report_id="r-1")
        for h in (0, 1)
    )
    assert isinstance(once, Understood)
    assert isinstance(twice, Understood)
    assert once.findings[0].finding_id == twice.findings[0].finding_id


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(["state", "kind", "value", "unit", "battery_pct", "at", "boot", "seq", "x"])
objects = st.dictionaries(names, values | st.sampled_from(["alarm", "normal", "smoke", "2026-03-02T08:00:00Z"]))


@given(st.binary(max_size=100) | objects.map(lambda o: json.dumps(o).encode()), st.sampled_from([SMOKE_TOPIC, "x", ""]))
def test_no_payload_breaks_it_and_no_alarm_is_dropped(payload: bytes, topic: str) -> None:
    result = understand(topic, payload, site=SITE, received_at=NOW)
    try:
        state = json.loads(payload).get("state")
    except (ValueError, AttributeError, UnicodeDecodeError):
        state = None
    if state == "alarm":
        raised = isinstance(result, Understood) and result.findings[0].phase is Phase.RAISED
        assert raised or (isinstance(result, NotUnderstood) and result.claims_alarm)
    message_id(topic, payload)


def test_every_device_of_the_demo_site_can_raise_an_alarm() -> None:
    site = load_site("xinghe")
    for device_id, there in site.devices.items():
        result = understood(f"xinghe/sensors/{device_id}/event", site=site, state="alarm")
        assert result.findings[0].position_m == there.position_m


_ANYTHING = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
_TIMES = st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat())


@given(
    st.fixed_dictionaries(
        {"state": st.sampled_from(["alarm", "Alarm", "normal", "odd"]) | _ANYTHING},
        optional={
            "kind": st.just("smoke") | _ANYTHING,
            "value": st.floats(-1e9, 1e9) | _ANYTHING,
            "unit": st.just("%/m") | _ANYTHING,
            "battery_pct": st.floats(0, 100) | _ANYTHING,
            "at": _TIMES | _ANYTHING,
            "boot": _ANYTHING,
            "seq": _ANYTHING,
            "more": _ANYTHING,
        },
    )
)
def test_a_message_read_in_one_go_means_what_it_means_field_by_field(data: dict[str, Any]) -> None:
    payload = json.dumps(data).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ronda_json, "_whole", _reads_nothing)
        by_field = understand(SMOKE_TOPIC, payload, site=SITE, received_at=NOW), message_id(SMOKE_TOPIC, payload)
    assert (understand(SMOKE_TOPIC, payload, site=SITE, received_at=NOW), message_id(SMOKE_TOPIC, payload)) == by_field


@given(
    st.binary(max_size=100)
    | st.fixed_dictionaries(
        {"state": st.sampled_from(["alarm", "Alarm", "normal", 1])},
        optional={
            "kind": st.sampled_from(["smoke", "device_fault", "gas", 7]),
            "value": st.floats(-1e9, 1e9) | st.text(max_size=3),
            "unit": st.just("%/m") | st.text(max_size=20),
            "battery_pct": st.floats(-10, 110),
            "at": _TIMES | st.just(NOW.isoformat()) | st.text(max_size=3),
            "more": _ANYTHING,
        },
    ).map(lambda o: json.dumps(o).encode()),
    st.sampled_from([SMOKE_TOPIC, "xinghe/sensors/nobody/event", "xinghe/else", "zigbee2mqtt/smoke-1", ""]),
)
@example(b'{"state": "alarm", "kind": "device_fault"}', SMOKE_TOPIC)
@example(b'{"state": "alarm"}', SMOKE_TOPIC)
def test_a_glance_sees_what_is_understood_or_nothing(payload: bytes, topic: str) -> None:
    alarm = glance(topic, payload, site=SITE, received_at=NOW)
    assert alarm == glance(topic, payload.decode(errors="replace"), site=SITE, received_at=NOW) or not payload.isascii()
    if alarm is not None:
        meant = understand(topic, payload, site=SITE, received_at=NOW, report_id="r-1")
        assert isinstance(meant, Understood)
        (finding,) = meant.findings
        assert repeats.plain(finding)
        assert alarm == PlainAlarm(finding.source.source_id, finding.kind, meant.reading, finding.note.en)
        assert seen(alarm, site=SITE, report_id="r-1") == finding
    elif payload == b'{"state": "alarm"}':
        assert topic != SMOKE_TOPIC, "what a storm is made of is seen"


def _reads_nothing(_payload: bytes) -> None:
    raise msgspec.DecodeError("not in one go")
