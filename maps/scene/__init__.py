"""The simulator's scene: what it shows and what its rays hit, compiled from a site."""

from maps.scene.build import scene_of
from maps.scene.model import Scene

__all__ = ["Scene", "scene_of"]
