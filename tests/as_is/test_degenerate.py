"""Every as-is verb on studies in which there is next to nothing to find: a value or a sentence, never a surprise.

A new verb joins by one line in VERBS, a new study by one function in STUDIES. Warnings are errors here as everywhere.
A verb that can be called in several ways is called in one of them on each study, in turn; in all of them on an ordinary
one, and in ``make verify`` on each.
"""

import re
from dataclasses import replace
from functools import cache
from itertools import groupby

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.study.model import Period

# Each verb as it is called, and its picture, where it has one.
VERBS = {
    "touchpoint_map": (tpm.touchpoint_map, "plot_touchpoint_map"),
    "net_promoter_score": (tpm.net_promoter_score, "plot_net_promoter_score"),
    "net_promoter_score by region": (
        lambda study: tpm.net_promoter_score(study, by="region"),
        "plot_net_promoter_score",
    ),
    "net_promoter_score by wave": (lambda study: tpm.net_promoter_score(study, by="wave"), "plot_net_promoter_score"),
    "compare_scores": (lambda study: tpm.compare_scores(study, by="region"), "plot_score_comparison"),
    "compare_scores, paired": (
        lambda study: tpm.compare_scores(study, by="wave", paired=True),
        "plot_score_comparison",
    ),
    "score_sensitivity": (lambda study: tpm.score_sensitivity(study), "plot_score_sensitivity"),
    "score_sample_size": (lambda study: tpm.score_sample_size(study, margin=0.1), None),
    "score_sample_size, difference": (lambda study: tpm.score_sample_size(study, difference=0.1), None),
    "referral_rate": (tpm.referral_rate, "plot_referral_rate"),
    "referral_rate by quarter": (lambda study: tpm.referral_rate(study, period="quarter"), "plot_referral_rate"),
    "referral_sources": (lambda study: tpm.referral_sources(study), "plot_referral_sources"),
    "referral_activity": (lambda study: tpm.referral_activity(study), "plot_referral_activity"),
    "referral_activity by score": (lambda study: tpm.referral_activity(study, by="score"), "plot_referral_activity"),
    "referral_activity by touchpoint": (
        lambda study: tpm.referral_activity(study, by="touchpoint"),
        "plot_referral_activity",
    ),
    "referral_activity with consent": (
        lambda study: tpm.referral_activity(study, by="perspective", consent="given"),
        "plot_referral_activity",
    ),
    "referral_funnel": (lambda study: tpm.referral_funnel(study), "plot_referral_funnel"),
    "referral_consent": (lambda study: tpm.referral_consent(study), "plot_referral_consent"),
    "referral_consent by quarter": (
        lambda study: tpm.referral_consent(study, period="quarter"),
        "plot_referral_consent",
    ),
    "referral_timing": (lambda study: tpm.referral_timing(study), "plot_referral_timing"),
    "referral_timing by segment": (lambda study: tpm.referral_timing(study, by="segment"), "plot_referral_timing"),
    "referral_network": (lambda study: tpm.referral_network(study), "plot_referral_network"),
    "referral_value": (lambda study: tpm.referral_value(study), "plot_referral_value"),
    "earned_growth": (lambda study: tpm.earned_growth(study), "plot_earned_growth"),
    "say_do": (lambda study: tpm.say_do(study, replicates=20), "plot_say_do"),
    "say_do_groups": (lambda study: tpm.say_do_groups(study), "plot_say_do_groups"),
    "say_do_groups by region": (lambda study: tpm.say_do_groups(study, by="region"), "plot_say_do_groups"),
    "say_do_time": (lambda study: tpm.say_do_time(study), "plot_say_do_time"),
    "say_do_time by month": (lambda study: tpm.say_do_time(study, period="month", lags=2), "plot_say_do_time"),
    "deeds_sample_size": (lambda study: tpm.deeds_sample_size(study, ratio=1.2, months=12), None),
    "deeds_sample_size, months": (lambda study: tpm.deeds_sample_size(study, difference=0.05, customers=500), None),
}


@cache
def ordinary():
    """A small linked study with everything in it; its customers have regions too."""
    study = tpm.simulate_study(seed=3, respondents=150, touchpoints=4, waves=3)
    regions = np.array(["North", "South", "East", "West"])[np.arange(len(study.customers)) % 4]
    return replace(study, customers=study.customers.assign(region=regions))


def changed(study, **tables):
    """The same study, with columns of its tables replaced."""
    return replace(study, **{name: getattr(study, name).assign(**columns) for name, columns in tables.items()})


