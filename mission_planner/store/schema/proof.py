"""Pictures, the chain of evidence, and what was removed of both."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table

from mission_planner.store.schema.base import Big, metadata
from mission_planner.store.types import Id, UtcTime

evidence = Table(
    "evidence",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 hex
    Column("site_id", String(64), nullable=False),
    Column("robot_id", String(64)),
    Column("size", Integer),  # bytes; None until it came
    Column("media_type", String(64), nullable=False, default="image/jpeg"),
    Column("taken_at", UtcTime),
    Column("checkpoint_id", String(64)),
    Column("mission_id", Id, index=True),
    Column("incident_id", Id, index=True),
    Column("complete", Boolean, nullable=False, default=False),
    Column("pruned_at", UtcTime),  # when it was removed by policy; `size` stays until its bytes are gone, too
    Index("ix_evidence_robot", "site_id", "robot_id", "taken_at"),
)

chain = Table(
    "chain",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),  # wall, as text: it was hashed so
    Column("kind", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("about", String(36), nullable=False),  # incident; "" for none
    Column("digest", String(64), nullable=False),  # SHA-256 hex, as are the next two
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_chain_subject", "kind", "subject"),
    Index("ix_chain_about", "about", "seq"),
)

pruned = Table(
    "pruned",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=False),  # of its link
    Column("body", JSON, nullable=False),  # {"kind", "because", "seqs": [[first, last], …]}
)
