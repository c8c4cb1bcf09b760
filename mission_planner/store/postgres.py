"""The store in a PostgreSQL database of its own: one writing connection, told apart by a lock of the database."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from mission_planner.store.migrate import migrate_postgres
from mission_planner.store.reserve import Reserve
from mission_planner.store.with_arrivals import WithArrivals
from mission_planner.store.writer import READERS
from patrol_core.errors import InvalidInput, Unavailable

log = logging.getLogger(__name__)

WRITER_LOCK = 0x526F6E6461  # "Ronda": whoever writes holds this advisory lock for as long as its connection lives
CONNECT_TIMEOUT_S = 5
DEAD_PEER_MS = 10_000  # a server that answers no packet for so long is gone
_ORDERLY = ("C", "POSIX", "C.UTF-8", "C.utf8", "ucs_basic")  # collations that sort text as SQLite does


class PostgresStore(WithArrivals):
    """Satisfies `Store`; the queue is as in `GroupStore`.

    The server's disk is the server's: nothing on it can be reserved from here. What comes in is durable on the center's
    own disk first, with a reserve there, so that it is kept also while the server's disk is full, or the server away.
    """

    def __init__(
        self,
        address: str,
        *,
        beside: Path,
        site_id: str,
        capacity: int = 2_000,
        group: int = 500,
        reserve_bytes: int = 0,
    ) -> None:
        """Connect, bring to the newest schema, and start the writers.

        Args:
            address: `postgresql://user@host/database`; one database for each site.
            beside: where a file of SQLite would be; what has just come in is kept beside it.
            reserve_bytes: of that disk, kept free for cries for help.

        Raises:
            InvalidInput: no such address.
            Unavailable: the server does not answer, another center writes there, the database sorts text by a language,
                or it was written by a newer version.
        """
        url = postgres_url(address)
        writer = _engine(url, pool_size=1, options="-c synchronous_commit=on")
        event.listen(writer, "connect", _take_the_pen)
        try:
            with writer.connect() as conn:  # holds the lock from here on: the pool keeps the connection
                _check(conn, url)
                migrate_postgres(url)
        except SQLAlchemyError as error:
            writer.dispose()
            raise Unavailable(f"{_shown(url)}: {getattr(error, 'orig', error)}".strip()) from None
        except BaseException:
            writer.dispose()
            raise
        reserve = Reserve(beside.with_name("reserve"), reserve_bytes)
        options = "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
        super().__init__(
            site_id=site_id,
            writer=writer,
            reader=_engine(url, pool_size=READERS, options=options),
            capacity=capacity,
            group=group,
            reserve=reserve,
        )
        self.open_arrivals(beside.with_suffix(".arrivals.db"), reserve)


def postgres_url(address: str) -> URL:
    """The address for the driver; raises InvalidInput."""
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in ("postgresql", "postgres") or not url.database:
        raise InvalidInput("expected postgresql://user@host/database; came something else", where="RONDA_STORE")
    return url.set(drivername="postgresql+psycopg")


def _engine(url: URL, *, pool_size: int, options: str) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,  # a server that was restarted costs nobody a refusal
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "client_encoding": "utf8",
            "tcp_user_timeout": DEAD_PEER_MS,
            "application_name": "ronda center",
            "options": options,
        },
    )


def _take_the_pen(dbapi: Any, _record: Any) -> None:
    """Every connection that writes; the lock ends with it, so a second center can never write between."""
    with dbapi.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", (WRITER_LOCK,))
        (taken,) = cursor.fetchone()
    dbapi.commit()
    if not taken:
        raise Unavailable("another center writes to this database; end it, or set RONDA_STORE to another")


def _check(conn: Any, url: URL) -> None:
    query = (
        "SELECT datcollate, pg_encoding_to_char(encoding), current_setting('fsync') FROM pg_database"
        " WHERE datname = current_database()"
    )
    collation, encoding, fsync = conn.exec_driver_sql(query).one()
    if collation not in _ORDERLY or encoding != "UTF8":
        raise Unavailable(
            f"{_shown(url)}: expected a database of UTF8 that sorts text by its codes; came {encoding}, {collation}; "
            f"make one with: createdb --template template0 --encoding UTF8 --locale C.UTF-8 {url.database}"
        )
    if fsync != "on":
        log.warning("%s: the server runs with fsync=%s: what is acknowledged may be lost with the power", url, fsync)


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
