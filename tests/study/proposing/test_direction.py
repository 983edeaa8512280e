"""Which end of a scale is the good one, and which labels are no steps of it: told by words, else asked until said."""

import tomllib

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import tpm_widgets as tpm

ROWS = 260
ASKED = "How likely are you to recommend us?"
NAMES = ("shop", "phone", "web", "bill")


@pytest.fixture
def begin(tmp_path):
    """Propose a study of a frame, and return the proposal, its settings and the check of its folder."""

    def begin(frame, name="answers.csv", **labels):
        if name.endswith(".sav"):
            pyreadstat.write_sav(frame.astype(float), tmp_path / name, variable_value_labels=labels)
        else:
            frame.to_csv(tmp_path / name, index=False)
        proposal = tpm.propose_study(tmp_path / name)
        (tmp_path / "study.toml").write_text(proposal.toml, encoding="utf-8")
        return proposal, tomllib.loads(proposal.toml)["survey"], tpm.check_study(tmp_path)

    return begin


def survey(score=ASKED, rated=NAMES, lowest=1, highest=5, turned=False):
    """Answers of people who are content or not, with every step of each scale."""
    random = np.random.default_rng(21)
    mood = random.normal(size=ROWS)
    ratings = {}
    for name in rated:
        drawn = np.round((lowest + highest) / 2 + 0.25 * highest * mood + random.normal(scale=0.7, size=ROWS))
        drawn = np.clip(drawn, lowest, highest)
        ratings[name] = (lowest + highest - drawn if turned else drawn).astype(int)
    asked = np.clip(np.round(7 + 2 * mood + random.normal(size=ROWS)), 0, 10).astype(int)
    asked[:11] = np.arange(11)
    return pd.DataFrame({score: asked, **ratings})


def asked(proposal):
    return [sentence.text("en") for sentence in proposal.not_understood]


GRIDS = {
    "satisfaction": ["sehr zufrieden", "eher zufrieden", "teils-teils", "eher unzufrieden", "sehr unzufrieden"],
    "agreement": ["Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree"],
    "a scale nobody has listed": ["Delighted", "Quite pleased", "Could be better", "Annoyed by it", "Terrible"],
    "quality": ["hervorragend", "recht ordentlich", "es geht", "eher mäßig", "miserabel"],
    "frequency": ["immer", "meistens", "ab und zu", "seltener", "nie"],
    "probability": ["ja, ganz bestimmt", "ja, vielleicht", "mal sehen", "eher nein", "nein, sicher nicht"],
    "expectations": ["exceeded", "as I had hoped", "so so", "a little below", "far below"],
    "ends only": ["very good", None, None, None, "very bad"],
}
CODES = {
    "told": {8: "hatte keinen Kontakt", 9: "weiß nicht / k. A."},
    "English": {8: "Does not apply", 9: "Don't know"},
    "behind a gap": {8: "Haus noch geschlossen", 9: "verweigert"},
}


@pytest.mark.parametrize("words", GRIDS.values(), ids=GRIDS)
@pytest.mark.parametrize("codes", CODES.values(), ids=CODES)
@pytest.mark.parametrize("low_is_good", [True, False])
def test_labels_tell_the_good_end_and_what_is_no_step_of_the_scale(begin, words, codes, low_is_good):
    if None in words and "Haus noch geschlossen" in codes.values():
        pytest.skip("where only ends are labelled, an 8 with words of its own may be a step")
    answers = survey(turned=low_is_good)
    random = np.random.default_rng(5).random((ROWS, len(NAMES)))
    late = np.arange(ROWS)[:, None] > 10
    for code, (low, high) in zip(codes, [(0, 0.1), (0.1, 0.14)], strict=True):
        answers = answers.assign(**answers[list(NAMES)].mask((random >= low) & (random < high) & late, code))
    steps = dict(enumerate(words if low_is_good else words[::-1], start=1))
    labels = {code: told for code, told in {**steps, **codes}.items() if told}
    _, settings, check = begin(answers.rename(columns={ASKED: "nps"}), "a.sav", **dict.fromkeys(NAMES, labels))
    assert settings["rating_scale"] == [1, 5]
    assert settings.get("reversed", []) == (list(NAMES) if low_is_good else [])
    assert check.exit_code == 0
    assert check.study.doubts == ()
    right = answers[list(NAMES)].where(answers[list(NAMES)] < 6)
    np.testing.assert_array_equal(check.study.ratings, 6 - right if low_is_good else right)
    if "behind" not in str(codes) and 8 in settings.get("not_experienced", []):
        assert settings["no_answer"] == [9]
        assert (check.study.experienced == False).sum().tolist() == (answers[list(NAMES)] == 8).sum().tolist()  # noqa: E712


