"""Why an executor gives up waiting for work."""


class TimeoutException(Exception):
    """Nothing was ready in the time given."""


class ShutdownException(Exception):
    """The executor was shut down."""


class ExternalShutdownException(Exception):
    """The context was shut down, by a signal or another thread."""

    def __init__(self, *args: object) -> None:
        super().__init__(*(args or ("The passed context is not valid.",)))


class ConditionReachedException(Exception):
    """What was waited for has happened."""
