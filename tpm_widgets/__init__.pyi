# The public names, in the order of the flow; `import tpm_widgets` loads each when it is first used.
# ruff: noqa: I001

# the study
from .study.load import load_study as load_study
from .study.make import make_study as make_study
from .study.check import StudyCheck as StudyCheck
from .study.check import check_study as check_study
from .study.describe import describe_study as describe_study
from .study.samples import sample_study as sample_study
from .study.simulate import simulate_study as simulate_study
from .study.model import Study as Study

# 1 as is: where do we stand?
from .as_is.touchpoints import TouchpointMap as TouchpointMap
from .as_is.touchpoints import touchpoint_map as touchpoint_map
from .as_is.nps import NetPromoterScore as NetPromoterScore
from .as_is.nps import net_promoter_score as net_promoter_score
from .as_is.referral import ReferralRate as ReferralRate
from .as_is.referral import referral_rate as referral_rate
from .as_is.say_do import SayDo as SayDo
from .as_is.say_do import say_do as say_do

# 2 strategy: where should we aim?
from .strategy.drivers import DriverRegression as DriverRegression
from .strategy.drivers import driver_regression as driver_regression
from .strategy.importance import RelativeImportance as RelativeImportance
from .strategy.importance import relative_importance as relative_importance
from .strategy.compare import DriverComparison as DriverComparison
from .strategy.compare import compare_drivers as compare_drivers
from .strategy.factors import PenaltyReward as PenaltyReward
from .strategy.factors import penalty_reward as penalty_reward
from .strategy.priorities import Priorities as Priorities
from .strategy.priorities import priorities as priorities
from .strategy.what_if import WhatIf as WhatIf
from .strategy.what_if import what_if as what_if
from .strategy.what_if_models import WhatIfModels as WhatIfModels
from .strategy.what_if_models import what_if_models as what_if_models

# 3 plan: what do we do?
from .plan.budget import SpendGap as SpendGap
from .plan.budget import spend_gap as spend_gap
from .plan.actions import ActionRanking as ActionRanking
from .plan.actions import rank_actions as rank_actions

# 4 control: did it work?
from .control.charts import ControlChart as ControlChart
from .control.charts import control_chart as control_chart
from .control.waves import WaveComparison as WaveComparison
from .control.waves import compare_waves as compare_waves
from .control.goals import GoalProgress as GoalProgress
from .control.goals import goal_progress as goal_progress

# pictures
from .plots.as_is.touchpoints import plot_touchpoint_map as plot_touchpoint_map
from .plots.as_is.score import plot_net_promoter_score as plot_net_promoter_score
from .plots.as_is.referral import plot_referral_rate as plot_referral_rate
from .plots.as_is.say_do import plot_say_do as plot_say_do
from .plots.strategy.drivers import plot_drivers as plot_drivers
from .plots.strategy.importance import plot_relative_importance as plot_relative_importance
from .plots.strategy.compare import plot_driver_comparison as plot_driver_comparison
from .plots.strategy.factors import plot_penalty_reward as plot_penalty_reward
from .plots.strategy.priorities import plot_priorities as plot_priorities
from .plots.strategy.what_if import plot_what_if as plot_what_if
from .plots.plan.budget import plot_spend_gap as plot_spend_gap
from .plots.plan.actions import plot_actions as plot_actions
from .plots.control.charts import plot_control_chart as plot_control_chart
from .plots.control.waves import plot_waves as plot_waves
from .plots.control.goals import plot_goals as plot_goals

# panels
from .widgets.panel import Panel as Panel
from .widgets.controls import PerTouchpoint as PerTouchpoint
from .widgets.as_is.say_do import SayDoPanel as SayDoPanel
from .widgets.strategy.drivers import DriversPanel as DriversPanel
from .widgets.strategy.what_if import WhatIfPanel as WhatIfPanel

# around them
from .attempt import attempt as attempt
from .takeaways import takeaways as takeaways
from .results import Result as Result
from .errors import DataError as DataError
from .language import set_language as set_language
from .about import cite as cite
from .about import versions as versions
