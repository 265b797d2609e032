#!/usr/bin/env python3
"""Compares schedules/workdays/cn-2021.toml to cn-2026.toml, day by day, with PyPI `chinesecalendar`;
and the statutory days that duban counts as off without a notice (statutory.tsv, held against the program by a
unit test of src/calendar/statutory.rs), 2004 to 2026.

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
STATUTORY = pathlib.Path(__file__).resolve().parent / "statutory.tsv"
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


def statutory(calendar):
    """Each day that is off by law must be off in the year's notice, and be called by the same holiday."""
    names = {
        "元旦": "New Year's Day",
        "春节": "Spring Festival",
        "清明节": "Tomb-sweeping Day",
        "劳动节": "Labour Day",
        "端午节": "Dragon Boat Festival",
        "中秋节": "Mid-autumn Festival",
        "国庆节": "National Day",
    }
    # A day of two holidays is listed under one of them.
    shared = {"Mid-autumn Festival": "National Day", "National Day": "Mid-autumn Festival"}
    differences, years = [], set()
    for line in STATUTORY.read_text(encoding="utf-8").splitlines():
        day, name = line.split("\t")
        day = datetime.date.fromisoformat(day)
        years.add(day.year)
        off, holiday = calendar.get_holiday_detail(day)
        if not off or holiday not in (names[name], shared.get(names[name])):
            differences.append(f"{day}: {name} by law, off by chinesecalendar {off} ({holiday})")
    if years != set(range(2004, 2027)):
        differences.append(f"statutory.tsv is of {sorted(years)}")
    return differences


def main(arguments):
    try:
        import chinese_calendar
    except ImportError:
        print("the oracle is missing: pip install chinesecalendar", file=sys.stderr)
        return 2
    oracles = {"chinesecalendar": chinese_calendar.is_workday}
    for path in arguments:
        oracles["chinese-days"] = chinese_days(path)

    differences, compared = statutory(chinese_calendar), 0
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
