"""Exports of Google and Microsoft Forms, Typeform, SPSS, and of people who keep their survey in a workbook."""

import csv
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from export_answers import Answers, Export, rows_of, text_of, workbook_of
from export_forms import ANMERKUNGEN, REMARKS, ZUFRIEDEN

BIKES = {"Shop": 0.1, "Test ride": 0.3, "Workshop": 0.5, "Online shop": 0.4, "Delivery": 0.35}
BUCHUNG = {"Die Buchung über die Webseite": 0.1, "Der Empfang im Studio": 0.0, "Die Einweisung an den Geräten": 0.2,
           "Die Kurse": 0.4, "Die App": 0.3, "Die Sauberkeit der Umkleiden": 0.02}  # fmt: skip
FLOWDESK = {"onboarding": 0.05, "documentation": 0.1, "support chat": 0.3, "mobile app": 0.45, "billing": 0.1}
BANK = {"Filiale": 0.4, "Online-Banking": 0.1, "Banking-App": 0.3, "Telefonische Beratung": 0.5, "Geldautomaten": 0.05,
        "Beratungsgespräch": 0.4, "Kontoauszüge": 0.1}  # fmt: skip
GARTEN = {"Markt": 0.1, "Beratung": 0.3, "Kasse": 0.05, "Online-Shop": 0.5, "Lieferung": 0.6}


def google_forms():
    """Write questions as names, rows of a grid in brackets, the time zone in each day, several choices in a cell."""
    answers = Answers(6, 120, BIKES)
    deeds = answers.deeds()
    rated = "How would you rate the following? (1 = poor, 5 = excellent)"
    asked = (
        "How likely is it that you would recommend Spoke & Wheel to a friend? (0 = not at all, 10 = extremely likely)"
    )
    moments = [f"{one:%Y/%m/%d %I:%M:%S %p} GMT+1".replace(" 0", " ", 1) for one in answers.moments("2024-02-01", 20)]
    ridden = answers.of(["City bike", "City bike, E-bike", "Road bike", "Road bike, Gravel bike", "E-bike"])
    columns = [
        ["Timestamp", *moments],
        ["Email Address", *(f"rider{number}@example.org" for number in range(answers.count))],
        [asked, *answers.scores()],
        ["What is the main reason for your score?", *answers.of(REMARKS)],
        *([f"{rated} [{name}]", *answers.cells(name)] for name in BIKES),
        ["Have you recommended us to someone in the last 12 months?", *("Yes" if deed else "No" for deed in deeds)],
        ["Which of these do you ride? (tick all that apply)", *ridden],
        ["What is your age?", *answers.of(["Under 25", "25-44", "45-64", "65 or older"])],
    ]  # fmt: skip
    content = text_of(rows_of(columns), quoted=csv.QUOTE_ALL).encode()
    return Export("Spoke & Wheel customer survey (Responses) - Form Responses 1.csv", content, answers.score,
                  answers.ratings, groups={"What is your age?": 4}, flags={"recommended_12m": deeds.astype(float)},
                  private=("rider7@", "nobody did"))  # fmt: skip


