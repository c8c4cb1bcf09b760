"""What is known of the ROS graph: every node and endpoint whose liveliness token is alive."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ros_wire.names import OPPOSITE, Entity, Kind, WireError, parse_token

Log = Callable[[str], None]
TopicListener = Callable[[Entity, bool], None]


class Graph:
    """A cache of entities by token, for any thread; listeners run on the thread that changed it."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._entities: dict[str, Entity] = {}
        self._by_topic: dict[tuple[Kind, str], dict[str, Entity]] = {}
        self._own: set[str] = set()
        self._told: set[tuple[str, str, str]] = set()
        self._listeners: list[Callable[[], None]] = []
        self._topic_listeners: dict[str, list[TopicListener]] = {}

    def add_listener(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every change."""
        with self._lock:
            self._listeners.append(listener)

    def remove_listener(self, listener: Callable[[], None]) -> None:
        """Call it no more; a listener that is not there is no error."""
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def add_topic_listener(self, topic: str, listener: TopicListener) -> None:
        """Call `listener(entity, came)` after an entity came to a topic or service name, or went."""
        with self._lock:
            self._topic_listeners.setdefault(topic, []).append(listener)

    def remove_topic_listener(self, topic: str, listener: TopicListener) -> None:
        """Call it no more; a listener that is not there is no error."""
        with self._lock:
            listeners = self._topic_listeners.get(topic, [])
            if listener in listeners:
                listeners.remove(listener)
            if not listeners:
                self._topic_listeners.pop(topic, None)

    def add_token(self, token: str) -> None:
        """A token appeared on the wire; one that cannot be read is logged and left out."""
        try:
            self.add(parse_token(token), token=token)
        except WireError as error:
            self._log(str(error))

    def add(self, entity: Entity, *, token: str | None = None, own: bool = False) -> None:
        """An entity appeared; `own` marks one of this session."""
        token = entity.token if token is None else token
        with self._lock:
            if own:
                self._own.add(token)
            if token in self._entities:
                return
            self._entities[token] = entity
            self._by_topic.setdefault((entity.kind, entity.topic), {})[token] = entity
            strangers = self._strangers(entity, token)
        for mine, theirs in strangers:
            self._log(_mismatch(mine, theirs))
        self._tell(entity, came=True)

    def remove_token(self, token: str) -> None:
        """A token vanished."""
        with self._lock:
            self._own.discard(token)
            entity = self._entities.pop(token, None)
            if entity is None:
                return
            key = (entity.kind, entity.topic)
            self._by_topic[key].pop(token)
            if not self._by_topic[key]:
                del self._by_topic[key]
        self._tell(entity, came=False)

    def _tell(self, entity: Entity, *, came: bool) -> None:
        with self._lock:
            listeners, of_topic = list(self._listeners), list(self._topic_listeners.get(entity.topic, ()))
        for listener in listeners:
            listener()
        for topic_listener in of_topic:
            topic_listener(entity, came)

    def entities(self, kind: Kind) -> list[Entity]:
        """Every entity of a kind."""
        with self._lock:
            return [entity for entity in self._entities.values() if entity.kind is kind]

    def on_topic(self, kind: Kind, topic: str) -> list[Entity]:
        """Every entity of a kind on a topic or service name."""
        with self._lock:
            return list(self._by_topic.get((kind, topic), {}).values())

    def count(self, kind: Kind, topic: str) -> int:
        """How many entities of a kind are on a topic or service name."""
        with self._lock:
            return len(self._by_topic.get((kind, topic), ()))

    def matches(self, entity: Entity) -> int:
        """How many entities of the opposite kind fit this one in name, type and hash."""
        opposite = self.on_topic(OPPOSITE[entity.kind], entity.topic)
        return sum(o.type_name == entity.type_name and o.type_hash == entity.type_hash for o in opposite)

    def _strangers(self, entity: Entity, token: str) -> list[tuple[Entity, Entity]]:
        """Pairs of one of ours and another that will never hear each other, each pair of nodes and hashes told once."""
        if entity.kind is Kind.NODE:
            return []
        pairs = []
        for other_token, other in self._by_topic.get((OPPOSITE[entity.kind], entity.topic), {}).items():
            if (other.type_name, other.type_hash) == (entity.type_name, entity.type_hash):
                continue
            if token in self._own or other_token in self._own:
                mine, theirs = (entity, other) if token in self._own else (other, entity)
                key = (mine.topic + mine.type_hash, theirs.owner.full_name, theirs.type_hash)
                if key not in self._told:
                    self._told.add(key)
                    pairs.append((mine, theirs))
        return pairs


def _mismatch(mine: Entity, theirs: Entity) -> str:
    if mine.type_name == theirs.type_name:
        return (
            f"{mine.topic}: type {mine.type_name} differs: {mine.owner.full_name} has {mine.type_hash}, "
            f"{theirs.owner.full_name} has {theirs.type_hash}; nothing will pass between them"
        )
    return (
        f"{mine.topic}: {mine.owner.full_name} has it as {mine.type_name}, {theirs.owner.full_name} as "
        f"{theirs.type_name}; nothing will pass between them"
    )
