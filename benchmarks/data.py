"""The data that everybody is given: ratings with a common mood, and an outcome that every second one drives."""

from __future__ import annotations

from pathlib import Path

import numpy as np

FOLDER = Path("build/benchmarks")
ROWS = 10_000
MANY_ROWS = 10_000_000
BLOCK = 1_000_000
MANY_RATINGS = [f"t{number:02d}" for number in range(15)]


def draw(rows: int, predictors: int, rng: np.random.Generator) -> np.ndarray:
    """Draw ratings from 1 to 5 and, last, a score from 0 to 10; whole numbers, shape (rows, predictors + 1)."""
    mood = rng.normal(size=(rows, 1))
    ratings = np.clip(np.round(3.5 + 0.6 * mood + rng.normal(size=(rows, predictors))), 1, 5)
    drive = (ratings[:, ::2] - 3.5).mean(axis=1, keepdims=True)
    score = np.clip(np.round(7.0 + 2.5 * drive + rng.normal(scale=1.5, size=(rows, 1))), 0, 10)
    return np.hstack([ratings, score]).astype(np.int64)


def small_file(predictors: int, promoter: bool = False) -> str:
    """Write 10,000 answers, the outcome last: the score, or whether it is 9 or 10."""
    path = FOLDER / f"{'promoter' if promoter else 'score'}_{predictors}.npy"
    numbers = draw(ROWS, predictors, np.random.default_rng(predictors))
    if promoter:
        numbers[:, -1] = numbers[:, -1] >= 9
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, numbers)
    np.savetxt(path.with_suffix(".csv"), numbers, fmt="%d", delimiter=",")  # for R
    return str(path)


def large_file(rows: int) -> str:
    """Write a Parquet file of 15 ratings, score and promoter in one byte each, unless it is there."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = FOLDER / f"ratings_{rows}.parquet"
    if path.exists():
        return str(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [*MANY_RATINGS, "score", "promoter"]
    schema = pa.schema([(name, pa.int8()) for name in names])
    unfinished = path.with_suffix(".part")
    with pq.ParquetWriter(unfinished, schema) as writer:
        for block, start in enumerate(range(0, rows, BLOCK)):
            numbers = draw(min(BLOCK, rows - start), len(MANY_RATINGS), np.random.default_rng([rows, block]))
            columns = [*numbers.T.astype(np.int8), (numbers[:, -1] >= 9).astype(np.int8)]
            writer.write_table(pa.table(dict(zip(names, columns, strict=True)), schema))
    unfinished.rename(path)
    return str(path)


def export_file(rows: int = ROWS) -> str:
    """Write an export with 100 columns: those of the tool, the score, 72 ratings, groups, numbers, texts."""
    import pandas as pd

    path = FOLDER / f"export_{rows}.csv"
    rng = np.random.default_rng(100)
    numbers = draw(rows, 60, rng)
    words = np.array(["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"], dtype=object)
    days = pd.date_range("2024-01-01", periods=rows, freq="7min").astype(str)
    columns: dict[str, object] = {
        "id": np.arange(1, rows + 1),
        "startdate": days,
        "submitdate": days,
        "ipaddr": [f"203.0.{number // 250}.{number % 250}" for number in range(rows)],
        "nps": numbers[:, -1],
        **{f"Q7_{place + 1}": numbers[:, place] for place in range(60)},
        **{f"Q8_{place + 1}": words[numbers[:, place] - 1] for place in range(12)},
        **{f"group_{place}": rng.choice(["North", "South", "East", "West"], rows) for place in range(10)},
        **{f"measure_{place}": np.round(100 * rng.normal(size=rows), 2) for place in range(8)},
        "weight": rng.choice([0.8, 1.0, 1.2], rows),
    }
    for place in range(4):
        columns[f"comment_{place}"] = [
            f"It took {number} days until somebody called" for number in rng.integers(0, 10**6, rows)
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(columns).to_csv(path, index=False)
    return str(path)
