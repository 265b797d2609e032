# What is wrong in plan files and scripts: `.label` stands at the place, `.help` says what would be right.

plan-here = here
plan-placed = { $file }:{ $line }:{ $column }: { $what }
plan-helped = { $placed }; { $help }

# any table
plan-unknown-key = `{ $key }` is no key of { $kind }
    .label = unknown key
plan-keys = the keys of { $kind } are { $keys }
plan-needs-key = { $kind } needs `{ $key }`
    .label = `{ $key }` is missing
    .help = add `{ $example }`
plan-wrong-type = `{ $key }` must be { $expected }, not { $given }
    .label = { $expected } is expected
    .help = as `{ $example }`
plan-outside = `{ $key }` is { $number }, outside { $least } to { $most }
    .label = { $least } to { $most }
    .help = as `{ $example }`
plan-no-word = `{ $word }` is no `{ $key }`
    .label = unknown word
    .help = it may be { $words }
plan-did-you-mean-of = did you mean `{ $near }`? It may be { $words }
plan-is-no = this is no `{ $key }`
plan-as = as `{ $example }`

# texts
plan-harmful-in-line = `{ $key }` holds { $character }, which can't stand in a line
    .label = in this text
    .help = write it as one line without control characters
plan-harmful = `{ $key }` holds { $character }, which can't stand in a letter
    .label = in this text
    .help = take it out
plan-character = the character U+{ $code }
plan-too-many-chars = `{ $key }` has { $chars } characters, more than { $most }
    .label = too long
    .help = shorten it; the clause itself stands in `text`
plan-too-many-bytes = `{ $key }` holds { $bytes } bytes, more than { $most }
    .label = too long
    .help = split the task, or quote the passage that asks for it
plan-empty = `{ $key }` is empty
    .label = nothing stands here
    .help = write it, or leave the key out where it may be
plan-address = `{ $text }` is no mail address: { $why }
    .label = not an address
    .help = one plain address, for instance `housing@duban.example`

# files as a whole
plan-file-too-large = the file holds { $bytes } bytes, more than { $most }
    .help = split the plan into several
plan-missing-file = there is no { $file }
    .help = docs/plan-files.md shows what stands in { $file }
plan-unreadable = { $file } can't be read: { $why }
    .help = let the account that duban runs under read it
plan-unreadable-large = { $file } can't be read: { $why }
    .help = split the plan into several
plan-no-file = { $file } is no file: { $why }
    .help = put a file there, or remove it
plan-not-utf8 = { $file } is not UTF-8: byte { $byte }, line { $line }
    .help = save it as UTF-8, not as GBK
plan-no-due = `{ $text }` is no due
plan-id-elsewhere = the plan id `{ $id }` is given at { $place } too
    .label = the same id
    .help = an id names one plan for ever: neither file changes anything until one is renamed

# TOML
plan-twice = `{ $key }` is given twice
    .label = again here
    .help = keep one of the two
plan-first-here = first here
plan-no-toml = this is no TOML: { $why }
plan-no-value = a value is missing
plan-unquoted = `{ $text }` is no value: text stands in quotes
plan-full-width = `{ $given }` is a full-width character; TOML needs `{ $right }`
plan-date-form = a date is written without quotes as YYYY-MM-DD, for instance 2021-06-30
plan-no-date = `{ $text }` is no date of the calendar
    .label = there is no such day
plan-months = months go from 01 to 12
plan-days-of-month = days of this month go from { $first } to { $last }

# quotations
plan-not-quoted = `{ $key }` does not stand in { $document } word for word
    .help = quote it as printed; an omission divides two passages by a blank line; a correction goes into `reading`
plan-passage-not-quoted = passage { $number } of `{ $key }` does not stand in { $document } word for word
    .help = quote it as printed; an omission divides two passages by a blank line; a correction goes into `reading`
plan-nothing-begins = nothing in the document begins with `{ $given }`
plan-parts-here = after `{ $after }` here stands `{ $given }`, in the document `{ $printed }`

# tasks
plan-collect-elsewhere = a collection is the whole plan's: it stands in `[plan]`
plan-source-elsewhere = the source is the whole plan's: it stands in `[plan]`
plan-assumed-needs-note = an assumed date needs `due_note`
    .label = assumed: why?
    .help = say in a sentence why the document is read so
plan-reserved = `{ $name }` is the name of a plan's own monthly collections
    .label = reserved name
    .help = call the task otherwise
plan-title-long = the title has { $chars } characters
    .label = long for a letter
    .help = about 20 Chinese characters are read at a glance; the clause stands in `text`
plan-no-citation = `cite` is empty: nobody could say where the task comes from
    .label = no citation
    .help = as `cite = ["air:17", "air-list:23"]`
plan-cited-twice = `{ $citation }` is cited twice
    .label = again here
    .help = keep one of the two
