"""Willingness on any scale, and deeds of any kind: each is proposed as what it is, in English and German."""

import tomllib

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

ROWS = 240
LIKELY = "How likely are you to recommend us?"


@pytest.fixture
def propose(tmp_path):
    def propose(frame):
        frame.to_csv(tmp_path / "answers.csv", index=False)
        proposal = tpm.propose_study(tmp_path / "answers.csv")
        (tmp_path / "study.toml").write_text(proposal.toml, encoding="utf-8")
        return proposal, tomllib.loads(proposal.toml)["survey"], tpm.check_study(tmp_path)

    return propose


def survey(score=LIKELY, highest=10, lowest=0, **more):
    """Answers of people who are content or not; further columns are made of their mood."""
    random = np.random.default_rng(11)
    mood = random.normal(size=ROWS)
    ratings = {
        name: np.clip(np.round(3.4 + mood + random.normal(scale=0.8, size=ROWS)), 1, 5).astype(int)
        for name in ("shop", "phone", "web")
    }
    place = np.clip(0.68 + 0.2 * mood + random.normal(scale=0.08, size=ROWS), 0, 1)
    asked = np.round(lowest + place * (highest - lowest)).astype(int)
    asked[: highest - lowest + 1] = np.arange(lowest, highest + 1)
    asked[-3:] = lowest
    made = {name: make(mood, random) for name, make in more.items()}
    return pd.DataFrame({score: asked, **ratings, **made})


def flags(yes="yes", no="no"):
    return lambda mood, random: np.where(random.random(ROWS) < 1 / (1 + np.exp(-mood)), yes, no)


def counts(mood, random):
    return random.poisson(np.exp(0.4 * mood - 0.5))


@pytest.mark.parametrize(("lowest", "highest", "classes"), [(1, 5, "[3, 4]"), (1, 7, "[4, 5]"), (1, 10, "[6, 8]")])
def test_a_shorter_scale_is_proposed_and_its_classes_are_said(propose, lowest, highest, classes):
    proposal, settings, check = propose(survey(lowest=lowest, highest=highest))
    assert settings["recommend_scale"] == [lowest, highest]
    assert f"Other classes: cutoffs = {classes}" in proposal.toml.replace("\n# ", " ")
    assert check.exit_code == 0
    assert check.study.recommend_scale == (lowest, highest)


def test_on_the_usual_scale_nothing_is_said_of_classes(propose):
    proposal, settings, _ = propose(survey())
    assert settings["recommend_scale"] == [0, 10]
    assert "cutoffs" not in proposal.toml


@pytest.mark.parametrize("question", ["Would you recommend us?", "Würden Sie uns weiterempfehlen?", "Weiterempfehlung"])
@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("Ja (1)", "Nein (2)"), (1, 0), ("Ja, auf jeden Fall", "Nein")])
def test_willingness_as_yes_and_no(propose, question, yes, no):
    answers = survey(question)
    answers[question] = flags(yes, no)(answers["shop"] - 3, np.random.default_rng(1))
    _, settings, check = propose(answers)
    assert (settings["recommend"], settings["recommend_scale"]) == (question, "yes/no")
    assert check.exit_code == 0, str(check.table)
    assert check.study.survey["recommend"].tolist() == (answers[question] == yes).astype(float).tolist()


@pytest.mark.parametrize(("further", "share"), [("vielleicht", 0.45), ("?", 0.1), ("not sure yet", 0.3)])
def test_a_word_between_yes_and_no_is_left_out_and_asked_about(propose, tmp_path, further, share):
    question = "Würden Sie uns weiterempfehlen?"
    answers = survey(question)
    random = np.random.default_rng(1)
    said = np.where(random.random(ROWS) < share, further, np.where(random.random(ROWS) < 0.6, "ja", "nein"))
    answers[question] = said
    proposal, settings, check = propose(answers)
    assert (settings["recommend"], settings["recommend_scale"]) == (question, "yes/no")
    assert "segments" not in settings
    assert proposal.not_understood[0].text("en") == (
        f"Is {further} no answer to {question}, or is it a no? It is left out."
    )
    assert check.exit_code == 0, str(check.table)
    np.testing.assert_array_equal(
        check.study.survey["recommend"], np.select([said == "ja", said == "nein"], [1.0, 0.0], np.nan)
    )
    lines = [line for line in proposal.toml.splitlines() if not line.startswith("codes.")]
    (tmp_path / "study.toml").write_text("\n".join(lines).replace("# codes.", "codes."), encoding="utf-8")
    counted_as_no = tpm.load_study(tmp_path).survey["recommend"]
    assert counted_as_no.tolist() == (said == "ja").astype(float).tolist()


