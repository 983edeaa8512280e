"""Every picture, and how the result that it draws is made from a study."""

from functools import cache

import tpm_widgets as tpm

models = cache(tpm.what_if_models)  # two pictures rest on them

CALLS = {
    "plot_net_promoter_score": lambda study: tpm.net_promoter_score(study, by="region"),
    "plot_score_comparison": lambda study: tpm.compare_scores(study, by="region"),
    "plot_score_sensitivity": tpm.score_sensitivity,
    "plot_score_coverage": lambda study: tpm.score_coverage(sizes=[20, 50]),
    "plot_referral_rate": lambda study: tpm.referral_rate(study, by="segment"),
    "plot_referral_sources": tpm.referral_sources,
    "plot_referral_activity": lambda study: tpm.referral_activity(study, by="segment"),
    "plot_referral_funnel": tpm.referral_funnel,
    "plot_referral_consent": tpm.referral_consent,
    "plot_referral_timing": lambda study: tpm.referral_timing(study, by="score"),
    "plot_referral_network": tpm.referral_network,
    "plot_referral_value": tpm.referral_value,
    "plot_earned_growth": tpm.earned_growth,
    "plot_say_do": lambda study: tpm.say_do(study, replicates=50),
    "plot_say_do_groups": lambda study: tpm.say_do_groups(study, by="wave"),
    "plot_say_do_time": tpm.say_do_time,
    "plot_touchpoint_map": tpm.touchpoint_map,
    "plot_drivers": tpm.driver_regression,
    "plot_driver_diagnostics": lambda study: tpm.driver_diagnostics(tpm.driver_regression(study), overall=study),
    "plot_policy_comparison": tpm.compare_policies,
    "plot_relative_importance": tpm.relative_importance,
    "plot_importance_intervals": lambda study: tpm.importance_intervals(study, replicates=100),
    "plot_dominance": tpm.dominance,
    "plot_driver_comparison": lambda study: tpm.compare_drivers(study, replicates=20),
    "plot_driver_groups": lambda study: tpm.compare_driver_groups(
        study, by="product", outcome="recommend", replicates=20
    ),
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