def without_recommended(study):
    """The same study, in which no new customer came because of a recommendation."""
    source = study.customers["source"].replace("recommendation", "other")
    return changed(study, customers={"source": source, "recommended_by": None, "would_have_joined": pd.NA})


def only(study, rows):
    """The same study with some of its answers."""
    frames = {name: getattr(study, name)[rows].reset_index(drop=True) for name in ("survey", "ratings", "experienced")}
    return replace(study, **frames, other_columns=pd.DataFrame(index=frames["survey"].index))


def nobody_referred():
    study = without_recommended(changed(ordinary(), survey={"recommended_12m": pd.array([False] * 150, "boolean")}))
    return replace(study, referrals=study.referrals.head(0))


def no_referral_rows():
    return replace(ordinary(), referrals=ordinary().referrals.head(0))


def no_referral_became_a_customer():
    nothing = {"contacted": pd.NaT, "converted": pd.NaT, "new_customer": None}
    return changed(without_recommended(ordinary()), referrals=nothing)


def everybody_referred():
    study = ordinary()
    first = study.survey.drop_duplicates("customer")
    made = pd.DataFrame({"referrer": first["customer"], "date": first["date"] + pd.Timedelta(days=20)})
    return replace(study, referrals=study.referrals.head(0).merge(made, how="right", on=["referrer", "date"]))


def everybody_is_a_promoter():
    return changed(ordinary(), survey={"recommend": 10.0})


def everybody_is_a_detractor():
    return changed(ordinary(), survey={"recommend": 0.0})


def nobody_says_how_likely():
    return changed(ordinary(), survey={"recommend": np.nan})


def one_respondent():
    return only(ordinary(), np.arange(150) == 0)


def one_answer_per_region():
    study = ordinary()
    return only(study, (~study.survey["region"].duplicated()).to_numpy())


def one_wave():
    study = ordinary()
    return only(study, (study.survey["wave"] == study.survey["wave"].cat.categories[0]).to_numpy())


def all_sources_unknown():
    return changed(ordinary(), customers={"source": "unknown", "recommended_by": None, "aware_through": None})


def nobody_is_in_a_region():
    return changed(ordinary(), survey={"region": None}, customers={"region": None})


def regions_that_no_customer_is_in():
    return changed(ordinary(), customers={"region": "Overseas"})


def all_weights_are_zero():
    return changed(ordinary(), survey={"weight": 0.0})


def nobody_is_followed_to_the_end():
    study = ordinary()
    return replace(study, period=replace(study.period, observed_until=study.survey["date"].max(), window=3650))


def nobody_is_followed_at_all():
    study = ordinary()
    return replace(study, period=replace(study.period, observed_until=study.survey["date"].min()))


def one_customer():
    study = ordinary()
    who = study.survey["customer"].iloc[0]
    rows = study.survey["customer"] == who
    mine = {name: getattr(study, name)[lambda table: table["customer"] == who] for name in ("customers", "revenue")}
    made = study.referrals[study.referrals["referrer"] == who]
    tables = {name: table.reset_index(drop=True) for name, table in {**mine, "referrals": made}.items()}
    return replace(only(study, rows.to_numpy()), **tables)


def no_new_customer():
    study = ordinary()
    return changed(study, customers={"acquired": study.period.recording_start - pd.Timedelta(days=400)})


def no_consent_recorded():
    study = ordinary()
    return replace(study, referrals=study.referrals.drop(columns=["consent", "consent_date", "consent_basis"]))


def nobody_consented():
    nothing = {"consent": pd.array([False] * len(ordinary().referrals), "boolean"), "consent_basis": None}
    return changed(ordinary(), referrals={**nothing, "consent_date": pd.NaT, "contacted": pd.NaT, "converted": pd.NaT})


def no_revenue():
    return changed(ordinary(), revenue={"revenue": 0.0, "margin": 0.0}, customers={"value": 0.0})


def no_customers_table():
    return replace(ordinary(), customers=None, referrals=None, revenue=None)


def unlinked():
    study = ordinary()
    survey = study.survey.drop(columns=["customer", "respondent"])
    return replace(study, survey=survey, linkage={"permitted": False, "basis": "anonymity"})


def unlinked_and_nobody_referred():
    study = unlinked()
    return replace(without_recommended(study), referrals=study.referrals.head(0))


def unlinked_and_one_respondent():
    return only(unlinked(), np.arange(150) == 0)


