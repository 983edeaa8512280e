"""What a timed process starts from: the files of ``data`` as frames."""

from __future__ import annotations

import numpy as np
import pandas as pd


def answers(path: str) -> pd.DataFrame:
    """Return the answers as a frame: ratings t00, t01, … and the outcome."""
    numbers = np.load(path)
    return pd.DataFrame(numbers, columns=[*(f"t{number:02d}" for number in range(numbers.shape[1] - 1)), "outcome"])
