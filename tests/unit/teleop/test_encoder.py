"""One libx264: a packet for each picture, key frames only when asked for, a bit rate that follows while it runs."""

from __future__ import annotations

import av
import pytest
from aiortc.codecs.h264 import h264_depayload

from teleop.encoder import EncodedPicture, H264Encoder
from tests.unit.teleop.cameras import picture

FPS = 12.0


def encoder() -> H264Encoder:
    return H264Encoder(width_px=320, height_px=240)


def encoded(of: H264Encoder, numbers: range, *, bps: int = 400_000, noise: int = 0) -> list[EncodedPicture]:
    out = [of.encode(picture(n, noise=noise), key=n == 0, bit_rate_bps=bps, fps=FPS) for n in numbers]
    assert all(out), "every picture gives a packet at once"
    return [e for e in out if e is not None]


def bps_of(pictures: list[EncodedPicture]) -> float:
    return 8 * sum(e.size_bytes for e in pictures) * FPS / len(pictures)


def annex_b(picture: EncodedPicture) -> bytes:
    return b"".join(map(h264_depayload, picture.payloads))


def test_only_the_picture_that_was_asked_for_is_a_key_frame() -> None:
    of = encoder()
    keys = [e.key for e in encoded(of, range(40))]
    assert keys == [True] + [False] * 39
    asked = of.encode(picture(40), key=True, bit_rate_bps=400_000, fps=FPS)
    assert asked is not None
    assert asked.key


def test_a_viewer_who_begins_at_a_key_frame_decodes_every_picture() -> None:
    of = encoder()
    encoded(of, range(5))
    packets = [of.encode(picture(n), key=n == 5, bit_rate_bps=400_000, fps=FPS) for n in range(5, 15)]
    decoder = av.CodecContext.create("h264", "r")
    shown = [frame for e in packets if e is not None for frame in decoder.decode(av.Packet(annex_b(e)))]
    shown += decoder.decode(None)
    assert len(shown) == 10
    assert (shown[0].width, shown[0].height) == (320, 240)


def test_rtp_time_follows_the_arrival_and_always_rises() -> None:
    of = encoder()
    times = [e.rtp for e in encoded(of, range(13))]
    assert times[12] - times[0] == 90_000
    same = of.encode(picture(12), key=False, bit_rate_bps=400_000, fps=FPS)
    assert same is not None
    assert same.rtp == times[12] + 1


def test_rtp_time_goes_on_when_another_encoder_takes_over_and_comes_round_at_32_bits() -> None:
    (before,), (after,) = encoded(encoder(), range(1)), encoded(encoder(), range(1, 2))
    assert after.rtp - before.rtp == 90_000 / FPS
    late = encoder().encode(picture(0, heard_s=2**32 / 90_000 + 1), key=True, bit_rate_bps=400_000, fps=FPS)
    assert late is not None
    assert late.rtp == 90_000


def test_no_payload_is_larger_than_what_passes_every_network() -> None:
    (key, *_) = encoded(encoder(), range(3), bps=1_500_000, noise=60)
    assert len(key.payloads) > 1
    assert max(map(len, key.payloads)) <= 1_300


def test_the_stamp_of_the_picture_goes_with_its_packet() -> None:
    of = encoder()
    assert [e.stamped_at for e in encoded(of, range(3))] == [picture(n).stamped_at for n in range(3)]


@pytest.mark.parametrize(("before", "after"), [(800_000, 200_000), (200_000, 800_000)])
def test_the_bit_rate_changes_while_it_runs_without_a_key_frame(before: int, after: int) -> None:
    of = encoder()
    first = encoded(of, range(36), bps=before, noise=60)
    assert bps_of(first[12:]) == pytest.approx(before, rel=0.25)
    changed = encoded(of, range(36, 120), bps=after, noise=60)
    assert not any(e.key for e in changed)
    assert bps_of(changed[24:]) == pytest.approx(after, rel=0.25)


def test_what_it_sends_is_constrained_baseline_which_every_browser_decodes() -> None:
    (first,) = encoded(encoder(), range(1))
    data = annex_b(first)
    at = data.index(b"\x00\x00\x01\x67") + 4  # sequence parameter set
    assert data[at] == 66  # profile_idc: baseline
    assert data[at + 1] & 0x40  # constraint_set1_flag
