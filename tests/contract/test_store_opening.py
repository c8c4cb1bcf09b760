"""A store opens what is its own and of its version, and says what is wrong with anything else."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from mission_planner.store import schema
from mission_planner.store.migrate import HEAD, MIGRATIONS
from mission_planner.store.opening import open_store
from mission_planner.store.postgres import PostgresStore
from mission_planner.store.sqlite import SqliteStore
from patrol_core.errors import InvalidInput, Unavailable
from tests.contract.stores import Place
from tests.helpers import postgres


def test_the_migrations_bring_a_database_to_exactly_the_schema(place: Place) -> None:
    place.open().close()
    engine = create_engine(place.url)
    with engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn), schema.metadata) == []
    engine.dispose()


def test_head_names_the_newest_packaged_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_a_database_of_a_newer_version_is_refused_with_a_sentence(place: Place) -> None:
    place.open().close()
    place.sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unavailable, match="9999"):
        place.open()


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "center.db"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(Unavailable, match="expected a database"):
        SqliteStore(path, site_id="xinghe")


def test_a_server_that_is_not_there_is_refused_with_a_sentence_that_tells_no_password(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"ronda:\*\*\*@.*No such file") as refused:
        open_store(f"postgresql://ronda:secret@/db?host={tmp_path}", file=tmp_path / "x", site_id="xinghe")
    assert "secret" not in str(refused.value)
    for wrong in ("mysql://h/d", "postgresql://", "nonsense"):
        with pytest.raises(InvalidInput, match="expected postgresql://"):
            open_store(wrong, file=tmp_path / "x", site_id="xinghe")


def test_a_database_that_holds_other_text_is_refused_with_what_to_do(tmp_path: Path) -> None:
    server = postgres.server()
    address = server.database()
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    with pytest.raises(Unavailable, match=r"createdb --template template0 --encoding UTF8 --locale C\.UTF-8 latin"):
        latin = address.replace(address.split("/")[3].split("?")[0], "latin")
        PostgresStore(latin, beside=tmp_path / "center.db", site_id="xinghe")
    server.drop(address)
