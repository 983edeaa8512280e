"""The questions of the notebooks, each with the verbs that answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tpm_widgets.as_is.customers_won.rate import referral_rate
from tpm_widgets.as_is.say_do.say_do import say_do
from tpm_widgets.as_is.score.net_promoter_score import net_promoter_score
from tpm_widgets.as_is.score.segments import rank_segments, segment_scores
from tpm_widgets.as_is.touchpoints import touchpoint_map
from tpm_widgets.attempt import Missing, attempt
from tpm_widgets.control.charts import control_chart
from tpm_widgets.control.goals import goal_progress
from tpm_widgets.control.waves import compare_waves
from tpm_widgets.language import Sentence, say
from tpm_widgets.plan.actions import rank_actions
from tpm_widgets.plan.budget import spend_gap
from tpm_widgets.strategy.aims.factors import penalty_reward
from tpm_widgets.strategy.aims.priorities import priorities
from tpm_widgets.strategy.aims.what_if_models import what_if_models
from tpm_widgets.strategy.compare.compare import compare_drivers
from tpm_widgets.strategy.compare.groups import compare_driver_groups
from tpm_widgets.strategy.drivers.drivers import driver_regression
from tpm_widgets.strategy.trust.diagnostics import driver_diagnostics
from tpm_widgets.study.model import Study

FEW = 20  # resamples, where a verb draws any


class Asked:
    """A study whose questions are asked; what several of them rest on is made once."""

    def __init__(self, study: Study) -> None:
        self.study = study

    def ask(self, verb: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
        """Try a verb on the study."""
        return attempt(verb, self.study, *inputs, **options)

    @cached_property
    def saying(self) -> Any:
        """The drivers of what customers say."""
        return self.ask(driver_regression)

    @cached_property
    def doing(self) -> Any:
        """The drivers of what they do."""
        return self.ask(driver_regression, outcome="referred")

    @cached_property
    def models(self) -> Any:
        """What a what-if rests on."""
        return self.ask(what_if_models)


Part = Callable[[Asked], Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a notebook, and the parts of its answer: each a call of a verb, by the verb's name."""

    notebook: str
    words: Sentence
    parts: tuple[tuple[str, Part], ...]


def questions() -> tuple[Question, ...]:
    """List the questions in the order of the notebooks."""
    return (
        Question(
            "01_as_is",
            say("What do customers say?"),
            (("net_promoter_score", lambda asked: asked.ask(net_promoter_score)),),
        ),
        Question(
            "01_as_is",
            say("Who says it: which segments differ?"),
            (
                ("rank_segments", lambda asked: asked.ask(rank_segments)),
                ("segment_scores", lambda asked: asked.ask(segment_scores)),
            ),
        ),
        Question(
            "01_as_is",
            say("What do they do: how many new customers come because of a recommendation?"),
            (("referral_rate", lambda asked: asked.ask(referral_rate)),),
        ),
        Question(
            "01_as_is",
            say("How much of a promised recommendation happens?"),
            (("say_do", lambda asked: asked.ask(say_do)),),
        ),
        Question(
            "01_as_is",
            say("Where do customers meet us, and how does it feel?"),
            (("touchpoint_map", lambda asked: asked.ask(touchpoint_map)),),
        ),
        Question(
            "02_strategy",
            say("What drives what they say?"),
            (
                ("driver_regression", lambda asked: asked.saying),
                ("driver_diagnostics", lambda asked: attempt(driver_diagnostics, asked.saying, overall=asked.study)),
            ),
        ),
        Question("02_strategy", say("What drives what they do?"), (("driver_regression", lambda asked: asked.doing),)),
        Question(
            "02_strategy",
            say("Do the same touchpoints drive saying and doing?"),
            (("compare_drivers", lambda asked: asked.ask(compare_drivers, replicates=FEW)),),
        ),
        Question(
            "02_strategy",
            say("For which group does which touchpoint count?"),
            (("rank_segments", lambda asked: asked.ask(rank_segments)), ("compare_driver_groups", _groups)),
        ),
        Question(
            "02_strategy",
            say("What must delight, and what must not disappoint?"),
            (("penalty_reward", lambda asked: asked.ask(penalty_reward, replicates=100)),),
        ),
        Question(
            "02_strategy",
            say("Where to begin: what is important and rated low?"),
            (
                ("priorities", lambda asked: asked.ask(priorities, drivers=asked.doing)),
                ("priorities", lambda asked: asked.ask(priorities, drivers=asked.saying)),
            ),
        ),
        Question(
            "02_strategy", say("What would better ratings bring?"), (("what_if_models", lambda asked: asked.models),)
        ),
        Question(
            "03_plan",
            say("Where do spending and importance part?"),
            (
                ("spend_gap", lambda asked: asked.ask(spend_gap, drivers=asked.doing)),
                ("spend_gap", lambda asked: asked.ask(spend_gap, drivers=asked.saying)),
            ),
        ),
        Question(
            "03_plan",
            say("Which measures first?"),
            (
                ("rank_actions", lambda asked: _actions(asked, "referral_rate")),
                ("rank_actions", lambda asked: _actions(asked, "nps")),
            ),
        ),
        Question(
            "04_control",
            say("Are score and deeds under control?"),
            (
                ("control_chart", lambda asked: asked.ask(control_chart)),
                ("control_chart", lambda asked: asked.ask(control_chart, metric="referral_rate")),
            ),
        ),
        Question(
            "04_control",
            say("Which step from wave to wave is more than noise?"),
            (
                ("compare_waves", lambda asked: asked.ask(compare_waves)),
                ("compare_waves", lambda asked: asked.ask(compare_waves, metric="ratings")),
            ),
        ),
        Question(
            "04_control",
            say("How far are the goals reached?"),
            (("goal_progress", lambda asked: asked.ask(goal_progress)),),
        ),
    )


def _actions(asked: Asked, metric: str) -> Any:
    """Rank the actions; without models all the same, so that first of all the actions are asked for."""
    models = None if isinstance(asked.models, Missing) else asked.models
    return asked.ask(rank_actions, models=models, metric=metric)


def _groups(asked: Asked) -> Any:
    """Compare the groups of the first segment; without any, say so as ``rank_segments`` does."""
    if not asked.study.segments:
        return asked.ask(rank_segments)
    options = {"outcome": "recommend", "replicates": FEW, "given": asked.saying}
    return asked.ask(compare_driver_groups, by=asked.study.segments[0], **options)
