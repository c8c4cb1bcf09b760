"""Every error a person may read. Each says what was expected and what came.

PatrolError
├── InvalidInput          the caller's data is wrong; nothing was changed
│   └── InvalidSite       a site file is wrong: file, feature, expected, came
├── NotFound              no such thing
├── Conflict              the thing is not in a state that allows this
│   └── IllegalTransition the state table has no such row
├── NotAuthenticated      log in first
├── NotAllowed            the role does not carry this action
├── Unreachable           no path to the goal, or no progress on it
├── LinkLost              nothing heard for longer than the limit
├── OutboxFull            the robot's durable queue is at its bound
├── Unavailable           a part this needs is missing or degraded
└── ClockUnknown          site time was asked for before the simulator said it
"""

from __future__ import annotations


class PatrolError(Exception):
    """Base of every error of this project. Its text is one sentence for a person.

    Args:
        what: the sentence in English; on a robot, one in both languages.
        zh: the English one in Chinese, where the console shows it.
    """

    def __init__(self, what: object, *, zh: str | None = None) -> None:
        super().__init__(what)
        self.zh = zh


class InvalidInput(PatrolError):
    """The caller's data is wrong.

    Args:
        what: sentence for a person.
        where: the field, file or feature it is about, if one.
        zh: as of every error.
    """

    def __init__(self, what: str, *, where: str | None = None, zh: str | None = None) -> None:
        super().__init__(f"{where}: {what}" if where else what, zh=zh)
        self.what = what
        self.where = where


class InvalidSite(InvalidInput):
    """A site file is wrong.

    Args:
        file: path of the file.
        feature: id of the feature, or of the setting.
        expected: what the validator wanted, in words.
        came: what stood there, in words.
    """

    def __init__(self, *, file: str, feature: str | None, expected: str, came: str) -> None:
        where = f"{file}: {feature}" if feature else file
        super().__init__(f"expected {expected}; came {came}", where=where)
        self.file = file
        self.feature = feature
        self.expected = expected
        self.came = came


class NotFound(PatrolError):
    """No such thing."""

    def __init__(self, noun: str, key: object) -> None:
        super().__init__(f'no {noun} "{key}"')
        self.noun = noun
        self.key = key


class Conflict(PatrolError):
    """The thing is not in a state that allows this."""


class IllegalTransition(Conflict):
    """The state table has no row for this state and event."""

    def __init__(self, state: object, event: object, *, zh: str | None = None) -> None:
        name = event.__name__ if isinstance(event, type) else type(event).__name__
        super().__init__(f"{name} is not possible in state {state}", zh=zh)
        self.state = state
        self.event = event


class NotAuthenticated(PatrolError):
    """Nobody is logged in, or the session ended."""


class NotAllowed(PatrolError):
    """The account's roles do not carry this action."""


class Unreachable(PatrolError):
    """No path to the goal, or no progress on it."""


class LinkLost(PatrolError):
    """Nothing was heard for longer than the limit."""


class OutboxFull(PatrolError):
    """The durable queue is at its bound; the caller must keep the report or make room."""


class Unavailable(PatrolError):
    """A part that this needs is missing or degraded."""


class ClockUnknown(PatrolError):
    """Site time was asked for before the simulator said it."""
