"""The fall watch: who lies on the ground, by the looks of many pictures. Pure: time comes with the pictures only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from patrol_core.geometry import Point2
from patrol_core.ids import IdSource, uuid7
from patrol_core.kind import IncidentKind
from patrol_core.sighting import Sighting, Verdict
from patrol_vision.camera import CameraModel, CameraPose
from patrol_vision.evidence import Evidence, judged, lying_looks
from patrol_vision.fall_policy import FallPolicy
from patrol_vision.look import Look, Tracked
from patrol_vision.memory import Memory
from patrol_vision.pose import PersonView
from patrol_vision.tracks import LIES, LOOKS_MAX, Glance, Track, different_m, glance_of, matched, mean_place, one_each

TRANSITIONS: Mapping[tuple[Verdict | None, Evidence], Verdict] = {
    (None, Evidence.HINT): Verdict.SUSPECTED,
    (None, Evidence.PROOF): Verdict.CONFIRMED,  # known here before
    (Verdict.SUSPECTED, Evidence.PROOF): Verdict.CONFIRMED,
    (Verdict.SUSPECTED, Evidence.UPRIGHT): Verdict.LET_GO,
    (Verdict.SUSPECTED, Evidence.SMALL): Verdict.LET_GO,
    (Verdict.SUSPECTED, Evidence.GONE): Verdict.LET_GO,
    (Verdict.SUSPECTED, Evidence.LOST): Verdict.LET_GO,
    (Verdict.CONFIRMED, Evidence.UPRIGHT): Verdict.LET_GO,
    (Verdict.CONFIRMED, Evidence.GONE): Verdict.LET_GO,
}  # a confirmed one that is merely out of sight stays confirmed
_GAP_S = 0.5  # a pause between two pictures counts as no more, where absence is counted
_RIM_PX = 24.0
_NEW_TIME_S = 5.0  # a picture so much older than the last one: the clock was set, nothing before it counts
_BETTER = 1.15  # a photo must be so much better to take the place of the one there is


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameMeta:
    """When and whence a picture was taken."""

    observed_at: datetime  # UTC site time
    model: CameraModel
    camera: CameraPose | None  # None where the carrier's place is unknown


class FallWatch:
    """Votes over time. Not thread-safe.

    Bounded: `tracks_max` people at once. Overflow: whoever worries nobody and was out of sight longest makes room;
    where there is none, a new one is not followed. Both are counted in `dropped`.
    """

    def __init__(self, policy: FallPolicy, camera_id: str, model: str, *, new_id: IdSource = uuid7) -> None:
        """`model` is the name and digest of the set whose views come."""
        self._policy = policy
        self._camera_id = camera_id
        self._model = model
        self._new_id = new_id
        self._memory = Memory(policy)
        self._tracks: list[Track] = []
        self._last: datetime | None = None
        self.dropped = 0

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Everybody who is followed, in sight or not."""
        return tuple(self._tracks)

    @property
    def suspects(self) -> bool:
        """Whether a suspicion is open: then pictures should come as fast as they can."""
        return any(track.verdict is Verdict.SUSPECTED for track in self._tracks)

    def look(self, views: Sequence[PersonView], meta: FrameMeta, *, photo: Callable[[], bytes]) -> Look:
        """Take one picture in.

        Args:
            views: who is in it.
            meta: its circumstances.
            photo: gives the picture as JPEG; called at most once, and only where it is worth keeping.
        """
        now = meta.observed_at
        if self._last is not None and now < self._last - timedelta(seconds=_NEW_TIME_S):
            self._tracks.clear()
            self._memory = Memory(self._policy)
        self._last = now
        lost = self._expire(now)
        in_sight = self._follow(views, meta)
        self._keep_photos(in_sight, photo)
        for track in self._tracks:
            if track not in in_sight:
                self._miss(track, views, meta)
            track.looked_at = now
        sightings = lost
        for track in list(self._tracks):
            said = self._judge(track, now) if track in self._tracks else None  # another one may have gone on as it
            if said is not None:
                sightings.append(said)
        return Look(observed_at=now, tracks=tuple(map(_shown, in_sight)), sightings=tuple(sightings))

    def _follow(self, views: Sequence[PersonView], meta: FrameMeta) -> list[Track]:
        """Continue tracks and begin new ones; those in this picture."""
        now = meta.observed_at
        seen = one_each([(view, glance_of(view, now, meta.model, meta.camera, self._policy)) for view in views])
        continued = matched(self._tracks, seen, now)
        before = list(self._tracks)
        in_sight = []
        for i, (view, glance) in enumerate(seen):
            track = before[continued[i]] if i in continued else self._begin(view, now)
            if track is None:
                continue
            track.box, track.score, track.last_seen_at = view.box, view.score, now
            track.place = glance.place or track.place
            track.unseen_s = 0.0
            track.unseen_from.clear()
            track.glances.append(glance)
            while now - track.glances[0].at > timedelta(seconds=self._policy.window_s):
                track.glances.popleft()
            in_sight.append(track)
        return in_sight

    def _begin(self, view: PersonView, now: datetime) -> Track | None:
        if len(self._tracks) >= self._policy.tracks_max:
            self.dropped += 1
            calm = [t for t in self._tracks if t.verdict is None and t.last_seen_at < now]
            if not calm:
                return None
            self._tracks.remove(min(calm, key=lambda t: t.last_seen_at))
        track = Track(track_id=self._new_id(), first_seen_at=now, last_seen_at=now, box=view.box, score=view.score)
        self._tracks.append(track)
        return track

    def _keep_photos(self, in_sight: Sequence[Track], photo: Callable[[], bytes]) -> None:
        jpeg: bytes | None = None
        for track in in_sight:
            glance = track.newest
            worth = glance.lying * track.score / max(glance.distance_m or 99.0, 2.0)
            if glance.lying >= LIES * 0.7 and worth > track.photo_worth * _BETTER:
                jpeg = photo() if jpeg is None else jpeg
                track.photo, track.photo_worth = jpeg, worth

    def _miss(self, track: Track, views: Sequence[PersonView], meta: FrameMeta) -> None:
        """Count how long nobody is seen where a body must be visible: near, in the picture, nobody before it."""
        camera = meta.camera
        if camera is None or track.place is None or camera.point.distance_m(track.place) > self._policy.gone_m:
            return
        pixel = meta.model.pixel(track.place, camera, up_m=0.1)
        if pixel is None or not meta.model.inside(pixel, margin_px=_RIM_PX):
            return
        if any(view.box[0] <= pixel[0] <= view.box[2] and view.box[1] <= pixel[1] <= view.box[3] for view in views):
            return
        track.missed.append(meta.observed_at)
        pause_s = (meta.observed_at - (track.looked_at or meta.observed_at)).total_seconds()
        track.unseen_s += min(max(pause_s, 0.0), _GAP_S)
        track.unseen_from = different_m([*track.unseen_from, camera.point], self._policy.view_apart_m)[:4]

    def _judge(self, track: Track, now: datetime) -> Sighting | None:
        """What to say about a track now: a new verdict, or an open one again."""
        wary = self._recall(track, now) if track.verdict is None else False
        judgement = judged(track, now, self._policy, wary=wary)
        to = TRANSITIONS.get((track.verdict, judgement.evidence)) if judgement else None
        if judgement is None or to is None:
            return self._again(track, now)
        if judgement.evidence is Evidence.PROOF and track.verdict is None and not track.known:
            to = Verdict.SUSPECTED  # let go here before: the proof counts as a hint, and the next one as a proof
        track.verdict, track.confidence, track.because = to, judgement.confidence, judgement.because
        self._memory.note(track.track_id, _where(track), now, confirmed=to is Verdict.CONFIRMED)
        sighting = self._said(track, now)
        if to is Verdict.LET_GO:
            self._tracks.remove(track)
        return sighting

    def _recall(self, track: Track, now: datetime) -> bool:
        """Whether this place was told before; a confirmed one gives its id to whoever lies there."""
        if track.known or not lying_looks(track.glances):
            return False
        self._go_on(track, now)
        if track.verdict is not None:
            return False
        known = self._memory.near(_where(track), now, taken={t.track_id for t in self._tracks})
        if known is None:
            return False
        if known.confirmed:
            track.track_id, track.known = known.track_id, True
        return True

    def _go_on(self, track: Track, now: datetime) -> None:
        """Whoever lies where an open track lost sight of somebody is that somebody."""
        here = _where(track)
        for other in self._tracks:
            lost = other.verdict is not None and other.last_seen_at < now
            there = _where(other) if lost else None
            if here is None or there is None or there.distance_m(here) > self._policy.same_place_m:
                continue
            self._tracks.remove(other)
            track.track_id, track.verdict, track.first_seen_at = other.track_id, other.verdict, other.first_seen_at
            track.told_at, track.confidence, track.because = other.told_at, other.confidence, other.because
            track.known = other.known
            track.glances = deque((*other.glances, *track.glances), maxlen=LOOKS_MAX)
            if other.photo_worth > track.photo_worth:
                track.photo, track.photo_worth = other.photo, other.photo_worth
            return

    def _again(self, track: Track, now: datetime) -> Sighting | None:
        in_sight = track.last_seen_at == now and track.newest.lying >= LIES
        if track.verdict is None or track.told_at is None or not in_sight:
            return None
        if (now - track.told_at).total_seconds() < self._policy.repeat_s:
            return None
        self._memory.note(track.track_id, _where(track), now, confirmed=track.verdict is Verdict.CONFIRMED)
        return self._said(track, now)

    def _said(self, track: Track, now: datetime) -> Sighting:
        assert track.verdict is not None  # noqa: S101 - both callers have just looked
        track.told_at = now
        return Sighting(
            sighting_id=track.track_id,
            camera_id=self._camera_id,
            kind=IncidentKind.PERSON_FALLEN,
            verdict=track.verdict,
            position_m=_where(track),
            first_seen_at=track.first_seen_at,
            observed_at=now,
            confidence=round(min(1.0, max(0.0, track.confidence)), 4),
            model=self._model,
            because=track.because,
            photo_jpeg=b"" if track.verdict is Verdict.LET_GO else track.photo,
        )

    def _expire(self, now: datetime) -> list[Sighting]:
        """Let go of suspicions nobody could look at again, and forget who else was out of sight too long."""

        def over(track: Track) -> bool:
            age_s = (now - track.last_seen_at).total_seconds()
            return age_s >= (self._policy.forget_s if track.verdict is None else self._policy.patience_s)

        ended = [track for track in self._tracks if over(track)]
        lost = [s for t in ended if t.verdict is Verdict.SUSPECTED and (s := self._judge(t, now)) is not None]
        self._tracks = [track for track in self._tracks if track not in ended]
        return lost


def _where(track: Track) -> Point2 | None:
    return mean_place(lying_looks(track.glances)) or track.place


def _shown(track: Track) -> Tracked:
    glance: Glance = track.newest
    return Tracked(
        track_id=track.track_id,
        box=track.box,
        score=track.score,
        lying=glance.lying,
        verdict=track.verdict,
        position_m=glance.place,
        distance_m=glance.distance_m,
    )
