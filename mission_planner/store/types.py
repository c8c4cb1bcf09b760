"""Column types that keep ids and times exact and sortable in every database."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from patrol_core.ids import id_text


@lru_cache(maxsize=1_024)
def iso(at: datetime) -> str:
    """A moment as fixed-width text: UTC, microseconds, Z. What happens at once is written with the same moment."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


class UtcTime(TypeDecorator[datetime]):
    """A UTC-aware datetime as fixed-width ISO 8601 text, so that it sorts as text and loses nothing."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected a time with its UTC offset; came {value!r}")
        return iso(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Id(TypeDecorator[UUID]):
    """A UUID as its 36 characters; UUIDv7 sorts by the time it was made."""

    impl = String(36)
    cache_ok = True

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> str | None:
        return None if value is None else id_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> UUID | None:
        return None if value is None else UUID(value)
