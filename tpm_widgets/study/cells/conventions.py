"""Words that survey tools write for answers, from the low end of a scale to the high one, and for none, in English and
German; only for proposals: nothing is read by them in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tpm_widgets.study.cells.converting import comparable

NEVER_USED = (
    r"never (?:used|visited|experienced|tried|contacted|called|ordered|bought|been|had)"
    r"|not (?:yet )?(?:used|visited|experienced|tried|contacted|relevant)|not applicable"
    r"|do(?:es)?(?: not|n[’'´`]t) apply(?! (?:at all|fully|completely))|(?:do|did|have|has)(?: not|n[’'´`]t) (?:yet )?"
    r"(?:use|visit|try|tried|experience|contact|call|order|buy|need|receive|attend|had|have|been)\w*"
    r"|no (?:experience|contact|interaction|usage)"
    r"|(?:noch nie|bisher nicht|nie|niemals|nicht) (?:genutzt|benutzt|besucht|verwendet|erlebt|kontaktiert|bestellt"
    r"|gekauft|gehabt|angerufen|in anspruch genommen|dort gewesen|relevant|zutreffend)"
    r"|kein\w{0,2} (?:erfahrung(?:en)?|kontakt\w{0,2}|nutzung|ber(?:ü|ue)hrung|bedarf)"
    r"|(?:nutze|benutze|kenne) ich nicht"
    r"|entf(?:ä|ae)llt|betrifft mich nicht"
    r"|(?:war|hatte|habe?) ich (?:noch |bisher |da |dort )?(?:nie|nicht)|war(?:en)? (?:noch )?(?:nie|nicht) (?:dort|da)"
    r"|jamais (?:utilis|visit|eu)\w*|(?:pas|non) utilis\w+|non concern\w+(?:\(e\))?|nunca (?:usad|utilizad|visitad)\w+"
)
NO_ANSWER = (
    r"don[’'´` ]?t know|do not know|no answer|no response|no opinion|refused?|prefer not|rather not say"
    r"|n/?a|(?:cannot|can[’'´`]?t|could not|couldn[’'´`]t|unable to) (?:say|judge|rate|assess|answer|tell)|unknown"
    r"|not (?:asked|answered)|skipped|blank|missing|leer|(?:ü|ue)bersprungen"
    r"|wei(?:ß|ss) (?:ich |es )?nicht|kein\w{0,2} (?:angaben?|antwort|meinung|urteil|beurteilung|bewertung)"
    r"|k\. ?a\.|kann (?:ich )?(?:das |dies |es |dazu )?(?:noch )?nichts? "
    r"(?:beurteilen|sagen|bewerten|einsch(?:ä|ae)tzen)"
    r"|nicht (?:beurteilbar|beurteilt|bewertet|bekannt|beantwortet|gefragt)|verweigert"
    r"|ne sai[st] pas|sans (?:opinion|avis|r(?:é|e)ponse)|no (?:s(?:é|e)|sabe|contesta)|non (?:so|saprei)"
)
NEVER = re.compile(rf"(?<!\w)(?:{NEVER_USED})(?!\w)", re.IGNORECASE)
NONE = re.compile(rf"(?<!\w)(?:{NO_ANSWER})(?!\w)", re.IGNORECASE)
CODE_OVER = re.compile(
    r"(?<![\w.,])(?P<code>-?\d{1,4})\s*(?:[=:]|means|bedeutet|heißt)\s*[„“\"'»«]?(?P<words>[^\d,;()\[\]|„“\"»«]{2,40})",
    re.IGNORECASE,
)

# Each from the lowest answer to the highest; several words of one answer are parted by "/".
SCALES = (
    "very dissatisfied, dissatisfied, neither satisfied nor dissatisfied/neutral, satisfied, very satisfied",
    "very dissatisfied, somewhat dissatisfied, neither satisfied nor dissatisfied/neutral, somewhat satisfied, "
    "very satisfied",
    "extremely dissatisfied, somewhat dissatisfied, neither satisfied nor dissatisfied, somewhat satisfied, "
    "extremely satisfied",
    "extremely dissatisfied, moderately dissatisfied, slightly dissatisfied, neither satisfied nor dissatisfied, "
    "slightly satisfied, moderately satisfied, extremely satisfied",
    "not at all satisfied, not so satisfied, somewhat satisfied, very satisfied, extremely satisfied",
    "very dissatisfied, dissatisfied, satisfied, very satisfied",
    "strongly disagree, disagree, neither agree nor disagree/neutral/undecided, agree, strongly agree",
    "strongly disagree, somewhat disagree, neither agree nor disagree/neutral, somewhat agree, strongly agree",
    "fully disagree, rather disagree, undecided/neither agree nor disagree/neutral, rather agree, fully agree",
    "completely disagree, disagree, neither agree nor disagree/neutral, agree, completely agree",
    "strongly disagree, disagree, somewhat disagree, neither agree nor disagree/neutral, somewhat agree, agree, "
    "strongly agree",
    "strongly disagree, disagree, agree, strongly agree",
    "very poor/very bad, poor/bad, fair/average/ok/neutral, good, very good",
    "terrible/very poor/very bad, poor/bad, average/ok/okay/neutral/acceptable, good, excellent/very good",
    "very poor, poor, fair/average/ok/okay/neutral/acceptable, good, excellent",
    "terrible/furious/angry/very unhappy, unhappy/annoyed, mixed/neutral/ok/okay, happy/pleased, delighted/very happy",
    "very difficult, difficult, neither easy nor difficult/neutral, easy, very easy",
    "no definitely not, rather not/probably not, undecided/maybe/not sure, probably/rather yes, yes definitely",
    "definitely not, probably not, maybe/might or might not/undecided, probably/probably yes, "
    "definitely/definitely yes",
    "poor, fair, good, very good, excellent",
    "very unlikely, unlikely, neither likely nor unlikely/neutral, likely, very likely",
    "extremely unlikely, somewhat unlikely, neither likely nor unlikely, somewhat likely, extremely likely",
    "not at all likely, not so likely, somewhat likely, very likely, extremely likely",
    "not at all important, not so important, somewhat important, very important, extremely important",
    "not at all, a little, moderately, a lot, a great deal",
    "never, rarely, sometimes, often, always",
    "much worse, somewhat worse, about the same, somewhat better, much better",
    "no, yes",
    "sehr schlecht, schlecht, mittel/mittelmäßig/neutral/durchschnittlich, gut, sehr gut",
    "ungenügend, mangelhaft, ausreichend, befriedigend, gut, sehr gut",
    "sehr unzufrieden, unzufrieden, teils/teils-teils/weder noch/neutral, zufrieden, sehr zufrieden",
    "sehr unzufrieden, eher unzufrieden, teils/teils-teils/weder noch/neutral, eher zufrieden, sehr zufrieden",
    "sehr unzufrieden, unzufrieden, zufrieden, sehr zufrieden",
    "trifft gar nicht zu/trifft überhaupt nicht zu, trifft eher nicht zu/trifft weniger zu, teils/teils-teils/"
    "weder noch/teilweise, trifft eher zu, trifft voll zu/trifft voll und ganz zu/trifft völlig zu",
    "trifft nicht zu, trifft eher nicht zu, teils/teils-teils/weder noch, trifft eher zu, trifft zu",
    "trifft gar nicht zu/trifft überhaupt nicht zu, trifft eher nicht zu, trifft eher zu, trifft voll zu/"
    "trifft voll und ganz zu/trifft völlig zu",
    "trifft nicht zu, trifft eher nicht zu, trifft eher zu, trifft zu",
    "stimme gar nicht zu/stimme überhaupt nicht zu, stimme eher nicht zu/stimme nicht zu, teils/teils-teils/weder noch/"
    "neutral, stimme eher zu/stimme zu, stimme voll zu/stimme voll und ganz zu/stimme völlig zu",
    "stimme gar nicht zu/stimme überhaupt nicht zu, stimme eher nicht zu, stimme eher zu, stimme voll zu/"
    "stimme voll und ganz zu/stimme völlig zu",
    "sehr unwahrscheinlich, unwahrscheinlich, neutral/teils/weder noch, wahrscheinlich, sehr wahrscheinlich",
    "sehr unwahrscheinlich, eher unwahrscheinlich, neutral/teils/weder noch, eher wahrscheinlich, sehr wahrscheinlich",
    "nein auf keinen fall/auf keinen fall/nein bestimmt nicht/bestimmt nicht/sicher nicht, eher nein/eher nicht/"
    "wahrscheinlich nicht/nein eher nicht, unentschieden/vielleicht/weiß noch nicht/teils-teils, "
    "eher ja/wahrscheinlich/wahrscheinlich ja/ja eher, "
    "ja auf jeden fall/auf jeden fall/ja bestimmt/bestimmt/ganz bestimmt/ganz sicher",
    "sehr schwierig, schwierig/eher schwierig, weder noch/neutral/teils-teils, einfach/eher einfach, sehr einfach",
    "sehr schlecht, eher schlecht, mittel/mittelmäßig/neutral/teils-teils, eher gut, sehr gut",
    "überhaupt nicht wichtig/gar nicht wichtig, eher unwichtig/weniger wichtig, teils/neutral, eher wichtig/wichtig, "
    "sehr wichtig",
    "nie, selten, manchmal/gelegentlich, oft/häufig, immer",
    "nein, ja",
)


def _key(word: Any) -> str:
    """Return a word as it is compared here: "Teils / teils" is "teils-teils"."""
    return re.sub(r"[\W_]+", "_", comparable(word)).strip("_")


STEPS = [[[_key(word) for word in step.split("/")] for step in scale.split(", ")] for scale in SCALES]
USUAL = frozenset(word for scale in STEPS for step in scale for word in step) | {"true", "false", "wahr", "falsch"}


def says_none(word: Any) -> bool:
    """Whether a word is usual for "no answer" or for "never used"."""
    return says_never(word) or NONE.search(str(word)) is not None


def says_never(word: Any) -> bool:
    """Whether a word is usual for "never used"."""
    return NEVER.search(str(word)) is not None


def is_usual(word: Any) -> bool:
    """Whether a word is a step of a usual scale, or one for "no answer" or "never used", and nothing beside it."""
    return _key(word) in USUAL or any(form.fullmatch(str(word).strip(" .!?()")) for form in (NEVER, NONE))


def codes_over(words: str) -> dict[float, bool]:
    """Return the codes that the words over a column name, as "(0 = not used)" does: True for "never used"."""
    told = ((float(one["code"]), one["words"]) for one in CODE_OVER.finditer(words))
    return {code: says_never(meant) for code, meant in told if says_none(meant)}


def usual_steps(words: Sequence[Any], count: int) -> tuple[dict[Any, int], int] | None:
    """Return the step (0, 1, …) of each word, and how many there are, on the usual scale that has all of them.

    Scales of ``count`` steps go before others. None where no scale has all words, or where two differ in a step.
    """
    found = []
    for steps in STEPS:
        step_of = {word: step for step, several in enumerate(steps) for word in several}
        keys = [_key(word) for word in words]
        if all(key in step_of for key in keys):
            found.append(({word: step_of[key] for word, key in zip(words, keys, strict=True)}, len(steps)))
    found = [steps for steps in found if steps[1] == count] or found
    return found[0] if found and all(other == found[0] for other in found) else None


def nearest_steps(words: Sequence[Any], count: int) -> tuple[dict[Any, int], int] | None:
    """Return what ``usual_steps`` does of most words, where some are on no scale: at least three, and twice as many.

    None where no scale has so many, or where two that have differ in a step.
    """
    found: list[dict[Any, int]] = []
    for steps in STEPS:
        own = {word: step for step, several in enumerate(steps) for word in several}
        known = {word: own[key] for word in words if (key := _key(word)) in own}
        if len(set(known.values())) > 2 and len(known) >= 2 * (len(words) - len(known)):
            found.append(known)
    most = max(map(len, found), default=0)
    alike = [usual_steps(list(known), count) for known in found if len(known) == most]
    return alike[0] if alike and all(other == alike[0] for other in alike) else None
