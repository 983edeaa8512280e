"""A pooled look at coverage on 50 fixed seeds; the whole look is ``make verify``."""

from pathlib import Path

SEEDS = range(500, 550)
TRUTH = Path(__file__).with_name("truth.json")  # written by ``make truth``: the same verbs on a million answers