plan-no-lead = `lead` is empty: nobody would answer for the task
    .label = no unit
    .help = name the unit that leads, as `lead = ["eco-env"]`
plan-two-roles = `{ $unit }` leads and cooperates in the same task
    .label = cooperates
    .help = a lead unit needs no second role: take it from `cooperate`
plan-leads-here = leads
plan-deadline-before-issue = the deadline { $deadline } lies before the plan was issued, { $issued }
    .label = already past
    .help = it opens overdue; is the year right?
plan-never-in-force = it never comes while the plan is in force, { $from } to { $until }
    .label = no occurrence opens
    .help = move `from`, `until` or the plan's `in_force`
plan-used-none = `{ $used }` is none of the passages that `says` gives
    .label = used
    .help = use one of { $all }
plan-one-passage = a conflict needs two passages or more
    .label = what do they differ from?
    .help = give each with its citation, as `{ $example }`
plan-task-too-large = the task holds { $bytes } bytes, more than the { $most } that an event can keep
    .label = this task
    .help = shorten its notes and conflicts, or split it

# dues and collections
plan-no-shape = this due says no time: it has none of the shapes
    .label = no shape
    .help = exactly one of { $shapes } is needed
plan-two-shapes = a due has exactly one shape, but `{ $one }` and `{ $other }` are given
    .label = one shape
    .help = keep one, or make two tasks of it
plan-another-shape = another shape
plan-not-with = `{ $key }` does not go with `{ $shape }`
    .label = does not belong here
plan-the-shape = the shape
plan-bounds-of-dated = the bounds of a dated window stand in its own braces; only a yearly one, `"10-01..03-31"`, has others
plan-bounds = `from` and `until` bound `every`, `cron` and yearly windows
plan-belongs-to-every = `{ $key }` belongs to `every`
plan-window-never = it never has a next date: no { $window } ends from { $from } to { $until }
    .label = this window
    .help = move `from` or `until`
plan-turned = it ends before it begins: `until` { $until } is before `from` { $from }
    .label = ends here
    .help = both days are included; exchange them, or correct the year
plan-begins-here = begins here
plan-ongoing-false = `ongoing = false` says no time
    .label = only `true` has a meaning
    .help = give another shape, or `ongoing = true`
plan-cron-never = it never has a next date: `{ $cron }` names no day up to { $until }
    .label = this cron text
    .help = move `until`, or leave it out
plan-because = because of this
plan-fit-on = let `on` fit `every`
plan-move-until = move `until`, or leave it out
plan-move-season = a period counts when its due day lies in the season: move `on` or the season
plan-move-from = move `from`
plan-unknown-cadence = unknown cadence
plan-leave-out = leave `{ $key }` out
plan-leave-out-of-ten-days = leave `{ $key }` out: the 10th, the 20th and the month's last day are due
plan-no-day-of = no day of a { $every }
plan-no-days = `{ $text }` is no number of days
    .label = days after the period's end
    .help = 1 to { $most } followed by `d`, for instance `"10d"`
plan-reply-before-asked = the reply is wanted before it is asked for
    .label = reply by
    .help = let `reply_by` be a later day of the same period
plan-asked-on = asked on

# units
plan-people = people don't stand in plan files: set them with `duban unit set`
plan-no-unit-id = `{ $text }` is no id of a unit
    .label = the id is needed
plan-no-unit = there is no unit `{ $text }`
    .label = unknown unit
    .help = units stand in `units.toml`; add it there first
plan-unit-is-a-name = `{ $text }` is a name; its unit's id is `{ $id }`
plan-did-you-mean-unit = did you mean `{ $id }` ({ $name })?
plan-in-list-twice = `{ $name }` stands in `{ $list }` twice
    .label = again here
    .help = keep one of the two
plan-in-this-list = in this list
plan-too-many-units = there are { $count } units, more than { $most }
plan-id-of-two-units = the id `{ $id }` is given to two units
    .label = again here
    .help = an id names one unit for ever
plan-name-of-two-units = `{ $text }` names two units
    .label = again here
    .help = a spelling leads to one unit only: take it from the other
plan-members-of-one = only a collective has members
    .label = members of a single unit
    .help = make it `kind = "collective"`, or leave `members` out
plan-member-of-itself = `{ $unit }` is a member of itself: { $way }
    .label = leads back to it
    .help = take one of them from the members

# ladders
plan-not-descending = `before` must descend, but { $second } follows { $first }
    .label = not less
    .help = the largest number of days first, as `before = [30, 7, 1]`
plan-than-this = than this
plan-supervision-first = the supervision unit would be written to before the unit's leader
    .label = earlier
    .help = let `supervision_after` be the larger one

# plans
plan-no-document = there is no document `{ $text }`
    .label = not found
    .help = documents stand beside the plans in `source/`, as UTF-8 text
