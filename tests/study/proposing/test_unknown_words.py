"""A word that nobody knows costs its own cells, not the column, and what is asked about it the check repeats."""

import tomllib

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

ROWS = 200
ASKED = "How likely are you to recommend us?"
NAMES = ("shop", "phone", "web")
GERMAN = ["sehr unzufrieden", "eher unzufrieden", "teils/teils", "eher zufrieden", "sehr zufrieden"]
SHARED = "Which number is each word of {}? 1 has none; add it under [survey.words], or under no_answer."


def grid(words, seed=4):
    """Ratings in words, and what number each is."""
    random = np.random.default_rng(seed)
    mood = random.normal(size=ROWS)
    steps = pd.DataFrame({name: np.clip(np.round(3 + mood + random.normal(size=ROWS)), 1, 5) for name in NAMES})
    score = np.clip(np.round(7 + 2 * mood), 0, 10).astype(int)
    return score, steps, steps.map(lambda step: words[int(step) - 1])


def proposed(tmp_path, score, rest):
    pd.concat([pd.Series(score, name=ASKED), rest], axis=1).to_csv(tmp_path / "a.csv", index=False)
    proposal = tpm.propose_study(tmp_path / "a.csv")
    (tmp_path / "study.toml").write_text(proposal.toml, encoding="utf-8")
    return proposal, tomllib.loads(proposal.toml)["survey"], tpm.check_study(tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        GERMAN,
        ["Furious", "Unhappy", "OK", "Happy", "Delighted"],
        ["1 - very bad", "2 - bad", "3 - so so", "4 - good", "5 - very good"],
        ["1 = very bad", "2", "3", "4", "5 = very good"],
        ["★", "★★", "★★★", "★★★★", "★★★★★"],
    ],
)
@pytest.mark.parametrize("rows", [slice(7, 7), slice(20, 60)])
def test_the_other_cells_of_a_grid_are_read(tmp_path, words, rows):
    score, steps, told = grid(words)
    told.loc[rows, "phone"] = "whatever"
    proposal, settings, check = proposed(tmp_path, score, told)
    assert list(settings["touchpoints"]) == list(NAMES)
    assert [sentence.text("en") for sentence in proposal.not_understood] == [SHARED.format("phone")]
    right = steps.copy()
    right.loc[rows, "phone"] = np.nan
    np.testing.assert_array_equal(check.study.ratings, right)
    assert set(check.study.problems["column"]) == {"phone"}
    assert len(check.study.problems) == len(told.loc[rows])
    assert check.study.doubts == ()  # each such cell is a fault, with the lines that mend it


def test_willingness_in_labels_keeps_its_ends_beside_an_unknown_word(tmp_path):
    score, _, told = grid(GERMAN)
    labels = pd.Series(score).astype(str).replace({"0": "0 - not at all", "10": "10 - certainly"})
    labels[3] = "whatever"
    _, settings, check = proposed(tmp_path, labels, told)
    assert (settings["recommend"], settings["recommend_scale"]) == (ASKED, [0, 10])
    np.testing.assert_array_equal(check.study.survey["recommend"], np.where(np.arange(ROWS) == 3, np.nan, score))


def test_groups_that_look_a_little_like_answers_stay_groups(tmp_path):
    score, _, told = grid(GERMAN)
    groups = {
        "usage": ["rarely", "sometimes", "often", "by firms"],
        "place": ["Shop 1", "Shop 2", "Shop 3", "Online"],
        "age": ["18-29", "30-49", "50+", "unknown to us"],
    }
    for name, words in groups.items():
        told[name] = [words[row % 4] for row in range(ROWS)]
    _, settings, check = proposed(tmp_path, score, told)
    assert settings["segments"] == list(groups)
    assert list(settings["touchpoints"]) == list(NAMES)
    assert check.exit_code == 0
