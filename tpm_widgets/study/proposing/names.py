"""What the name of a column, the words of its question or its place in an export say, in English and German.

Names are searched as they are spoken: "RecordedDate" as "recorded date", "Q7ALL" as "q 7 all".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from tpm_widgets.language import say
from tpm_widgets.study.proposing.columns import Column, words_like
from tpm_widgets.study.proposing.evidence import Evidence
from tpm_widgets.study.proposing.kinds.deeds import from_recommending
from tpm_widgets.study.proposing.kinds.persons import names_persons

SMALL = 11  # the highest number of an answer and a code beside it


DERIVED = words_like(
    r"nps (?:group|gruppe|category|kategorie|class|klasse|segment|type?|bucket|label|status)\b|promoter type"
)
REASON = words_like(
    r"why\b|reasons?\b|warum|wieso|weshalb|gr(?:u|ü)nde?\b|begr(?:ü|ue)nd|what (?:is|was|could|should|would)"
    r"|please (?:tell|explain)"
    r"|was (?:k(?:ö|oe)nn|soll|gef)|in (?:your )?own words|open.ended"
)
TEXT = words_like(
    r"comments?\b|kommentar|remarks?\b|bemerkung|feedback\b|anything else|suggest|anregung|verbesser|anmerkung"
    r"|verbatim|freitext"
    r"|free text|open (?:text|answer)|offene|text\b|sonstiges|notes?\b|notiz"
)
LOYAL = words_like(r"loy|treue|bindung|verbunden|would (?:you )?(?:choose|buy)|wieder (?:w(?:ä|ae)hl|kauf)")
OVERALL = words_like(
    r"overall|gesamt|insgesamt|alles in allem|as a whole|all in all|in general|general satisf|csat\b|all$|total satis"
    r"|im gro(?:ß|ss)en und ganzen|(?:kunden)?zufriedenheit$|(?:customer )?satisfaction$"
)
RESPONDENT = words_like(
    r"#$|respondent|resp ?(?:num|id|nr|no)|response ?(?:id|nr|no|number)|record ?id|teilnehmer|befragte"
    r"|antwort ?(?:id|nr)|probanden?|"
    r"case ?(?:id|nr|no|number)?$|fall ?(?:nr|nummer|id)|participant|submission ?id|interview ?(?:id|nr|nummer)"
    r"|lfd|fragebogen|"
    r"(?:unique )?id$|no$|nr$|nummer$|number$|serial|token$|uuid|guid"
)
CUSTOMER = words_like(
    r"cust(?:omer)? ?(?:id|no|nr|number|key|ref)?$|kunden? ?(?:id|nr|nummer|kennung)?$|client ?(?:id|no|number)?$"
    r"|account|member|mitglied"
    r"|crm|contact ?id|external ?(?:data )?ref|vertrag|policy ?(?:no|number|id)|user ?id|panelist|person ?(?:id"
    r"|nr)|k ?(?:id|nr)$"
)
DATE = words_like(
    r"date|datum|day|tag$|zeitstempel|time ?stamp|(?:abschluss|end|start|fertigstellungs)zeit|(?:start|completion"
    r"|submit|end) ?time"
    r"|recorded|submit|eingang|abgeschickt|completed|when$|wann$|zeitpunkt|answered|beantwortet"
)
LATER_DATE = words_like(
    r"recorded|submit|end|completion|completed|fertig|abge|abschluss|survey|answer|antwort|interview|befrag"
)
EARLIER_DATE = words_like(r"start|begin|created|last action|modified|ge(?:ä|ae)ndert|opened")
OTHER_DATE = words_like(
    r"birth|geburt|dob|since|seit|purchase|kauf|order|bestell|contract|vertrag|arriv|depart|expir|ablauf|visit|besuch"
)
WAVE = words_like(
    r"waves?\b|welle|year$|jahr$|quarter|quartal|qtr|month$|monat$|period|zeitraum|erhebung|runde|round$"
    r"|survey (?:year|round|wave)|"
    r"messung|messzeitpunkt|measurement|time ?point|semester|season|saison"
)
WEIGHT = words_like(r"weight(?:s|ing)?\b|gewicht|wgt|wt\b|hochrechn|design ?w|pweight|w$")
TENURE = words_like(
    r"tenure|(?:how long|since when|years?).{0,30}(?:customer|client|member|with us)|kunde seit|dauer"
    r"|wie lange.{0,30}kund|"
    r"kundenjahre|years? (?:as|customer)|jahre (?:als )?kunde|zugeh(?:ö|oe)rig|customer for|relationship"
)
ANNOYANCE = words_like(r"annoy|(?:ver)?(?:ä|ae)rger|frustrat|anger")
SEGMENT = words_like(
    r"gender|sex\b|geschlecht|age\b|age ?(?:group|class|band)|alter\b|alters|income|einkommen|education|bildung"
    r"|schulab|region|country|land\b"
    r"|bundesland|state\b|city\b|stadt|ort\b|lang(?:uage)?\b|sprache|segment|groups?\b|gruppe|branch\b|filiale"
    r"|niederlassung|standort|store\b|shop ?(?:id|name)|house\b|haus\b"
    r"|hotel\b|site\b|location|products?\b|produkt|tariff?|plan\b|channel|kanal|industry|branche|company size"
    r"|unternehmensgr|sector|"
    r"department|abteilung|team\b|type|typ\b|art\b|kategorie|category|class\b|klasse|purpose|zweck|anlass"
    r"|problems?\b|device\b|ger(?:ä|ae)t|"
    r"marital|familien|household|haushalt|occupation|beruf|role\b|rolle|new customer|neukunde|status\b|tier\b"
    r"|stufe|area\b|gebiet|zone\b|how old|wie alt|where do you|wo (?:wohn|leb)|are you (?:a |an )?(?:man"
    r"|woman|male|female|new)"
    r"|\w+(?:art|typ|gruppe|klasse|kategorie|branche|status|filiale|standort|region|tarif|abteilung)\b"
)
RATED_NOUN = re.compile(
    r"(?:the |our |das |die |der |unser\w* )?(?:products?|produkte?|team|shop|store|branch|filiale|hotel|channel|kanal)"
)
RATED = words_like(
    r"satisf|zufrieden|rate\b|rating|bewert|beurteil|quality|qualit|how (?:good|would|was|were|well|easy)"
    r"|wie (?:gut|war|zufrieden|bewert|"
    r"beurteil)|experience with|erfahrung mit|sat\b|zufr|score\b|note\b|ease\b|agree|stimme|trifft|einfach"
)
PERSONAL = words_like(
    r"(?:first|last|full|your|family|sur)? ?name$|vorname|nachname|e ?mail|mail(?: ?address)?$|phone|telefon"
    r"|mobil(?:e|nummer)|"
    r"ip ?(?:address|adresse)|(?:location )?(?:latitude|longitude)|street|stra(?:ß|ss)e$|zip\b|plz|postal"
    r"|postleit|address$|adresse$|iban"
)
OF_THE_TOOL = words_like(
    r"(?:start|last) ?(?:language|page)|start ?sprache|letzte ?seite|seed$|zufallsstart|collector ?id|duration"
    r"|dauer ?\(?in|"
    r"progress$|finished$|status$|distribution ?channel|user ?language|external ?data ?reference"
    r"|recipient ?(?:first|last)|"
    r"recipient ?e ?mail|network ?id|tags$|ending$|response ?type|custom ?data|quiz|points|punkte|(?:total"
    r"|gesamt)punkt|"
    r"(?:location )?(?:latitude|longitude)|browser|operating system|resolution|user ?agent|referr?er ?url"
    r"|url$|interviewtime|group ?time"
    r"|question ?time|gesamtzeit|gruppenzeit|"
    r"fragenzeit|click count|page submit|first click|last click|stage ?date|hits|(?:last|letzte) (?:modified|(?:ä"
    r"|ae)nderung)"
)
HOW_OFTEN = words_like(
    r"how (?:often|many|much)|wie (?:oft|viele|h(?:ä|ae)ufig)|number of|anzahl|times\b|frequency|h(?:ä|ae)ufigkeit"
)


def from_names(column: Column) -> Iterator[Evidence]:
    """Yield what a column's name and question say."""
    words, name = column.spoken, column.called
    if DERIVED.search(words):
        yield Evidence("none", 1.0, say("it is made of the score"))
        return
    if OF_THE_TOOL.search(name):
        yield Evidence("none", 0.7, say("the survey tool writes it"))
    rated = column.words or max(column.values(), default=SMALL + 1) <= SMALL
    if names_persons(column) and not rated:
        yield Evidence("none", 2.0, say("it names a person, and is not needed"))
        return
    if PERSONAL.search(name) and column.distinct > 0.5 * column.filled and not rated:
        yield Evidence("none", 1.0, say("it names a person, and is not needed"))
    if REASON.search(words) or TEXT.search(words):
        yield Evidence("text", 0.4, say("the words ask for an open answer"))
        if TEXT.search(words) and not SEGMENT.search(name):
            yield Evidence("segment", -0.6)
    recommending = list(from_recommending(column, reasoned=REASON.search(words) is not None))
    yield from recommending
    if not recommending and LOYAL.search(words):
        yield Evidence("recommend", 0.2, say("the words are of loyalty"))
    numbered = not column.value_labels and bool(column.values()) and column.share(~np.isnan(column.numbers)) > 0.5
    yield from _from_roles(words, name, numbered)


