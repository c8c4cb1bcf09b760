"""Robots: how they are, and what they are told."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, Limit, may
from mission_planner.api.views.common import Page
from mission_planner.api.views.robots import RobotView, SentencesView, robot_view, sentences_view
from mission_planner.fleet.ordering import SteerRobot
from mission_planner.fleet.sentences import READY
from mission_planner.fleet.speaking import Speak
from mission_planner.people.roles import Action
from patrol_core.errors import InvalidInput, NotFound
from patrol_core.orders import OrderKind
from patrol_core.site import Text
from patrol_core.speech import MOST_CHARACTERS

router = APIRouter(prefix="/robots", tags=["robots"], responses=errors.ANSWERS)

Orderer = Annotated[Caller, may(Action.ROBOT_ORDER)]


class Note(BaseModel):
    """Why, for the log and the robot."""

    note: str = Field(default="", max_length=500)


class WordsBody(BaseModel):
    """In one language or both."""

    zh: str = Field(default="", max_length=MOST_CHARACTERS)
    en: str = Field(default="", max_length=MOST_CHARACTERS)


class SpeakBody(BaseModel):
    """What to say: a ready sentence by its id, or words of one's own."""

    sentence_id: str | None = Field(default=None, max_length=40)
    words: WordsBody | None = None
    urgent: bool = Field(default=False, description="takes the place of a sentence that is being said")
    incident_id: UUID | None = Field(default=None, description="in whose timeline it is noted")


class LightsBody(Note):
    """Which."""

    on: bool


@router.get("", dependencies=[may(Action.ROBOT_VIEW)])
async def list_robots(center: Center, limit: Limit = 100, after: str | None = None) -> Page[RobotView]:
    """All robots of the site, by id."""
    ids = [r for r in sorted(center.site.robots) if after is None or r > after]
    shown = await center.see(lambda see: [robot_view(see, see.fleet[r]) for r in ids[:limit]])
    return Page(items=shown, next=ids[limit - 1] if len(ids) > limit else None)


@router.get("/sentences", dependencies=[may(Action.ROBOT_ORDER)])
async def list_sentences(center: Center) -> SentencesView:
    """What robots can be made to say without thinking, and how long words of one's own may be."""
    return sentences_view(center.site.language)


@router.get("/{robot_id}", dependencies=[may(Action.ROBOT_VIEW)])
async def read_robot(robot_id: str, center: Center) -> RobotView:
    """One robot."""
    if robot_id not in center.site.robots:
        raise NotFound("robot", robot_id)
    return await center.see(lambda see: robot_view(see, see.fleet[robot_id]))


@router.post("/{robot_id}/dock", status_code=202)
async def dock(robot_id: str, body: Note, center: Center, caller: Orderer) -> RobotView:
    """Send it to its dock; its mission waits until it is told to go on."""
    return await _steer(robot_id, OrderKind.DOCK, body, center, caller)


@router.post("/{robot_id}/pause", status_code=202)
async def pause(robot_id: str, body: Note, center: Center, caller: Orderer) -> RobotView:
    """Let it stand where it is, with the mission it is on."""
    return await _steer(robot_id, OrderKind.PAUSE, body, center, caller)


@router.post("/{robot_id}/resume", status_code=202)
async def resume(robot_id: str, body: Note, center: Center, caller: Orderer) -> RobotView:
    """Let it go on with the mission that was paused."""
    return await _steer(robot_id, OrderKind.RESUME, body, center, caller)


@router.post("/{robot_id}/lights", status_code=202)
async def lights(robot_id: str, body: LightsBody, center: Center, caller: Orderer) -> RobotView:
    """Turn its lights on or off; beside somebody who lies there they stay on. What they are is what it says then."""
    return await _steer(robot_id, OrderKind.LIGHTS_ON if body.on else OrderKind.LIGHTS_OFF, body, center, caller)


@router.post("/{robot_id}/speak", status_code=202)
async def speak(robot_id: str, body: SpeakBody, center: Center, caller: Orderer) -> RobotView:
    """Let it say something aloud. 409 with the reason where it cannot; whether it was said is in `speech` then."""
    command = Speak(
        robot_id=robot_id,
        words=_words(body),
        by=caller.username,
        urgent=body.urgent,
        incident_id=body.incident_id,
    )
    await center.bus.handle(command, act=caller.act)
    return await read_robot(robot_id, center)


def _words(body: SpeakBody) -> Text:
    if body.sentence_id is not None:
        if body.sentence_id not in READY:
            raise NotFound("ready sentence", body.sentence_id)
        return READY[body.sentence_id].words
    if body.words is None:
        raise InvalidInput("expected sentence_id or words; came neither", where="words")
    return Text(zh=body.words.zh, en=body.words.en)


async def _steer(robot_id: str, kind: OrderKind, body: Note, center: Center, caller: Caller) -> RobotView:
    command = SteerRobot(robot_id=robot_id, kind=kind, by=caller.username, note=body.note)
    await center.bus.handle(command, act=caller.act)
    return await read_robot(robot_id, center)
