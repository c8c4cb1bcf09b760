"""The part of a node that asks about the graph."""

from __future__ import annotations

from rclpy._names import expand_topic_name
from rclpy._node_base import NodeBase
from rclpy._waiting import wait_for_graph
from rclpy.exceptions import InvalidTopicNameException
from rclpy.topic_endpoint_info import TopicEndpointInfo
from ros_wire.names import Entity, Kind

NamesAndTypes = list[tuple[str, list[str]]]


class NodeGraph(NodeBase):
    """Questions about other nodes and their endpoints."""

    def get_topic_names_and_types(self, no_demangle: bool = False) -> NamesAndTypes:
        """Every topic that is published or subscribed to."""
        return _names_and_types(self._rcl_entities(Kind.PUBLISHER) + self._rcl_entities(Kind.SUBSCRIPTION))

    def get_service_names_and_types(self) -> NamesAndTypes:
        """Every service that is served."""
        return _names_and_types(self._rcl_entities(Kind.SERVICE))

    def get_node_names(self) -> list[str]:
        """The name of every node."""
        return [node.owner.name for node in self._rcl_entities(Kind.NODE)]

    def get_node_names_and_namespaces(self) -> list[tuple[str, str]]:
        """Name and namespace of every node."""
        return [(node.owner.name, node.owner.namespace) for node in self._rcl_entities(Kind.NODE)]

    def get_node_names_and_namespaces_with_enclaves(self) -> list[tuple[str, str, str]]:
        """Name, namespace and enclave of every node; this wire's sessions have none but "/"."""
        return [(name, namespace, "/") for name, namespace in self.get_node_names_and_namespaces()]

    def get_fully_qualified_node_names(self) -> list[str]:
        """Namespace and name of every node."""
        return [node.owner.full_name for node in self._rcl_entities(Kind.NODE)]

    def get_publisher_names_and_types_by_node(
        self, node_name: str, node_namespace: str, no_demangle: bool = False
    ) -> NamesAndTypes:
        """The topics that a node publishes."""
        return self._rcl_of_node(Kind.PUBLISHER, node_name, node_namespace)

    def get_subscriber_names_and_types_by_node(
        self, node_name: str, node_namespace: str, no_demangle: bool = False
    ) -> NamesAndTypes:
        """The topics that a node subscribes to."""
        return self._rcl_of_node(Kind.SUBSCRIPTION, node_name, node_namespace)

    def get_service_names_and_types_by_node(self, node_name: str, node_namespace: str) -> NamesAndTypes:
        """The services that a node serves."""
        return self._rcl_of_node(Kind.SERVICE, node_name, node_namespace)

    def get_client_names_and_types_by_node(self, node_name: str, node_namespace: str) -> NamesAndTypes:
        """The services that a node has clients of."""
        return self._rcl_of_node(Kind.CLIENT, node_name, node_namespace)

    def count_publishers(self, topic_name: str) -> int:
        """How many publishers a topic has."""
        return self._rcl_count(Kind.PUBLISHER, topic_name)

    def count_subscribers(self, topic_name: str) -> int:
        """How many subscriptions a topic has."""
        return self._rcl_count(Kind.SUBSCRIPTION, topic_name)

    def count_services(self, service_name: str) -> int:
        """How many servers a service has."""
        return self._rcl_count(Kind.SERVICE, service_name)

    def count_clients(self, service_name: str) -> int:
        """How many clients a service has."""
        return self._rcl_count(Kind.CLIENT, service_name)

    def get_publishers_info_by_topic(self, topic_name: str, no_mangle: bool = False) -> list[TopicEndpointInfo]:
        """The publishers of a topic."""
        return self._rcl_info(Kind.PUBLISHER, topic_name)

    def get_subscriptions_info_by_topic(self, topic_name: str, no_mangle: bool = False) -> list[TopicEndpointInfo]:
        """The subscriptions of a topic."""
        return self._rcl_info(Kind.SUBSCRIPTION, topic_name)

    def wait_for_node(self, fully_qualified_node_name: str, timeout: float) -> bool:
        """Wait until a node is known; False when `timeout` seconds are over."""
        name = "/" + fully_qualified_node_name.lstrip("/")
        return wait_for_graph(self._context, lambda: name in self.get_fully_qualified_node_names(), timeout)

    def _rcl_entities(self, kind: Kind) -> list[Entity]:
        return self._context.session.graph.entities(kind)

    def _rcl_of_node(self, kind: Kind, name: str, namespace: str) -> NamesAndTypes:
        mine = (name, namespace or "/")
        if not any((node.owner.name, node.owner.namespace) == mine for node in self._rcl_entities(Kind.NODE)):
            raise NodeNameNonExistentError(f"no node {name!r} in namespace {namespace!r} is known")
        return _names_and_types([e for e in self._rcl_entities(kind) if (e.owner.name, e.owner.namespace) == mine])

    def _rcl_absolute(self, name: str) -> str:
        try:
            return expand_topic_name(name, self.get_name(), self.get_namespace())
        except InvalidTopicNameException as error:
            raise ValueError(f"{name!r} is invalid: {error.error_msg}") from None

    def _rcl_count(self, kind: Kind, name: str) -> int:
        return self._context.session.graph.count(kind, self._rcl_absolute(name))

    def _rcl_info(self, kind: Kind, name: str) -> list[TopicEndpointInfo]:
        found = self._context.session.graph.on_topic(kind, self._rcl_absolute(name))
        return [TopicEndpointInfo.of(entity) for entity in found]


class NodeNameNonExistentError(RuntimeError):
    """A node was asked about that nobody knows."""


def _names_and_types(entities: list[Entity]) -> NamesAndTypes:
    found: dict[str, set[str]] = {}
    for entity in entities:
        found.setdefault(entity.topic, set()).add(entity.type_name)
    return [(name, sorted(types)) for name, types in sorted(found.items())]
