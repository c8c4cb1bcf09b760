"""What a robot reports of an order to speak."""

from __future__ import annotations

from datetime import datetime

from patrol_core.orders import Order
from patrol_core.site import Language, Text
from patrol_core.speech import Speech, SpeechState


def speech_of(order: Order, state: SpeechState, at: datetime, because: str = "") -> Speech:
    """What became of the order."""
    return Speech(
        order_id=order.order_id,
        robot_id=order.robot_id,
        words=order.words,
        language=order.language or Language.ZH,
        urgent=order.urgent,
        incident_id=order.incident_id,
        asked_at=order.issued_at,
        state=state,
        because=Text.same(because),
        at=at,
    )
