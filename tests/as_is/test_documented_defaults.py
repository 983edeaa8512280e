"""What a docstring says of a default is what a call without it does, in every verb of this step."""

import ast
import inspect
import re

import pytest

import tpm_widgets as tpm

VERBS = [
    tpm.compare_scores, tpm.deeds_sample_size, tpm.earned_growth, tpm.net_promoter_score, tpm.referral_activity,
    tpm.referral_consent, tpm.referral_funnel, tpm.referral_network, tpm.referral_rate, tpm.referral_sources,
    tpm.referral_timing, tpm.referral_value, tpm.say_do, tpm.say_do_groups, tpm.say_do_time, tpm.score_coverage,
    tpm.score_sample_size, tpm.score_sensitivity, tpm.touchpoint_map,
]  # fmt: skip
IN_WORDS = {"scores": tpm.score_coverage, "intervals": tpm.score_coverage}
NAMED = re.compile(r"^(\w+(?:, \w+)*) : ([^\n]+)$", re.MULTILINE)


def documented(verb):
    """Every option with what its line in the docstring says of its kind and its default."""
    section = inspect.getdoc(verb).split("Parameters\n----------\n")[1].split("\n\nReturns\n")[0]
    return {name: words for names, words in NAMED.findall(section) for name in names.split(", ")}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_defaults_are_the_documented_ones(verb):
    options = inspect.signature(verb).parameters
    words = documented(verb)
    assert list(words) == list(options)
    for name, option in options.items():
        stated = re.search(r"default (.+)$", words[name])
        if stated:
            assert ast.literal_eval(stated[1]) == option.default, name
        elif words[name].endswith("optional"):
            assert option.default is None, name
        elif words[name].startswith("{"):  # of several words the first is the default
            assert ast.literal_eval(words[name][1:-1])[0] == option.default, name
        elif name not in IN_WORDS:
            assert option.default is inspect.Parameter.empty, name


def test_defaults_that_stand_in_words():
    found = {name: inspect.signature(verb).parameters[name].default for name, verb in IN_WORDS.items()}
    assert found == {
        "scores": pytest.approx([tenth / 10 for tenth in range(-8, 9)]),
        "intervals": ("adjusted_wald", "score", "wald"),
    }