@pytest.mark.parametrize(
    ("legend", "never", "none"),
    [
        ("(0 = nicht genutzt)", [0], []),
        ("(0: not used)", [0], []),
        ("(1 = very bad, 5 = very good, 9 = don't know)", [], [9]),
        ("[6 = habe ich nicht genutzt; 7 = weiß nicht]", [6], [7]),
    ],
)
def test_codes_that_the_words_over_ratings_name(begin, legend, never, none):
    answers = survey()
    answers.columns = [ASKED, *(f"{name} {legend}" for name in NAMES)]
    for place, code in enumerate([*never, *none]):
        answers.iloc[20 + 15 * place : 35 + 15 * place, 1:] = code
    _, settings, _ = begin(answers)
    assert settings["rating_scale"] == [1, 5]
    assert settings.get("not_experienced", []) == never
    assert settings.get("no_answer", []) == none


def test_ratings_that_run_against_recommending_are_asked_about_until_it_is_said(begin, tmp_path):
    proposal, settings, check = begin(survey(turned=True))
    assert "reversed" not in settings
    told = (
        "Whoever rates shop, phone, web and bill higher recommends less. Is the low end of these scales the good one? "
        "Nothing in the file says so."
    )
    assert asked(proposal) == [told]
    assert '\n# reversed = ["shop", "phone", "web", "bill"]\n' in proposal.toml
    size = pd.DataFrame(check.study.ratings).corrwith(check.study.survey["recommend"], method="spearman").mean()
    doubt = (
        f"Whoever rates shop, phone, web and bill higher recommends less (rank correlation −{-size:.2f}). Is the low "
        "end of these scales the good one? If so: `reversed = true`. If not: `reversed = false`. (under [survey])"
    )
    assert check.exit_code == 0
    assert [sentence.text("en") for sentence in check.study.doubts] == [doubt]
    assert check.summary("en").startswith(doubt)
    for line in ("reversed = true", "reversed = false"):
        (tmp_path / "study.toml").write_text(proposal.toml.replace("rating_scale", f"{line}\nrating_scale"), "utf-8")
        study = tpm.load_study(tmp_path)
        assert study.doubts == ()
        correlation = np.corrcoef(study.ratings["shop"], study.survey["recommend"])[0, 1]
        assert (correlation > 0) == line.endswith("true")


def test_what_is_declared_of_recommending_leaves_the_ratings_in_doubt():
    """Both answers can be pasted, and settle it."""
    answers = survey("nps", turned=True)
    answers["nps"] = 10 - answers["nps"]
    kinds = {"recommend": "nps", "touchpoints": list(NAMES)}
    assert tpm.make_study(answers, **kinds).doubts == ()
    doubt = tpm.make_study(answers, **kinds, reversed=["nps"]).doubts[0].text("en")
    assert 'If so: `reversed=["nps", "shop", "phone", "web", "bill"]`.' in doubt
    assert 'If not: `reversed={"nps": True, "shop": False, "phone": False, "web": False, "bill": False}`.' in doubt
    for said in (["nps", *NAMES], {"nps": True, **dict.fromkeys(NAMES, False)}):
        assert tpm.make_study(answers, **kinds, reversed=said).doubts == ()


def test_one_rating_that_runs_strongly_against_recommending_is_asked_about_and_chance_is_not():
    answers = survey("nps")
    answers["web"] = 6 - answers["web"]
    answers["bill"] = np.random.default_rng(2).integers(1, 6, ROWS)
    study = tpm.make_study(answers, recommend="nps", touchpoints=list(NAMES))
    assert len(study.doubts) == 1
    assert "Whoever rates web higher" in study.doubts[0].text("en")
    assert '`reversed=["web"]`' in study.doubts[0].text("en")
    few = tpm.make_study(answers.head(25), recommend="nps", touchpoints=["web"])
    assert few.doubts == ()


def test_a_direction_has_to_be_said_by_true_or_false():
    with pytest.raises(tpm.DataError) as error:
        tpm.make_study(survey("nps"), recommend="nps", touchpoints=list(NAMES), reversed={"shop": "yes"})
    assert str(error.value) == "survey, column 'shop': found 'yes', expected true or false."


def test_a_question_is_repeated_until_its_line_is_deleted(begin, tmp_path):
    answers = survey("Weiterempfehlung")
    answers["Weiterempfehlung"] = answers["Weiterempfehlung"].clip(lower=1)
    proposal, _, check = begin(answers)
    question = "Nobody answered 0 to Weiterempfehlung: does its scale begin with 0 or with 1?"
    assert asked(proposal) == [question]
    assert tomllib.loads(proposal.toml)["questions"] == {"1": question}
    assert (
        check.loud[0].text("en") == f"Still open; delete what is answered under [questions] in study.toml: {question}"
    )
    assert check.exit_code == 0
    (tmp_path / "study.toml").write_text(proposal.toml.replace(f'\n1 = "{question}"', ""), encoding="utf-8")
    assert tpm.load_study(tmp_path).doubts == ()


