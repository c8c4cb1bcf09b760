"""A center's folder with a story in it, for tests that spoil copies of it."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

from mission_planner.incidents.chain import Head
from mission_planner.incidents.chain_check import Verdict, verify
from mission_planner.store.opening import reading
from tests.unit.mission_planner.world import World, soon, world

DEVICE = "smoke-b1-1-1102"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8
DIGEST = hashlib.sha256(JPEG).hexdigest()


class Kept:
    """A center's folder after an incident was opened, seen, acknowledged and closed; tests spoil copies of it."""

    def __init__(self, folder: Path, incident_id: str, bundle: bytes) -> None:
        self.folder, self.incident_id, self.bundle = folder, incident_id, bundle

    def copy(self, to: Path) -> Kept:
        shutil.copytree(self.folder, to)
        return Kept(to, self.incident_id, self.bundle)

    def sql(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.folder / "center.db")) as db:
            for statement in statements:
                assert db.execute(statement).rowcount != 0, statement
            db.commit()

    def one(self, query: str) -> object:
        with closing(sqlite3.connect(self.folder / "center.db")) as db:
            return db.execute(query).fetchone()[0]

    def verify(self, known: Head | None = None) -> Verdict:
        with reading(None, file=self.folder / "center.db") as tx:
            return verify(tx, self.folder / "evidence" / "blobs", known=known)

    @property
    def head(self) -> Head:
        return self.verify().head


async def made_in(folder: Path) -> Kept:
    """The folder of a center that ran: an incident was opened, seen, acknowledged and noted."""
    async with world(folder) as center:
        return Kept(folder, *await story(center))


async def story(center: World) -> tuple[str, bytes]:
    """An alarm, a robot's look with its picture, an end; the incident and its bundle."""
    center.robot("r1").speak()
    await center.alarm(DEVICE, value=0.31, unit="%/m")

    async def sent() -> dict | None:
        items = (await center.get("/missions", kind="verify"))["items"]
        return items[0] if items else None

    mission = await soon(sent)
    center.robot("r1").take_orders()
    center.robot("r1").report(UUID(mission["mission_id"]), "scene", photos=(DIGEST,))
    token = next((center.center.settings.data / "enroll").glob("r1.token")).read_text().strip()
    put = await center.http.put(
        f"/evidence/{DIGEST}", content=JPEG, headers={"Authorization": f"Bearer {token}", "Cookie": ""}
    )
    assert put.status_code == 201, put.text

    async def seen() -> dict | None:
        items = (await center.get("/incidents", kind="smoke"))["items"]
        return next((i for i in items if any(p["complete"] for p in i["evidence"])), None)

    incident = await soon(seen)
    path = f"/incidents/{incident['incident_id']}"
    await center.post(f"{path}/acknowledge")
    await center.post(f"{path}/note", {"note": "厨房油烟"})
    bundle = await center.http.get(f"{path}/bundle")
    assert bundle.status_code == 200, bundle.text
    head = await center.get("/evidence/chain/head")
    assert head["at"] is not None
    return incident["incident_id"], bundle.content
