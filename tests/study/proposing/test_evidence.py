"""What is told of a column from its cells, and what is asked because nothing tells it."""

import tomllib

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

ROWS = 300
SIX = "Does 6 mean “never used”, or is it the end of the scale?"


@pytest.fixture
def propose(tmp_path):
    def propose(frame):
        frame.to_csv(tmp_path / "answers.csv", index=False)
        return tpm.propose_study(tmp_path / "answers.csv")

    return propose


def survey(highest=5, lowest=1):
    """Answers of people who are content or not, in everything that they rate."""
    generator = np.random.default_rng(7)
    mood = generator.normal(size=ROWS)
    ratings = {
        name: np.clip(
            np.round((lowest + highest) / 2 + 0.3 * highest * mood + generator.normal(scale=0.7, size=ROWS)),
            lowest,
            highest,
        )
        for name in ("shop", "phone", "desk", "web")
    }
    score = np.clip(np.round(7 + 2 * mood + generator.normal(size=ROWS)), 0, 10)
    score[0] = 0
    return pd.DataFrame({"nps": score, **ratings}).astype(int)


def settings(proposal):
    return tomllib.loads(proposal.toml)["survey"]


def asked(proposal):
    return [sentence.text("en") for sentence in proposal.not_understood]


def test_a_6_of_those_who_never_used_it_is_a_code_and_that_of_the_content_is_the_end_of_the_scale(propose):
    scale_of_five = survey()
    never = np.random.default_rng(8).random((ROWS, 4)) < 0.2
    coded = scale_of_five.assign(**scale_of_five.iloc[:, 1:].mask(never, 6))
    assert settings(propose(coded))["rating_scale"] == [1, 5]
    assert settings(propose(coded))["not_experienced"] == [6]
    assert asked(propose(coded)) == [SIX]
    scale_of_six = propose(survey(highest=6))
    assert settings(scale_of_six)["rating_scale"] == [1, 6]
    assert "not_experienced" not in settings(scale_of_six)
    assert asked(scale_of_six) == [SIX]  # who rates higher recommends more: 6 is the best
    assert "\n# rating_scale = [1, 5]\n# not_experienced = [6]\n" in scale_of_six.toml
    assert "reversed" not in settings(scale_of_six)


@pytest.mark.parametrize("name", ["Note {}", "Schulnote {}", "{} (Grade)"])
def test_grades_end_with_6_whatever_the_persons_say_and_recommending_tells_which_end_is_good(propose, name):
    turned = survey()
    turned.iloc[:, 1:] = 6 - turned.iloc[:, 1:].mask(np.random.default_rng(3).random((ROWS, 4)) < 0.2, 0)
    turned.columns = ["nps", *(name.format(rated) for rated in turned.columns[1:])]
    proposal = propose(turned)
    assert settings(proposal)["rating_scale"] == [1, 6]
    assert "not_experienced" not in settings(proposal)
    assert asked(proposal) == []
    assert settings(proposal)["reversed"] == list(turned.columns[1:])
    assert "Of grades the low end is the good one; whoever gives it recommends more." in proposal.toml
    swiss = turned.assign(**{rated: 7 - turned[rated] for rated in turned.columns[1:]})
    assert "reversed" not in settings(propose(swiss))
    few = propose(turned.head(20))
    german = "ote" in name
    assert asked(few)[-1].startswith("Is 6 the best grade in" if german else "Is 1 the best answer to")
    assert ("reversed" in settings(few)) == german
    lines = few.toml.split("# If so, take instead:\n")[-1].split("\n")[0].removeprefix("# ")
    assert tomllib.loads(lines)["reversed"] == (False if german else list(turned.columns[1:]))


@pytest.mark.parametrize(
    ("legend", "scale", "turned"),
    [
        ("(1 = sehr gut, 6 = ungenügend)", [1, 6], True),
        ("(1 sehr zufrieden - 6 sehr unzufrieden)", [1, 6], True),
        ("(1: very good to 6: very bad)", [1, 6], True),
        ("sehr gut (1) bis ungenügend (6)", [1, 6], True),
        ("(6 = sehr gut – 1 = ungenügend)", [1, 6], False),
        ("(1 very dissatisfied – 6 very satisfied)", [1, 6], False),
        ("von 1 (sehr unzufrieden) bis 7 (sehr zufrieden)", [1, 7], False),
        ("(1 = strongly disagree, 6 = strongly agree)", [1, 6], False),
        ("(1 = best, 5 = worst)", [1, 5], True),
    ],
)
def test_the_words_over_ratings_tell_both_ends_and_which_is_good(propose, legend, scale, turned):
    answers = survey(highest=scale[1])
    answers.columns = ["nps", *(f"{name} {legend}" for name in answers.columns[1:])]
    proposal = propose(answers)
    assert settings(proposal)["rating_scale"] == scale
    assert settings(proposal).get("reversed", []) == (list(answers.columns[1:]) if turned else [])
    assert asked(proposal) == []


