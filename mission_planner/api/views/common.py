"""Shapes that several nouns share, and what a view is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mission_planner.fleet.live import FleetNow
from mission_planner.store import evidence
from mission_planner.store.evidence import EvidenceRow
from mission_planner.store.protocol import Tx
from patrol_core import geometry, site
from patrol_core.site import Site

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class See:
    """What a view is drawn from: one snapshot of the store, and the robots at that moment."""

    tx: Tx
    site: Site
    fleet: FleetNow
    now: datetime | None  # UTC site time; None where it is not known yet


class View(BaseModel):
    """Base of everything the API answers."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Text(View):
    """A sentence or name in both languages of the console."""

    zh: str
    en: str


Sentence = Text | str
"""In both languages where the center says it; a robot and a person say it in theirs."""


class Point(View):
    """Frame `map`, metres: x east, y north."""

    x_m: float
    y_m: float


class Pose(Point):
    """A point and a heading, counter-clockwise from east (REP-103)."""

    heading_rad: float


class Page(View, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None = Field(description="give it as `after` for the next part; null at the end")


class Picture(View):
    """A photo as evidence."""

    digest: str = Field(description="SHA-256, hexadecimal")
    url: str
    taken_at: datetime | None
    checkpoint_id: str | None
    mission_id: UUID | None
    name: str | None = Field(description="what it shows, in the site's first language")
    complete: bool = Field(description="whether its bytes have come; until then the URL answers 404")


def text(value: site.Text | None) -> Text | None:
    """None stays None."""
    return Text(zh=value.zh, en=value.en) if value is not None else None


def words(value: site.Text) -> Text:
    """A name or sentence that is always there."""
    return Text(zh=value.zh, en=value.en)


def point(value: geometry.Point2 | None) -> Point | None:
    """None stays None."""
    return Point(x_m=value.x_m, y_m=value.y_m) if value is not None else None


def pose(value: geometry.Pose2 | None) -> Pose | None:
    """None stays None."""
    return Pose(x_m=value.x_m, y_m=value.y_m, heading_rad=value.heading_rad) if value is not None else None


def pictures(
    see: See,
    digests: Iterable[str],
    names: Mapping[str, str] | None = None,
    known: Mapping[str, EvidenceRow] | None = None,
) -> list[Picture]:
    """The pictures of these digests, in their order.

    Args:
        names: what a checkpoint is called, by its id; viewpoints of the site need none.
        known: rows that were read already, by digest; None: they are read here.
    """
    wanted = list(digests)
    rows = evidence.several(see.tx, wanted) if known is None else known
    return [picture(see, rows.get(digest, EvidenceRow(digest=digest)), names) for digest in wanted]


def picture(see: See, row: EvidenceRow, names: Mapping[str, str] | None = None) -> Picture:
    """One picture."""
    viewpoint = see.site.viewpoints.get(row.checkpoint_id or "")
    name = (names or {}).get(row.checkpoint_id or "") or (viewpoint.name.zh if viewpoint else None)
    return Picture(
        digest=row.digest,
        url=f"/api/v1/evidence/{row.digest}",
        taken_at=row.taken_at,
        checkpoint_id=row.checkpoint_id,
        mission_id=row.mission_id,
        name=name,
        complete=row.complete,
    )
