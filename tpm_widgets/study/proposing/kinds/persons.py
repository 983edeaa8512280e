"""Columns that name persons: nobody's name makes a group or is shown, whatever else speaks for it."""

from __future__ import annotations

import re

from tpm_widgets.study.proposing.columns import Column, words_like


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Always a person's name.
NAMED = re.compile(
    r"(?:.*\b)?(?:(?:first|last|full|your|family|sur|given|middle|contact|customer|client|respondent|recipient|user"
    r"|agent|employee|member|guest|patient|buyer|owner|manager|advisor|sales ?rep|teilnehmer|kunden?|nach|vor|familien"
    r"|rufvor|ruf|zu|gast|ansprechpartner|mitarbeiter|berater|kontakt|patienten) ?names?|vorname\w*|nachname\w*"
    r"|(?:vor und|vor- und) ?(?:nach|zu)?name)(?: (?:1|2|\w{1,2}))?|(?:your |ihr |the )?name|(?:sur|first|last)names?"
)
# A person's name if the cells look like one: an agent may be a robot, a contact a telephone.
OF_PERSONS = words_like(
    r"kunden?\b|kundin|ansprechpartner|kontakt(?:person)?\b|contact(?: person)?\b|agents?\b|(?:kunden)?berater"
    r"|(?:kunden)?betreuer|(?:sach)?bearbeiter|mitarbeiter|verk(?:ä|ae)ufer|techniker|vertreter|employee|advis[eo]r"
    r"|consultant|(?:sales )?rep(?:resentative)?\b|account ?manager|manager\b|owner\b|customer\b|client\b|respondent\b"
    r"|assign(?:ed|ee)|(?:created|answered|handled|served) by|interviewer|technician|name\b|inhaber|person\b"
)
FIRST = _words(
    "adam alexander alex alice amanda amy andrea andreas andrew angela anja anke anna anne anton barbara ben "
    "benjamin bernd birgit brian carl carol caroline chris christian christina christine christoph claudia clara "
    "daniel daniela david dennis diana dieter dirk doris edward elena elisabeth elizabeth emily emma erik eva "
    "felix florian frank franziska fritz gabriele george gerd gisela günter günther hannah hans harald heike "
    "heinz helen helga henry holger ina ines inga ingrid jack jakob james jan jana jane jason jennifer jens "
    "jessica joachim joe johanna johannes john jonas jonathan josef joseph judith julia jörg jürgen karen karin "
    "karl katharina kathrin katja kevin klaus kurt lara laura lea lena leon linda lisa lucas lucy luis lukas "
    "manfred manuela marc marcel marcus maria marie mario marion mark markus martin martina mary matthias matthew "
    "max maximilian melanie michael michelle mike monika moritz nadine nancy nicole nina oliver olivia pamela "
    "patrick paul paula peter petra philipp rachel rainer ralf rebecca renate richard rita robert roger rolf ruth "
    "sabine samuel sandra sara sarah sebastian silke simon simone sophie stefan stefanie steffen stephen steven "
    "susan susanne sven tanja thomas thorsten tim timo tina tobias tom torsten ulrich ulrike ursula ute uwe "
    "vanessa vera volker walter werner wolfgang yvonne"
)
LAST = _words(
    "müller mueller schmidt schneider fischer weber meyer meier maier mayer wagner becker schulz hoffmann schäfer "
    "schaefer koch bauer richter klein wolf schröder schroeder neumann schwarz zimmermann braun krüger krueger "
    "hofmann hartmann lange schmitt werner schmitz krause lehmann schmid schulze köhler koehler herrmann könig "
    "koenig huber kaiser fuchs scholz weiß weiss lang jung hahn vogel friedrich keller frank berger winkler roth "
    "beck lorenz smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez wilson "
    "anderson taylor moore jackson thompson white harris clark lewis robinson walker allen wright scott nguyen "
    "hill adams nelson campbell mitchell roberts carter phillips evans turner parker collins edwards stewart "
    "morris murphy cook rogers nowak novak rossi silva santos fernandez gonzalez kowalski ivanov"
)
TITLES = _words("mr mrs ms miss dr prof herr frau herrn fr hr")
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
MOST_LOOKED_AT = 300  # different cells
MOST = 0.6  # of the different cells
SOME = 0.3  # where the column is called like one of persons
LEAST = 3  # different cells, where the name does not say what they are


def names_persons(column: Column) -> bool:
    """Whether a column holds names of persons, by its own name or by its cells; no answers on a scale."""
    if not column.filled:
        return False
    cells = [column.value_labels.get(text, text) for text in column.uniques[:MOST_LOOKED_AT]]
    if sum(any(sign.isdigit() for sign in cell) for cell in cells) > 0.5 * len(cells):
        return False
    if NAMED.fullmatch(column.called):
        return True
    share = sum(map(is_person, cells)) / len(cells)
    if OF_PERSONS.search(column.called):
        return share >= SOME
    return share >= MOST and len(cells) >= LEAST


def is_person(text: str) -> bool:
    """Whether a text is a person's name: "Anna Müller", "Müller, A.", "Dr. Weber", "Petra".

    Examples
    --------
    >>> [is_person(text) for text in ("Anna Müller", "Weber, J.", "New York", "Shop", "Frau Nowak")]
    [True, True, False, False, True]
    """
    words = [word.strip(".").casefold() for word in WORD.findall(text)]
    if not 1 <= len(words) <= 4 or any(sign.isdigit() for sign in text):
        return False
    return any(word in FIRST or word in LAST for word in words) or (len(words) > 1 and words[0] in TITLES)
