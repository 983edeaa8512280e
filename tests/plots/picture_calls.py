"""Every picture, and how the result that it draws is made from a study."""

from functools import cache

import tpm_widgets as tpm

models = cache(tpm.what_if_models)  # two pictures rest on them

CALLS = {
    "plot_net_promoter_score": lambda study: tpm.net_promoter_score(study, by="region"),
    "plot_referral_rate": lambda study: tpm.referral_rate(study, by="segment"),
    "plot_say_do": lambda study: tpm.say_do(study, replicates=50),
    "plot_touchpoint_map": tpm.touchpoint_map,
    "plot_drivers": tpm.driver_regression,
    "plot_relative_importance": tpm.relative_importance,
    "plot_driver_comparison": lambda study: tpm.compare_drivers(study, replicates=20),
    "plot_penalty_reward": tpm.penalty_reward,
    "plot_priorities": tpm.priorities,
    "plot_what_if": lambda study: tpm.what_if(
        models(study), {study.touchpoint_names[0]: 0.5, study.touchpoint_names[-1]: 1}
    ),
    "plot_spend_gap": tpm.spend_gap,
    "plot_actions": lambda study: tpm.rank_actions(study, models=models(study)),
    "plot_control_chart": tpm.control_chart,
    "plot_waves": tpm.compare_waves,
    "plot_goals": tpm.goal_progress,
}
