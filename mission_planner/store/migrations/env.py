"""Alembic's entry: one connection to the database that `store.migrate` names, one transaction for all steps."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, event
from sqlalchemy.pool import NullPool

from mission_planner import crash
from mission_planner.store.schema import metadata

engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
if engine.dialect.name == "sqlite":
    # SQLite can roll back DDL, but the driver's own transaction handling would commit around it.
    event.listen(engine, "connect", lambda dbapi, _: setattr(dbapi, "isolation_level", None))
    # Only a new file minds: free pages can go back to the disk where this was said before its first table.
    event.listen(engine, "connect", lambda dbapi, _: dbapi.execute("PRAGMA auto_vacuum=INCREMENTAL"))
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
        crash.here("migration-under-way")
engine.dispose()
