# The public names, in the order of the flow; `import tpm_widgets` loads each when it is first used.
# ruff: noqa: I001

__version__: str

# the steps, each of which lists its names
from . import study as study
from . import as_is as as_is
from . import strategy as strategy
from . import plan as plan
from . import control as control

# the study
from .study.load import load_study as load_study
from .study.make import make_study as make_study
from .study.check import StudyCheck as StudyCheck
from .study.check import check_study as check_study
from .study.proposing.propose import StudyProposal as StudyProposal
from .study.proposing.propose import propose_study as propose_study
from .study.describe import describe_study as describe_study
from .study.samples import sample_study as sample_study
from .study.simulate.simulate import simulate_study as simulate_study
from .study.model import Study as Study

# 1 as is: where do we stand?
from .as_is.touchpoints import TouchpointMap as TouchpointMap
from .as_is.touchpoints import touchpoint_map as touchpoint_map
from .as_is.score.net_promoter_score import NetPromoterScore as NetPromoterScore
from .as_is.score.net_promoter_score import net_promoter_score as net_promoter_score
from .as_is.score.segments import SegmentRanking as SegmentRanking
from .as_is.score.segments import rank_segments as rank_segments
from .as_is.score.segments import SegmentScores as SegmentScores
from .as_is.score.segments import segment_scores as segment_scores
from .as_is.score.comparison import ScoreComparison as ScoreComparison
from .as_is.score.comparison import compare_scores as compare_scores
from .as_is.score.sensitivity import ScoreSensitivity as ScoreSensitivity
from .as_is.score.sensitivity import score_sensitivity as score_sensitivity
from .as_is.score.sample_size import ScoreSampleSize as ScoreSampleSize
from .as_is.score.sample_size import score_sample_size as score_sample_size
from .as_is.score.coverage import ScoreCoverage as ScoreCoverage
from .as_is.score.coverage import score_coverage as score_coverage
from .as_is.customers_won.rate import ReferralRate as ReferralRate
from .as_is.customers_won.rate import referral_rate as referral_rate
from .as_is.customers_won.sources import ReferralSources as ReferralSources
from .as_is.customers_won.sources import referral_sources as referral_sources
from .as_is.recommendations.activity import ReferralActivity as ReferralActivity
from .as_is.recommendations.activity import referral_activity as referral_activity
from .as_is.recommendations.funnel import ReferralFunnel as ReferralFunnel
from .as_is.recommendations.funnel import referral_funnel as referral_funnel
from .as_is.recommendations.consent import ReferralConsent as ReferralConsent
from .as_is.recommendations.consent import referral_consent as referral_consent
from .as_is.recommendations.timing import ReferralTiming as ReferralTiming
from .as_is.recommendations.timing import referral_timing as referral_timing
from .as_is.recommendations.network import ReferralNetwork as ReferralNetwork
from .as_is.recommendations.network import referral_network as referral_network
from .as_is.customers_won.value import ReferralValue as ReferralValue
from .as_is.customers_won.value import referral_value as referral_value
from .as_is.customers_won.earned_growth import EarnedGrowth as EarnedGrowth
from .as_is.customers_won.earned_growth import earned_growth as earned_growth
from .as_is.say_do.say_do import SayDo as SayDo
from .as_is.say_do.say_do import say_do as say_do
from .as_is.say_do.groups import SayDoGroups as SayDoGroups
from .as_is.say_do.groups import say_do_groups as say_do_groups
from .as_is.say_do.time import SayDoTime as SayDoTime
from .as_is.say_do.time import say_do_time as say_do_time
from .as_is.say_do.sample_size import DeedsSampleSize as DeedsSampleSize
from .as_is.say_do.sample_size import deeds_sample_size as deeds_sample_size

# 2 strategy: where should we aim?
from .strategy.drivers.of_study import DriverRegression as DriverRegression
from .strategy.drivers.drivers import driver_regression as driver_regression
from .strategy.drivers.of_table import FrameDrivers as FrameDrivers
from .strategy.trust.diagnostics import DriverDiagnostics as DriverDiagnostics
from .strategy.trust.diagnostics import driver_diagnostics as driver_diagnostics
from .strategy.trust.missing_policies import PolicyComparison as PolicyComparison
from .strategy.trust.missing_policies import compare_policies as compare_policies
from .strategy.importance.importance import RelativeImportance as RelativeImportance
from .strategy.importance.importance import relative_importance as relative_importance
from .strategy.importance.intervals import ImportanceIntervals as ImportanceIntervals
from .strategy.importance.intervals import importance_intervals as importance_intervals
from .strategy.importance.dominance import Dominance as Dominance
from .strategy.importance.dominance import dominance as dominance
from .strategy.compare.say_against_do import DriverComparison as DriverComparison
from .strategy.compare.group_result import DriverGroups as DriverGroups
from .strategy.compare.compare import compare_drivers as compare_drivers
from .strategy.compare.groups import compare_driver_groups as compare_driver_groups
from .strategy.aims.factors import PenaltyReward as PenaltyReward
from .strategy.aims.factors import penalty_reward as penalty_reward
from .strategy.aims.priorities import Priorities as Priorities
from .strategy.aims.priorities import priorities as priorities
from .strategy.aims.what_if import WhatIf as WhatIf
from .strategy.aims.what_if import what_if as what_if
from .strategy.aims.what_if_models import WhatIfModels as WhatIfModels
from .strategy.aims.what_if_models import what_if_models as what_if_models

