"""Bring a database to the newest schema with Alembic's packaged migrations, at every start."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from patrol_core.errors import Unavailable

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0012"  # the newest file in migrations/versions; a test compares


def migrate_sqlite(path: Path) -> None:
    """Create or upgrade the file.

    Raises:
        Unavailable: the file cannot be opened, is no database, or comes from a newer version of this program.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        found = _version_of_file(path)
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(f"{path}: expected a database this program may write; came: {error}") from None
    if found != HEAD:
        upgrade(URL.create("sqlite", database=str(path)), found=found)


def migrate_postgres(url: URL) -> None:
    """Create or upgrade the tables of the database.

    Raises:
        Unavailable: it comes from a newer version of this program.
    """
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as conn:
        known = inspect(conn).has_table("alembic_version")
        found = conn.scalar(text("SELECT version_num FROM alembic_version")) if known else None
    if found != HEAD:
        upgrade(url, found=found)


def upgrade(url: URL, *, found: str | None, revision: str = "head") -> None:
    """Run the steps up to `revision`, all in one transaction.

    Raises:
        Unavailable: it comes from a newer version of this program.
    """
    # Alembic is slow to import and needed only when something changes, so it is imported here.
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        shown = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
        raise Unavailable(
            f"{shown}: expected a database of this version ({HEAD}) or an older one; came {found}: {error}"
        ) from None


def _version_of_file(path: Path) -> str | None:
    with closing(sqlite3.connect(path)) as db:
        known = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = db.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
        return row[0] if row else None
