"""A whole study drawn from a model whose every parameter is known: for learning, for trying out, for testing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from tpm_widgets.options import check_option
from tpm_widgets.study.model import Period, Study
from tpm_widgets.study.simulate.columns import dates
from tpm_widgets.study.simulate.companies.hotels import HOTELS
from tpm_widgets.study.simulate.companies.insurer import INSURER
from tpm_widgets.study.simulate.companies.profile import choose_touchpoints
from tpm_widgets.study.simulate.companies.software import SOFTWARE
from tpm_widgets.study.simulate.company import (
    customer_table,
    draw_premiums,
    only_known,
    referral_table,
    revenue_table,
    sources,
    touchpoint_table,
)
from tpm_widgets.study.simulate.customers import draw_market
from tpm_widgets.study.simulate.incidents import incident_table, review_table
from tpm_widgets.study.simulate.model import Calendar, Settings, check_range, make_calendar, make_model, model_truth
from tpm_widgets.study.simulate.plan import action_table, goal_table
from tpm_widgets.study.simulate.survey import (
    average_effects,
    chance_of_deed,
    draw_answers,
    share_who_did,
    survey_tables,
)
from tpm_widgets.threads import on_one_thread

Company = Literal["insurer", "hotels", "software"]
PROFILES = dict(zip(get_args(Company), (INSURER, HOTELS, SOFTWARE), strict=True))


@on_one_thread
def simulate_study(
    seed: int = 1,
    respondents: int = 2_500,
    touchpoints: int = 18,
    waves: int = 8,
    *,
    customers: int | None = None,
    effects: Mapping[str, tuple[float, float]] | None = None,
    halo: float = 0.15,
    halo_on_score: float = 0.3,
    deed_rate: float = 0.2,
    churn: float = 0.09,
    churn_by_score: float = 0.2,
    unknown: float = 0.15,
    improvement: float = 0.8,
    company: Company = "insurer",
) -> Study:
    """Draw a whole study from a model whose every parameter is known, to hold an analysis against the truth.

    A company with customers who experience some touchpoints and never others, say in quarterly waves whether they
    would recommend it, and do or do not recommend it in continuous time. What drives saying and what drives doing
    are different touchpoints; a halo colours all ratings; in the middle of the waves one touchpoint is improved.

    Parameters
    ----------
    seed : int
        The same seed and settings give the same study, cell for cell.
    respondents : int
        Exact number of answers over all waves. Some customers answer in several waves.
    touchpoints : int, at least 4
        Exact number of touchpoints: up to 18 an even choice from the catalogue, from the search result to the claim,
        that keeps touchpoints which drive both, talk only, deeds only and neither; further ones drive nothing.
    waves : int
        Exact number of quarterly waves from 2023 on. Deeds are recorded from the first day of the first wave's
        quarter until nine months after the last one's.
    customers : int, optional
        About how many customers there are in all, four per answer by default: 70 % are there at the start, 21 % come
        by themselves, the rest (a random number) are won by recommendations.
    effects : mapping of str to (float, float), optional
        A design of your own: touchpoint → (points of the 0–10 answer, log rate of recommendations), both per rating
        point. Touchpoints that are not named drive nothing.
    halo : float, 0 up to below 1
        Share of the variance of each rating (before rounding) that all ratings have in common.
    halo_on_score : float
        What one standard deviation of the halo adds to the answer, beside what the ratings carry.
    deed_rate : float
        Expected recommendations per customer-year before the improvement, over all customers, 0…5; 0.2 lets about
        16 % of them recommend within a year.
    churn : float
        Hazard of leaving, per year, at the mean answer.
    churn_by_score : float
        By how much the log hazard falls per point of the noiseless answer; 0 makes leaving independent of it.
    unknown : float, 0…1
        Share of new customers whose source stays unknown, completely at random.
    improvement : float
        Points by which the ratings of one touchpoint rise, before rounding, from the middle wave's quarter on;
        0 for none. With a single wave there is none.
    company : {"insurer", "hotels", "software"}
        Whose study it is, and what is known there. The insurer's answers are tied to customers (a *linked* study).
        The hotel group promised anonymity: answers and deeds have only house, region and time in common (*unlinked*);
        some of its 16 houses are praised more, and recommended more, than others. The software company has its survey
        and nothing else (*reported*). Both ask on every day of a wave's quarter. Their catalogues hold 14 and 12
        touchpoints.

    Returns
    -------
    Study
        With every table, and with ``truth``: every parameter by name, per touchpoint or group where there is one
        each. Besides the parameters above it holds ``roles`` (what each touchpoint drives), ``say`` and ``do``
        (effects per rating point), ``promoter_effect`` and ``referred_effect`` (the same as the average slope of
        P(promoter) and of P(recommends within 365 days), 0…1 per rating point), ``say_never`` and ``do_never``
        (effects of never having experienced it), ``reach``, ``centre`` (expected rating before the improvement),
        ``improvement`` (touchpoint, wave, date, size, centre afterwards), ``new_customers`` (how they really came)
        and others; for hotels ``say_house`` and ``do_house`` (what each house adds to the answer and to the log rate)
        and ``house_relation`` (how the two hang together between houses), for software ``recommended_12m`` (who really
        recommended, by class of the answer).

    Raises
    ------
    TypeError, ValueError
        Where an argument is of the wrong kind or out of its range, or where there are fewer customers than answers.

    Notes
    -----
    With r the rating, m its expected value (``centre``), e = 1 where a touchpoint was experienced, and h ~ N(0, 1):

    - experience: e ~ Bernoulli(reach), independent of all else;
    - rating: round(location + spread·(√halo·h + √(1 − halo)·ε)), cut to 1–5. A customer keeps his ratings in all
      waves, but for the improvement;
    - saying: round(intercept + Σ say·e·(r − m) + Σ say_never·(1 − e) + halo_on_score·h + age + region + N(0, noise)),
      cut to 0–10;
    - doing: Poisson with daily rate daily_rate·exp(Σ do·e·(r − m) + Σ do_never·(1 − e) + age), while a customer;
    - leaving: hazard churn·exp(−churn_by_score·(noiseless answer − mean_score));
    - houses, where there are any, add ``say_house`` to the answer and ``do_house`` to the log rate of recommendations.

    So the regression with an indicator of "never experienced" is the true model of saying and doing, with two
    reservations that hold for real surveys as well: rounding to 0–10 and the cut at 10 shrink the coefficients of an
    ordinary regression of the answer (to about 90 %), and the halo, left out of it, adds a little to each.
    Respondents are chosen with a probability that rises with halo and age; the weight corrects for age and region,
    and nothing corrects for the halo. Recommendations of the half year before the recording are in no table,
    but win customers in it.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400, touchpoints=6, waves=4)
    >>> study.survey.shape[0], study.ratings.shape[1]
    (400, 6)
    >>> study.truth["roles"]["service_line"]
    'both'
    """
    check_option("company", company, Company)
    check_count("seed", seed, 0)
    check_count("respondents", respondents, 1)
    check_count("touchpoints", touchpoints, 4)
    check_count("waves", waves, 1)
    customers = 4 * respondents if customers is None else customers
    check_count("customers", customers, 1)
    if respondents < waves:
        raise ValueError(f"respondents must be at least one per wave; got {respondents} for {waves} waves.")
    settings = Settings(
        halo=halo,
        halo_on_score=halo_on_score,
        deed_rate=deed_rate,
        churn=churn,
        churn_by_score=churn_by_score,
        unknown=unknown,
        improvement=improvement,
    )
    profile = PROFILES[company]
    chosen = choose_touchpoints(profile.catalogue, touchpoints)
    check_effects(effects, [touchpoint.name for touchpoint in chosen])
    calendar = make_calendar(waves, profile.continuous)
    model = make_model(chosen, calendar, settings, effects, profile)
    # One stream of random numbers per table, so that a change in one leaves the others as they are.
    market, asked, written, on_file, told, paid, happened, reviewed = np.random.default_rng(seed).spawn(8)

    people, deeds = draw_market(market, model, calendar, customers)
    number = np.empty(len(people.acquired), np.int64)
    number[np.argsort(people.acquired, kind="stable")] = np.arange(1, len(number) + 1)
    answers = draw_answers(asked, model, calendar, people, respondents)
    survey, ratings, experienced = survey_tables(written, model, calendar, people, deeds, answers, number)
    source, premium = sources(on_file, model, people), draw_premiums(paid, model, people)
    customer_list = customer_table(on_file, model, calendar, people, deeds, source, premium, number)
    won, new = people.recommendation >= 0, people.acquired >= 0
    truth = {
        "seed": int(seed),
        "respondents": int(respondents),
        "waves": list(calendar.names),
        "customers": len(number),
        "new_customers": {"recommendation": int(won.sum()), "other": int((new & ~won).sum())},
        **model_truth(model, calendar),
        **average_effects(model, people, answers, Period().window),
    }
    if profile.kind == "reported":
        truth["recommended_12m"] = share_who_did(survey["recommend"], chance_of_deed(people, deeds, answers))
    study = Study(
        name="simulated",
        title=profile.title,
        survey=survey,
        ratings=ratings,
        experienced=experienced,
        other_columns=pd.DataFrame(index=survey.index),
        touchpoints=touchpoint_table(chosen),
        rating_scales=dict.fromkeys(model.names, (1, 5)),
        customers=customer_list,
        referrals=referral_table(told, calendar, people, deeds, source, number),
        incidents=incident_table(happened, model, calendar, people, chosen, number),
        reviews=review_table(reviewed, model, calendar, people),
        revenue=revenue_table(paid, calendar, people, premium, number),
        actions=action_table(model, calendar, chosen),
        goals=goal_table(calendar, chosen, baselines(survey, ratings, customer_list, truth)),
        waves=wave_table(calendar),
        segments=("region", "product", "age_group", *(["house"] if model.constants.house_share else [])),
        period=Period(
            recording_start=calendar.recording_start,
            observed_until=calendar.recording_start + pd.Timedelta(days=calendar.until),
        ),
        linkage={"permitted": True, "basis": "simulated, no persons"},
        truth=truth,
    )
    return only_known(study, profile)


def check_count(name: str, value: object, least: int) -> None:
    """Refuse what is no whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number; got {value!r}.")
    if value < least:
        raise ValueError(f"{name} must be at least {least}; got {value}.")