@pytest.mark.parametrize("name", ["NPS", "Net Promoter Score", "nps_2024"])
def test_the_usual_scale_of_a_column_called_nps_is_said_and_not_asked(begin, name):
    answers = survey(name)
    answers[name] = answers[name].clip(lower=1)
    proposal, settings, _ = begin(answers)
    assert settings["recommend_scale"] == [0, 10]
    assert asked(proposal) == []
    assert "If it begins with 1: recommend_scale = [1, 10]" in proposal.toml.replace("\n# ", " ")


@pytest.mark.parametrize("words", ["de 0 à 10", "on a scale of 0 to 10", "da 0 a 10", "von 0 bis 10"])
def test_a_scale_that_the_question_names_is_not_asked_about(begin, words):
    name = f"{ASKED} ({words})"
    answers = survey(name)
    answers[name] = answers[name].clip(lower=1)
    proposal, settings, _ = begin(answers)
    assert settings["recommend_scale"] == [0, 10]
    assert asked(proposal) == []


GRADES = ["ungenügend", "mangelhaft", "ausreichend", "befriedigend", "gut", "sehr gut"]


def test_where_words_give_the_numbers_nothing_is_asked_of_their_direction(begin):
    answers = survey(highest=6)
    answers[list(NAMES)] = answers[list(NAMES)].map(lambda step: GRADES[step - 1])
    proposal, settings, check = begin(answers)
    assert asked(proposal) == []
    assert settings["words"]["sehr gut"] == 6
    assert check.study.doubts == ()


