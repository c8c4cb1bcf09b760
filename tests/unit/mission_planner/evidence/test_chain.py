"""Whatever link is changed, taken out or put in another order is named."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mission_planner.incidents import chain as form
from mission_planner.incidents.chain import Head, Link, LinkKind, canonical, digest_of, forge, genesis, walk
from patrol_core.errors import InvalidInput


def links(count: int) -> list[Link]:
    made, head = [], genesis("tiny")
    for number in range(1, count + 1):
        link = forge(
            head,
            at="2026-03-02T08:00:00.000000Z",
            kind=LinkKind.AUDIT,
            subject=str(number),
            about="",
            digest=digest_of({"n": number}),
        )
        made.append(link)
        head = Head(seq=link.seq, hash=link.hash)
    return made


def faults(chain: list[Link]) -> list[str]:
    return [fault for _, fault in walk(chain, genesis("tiny")) if fault]


def test_the_form_is_the_one_that_stored_chains_were_made_with() -> None:
    assert canonical({"b": [1, "烟"], "a": None}) == '{"a":null,"b":[1,"烟"]}'.encode()
    first = links(1)[0]
    whole = b'{"about":"","at":"2026-03-02T08:00:00.000000Z","digest":"%s","kind":"audit","previous":"%s",'
    whole += b'"seq":1,"subject":"1"}'
    start = hashlib.sha256(b'{"ronda":"evidence chain 1","site":"tiny"}').hexdigest()
    assert first.previous == start
    record = hashlib.sha256(b'{"n":1}').hexdigest()
    assert first.hash == hashlib.sha256(whole % (record.encode(), start.encode())).hexdigest()


RECORDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abzAZ_", max_size=4), inner, max_size=4),
    max_leaves=8,
)


@given(content=RECORDS)
def test_the_form_is_what_any_writer_of_sorted_json_without_spaces_makes(content: object) -> None:
    assert canonical(content) == json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def test_a_chain_as_it_was_made_is_whole() -> None:
    assert faults(links(20)) == []


@given(at=st.integers(0, 19), name=st.sampled_from(["at", "subject", "about", "digest", "previous", "hash", "kind"]))
def test_any_changed_word_of_any_link_is_named_at_that_link(at: int, name: str) -> None:
    chain = links(20)
    other = LinkKind.FINDING if name == "kind" else "f" * 64
    chain[at] = Link(**{**asdict(chain[at]), name: other})
    named = f"({'finding' if name == 'kind' else 'audit'} {other if name == 'subject' else at + 1})"
    assert faults(chain)[0].startswith(f"link {at + 1} {named}")


@given(at=st.integers(0, 18))
def test_a_link_that_was_taken_out_is_named(at: int) -> None:
    chain = links(20)
    del chain[at]
    assert faults(chain)[0].startswith(f"link {at + 1} taken out: after link {at} comes link {at + 2}")


@given(at=st.integers(0, 18))
def test_two_links_in_another_order_are_named(at: int) -> None:
    chain = links(20)
    chain[at], chain[at + 1] = chain[at + 1], chain[at]
    assert "taken out" in faults(chain)[0]
    assert any("were put in another order" in fault for fault in faults(chain))


@given(st.text(max_size=80))
def test_a_head_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(InvalidInput, match="expected NUMBER:SHA-256"):
        Head.parse(words)


def test_a_head_is_read_back() -> None:
    head = Head(seq=7, hash="0123456789abcdef" * 4)
    assert Head.parse(f" {head}\n") == head


def test_moments_are_hashed_in_utc_to_the_microsecond() -> None:
    assert form.stamp(datetime(2026, 3, 2, 8, 0, tzinfo=UTC)) == "2026-03-02T08:00:00.000000Z"