def check_effects(effects: Mapping[str, tuple[float, float]] | None, names: list[str]) -> None:
    """Refuse effects of touchpoints that the study does not have, and effects that are not two numbers."""
    for name, pair in (effects or {}).items():
        if name not in names:
            raise ValueError(
                f"effects names {name!r}, which is no touchpoint of this study; it has {', '.join(names)}."
            )
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(f"effects[{name!r}] must be two numbers, on saying and on doing; got {pair!r}.")
        for what, value in zip(("saying", "doing"), pair, strict=True):
            check_range(f"effects[{name!r}] on {what}", value, -5, 5)


def wave_table(calendar: Calendar) -> pd.DataFrame:
    """List when each wave was in the field."""
    return pd.DataFrame(
        {
            "wave": pd.Series(calendar.names, dtype="str"),
            "start": dates(calendar.starts, calendar.recording_start),
            "end": dates(calendar.ends, calendar.recording_start),
        }
    )


def baselines(
    survey: pd.DataFrame, ratings: pd.DataFrame, customers: pd.DataFrame, truth: Mapping[str, Any]
) -> dict[str, float]:
    """Tell where the company stood when it set its goals: in the first wave, and in the first year of new customers."""
    first = survey["wave"] == truth["waves"][0]
    weight, score = survey["weight"][first], survey["recommend"][first]
    nps = np.average((score >= 9).astype(float) - (score <= 6), weights=weight)
    start = pd.Timestamp(2023, 1, 1)
    year = customers["acquired"].between(start, start + pd.Timedelta(days=364))
    known = customers.loc[year & (customers["source"] != "unknown"), "source"]
    base = {"nps": round(float(nps), 2), "referral_rate": round(float((known == "recommendation").mean()), 2)}
    if truth["improvement"] is not None:
        rating = ratings.loc[first, truth["improvement"]["touchpoint"]]
        base[f"rating:{rating.name}"] = round(float(rating.mean()), 2)
    return {metric: value for metric, value in base.items() if np.isfinite(value)}
