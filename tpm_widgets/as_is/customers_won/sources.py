"""Where do we stand: how did new customers hear of us, what was said, and who said it? Schüller's three questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.linkage import known_customers
from tpm_widgets.as_is.deeds.new_customers import new_customers
from tpm_widgets.as_is.deeds.recommenders import OTHER, frequent_answers, recommenders
from tpm_widgets.as_is.score.classes import answer_classes
from tpm_widgets.as_is.ties import tied, told_ties
from tpm_widgets.columns import formats_of, typed, with_ends
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, Worded, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.weighted import clustered_share
from tpm_widgets.study.model import Study, given, need
from tpm_widgets.threads import on_one_thread

COLUMNS = {
    **{"question": "", "answer": "", "n": "int64"},
    **dict.fromkeys(with_ends(), "percent"),
    "answered": "int64",
}
CUSTOMER, NOT_NAMED = "customer", "not named"
QUESTIONS = {
    "aware_through": say("How did you become aware of us?"),
    "what_said": say("What was said?"),
    "who": say("Who was it?"),
    "who_segment": say("Of which segment was it?"),
    "who_class": say("What had that customer answered before?"),
}
ANSWERS = {
    ("who", CUSTOMER): say("a customer of ours"),
    ("who", NOT_NAMED): say("nobody on record"),
    ("who_class", "promoter"): say("a promoter"),
    ("who_class", "passive"): say("a passive"),
    ("who_class", "detractor"): say("a detractor"),
    ("who_class", "yes"): say("somebody who said yes"),
    ("who_class", "no"): say("somebody who said no"),
}
RARE = say("something else, or too few to show")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ReferralSources(Result):
    """What new customers answered to the three questions, see :func:`referral_sources`."""

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    def __post_init__(self) -> None:
        counted = self.table.groupby("question", sort=False).agg(n=("n", "sum"), answered=("answered", "first"))
        if not (counted["n"] == counted["answered"]).all():
            raise ValueError("The answers to a question do not add up to those who answered it.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the most frequent answer to each question, with interval and n."""
        named = self.table[self.table["answer"] != OTHER]
        firsts = {str(question): rows.to_dict("records") for question, rows in named.groupby("question")}
        # that it was a customer is mostly true by definition; what kind of customer says more
        who = next((question for question in ("who_class", "who") if question in firsts), "")
        found = [
            sentence
            for key in ("aware_through", "what_said", who)
            if key in firsts
            for sentence in self._most_frequent(key, firsts[key])
        ]
        return tuple(found) or (say("No answer of a new customer can be shown."),)

    def _most_frequent(self, question: str, rows: list[dict[Any, Any]]) -> tuple[Sentence, ...]:
        row = tied(rows, "n")[0]
        found = say(
            "{question} Most often: {answer}, {estimate:percent} of {answered:count} who answered ({level:percent:0} "
            "interval {conf_interval:percent}, Wilson).",
            row,
            self.settings,
            question=QUESTIONS[question],
            answer=answer_words(question, row["answer"]),
        )
        return found, *told_ties(rows, "n", lambda row: answer_words(question, row["answer"]))


def answer_words(question: str, answer: str) -> Worded | str:
    """Put an answer into words: those in the customers' own words as they are."""
    return RARE if answer == OTHER else ANSWERS.get((question, answer), answer)


