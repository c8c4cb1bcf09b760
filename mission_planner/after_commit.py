"""What follows a commit: robots get their orders, browsers and the scheduler hear of the change."""

from __future__ import annotations

from collections.abc import Sequence

from mission_planner import crash
from mission_planner.api.stream import Stream
from mission_planner.bus import Work
from mission_planner.fleet.courier import Courier
from mission_planner.fleet.scheduler import Scheduler
from mission_planner.incidents.notify.outbox import Outbox
from mission_planner.store.events import Subject


class AfterCommit:
    """Called with each work that is committed."""

    def __init__(self, *, stream: Stream, courier: Courier) -> None:
        self._stream = stream
        self._courier = courier
        self.scheduler: Scheduler | None = None  # made after the bus that calls here, as is the next
        self.outboxes: Sequence[Outbox] = ()

    def __call__(self, work: Work) -> None:
        for order in work.orders:
            crash.here("dispatch-before-send")
            self._courier.send(order)
        if work.changed_subjects:
            self._stream.changed(work.hurried)
        if Subject.INCIDENT in work.changed_subjects:
            for outbox in self.outboxes:
                outbox.wake()
        if Subject.PATROL in work.changed_subjects and self.scheduler is not None:
            self.scheduler.changed()
