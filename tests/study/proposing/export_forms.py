"""Exports of Qualtrics, SurveyMonkey and LimeSurvey: their rows on top, their columns of the machinery, their words."""

import csv
import json

from export_answers import Answers, Export, rows_of, text_of

SATISFIED = ["Very dissatisfied", "Dissatisfied", "Neither satisfied nor dissatisfied", "Satisfied", "Very satisfied"]
ZUFRIEDEN = ["Sehr unzufrieden", "Eher unzufrieden", "Teils/teils", "Eher zufrieden", "Sehr zufrieden"]
REMARKS = ["", "", "", "All fine, thank you.", "My claim took three weeks, and nobody called back.",
           'The advisor said "we will call you", which\nnobody did.',
           "Prices went up again; the service did not."]  # fmt: skip
ANMERKUNGEN = ["", "", "", "Alles bestens, weiter so!", "Beim Umzug hat niemand zurückgerufen.",
               "Die Rechnung ist für mich nicht verständlich; „Abschlag“ wird nie erklärt.",
               "Freundlich, aber\nlange Wartezeit am Telefon."]  # fmt: skip
QUALTRICS = {
    "StartDate": ("Start Date", "Startdatum", "startDate"),
    "EndDate": ("End Date", "Enddatum", "endDate"),
    "Status": ("Response Type", "Antworttyp", "status"),
    "IPAddress": ("IP Address", "IP-Adresse", "ipAddress"),
    "Progress": ("Progress", "Fortschritt", "progress"),
    "Duration (in seconds)": ("Duration (in seconds)", "Dauer (in Sekunden)", "duration"),
    "Finished": ("Finished", "Beendet", "finished"),
    "RecordedDate": ("Recorded Date", "Aufgezeichnetes Datum", "recordedDate"),
    "ResponseId": ("Response ID", "Antwort-ID", "_recordId"),
    "RecipientLastName": ("Recipient Last Name", "Nachname des Empfängers", "recipientLastName"),
    "RecipientFirstName": ("Recipient First Name", "Vorname des Empfängers", "recipientFirstName"),
    "RecipientEmail": ("Recipient Email", "E-Mail-Adresse des Empfängers", "recipientEmail"),
    "ExternalReference": ("External Data Reference", "Externe Datenreferenz", "externalDataReference"),
    "LocationLatitude": ("Location Latitude", "Breitengrad", "locationLatitude"),
    "LocationLongitude": ("Location Longitude", "Längengrad", "locationLongitude"),
    "DistributionChannel": ("Distribution Channel", "Verteilungskanal", "distributionChannel"),
    "UserLanguage": ("User Language", "Benutzersprache", "userLanguage"),
}
CLAIMS = {"Website": 0.05, "Customer portal": 0.3, "Phone line": 0.35, "Local agent": 0.2, "Contract documents": 0.02,
          "Invoice": 0.0, "Claims handling": 0.55, "Newsletter": 0.25}  # fmt: skip
STADTWERKE = {"Website": 0.05, "Hotline": 0.3, "Kundencenter vor Ort": 0.5, "Rechnung": 0.0, "Tarifwechsel": 0.4,
              "Störungsdienst": 0.6}  # fmt: skip
HOTEL = {"Booking": 0.05, "Check-in": 0.0, "Room": 0.0, "Breakfast": 0.25, "Wi-Fi": 0.2, "Check-out": 0.02}
KURSE = {"SQ001": 0.05, "SQ002": 0.1, "SQ003": 0.4, "SQ004": 0.0, "SQ005": 0.3}
PRAXIS = {"Terminvergabe": 0.02, "Empfang": 0.0, "Wartezimmer": 0.05, "Behandlung": 0.0, "Nachsorge": 0.35}