def test_ratings_on_several_named_scales_are_read_each_on_its_own(propose):
    answers = survey(highest=6)
    legends = ["(1 = sehr gut, 6 = ungenügend)", "(1 = schlecht, 6 = gut)", "(1-5)", "(1-5)"]
    answers.columns = ["nps", *(f"{name} {words}" for name, words in zip(answers.columns[1:], legends, strict=True))]
    answers.iloc[:, 3:] = answers.iloc[:, 3:].clip(upper=5)
    own = settings(propose(answers))
    assert own["reversed"] == ["shop (1 = sehr gut, 6 = ungenügend)"]
    scales = [own["scales"].get(name, own["rating_scale"]) for name in answers.columns[1:]]
    assert scales == [[1, 6], [1, 6], [1, 5], [1, 5]]
    assert list(own["touchpoints"].values()) == ["shop", "phone", "desk", "web"]  # not their legends


def test_a_0_of_those_who_did_not_answer_is_a_code_and_that_of_the_discontent_is_an_answer(propose):
    whole = survey()
    unanswered = whole.assign(**whole.iloc[:, 1:].mask(np.random.default_rng(9).random((ROWS, 4)) < 0.2, 0))
    assert settings(propose(unanswered))["no_answer"] == [0]
    assert settings(propose(survey(lowest=0)))["rating_scale"] == [0, 5]


def test_a_6_of_which_too_little_is_known_is_asked_about(propose):
    few = survey().head(12)
    few.loc[0, "shop"] = 6
    proposal = propose(few)
    assert "Does 6 mean “never used”, or is it the end of the scale?" in proposal.summary()
    assert settings(proposal)["not_experienced"] == [6]
    instead = proposal.toml.replace("# rating_scale = [1, 6]", "rating_scale = [1, 6]").replace(
        "\nrating_scale = [1, 5]", ""
    )
    assert tomllib.loads(instead)["survey"]["rating_scale"] == [1, 6]


@pytest.mark.parametrize("code", [99, -1, 77])
def test_a_number_far_from_the_scale_is_a_code(propose, code):
    answers = survey()
    answers.loc[:20, "shop"] = code
    answers.loc[30:50, "nps"] = code
    assert settings(propose(answers))["no_answer"] == [code]
    assert settings(propose(answers))["recommend_scale"] == [0, 10]


def test_a_group_made_of_the_score_is_not_the_score(propose):
    answers = survey()
    answers.insert(
        0, "Q1_NPS_GROUP", pd.cut(answers["nps"], [-1, 6, 8, 10], labels=["Detractor", "Passive", "Promoter"])
    )
    answers.insert(0, "nps_category", pd.cut(answers["nps"], [-1, 6, 8, 10], labels=[1, 2, 3]))
    table = propose(answers).table.set_index("column")
    assert table.loc[["Q1_NPS_GROUP", "nps_category", "nps"], "role"].tolist() == ["none", "none", "recommend"]
    assert table.loc["Q1_NPS_GROUP", "reason"] == "it is made of the score"


@pytest.mark.parametrize(("first", "second"), [("3/4/2024 10:00", "5/6/2024 11:00"), ("01/02/2024", "03/02/2024")])
def test_days_of_an_unclear_order_are_asked_about(propose, tmp_path, first, second):
    answers = survey().assign(Timestamp=np.tile([first, second], ROWS // 2))
    proposal = propose(answers)
    assert "Does the day or the month stand first in Timestamp?" in proposal.summary()
    assert "date" not in settings(proposal)
    told = proposal.toml.replace("# date = ", "date = ").replace(
        '# date_order = "month first"', 'date_order = "month first"'
    )
    (tmp_path / "study.toml").write_text(told, encoding="utf-8")
    assert tpm.load_study(tmp_path).survey["date"].dt.day.iloc[0] == int(first.split("/")[1])


def test_numbers_of_respondents_that_repeat_are_those_of_customers(propose):
    answers = survey().assign(respondent_id=np.repeat(np.arange(ROWS // 2), 2))
    assert propose(answers).table.set_index("column").loc["respondent_id", "role"] == "customer"
    waves = answers.assign(wave=np.tile(["2023", "2024"], ROWS // 2))
    assert propose(waves).table.set_index("column").loc[["respondent_id", "wave"], "role"].tolist() == [
        "respondent",
        "wave",
    ]


def test_two_questions_that_could_be_the_score_are_asked_about(propose):
    answers = survey().rename(columns={"nps": "recommend us"})
    answers["recommend the brand"] = answers["recommend us"].to_numpy()[::-1]
    proposal = propose(answers)
    assert proposal.not_understood[0].text("en") == (
        "Is it recommend us that asks for the recommendation? It could be recommend the brand as well."
    )
    assert '# recommend = "recommend the brand"' in proposal.toml


def test_without_any_question_on_recommendation_nothing_is_invented(propose):
    proposal = propose(survey().drop(columns="nps"))
    assert "recommend" not in settings(proposal)
    assert proposal.not_understood[0].text("en") == (
        "Which column asks whether somebody would recommend you? None says so. Without it there is no study."
    )


def test_numbers_around_1_are_weights_and_random_groups_are_no_ratings(propose):
    generator = np.random.default_rng(5)
    answers = survey().assign(wgt=generator.choice([0.5, 1.0, 1.5], ROWS), plant=generator.integers(1, 6, ROWS))
    roles = propose(answers).table.set_index("column")["role"]
    assert roles["wgt"] == "weight"
    assert roles["plant"] == "none"


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "answers.csv").write_bytes(b"")
    with pytest.raises(tpm.DataError) as error:
        tpm.propose_study(tmp_path / "answers.csv")
    assert str(error.value) == (
        "answers.csv: expected a header with the names of the columns. The file is empty: export it again."
    )
