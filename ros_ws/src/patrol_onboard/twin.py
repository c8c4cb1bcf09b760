"""Notices another live robot of the same id: the one that started later gives way."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from patrol_core.errors import Conflict

ALIVE_AFTER_S = 0.4  # two reports so far apart were not both on their way when their sender died


class TwinAlive(Conflict):
    """Another robot of this id is live; this one must not drive."""


@dataclass(slots=True)
class TwinWatch:
    """Hears every state of this robot's id. Ids of a start (`boot_id`) are UUIDv7: the smaller one is older.

    A single state says nothing: it may be the last word of a process that was just killed. Two of one boot with rising
    sequence, some time apart, come from somebody alive.
    """

    robot_id: str
    boot_id: UUID
    _first: dict[UUID, tuple[int, float]] = field(default_factory=dict)

    def heard(self, boot_id: UUID, sequence: int, now_s: float) -> None:
        """Take one state; `now_s` are monotonic seconds.

        Raises:
            TwinAlive: the other one is alive and started earlier.
        """
        if boot_id == self.boot_id or boot_id > self.boot_id:
            return  # ourselves, or one that will hear us and give way
        first_sequence, first_s = self._first.setdefault(boot_id, (sequence, now_s))
        if sequence > first_sequence and now_s - first_s >= ALIVE_AFTER_S:
            raise TwinAlive(
                f'expected to be the only robot "{self.robot_id}"; another one is live (its start {boot_id}, '
                f"ours {self.boot_id}); give this robot another id, or stop the other one"
            )