def reported():
    return replace(unlinked(), customers=None, referrals=None, revenue=None, incidents=None, period=Period())


def reported_that_nobody_recommended():
    return changed(reported(), survey={"recommended_12m": pd.array([False] * 150, "boolean")})


def reported_that_everybody_recommended():
    return changed(reported(), survey={"recommended_12m": pd.array([True] * 150, "boolean")})


def nothing_is_reported():
    return changed(reported(), survey={"recommended_12m": pd.array([pd.NA] * 150, "boolean")})


STUDIES = {
    make.__name__: make
    for make in (
        ordinary,
        nobody_referred,
        no_referral_rows,
        no_referral_became_a_customer,
        everybody_referred,
        everybody_is_a_promoter,
        everybody_is_a_detractor,
        nobody_says_how_likely,
        one_respondent,
        one_answer_per_region,
        one_wave,
        all_sources_unknown,
        nobody_is_in_a_region,
        regions_that_no_customer_is_in,
        all_weights_are_zero,
        nobody_is_followed_to_the_end,
        nobody_is_followed_at_all,
        one_customer,
        no_new_customer,
        no_consent_recorded,
        nobody_consented,
        no_revenue,
        no_customers_table,
        unlinked,
        unlinked_and_nobody_referred,
        unlinked_and_one_respondent,
        reported,
        reported_that_nobody_recommended,
        reported_that_everybody_recommended,
        nothing_is_reported,
    )
}
# What a sentence or caveat says that explains why a number is missing
REASONS = re.compile(
    r"withheld|cannot|could not|can be said|no(t|body|thing|ne)?\b|without|too few|fewer|never|unknown|missing|only",
    re.IGNORECASE,
)

# Pictures with the pages of their results, digits left out: most verbs find the same in most of these studies, and
# a picture that differs in its numbers only has nothing new to stumble over.
DRAWN = set()


made = cache(lambda name: STUDIES[name]())


def ways_on_studies():
    """Every way of calling every verb on every study; slow where on this study another way has its turn."""
    verbs = [list(ways) for _, ways in groupby(VERBS, key=lambda way: re.split("[ ,]", way)[0])]
    for place, name in enumerate(STUDIES):
        for ways in verbs:
            for turn, way in enumerate(ways):
                has_its_turn = name == "ordinary" or place % len(ways) == turn
                yield pytest.param(way, name, marks=() if has_its_turn else pytest.mark.slow)


@pytest.fixture(scope="module")
def studied():
    """Give a study by its name, to every verb the same, which every verb leaves as it is."""
    before = {}

    def give(name):
        before.setdefault(name, made(name).data_hash)
        return made(name)

    yield give
    changed = [name for name, data_hash in before.items() if made(name).data_hash != data_hash]
    assert not changed, f"a verb changed the studies {changed}"


def what_comes(verb, study):
    """The result, or None where the study is refused in words with a remedy."""
    try:
        return VERBS[verb][0](study)
    except tpm.DataError as refusal:
        assert (refusal.problems["expected"] != "").all(), refusal
        assert (refusal.problems["remedy"] != "").all(), refusal
        return None


@pytest.mark.parametrize(("verb", "name"), [*ways_on_studies()])
def test_a_value_or_a_sentence(verb, name, studied):
    result = what_comes(verb, studied(name))
    if result is None:
        assert name != "ordinary", "an ordinary study is refused"
        return

    summary = result.summary("en")
    assert len(summary) > 20
    page = result._repr_html_()
    assert not re.search(r"\b(nan|inf|NaT)\b|>None<", page), page
    numbers = result.table.select_dtypes(float)
    assert not np.isinf(numbers).any(axis=None), numbers
    if "estimate" in numbers and numbers["estimate"].isna().any():
        said = " ".join([summary, *(caveat.text("en") for caveat in result.caveats)])
        assert REASONS.search(said), said


@pytest.mark.slow
@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("verb", [verb for verb, (_, picture) in VERBS.items() if picture])
def test_its_picture_can_be_drawn(verb, name):
    result, picture = what_comes(verb, made(name)), VERBS[verb][1]
    if result is None:
        return
    drawn = picture, re.sub(r"[\d.,+−–-]+", "", result._repr_html_())
    if drawn not in DRAWN:
        figure = getattr(tpm, picture)(result).get_figure(root=True)
        figure.set_layout_engine("none")  # a picture settles its own layout; once is enough
        figure.draw_without_rendering()
        DRAWN.add(drawn)
