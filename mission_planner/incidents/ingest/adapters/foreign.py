"""What the adapters of other systems share: a device of ours, the fields it sent, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mission_planner.incidents.ingest.meaning import DeviceReading, DeviceState, Incoming, Understood, finding_of
from mission_planner.incidents.ingest.signals import Signals, signals_in
from mission_planner.incidents.registry.entry import RAISES
from patrol_core.kind import IncidentKind
from patrol_core.site import Device


def understood(
    incoming: Incoming, device: Device, data: Mapping[str, Any], *, at: datetime, remarks: tuple[str, ...] = ()
) -> Understood:
    """The meaning of a device's fields."""
    return told(incoming, device, signals_in(device.kind, data), at=at, remarks=remarks)


def told(
    incoming: Incoming, device: Device, signals: Signals, *, at: datetime, remarks: tuple[str, ...] = ()
) -> Understood:
    """The meaning of what a device's fields say: alarms and their end, tampering as a fault, else a sign of life."""
    note = " ".join(remarks)
    findings = []
    if signals.state is not None:
        findings.append(
            finding_of(
                device,
                signals.kind or RAISES[device.kind][0],
                signals.state,
                unique=incoming.report_id,
                observed_at=at,
                value=signals.value,
                unit=signals.unit,
                note=note,
            )
        )
    if signals.broken:
        unique = f"{incoming.report_id}/fault"
        fault = IncidentKind.DEVICE_FAULT
        findings.append(finding_of(device, fault, DeviceState.ALARM, unique=unique, observed_at=at, note="tamper"))
    reading = DeviceReading(
        device_id=device.device_id,
        state=signals.state,
        value=signals.value,
        unit=signals.unit,
        battery_pct=signals.battery_pct,
        observed_at=at,
    )
    return Understood(findings=tuple(findings), reading=reading, remarks=remarks)
