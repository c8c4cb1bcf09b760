"""Which model sets there are, where their files lie, and how to load one: never a file of another digest."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patrol_core.errors import Unavailable
from patrol_vision.pose import PersonFinder


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of a model set."""

    name: str
    sha256: str  # hex
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSet:
    """Files that find people together. Its card is model_cards/<name>.md."""

    name: str
    files: tuple[ModelFile, ...]
    how_to_get: str  # a sentence

    @property
    def version(self) -> str:
        """Name and short digest (of the files' digests)."""
        whole = hashlib.sha256("".join(file.sha256 for file in self.files).encode()).hexdigest()
        return f"{self.name}@{whole[:8]}"


BLAZEPOSE = ModelSet(
    name="blazepose",
    files=(
        ModelFile(
            name="pose_detection.tflite",
            sha256="9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
            size_bytes=2_959_046,
        ),
        ModelFile(
            name="pose_landmark_full.tflite",
            sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
            size_bytes=6_440_512,
        ),
    ),
    how_to_get="get them with `ronda models fetch`",
)
YOLOX = ModelSet(
    name="yolox",
    files=(
        ModelFile(
            name="yolox_nano.onnx",
            sha256="695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14",
            size_bytes=3_660_092,
        ),
        ModelFile(
            name="movenet_lightning_int8.tflite",
            sha256="cd7cc22fa946e5d146a7b98d496853e1923e22828d3972d579973f27f91bb105",
            size_bytes=2_894_840,
        ),
    ),
    how_to_get="put them into that folder, or name another by RONDA_MODELS",
)
SETS: Mapping[str, ModelSet] = {one.name: one for one in (BLAZEPOSE, YOLOX)}  # the first that is whole is the default


def models_folder(environment: Mapping[str, str] | None = None) -> Path:
    """RONDA_MODELS, or ronda/models in the user's data folder (XDG)."""
    known = os.environ if environment is None else environment
    if known.get("RONDA_MODELS"):
        return Path(known["RONDA_MODELS"])
    data = known.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "ronda" / "models"


def load_finder(name: str | None = None, *, folder: Path | None = None) -> PersonFinder:
    """A finder, ready to look.

    Args:
        name: of the model set; None takes the first whose files are all there.
        folder: of the files; where not given, `models_folder()`.

    Raises:
        Unavailable: no such set, a file is missing or is not the one it should be, or it does not run here; says which,
            and how to get it.
    """
    where = models_folder() if folder is None else folder
    chosen = _default(where) if name is None else SETS.get(name)
    if chosen is None:
        raise Unavailable(f'no model set "{name}"; there are: {", ".join(SETS)}')
    return _made(chosen, [verified(where, chosen, file) for file in chosen.files])


def verified(folder: Path, model_set: ModelSet, file: ModelFile) -> bytes:
    """The file's bytes.

    Raises:
        Unavailable: it is missing, or of another digest; both digests are named.
    """
    path = folder / file.name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"the model set {model_set.name} lacks {path} ({error.strerror}); {model_set.how_to_get}"
        ) from None
    came = hashlib.sha256(content).hexdigest()
    if came != file.sha256:
        raise Unavailable(
            f"{path} is not the file it should be: expected SHA-256 {file.sha256}; came {came}; {model_set.how_to_get}"
        )
    return content


def _default(folder: Path) -> ModelSet:
    whole = (one for one in SETS.values() if all((folder / file.name).is_file() for file in one.files))
    return next(whole, BLAZEPOSE)


def _made(model_set: ModelSet, contents: list[bytes]) -> PersonFinder:
    if model_set is BLAZEPOSE:
        from patrol_vision.blazepose import BlazePose

        return BlazePose(model_set.version, detector=contents[0], landmarks=contents[1])
    from patrol_vision.yolox import YoloxMoveNet

    return YoloxMoveNet(model_set.version, detector=contents[0], pose=contents[1])