def _machinery(answers, german, words, tests, unfinished):
    """Write the columns that Qualtrics puts before the questions, with previews and unfinished answers on top."""
    more, count = tests + unfinished, answers.count + tests + unfinished
    ended = [str(one) for one in answers.moments("2024-03-04 07:30")]
    ended = [*ended[:more], *ended]
    real, test = ("IP-Adresse", "Umfragevorschau") if german else ("IP Address", "Survey Preview")
    states = [test] * tests + [real] * (count - tests)
    done = ["Wahr" if german else "True"] * count
    done[tests:more] = ["Falsch" if german else "False"] * unfinished
    if not words:
        states, done = (
            ["1"] * tests + ["0"] * (count - tests),
            ["1"] * tests + ["0"] * unfinished + ["1"] * answers.count,
        )
    progress = ["100"] * tests + ["42"] * unfinished + ["100"] * answers.count
    cells = {
        "StartDate": ended,
        "EndDate": ended,
        "Status": states,
        "IPAddress": [""] * tests + [f"203.0.113.{number % 250}" for number in range(count - tests)],
        "Progress": progress,
        "Duration (in seconds)": [str(90 + 7 * number % 600) for number in range(count)],
        "Finished": done,
        "RecordedDate": ended,
        "ResponseId": [f"R_{number * 7919:07x}QzT" for number in range(1, count + 1)],
        "LocationLatitude": [f"{47 + number % 70 / 10:.4f}" for number in range(count)],
        "LocationLongitude": [f"{7 + number % 50 / 10:.4f}" for number in range(count)],
        "DistributionChannel": ["preview"] * tests + ["anonymous"] * (count - tests),
        "UserLanguage": ["DE" if german else "EN"] * count,
    }  # fmt: skip
    columns = []
    for name, (english, deutsch, code) in QUALTRICS.items():
        zone = {"timeZone": "Europe/Berlin"} if code.endswith("Date") else {}
        over = [name, deutsch if german else english, json.dumps({"ImportId": code, **zone})]
        columns.append([*over, *cells.get(name, [""] * count)])
    return columns


def _asked(name, words, code, cells, before):
    return [name, words, json.dumps({"ImportId": code}), *before, *cells]


def qualtrics_numeric():
    """Export numeric values: previews, unfinished answers, the group beside the score, 6 for never used."""
    answers = Answers(1, 240, CLAIMS)
    asked = "On a scale from 0-10, how likely are you to recommend Northwind Mutual to a friend or colleague?"
    rated = "How satisfied are you with the following? If you have never used something, please say so."
    tests, unfinished = 3, 5
    front = [""] * unfinished
    groups = [("1" if score <= 6 else "2" if score <= 8 else "3") for score in answers.score]
    deeds = answers.deeds()
    columns = _machinery(answers, german=False, words=False, tests=tests, unfinished=unfinished)
    columns.append(_asked("Q1_NPS_GROUP", f"{asked} - Group", "QID1_NPS_GROUP", groups, ["1"] * tests + front))
    columns.append(_asked("Q1", asked, "QID1", answers.scores(), ["0", "5", "0", "9", "3", *front[2:]]))
    columns.append(
        _asked(
            "Q2", "What is the main reason for your score?", "QID2_TEXT", answers.of(REMARKS), ["test"] * tests + front
        )
    )
    for place, name in enumerate(CLAIMS, 1):
        cells = answers.cells(name, never="6")
        columns.append(_asked(f"Q3_{place}", f"{rated} - {name}", f"QID3_{place}", cells, ["1"] * tests + front))
    yes = ["1" if deed else "2" for deed in deeds]
    columns.append(
        _asked(
            "Q4",
            "Have you recommended Northwind Mutual to anybody in the past 12 months?",
            "QID4",
            yes,
            ["2"] * tests + front,
        )
    )
    several = answers.of(["1", "1,2", "2,4", "1,3,4"])
    columns.append(
        _asked(
            "Q5",
            "Which of our insurances do you have? Please tick all that apply. - Selected Choice",
            "QID5",
            several,
            [""] * (tests + unfinished),
        )
    )
    ages = answers.of(["1", "2", "3", "4"], [0.2, 0.3, 0.3, 0.2])
    columns.append(_asked("Q6", "How old are you?", "QID6", ages, ["1"] * tests + front))
    regions = answers.of(["1", "2", "3"])
    columns.append(
        _asked("Q7", "In which region do you live? - Selected Choice", "QID7", regions, ["1"] * tests + front)
    )
    return Export("Customer survey_March 12, 2024_09.41.csv", text_of(rows_of(columns)).encode(), answers.score,
                  answers.ratings, left_out=tests + unfinished, groups={"Q6": 4, "Q7": 3},
                  flags={"recommended_12m": deeds.astype(float)},
                  private=("203.0.113", "nobody did", "three weeks"))  # fmt: skip


