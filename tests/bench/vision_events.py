"""Events for `make bench-vision`: staged falls, an hour among people who do not lie, from picture to finding.

Rendered pictures, the real finder, the real executor, in lockstep; the simulator's truth only scores. Seeds from
`FALLS_FROM` on are nobody's for tuning.
"""

from __future__ import annotations

from contextlib import closing
from statistics import median

from maps import load_site
from patrol_vision.models import load_finder
from sim.renderer import Renderer, setup_of
from tests.bench.report import BenchReport, percentile
from tests.scenario.watching import patrol_among_crowd, play_fall, stage_fall

FALLS, FALLS_FROM = 30, 1_000
CROWD_SEEDS, CROWD_MINUTES, CROWD_RATE_HZ = range(2_000, 2_006), 10.0, 2.0


def add_events(report: BenchReport, model: str | None = None) -> None:
    """Add every figure of this file; raises Unavailable where the models or the renderer are."""
    add_staged_falls(report, model)
    add_quiet_hour(report, model)


def add_staged_falls(report: BenchReport, model: str | None = None) -> None:
    """A robot patrols past a body beside its way, thirty times; a look takes part at 3 Hz, at 5 Hz once it suspects."""
    site, finder = load_site("xinghe"), load_finder(model)
    outcomes, times_ms = [], []
    with closing(Renderer(setup_of(site))) as renderer:
        for seed in range(FALLS_FROM, FALLS_FROM + FALLS):
            outcome, noted = play_fall(site, finder, renderer, stage_fall(site, seed))
            outcomes.append(outcome)
            times_ms += noted.look_to_finding_ms
            if not outcome.confirmed:
                print(
                    f"  staged fall {seed} ({outcome.posture.value}) was not confirmed; said: "
                    f"{[(s.verdict.value, s.because) for s in noted.said]}"
                )
    hits = [o for o in outcomes if o.confirmed]
    report.add("staged_falls_confirmed", len(hits), f"of {FALLS}")
    report.add("staged_falls_told_to_center", sum(o.finding for o in outcomes), f"of {FALLS}")
    report.add("staged_falls_confirmed_elsewhere", sum(o.elsewhere for o in outcomes), "places")
    if hits:
        in_view = [o.in_view_to_confirmed_s for o in hits if o.in_view_to_confirmed_s is not None]
        report.add("in_view_to_confirmed_median_s", median(in_view), "s of site time, from in the picture within 8 m")
        seen = [o.suspected_to_confirmed_s for o in hits if o.suspected_to_confirmed_s is not None]
        report.add("first_sight_to_confirmed_median_s", median(seen), "s of site time, from the eyes' first picture")
        report.add("pin_error_median_m", median(o.pin_error_m for o in hits if o.pin_error_m is not None), "m")
    report.add("frame_to_finding_p99_ms", percentile(times_ms, 0.99), "ms, picture at hand to the executor's answer")


def add_quiet_hour(report: BenchReport, model: str | None = None) -> None:
    """Six times ten minutes with other people and things each: thirty people of whom nobody lies, seen at 2 Hz."""
    site, finder = load_site("xinghe"), load_finder(model)
    confirmed = suspected = looks = 0
    with closing(Renderer(setup_of(site))) as renderer:
        for seed in CROWD_SEEDS:
            noted = patrol_among_crowd(site, finder, renderer, seed=seed, minutes=CROWD_MINUTES, rate_hz=CROWD_RATE_HZ)
            confirmed += len(noted.confirmed)
            suspected += len({s.sighting_id for s in noted.said})
            looks += noted.looks
            for sighting in noted.confirmed:
                print(f"  crowd {seed}: confirmed at {sighting.position_m}: {sighting.because}")
    hours = len(CROWD_SEEDS) * CROWD_MINUTES / 60
    report.add("false_confirmed_per_hour", confirmed / hours, "1/h")
    report.add("false_suspected_per_hour", suspected / hours, "1/h")
    report.add("quiet_hour_looks", looks, "pictures")


def main() -> None:
    """Only these figures: `python -m tests.bench.vision_events`."""
    report = BenchReport("vision-events")
    add_events(report)
    print(f"written to {report.write()}")


if __name__ == "__main__":
    main()
