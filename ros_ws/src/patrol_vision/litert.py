"""One TensorFlow Lite network on one thread, held to the shape it must have."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from patrol_core.errors import Unavailable


def sigmoid(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Logistic function, without the overflow of its usual form."""
    return np.asarray(np.float32(0.5) * (np.float32(1.0) + np.tanh(np.float32(0.5) * values)), dtype=np.float32)


class Network:
    """Runs a network. Not thread-safe.

    Args:
        model: the file's bytes, already checked by digest.
        name: of the file, for errors.
        shape: of its one input.

    Raises:
        Unavailable: LiteRT is not installed, or the bytes are no such network.
    """

    def __init__(self, model: bytes, name: str, shape: tuple[int, ...]) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise Unavailable(
                f"{name} needs LiteRT, which does not load here: {error}; install ai-edge-litert"
            ) from None
        try:
            self._interpreter: Any = Interpreter(model_content=model, num_threads=1)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise Unavailable(f"{name} is no network that LiteRT can run: {error}") from None
        details = self._interpreter.get_input_details()
        came = tuple(int(n) for n in details[0]["shape"])
        if len(details) != 1 or came != shape:
            raise Unavailable(f"{name}: expected one input of {shape}; came {len(details)}, the first {came}")
        self._input = details[0]["index"]
        self._outputs = [output["index"] for output in self._interpreter.get_output_details()]

    def run(self, values: npt.NDArray[Any]) -> list[npt.NDArray[np.float32]]:
        """One pass; its outputs in the network's own order."""
        self._interpreter.set_tensor(self._input, values)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]
