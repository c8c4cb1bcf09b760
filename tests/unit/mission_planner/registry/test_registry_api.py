"""The registry over HTTP: a file is previewed, taken, found again; devices log in, and are heard by HTTP."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest

from patrol_bringup.cli import main
from tests.unit.mission_planner.world import PASSWORD, World, soon

pytestmark = pytest.mark.anyio

HEADER = "id,kind,name_zh,name_en,building,unit,floor,flat,external_id,gateway,silent_after_h\n"
CSV = {"Content-Type": "text/csv"}


def rows(*lines: str) -> str:
    return HEADER + "".join(line + "\n" for line in lines)


async def import_(world: World, text: str | bytes, *, dry_run: bool = False, media: str = "text/csv") -> dict:  # type: ignore[type-arg]
    content = text if isinstance(text, bytes) else text.encode()
    answer = await world.http.post(
        "/sensors/import", params={"dry_run": dry_run}, content=content, headers={"Content-Type": media}
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_dry_run_says_what_would_happen_and_keeps_nothing(shared: World) -> None:
    said = await import_(shared, rows("wb-9,wristband,手环,Band,b1,1,3,301,,,"), dry_run=True)
    assert (said["rows"], said["added"], said["errors_total"]) == (1, 1, 0), said
    assert said["sample"][0]["place_detail"] == {"building_id": "b1", "unit": "1", "floor": 3, "flat": "301"}
    assert (await shared.http.get("/sensors/wb-9")).status_code == 404


async def test_an_import_is_kept_found_again_and_changes_nothing_the_second_time(shared: World) -> None:
    text = rows("wb-1,wristband,手环一,Band one,b1,1,3,301,dev-eui-1,gw-1,12", "bin-1,bin_level,垃圾桶,Bin,b1,,,,,,")
    before = (await shared.http.get("/sensors/summary")).json()["total"]
    said = await import_(shared, text)
    assert (said["added"], said["errors"]) == (2, [])
    assert (await import_(shared, text))["unchanged"] == 2
    said = await import_(shared, text.replace("Band one", "Band 1"))
    assert (said["changed"], said["unchanged"]) == (1, 1)
    device = (await shared.http.get("/sensors/wb-1")).json()
    assert device["name"]["en"] == "Band 1"
    assert (device["external_id"], device["gateway"], device["origin"], device["lane"]) == (
        "dev-eui-1",
        "gw-1",
        "import",
        "life",
    )
    assert device["health"]["state"] == "never_heard"
    assert device["state"] == "unknown"
    assert (await shared.http.get("/sensors/summary")).json()["total"] == before + 2
    found = (await shared.http.get("/sensors", params={"q": "band", "kind": "wristband"})).json()
    assert [d["device_id"] for d in found["items"]] == ["wb-1"]


async def test_one_wrong_row_keeps_the_whole_file_out_and_every_error_names_its_place(shared: World) -> None:
    text = rows(
        "ok-1,smoke,好,Fine,b1,1,3,301,,,",
        "Bad Id,smoke,坏,Bad,b1,,,,,,",
        "x-3,toaster,坏,Bad,b1,,,,,,",
        "ok-1,smoke,重,Twice,b1,,,,,,",
        "x-5,smoke,坏,Bad,b999,,,,,,",
        "x-6,smoke,坏,Bad,,,,,,,",
        "x-7,smoke,坏,Bad,b1,,abc,,,,",
    )
    said = await import_(shared, text)
    assert {(e["line"], e["column"]) for e in said["errors"]} == {
        (3, "id"), (4, "kind"), (5, "id"), (6, "building"), (7, "lat"), (8, "floor"),
    }  # fmt: skip
    assert all(e[part][language] for e in said["errors"] for part in ("expected", "came") for language in ("zh", "en"))
    assert (await shared.http.get("/sensors/ok-1")).status_code == 404


async def test_a_table_saved_by_a_spreadsheet_in_another_encoding_says_how_to_save_it(shared: World) -> None:
    said = await import_(shared, rows("x-1,smoke,烟感,Smoke,b1,,,,,,").encode("gb18030"))
    (error,) = said["errors"]
    assert "CSV UTF-8" in error["expected"]["zh"]
    assert (await shared.http.get("/sensors/x-1")).status_code == 404


async def test_a_kind_that_was_mistyped_names_the_one_that_was_meant(shared: World) -> None:
    said = await import_(shared, rows("x-1,smok,烟感,Smoke,b1,,,,,,"))
    (error,) = said["errors"]
    assert error["expected"]["zh"].startswith("可能是 smoke；")


async def test_yaml_is_taken_too_and_its_errors_name_the_line_of_the_value(shared: World) -> None:
    text = "devices:\n- id: pile-1\n  kind: charging_pile\n  name_en: Pile\n  x_m: 10\n  y_m: 20\n"
    text += "- id: pile-2\n  kind: 7\n  name_en: [a]\n"
    said = await import_(shared, text, media="application/yaml")
    assert {(e["line"], e["column"]) for e in said["errors"]} == {(9, "name_en")}
    said = await import_(shared, text[: text.index("- id: pile-2")], media="application/yaml")
    assert said["added"] == 1
    assert (await shared.http.get("/sensors/pile-1")).json()["position"] == {"x_m": 10.0, "y_m": 20.0}


async def test_the_export_is_a_file_that_an_import_takes_unchanged(shared: World) -> None:
    await import_(shared, rows("wb-2,wristband,手环一,Band one,b1,1,3,301,dev-eui-2,gw-1,12"))
    text = (await shared.http.get("/sensors/export")).text
    device = next(line for line in text.splitlines() if line.startswith("wb-2,"))
    said = await import_(shared, text.splitlines()[0] + "\n" + device + "\n")
    assert (said["rows"], said["unchanged"]) == (1, 1)


async def test_a_device_is_heard_by_http_with_its_own_credential_and_no_other(shared: World) -> None:
    await import_(
        shared, rows("sos-a,sos_button,求助,Button,b1,1,3,301,,,", "sos-b,sos_button,求助,Button,b1,1,4,401,,,")
    )
    secret = (await shared.http.post("/sensors/sos-a/credential")).json()
    basic = base64.b64encode(f"{secret['username']}:{secret['password']}".encode()).decode()
    body = {"state": "alarm", "boot": "1", "seq": 1}
    mine = {"Authorization": f"Basic {basic}"}
    first = await shared.http.post("/ingest/sos-a", json=body, headers=mine)
    again = await shared.http.post(
        "/ingest/sos-a", json=body, headers={"Authorization": f"Bearer {secret['password']}"}
    )
    assert first.status_code == again.status_code == 200, (first.text, again.text)
    assert first.json() == again.json()
    await soon(lambda: _state(shared, "sos-a", "alarm"))
    incidents = (await shared.http.get("/incidents")).json()["items"]
    assert [i["source"]["id"] for i in incidents if i["source"]] == ["sos-a"]
    assert (await shared.http.post("/ingest/sos-b", json=body, headers=mine)).status_code == 403
    wrong = {"Authorization": "Bearer nobody"}
    assert (await shared.http.post("/ingest/sos-a", json=body, headers=wrong)).status_code == 401
    assert (await shared.http.post("/ingest/sos-a", content=b"?", headers=mine)).status_code == 422
    assert (await shared.http.post("/ingest/sos-a", content=b"x" * 70_000, headers=mine)).status_code == 413
    unclear = await shared.http.post("/ingest/sos-a", content=b"SOS help", headers=mine)
    assert unclear.status_code == 200, "what may be a cry for help is kept"
    assert (await shared.http.delete("/sensors/sos-a/credential")).status_code == 204
    assert (await shared.http.post("/ingest/sos-a", json=body, headers=mine)).status_code == 401


async def _state(world: World, device_id: str, wanted: str) -> bool:
    await asyncio.sleep(0)
    return bool((await world.http.get(f"/sensors/{device_id}")).json()["state"] == wanted)


async def test_the_command_line_imports_and_exports_through_a_running_center(
    shared: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RONDA_PASSWORD", PASSWORD)
    monkeypatch.setenv("RONDA_CENTER_URL", str(shared.http.base_url).removesuffix("/api/v1/"))
    file, out = tmp_path / "devices.csv", tmp_path / "out.csv"
    file.write_text(rows("pile-9,charging_pile,桩,Pile,b1,,,,,,"), encoding="utf-8")
    assert await asyncio.to_thread(main, ["devices", "import", str(file), "--dry-run"]) == 0
    assert "1 would be added" in capsys.readouterr().out
    assert await asyncio.to_thread(main, ["devices", "import", str(file)]) == 0
    assert "1 were added" in capsys.readouterr().out
    assert await asyncio.to_thread(main, ["devices", "export", str(out)]) == 0
    assert "pile-9,charging_pile,桩,Pile,b1" in out.read_text(encoding="utf-8")
    file.write_text(rows("pile-9,toaster,桩,Pile,b1,,,,,,"), encoding="utf-8")
    assert await asyncio.to_thread(main, ["devices", "import", str(file)]) == 1
    assert "line 2, kind: expected one of smoke" in capsys.readouterr().err
