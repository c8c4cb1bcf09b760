"""Key expressions and liveliness tokens of rmw_zenoh, and their way back to values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import xxhash

from ros_wire.qos import DEFAULT_QOS, Qos, decode_qos, encode_qos

ADMIN_SPACE = "@ros2_lv"


class Kind(Enum):
    """What a liveliness token announces, by its letters on the wire."""

    NODE = "NN"
    PUBLISHER = "MP"
    SUBSCRIPTION = "MS"
    SERVICE = "SS"
    CLIENT = "SC"


OPPOSITE = {
    Kind.PUBLISHER: Kind.SUBSCRIPTION,
    Kind.SUBSCRIPTION: Kind.PUBLISHER,
    Kind.SERVICE: Kind.CLIENT,
    Kind.CLIENT: Kind.SERVICE,
}


class WireError(ValueError):
    """Something on the wire that is not as rmw_zenoh writes it; says what came and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeId:
    """Which node an entity belongs to."""

    domain: int
    session: str  # zenoh id of the session, hexadecimal
    node: int  # number of the node within its session
    namespace: str  # "/" or "/robot1"
    name: str

    @property
    def full_name(self) -> str:
        """Namespace and name."""
        return f"{self.namespace.rstrip('/')}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A node, or an endpoint of one; for a node the fields of the endpoint are empty."""

    kind: Kind
    owner: NodeId
    number: int  # of the entity within its session
    topic: str = ""  # fully qualified: "/robot1/chatter"
    type_name: str = ""  # "std_msgs/msg/String"
    type_hash: str = ""
    qos: Qos = DEFAULT_QOS

    @property
    def token(self) -> str:
        """The liveliness token that announces it."""
        owner = self.owner
        parts = [
            ADMIN_SPACE, str(owner.domain), owner.session, str(owner.node), str(self.number), self.kind.value,
            "%", mangled(owner.namespace), owner.name,
        ]  # fmt: skip
        if self.kind is not Kind.NODE:
            parts += [mangled(self.topic), dds_type(self.type_name), self.type_hash, encode_qos(self.qos)]
        return "/".join(parts)

    @property
    def gid(self) -> bytes:
        """Its 16-byte id: XXH3-128 of the token, low half first."""
        return xxhash.xxh3_128_intdigest(self.token.encode()).to_bytes(16, "little")

    @property
    def data_key(self) -> str:
        """The key its samples, requests and replies travel on."""
        return f"{self.owner.domain}/{self.topic.strip('/')}/{dds_type(self.type_name)}/{self.type_hash}"


def mangled(name: str) -> str:
    """A ROS name as one chunk of a key expression."""
    return name.replace("/", "%") or "%"


def demangled(chunk: str) -> str:
    """The ROS name of a chunk."""
    return chunk.replace("%", "/")


def dds_type(type_name: str) -> str:
    """`std_msgs/msg/String` as `std_msgs::msg::dds_::String_`."""
    package, kind, name = type_name.split("/")
    return f"{package}::{kind}::dds_::{name}_"


def ros_type(dds: str) -> str:
    """`std_msgs::msg::dds_::String_` as `std_msgs/msg/String`; a name of another form stays as it is."""
    parts = dds.split("::")
    if len(parts) == 4 and parts[2] == "dds_" and parts[3].endswith("_"):
        return f"{parts[0]}/{parts[1]}/{parts[3][:-1]}"
    return dds


def liveliness_pattern(domain: int) -> str:
    """The key expression of every token of a domain."""
    return f"{ADMIN_SPACE}/{domain}/**"


def parse_token(token: str) -> Entity:
    """The entity a token announces.

    Raises:
        WireError: the token has too few parts, an unknown kind, or numbers that are none.
    """
    parts = token.split("/")
    try:
        kind = Kind(parts[5])
        owner = NodeId(
            domain=int(parts[1]), session=parts[2], node=int(parts[3]), namespace=demangled(parts[7]), name=parts[8]
        )
        if kind is Kind.NODE:
            return Entity(kind=kind, owner=owner, number=int(parts[4]))
        return Entity(
            kind=kind, owner=owner, number=int(parts[4]), topic=demangled(parts[9]),
            type_name=ros_type(parts[10]), type_hash=parts[11], qos=decode_qos(parts[12]),
        )  # fmt: skip
    except (IndexError, ValueError) as error:
        raise WireError(f"liveliness token {token!r} cannot be read: {error}") from None