def qualtrics_choice_text():
    """Export choice text, in German: words for ratings, with a byte-order mark."""
    answers = Answers(2, 180, STADTWERKE)
    asked = "Wie wahrscheinlich ist es, dass Sie die Stadtwerke Musterstadt einem Freund oder Kollegen weiterempfehlen?"
    rated = "Wie zufrieden sind Sie mit den folgenden Angeboten?"
    tests, unfinished = 2, 4
    before = [""] * (tests + unfinished)
    kinds = ["Kritiker" if score <= 6 else "Passiv" if score <= 8 else "Promoter" for score in answers.score]
    deeds = answers.deeds()
    columns = _machinery(answers, german=True, words=True, tests=tests, unfinished=unfinished)
    columns.append(_asked("F1_NPS_GROUP", f"{asked} - Gruppe", "QID1_NPS_GROUP", kinds, before))
    columns.append(_asked("F1", asked, "QID1", answers.scores(), ["0", "0", *before[2:]]))
    columns.append(
        _asked("F2", "Was ist der Hauptgrund für Ihre Bewertung?", "QID2_TEXT", answers.of(ANMERKUNGEN), before)
    )
    for place, name in enumerate(STADTWERKE, 1):
        cells = answers.cells(name, ZUFRIEDEN, "Nutze ich nicht")
        columns.append(_asked(f"F3_{place}", f"{rated} - {name}", f"QID3_{place}", cells, before))
    yes = ["Ja" if deed else "Nein" for deed in deeds]
    columns.append(_asked("F4", "Haben Sie uns in den letzten 12 Monaten weiterempfohlen?", "QID4", yes, before))
    columns.append(
        _asked(
            "F5",
            "Welche Produkte beziehen Sie? Mehrfachnennungen möglich",
            "QID5",
            answers.of(["Strom", "Strom,Gas", "Strom,Wasser", "Gas,Wasser"]),
            before,
        )
    )
    columns.append(
        _asked(
            "F6",
            "Wie alt sind Sie?",
            "QID6",
            answers.of(["unter 30", "30 bis 49", "50 bis 64", "65 und älter"]),
            before,
        )
    )
    content = b"\xef\xbb\xbf" + text_of(rows_of(columns)).encode()
    return Export("Kundenbefragung_12. März 2024_09.41.csv", content, answers.score, answers.ratings,
                  left_out=tests + unfinished, groups={"Wie alt sind Sie?": 4},
                  flags={"recommended_12m": deeds.astype(float)},
                  private=("203.0.113", "zurückgerufen", "Wartezeit"))  # fmt: skip


def surveymonkey():
    """Write the question above, "Response" or the row of the matrix below, and words at the ends of the score."""
    answers = Answers(3, 150, HOTEL)
    answers.leave_open(0.04)
    asked = "How likely is it that you would recommend Harbour Hotels to a friend or colleague?"
    moments = [f"{one:%m/%d/%Y %I:%M:%S %p}" for one in answers.moments("2024-05-06")]
    blank = [""] * answers.count
    columns = [
        ["Respondent ID", "", *(str(118_000_000_000 + 37 * number) for number in range(answers.count))],
        ["Collector ID", "", *["458711902"] * answers.count],
        ["Start Date", "", *moments],
        ["End Date", "", *moments],
        ["IP Address", "", *(f"198.51.100.{number}" for number in range(answers.count))],
        ["Email Address", "", *blank],
        ["First Name", "", *blank],
        ["Last Name", "", *blank],
        ["Custom Data 1", "", *blank],
        [asked, "", *answers.scores(("Not at all likely - 0", "Extremely likely - 10"))],
        ["What is the most important reason for your score?", "Open-Ended Response", *answers.of(REMARKS)],
    ]
    above = "Please rate your satisfaction with each part of your stay."
    for name in HOTEL:
        columns.append([above, name, *answers.cells(name, SATISFIED, "N/A")])
        above = ""
    above = "How did you book? (Select all that apply)"
    for choice in ("Website", "Phone", "Travel agency"):
        columns.append([above, choice, *answers.of(["", choice])])
        above = ""
    columns.append(["", "Other (please specify)", *answers.of(["", "", "", "At a fair"])])
    columns.append(["Was it a business or a private stay?", "Response", *answers.of(["Business", "Private"])])
    columns.append(["In which of our houses did you stay?", "Response", *answers.of(["Hamburg", "Bremen", "Lübeck"])])
    content = b"\xef\xbb\xbf" + text_of(rows_of(columns)).encode()
    return Export("Guest Survey.csv", content, answers.score, answers.ratings, private=("198.51.100", "nobody did"),
                  groups={"Was it a business or a private stay?": 2,
                          "In which of our houses did you stay?": 3})  # fmt: skip


