"""Hypothesis strategies for every core type that travels or is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from patrol_core.finding import Finding, Phase
from patrol_core.geometry import Point2, Pose2
from patrol_core.incident import Certainty, Incident, IncidentState, Verification
from patrol_core.kind import IncidentKind, Priority
from patrol_core.mission import Checkpoint, LedgerEntry, Mission, MissionKind, MissionState, Outcome
from patrol_core.orders import Order, OrderKind
from patrol_core.part import PartReport, PartState
from patrol_core.robot import Activity, MissionProgress, RobotState
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import Language, Place, Text
from patrol_core.source import Source, SourceKind
from patrol_core.speech import Speech, SpeechState

# what a message can carry: no NUL (C strings), and float32 fields as people write them, with few digits
text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
word = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=8)
ids = st.integers(0, 2**128 - 1).map(lambda n: UUID(int=n))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
times = st.integers(0, 2**31 * 1_000_000 - 1).map(lambda us: EPOCH + timedelta(microseconds=us))
metres = st.floats(-1e5, 1e5)
short = st.decimals(0, 999, places=3).map(float)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
counts = st.integers(0, 2**32 - 1)
epochs = st.integers(0, 2**63)
texts = st.builds(Text, zh=text, en=text)

points = st.builds(Point2, metres, metres)
poses = st.builds(Pose2, x_m=metres, y_m=metres, heading_rad=st.floats(-4, 4))
checkpoints = st.builds(Checkpoint, checkpoint_id=word, pose=poses, name=texts, dwell_s=short)
entries = st.builds(
    LedgerEntry,
    report_id=ids,
    mission_id=ids,
    robot_id=word,
    checkpoint_id=word,
    outcome=st.sampled_from(Outcome),
    because=texts,
    at=times,
    pose=st.none() | poses,
    photos=st.lists(digests, max_size=2).map(tuple),
)
orders = st.builds(
    Order,
    order_id=ids,
    robot_id=word,
    epoch=epochs,
    issued_at=times,
    kind=st.sampled_from(OrderKind),
    because=texts,
    mission_id=st.none() | ids,
    mission_kind=st.none() | st.sampled_from(MissionKind),
    name=texts,
    checkpoints=st.lists(checkpoints, max_size=3).map(tuple),
    speed_mps=short,
    incident_id=st.none() | ids,
    words=texts,
    language=st.none() | st.sampled_from(Language),
    urgent=st.booleans(),
)
speeches = st.builds(
    Speech,
    order_id=ids,
    robot_id=word,
    words=texts,
    language=st.sampled_from(Language),
    urgent=st.booleans(),
    incident_id=st.none() | ids,
    asked_at=times,
    state=st.sampled_from(SpeechState),
    because=texts,
    at=times,
)
progresses = st.builds(
    MissionProgress,
    mission_id=ids,
    epoch=epochs,
    state=st.sampled_from(MissionState),
    because=texts,
    done=counts,
    total=counts,
    next_checkpoint_id=st.none() | word,
)
parts = st.builds(
    PartReport, name=word, state=st.sampled_from(PartState), because=texts, version=word, stamped_at=times
)
states = st.builds(
    RobotState,
    robot_id=word,
    boot_id=ids,
    sequence=epochs,
    stamped_at=times,
    pose=st.none() | poses,
    speed_mps=st.none() | short,
    battery_pct=st.none() | short,
    charging=st.none() | st.booleans(),
    activity=st.sampled_from(Activity),
    because=texts,
    order_epoch=epochs,
    refused=texts,
    missions=st.lists(progresses, max_size=2).map(tuple),
    parts=st.lists(parts, max_size=2).map(tuple),
    lights_on=st.none() | st.booleans(),
    speaks=st.lists(st.sampled_from(Language), unique=True).map(tuple),
    speech=st.none() | speeches,
)
findings = st.builds(
    Finding,
    finding_id=ids,
    source=st.builds(Source, kind=st.sampled_from(SourceKind), source_id=word),
    kind=st.sampled_from(IncidentKind),
    phase=st.sampled_from(Phase),
    position_m=st.none() | points,
    observed_at=times,
    confidence=st.decimals(0, 1, places=3).map(float),
    value=st.none() | st.floats(-1e6, 1e6),
    unit=word,
    note=texts,
    evidence=st.lists(digests, max_size=2).map(tuple),
    certainty=st.none() | st.sampled_from(Certainty),
    model=text,
)
sightings = st.builds(
    Sighting,
    sighting_id=ids,
    camera_id=word,
    kind=st.sampled_from(IncidentKind),
    verdict=st.sampled_from(Verdict),
    position_m=st.none() | points,
    first_seen_at=times,
    observed_at=times,
    confidence=st.decimals(0, 1, places=3).map(float),
    model=text,
    because=texts,
    photo_jpeg=st.binary(max_size=64),
)
missions = st.builds(
    Mission,
    mission_id=ids,
    kind=st.sampled_from(MissionKind),
    robot_id=word,
    name=texts,
    checkpoints=st.lists(checkpoints, max_size=3).map(tuple),
    speed_mps=short,
    state=st.sampled_from(MissionState),
    because=texts,
    incident_id=st.none() | ids,
    ledger=st.dictionaries(word, entries, max_size=2),
)
places = st.builds(
    Place,
    building_id=st.none() | word,
    unit=st.none() | word,
    floor=st.none() | st.integers(-3, 40),
    flat=st.none() | word,
    spot=st.none() | st.builds(Text, zh=text, en=text),
)
incidents = st.builds(
    Incident,
    incident_id=ids,
    kind=st.sampled_from(IncidentKind),
    priority=st.sampled_from(Priority),
    state=st.sampled_from(IncidentState),
    opened_at=times,
    changed_at=times,
    position_m=st.none() | points,
    place=st.none() | places,
    because=text,
    owner=st.none() | word,
    closed_at=st.none() | times,
    source_cleared_at=st.none() | times,
    verification=st.sampled_from(Verification),
    verification_because=text,
    verify_mission_id=st.none() | ids,
    findings=st.lists(ids, max_size=2).map(tuple),
    evidence=st.lists(digests, max_size=2).map(tuple),
    certainty=st.none() | st.sampled_from(Certainty),
    waiting_robot_id=st.none() | word,
    assignee=st.none() | word,
    assigned_at=st.none() | times,
    arrived_at=st.none() | times,
    resolved_at=st.none() | times,
    resolution=text,
    merged_into=st.none() | ids,
)

ALL = {
    "order": (Order, orders),
    "robot state": (RobotState, states),
    "ledger entry": (LedgerEntry, entries),
    "finding": (Finding, findings),
    "mission": (Mission, missions),
    "incident": (Incident, incidents),
}
