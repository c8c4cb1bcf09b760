"""A bundle of evidence: everything about one incident in a zip that any machine can verify without the center.

    manifest.json           what it is, of which incident, the chain's head, SHA-256 of every other file
    incident.json           as it stood when the bundle was made; not linked itself, its timeline and findings are
    timeline.json           lines by their number
    findings.json           what the sources said, by id, as stored
    audit.json              who did what to the incident, by number
    pruned.json             what policy removed since the first of these links, by link
    pictures/<SHA-256>.jpg  bytes
    chain.ndjson            every link from the first about the incident to the head: one line each

Between two links about the incident stand those of others: they tell that something was linked, never what it was.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import String, cast, or_, select

from mission_planner.incidents.chain import (
    Head,
    Link,
    LinkKind,
    audit_content,
    canonical,
    digest_of,
    finding_content,
    genesis,
    picture_content,
    stamp,
    walk,
)
from mission_planner.incidents.chain_check import Verdict, compare, line_content
from mission_planner.store import chain, incidents
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import audit, evidence, findings, timeline
from mission_planner.store.schema import chain as links
from patrol_core.codec import plain
from patrol_core.errors import InvalidInput

FORM = "ronda evidence bundle 1"
MAX_FILE_BYTES = 512 * 1024 * 1024  # of one file in a bundle that is verified
_LISTS = {
    LinkKind.TIMELINE: "timeline.json",
    LinkKind.FINDING: "findings.json",
    LinkKind.AUDIT: "audit.json",
}
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


def write_bundle(tx: Tx, incident_id: UUID, blobs: Path, out: IO[bytes]) -> Head:
    """Write the bundle; the head it ends at.

    Raises:
        NotFound: no such incident.
    """
    row = incidents.get(tx, incident_id)
    head = chain.head(tx)
    about = str(incident_id)
    lines = {str(r.id): line_content(r) for r in tx.conn.execute(_of(timeline, incident_id))}
    said = {
        str(r.finding_id): finding_content(finding_id=str(r.finding_id), body=r.body)
        for r in tx.conn.execute(
            select(findings).where(
                or_(
                    findings.c.incident_id == incident_id,
                    cast(findings.c.finding_id, String).in_(
                        select(links.c.subject).where(links.c.about == about, links.c.kind == LinkKind.FINDING.value)
                    ),
                )
            )
        )
    }
    done = {
        str(r.id): audit_content(at=stamp(r.at), who=r.who, action=r.action, target=r.target, detail=r.detail)
        for r in tx.conn.execute(select(audit).where(audit.c.target == f"incident {about}"))
    }
    shown = {*row.incident.evidence, *(line["picture"] for line in lines.values() if line["picture"])}
    here = tx.conn.execute(
        select(evidence).where(
            evidence.c.complete, or_(evidence.c.incident_id == incident_id, evidence.c.digest.in_(shown))
        )
    ).all()
    begun = [chain.first_about(tx, about), *chain.seqs_of(tx, LinkKind.PICTURE, [r.digest for r in here])[:1]]
    first = min([seq for seq in begun if seq is not None], default=head.seq + 1)
    files = {
        "incident.json": _json({"incident_id": about, "incident": plain(row.incident), "source": plain(row.source)}),
        "timeline.json": _json(lines),
        "findings.json": _json(said),
        "audit.json": _json(done),
        "pruned.json": _json({str(seq): body for seq, body in chain.buried(tx) if seq >= first}),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        sums: dict[str, str] = {}
        pictures = {}
        for name, data in files.items():
            bundle.writestr(name, data)
            sums[name] = hashlib.sha256(data).hexdigest()
        for r in here:
            name = f"pictures/{r.digest}.{_ENDINGS.get(r.media_type, 'bin')}"
            path = blobs / r.digest[:2] / r.digest
            pictures[r.digest] = {"file": name, "size": r.size, "media_type": r.media_type}
            if path.exists():
                bundle.write(path, name, zipfile.ZIP_STORED)
                sums[name] = r.digest
        sums["chain.ndjson"] = _write_chain(tx, bundle, first - 1)
        manifest = {
            "form": FORM,
            "site": tx.site_id,
            "incident_id": about,
            "made_at": stamp(datetime.now(UTC)),
            "head": asdict(head),
            "first": first,
            "pictures": pictures,
            "files": sums,
        }
        bundle.writestr("manifest.json", _json(manifest))
    return head


def verify_bundle(path: Path, *, known: Head | None = None) -> Verdict:
    """Hold a bundle against itself, and against a head that was kept elsewhere.

    Raises:
        InvalidInput: it is no bundle.
    """
    try:
        with zipfile.ZipFile(path) as bundle:
            manifest = _manifest(bundle, path)
            verdict = Verdict(head=Head(**manifest["head"]))
            _verify(bundle, manifest, verdict, known)
            return verdict
    except (zipfile.BadZipFile, OSError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"{path}: expected a bundle of evidence; came: {error}") from None


def _verify(bundle: zipfile.ZipFile, manifest: Mapping[str, Any], verdict: Verdict, known: Head | None) -> None:
    names = {i.filename for i in bundle.infolist()}
    for name in sorted(names - set(manifest["files"]) - {"manifest.json"}):
        verdict.fault(f"{name} is not in the manifest: it was put in")
    for name, expected in manifest["files"].items():
        if name not in names:
            verdict.fault(f"{name} was taken out of the bundle")
        elif (came := _sum(bundle, name)) != expected and not name.startswith("pictures/"):
            verdict.fault(f"{name} was changed: expected SHA-256 {expected}; came {came}")
    contents: dict[LinkKind, Mapping[str, Any]] = {
        kind: json.loads(bundle.read(name)) if name in names else {} for kind, name in _LISTS.items()
    }
    contents[LinkKind.PICTURE] = {
        digest: picture_content(digest=digest, size=p["size"], media_type=p["media_type"])
        for digest, p in manifest["pictures"].items()
    }
    linked = _verify_chain(bundle, manifest, contents, verdict, known)
    for kind, records in contents.items():
        for subject in sorted(set(records) - linked[kind]):
            verdict.fault(f"{kind.value} {subject} has no link in the bundle's chain: it was put in")
    for digest, picture in manifest["pictures"].items():
        verdict.pictures += 1
        name = picture["file"]
        if name not in names:
            verdict.fault(f"picture {digest}: its bytes are gone")
        elif (came := _sum(bundle, name)) != digest:
            verdict.fault(f"picture {digest}: its bytes were changed: their SHA-256 is {came}")


def _verify_chain(
    bundle: zipfile.ZipFile,
    manifest: Mapping[str, Any],
    contents: Mapping[LinkKind, Mapping[str, Any]],
    verdict: Verdict,
    known: Head | None,
) -> dict[LinkKind, set[str]]:
    """Walk the segment; which records of the bundle it holds."""
    held = _Held(manifest["incident_id"], contents, json.loads(bundle.read("pruned.json")))
    start = head = genesis(manifest["site"])
    at_known: Link | None = None
    for link in _links(bundle):
        if verdict.links == 0 and link.seq > 1:
            start = head = Head(seq=link.seq - 1, hash=link.previous)  # what was before is not in the bundle
        _, fault = next(walk([link], head))
        for wrong in (fault, held.fault(link)):
            if wrong is not None:
                verdict.fault(wrong)
        head = Head(seq=link.seq, hash=link.hash)
        verdict.links += 1
        verdict.pruned += link.kind is LinkKind.PRUNED
        at_known = link if known is not None and link.seq == known.seq else at_known
    for seq in held.graves:
        verdict.fault(f"pruned.json tells of link {seq}, which is not in the chain: it was put in")
    if head != verdict.head:
        verdict.fault(f"the segment ends at link {head.seq}; the manifest names link {verdict.head.seq} as the head")
    if known is not None and 0 < known.seq <= start.seq:
        verdict.fault(f"the head kept elsewhere is link {known.seq}, before the bundle's first, {start.seq + 1}")
    elif known is not None:
        compare(known, head, at_known, verdict)
    return held.linked


class _Held:
    """The records of a bundle, held against the links one by one."""

    def __init__(
        self, about: str, contents: Mapping[LinkKind, Mapping[str, Any]], graves: dict[str, dict[str, Any]]
    ) -> None:
        self._about = about
        self._contents = contents
        self._ranges = [(first, last) for body in graves.values() for first, last in body["seqs"]]
        self.graves = graves  # of links that have not come yet
        self.linked: dict[LinkKind, set[str]] = {kind: set() for kind in LinkKind}

    def fault(self, link: Link) -> str | None:
        """In words what is wrong with the record of a link; None where nothing is, or where it is another's."""
        if link.kind is LinkKind.PRUNED:
            content: Any = self.graves.pop(str(link.seq), None)
        else:
            content = self._contents.get(link.kind, {}).get(link.subject)
            if content is None:
                removed = any(first <= link.seq <= last for first, last in self._ranges)
                return None if link.about != self._about or removed else f"{link.name}: its record is not in the bundle"
            self.linked[link.kind].add(link.subject)
        return None if digest_of(content) == link.digest else f"{link.name}: its record was changed after it was linked"


