"""Nothing is said twice, whatever is asked for and whenever the process ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from patrol_core.ids import uuid7
from patrol_core.site import NO_WORDS, Language, Text
from patrol_core.speech import Speech, SpeechState
from voice.desk import KEPT, Begin, Desk, Effect, Hush, Tell

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
DEAF = Text(zh="没有声卡", en="no sound card")


def sentence(order_id: UUID | None = None, *, urgent: bool = False) -> Speech:
    return Speech(
        order_id=order_id or uuid7(),
        robot_id="r1",
        words=Text.same("Hello"),
        language=Language.EN,
        urgent=urgent,
        incident_id=None,
        asked_at=NOW,
        state=SpeechState.WAITING,
        at=NOW,
    )


def told(effects: list[Effect]) -> list[tuple[UUID, SpeechState, str]]:
    return [(e.speech.order_id, e.speech.state, e.speech.because.en) for e in effects if isinstance(e, Tell)]


def begun(effects: list[Effect]) -> list[UUID]:
    return [e.speech.order_id for e in effects if isinstance(e, Begin)]


def test_a_sentence_is_begun_once_and_answered_whenever_it_is_asked_for() -> None:
    hello = sentence()
    desk, effects = Desk().asked(hello, NOW)
    assert begun(effects) == [hello.order_id]
    assert told(effects) == [(hello.order_id, SpeechState.SAYING, "")]
    desk, effects = desk.asked(hello, NOW)
    assert (begun(effects), told(effects)) == ([], [(hello.order_id, SpeechState.SAYING, "")])
    desk, effects = desk.ended(hello.order_id, None, NOW + timedelta(seconds=3))
    assert told(effects) == [(hello.order_id, SpeechState.SAID, "")]
    desk, effects = desk.asked(hello, NOW + timedelta(days=1))
    assert (begun(effects), told(effects)) == ([], [(hello.order_id, SpeechState.SAID, "")])


def test_what_the_loudspeaker_cannot_say_is_told_with_its_reason() -> None:
    hello = sentence()
    desk, _ = Desk().asked(hello, NOW)
    _, effects = desk.ended(hello.order_id, DEAF, NOW)
    assert told(effects) == [(hello.order_id, SpeechState.FAILED, "no sound card")]


def test_one_that_is_not_urgent_waits_for_nobody_and_fails() -> None:
    first, second = sentence(), sentence()
    desk, _ = Desk().asked(first, NOW)
    desk, effects = desk.asked(second, NOW)
    assert told(effects) == [(second.order_id, SpeechState.FAILED, "another sentence is not over yet")]
    assert (begun(effects), desk.saying) == ([], first.order_id)


def test_an_urgent_one_silences_the_one_before() -> None:
    first, second = sentence(), sentence(urgent=True)
    desk, _ = Desk().asked(first, NOW)
    desk, effects = desk.asked(second, NOW)
    assert isinstance(effects[0], Hush)
    assert told(effects) == [
        (first.order_id, SpeechState.FAILED, "a more urgent sentence took its place"),
        (second.order_id, SpeechState.SAYING, ""),
    ]
    assert begun(effects) == [second.order_id]
    assert desk.ended(first.order_id, None, NOW) == (desk, [])


def test_one_that_a_dead_process_had_begun_is_not_repeated() -> None:
    hello = sentence()
    desk, _ = Desk().asked(hello, NOW)
    desk, effects = Desk(spoken=desk.spoken).asked(hello, NOW)
    ((order_id, state, because),) = told(effects)
    assert (order_id, state, begun(effects)) == (hello.order_id, SpeechState.FAILED, [])
    assert because.startswith("the voice was restarted in the midst of it")


@given(
    st.lists(
        st.tuples(st.sampled_from(["ask", "ask urgently", "said", "failed", "crash"]), st.integers(0, 5)), max_size=60
    )
)
def test_no_order_of_events_begins_a_sentence_twice_or_two_at_a_time(story: list[tuple[str, int]]) -> None:
    ids = [UUID(int=n) for n in range(6)]
    desk, starts, sounding = Desk(), [], set[UUID]()
    for what, number in story:
        effects: list[Effect] = []
        match what:
            case "ask" | "ask urgently":
                desk, effects = desk.asked(sentence(ids[number], urgent=what.endswith("urgently")), NOW)
            case "said" | "failed" if ids[number] in sounding:
                desk, effects = desk.ended(ids[number], None if what == "said" else DEAF, NOW)
                sounding.discard(ids[number])
            case "crash":
                desk, sounding = replace(desk, saying=None), set()
        for effect in effects:
            if isinstance(effect, Hush):
                sounding.discard(effect.order_id)
            if isinstance(effect, Begin):
                starts.append(effect.speech.order_id)
                sounding.add(effect.speech.order_id)
        assert len(sounding) <= 1
    assert len(starts) == len(set(starts))


def test_the_oldest_are_forgotten() -> None:
    desk = Desk()
    for _ in range(KEPT + 5):
        one = sentence()
        desk, _ = desk.asked(one, NOW)
        desk, _ = desk.ended(one.order_id, None, NOW)
    assert len(desk.spoken) == KEPT
    assert all(s.because == NO_WORDS for s in desk.spoken)
