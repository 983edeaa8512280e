"""Answers to a touchpoint survey, and what is right about them, before any tool has written them into its file."""

import csv
import io
from dataclasses import dataclass, field

import numpy as np
import openpyxl
import pandas as pd


@dataclass(frozen=True)
class Export:
    """A file as its tool writes it, and what is right about it, known from the answers and not from the file.

    ``ratings`` are by the touchpoint's name in the study, the good end high; ``left_out`` counts rows that are no
    answers, ``groups`` how many groups each segment has.
    """

    name: str
    content: bytes
    score: np.ndarray
    ratings: dict[str, np.ndarray]
    left_out: int = 0
    weight: np.ndarray | None = None
    groups: dict[str, int] = field(default_factory=dict)
    flags: dict[str, np.ndarray] = field(default_factory=dict)  # by role: 1, 0, NaN
    private: tuple[str, ...] = ()

    @property
    def shares(self) -> tuple[int, float, float]:
        """How many answered, and the shares of promoters and detractors, weighted."""
        given = ~np.isnan(self.score)
        score, weight = self.score[given], np.ones(given.sum()) if self.weight is None else self.weight[given]
        return int(given.sum()), *(float(weight[part].sum() / weight.sum()) for part in (score >= 9, score <= 6))

    @property
    def means(self) -> list[float]:
        """The mean rating of each touchpoint, unweighted."""
        return [float(np.nanmean(ratings)) for ratings in self.ratings.values()]


class Answers:
    """Draws of ``count`` people who are content or not: score, ratings, who never used what, deeds, groups, texts."""

    def __init__(self, seed, count, touchpoints, highest=5, unanswered=0.02):
        self.random, self.count = np.random.default_rng(seed), count
        self.mood = self.random.normal(size=count)
        self.score = np.clip(np.round(7.4 + 2.1 * self.mood + self.random.normal(scale=1.1, size=count)), 0, 10)
        self.score[:11] = np.arange(11)  # each step of every scale is there
        self.ratings, self.never, self.skipped = {}, {}, {}
        for name, share in touchpoints.items():
            drawn = (1 + highest) / 2 + 0.4 + 0.2 * highest * self.mood
            drawn = np.clip(np.round(drawn + self.random.normal(scale=0.9, size=count)), 1, highest)
            drawn[:highest] = np.arange(1, highest + 1)
            late = np.arange(count) >= max(highest, 11)
            self.never[name] = late & (self.random.random(count) < share)
            self.skipped[name] = late & (self.random.random(count) < unanswered) & ~self.never[name]
            self.ratings[name] = np.where(self.never[name] | self.skipped[name], np.nan, drawn)

    def leave_open(self, share):
        """Let some leave the score open."""
        self.score[(np.arange(self.count) >= 11) & (self.random.random(self.count) < share)] = np.nan

    def cells(self, name, words=None, never="", skipped=""):
        """Write the ratings of a touchpoint: as words, or as numbers."""
        told = [
            str(int(one)) if words is None else words[int(one) - 1] for one in np.nan_to_num(self.ratings[name], nan=1)
        ]
        return [
            never if unused else skipped if left else cell
            for cell, unused, left in zip(told, self.never[name], self.skipped[name], strict=True)
        ]

    def scores(self, ends=(), empty=""):
        """Write the scores; ``ends`` are words for the lowest and the highest."""
        words = dict(zip((0.0, 10.0), ends, strict=False))
        return [empty if np.isnan(one) else words.get(one, str(int(one))) for one in self.score]

    def deeds(self, rate=0.4):
        """Who has recommended: those who are content rather than others."""
        return self.random.random(self.count) < 1 / (1 + np.exp(-(np.log(rate / (1 - rate)) + 0.8 * self.mood)))

    def of(self, choices, shares=None):
        """Draw one of several words for each."""
        return [str(one) for one in self.random.choice(np.array(choices, dtype=object), self.count, p=shares)]

    def moments(self, start, days=40):
        """When each answered, in order, to the second."""
        seconds = np.sort(self.random.integers(0, days * 86_400, self.count))
        return [pd.Timestamp(start) + pd.Timedelta(seconds=int(one)) for one in seconds]


def text_of(rows, delimiter=",", quoted=csv.QUOTE_MINIMAL):
    """Write rows as a text file with the line ends of Windows."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n", quoting=quoted).writerows(rows)
    return text.getvalue()


def rows_of(columns):
    """Turn columns into rows."""
    return [list(row) for row in zip(*columns, strict=True)]


def workbook_of(sheets):
    """Write a workbook of sheets: their names, and their rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
