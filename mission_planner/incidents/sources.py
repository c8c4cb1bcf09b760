"""The names of those who notice, and of the places where they did."""

from __future__ import annotations

from typing import Protocol

from patrol_core.site import Place, Site, Text
from patrol_core.source import Source, SourceKind


def place_text(site: Site, place: Place | None) -> Text | None:
    """Where it is, in words; None where it has no place, or one of an older site file."""
    if place is None or (place.building_id is not None and place.building_id not in site.buildings):
        return None
    return place.text(site.buildings)


class Named(Protocol):
    """A thing of the site with a name."""

    @property
    def name(self) -> Text: ...


def source_name(site: Site, source: Source) -> Text:
    """The name people know it by; its id where the site does not know it."""
    thing: Named | None = None
    match source.kind:
        case SourceKind.DEVICE:
            thing = site.devices.get(source.source_id)
        case SourceKind.CAMERA:
            thing = site.cameras.get(source.source_id)
        case SourceKind.ROBOT:
            thing = site.robots.get(source.source_id)
    return thing.name if thing is not None else Text(zh=source.source_id, en=source.source_id)
