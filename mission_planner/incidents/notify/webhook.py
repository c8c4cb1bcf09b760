"""The channel out of the house: signed HTTP POSTs in the form of PagerDuty's Events API v2, until they are taken.

One receiver, in order. While it does not answer, what waits is kept in the log; when it is back, only the newest word
about each incident is sent, so that nobody is called for what is over.

Each body is signed, `X-Ronda-Signature: sha256=<HMAC-SHA256 of the body, hex>`; a receiver compares in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import httpx

from mission_planner import crash
from mission_planner.incidents.sources import place_text, source_name
from mission_planner.settings import Receiver
from mission_planner.store import incidents
from mission_planner.store.notices import Notice, NoticeAction
from mission_planner.store.protocol import Store, Tx
from patrol_core.errors import Unavailable
from patrol_core.kind import KINDS, Priority
from patrol_core.site import Site

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0  # real time
EVENT_ACTIONS = {
    NoticeAction.TRIGGER: "trigger",
    NoticeAction.UNTAKEN: "trigger",
    NoticeAction.ORDER: "acknowledge",  # somebody was sent: nobody else needs to be called
    NoticeAction.HANDED_ON: "acknowledge",
    NoticeAction.ACKNOWLEDGE: "acknowledge",
    NoticeAction.RESOLVE: "resolve",
}
SEVERITIES = {
    Priority.LIFE: "critical",
    Priority.HIGH: "error",
    Priority.MEDIUM: "warning",
    Priority.LOW: "info",
}


class Webhook:
    """Satisfies `Channel`: carries the newest word about each incident to one receiver."""

    name = "webhook"

    def __init__(self, store: Store, site: Site, receiver: Receiver, client: httpx.AsyncClient | None = None) -> None:
        self._store = store
        self._site = site
        self._receiver = receiver
        self._client = client or httpx.AsyncClient(timeout=TIMEOUT_S)

    async def carry(self, waiting: Sequence[Notice]) -> None:
        for notice in newest_words(waiting):
            body = await self._store.read(partial(self._body, notice))
            if body is not None:
                crash.here("webhook-before-send")
                await self._send(body)
                crash.here("webhook-after-send")

    async def close(self) -> None:
        await self._client.aclose()

    async def _send(self, body: dict[str, Any]) -> None:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "X-Ronda-Signature": signature(self._receiver.secret, text)}
        try:
            answer = await self._client.post(self._receiver.url, content=text, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"{type(error).__name__}: {error}".rstrip(": ")) from None
        if answer.is_success:
            return
        if 400 <= answer.status_code < 500 and answer.status_code not in (408, 429):
            log.error("webhook: the receiver refuses %s: %s %.200s", body["dedup_key"], answer.status_code, answer.text)
            return  # the same words would be refused for ever, and hold up all others
        raise Unavailable(f"the receiver answers {answer.status_code}")

    def _body(self, notice: Notice, tx: Tx) -> dict[str, Any] | None:
        row = incidents.find(tx, notice.incident_id)
        return event_of(notice, row, self._site, self._receiver) if row is not None else None


def newest_words(waiting: Sequence[Notice]) -> list[Notice]:
    """The newest telling about each incident, in the order of the log; none about what opened and ended meanwhile."""
    first: dict[UUID, Notice] = {}
    newest: dict[UUID, Notice] = {}
    for notice in waiting:
        first.setdefault(notice.incident_id, notice)
        newest[notice.incident_id] = notice

    def over_before_heard(notice: Notice) -> bool:
        opening = first[notice.incident_id]
        opened = opening.action is NoticeAction.TRIGGER and opening.number == 0
        return notice.action is NoticeAction.RESOLVE and opened

    return sorted((n for n in newest.values() if not over_before_heard(n)), key=lambda n: n.seq)


def signature(secret: str, body: bytes) -> str:
    """The value of `X-Ronda-Signature`."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def event_of(notice: Notice, row: incidents.IncidentRow, site: Site, receiver: Receiver) -> dict[str, Any]:
    """One telling as an event of the Events API v2; `dedup_key` is the incident's id."""
    incident = row.incident
    event: dict[str, Any] = {
        "routing_key": receiver.routing_key,
        "event_action": EVENT_ACTIONS[notice.action],
        "dedup_key": str(incident.incident_id),
    }
    if EVENT_ACTIONS[notice.action] != "trigger":
        return event
    kind, place = KINDS[incident.kind].name, place_text(site, incident.place)
    where = place.zh if place else source_name(site, row.source).zh
    event["payload"] = {
        "summary": f"{kind.zh}：{where}",
        "source": f"{site.site_id}/{row.source.source_id}",
        "severity": SEVERITIES[incident.priority],
        "timestamp": incident.opened_at.isoformat(),
        "component": row.source.kind.value,
        "group": site.name.zh,
        "class": incident.kind.value,
        "custom_details": {
            "summary_en": f"{kind.en}: {place.en if place else source_name(site, row.source).en}",
            "priority": int(incident.priority),
            "told": [role.value for role in notice.tell],
            "on_duty": list(notice.people),
            "telling": notice.number,
        },
    }
    if receiver.console_url:
        event["client"] = "Ronda"
        event["client_url"] = f"{receiver.console_url}/#/incidents/{incident.incident_id}"
    return event
