"""One small survey as ten tools export it: 40 answers to the score and to three touchpoints, by region, with a comment.

The forms follow what the tools write: Qualtrics' three rows on top and its columns of the machinery, SurveyMonkey's two
rows, LimeSurvey's codes or words, Microsoft's and Google's questions as names, Typeform's "#", labels in SPSS.
"""

import csv
import io
import json
from dataclasses import dataclass

import numpy as np
import openpyxl
import pandas as pd

ROWS = 40
REGIONS = ["North", "South", "West"]
COMMENTS = ["All went well with the order, thank you.", "The parcel came two days late again.", "", ""]
ASKED = "How likely is it that you would recommend Acme to a friend or colleague?"
RATED = "How satisfied are you with the following?"
TOUCHPOINTS = ["Shop", "Phone", "Delivery"]
SATISFIED = ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"]


@dataclass(frozen=True)
class Truth:
    """Who answered what: scores, ratings (NaN where never used), regions and comments."""

    score: np.ndarray
    ratings: np.ndarray
    region: list[str]
    comment: list[str]


def truth():
    """Draw the answers: whoever is content rates everything better, and everybody rates the shop."""
    generator = np.random.default_rng(20)
    mood = generator.normal(size=ROWS)
    score = np.clip(np.round(7.5 + 2 * mood + generator.normal(scale=0.8, size=ROWS)), 0, 10).astype(int)
    ratings = np.clip(np.round(3.6 + 0.9 * mood[:, None] + generator.normal(scale=0.6, size=(ROWS, 3))), 1, 5)
    score[:4], ratings[:5, 0] = [0, 10, 6, 9], [1, 2, 3, 4, 5]  # each step of both scales is there
    ratings[generator.random(ROWS) < 0.3, 1] = np.nan
    return Truth(score, ratings, list(generator.choice(REGIONS, ROWS)), list(generator.choice(COMMENTS, ROWS)))


