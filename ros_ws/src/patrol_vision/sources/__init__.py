"""Where pictures come from: one port, and what satisfies it (tests/contract/test_frame_source.py)."""

from patrol_vision.sources.port import FrameSource, Shot

__all__ = ["FrameSource", "Shot"]
