"""The networks of PaddleOCR that come with the package rapidocr, run by ONNX Runtime on one thread.

Only the files of that package are used: its own steps take three times as long (see ADR 0023).
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Read when the library is loaded: it would send its maker what it does, and start a thread for that.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

FINDING, READING = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"


class Network:
    """One network; of its inputs and outputs there is one each."""

    def __init__(self, name: str) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Every page has a size of its own: what is planned for one is of no use to the next, and kept for ever.
        options.enable_mem_pattern = False
        # Halves the time: after the last layer of white paper come numbers that processors are slow at.
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        self._session = onnxruntime.InferenceSession(str(_models() / name), options, ["CPUExecutionProvider"])

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What it makes of a grey picture (height, width)."""
        grey = pixels.astype(np.float32) / 127.5 - 1
        coloured = np.ascontiguousarray(np.broadcast_to(grey, (1, 3, *grey.shape)))
        made: NDArray[np.float32] = self._session.run(None, {"x": coloured})[0][0]
        return made

    @property
    def signs(self) -> list[str]:
        """What it can read, by the numbers of its classes; the first class is nothing at all, the last a space."""
        return ["", *self._session.get_modelmeta().custom_metadata_map["character"].splitlines(), " "]


def _models() -> Path:
    package = find_spec("rapidocr")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("The package rapidocr is missing, which has the models of the second OCR engine.")
    return Path(package.submodule_search_locations[0], "models")