def limesurvey_codes():
    """Write question codes as names and answer codes as cells, all in quotes; German, and no word in the file."""
    answers = Answers(4, 220, KURSE)
    deeds = answers.deeds()
    unfinished = 6
    moments = [str(one) for one in answers.moments("2024-01-15")]
    begun = [*moments, *moments[-unfinished:]]
    last = [""] * unfinished
    columns = [
        ["id", *(str(number + 1) for number in range(len(begun)))],
        ["submitdate", *moments, *last],
        ["lastpage", *["4"] * answers.count, *["2"] * unfinished],
        ["startlanguage", *["de"] * len(begun)],
        ["seed", *(str(1_827_364_551 + 911 * number) for number in range(len(begun)))],
        ["startdate", *begun],
        ["datestamp", *begun],
        ["NPS", *answers.scores(), "4", "9", *last[2:]],
        ["GRUND", *answers.of(ANMERKUNGEN), *last],
        *([f"ZUFR[{name}]", *answers.cells(name, [f"AO0{step}" for step in range(1, 6)]), *last] for name in KURSE),
        ["EMPFOHLEN", *("Y" if deed else "N" for deed in deeds), *last],
        ["GESCHLECHT", *answers.of(["F", "M"]), *last],
        ["KURSART", *answers.of(["A1", "A2", "A3"]), *last],
    ]
    content = b"\xef\xbb\xbf" + text_of(rows_of(columns), quoted=csv.QUOTE_ALL).encode()
    return Export("results-survey417283.csv", content, answers.score, answers.ratings,
                  left_out=unfinished, groups={"GESCHLECHT": 2, "KURSART": 3}, private=("zurückgerufen",),
                  flags={"recommended": deeds.astype(float)})  # fmt: skip


def limesurvey_full_answers():
    """Write whole questions as names and whole answers as cells, with semicolons, as Windows encodes German."""
    answers = Answers(5, 130, PRAXIS)
    deeds = answers.deeds(0.5)
    words = ["sehr unzufrieden", "unzufrieden", "teils/teils", "zufrieden", "sehr zufrieden"]
    moments = [str(one) for one in answers.moments("2023-11-02")]
    ends = ("0 = überhaupt nicht wahrscheinlich", "10 = äußerst wahrscheinlich")
    asked = "Wie wahrscheinlich ist es, dass Sie unsere Praxis Freunden oder Bekannten weiterempfehlen?"
    rated = {name: answers.cells(name, words, "habe ich nicht genutzt", "keine Antwort") for name in PRAXIS}
    columns = [
        ["Antwort ID", *(str(number + 12) for number in range(answers.count))],
        ["Datum Abgeschickt", *moments],
        ["Letzte Seite", *["3"] * answers.count],
        ["Start-Sprache", *["de"] * answers.count],
        ["Zufallsstartwert", *(str(91_827_364 + 7 * number) for number in range(answers.count))],
        ["Datum gestartet", *moments],
        ["Datum letzte Aktivität", *moments],
        [asked, *answers.scores(ends)],
        *([f"Wie zufrieden waren Sie mit … [{name}]", *cells] for name, cells in rated.items()),
        ["Haben Sie unsere Praxis schon einmal jemandem empfohlen?", *("Ja" if deed else "Nein" for deed in deeds)],
        ["Wie sind Sie versichert?", *answers.of(["gesetzlich", "privat"], [0.8, 0.2])],
        ["Wie sind Sie versichert? [Sonstiges]", *answers.of(["", "", "", "Beihilfe"])],
        ["Zu welcher Altersgruppe gehören Sie?", *answers.of(["unter 30", "30–59", "60 und älter"])],
        ["Was können wir besser machen?", *answers.of(ANMERKUNGEN)],
        ["Gesamtzeit", *(f"{60 + 3 * number % 400}.{number % 90 + 10}" for number in range(answers.count))],
        ["Gruppenzeit: Ihr Besuch", *(f"{20 + number % 90}.{number % 90 + 10}" for number in range(answers.count))],
    ]  # fmt: skip
    content = text_of(rows_of(columns), ";", csv.QUOTE_ALL).encode("cp1252")
    return Export("results-survey882109.csv", content, answers.score, answers.ratings,
                  flags={"recommended": deeds.astype(float)}, private=("zurückgerufen", "Beihilfe"),
                  groups={"Wie sind Sie versichert?": 2, "Zu welcher Altersgruppe gehören Sie?": 3})  # fmt: skip