@on_one_thread
def referral_sources(study: Study, level: float = 0.95) -> ReferralSources:
    """Tell how new customers became aware of us, what was said, and who it was.

    Parameters
    ----------
    study : Study
        With the table ``customers`` and in it ``acquired`` and any of ``aware_through``, ``what_said``,
        ``recommended_by``, ``source``; the recommender is also found in ``referrals`` (``new_customer``).
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    ReferralSources
        ``table`` with one row per question and answer, the most frequent first: ``question`` (``aware_through``,
        ``what_said``, ``who``: a customer of ours or nobody on record; and of those who are customers
        ``who_segment``, ``who_class``: promoter, passive or detractor by their last answer before), ``answer``,
        ``n`` new customers who gave it, ``estimate`` their share of all who answered the question (0…1),
        ``conf_low``, ``conf_high``, ``answered``.

    Raises
    ------
    DataError
        Where the customers table is missing, or has none of the three answers.

    Notes
    -----
    Asked are the customers acquired from ``recording_start`` to ``observed_until``; ``what_said`` and ``who`` are
    about those won by recommendation. Answers that fewer than ``study.min_group`` gave, all beyond the ten most
    frequent, and answers that are an identifier of the study are summed as "other". Texts are told apart by their
    first 40 characters, without regard to case. Shares are of those who answered, right where silence has nothing to
    do with the answer. Who it was is shown as a *relation*, never as a person. Customers won by one recommender are
    not independent: Wilson interval with the effective size of the error clustered by recommender.

    References
    ----------
    Wilson, E. B. (1927). Probable inference. Journal of the American Statistical Association 22, 209-212.
    https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> sources = tpm.referral_sources(study)
    >>> list(sources.table["question"].unique())
    ['aware_through', 'what_said', 'who', 'who_segment', 'who_class']
    """
    check_level(level)
    need(study, "referral_sources", customers=("customer", "acquired"))
    if not any(study.has("customers", role) for role in ("aware_through", "what_said", "recommended_by", "source")):
        need(study, "referral_sources", customers=("aware_through",))
    new, caveats = _new(study)
    rows: list[list[Any]] = []
    for question, answers in _questions(study, new):
        shown = answers.dropna()
        if shown.empty:
            caveats.append(say("{question} Nobody's answer is on record.", question=QUESTIONS[question]))
            continue
        silent = len(answers) - len(shown)
        if silent:
            caveats.append(_silent(question, silent))
        clusters = new.loc[shown.index, "cluster"].to_numpy()
        for answer in shown.cat.categories if hasattr(shown, "cat") else shown.value_counts().index:
            own = (shown == answer).to_numpy(float)
            share = clustered_share(own, np.ones(len(own)), level=level, clusters=clusters)
            rows.append([question, str(answer), int(own.sum()), *share.limits, len(own)])
    return ReferralSources(
        table=typed(rows, COLUMNS),
        settings={"level": level},
        caveats=(*caveats, *_withheld(rows, study.min_group)),
        data_hash=study.data_hash,
    )


def _new(study: Study) -> tuple[pd.DataFrame, list[Sentence]]:
    """Return the new customers with ``recommender`` (a row of the customers; −1 unknown) and ``cluster``."""
    people = known_customers(study)
    people = people.assign(source=people["source"].astype(object) if "source" in people else "unknown")
    links, found = recommenders(study, people)
    recommender = np.full(len(people), -1)
    recommender[links["new"]] = links["recommender"]
    joined = people.assign(recommender=recommender, cluster=np.where(recommender >= 0, recommender, -2 - people.index))
    if "segment" in people:
        joined["recommenders_segment"] = people["segment"].reindex(recommender).to_numpy()
    joined["recommenders_name"] = people["customer"].reindex(recommender).to_numpy()
    new, caveats = new_customers(replace(study, customers=joined))
    return new.assign(cluster=pd.factorize(new["cluster"])[0]), [*caveats, *found]


def _questions(study: Study, new: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Each question with one answer per new customer who was asked, missing where silent."""
    identifiers = {*given(study.customers)["customer"], *study.survey.get("respondent", ())}
    nothing = pd.Series(None, index=new.index, dtype=object)
    known = new["recommender"] >= 0
    recommended = known | (new["source"] == "recommendation")
    yield "aware_through", frequent_answers(new.get("aware_through", nothing), study.min_group, identifiers)
    said = new.get("what_said", nothing)[recommended]
    yield "what_said", frequent_answers(said, study.min_group, identifiers)
    yield "who", known[recommended].map({True: CUSTOMER, False: NOT_NAMED})
    segments = new.get("recommenders_segment", nothing)[known]
    yield "who_segment", frequent_answers(segments, study.min_group, identifiers)
    if study.linkage.get("permitted", True) and study.has("survey", "customer", "date", "recommend"):
        yield "who_class", frequent_answers(_classes(study, new[known]), study.min_group)


def _classes(study: Study, new: pd.DataFrame) -> pd.Series:
    """Name the class of each recommender's last answer before the new customer came; missing where there is none."""
    _, classes = answer_classes(study)
    answers = study.survey[["customer", "date"]].assign(kind=pd.Series(classes).map(study.question.names))
    answers = answers.dropna().sort_values("date", kind="stable")
    asked = pd.DataFrame({"customer": new["recommenders_name"], "date": new["acquired"], "row": new.index})
    asked, answers = (  # merge_asof wants equal kinds, also where one table is empty
        frame.astype({"customer": "object", "date": "datetime64[ns]"})
        for frame in (asked.sort_values("date", kind="stable"), answers)
    )
    found = pd.merge_asof(asked, answers, on="date", by="customer")
    return found.set_index("row")["kind"].reindex(new.index)


def _silent(question: str, count: int) -> Sentence:
    return say_n(
        "{question} For {count} new customer the answer is not on record.",
        "{question} For {count} new customers the answer is not on record.",
        count,
        question=QUESTIONS[question],
    )


def _withheld(rows: list[list[Any]], least: int) -> list[Sentence]:
    if not any(answer == OTHER for _, answer, *_ in rows):
        return []
    return [
        say(
            "Answers that fewer than {least} gave, those beyond the ten most frequent, and those that name a person of "
            'the study are summed as "other".',
            least=least,
        )
    ]