plan-too-many-tasks = the plan has { $count } tasks, more than { $most }
    .label = one too many
    .help = split the plan into several
plan-two-tasks = two tasks are called `{ $task }`
    .label = again here
    .help = `plan/task` names a task for ever: call one otherwise

# the office
plan-no-zone = there is no time zone `{ $text }`
    .label = unknown zone
    .help = an IANA name is needed, for instance `Asia/Shanghai`
plan-beijing = Beijing time is the zone `Asia/Shanghai`
plan-no-release = `{ $text }` is no way to release letters
    .label = unknown
    .help = `release = "auto"` lets letters go at the sending hour, `"each morning"` when a person releases them
plan-no-release-hour = nobody releases letters, so there is no hour until which
    .label = not here
    .help = `release = "auto"` lets letters go at the sending hour, `"each morning"` when a person releases them
plan-release-hour-early = letters are written at the sending hour, which is not before this
    .label = not here
    .help = name a later hour
plan-no-first-letters = `{ $text }` is no time for first letters
    .label = unknown
    .help = `"after release"`: written at the sending hour of the next working day, gone when a person releases them; `"at the sending hour"`: without a person; `"at once"`: for trying duban out
plan-no-time = `{ $text }` is no time of day
    .label = HH:MM
    .help = hours and minutes from "00:00" to "23:59", for instance "09:00"
plan-no-set = `{ $text }` is no set of working days
    .label = a–z, 0–9 and hyphens
    .help = "cn" stands for the files workdays/cn-YYYY.toml

# working days
plan-names-no-year = `{ $file }` names no set and year
    .label = the file as a whole
    .help = call it `workdays/cn-2021.toml`
plan-another-year = the file is named after { $named }, but holds { $year }
    .label = another year
    .help = let both be the same year
plan-no-notice = days off without the State Council notice that orders them
    .label = no `notice`
    .help = add `notice = "国办发明电〔2020〕27号"`
plan-this-entry = this entry
plan-compare-notice = compare it with the notice

# scripts of a rehearsal
plan-no-plan = there is no plan `{ $plan }`
    .label = unknown plan
plan-no-task = plan `{ $plan }` has no task `{ $task }`
    .label = unknown task
plan-habit-every-day = a habit holds on every day; an `[[act]]` has its own
plan-habit-of-other = only the office accepts, and it does nothing else by habit
    .label = not by this one
    .help = `unit = "office"` goes with `answers = "accepts"`; a unit's are `in-time`, `late`, `never` and `monthly`
plan-key-not-of-act = `{ $key }` means nothing to `{ $act }`
    .label = not here
    .help = `{ $act }` takes { $keys }
plan-done-by = `{ $act }` is done by { $by }
    .label = by somebody else
    .help = `who = "office"` accepts, returns, rules; a unit's id reports, claims and asks
plan-no-month = `{ $period }` is no month
    .label = a bulletin is of one
    .help = as `month = "2021-06"`

# names, periods, cadences, windows, days off
parse-no-period = `{ $text }` names no period: `once`, `2021`, `2021-2022`, `2021H1`, `2021Q3`, `2021-09`, `2021-09-T1`, `2021-W26` or `2021-09-30`
parse-no-cadence = `{ $text }` is no cadence: `day`, `workday`, `week`, `ten-days`, `month`, `quarter`, `half-year` or `year`
parse-on = `{ $key } = { $on }` does not fit `every = "{ $every }"`, which takes { $takes }
parse-takes-nothing = nothing: every such day is due
parse-takes-weekdays = `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`
parse-takes-last = `last`
parse-takes-days = 1 to 31 or `last`
parse-takes-days-of-quarter = `M-DD` with M the quarter's month 1 to 3 (`2-15`), or `last`
parse-takes-days-of-half-year = `M-DD` with M the half-year's month 1 to 6 (`1-10`), or `last`
parse-takes-days-of-year = `MM-DD` (`03-01`) or `last`
parse-no-day-of-year = `{ $text }` is no day of the year: `MM-DD` is needed, for instance `03-01`
parse-no-part-of-year = `{ $text }` is no part of the year: months (`05..09`) or days (`10-01..03-31`) are needed
parse-cron-fields = `{ $text }` has { $found } fields; six are needed: second, minute, hour, day, month, weekday
parse-cron-unreadable = `{ $text }` is no cron text: { $why }
parse-cron-disputed = `{ $text }` is not read alike by every cron reader in use: { $why }
parse-cron-never = `{ $text }` never has a next date: no day is day `{ $day }` of month `{ $month }` and weekday `{ $weekday }` at once
parse-turned = `from` { $from } is after `until` { $until }
parse-ends-too-soon = it never has a next date: its first due day { $due } is after `until` { $until }
parse-never-in-season = it never has a next date: no due day of any { $every } lies in the season { $season }
parse-beyond-calendar = it never has a next date: no { $every } is left before the year { $year } ends
parse-other-year = { $date } is not in { $year }: a working-days file holds its own year only
parse-off-turned = days off `{ $name }`: { $from } is after { $until }
parse-off-twice = days off `{ $name }` and `{ $other }` share days
parse-worked-day-off = { $date } is a make-up workday and a day off (`{ $name }`) at once
parse-worked-weekday = { $date } is listed as a make-up workday, but it is no weekend day
parse-worked-twice = { $date } is listed twice as a make-up workday