def test_a_question_on_recommendation_is_no_group_whatever_its_answers(propose):
    answers = survey().assign(**{"Would you recommend our app?": np.tile(["red", "green", "blue"], ROWS // 3)})
    proposal, settings, _ = propose(answers)
    assert "segments" not in settings
    assert proposal.table.set_index("column").loc["Would you recommend our app?", "role"] != "segment"


@pytest.mark.parametrize("words", ["", " (1 = ja, 2 = nein)"])
def test_1_and_2_are_yes_and_no_and_it_is_asked_where_nothing_says_so(propose, words):
    question = f"Würden Sie uns weiterempfehlen?{words}"
    answers = survey(question)
    answers[question] = flags(1, 2)(answers["shop"] - 3, np.random.default_rng(1))
    proposal, settings, check = propose(answers)
    assert settings["recommend_scale"] == "yes/no"
    assert settings["codes"] == {question: {"true": [1], "false": [2]}}
    assert check.study.survey["recommend"].mean() == (answers[question] == 1).mean()
    asked = [sentence.text("en") for sentence in proposal.not_understood]
    told = f"Is 2 yes and 1 no in {question}? Nothing in the file says so, and most tools write it the other way round."
    assert asked == ([] if words else [told])


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Have you recommended us to anybody in the past 12 months?", "recommended_12m"),
        ("Haben Sie uns in den letzten zwölf Monaten weiterempfohlen?", "recommended_12m"),
        ("recommended_12m", "recommended_12m"),
        ("empfohlen_12m", "recommended_12m"),
        ("Recommendation in the last 12 months (yes/no)", "recommended_12m"),
        ("Have you ever told friends or colleagues about us?", "recommended"),
        ("Haben Sie uns schon einmal jemandem empfohlen?", "recommended"),
        ("recommended", "recommended"),
        ("weiterempfohlen", "recommended"),
        ("Kunde hat geworben", "recommended"),
    ],
)
@pytest.mark.parametrize(("yes", "no"), [("yes", "no"), ("Ja (1)", "Nein (2)"), (1, 0), (1, 2)])
def test_a_yes_or_no_about_deeds_is_never_willingness(propose, name, role, yes, no):
    answers = survey(**{name: flags(yes, no)})
    proposal, settings, check = propose(answers)
    assert settings["recommend"] == LIKELY
    assert settings[role] == name
    row = proposal.table.set_index("column").loc[name]
    assert row["confidence"] >= 0.5
    assert "recommended" in row["reason"]
    assert check.exit_code == 0, str(check.table)
    assert check.study.survey[role].tolist() == (answers[name].astype(str) == str(yes)).tolist()


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("How many people have you recommended us to?", "recommendations"),
        ("Wie oft haben Sie uns in den letzten 12 Monaten weiterempfohlen?", "recommendations"),
        ("Anzahl Empfehlungen", "recommendations"),
        ("recommendations", "recommendations"),
        ("n_referrals", "recommendations"),
        ("referral_count", "recommendations"),
        ("customers_won", "customers_won"),
        ("geworbene Kunden", "customers_won"),
        ("Wie viele Neukunden haben Sie durch Ihre Empfehlung gebracht?", "customers_won"),
        ("referrals converted", "customers_won"),
    ],
)
def test_a_count_of_deeds_is_never_willingness(propose, name, role):
    answers = survey(**{name: counts})
    proposal, settings, check = propose(answers)
    assert settings["recommend"] == LIKELY
    assert settings[role] == name
    assert proposal.table.set_index("column").loc[name, "confidence"] >= 0.5
    assert check.exit_code == 0, str(check.table)
    assert check.study.survey[role].tolist() == answers[name].tolist()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("Haben Sie uns schon empfohlen?", flags("Ja", "Nein")),
        ("recommended", flags(1, 0)),
        ("Anzahl Empfehlungen", counts),
        ("recommendations", counts),
        ("Were we recommended to you?", flags()),
        ("Sind Sie auf Empfehlung zu uns gekommen?", flags("ja", "nein")),
    ],
)
def test_where_only_deeds_are_known_the_question_on_willingness_is_asked_for(propose, name, make):
    proposal, settings, check = propose(survey(**{name: make}).drop(columns=LIKELY))
    assert "recommend" not in settings
    assert proposal.not_understood[0].text("en") == (
        "Which column asks whether somebody would recommend you? None says so. Without it there is no study."
    )
    assert check.exit_code == 2