def _write_chain(tx: Tx, bundle: zipfile.ZipFile, after: int) -> str:
    total = hashlib.sha256()
    with bundle.open("chain.ndjson", "w", force_zip64=True) as out:
        for page in chain.since(tx, after):
            for link in page:
                line = canonical(asdict(link)) + b"\n"
                total.update(line)
                out.write(line)
    return total.hexdigest()


def _links(bundle: zipfile.ZipFile) -> Iterator[Link]:
    with bundle.open("chain.ndjson") as lines:
        for line in lines:
            given = json.loads(line)
            yield Link(**{**given, "kind": LinkKind(given["kind"])})


def _manifest(bundle: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    if any(i.file_size > MAX_FILE_BYTES for i in bundle.infolist()):
        raise InvalidInput(f"{path}: expected files of at most {MAX_FILE_BYTES} bytes")
    manifest: dict[str, Any] = json.loads(bundle.read("manifest.json"))
    if manifest.get("form") != FORM:
        raise InvalidInput(f"{path}: expected {FORM!r}; came {manifest.get('form')!r:.80}")
    return manifest


def _sum(bundle: zipfile.ZipFile, name: str) -> str:
    try:
        with bundle.open(name) as file:
            return _file_sum(file.read)
    except zipfile.BadZipFile as error:
        return f"none ({error})"


def _file_sum(read: Callable[[int], bytes]) -> str:
    total = hashlib.sha256()
    while piece := read(1 << 20):
        total.update(piece)
    return total.hexdigest()


def _of(table: Any, incident_id: UUID) -> Any:
    return select(table).where(table.c.incident_id == incident_id)


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()
