"""Tellings out of the house: signed HTTP POSTs in the form of PagerDuty's Events API v2, until they are taken.

One receiver, in order. While it does not answer, what waits is kept in the log; when it is back, only the newest word
about each incident is sent, so that nobody is called for what is over.

Each body is signed, `X-Ronda-Signature: sha256=<HMAC-SHA256 of the body, hex>`; a receiver compares in constant time.
"""

from __future__ import annotations

import asyncio
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
from mission_planner.store import incidents, notices
from mission_planner.store.notices import Notice, NoticeAction
from mission_planner.store.protocol import Store, Tx
from patrol_core.errors import PatrolError
from patrol_core.kind import KINDS, Priority
from patrol_core.site import Site

log = logging.getLogger(__name__)

CHANNEL = "webhook"
BATCH = 500
TIMEOUT_S = 10.0  # real time, as are those below
RETRY_FIRST_S, RETRY_MAX_S = 1.0, 60.0
SEVERITIES = {
    Priority.LIFE: "critical",
    Priority.HIGH: "error",
    Priority.MEDIUM: "warning",
    Priority.LOW: "info",
}


class Webhook:
    """Follows the log of tellings and carries it out."""

    def __init__(self, store: Store, site: Site, receiver: Receiver, client: httpx.AsyncClient | None = None) -> None:
        self._store = store
        self._site = site
        self._receiver = receiver
        self._client = client or httpx.AsyncClient(timeout=TIMEOUT_S)
        self._something = asyncio.Event()
        self._something.set()  # what was left by the process before
        self.trouble: str | None = None

    def wake(self) -> None:
        """There is something new to tell."""
        self._something.set()

    async def run(self) -> None:
        """Carry for ever; what fails is tried again, ever more slowly, and nothing is given up."""
        pause_s = RETRY_FIRST_S
        async with self._client:
            while True:
                await self._something.wait()
                self._something.clear()
                try:
                    while await self._carry():
                        pass
                    self.trouble, pause_s = None, RETRY_FIRST_S
                except (httpx.HTTPError, httpx.InvalidURL, PatrolError) as error:
                    said = f"{type(error).__name__}: {error}".rstrip(": ")
                    if self.trouble != said:
                        log.warning("webhook: %s; trying again for as long as it takes", said)
                    self.trouble = said
                    await asyncio.sleep(pause_s)
                    pause_s = min(2 * pause_s, RETRY_MAX_S)
                    self._something.set()

    async def _carry(self) -> bool:
        """Send what waits; whether there may be more."""
        position = await self._store.write(_position)
        waiting = await self._store.read(lambda tx: notices.after(tx, position, BATCH))
        if not waiting:
            return False
        for notice in newest_words(waiting):
            body = await self._store.read(partial(self._body, notice))
            if body is not None:
                crash.here("webhook-before-send")
                await self._send(body)
                crash.here("webhook-after-send")
        last = waiting[-1].seq
        await self._store.write(lambda tx: notices.carry(tx, CHANNEL, last))
        return len(waiting) == BATCH

    async def _send(self, body: dict[str, Any]) -> None:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "X-Ronda-Signature": signature(self._receiver.secret, text)}
        answer = await self._client.post(self._receiver.url, content=text, headers=headers)
        if 400 <= answer.status_code < 500 and answer.status_code not in (408, 429):
            log.error("webhook: the receiver refuses %s: %s %.200s", body["dedup_key"], answer.status_code, answer.text)
            return  # the same words would be refused for ever, and hold up all others
        answer.raise_for_status()

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
        "event_action": notice.action.value,
        "dedup_key": str(incident.incident_id),
    }
    if notice.action is not NoticeAction.TRIGGER:
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
            "telling": notice.number,
        },
    }
    if receiver.console_url:
        event["client"] = "Ronda"
        event["client_url"] = f"{receiver.console_url}/#/incidents/{incident.incident_id}"
    return event


def _position(tx: Tx) -> int:
    """Where the channel stands; one that is new begins now, not with last year's incidents."""
    position = notices.carried(tx, CHANNEL)
    if position is None:
        position = notices.newest(tx)
        notices.carry(tx, CHANNEL, position)
    return position
