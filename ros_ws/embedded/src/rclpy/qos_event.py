"""The event classes, under the older name that user code imports."""

from rclpy.event_handler import (
    EventHandler,
    PublisherEventCallbacks,
    SubscriptionEventCallbacks,
    UnsupportedEventTypeError,
)

__all__ = ["EventHandler", "PublisherEventCallbacks", "SubscriptionEventCallbacks", "UnsupportedEventTypeError"]
