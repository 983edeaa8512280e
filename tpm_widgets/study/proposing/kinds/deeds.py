"""Whether a column is of willingness or of deeds: would somebody recommend, has he, how often, whom did it bring?

A count of deeds or a yes or no about them is no answer to the question on willingness, whatever words they share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.proposing.columns import Column, words_like
from tpm_widgets.study.proposing.evidence import Evidence

DEEDS = ("recommended_12m", "recommended", "recommendations", "customers_won")
FLAGS = DEEDS[:2]
ZEROS = 0.3  # the share of zeros of a count of deeds, of which most people do few
HIGH = 7  # from which answers to the question on willingness are frequent, and deeds are not

RECOMMEND = words_like(
    r"nps\b|net ?pro|promoter|(?:weiter)?empfe?h?l|(?:weiter)?empfiehl|recommend|would you (?:tell|refer)|tell a friend"
    r"|tell (?:your )?friends|refer (?:us|a friend)|ltr\b|lik(?:e|eli)hood to r|friends?,? (?:or|and"
    r"|&) (?:a )?(?:colleague"
    r"|famil|relative)|freund\w* (?:oder|und|bzw)|bekannten"
)
WILLING = words_like(
    r"likel|would you|wahrscheinlich|w(?:ü|ue)rden? (?:sie|ihr)|w(?:ü|ue)rdest du|willing|intention|intend"
    r"|bereit\b|bereitschaft"
    r"|absicht|werden sie|wirst du|ltr\b|nps\b|promoter"
)
PAST = words_like(
    r"(?:have|did|has|had) (?:you|he|she|they).{0,60}(?:recommend|refer|told|tell|suggest)|recommended\b|referred\b"
    r"|(?:i|we) (?:have )?(?:recommended|told)|(?:haben sie|hast du|habe ich|hat er).{0,80}(?:empfohlen"
    r"|erz(?:ä|ae)hlt|geworben)"
    r"|(?:weiter)?empfohlen|tats(?:ä|ae)chlich.{0,20}empf|referr(?:al|als|er|ers)\b|refs?\b|geworben|werber\b"
    r"|empfehler\b"
)
WINDOW = words_like(
    r"(?:past|last|previous) (?:\d+|twelve|six|three|few)? ?(?:months?|years?|weeks?)|(?:letzten"
    r"|vergangenen) (?:\d+|zw(?:ö|oe)lf"
    r"|sechs|drei)? ?(?:monate|jahre?|wochen)|\d+ ?(?:m|mon|months?|monate?)\b"
)
YEAR = words_like(
    r"(?:12|twelve|zw(?:ö|oe)lf) ?(?:m|mon|months?|monaten?)\b|(?:past|last) year|(?:letzten|vergangenen) jahr"
)
COUNTED = words_like(
    r"how (?:many|often)|wie (?:viele|oft|h(?:ä|ae)ufig)|number of|(?:no|nr|n|num|anz) (?=rec|ref|emp|cust"
    r"|neuk|kund)|anzahl"
    r"|zahl der|counts?\b|times\b"
)
DEED_NOUNS = words_like(r"recommendations\b|referrals\b|(?:weiter)?empfehlungen\b|refs\b")
WON = words_like(
    r"customers? won|won customers?|new (?:customers?|clients?|members?).{0,50}(?:refer|recommend|brought|won"
    r"|because of you)"
    r"|(?:refer|recommend|brought|won|led to).{0,50}(?:new (?:customers?|clients?|members?)"
    r"|became (?:a )?(?:customer|client|member))"
    r"|(?:customers?|clients?|friends?) (?:referred|brought|acquired)|(?:converted|successful|closed) referr"
    r"|referr(?:al|als|ed) (?:converted|won|success|customers?|sign)|(?:an)?geworbene? |(?:neu)?kunden? (?:an)?geworben"
    r"|(?:davon|daraus|dadurch).{0,20}kund(?:en|schaft)|(?:neu|neue )kunden$"
    r"|(?:of (?:which|these|them|whom)|resulting|thereof).{0,30}(?:customers?|clients?|members?)"
    r"|new (?:customers|clients)$"
    r"|(?:neu)?kunden.{0,40}(?:gewonnen|gebracht|durch empf|geworden)|gewonnene?n? (?:neu)?kunden|(?:neu)?kunden durch"
)
RECORDED = words_like(r"referr(?:al|er|ed)|geworben|werber|empfehler|crm\b")  # words of customer systems
SHORT = re.compile(r"(?:weiter ?)?empfohlen|recommended")
IF_YES = words_like(r"(?:if|wenn|falls) (?:yes|so|ja)\b")
SOMEBODY = r"(?:somebody|someone|anybody|anyone|(?:a |your )?(?:friends?|colleagues?))"
TOLD_OF = words_like(
    r"(?:come|came|become|became|join|joined|switch|start|started|choose|chose|bought|buy).{0,60}(?:because|since|as)\b"
    r".{0,40}(?:recommend|referr|suggest|told)"
    rf"|(?:has|have|did|had) {SOMEBODY}.{{0,60}}(?:recommend|refer|t(?:ell|old))"
    r"|who (?:recommended|referred|told)|(?:wer|von wem|durch wen).{0,60}(?:empfohlen|geworben|empfehlung)"
    r"|hat (?:(?:ihnen|dir|uns|sie|dich) )*(?:jemand|ein (?:freund|bekannter|kollege)).{0,60}(?:empfohlen|geworben)"
    r"|(?:sind|kamen|wurden) (?:sie|du).{0,60}(?:empfehlung|empfohlen|geworben)"
    r"|(?:wegen|aufgrund|dank|infolge) (?:einer |der )?(?:weiter)?empfehlung|(?:lead|referral) source"
    r"|(?:because of|thanks to|through|via|by|on) (?:a |the |(?:somebody|someone).?s )?(?:personal )?"
    r"(?:recommendation|referral)\b"
    r"|(?:were|was|been) (?:we |you |this |it )?.{0,20}(?:recommended|referred)"
    r"|(?:recommended|referred) (?:to you|by)\b"
    r"|wurden? .{0,60}(?:empfohlen|geworben)|(?:empfohlen|geworben) (?:von|durch|worden)"
    r"|(?:how|where) did you (?:first )?(?:hear|find|learn|come|become)"
    r"|wie (?:sind|haben) sie .{0,40}(?:aufmerksam|erfahren|gefunden)|(?:auf|durch) empfehlung"
    r"|(?:acquisition )?(?:source|channel)$"
    r"|came (?:through|via|by)"
)


def from_recommending(column: Column, reasoned: bool) -> Iterator[Evidence]:
    """Yield what the words say; ``reasoned`` is whether they ask for a reason."""
    words = column.spoken
    if TOLD_OF.search(words) and not WON.search(words):
        yield Evidence("segment", 0.3, say("the words ask how somebody came to us"))
        yield from (Evidence(role, -1.0) for role in ("recommend", "rating", *DEEDS))
        return
    willing = WILLING.search(words) is not None
    deed = "" if willing else _deed(column, words)
    if deed:
        yield Evidence(deed, 0.5, _reason(deed))
        yield Evidence("recommend", -1.0)
        yield Evidence("rating", -0.5)
    elif RECOMMEND.search(words) and not reasoned:
        yield Evidence("recommend", 0.6, say("the words ask for a recommendation"))
        yield Evidence("segment", -1.0)


def asks_for_recommendation(column: Column) -> bool:
    """Whether the words ask for a recommendation, and are not of deeds."""
    words = column.spoken
    if TOLD_OF.search(words) or not RECOMMEND.search(words):
        return False
    return WILLING.search(words) is not None or not _deed(column, words)


def is_of_deed(column: Column) -> bool:
    """Whether the words are of a deed."""
    words = column.spoken
    return not (TOLD_OF.search(words) or WILLING.search(words)) and bool(_deed(column, words))


def asks_how_often(column: Column) -> bool:
    """Whether the words ask for a count of deeds."""
    words = column.spoken
    told_of = TOLD_OF.search(words) is not None
    return not (told_of or WILLING.search(words)) and _deed(column, words) in DEEDS[2:]


def follows_a_deed(column: Column, before: Column | None) -> bool:
    """Whether a column asks those who have recommended how often: "If yes, to how many people?"."""
    if before is None or not is_of_deed(before) or _deed(before, before.spoken) not in FLAGS:
        return False
    return IF_YES.match(column.question or column.name) is not None and COUNTED.search(column.spoken) is not None


def _reason(deed: str) -> Sentence:
    return {
        "recommended_12m": say("the words ask whether somebody has recommended"),
        "recommended": say("the words ask whether somebody has recommended"),
        "recommendations": say("the words ask how often somebody has recommended"),
        "customers_won": say("the words are of customers who were won"),
    }[deed]


def _deed(column: Column, words: str) -> str:
    """Return the deed that words are of; "" where they are of none."""
    name = column.called
    if WON.search(words) or name == "customers won":
        return "customers_won"
    past = PAST.search(words) is not None or (WINDOW.search(words) is not None and RECOMMEND.search(words) is not None)
    listed = DEED_NOUNS.search(name) is not None and 0 in column.values()  # a touchpoint of that name has no 0
    counted = COUNTED.search(words) is not None or listed
    if counted and (past or RECOMMEND.search(words)):
        return "recommendations"
    if not past:
        return ""
    if YEAR.search(words) or WINDOW.search(words):
        return "recommended_12m"
    recorded = RECORDED.search(name) is not None or SHORT.fullmatch(name) is not None
    told = " " in column.name or column.question  # has_recommended is a short name for what surveys ask of a year
    return "recommended" if recorded or told else "recommended_12m"


def is_counted(column: Column) -> bool:
    """Whether the cells are counts of what most people do seldom: many zeros, the more the fewer, hardly a high one."""
    values = column.values()
    if not values or min(values) != 0 or any(value % 1 for value in values) or column.words or len(values) < 3:
        return False
    total = sum(values.values())
    counts = [values.get(float(number), 0) for number in range(4)]
    falls = all(later <= earlier * 1.1 + 2 for earlier, later in pairwise(counts))
    high = sum(count for value, count in values.items() if value >= HIGH)
    return counts[0] >= ZEROS * total and falls and high <= 0.05 * total


def from_counts(column: Column) -> Iterator[Evidence]:
    """Yield what the cells say: yes and no, or how many."""
    whole = np.all(column.numbers[~np.isnan(column.numbers)] % 1 == 0) and np.nanmin(column.numbers, initial=0) >= 0
    if whole and column.share(~np.isnan(column.numbers)) >= 0.5:
        yield from (Evidence(role, 0.2, say("its cells are counts")) for role in DEEDS[2:])
    else:
        yield from (Evidence(role, -1.0) for role in DEEDS[2:])
    if is_counted(column) and not WILLING.search(column.spoken):  # else nobody would recommend us
        yield Evidence("recommendations", 0.1)
        yield Evidence("recommend", -0.4)
