"""The robots as a port: what the center hears from them, and what it sends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from mission_planner.video.port import VideoAnswer, VideoOffer
from patrol_core.finding import Finding
from patrol_core.mission import LedgerEntry
from patrol_core.orders import Order
from patrol_core.robot import RobotState
from patrol_core.speech import Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """Who listens; each is called in the asyncio thread and returns at once."""

    state: Callable[[RobotState], None]
    finding: Callable[[Finding], None]
    entry: Callable[[LedgerEntry], None]
    speech: Callable[[Speech], None]
    clock: Callable[[datetime], None]
    not_understood: Callable[[str, str], None]  # topic, sentence


class RobotPort(Protocol):
    """The way to all robots of a site."""

    async def start(self, ears: Ears) -> None:
        """Begin to listen.

        Raises:
            Unavailable: a port is taken, or a part is missing; says what to do.
        """

    async def watch(self) -> None:
        """Return never; raise when the port died."""

    def publish(self, order: Order) -> None:
        """Send an order once; the courier sends it again."""

    def acknowledge(self, report_ids: Sequence[UUID]) -> None:
        """These reports are kept; their senders may forget them."""

    async def open_video(self, offer: VideoOffer) -> VideoAnswer:
        """See `VideoPort.open_video`."""

    async def close_video(self, robot_id: str, session_id: str) -> bool:
        """See `VideoPort.close_video`."""

    @property
    def trouble(self) -> str | None:
        """Why robots cannot be heard; None while they can."""

    async def close(self) -> None:
        """Stop listening; idempotent."""