@pytest.mark.parametrize("recommended", [
    ["nein, auf keinen Fall", "eher nein", "unentschieden", "eher ja", "ja, auf jeden Fall"],
    ["Definitely not", "Probably not", "Maybe", "Probably", "Definitely"],
])  # fmt: skip
def test_willingness_in_five_words(begin, recommended):
    question = "Würden Sie uns weiterempfehlen?"
    answers = survey(question)
    steps = (answers[question] // 2).clip(upper=4)
    answers[question] = [recommended[step] for step in steps]
    _, settings, check = begin(answers)
    assert (settings["recommend"], settings["recommend_scale"]) == (question, [1, 5])
    np.testing.assert_array_equal(check.study.survey["recommend"], steps + 1)


def test_codes_for_no_answer_leave_reach_open_and_check_and_map_give_one_remedy(begin, tmp_path):
    answers = survey()
    answers.loc[20:60, "shop"] = 9
    proposal, settings, check = begin(answers)
    assert settings["no_answer"] == [9]
    study = check.study
    assert study.reach_unknown == ("shop",)
    told = (
        "Whom shop reach is not known. 9 in 41 ratings may mean that somebody never used it or gave no answer. Never "
        'used: `not_experienced = [9]` and `no_answer = []`. No answer: `blank = "no_answer"`. (under [survey], in '
        "place of what is said there)"
    )
    assert [remark.text("en") for remark in study.remarks] == [told]
    assert told in [caveat.text("en") for caveat in tpm.touchpoint_map(study).caveats]
    never = proposal.toml.replace("no_answer = [9]", "not_experienced = [9]\nno_answer = []")
    (tmp_path / "study.toml").write_text(never, encoding="utf-8")
    assert tpm.load_study(tmp_path).reach["shop"] == pytest.approx(1 - 41 / ROWS)
    none = proposal.toml.replace("no_answer = [9]", 'no_answer = [9]\nblank = "no_answer"')
    (tmp_path / "study.toml").write_text(none, encoding="utf-8")
    again = tpm.load_study(tmp_path)
    assert (again.reach["shop"], again.remarks) == (1.0, ())


def test_words_that_a_file_labels_itself_are_not_asked_about(begin, tmp_path):
    """SPSS leaves out 98 and 99; that of who never used it is not merely missing."""
    answers = survey().rename(columns={ASKED: "nps"})
    answers.loc[20:60, "shop"], answers.loc[70:80, "shop"] = 98, 99
    labels = {1: "very bad", 5: "very good", 98: "never used", 99: "no answer"}
    missing = {"shop": [{"lo": 98, "hi": 99}]}
    pyreadstat.write_sav(
        answers.astype(float), tmp_path / "a.sav", variable_value_labels={"shop": labels}, missing_ranges=missing
    )
    proposal = tpm.propose_study(tmp_path / "a.sav")
    (tmp_path / "study.toml").write_text(proposal.toml, encoding="utf-8")
    study = tpm.load_study(tmp_path)
    assert tomllib.loads(proposal.toml)["survey"]["not_experienced"] == [98]
    assert study.reach["shop"] == pytest.approx(1 - 41 / (ROWS - 11))
    assert study.remarks == ()


NUMBERED = {step: str(step) for step in range(11)}
USUAL = {1: "very bad", 2: "bad", 3: "ok", 4: "good", 5: "very good"}


def without(labels, *steps):
    return {step: words for step, words in labels.items() if step not in steps}


@pytest.mark.parametrize(
    "labels",
    [
        without(NUMBERED, 9),
        without(NUMBERED, 9, 10),
        without(NUMBERED, 0, 5),
        {**without(NUMBERED, 9), 0: "sehr unwahrscheinlich", 10: "sehr wahrscheinlich"},
        {**NUMBERED, 10: "Jederzeit!"},
        {**without(NUMBERED, 9), 10: "Jederzeit!"},
        {0: "auf keinen Fall", 9: "gern"},
        {1: "niedrig"},
        {**NUMBERED, 11: "Erst seit gestern Kunde"},
        {**NUMBERED, 99: "hatte keinen Kontakt"},
    ],
)
def test_a_step_of_willingness_without_a_label_or_with_an_unknown_one_stays_an_answer(begin, labels):
    answers = survey("nps")
    code = max(labels) if max(labels) > 10 else 99
    answers.loc[20:40, "nps"] = code
    _, settings, check = begin(answers, "a.sav", nps=labels, **dict.fromkeys(NAMES, USUAL))
    assert settings["recommend_scale"] == [0, 10]
    assert check.exit_code == 0
    np.testing.assert_array_equal(check.study.survey["recommend"], answers["nps"].where(answers["nps"] < 11))


@pytest.mark.parametrize(
    ("labels", "beside", "scale", "codes"),
    [
        (without(USUAL, 3), 8, [1, 5], [8]),
        (without(USUAL, 5), None, [1, 5], []),
        ({1: "schlecht", 2: "mäßig", 3: "ganz ok", 4: "gut", 5: "phänomenal"}, None, [1, 5], []),
        ({**USUAL, 8: "nicht zuständig"}, 8, [1, 5], [8]),
        ({**USUAL, 6: "war an dem Tag zu"}, 6, [1, 5], [6]),
        (USUAL, 6, [1, 5], [6]),
    ],
)
def test_a_step_of_ratings_without_a_label_is_told_from_a_code_beside_them(begin, labels, beside, scale, codes):
    answers = survey("nps")
    if beside:
        answers.loc[20:40, NAMES] = beside
    _, settings, check = begin(answers, "a.sav", **dict.fromkeys(NAMES, labels))
    assert settings["rating_scale"] == scale
    assert settings.get("not_experienced", []) + settings.get("no_answer", []) == codes
    assert check.exit_code == 0


def test_a_code_that_one_of_several_columns_labels_is_not_asked_about(begin):
    answers = survey("nps")
    answers.loc[20:40, NAMES] = 6
    proposal, settings, _ = begin(answers, "a.sav", shop={6: "no contact"})
    assert asked(proposal) == []
    assert settings["not_experienced"] == [6]


def test_of_codes_beside_ratings_those_that_the_file_explains_are_not_asked_about(begin):
    answers = survey("nps")
    answers.loc[20:40, NAMES], answers.loc[50:60, NAMES] = 8, 9
    labels = {**USUAL, 8: "war an dem Tag zu", 9: "keine Angabe"}
    _, _, check = begin(answers, "a.sav", **dict.fromkeys(NAMES, labels))
    assert [remark.text("en") for remark in check.study.remarks] == [
        "Whom shop, phone, web and bill reach is not known. 8 in 84 ratings may mean that somebody never used it or "
        'gave no answer. Never used: `not_experienced = [8]` and `no_answer = [9]`. No answer: `blank = "no_answer"`. '
        "(under [survey], in place of what is said there)"
    ]


def test_labels_of_one_rating_do_not_tell_of_the_others(begin):
    """Here they would tell the right thing, there not: what runs against recommending is asked about."""
    labels = {1: "very good", 5: "very bad"}
    proposal, settings, check = begin(survey("nps", turned=True), "a.sav", shop=labels)
    assert settings["reversed"] == ["shop"]
    assert asked(proposal)[0].startswith("Whoever rates phone, web and bill higher recommends less.")
    assert '\n# reversed = ["shop", "phone", "web", "bill"]\n' in proposal.toml
    assert len(check.study.doubts) == 1