# kinds of tables
word-a-plan-file = a plan file
word-a-plan = a plan
word-a-task = a task
word-a-conflict = a conflict
word-a-passage-of-a-conflict = a passage of a conflict
word-a-due = a due
word-a-collection = a collection
word-a-range-of-days = a range of days
word-units-toml = units.toml
word-a-unit = a unit
word-ladders-toml = ladders.toml
word-the-set-of-ladders = the set of ladders
word-a-ladder = a ladder
word-the-overdue-rule = the overdue rule
word-the-adoption-rule = the adoption rule
word-the-outage-rule = the outage rule
word-lights-toml = lights.toml
word-office-toml = office.toml
word-the-office = the office
word-the-bulletin-s-letterhead = the bulletin's letterhead
word-a-year-of-working-days = a year of working days
word-a-span-of-days-off = a span of days off
word-a-script = a script
word-an-act = an act
word-a-habit = a habit
word-no-key-of-its-own = no key of its own

# kinds of values
word-text-in-quotes = text in quotes
word-a-whole-number = a whole number
word-a-whole-number-or-text-in-quotes = a whole number or text in quotes
word-a-number-with-a-fraction = a number with a fraction
word-true-or-false = `true` or `false`
word-a-time = a time
word-a-date = a date
word-a-date-without-quotes = a date without quotes
word-a-list = a list
word-a-list-in-square-brackets = a list in square brackets
word-a-table = a table
word-a-line-break = a line break
word-a-tab = a tab

# what a name looks like
word-as-task = plan/task
word-as-occurrence = plan/task/period, as yangcheng-2021-air/machinery-check/2021Q3
word-as-assignment = plan/task/period/unit
word-as-letter = YYYY-MMDD-number, as 2021-0623-07
word-as-receipt = RYYYY-MMDD-number, as R2021-0628-03
word-as-digest = 64 hexadecimal digits
word-as-citation = part:clause, as air:17, air-list:23, water:2.4 or soil:safeguard-2

# why an address is none, why a cron text is disputed
word-it-is-longer-than-254-bytes = it is longer than 254 bytes
word-it-holds-a-control-character-or-a-line-break = it holds a control character or a line break
word-it-has-no = it has no `@`
word-what-stands-before-is-no-mailbox-name = what stands before `@` is no mailbox name
word-what-stands-behind-is-no-domain = what stands behind `@` is no domain
word-before-stand-at-most-64-characters-between-dots-behind-it-at-most-63 = before `@` stand at most 64 characters, between dots behind it at most 63
word-lw-is-unknown-to-the-scheduler-s-reader-name-the-day = `LW` is unknown to the scheduler's reader; name the day
word-the-last-sunday-is-0l-not-7l = the last Sunday is `0L`, not `7L`

# what the readers of TOML and of cron texts say, by the beginning of it
word-missing-comma-between-array-elements = missing comma between array elements
word-missing-comma-between-key-value-pairs = missing comma between key-value pairs
word-missing-assignment-between-key-value-pairs = missing assignment between key-value pairs
word-extra-assignment-between-key-value-pairs = extra assignment between key-value pairs
word-extra-comma-in-array = extra comma in array
word-extra-comma-in-inline-table = extra comma in inline table
word-unclosed-array = unclosed array
word-unclosed-inline-table = unclosed inline table
word-unclosed-table = unclosed table
word-unclosed-array-table = unclosed array table
word-key-with-no-value = key with no value
word-unquoted-keys-cannot-be-empty = unquoted keys cannot be empty
word-invalid-unquoted-key = invalid unquoted key
word-unexpected-key-or-value = unexpected key or value
word-invalid-basic-string = invalid basic string
word-invalid-literal-string = invalid literal string
word-invalid-multi-line-basic-string = invalid multi-line basic string
word-invalid-multi-line-literal-string = invalid multi-line literal string
word-missing-escaped-value = missing escaped value
word-unexpected-leading-zero = unexpected leading zero
word-invalid-date = invalid date
word-invalid-time = invalid time
word-redundant-numeric-sign = redundant numeric sign
word-pattern-contains-illegal-characters = Pattern contains illegal characters
word-component-error = Component error