# 3 plan: what do we do?
from .plan.budget import SpendGap as SpendGap
from .plan.budget import spend_gap as spend_gap
from .plan.actions import ActionRanking as ActionRanking
from .plan.actions import rank_actions as rank_actions
from .plan.side_by_side import SideBySide as SideBySide
from .plan.side_by_side import side_by_side as side_by_side

# 4 control: did it work?
from .control.charts import ControlChart as ControlChart
from .control.charts import control_chart as control_chart
from .control.waves import WaveComparison as WaveComparison
from .control.waves import compare_waves as compare_waves
from .control.goals import GoalProgress as GoalProgress
from .control.goals import goal_progress as goal_progress

# pictures
from .plots.as_is.touchpoints import plot_touchpoint_map as plot_touchpoint_map
from .plots.as_is.score.net_promoter_score import plot_net_promoter_score as plot_net_promoter_score
from .plots.as_is.score.comparison import plot_score_comparison as plot_score_comparison
from .plots.as_is.score.sensitivity import plot_score_sensitivity as plot_score_sensitivity
from .plots.as_is.score.coverage import plot_score_coverage as plot_score_coverage
from .plots.as_is.customers_won.rate import plot_referral_rate as plot_referral_rate
from .plots.as_is.customers_won.sources import plot_referral_sources as plot_referral_sources
from .plots.as_is.recommendations.activity import plot_referral_activity as plot_referral_activity
from .plots.as_is.recommendations.funnel import plot_referral_funnel as plot_referral_funnel
from .plots.as_is.recommendations.consent import plot_referral_consent as plot_referral_consent
from .plots.as_is.recommendations.timing import plot_referral_timing as plot_referral_timing
from .plots.as_is.recommendations.network import plot_referral_network as plot_referral_network
from .plots.as_is.customers_won.value import plot_referral_value as plot_referral_value
from .plots.as_is.customers_won.earned_growth import plot_earned_growth as plot_earned_growth
from .plots.as_is.say_do.say_do import plot_say_do as plot_say_do
from .plots.as_is.say_do.groups import plot_say_do_groups as plot_say_do_groups
from .plots.as_is.say_do.time import plot_say_do_time as plot_say_do_time
from .plots.strategy.drivers.drivers import plot_drivers as plot_drivers
from .plots.strategy.trust.diagnostics import plot_driver_diagnostics as plot_driver_diagnostics
from .plots.strategy.trust.missing_policies import plot_policy_comparison as plot_policy_comparison
from .plots.strategy.importance.importance import plot_relative_importance as plot_relative_importance
from .plots.strategy.importance.intervals import plot_importance_intervals as plot_importance_intervals
from .plots.strategy.importance.dominance import plot_dominance as plot_dominance
from .plots.strategy.compare.say_against_do import plot_driver_comparison as plot_driver_comparison
from .plots.strategy.compare.groups import plot_driver_groups as plot_driver_groups
from .plots.strategy.aims.factors import plot_penalty_reward as plot_penalty_reward
from .plots.strategy.aims.priorities import plot_priorities as plot_priorities
from .plots.strategy.aims.what_if import plot_what_if as plot_what_if
from .plots.plan.budget import plot_spend_gap as plot_spend_gap
from .plots.plan.actions import plot_actions as plot_actions
from .plots.control.charts import plot_control_chart as plot_control_chart
from .plots.control.waves import plot_waves as plot_waves
from .plots.control.goals import plot_goals as plot_goals

# panels
from .widgets.panel import Panel as Panel
from .widgets.controls import PerTouchpoint as PerTouchpoint
from .widgets.progress import ProgressBar as ProgressBar
from .widgets.as_is.say_do import SayDoPanel as SayDoPanel
from .widgets.strategy.drivers import DriversPanel as DriversPanel
from .widgets.strategy.what_if import WhatIfPanel as WhatIfPanel

# around them
from .report.questions import StudyQuestions as StudyQuestions
from .report.questions import study_questions as study_questions
from .attempt import attempt as attempt
from .takeaways import takeaways as takeaways
from .results import Result as Result
from .errors import DataError as DataError
from .language import set_language as set_language
from .about import cite as cite
from .about import versions as versions