def _csv(rows, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _stamp(number):
    return f"2024-{3 + number // 25:02}-{1 + number % 25:02} 10:{number:02}:00"


def _cells(rating, words=None, never=""):
    return [never if np.isnan(one) else (words[int(one) - 1] if words else str(int(one))) for one in rating]


def _qualtrics(data, words):
    names = [
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Duration (in seconds)",
        "Finished",
        "RecordedDate",
        "ResponseId",
        "RecipientLastName",
        "RecipientFirstName",
        "RecipientEmail",
        "ExternalReference",
        "LocationLatitude",
        "LocationLongitude",
        "DistributionChannel",
        "UserLanguage",
    ]
    imports = [
        "startDate",
        "endDate",
        "status",
        "ipAddress",
        "progress",
        "duration",
        "finished",
        "recordedDate",
        "_recordId",
        "recipientLastName",
        "recipientFirstName",
        "recipientEmail",
        "externalDataReference",
        "locationLatitude",
        "locationLongitude",
        "distributionChannel",
        "userLanguage",
    ]
    questions = {"Q1_NPS_GROUP": f"{ASKED} - Group", "Q1": ASKED}
    questions |= {f"Q2_{place}": f"{RATED} - {name}" for place, name in enumerate(TOUCHPOINTS, 1)}
    questions |= {"Q3": "In which region do you live?", "Q4": "What could we do better?"}
    codes = ["QID1_NPS_GROUP", "QID1", "QID2_1", "QID2_2", "QID2_3", "QID3", "QID4_TEXT"]
    rows = [[*names, *questions], ["Start Date", *names[1:], *questions.values()],
            [json.dumps({"ImportId": name}) for name in (*imports, *codes)]]  # fmt: skip
    for number in range(-2, ROWS):
        preview = number < 0
        score = 3 if preview else data.score[number]
        group = 0 if score <= 6 else 1 if score <= 8 else 2
        rating = [1, 1, 1] if preview else data.ratings[number]
        cells = _cells(np.array(rating, dtype=float), SATISFIED if words else None, "Never used" if words else "6")
        region = REGIONS.index(data.region[number]) + 1
        status = "Survey Preview" if preview else "IP Address"
        finished = "True"
        if not words:
            status, finished = ("1" if preview else "0"), "1"
        rows.append(
            [
                _stamp(abs(number)),
                _stamp(abs(number)),
                status,
                f"10.0.0.{number + 5}",
                "100",
                str(60 + number),
                finished,
                _stamp(abs(number)),
                f"R_{number + 5:03}xQ",
                "",
                "",
                "",
                "",
                "50.1",
                "8.2",
                "preview" if preview else "anonymous",
                "EN",
                ["Detractor", "Passive", "Promoter"][group] if words else str(group + 1),
                str(score),
                *cells,
                REGIONS[region - 1] if words else str(region),
                data.comment[number],
            ]
        )
    return _csv(rows).encode()


def qualtrics_numeric(data):
    """Export numeric values: codes everywhere, 6 for never used, status 1 for a preview."""
    return "qualtrics.csv", _qualtrics(data, words=False)


def qualtrics_choice_text(data):
    """Export choice text."""
    return "qualtrics_words.csv", b"\xef\xbb\xbf" + _qualtrics(data, words=True)


def surveymonkey(data):
    """Write the question above, "Response" or the row of the matrix below, and words at the ends of the score."""
    above = [
        "Respondent ID",
        "Collector ID",
        "Start Date",
        "End Date",
        "IP Address",
        "Email Address",
        "First Name",
        "Last Name",
        "Custom Data 1",
        ASKED,
        RATED,
        "",
        "",
        "In which region do you live?",
        "What could we do better?",
    ]
    below = ["", "", "", "", "", "", "", "", "", "", *TOUCHPOINTS, "Response", "Open-Ended Response"]
    ends = {0: "Not at all likely - 0", 10: "Extremely likely - 10"}
    rows = [above, below]
    for number in range(ROWS):
        day = f"{3 + number // 25:02}/{1 + number % 25:02}/2024 10:{number:02}:00 AM"
        score = ends.get(data.score[number], str(data.score[number]))
        cells = _cells(data.ratings[number], SATISFIED, "N/A")
        rows.append([str(118000000000 + number), "45871", day, day, f"10.0.0.{number}", "", "", "", "", score, *cells,
                     data.region[number], data.comment[number]])  # fmt: skip
    return "surveymonkey.csv", _csv(rows).encode()


def limesurvey_codes(data):
    """Write question codes as names and answer codes as cells; the last answer was never sent off."""
    names = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "NPS"]
    names += [*(f"SAT[SQ00{place}]" for place in (1, 2, 3)), "REGION", "COMMENT"]
    rows = [names]
    for number in range(ROWS):
        cells = _cells(data.ratings[number], [f"A{step}" for step in range(1, 6)])
        rows.append([str(number + 1), _stamp(number), "3", "en", str(91827364 + number), _stamp(number), _stamp(number),
                     str(data.score[number]), *cells, data.region[number], data.comment[number]])  # fmt: skip
    return "results-survey123456.csv", _csv(rows).encode()


def limesurvey_full_answers(data):
    """Write whole questions as names and whole answers as cells, in German, with semicolons."""
    german = ["sehr unzufrieden", "unzufrieden", "teils-teils", "zufrieden", "sehr zufrieden"]
    names = ["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Zufallsstartwert",
             "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
             *(f"Wie zufrieden sind Sie mit … [{name}]" for name in ("Laden", "Telefon", "Lieferung")), "Region",
             "Haben Sie noch Anmerkungen?"]  # fmt: skip
    rows = [names]
    for number in range(ROWS):
        cells = _cells(data.ratings[number], german, "nicht genutzt")
        rows.append(
            [
                str(number + 1),
                _stamp(number),
                "3",
                "de",
                str(91827364 + number),
                str(data.score[number]),
                *cells,
                data.region[number],
                data.comment[number],
            ]
        )
    return "antworten.csv", _csv(rows, ";").encode("cp1252")