def microsoft_forms():
    """Write a German workbook: statements as names, real days, lists that end in a semicolon."""
    answers = Answers(7, 160, BUCHUNG)
    deeds = answers.deeds()
    moments = [one.to_pydatetime() for one in answers.moments("2024-04-02")]
    asked = "Wie wahrscheinlich ist es, dass Sie unser Studio einem Freund oder\xa0Kollegen weiterempfehlen?"
    done = "Haben Sie uns in den letzten zwölf Monaten jemandem empfohlen?"
    columns = [
        ["ID", *range(1, answers.count + 1)],
        ["Startzeit", *moments],
        ["Fertigstellungszeit", *moments],
        ["E-Mail", *["anonymous"] * answers.count],
        ["Name", *[None] * answers.count],
        [asked, *map(int, answers.score)],
        *([name, *(cell or None for cell in answers.cells(name, ZUFRIEDEN))] for name in BUCHUNG),
        [done, *("Ja" if deed else "Nein" for deed in deeds)],
        ["Welche Angebote nutzen Sie?", *answers.of(["Geräte;", "Geräte;Kurse;", "Kurse;Sauna;", "Geräte;Sauna;"])],
        ["Seit wann sind Sie Mitglied?", *answers.of(["weniger als 1 Jahr", "1 bis 3 Jahre", "mehr als 3 Jahre"])],
        ["Welches Studio besuchen Sie?", *answers.of(["Nord", "Mitte", "Süd"])],
        ["Möchten Sie uns noch etwas mitteilen?", *(cell or None for cell in answers.of(ANMERKUNGEN))],
    ]  # fmt: skip
    content = workbook_of({"Sheet1": rows_of(columns)})
    return Export("Mitgliederbefragung 2024(1-160).xlsx", content, answers.score, answers.ratings,
                  flags={"recommended_12m": deeds.astype(float)}, private=("zurückgerufen", "Wartezeit"),
                  groups={"Seit wann sind Sie Mitglied?": 3, "Welches Studio besuchen Sie?": 3})  # fmt: skip


def typeform():
    """Write a token in "#", questions as names with stars around words, yes as 1, and a column for each choice."""
    answers = Answers(8, 200, FLOWDESK)
    moments = [str(one) for one in answers.moments("2024-06-03")]
    tokens = [f"{number * 104_729 % 2**32:08x}k7{number:04x}" for number in range(1, answers.count + 1)]
    invited = answers.random.poisson(np.exp(0.5 * answers.mood - 0.7))
    columns = [
        ["#", *tokens],
        ["How likely are you to recommend *Flowdesk* to a friend or colleague?", *answers.scores()],
        ["What's the main reason for your score?", *answers.of(REMARKS)],
        *([f"How satisfied are you with our *{name}*?", *answers.cells(name)] for name in FLOWDESK),
        ["How many people have you recommended Flowdesk to in the past 12 months?", *map(str, invited)],
        *([choice, *answers.of(["", choice])] for choice in ("Marketing", "Sales", "Engineering")),
        ["Other", *answers.of(["", "", "", "Finance"])],
        ["How large is your company?", *answers.of(["1-10", "11-50", "51-250", "More than 250"])],
        ["Are you happy for us to contact you?", *answers.of(["0", "1"])],
        ["Response Type", *["completed"] * answers.count],
        ["Start Date (UTC)", *moments],
        ["Stage Date (UTC)", *[""] * answers.count],
        ["Submit Date (UTC)", *moments],
        ["Network ID", *(f"a{number * 1_299_709 % 2**32:08x}" for number in range(answers.count))],
        ["Tags", *[""] * answers.count],
        ["Ending", *["Thank you"] * answers.count],
    ]  # fmt: skip
    return Export("responses-Xk3dQp1z-01HZ.csv", text_of(rows_of(columns)).encode(), answers.score, answers.ratings,
                  groups={"How large is your company?": 4}, private=("nobody did", tokens[5]),
                  flags={"recommendations": invited.astype(float)})  # fmt: skip


