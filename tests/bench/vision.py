"""`make bench-vision`: how fast and how well the robots' eyes see, on frames that nothing was tuned on."""

from __future__ import annotations

from tests.bench import vision_events, vision_frames
from tests.bench.report import BenchReport


def main() -> None:
    """Measure everything and write build/bench/vision.json."""
    report = BenchReport("vision")
    vision_frames.measure(report)
    vision_events.add_events(report)
    print(f"written to {report.write()}")


if __name__ == "__main__":
    main()
