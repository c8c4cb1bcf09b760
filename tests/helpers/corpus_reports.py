"""A corpus message as the inbox holds it."""

from __future__ import annotations

import json
from uuid import NAMESPACE_OID, UUID, uuid5

from mission_planner.incidents.ingest.adapter import RAISES, Understood, message_id, understand
from mission_planner.incidents.reports import encode_payload
from mission_planner.store.inbox import Report, ReportKind
from patrol_core.codec import to_json
from patrol_core.finding import Finding, Phase
from patrol_core.site import Site
from patrol_core.source import Source, SourceKind
from sim.corpus import Message


def report_of(message: Message, site: Site) -> Report:
    """A sensor's own message, or what the watch over silent sensors and mains reports."""
    if message.kind in RAISES[site.devices[message.device_id].kind]:
        topic, payload = _mqtt(message, site)
        unique = message_id(topic, payload)
        assert unique is not None
        return Report(
            report_id=unique,
            kind=ReportKind.MQTT,
            topic=topic,
            body=encode_payload(payload),
            received_at=message.arrives_at,
        )
    finding = Finding(
        finding_id=finding_id_of(message, site),
        source=Source(kind=SourceKind.DEVICE, source_id=message.device_id),
        kind=message.kind,
        phase=message.phase,
        position_m=site.devices[message.device_id].position_m,
        observed_at=message.sent_at,
        confidence=0.9,
    )
    return Report(
        report_id=str(finding.finding_id),
        kind=ReportKind.FINDING,
        topic=message.device_id,
        body=to_json(finding),
        received_at=message.arrives_at,
    )


def finding_id_of(message: Message, site: Site) -> UUID:
    """The id its finding will have."""
    if message.kind in RAISES[site.devices[message.device_id].kind]:
        topic, payload = _mqtt(message, site)
        meaning = understand(topic, payload, site=site, received_at=message.arrives_at)
        assert isinstance(meaning, Understood), meaning
        return meaning.findings[0].finding_id
    return uuid5(NAMESPACE_OID, f"{message.device_id} {message.sequence}")


def _mqtt(message: Message, site: Site) -> tuple[str, bytes]:
    body = {
        "state": "alarm" if message.phase is Phase.RAISED else "normal",
        "kind": message.kind.value,
        "at": message.sent_at.isoformat(),
        "boot": "corpus",
        "seq": message.sequence,
    }
    return f"{site.site_id}/sensors/{message.device_id}/event", json.dumps(body).encode()