@pytest.mark.parametrize(
    "question",
    [
        "Thinking of the last 12 months, how likely are you to recommend us to a friend?",
        "Wie wahrscheinlich ist es, dass Sie uns in den nächsten 12 Monaten weiterempfehlen?",
    ],
)
def test_a_span_of_time_in_the_question_on_willingness_makes_it_no_deed(propose, question):
    _, settings, _ = propose(survey(question))
    assert settings["recommend"] == question
    assert settings["recommend_scale"] == [0, 10]


def test_a_touchpoint_called_recommendations_is_rated(propose):
    rated = "How satisfied are you with the following? [Product recommendations]"
    answers = survey()
    answers[rated] = answers["shop"]
    _, settings, _ = propose(answers)
    assert settings["touchpoints"][rated] == "Product recommendations"
    assert "recommendations" not in settings


def test_each_deed_is_proposed_beside_the_others(propose):
    answers = survey(recommended_12m=flags(), recommendations=counts, customers_won=counts)
    _, settings, _ = propose(answers)
    assert {settings[role] for role in ("recommended_12m", "recommendations", "customers_won")} == {
        "recommended_12m", "recommendations", "customers_won"
    }  # fmt: skip


@pytest.mark.parametrize(
    "words",
    ["(1 = very unlikely, 10 = very likely)", "[1 = unwahrscheinlich; 10 = wahrscheinlich]", "(1-10)", "1 bis 10"],
)
def test_the_ends_of_a_scale_in_the_question_are_believed(propose, words):
    proposal, settings, _ = propose(survey(f"{LIKELY} {words}", lowest=1))
    assert settings["recommend_scale"] == [1, 10]
    assert proposal.not_understood == ()


@pytest.mark.parametrize("name", ["nps", "How likely are you to recommend us?"])
def test_willingness_of_which_there_is_none_is_no_count_of_deeds(propose, name):
    answers = survey(name)
    answers[name] = counts(answers["shop"].to_numpy() - 3, np.random.default_rng(3))
    proposal, settings, _ = propose(answers)
    assert settings["recommend"] == name
    assert name != "nps" or settings["recommend_scale"] == [0, 10]
    assert "recommendations" not in settings
    assert proposal.table.set_index("column").loc[name, "confidence"] >= 0.5


def test_a_column_of_counts_that_only_shares_the_word_is_asked_about(propose):
    answers = survey("Weiterempfehlung")
    answers["Weiterempfehlung"] = counts(answers["shop"].to_numpy() - 3, np.random.default_rng(3))
    proposal, settings, _ = propose(answers)
    assert "recommend" not in settings
    assert proposal.not_understood[0].text("en").startswith("Which column asks whether somebody would recommend you?")


@pytest.mark.parametrize(("yes", "no"), [("ja", "nein"), ("1", "2")])
def test_words_for_no_answer_beside_yes_and_no_are_written(tmp_path, yes, no):
    """Once: a key that stood twice would make the file unreadable."""
    answers = [yes, no, yes, "weiß nicht", no, yes] * 10
    rows = [f"{number},{answer},{1 + number % 5}" for number, answer in enumerate(answers)]
    file = tmp_path / "umfrage.csv"
    file.write_text("\n".join(["Nr,Würden Sie uns weiterempfehlen?,Beratung", *rows]) + "\n", encoding="utf-8")
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "umfrage.csv").write_bytes(file.read_bytes())
    (folder / "study.toml").write_text(tpm.propose_study(file).toml, encoding="utf-8")
    check = tpm.check_study(folder)
    assert check.exit_code == 0, check.summary("en")
    assert tpm.net_promoter_score(check.study).table.loc[0, ["n", "yes"]].tolist() == [50, 0.6]