def _from_roles(words: str, name: str, numbered: bool) -> Iterator[Evidence]:
    """Yield what single words say; persons, days and waves by the name alone, for questions are full of them."""
    for pattern, text, role, points, reason in (
        (OVERALL, words, "overall", 0.4, say("the words are of the whole")),
        (RESPONDENT, name, "respondent", 0.3, say("it is called like a number of respondents")),
        (CUSTOMER, name, "customer", 0.4, say("it is called like a number of customers")),
        (WAVE, name, "wave", 0.4, say("it is called like a wave")),
        (WEIGHT, name, "weight", 0.4, say("it is called like a weight")),
        (TENURE, words, "tenure", 0.4, say("the words are of how long somebody has been a customer")),
        (ANNOYANCE, words, "annoyance", 0.4, say("the words are of annoyance")),
    ):
        if pattern.search(text):
            yield Evidence(role, points, reason)
    if DATE.search(name) or (LATER_DATE.search(name) and not OTHER_DATE.search(name)):
        yield Evidence("date", 0.3 + _which_date(name), say("it is called like a day"))
    elif OTHER_DATE.search(name):
        yield Evidence("date", -0.3)
    if EARLIER_DATE.search(name):
        yield Evidence("none", 0.5, say("it tells when the answer was begun"))
    if RATED_NOUN.fullmatch(name) and numbered:
        yield Evidence("segment", 0.1)
    elif SEGMENT.search(name) or (SEGMENT.search(words) and not RATED.search(words)):
        yield Evidence("segment", 0.35, say("it is called like a group"))
        yield Evidence("rating", -0.3)
    if RATED.search(words):
        yield Evidence("rating", 0.2, say("the words ask for a rating"))
    if HOW_OFTEN.search(words):
        yield Evidence("rating", -0.5)


def _which_date(name: str) -> float:
    """Several columns may be days: the answer was given when the questionnaire was sent off."""
    if OTHER_DATE.search(name):
        return -0.4
    return 0.15 * bool(LATER_DATE.search(name)) - 0.1 * bool(EARLIER_DATE.search(name))
