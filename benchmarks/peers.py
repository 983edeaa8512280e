"""The same work as others do it. A package is imported where it is used: one lives in an environment of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.data import MANY_RATINGS
from benchmarks.frames import answers
from benchmarks.process import Work


def pingouin_lmg(path: str) -> Work:
    import pingouin

    frame = answers(path)
    ratings, outcome = frame.drop(columns="outcome"), frame["outcome"]
    return lambda: pingouin.linear_regression(ratings, outcome, relimp=True)["relimp"][1:]


def dominance_analysis_lmg(path: str) -> Work:
    return _dominance_analysis(path, objective=1, data_format=0)


def dominance_analysis_logit(path: str) -> Work:
    return _dominance_analysis(path, objective=0, pseudo_r2="mcfadden")


def _dominance_analysis(path: str, **options: object) -> Work:
    from dominance_analysis import Dominance

    frame = answers(path)
    names = list(frame.columns[:-1])

    def work() -> list[float]:
        # It adds a column to the frame that it is given.
        found = Dominance(data=frame.copy(), target="outcome", top_k=len(names), **options).incremental_rsquare()
        return [found[name] for name in names]

    return work


def statsmodels_ordered(path: str) -> Work:
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    frame = answers(path)
    ratings, outcome = frame.drop(columns="outcome"), frame["outcome"]
    return lambda: (
        OrderedModel(outcome, ratings, distr="logit").fit(method="bfgs", disp=False).params[: ratings.shape[1]]
    )


def statsmodels_ols(path: str, small: str) -> Work:
    import statsmodels.api as sm

    def work(source: str = path) -> np.ndarray:
        frame = pd.read_parquet(source, columns=[*MANY_RATINGS, "score"])
        fit = sm.OLS(frame["score"].astype(float), sm.add_constant(frame[MANY_RATINGS])).fit(cov_type="HC3")
        return np.array([fit.params[1:], fit.bse[1:]])

    work(small)
    return work


def statsmodels_logit(path: str, small: str) -> Work:
    import statsmodels.api as sm

    def work(source: str = path) -> np.ndarray:
        frame = pd.read_parquet(source, columns=[*MANY_RATINGS, "promoter"])
        return (
            sm.Logit(frame["promoter"].astype(float), sm.add_constant(frame[MANY_RATINGS])).fit(disp=False).params[1:]
        )

    work(small)
    return work


def pyfixest_ols(path: str, small: str) -> Work:
    import pyfixest

    def work(source: str = path) -> np.ndarray:
        frame = pd.read_parquet(source, columns=[*MANY_RATINGS, "score"])
        formula = f"score ~ {' + '.join(MANY_RATINGS)}"
        fit = pyfixest.feols(formula, frame, vcov="HC3", copy_data=False, store_data=False, lean=True)
        return np.array([fit.coef()[1:], fit.se()[1:]])

    work(small)
    return work


def pyfixest_logit(path: str, small: str) -> Work:
    import pyfixest

    def work(source: str = path) -> np.ndarray:
        frame = pd.read_parquet(source, columns=[*MANY_RATINGS, "promoter"])
        formula = f"promoter ~ {' + '.join(MANY_RATINGS)}"
        options = {"copy_data": False, "store_data": False, "lean": True}
        return pyfixest.feglm(formula, frame, family="logit", vcov="iid", **options).coef()[1:]

    work(small)
    return work


def scikit_learn_ols(path: str, small: str) -> Work:
    from sklearn.linear_model import LinearRegression

    def work(source: str = path) -> np.ndarray:
        frame = pd.read_parquet(source, columns=[*MANY_RATINGS, "score"])
        return LinearRegression().fit(frame[MANY_RATINGS], frame["score"]).coef_

    work(small)
    return work


def scikit_learn_logit(path: str, small: str) -> Work:
    from sklearn.linear_model import LogisticRegression

    def work(source: str = path) -> np.ndarray:
        frame = pd.read_parquet(source, columns=[*MANY_RATINGS, "promoter"])
        model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8)
        return model.fit(frame[MANY_RATINGS], frame["promoter"]).coef_[0]

    work(small)
    return work
