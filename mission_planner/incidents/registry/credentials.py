"""What devices and gateways log in with, and what each may say: on its own topics, and nowhere else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from mission_planner.bus import Command, Work
from mission_planner.incidents.ingest.identity import Anybody, Identity
from mission_planner.incidents.ingest.topics import covers, is_topic_filter, matches
from mission_planner.incidents.registry.checking import ID
from mission_planner.incidents.registry.registry import Registry
from mission_planner.people.passwords import made_up
from mission_planner.people.sessions import hash_of
from mission_planner.store import registry as stored
from mission_planner.store.protocol import Store, Tx
from mission_planner.store.registry import Credential
from patrol_core.errors import InvalidInput, NotFound

GATEWAY = "gateway:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Shown once; only its hash is kept."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """A device: everything below its own topic."""

    site_id: str
    device_id: str

    @property
    def name(self) -> str:
        return self.device_id

    def may_publish(self, topic: str) -> bool:
        return topic.startswith(f"{self.site_id}/sensors/{self.device_id}/")

    def may_subscribe(self, pattern: str) -> bool:
        return covers(f"{self.site_id}/sensors/{self.device_id}/#", pattern)

    def speaks_for(self, device_id: str) -> bool:
        """Whether it may send this device's reports."""
        return device_id == self.device_id


@dataclass(frozen=True, slots=True)
class GatewayIdentity:
    """A gateway: the topics of the devices registered behind it, and those filters it was given."""

    site_id: str
    gateway_id: str
    topics: tuple[str, ...]
    registry: Registry

    @property
    def name(self) -> str:
        return GATEWAY + self.gateway_id

    def may_publish(self, topic: str) -> bool:
        match topic.split("/", 3):
            case [self.site_id, "sensors", device_id, _]:
                return self.speaks_for(device_id)
        return any(matches(pattern, topic) for pattern in self.topics)

    def may_subscribe(self, pattern: str) -> bool:
        match pattern.split("/", 3):
            case [self.site_id, "sensors", device_id, _]:
                return self.speaks_for(device_id)
        return any(covers(given, pattern) for given in self.topics)

    def speaks_for(self, device_id: str) -> bool:
        """Whether the device is registered behind it."""
        return self.registry.gateway_of(device_id) == self.gateway_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Give(Command[Secret]):
    """A device gets a new credential; its old one ends."""

    device_id: str

    @property
    def target(self) -> str:
        return f"sensor {self.device_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveGateway(Command[Secret]):
    """A gateway gets a new credential; its old one ends."""

    gateway_id: str
    topics: tuple[str, ...] = ()  # filters besides the topics of the devices registered behind it

    @property
    def target(self) -> str:
        return f"gateway {self.gateway_id}"

    @property
    def detail(self) -> str:
        return ", ".join(self.topics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke(Command[None]):
    """A credential ends."""

    username: str

    @property
    def target(self) -> str:
        return f"credential {self.username}"


def give(work: Work, command: Give) -> Secret:
    """Handler of Give; raises NotFound for a device the site has not."""
    return _make(work.tx, work.site.device(command.device_id).device_id, ())


def give_gateway(work: Work, command: GiveGateway) -> Secret:
    """Handler of GiveGateway.

    Raises:
        InvalidInput: the id, or a filter.
    """
    if not ID.fullmatch(command.gateway_id):
        came = f"{command.gateway_id!r:.80}"
        raise InvalidInput(f"expected 1 to 64 of a-z, 0-9, - and _; came {came}", where="gateway_id")
    for pattern in command.topics:
        first = pattern.split("/", 1)[0]
        if not is_topic_filter(pattern) or first in ("+", "#", work.site.site_id) or first.startswith("$"):
            raise InvalidInput(
                f'expected a topic filter with a first level of its own, not "{work.site.site_id}", + or #; '
                f"came {pattern!r:.80}",
                where="topics",
            )
    return _make(work.tx, GATEWAY + command.gateway_id, command.topics)


def revoke(work: Work, command: Revoke) -> None:
    """Handler of Revoke; raises NotFound where there is none."""
    if not stored.revoke(work.tx, command.username):
        raise NotFound("credential", command.username)


class Doorkeeper:
    """Knows who comes, by the credential.

    Passwords are made up here (99 bits of chance), never chosen, so SHA-256 keeps them: 400,000 devices that come back
    after a power cut must not wait for a hash that is slow on purpose.
    """

    def __init__(self, *, store: Store, registry: Registry, site_id: str, anonymous: bool) -> None:
        """`anonymous`: nameless clients of this machine are let in, and may say everything."""
        self._store = store
        self._site_id = site_id
        self._registry = registry
        self._anonymous = anonymous

    async def admit(
        self, *, client_id: str, username: str | None, password: bytes | None, peer_is_loopback: bool
    ) -> Identity | None:
        """Satisfies `Authenticate`."""
        if username is None and password is None:
            return Anybody() if self._anonymous and peer_is_loopback else None
        try:
            return await self.identify(username, (password or b"").decode())
        except UnicodeDecodeError:
            return None

    async def identify(self, username: str | None, password: str) -> Identity | None:
        """Whose it is; None where it is nobody's. Without a user name the password alone says it."""
        secret_hash = hash_of(password)

        def look(tx: Tx) -> Credential | None:
            if username is None:
                return stored.credential_of_secret(tx, secret_hash)
            return stored.credential(tx, username)

        found = await self._store.read(look)
        if found is None or not secrets.compare_digest(found.secret_hash, secret_hash):
            return None
        if found.username.startswith(GATEWAY):
            gateway_id = found.username.removeprefix(GATEWAY)
            return GatewayIdentity(self._site_id, gateway_id, found.topics, self._registry)
        return DeviceIdentity(self._site_id, found.username)


def _make(tx: Tx, username: str, topics: tuple[str, ...]) -> Secret:
    password = made_up()
    kept = Credential(username=username, secret_hash=hash_of(password), topics=topics, made_at=datetime.now(UTC))
    stored.put_credential(tx, kept)
    return Secret(username=username, password=password)