def spss():
    """Write codes with labels, in German: grades from 1, 6 for never used, 99 missing for SPSS itself, weights."""
    import pyreadstat

    answers = Answers(9, 400, BANK)
    answers.leave_open(0.05)
    grades = {name: 6 - ratings for name, ratings in answers.ratings.items()}
    frame = pd.DataFrame({"lfdnr": np.arange(1.0, answers.count + 1), "intdat": answers.moments("2023-10-02")})
    frame["intdat"] = frame["intdat"].dt.normalize()
    frame["f1"] = np.where(np.isnan(answers.score), 99.0, answers.score)
    for place, name in enumerate(BANK, 1):
        frame[f"f2_{place}"] = np.where(answers.never[name], 6.0, np.where(answers.skipped[name], 99.0, grades[name]))
    deeds = answers.deeds()
    frame["f3"] = np.where(deeds, 1.0, 2.0)
    frame["sex"] = [float(one) for one in answers.of(["1", "2"])]
    frame["altersgr"] = [float(one) for one in answers.of(["1", "2", "3", "4"])]
    frame["gewicht"] = answers.random.choice([0.62, 0.87, 1.04, 1.71], answers.count)
    frame["gewicht"] /= frame["gewicht"].mean()
    grading = {1.0: "sehr gut", 2.0: "gut", 3.0: "befriedigend", 4.0: "ausreichend", 5.0: "mangelhaft",
               6.0: "nie genutzt", 99.0: "keine Angabe"}  # fmt: skip
    words = ["Laufende Nummer", "Datum des Interviews",
             "F1. Wie wahrscheinlich ist es, dass Sie die Bank Freunden weiterempfehlen?",
             *(f"F2. Wie beurteilen Sie: {name}" for name in BANK),
             "F3. Haben Sie die Bank in den letzten 12 Monaten jemandem empfohlen?", "Geschlecht", "Altersgruppe",
             "Gewichtungsfaktor"]  # fmt: skip
    labels = {
        "f1": {0.0: "sehr unwahrscheinlich", 10.0: "sehr wahrscheinlich", 99.0: "keine Angabe"},
        **{name: grading for name in frame if name.startswith("f2_")},
        "f3": {1.0: "ja", 2.0: "nein"},
        "sex": {1.0: "weiblich", 2.0: "männlich"},
        "altersgr": {1.0: "18 bis 29", 2.0: "30 bis 44", 3.0: "45 bis 59", 4.0: "60 und älter"},
    }
    missing = {name: [99.0] for name in ("f1", *(f"f2_{place}" for place in range(1, len(BANK) + 1)))}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "bank.sav")
        pyreadstat.write_sav(frame, file, column_labels=words, variable_value_labels=labels, missing_ranges=missing)
        content = file.read_bytes()
    return Export("kundenbefragung_2023.sav", content, answers.score, answers.ratings,
                  weight=frame["gewicht"].to_numpy(), groups={"Geschlecht": 2, "Altersgruppe": 4},
                  flags={"recommended_12m": deeds.astype(float)})  # fmt: skip


def excel_with_titles():
    """Write a workbook as people do: another sheet first, titles and groups over the names, means under the answers."""
    answers = Answers(10, 90, GARTEN)
    days = [one.to_pydatetime().replace(hour=0, minute=0, second=0) for one in answers.moments("2024-03-01")]
    ratings = {name: [None if cell == "" else int(cell) for cell in answers.cells(name)] for name in GARTEN}
    names = ["Nr.", "Datum", "Filiale", "Weiterempfehlung (0–10)", *GARTEN, "Bemerkung"]
    columns = [
        range(1, answers.count + 1), days, answers.of(["Aalen", "Bonn", "Celle"]), map(int, answers.score),
        *ratings.values(), [cell or None for cell in answers.of(ANMERKUNGEN)],
    ]  # fmt: skip
    means = [round(float(np.nanmean(own)), 2) for own in answers.ratings.values()]
    rows = [
        ["Kundenbefragung Gartenmarkt Grün, Frühjahr 2024"],
        ["Erhebung: an der Kasse, Papierbogen; Eingabe: Fr. Meier"],
        [],
        [None] * 4 + ["Zufriedenheit (1 = sehr schlecht, 5 = sehr gut)"],
        names,
        *rows_of(columns),
        ["Mittelwert", None, None, round(float(answers.score.mean()), 2), *means],
    ]
    legend = [["Legende"], ["Auftrag", "Geschäftsleitung"], ["Stand", "15.04.2024"]]
    content = workbook_of({"Deckblatt": legend, "Daten": rows})
    return Export("Kundenbefragung Frühjahr 2024.xlsx", content, answers.score, answers.ratings, left_out=1,
                  groups={"Filiale": 3}, private=("zurückgerufen", "Meier"))  # fmt: skip
