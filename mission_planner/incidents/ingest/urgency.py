"""What is taken through before what: who calls for a person does not wait behind ten thousand sensors. Pure.

Said by the topic alone, at the door, where no message is read yet. Whatever one device says has one urgency, so that
its words stay in order.
"""

from __future__ import annotations

from mission_planner.incidents.ingest.adapters import ADAPTERS
from mission_planner.incidents.registry.entry import RAISES
from mission_planner.store.protocol import Urgency
from patrol_core.kind import KINDS
from patrol_core.site import Site

CALLING = frozenset(device for device, kinds in RAISES.items() if any(KINDS[kind].calls for kind in kinds))


def urgency_of(topic: str, site: Site) -> Urgency:
    """Of whatever comes on a topic; what the topic does not tell waits with the many."""
    adapter = next((a for a in ADAPTERS if a.takes(topic, site)), None)
    kind = adapter.kind_of(topic, site) if adapter is not None else None
    return Urgency.CALL if kind in CALLING else Urgency.ALARM
