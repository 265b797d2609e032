#!/usr/bin/env python3
"""Compares schedules/workdays/cn-2021.toml to cn-2026.toml, day by day, with PyPI `chinesecalendar`.

tests/run installs the oracle (`pip install chinesecalendar`) into a virtual environment and calls
this with its python (3.11 or later, for tomllib). With the path of the npm package `chinese-days`'s
dist/chinese-days.json as an argument, that is compared as well.

Exits with 1 on any difference, and with 2 if the oracle is missing or does not know a year.
"""

import datetime
import json
import pathlib
import sys
import tomllib

YEARS = range(2021, 2027)
WORKDAYS = pathlib.Path(__file__).resolve().parents[2] / "schedules" / "workdays"


def days_of(year):
    day = datetime.date(year, 1, 1)
    while day.year == year:
        yield day
        day += datetime.timedelta(days=1)


def ours(year):
    """Whether each day of the year is worked by our file, and what is wrong with the file."""
    table = tomllib.loads((WORKDAYS / f"cn-{year}.toml").read_text(encoding="utf-8"))
    faults = []
    if table["year"] != year:
        faults.append(f"cn-{year}.toml is of the year {table['year']}")
    if not str(table.get("notice", "")).startswith(f"国办发明电〔{year - 1}〕"):
        faults.append(f"cn-{year}.toml names no notice of the year before")
    off = set()
    for span in table["off"]:
        day = span["from"]
        while day <= span["until"]:
            if day in off or day.year != year:
                faults.append(f"{day} is off twice or of another year")
            off.add(day)
            day += datetime.timedelta(days=1)
    work = set(table["work"])
    if len(work) != len(table["work"]):
        faults.append(f"cn-{year}.toml lists a make-up workday twice")
    for day in work:
        if day in off or day.weekday() < 5 or day.year != year:
            faults.append(f"{day} is no make-up workday")
    worked = {day: day in work or (day.weekday() < 5 and day not in off) for day in days_of(year)}
    return worked, faults


def chinese_days(path):
    table = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    holidays, work = table["holidays"], table["workdays"]
    known = {int(day[:4]) for day in holidays}

    def is_workday(day):
        if day.year not in known:
            raise NotImplementedError(f"chinese-days does not know {day.year}")
        text = day.isoformat()
        return text in work or (day.weekday() < 5 and text not in holidays)

    return is_workday


def main(arguments):
    try:
        import chinese_calendar
    except ImportError:
        print("the oracle is missing: pip install chinesecalendar", file=sys.stderr)
        return 2
    oracles = {"chinesecalendar": chinese_calendar.is_workday}
    for path in arguments:
        oracles["chinese-days"] = chinese_days(path)

    differences, compared = [], 0
    for year in YEARS:
        worked, faults = ours(year)
        differences += faults
        for name, is_workday in oracles.items():
            for day, is_worked in worked.items():
                try:
                    theirs = is_workday(day)
                except NotImplementedError as error:
                    print(f"{name} does not know {day}: {error}", file=sys.stderr)
                    return 2
                compared += 1
                if theirs != is_worked:
                    differences.append(f"{day}: worked here {is_worked}, by {name} {theirs}")
    for difference in differences:
        print(difference)
    print(f"{compared} days compared with {' and '.join(oracles)}: {len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