def google_forms(data):
    """Write questions as names, rows of a grid in brackets; days with the month first."""
    names = ["Timestamp", ASKED, *(f"{RATED} [{name}]" for name in TOUCHPOINTS), "In which region do you live?",
             "What could we do better?"]  # fmt: skip
    rows = [names]
    for number in range(ROWS):
        day = f"{3 + number // 25}/{1 + number % 25}/2024 10:{number:02}:00"
        cells = _cells(data.ratings[number], SATISFIED)
        rows.append([day, str(data.score[number]), *cells, data.region[number], data.comment[number]])
    return "Customer survey (Responses) - Form Responses 1.csv", _csv(rows).encode()


def _workbook(sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def microsoft_forms(data):
    """Write a workbook of questions as names, with real days and a no-break space in a question."""
    names = [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        ASKED.replace("you would", "you\xa0would"),
        *TOUCHPOINTS,
        "In which region do you live?",
        "What could we do better?",
    ]
    rows = [names]
    for number in range(ROWS):
        moment = pd.Timestamp(_stamp(number)).to_pydatetime()
        cells = _cells(data.ratings[number], SATISFIED)
        rows.append(
            [
                number + 1,
                moment,
                moment,
                "anonymous",
                None,
                int(data.score[number]),
                *cells,
                data.region[number],
                data.comment[number] or None,
            ]
        )
    return "Customer survey(1-40).xlsx", _workbook({"Sheet1": rows})


def typeform(data):
    """Write a token in "#", questions as names, and when the answer was begun and sent."""
    names = ["#", ASKED, *(f"How satisfied are you with our *{name.lower()}*?" for name in TOUCHPOINTS),
             "Where do you live?", "What could we do better?", "Response Type", "Start Date (UTC)", "Stage Date (UTC)",
             "Submit Date (UTC)", "Network ID", "Tags", "Ending"]  # fmt: skip
    rows = [names]
    for number in range(ROWS):
        rows.append([f"{number:02}k7x{number * 7919:06}", str(data.score[number]), *_cells(data.ratings[number]),
                     data.region[number], data.comment[number], "completed", _stamp(number), "", _stamp(number),
                     f"a{number * 104729:08x}", "", "Thank you"])  # fmt: skip
    return "responses.csv", _csv(rows).encode()


def spss(data, folder):
    """Write codes with labels: 6 is never used, 99 is missing; the words of the questions are labels of variables."""
    import pyreadstat

    rated = {f"v{place}": np.nan_to_num(data.ratings[:, place], nan=6.0) for place in range(3)}
    frame = pd.DataFrame({"lfdn": np.arange(1.0, ROWS + 1), "v_nps": data.score.astype(float), **rated,
                          "v_reg": [REGIONS.index(name) + 1.0 for name in data.region],
                          "w": np.tile([0.8, 1.2], ROWS // 2)})  # fmt: skip
    labels = {float(place): words for place, words in enumerate(SATISFIED, 1)} | {6.0: "never used"}
    pyreadstat.write_sav(
        frame,
        folder / "data.sav",
        column_labels=["Serial number", ASKED, *(f"{RATED} - {name}" for name in TOUCHPOINTS), "Region", "Weight"],
        variable_value_labels={**dict.fromkeys(("v0", "v1", "v2"), labels), "v_reg": dict(enumerate(REGIONS, 1))},
    )
    return "data.sav", (folder / "data.sav").read_bytes()


def excel_with_titles(data):
    """Write a workbook as people do: a sheet of words first, and titles over the table."""
    table = [
        ["Customer survey 2024"],
        ["Source: panel, March 2024"],
        [],
        ["Nr", "NPS", *TOUCHPOINTS, "Region", "Comment"],
    ]
    for number in range(ROWS):
        rating = [None if np.isnan(one) else int(one) for one in data.ratings[number]]
        table.append([number + 1, int(data.score[number]), *rating, data.region[number], data.comment[number] or None])
    return "survey 2024.xlsx", _workbook(
        {"Read me": [["About this workbook"], ["Made by the panel"]], "Answers": table}
    )
