"""Quality of service as the wire knows it, and its short form in liveliness tokens."""

from __future__ import annotations

from dataclasses import dataclass

# Numbers of the rmw policies
RELIABLE, BEST_EFFORT = 1, 2
TRANSIENT_LOCAL, VOLATILE = 1, 2
KEEP_LAST, KEEP_ALL = 1, 2
AUTOMATIC = 1
DEFAULT_DEPTH = 42  # what rmw_zenoh takes for a depth of 0
KEEP_ALL_LIMIT = 10_000  # keep-all is bounded here too: beyond it the oldest goes
INFINITE_NS = 0x7FFF_FFFF_FFFF_FFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Qos:
    """Policies with their rmw numbers; durations in nanoseconds, 0 and `INFINITE_NS` both mean none."""

    reliability: int = RELIABLE
    durability: int = VOLATILE
    history: int = KEEP_LAST
    depth: int = DEFAULT_DEPTH
    deadline_ns: int = INFINITE_NS
    lifespan_ns: int = INFINITE_NS
    liveliness: int = AUTOMATIC
    lease_ns: int = INFINITE_NS

    @property
    def queue_length(self) -> int:
        """How many samples a queue keeps; beyond it the oldest goes."""
        return KEEP_ALL_LIMIT if self.history == KEEP_ALL else self.depth or DEFAULT_DEPTH


DEFAULT_QOS = Qos()


def _number(value: int, default: int) -> str:
    return "" if value == default else str(value)


def _duration(value_ns: int) -> str:
    if value_ns in (0, INFINITE_NS):
        return ","
    return f"{value_ns // 1_000_000_000},{value_ns % 1_000_000_000}"


def encode_qos(qos: Qos) -> str:
    """The short form: what equals the default is left out, `::,10:,:,:,,`."""
    return ":".join(
        (
            _number(qos.reliability, DEFAULT_QOS.reliability),
            _number(qos.durability, DEFAULT_QOS.durability),
            f"{_number(qos.history, DEFAULT_QOS.history)},{_number(qos.depth, DEFAULT_QOS.depth)}",
            _duration(qos.deadline_ns),
            _duration(qos.lifespan_ns),
            f"{_number(qos.liveliness, DEFAULT_QOS.liveliness)},{_duration(qos.lease_ns)}",
        )
    )


def decode_qos(text: str) -> Qos:
    """The policies of a short form.

    Raises:
        ValueError: it has not six parts, or a part is no number.
    """
    parts = text.split(":")
    if len(parts) < 6:
        raise ValueError(f"QoS {text!r} has {len(parts)} parts, expected 6")
    history, depth = parts[2].split(",")[:2]
    liveliness, *lease = parts[5].split(",")
    return Qos(
        reliability=int(parts[0] or DEFAULT_QOS.reliability),
        durability=int(parts[1] or DEFAULT_QOS.durability),
        history=int(history or DEFAULT_QOS.history),
        depth=int(depth or DEFAULT_QOS.depth),
        deadline_ns=_nanoseconds(parts[3].split(",")),
        lifespan_ns=_nanoseconds(parts[4].split(",")),
        liveliness=int(liveliness or DEFAULT_QOS.liveliness),
        lease_ns=_nanoseconds(lease),
    )


def _nanoseconds(parts: list[str]) -> int:
    seconds, nanoseconds = (*parts, "", "")[:2]
    if not seconds and not nanoseconds:
        return INFINITE_NS
    return min(int(seconds or 0) * 1_000_000_000 + int(nanoseconds or 0), INFINITE_NS)
