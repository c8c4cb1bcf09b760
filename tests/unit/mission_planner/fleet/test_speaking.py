"""A robot is ordered to say something: who may be asked, what it says by itself, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from mission_planner.fleet import sentences
from mission_planner.fleet.speaking import CALMED, NOT_SAID, ORDERED, SAID, Speak, speak
from mission_planner.store import incidents
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.codec import to_json
from patrol_core.errors import Conflict, InvalidInput, NotFound
from patrol_core.ids import uuid7
from patrol_core.incident import Merge
from patrol_core.orders import Order, OrderKind
from patrol_core.part import PartReport, PartState
from patrol_core.robot import Activity
from patrol_core.site import Language, Site, Text
from patrol_core.speech import MOST_CHARACTERS, Speech, SpeechState
from tests.helpers.speech import speech_of
from tests.unit.mission_planner.incidents.taking import of_finding
from tests.unit.mission_planner.incidents.test_attendance import Scene, confirmed
from tests.unit.mission_planner.world import AT, now_of, work

pytestmark = pytest.mark.anyio
HELP = Text(zh="救护人员正在赶来", en="Help is on its way")
BOTH = tuple(Language)


class Talkers(Scene):
    """A center whose robots can speak."""

    def __init__(self, store: SqliteStore, site: Site) -> None:
        super().__init__(store, site)
        for robot_id in site.robots:
            self.is_now(robot_id, speaks=BOTH)

    def is_now(self, robot_id: str, **changes: Any) -> None:
        self.robots[robot_id] = now_of(self.site, robot_id, **changes)

    def attends(self, robot_id: str = "r1", **changes: Any) -> None:
        self.says(robot_id, Activity.ATTENDING)
        now = self.robots[robot_id]
        assert now.state is not None
        self.robots[robot_id] = replace(now, state=replace(now.state, **{"speaks": BOTH, **changes}))

    async def speak(self, words: Text = HELP, **more: Any) -> UUID:
        command = Speak(**{"robot_id": "r1", "words": words, "by": "admin", **more})

        def run(tx: Tx) -> UUID:
            return speak(work(tx, self.site, **self.robots), command)

        return await self.store.write(run)

    async def spoken_orders(self, robot_id: str = "r1") -> list[Order]:
        return [o for o in await self.orders(robot_id) if o.kind is OrderKind.SPEAK]

    async def told(self, order: Order, state: SpeechState, because: str = "") -> None:
        """The robot says what became of it; taken as from the inbox."""
        word = said(order, state, because)
        await self.take(
            Report(
                report_id=str(uuid7()), kind=ReportKind.SPEECH, topic="r1", body=to_json(word), received_at=AT
            )  # an id the inbox does not know: it may have forgotten
        )

    async def said_lines(self, incident_id: UUID) -> list[tuple[str, str]]:
        kinds = (ORDERED, CALMED, SAID, NOT_SAID)
        return [(line.kind, line.text.en) for line in await self.lines(incident_id) if line.kind in kinds]


def said(order: Order, state: SpeechState, because: str = "") -> Speech:
    return speech_of(order, state, AT + timedelta(seconds=7), because)


@pytest.fixture
def scene(store: SqliteStore, site: Site) -> Talkers:
    return Talkers(store, site)


async def test_the_order_carries_the_words_and_the_language_of_the_site(scene: Talkers) -> None:
    await scene.speak(Text(zh=" 请  让一让 ", en=""), urgent=True)
    (order,) = await scene.spoken_orders()
    assert (order.words, order.language, order.urgent) == (Text(zh="请 让一让", en=""), Language.ZH, True)
    assert order.because.en == 'admin has One say: "请 让一让"'


@pytest.mark.parametrize(
    ("site_speaks", "words", "speaks"),
    [
        (Language.EN, HELP, BOTH),
        (Language.ZH, Text(zh="", en="Hello"), BOTH),
        (Language.ZH, HELP, (Language.EN,)),
    ],
    ids=["the site's", "the words'", "the robot's"],
)
async def test_it_is_said_in_english_where_the_site_the_words_or_the_robot_know_nothing_else(
    store: SqliteStore, site: Site, site_speaks: Language, words: Text, speaks: tuple[Language, ...]
) -> None:
    scene = Talkers(store, replace(site, language=site_speaks))
    scene.is_now("r1", speaks=speaks)
    await scene.speak(words)
    assert [o.language for o in await scene.spoken_orders()] == [Language.EN]


async def test_a_robot_that_declares_no_loudspeaker_is_not_asked_and_its_voice_says_why(scene: Talkers) -> None:
    scene.is_now("r1")
    with pytest.raises(Conflict, match="One has no loudspeaker that works"):
        await scene.speak()
    deaf = PartReport(
        name="voice", state=PartState.UNAVAILABLE, because=Text(zh="未安装 espeak-ng", en="no espeak-ng"), stamped_at=AT
    )
    scene.is_now("r1", parts=(deaf,))
    with pytest.raises(Conflict, match="that works: no espeak-ng") as refused:
        await scene.speak()
    assert refused.value.zh == "一号 没有可用的扬声器：未安装 espeak-ng"
    assert await scene.spoken_orders() == []


@pytest.mark.parametrize("silence_s", [None, 60.0])
async def test_a_robot_that_is_not_heard_is_not_asked(scene: Talkers, silence_s: float | None) -> None:
    scene.is_now("r1", silence_s=silence_s, **({"speaks": BOTH} if silence_s else {}))
    with pytest.raises(Conflict, match="is not heard"):
        await scene.speak()


async def test_words_without_a_voice_for_their_language_are_refused(scene: Talkers) -> None:
    scene.is_now("r1", speaks=(Language.ZH,))
    with pytest.raises(Conflict, match="no voice for the language"):
        await scene.speak(Text(zh="", en="Hello"))


async def test_one_sentence_at_a_time_unless_the_next_is_urgent(scene: Talkers) -> None:
    await scene.speak()
    with pytest.raises(Conflict, match="has not finished the sentence before") as refused:
        await scene.speak()
    assert refused.value.zh == "一号 上一句话还没有说完；紧急时可以打断"
    await scene.speak(urgent=True)
    assert len(await scene.spoken_orders()) == 2


@pytest.mark.parametrize(
    ("state", "free"), [(SpeechState.SAYING, False), (SpeechState.WAITING, False), (SpeechState.SAID, True)]
)
async def test_what_the_robot_is_saying_holds_up_the_next(scene: Talkers, state: SpeechState, free: bool) -> None:
    await scene.speak()
    (order,) = await scene.spoken_orders()
    scene.is_now("r1", speaks=BOTH, order_epoch=order.epoch, speech=said(order, state))
    await scene.settle("r1")  # it has taken the order
    if free:
        await scene.speak()
        return
    with pytest.raises(Conflict, match="has not finished"):
        await scene.speak()


@pytest.mark.parametrize("words", ["", "  \n ", "a" * (MOST_CHARACTERS + 1), "bell\x07", "lone \ud800"])
async def test_words_that_cannot_be_read_aloud_are_refused(scene: Talkers, words: str) -> None:
    with pytest.raises(InvalidInput):
        await scene.speak(Text(zh=words, en=""))


async def test_nobody_speaks_for_an_incident_that_is_not_there(scene: Talkers) -> None:
    with pytest.raises(NotFound):
        await scene.speak(incident_id=uuid7())


async def test_what_was_ordered_from_an_incident_and_what_became_of_it_stands_in_its_timeline_once(
    scene: Talkers,
) -> None:
    scene.says("r1", Activity.IDLE)
    await scene.take(of_finding(confirmed()))
    incident_id = (await scene.only()).incident.incident_id
    scene.is_now("r1", speaks=BOTH)
    await scene.speak(incident_id=incident_id)
    (order,) = await scene.spoken_orders()
    for _ in range(2):
        await scene.told(order, SpeechState.SAID)
    assert await scene.said_lines(incident_id) == [
        (ORDERED, 'admin has One say: "Help is on its way"'),
        (SAID, 'One has said: "Help is on its way"'),
    ]
    await scene.told(replace(order, order_id=uuid7()), SpeechState.FAILED, "no sound card")
    assert (await scene.said_lines(incident_id))[-1] == (
        NOT_SAID,
        'One did not say "Help is on its way": no sound card',
    )


async def test_words_for_no_incident_and_of_an_incident_long_gone_disturb_nobody(scene: Talkers) -> None:
    await scene.speak()
    (order,) = await scene.spoken_orders()
    await scene.told(order, SpeechState.SAID)
    await scene.told(replace(order, incident_id=uuid7()), SpeechState.SAID)
    assert not await scene.incidents()


async def test_a_robot_that_waits_beside_somebody_who_fell_calms_them_once(scene: Talkers) -> None:
    scene.attends()
    await scene.take(of_finding(confirmed()))
    incident_id = (await scene.only()).incident.incident_id
    (order,) = await scene.spoken_orders()
    assert (order.words, order.incident_id) == (sentences.CALMING, incident_id)
    scene.attends(order_epoch=order.epoch, speech=said(order, SpeechState.SAID))
    await scene.settle("r1")
    await scene.settle("r1")
    assert await scene.spoken_orders() == []
    assert [kind for kind, _ in await scene.said_lines(incident_id)] == [CALMED]


async def test_it_calms_them_as_soon_as_it_is_beside_them_and_can_speak(scene: Talkers) -> None:
    scene.attends(activity=Activity.APPROACHING)
    await scene.take(of_finding(confirmed()))
    assert await scene.spoken_orders() == []
    scene.attends(speaks=())
    await scene.settle("r1")
    assert await scene.spoken_orders() == []
    scene.attends()
    await scene.settle("r1")
    assert len(await scene.spoken_orders()) == 1


async def test_where_the_incident_becomes_part_of_another_nobody_is_calmed_twice(scene: Talkers) -> None:
    scene.attends()
    await scene.take(of_finding(confirmed()))
    first = await scene.only()
    (order,) = await scene.spoken_orders()
    scene.is_now("r2", speaks=BOTH)
    elsewhere = replace(first.incident, incident_id=uuid7(), waiting_robot_id=None, loci=())
    other = replace(first, incident=elsewhere)
    await scene.store.write(lambda tx: incidents.put(tx, other))
    await scene.decide(first.incident.incident_id, Merge(by="admin", into=elsewhere.incident_id))
    scene.attends(order_epoch=order.epoch, speech=said(order, SpeechState.SAID))
    await scene.settle("r1")
    assert await scene.said_lines(elsewhere.incident_id) == []
    assert await scene.spoken_orders() == []


async def test_a_site_may_switch_that_off(store: SqliteStore, site: Site) -> None:
    scene = Talkers(store, replace(site, robots_calm=False))
    scene.attends()
    await scene.take(of_finding(confirmed()))
    await scene.settle("r1")
    assert await scene.spoken_orders() == []


def test_every_ready_sentence_is_there_in_both_languages_and_short_enough() -> None:
    everything = [*(ready.words for ready in sentences.READY.values()), sentences.CALMING]
    assert all(0 < len(x) <= MOST_CHARACTERS for words in everything for x in (words.zh, words.en))
