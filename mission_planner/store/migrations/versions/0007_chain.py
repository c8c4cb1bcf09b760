"""The chain of evidence, with a link for every record there is; pictures removed by policy; 64-bit row numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from mission_planner.incidents import chain as form  # its form is for ever
from mission_planner.store import types

revision = "0007"
down_revision = "0006"

_NUMBERED = (
    ("inbox", "seq"),
    ("findings", "seq"),
    ("timeline", "id"),
    ("notices", "seq"),
    ("events", "id"),
    ("audit", "id"),
)


def _table(name: str, *texts: str, **others: Any) -> sa.TableClause:
    columns = [sa.column(c, sa.String()) for c in texts]
    return sa.table(name, *columns, *(sa.column(c, kind) for c, kind in others.items()))


_AUDIT = _table("audit", "at", "who", "action", "target", "detail", id=sa.Integer())
_TIMELINE = _table("timeline", "incident_id", "at", "kind", "by", "picture", id=sa.Integer(), text=sa.JSON())
_FINDINGS = _table("findings", "finding_id", "incident_id", "body", seq=sa.Integer())
_EVIDENCE = _table(
    "evidence", "digest", "media_type", "incident_id", "site_id", size=sa.Integer(), complete=sa.Boolean()
)
_CHAIN = _table("chain", "at", "kind", "subject", "about", "digest", "previous", "hash", seq=sa.Integer())


def upgrade() -> None:
    op.create_table(
        "chain",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_chain")),
    )
    op.create_table(
        "pruned",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_pruned")),
    )
    op.add_column("evidence", sa.Column("pruned_at", types.UtcTime(length=27), nullable=True))
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for table, column in _NUMBERED:
            op.alter_column(table, column, type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False)
            op.execute(f"ALTER SEQUENCE {table}_{column}_seq AS bigint")
        op.alter_column("cursor", "position", type_=sa.BigInteger(), existing_type=sa.Integer())
    _adopt(connection)
    op.create_index("ix_chain_subject", "chain", ["kind", "subject"])
    op.create_index("ix_timeline_picture", "timeline", ["picture"])
    op.create_index("ix_chain_about", "chain", ["about", "seq"])


def _adopt(connection: sa.Connection) -> None:
    """Everything that is here at this moment becomes a link: from now on it cannot be changed unseen."""
    site_id = _site(connection)
    now, head, rows = form.stamp(datetime.now(UTC)), form.genesis(site_id), []
    for kind, subject, about, content in _records(connection):
        digest = form.digest_of(content)
        link = form.forge(head, at=now, kind=kind, subject=subject, about=about, digest=digest)
        head = form.Head(seq=link.seq, hash=link.hash)
        rows.append({name: getattr(link, name) for name in form.Link.__dataclass_fields__} | {"kind": kind.value})
        if len(rows) == 1_000:
            connection.execute(sa.insert(_CHAIN), rows)
            rows = []
    if rows:
        connection.execute(sa.insert(_CHAIN), rows)


def _site(connection: sa.Connection) -> str:
    """The one site of this database; "" where nothing names one."""
    tables = ("incidents", "inbox", "findings", "evidence", "robots", "robot_tokens", "patrols")
    either = " UNION ".join(f"SELECT site_id FROM {table}" for table in tables)  # noqa: S608 - names from above
    return connection.scalar(sa.text(f"{either} LIMIT 1")) or ""


def _records(connection: sa.Connection) -> Iterator[tuple[form.LinkKind, str, str, dict[str, Any]]]:
    for row in connection.execute(sa.select(_AUDIT).order_by(_AUDIT.c.id)):
        content = form.audit_content(at=row.at, who=row.who, action=row.action, target=row.target, detail=row.detail)
        noun, _, about = row.target.partition(" ")
        yield form.LinkKind.AUDIT, str(row.id), about if noun == "incident" else "", content
    for row in connection.execute(sa.select(_TIMELINE).order_by(_TIMELINE.c.id)):
        content = form.timeline_content(
            incident_id=row.incident_id, at=row.at, kind=row.kind, text=row.text, by=row.by, picture=row.picture
        )
        yield form.LinkKind.TIMELINE, str(row.id), row.incident_id, content
    for row in connection.execute(sa.select(_FINDINGS).order_by(_FINDINGS.c.seq)):
        content = form.finding_content(finding_id=row.finding_id, body=row.body)
        yield form.LinkKind.FINDING, row.finding_id, row.incident_id or "", content
    here = sa.select(_EVIDENCE).where(_EVIDENCE.c.complete, _EVIDENCE.c.size.is_not(None))
    for row in connection.execute(here.order_by(_EVIDENCE.c.digest)):
        content = form.picture_content(digest=row.digest, size=row.size, media_type=row.media_type)
        yield form.LinkKind.PICTURE, row.digest, row.incident_id or "", content
