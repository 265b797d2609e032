# What the command line says by itself.

# marks before a line
word-mark-error = { "error: " }
word-mark-warning = { "warning: " }
word-mark-note = { "note: " }
word-mark-help = { "help: " }

# what was typed wrongly
usage-conflict = { $argument } cannot be used with { $other }
usage-twice = { $argument } cannot be used multiple times
usage-no-value = a value is required for { $argument }
usage-value = `{ $value }` is no { $argument }
usage-values = { $argument } takes another number of values
usage-unknown-command = there is no command `{ $command }`
usage-unknown-argument = there is no argument `{ $argument }`
usage-missing = these are required: { $arguments }
usage-no-command = say what to do
usage-not-text = what was typed is not UTF-8
usage-odd = the command is wrong: { $why }
usage-one-of = one of: { $values }
usage-did-you-mean = did you mean `{ $near }`?
usage-usage = Usage: { $usage }
usage-help = `{ $command } --help` says how it is used

# what a value should look like
usage-like-DAY = write a day as 2021-06-30
usage-like-DAY-DAY = write 2021-06-20..2021-07-05
usage-like-DAY-POSITION = write a day, as 2021-06-30, or an event's position
usage-like-MONTH = write a month as 2021-06
usage-like-PERIOD = write a period as 2021Q3 or 2021-09
usage-like-LETTER = write a letter's number as 2021-0623-07; `duban letter list` shows them
usage-like-EVENT = write an event's position; `duban intake list` shows them
usage-like-TASK = write `plan/task/period`; `duban task list` shows them
usage-like-PLAN = write a plan's id; `duban plan list` shows them
usage-like-ID = use a–z, 0–9 and hyphens, a letter or digit at both ends
usage-like-UNIT = write a unit's id or name; `duban unit list` shows them
usage-like-NAME-ID = write `name=id`, as 城管局=housing
usage-like-YEAR = write a year as 2021
usage-like-NUMBER = write a number
usage-like-POSITION = write an event's position; `duban events` shows them
usage-like-POSITION-HASH = write `position:hash`, as printed in the bulletin
usage-like-ADDRESS-PORT = write 127.0.0.1:8780
usage-like-ROW = write a row's number

# how many
count-task =
    { $count ->
        [one] 1 task
       *[other] { $count } tasks
    }
count-letter =
    { $count ->
        [one] 1 letter
       *[other] { $count } letters
    }
count-waiting =
    { $count ->
        [one] 1 answer waiting
       *[other] { $count } answers waiting
    }
count-recipient =
    { $count ->
        [one] 1 recipient
       *[other] { $count } recipients
    }
count-item =
    { $count ->
        [one] 1 item
       *[other] { $count } items
    }
count-error =
    { $count ->
        [one] 1 error
       *[other] { $count } errors
    }
count-warning =
    { $count ->
        [one] 1 warning
       *[other] { $count } warnings
    }
count-plan =
    { $count ->
        [one] 1 plan
       *[other] { $count } plans
    }
count-note =
    { $count ->
        [one] 1 note
       *[other] { $count } notes
    }
count-finding =
    { $count ->
        [one] 1 finding
       *[other] { $count } findings
    }
collective-of = collective of { $count }

# when something is due
word-every-day = every day
word-every-workday = every workday
word-every-week = every week
word-every-ten-days = every ten days
word-every-month = every month
word-every-quarter = every quarter
word-every-half-year = every half-year
word-every-year = every year
due-on = { $every } on { $part }
due-on-day = { $every } on { $part }
due-season = { $every }, { $part }
due-after = { $every }, { $part } after
due-from = from { $days }
due-avoid = avoid { $days }
due-ongoing = ongoing
due-awaiting = no date yet
due-done = done before
due-cron = cron { $days }
due-yearly = { $days } yearly

# tasks, plans, units, letters
word-leads = leads
word-cooperates = cooperates
part-through = { $part } as one of { $collective }
waits-claim = claim: done { $day }
waits-until = { $kind } to { $day }
word-claim = claim
word-close-out = close-out
word-plan-followed = followed
word-plan-set-up = set-up
word-plan-past = past
word-plan-closed = closed
word-own-plan = none: the office's own plan
collected = { $asked }, reply by { $by }
word-kind-bureau = bureau
word-kind-township = township
word-kind-zone = zone
word-kind-company = company
word-kind-government = government
word-kind-collective = collective
word-none = none
word-placeholder = placeholder
address-placeholder = { $mailbox } (placeholder)
members-none = none set; mail goes to the collective's own address
word-leader-set = set
word-leader-none = none set
word-muted = muted
word-about-told = first notice
word-about-reminder = reminder
word-about-chase = chase
word-about-ruling = ruling
word-about-leader = to its leader
word-about-supervision = to the supervision unit
word-about-review = review reminder
word-about-receipt = receipt
word-about-page = leader's page
word-about-release = release reminder
word-letter-released = released
word-letter-resent = resent
again-from = { $words }; again from { $at }
step-by = { $step } by { $by }
letter-missing = The archived letter is not there, or can't be read; `duban audit verify` tells more.
deed = { $words } (event { $position })

# labels
word-label-kind = kind
word-label-in-lists = in lists
word-label-also = also
word-label-address = address
word-label-members = members
word-label-leader = leader
word-label-reminders = reminders
word-label-document = document
word-label-issued = issued
word-label-in-force = in force
word-label-collection = collection
word-label-file = file
word-label-letter = letter
word-label-to = to
word-label-reply = reply
word-label-message-id = Message-ID
word-label-point = point
word-label-on-its-way = on its way
word-label-subject = subject

# heads of columns
word-head-deed = deed
word-head-also = also
word-head-contact = contact
word-head-address = address
word-head-as-of = as of
word-head-by = by
word-head-class = class
word-head-column = column
word-head-cooperate = cooperate
word-head-day = day
word-head-deadline = deadline
word-head-deadlines = deadlines
word-head-deployed = deployed
word-head-document = document
word-head-due = due
word-head-event = event
word-head-file = file
word-head-files = files
word-head-from = from
word-head-handled = handled
word-head-helps = helps
word-head-issued = issued
word-head-kind = kind
word-head-last-day = last day
word-head-lead = lead
word-head-leads = leads
word-head-ledger = ledger
word-head-letter = letter
word-head-letter-or-reason = letter, or why none
word-head-letters = letters
word-head-matter = matter
word-head-message = message
word-head-name = name
word-head-nr = no.
word-head-not-taken = not taken
word-head-note = note
word-head-number = number
word-head-on = on
word-head-open = open
word-head-period = period
word-head-plan = plan
word-head-points = points
word-head-reply = reply
word-head-right-would-be = right would be
word-head-row = row
word-head-rows = rows
word-head-runs-through = runs through
word-head-says = says
word-head-scan = scan
word-head-sheet = sheet
word-head-since = since
word-head-size = size
word-head-source = source
word-head-stage = stage
word-head-state = state
word-head-step = step
word-head-subject = subject
word-head-taken-in = taken in
word-head-task = task
word-head-tasks = tasks
word-head-text = text
word-head-title = title
word-head-to = to
word-head-unit = unit
word-head-until = until
word-head-what = what
word-head-written = written
word-head-account = account
word-head-person = name
word-head-post = post
word-head-roles = roles
word-head-uid = uid
word-head-units = units in charge

# what went wrong
no-config-file = there is no configuration file `{ $path }`
file-odd = { $path }: { $why }
no-journal-here = there is no journal in { $data }, and no daemon runs on it
no-daemon-here = no daemon is running on { $data }
daemon-of-another = the daemon on { $data } belongs to another account
answer-lost = the daemon's answer was lost: { $what }
files-have-errors = the files in { $place } have errors: { $first }
file-left-out = { $file } has errors and is left out; `duban check` shows each with its line
note-shipped-plans = there is no ./schedules; using the plans that duban is shipped with
fault-locked = another duban holds { $place } (process { $pid })
fault-newer = { $place }: { $what } was written by a newer duban
fault-damaged = { $place }: { $what } (position { $position }); neither copy makes it good: restore a backup
fault-file-changed = { $place } is not what its digest says
fault-linked = { $place } is a link, and duban follows none here: nothing was copied or changed; put the file or directory itself in its place, under the same name
fault-histories-differ = archive and store hold two different histories from position { $position } on, each consistent in itself: somebody rewrote one of them; nothing was changed
fault-contradicted = { $place }: { $what } (from position { $position } on); nothing was changed: restore the last backup, or, where what is here shall stand, move { $place } aside, keep it for whoever audits the office, and start again
fault-disk-full = { $place }: { $why }; nothing was recorded, nothing is lost
fault-no-space = the disk is full: free some space
fault-no-more-files = the disk takes no more files (`df -i`: its inodes are used up): delete or move away small files
fault-not-empty = { $place } is not empty
fault-half-restored = { $place } is the rest of a restore that was cut short: run `duban restore` again
fault-no-journal = { $place } holds no journal
fault-not-apart = { $place } is not apart from the backup: secrets need a directory of their own
fault-within = { $inner } lies in { $outer }: a backup needs a directory of its own, best on another disk
fault-config-unreadable = the configuration { $path } can't be read
fault-config-wrong = the configuration { $path } has { $count } fault(s); nothing was started{ $faults }
fault-no-schedules = there is no directory of plan files `{ $dir }`
fault-schedules-unreadable = the directory of plan files `{ $dir }` can't be read: { $why }
fault-schedules-foreign = the plans of this data directory came from other files than those built into duban, and ./schedules is not there: the built-in files change nothing
cure-schedules-dir = give the directory of the plan files with --schedules DIR
script-not-played = { $path } is not played: errors in it: { $count }
cure-script = docs/rehearse.md shows the format
system-not-found = no such file or directory
system-not-allowed = permission denied
system-exists = it exists already
system-directory = it is a directory
system-no-directory = it is no directory
system-full = the disk is full
system-read-only = the file system is read-only
system-refused = the connection was refused
system-late = it took too long
system-no-file = it is { $is }, not a file
system-link = { $path } is a link, and duban follows none here: put what it names in its place
system-too-large = it has { $bytes } bytes; at most { $most } are read
word-a-directory = a directory
word-a-pipe = a pipe
word-a-socket = a socket
word-a-device = a device

# what helps
cure-daemon-of-another = ask as that account, with `sudo -u …`; or be taken into its group, where duban.toml has a `socket`
cure-schedules = name a directory with `--schedules DIR`, or leave it out to use ./schedules or the shipped plans
cure-check-all = `duban check` shows each with its line
cure-locked = stop it first, or work on a copy: `duban backup DIR`, then `duban audit verify DIR`, run beside it
cure-new-directory = name a new directory; nothing is overwritten

# previews, checks, the doctor
days-turned = --from { $from } is after --until { $until }
cure-days-turned = both days are included; they may be the same
preview-none = No letters.
preview-sum = { $letters } to { $recipients }, { $items }
preview-leader = leader of { $unit }, held for release
preview-advised = { $title } (advised by { $day })
preview-late = { $title } (late)
stage-lead = lead-{ $days }d
word-stage-due = due
word-stage-adopted = adopted
check-nothing = there is no file or directory `{ $path }`
cure-check-nothing = `duban check` alone checks ./schedules; `duban check schedules/air.toml` one plan
check-errors-outside = { $place } has errors outside the plan itself
check-no-plan = { $path } is no plan
cure-check-whole = `duban check { $place }` checks it with all that depends on it
word-no-faults = no faults
word-shipped-plans = shipped plans
check-plans = { " " }({ $plans }, { $tasks })
check-sum = { $place }{ $plans }: { $found }
check-sum-unchanged = { $place }{ $plans }: { $found }; a file with an error changes nothing
doctor-runs = { $data }: duban { $version } runs
doctor-stopped = { $data }: no daemon runs
doctor-fresh = { $data }: no journal yet
word-doctor-ok = ok
word-doctor-note = note
word-doctor-look = look
word-doctor-what = what
word-doctor-where = where
word-doctor-cure = cure
word-all-is-well = all is well
doctor-well = all is well; { $notes }

# what plans cover
coverage-head = { $title }  { $plan } ({ $file }, { $tasks })
coverage-lead = { $lead } lead
coverage-lead-and-cooperate = { $lead } lead, { $more } only cooperate
coverage-shape = { $tasks } { $shape }
coverage-awaiting = { $tasks }; `duban task settle` gives one
coverage-assumed = { $tasks }; `duban task confirm` settles them
coverage-conflict = { $about }: { $used }, not { $others }
coverage-conflict-used = { $about }: { $used } is used, not { $others }
word-conflict-deadline = deadline
word-conflict-lead = lead
word-conflict-scope = scope
word-conflict-wording = wording
coverage-unknown = the document has no { $which }
word-no-number-left-out = no number is left out
coverage-gaps = left out: { $which }
coverage-no-document = { $cited } cited; { $gaps }; there is no document to hold them against
coverage-cited = { $cited } of { $expected } cited
coverage-missing = { $words }; missing: { $which }
coverage-no-unit = { $words }; naming no unit: { $which }
coverage-not-in-document = { $words }; the document has no { $which }
word-later = later
word-no-reason-given = no reason given
coverage-addresses = { $missing }: { $names }; `duban unit set UNIT --mailbox ADDRESS` sets one
coverage-addresses-of = { $missing } of { $units } units have a placeholder or none; `duban unit set UNIT --mailbox ADDRESS` sets one
coverage-members = { $which }; mail goes to the collective's own address
coverage-days-off = { $years }: weekends and statutory days alone are off as yet
word-label-units = units
word-label-awaiting-a-date = awaiting a date
word-label-assumed-dates = assumed dates
word-label-assumed-leads = assumed leads
word-label-conflicts = conflicts
word-label-slips-of-the-scan = slips of the scan
word-label-addresses-missing = addresses missing
word-label-members-missing = members missing
word-label-days-off-provisional = days off provisional

# topics of the doctor
word-topic-addresses = addresses
word-topic-backup = backup
word-topic-clock = clock
word-topic-disk = disk
word-topic-files = files
word-topic-journal = journal
word-topic-letters = letters
word-topic-mail = mail
word-topic-permissions = permissions
word-topic-working-days = working days

# stages
word-stage-collection = collection
word-stage-notice = notice
word-stage-avoid = avoid
word-stage-overdue = overdue
word-stage-report = report
word-stage-returned = returned
word-stage-changed = changed
word-stage-review = review
word-stage-escalate = escalate
word-shape-by = by
word-shape-every = every
word-shape-window = window
word-shape-starting = starting
word-shape-avoid = avoid
word-shape-ongoing = ongoing
word-shape-awaiting = awaiting
word-shape-done = done
word-shape-cron = cron
word-label-measures = measures
word-label-safeguards = safeguards

# the daemon as it starts and ends; papers
greeting-letters = letters go to { $where }
greeting-mailbox = what comes back is read from { $mailbox }
greeting-health = health is at http://{ $listen }/healthz
greeting-plans = plans are taken from { $source }: { $plans } plans, { $followed } followed, { $closed } past or closed
greeting-faults = { $count } fault(s) in plan files, see `duban status`
daemon-ended = the daemon had to end; its log says why
cure-daemon-ended = start it anew: everything it acknowledged is there
daemon-stopped = the daemon has stopped
cure-another-file = name another file
cure-no-directory = the directory { $dir } is not there: `mkdir -p { $dir }`
file-unwritable = { $path } can't be written: { $why }
bulletin-no-steps = no step of the bulletin of { $period } is recorded
packed = { $path }: { $matters } matters, { $files } files
intake-nothing = nothing to take in is named
intake-none = no message in { $from }
cure-intake = name a message, a directory of messages or a Maildir, or `-` for standard input
rehearsal-papers = bulletins and ledgers stand in { $dir }
rehearsal-data = journal, letters and outbox stand in { $dir }
audit-not-readable = { $dir } can be read by its owner alone, and this account is another
cure-audit-not-readable = have it verified as the daemon's own account, `sudo -u duban duban audit verify`, or verify a backup that you may read, `duban audit verify BACKUP`; the running daemon answers an auditor's account by `duban audit as-of`, `duban audit days` and `duban events`
doctor-letters-unseen = may not be seen: { $why }
cure-audit-apart = what was found of the journal here holds without it; name another copy that can be read, and let `duban audit verify COPY` say what is wrong with this one

# questions; new units
ask-yes = yes
ask-no = no
ask-yes-or-no = answer yes or no
ask-unit-name = Full name of the unit, as documents print it
ask-unit-name-empty = write the unit's full name, as 西河乡人民政府
ask-unit-short = Name in lists and letters
ask-unit-aliases = Other spellings of documents, with 、 between (Enter for none)
ask-unit-id = Id, for ever (Enter takes the one shown)
ask-unit-kind = Kind: bureau, township, zone, company, government, collective
ask-unit-mailbox = The office's mailbox (Enter if not known yet)
ask-unit-contact = Name of its contact (Enter for none)
ask-unit-phone = Telephone (Enter for none)
ask-unit-member-of = A collective that it belongs to, as 各乡镇 (Enter for none)
ask-unit-no-collective = there is no collective `{ $name }`; there are { $all }
ask-unit-add = Add it
unit-add-shown =
    unit: { $name } ({ $also })
      id { $unit }, { $kind }, mailbox: { $mailbox }
unit-add-left = no unit was added
unit-add-no-name = no name of a unit is given
cure-unit-add = write `duban unit add 西河乡人民政府 --mailbox …`; on a terminal `duban unit add` asks for each
word-unit-new = new
word-unit-changed = changed
word-passed-header = column names
word-passed-total = a total
word-passed-note = a note
word-passed-heading = a heading
unit-import-unread = columns not read:{" "}
unit-import-passed = rows that are no unit:{" "}
unit-import-flaws = not understood in sheet `{ $sheet }`, and what would be right
unit-import-sum = { $file }, sheet { $sheet }: { $added } new, { $changed } changed, { $same } unchanged
unit-import-done = done (event { $position })
unit-import-nothing = no unit was added or changed: first put right what is not understood
unit-import-same = there is nothing to add or change
unit-import-trial = this is only shown; `--yes` adds and changes them
unit-flaw-secret = marked `{ $mark }`: secret items must not be kept or mailed here; take the row out
unit-flaw-unsound = an error value, a formula without a value, or a text that is struck through: write it as text
unit-flaw-no-name = the row names no unit: write its name
unit-flaw-no-id = nothing in the name can be spelt: write an id in a column 单位编号, as xihe
unit-flaw-mailbox = one mailbox, as xihe@example.gov.cn
unit-flaw-other-id = the unit's id is { $unit } and stays so: write that, or nothing
unit-flaw-twice = the same unit as in row { $row }: keep one of the two
unit-flaw-name-of = it is a name of unit { $unit }: write another, or none
unit-flaw-no-collective = no such collective: one of `duban unit list`, as 各乡镇
unit-right-kind = bureau, township, zone, company, government or collective
unit-right-phone = one telephone number, 5 to 18 digits

# a plan of the office's own
plan-new-left = no plan was added
plan-new-kept = no plan was added; what you typed is kept in { $draft }, and `duban plan new` goes on from there
plan-new-nothing-typed = no plan was added; nothing was typed yet
ask-plan-go-on = { $draft } holds a plan that was left half-way ({ $count } answers): go on with it
ask-plan-title = Title of the plan
ask-plan-title-empty = write a title, as 2021年安全生产督办计划
ask-plan-document = Document number (Enter for none)
ask-plan-task = Task { $number }: what is to be done (Enter when there are no more)
ask-plan-task-empty = a plan has one task at least
ask-plan-task-long = too long: at most { $max } bytes; make it several tasks
ask-plan-lead = Who leads: names or ids, with 、 between
ask-plan-lead-empty = write the unit that leads; `duban unit list` shows them
ask-plan-cooperate = Who cooperates (Enter for nobody)
ask-plan-unknown = there is no unit `{ $name }`; `duban unit list` shows them
ask-plan-near = there is no unit `{ $name }`; did you mean { $near }?
ask-plan-add-unit = there is no unit `{ $name }`: add it now
ask-plan-others = 等 names no unit: write each
ask-plan-each = Who answers: each, first
ask-plan-each-each = each
ask-plan-each-first = first
ask-plan-each-wrong = write `each` (each unit for itself) or `first` (the first unit for all)
ask-plan-when = When, as 6月底前, 每季度末, 每半年, 每月25日前, 每旬, 每周五, 5-9月每月, 长期坚持, 7月1日起
ask-plan-when-wrong = `{ $text }` is not understood; write 2021年6月30日前, 6月底前, 上半年, 每季度末, 每月25日前, 每旬, 每周五, 5-9月每月, 长期坚持, 自2021年7月1日起, or 待定
ask-plan-when-past = `{ $text }` is { $day }, which is past: write a later date, with its year
ask-plan-when-done = what is done already needs no task
ask-plan-read = read as: { $due }
ask-plan-add = Add it and follow it up
plan-new-shown =
    plan: { $title } ({ $plan }), { $from } to { $until }
    document: { $document }
plan-new-task = { $number }. { $title }: { $lead }; { $due }
plan-new-cooperate = { $words }; with { $cooperate }
plan-new-dates = { $words }; dates: { $dates }
plan-new-more = and { $count } more letters
plan-new-trial = nothing was added yet; `--yes` adds it and follows it up
plan-new-no-title = no title or no task of the plan is given
cure-plan-new = write `duban plan new --title … --task 'TEXT|UNITS|WHEN'`; on a terminal `duban plan new` asks for each
plan-new-task-odd = `{ $task }` is no task
cure-plan-new-task = write TEXT|UNITS|WHEN|UNITS, as '开展安全检查|县应急管理局、西河乡|每季度末'

# imports
import-target = { $due }, target
word-columns-read = { "columns read: " }
word-columns-not-read = { "columns not read: " }
word-columns-of-people = { "kept out of the journal (people): " }
word-rows-no-task = { "rows that are no task: " }
word-rows-known = { "assigned already: " }
word-not-compared = { "not compared: " }
word-no-difference = no difference
word-to-know = to know
word-assumed-of-sheet = assumed, since the sheet does not say it
word-not-carried-over = not carried over
word-not-understood = not understood
word-the-sheet = sheet
word-row = row
word-complex-own-day = complex, own day
import-sum = { $file }, sheet { $sheet }: column names in row { $header }, { $tasks }
import-sum-of-rows = { $file }, sheet { $sheet }: column names in rows { $header }, { $tasks }
import-sum-left-out = { $sum }, { $rows } not understood
import-sum-known = { $sum }, { $rows } assigned already
import-done = imported as plan `{ $plan }`, owned by the office (event { $position })
    { $next }
import-quiet = nobody is written to before `duban plan start { $plan }`; see it with `duban plan show { $plan }`
import-followed = it is followed from today; its units are told
import-dry-run = nothing was recorded (--dry-run)
import-dry-run-needs = nothing was recorded (--dry-run); an import needs { $what }
import-no-task = nothing was imported: no row is a task
import-nothing = nothing was imported: put the rows right, or take the others alone with `--leave-out`
import-before = this sheet was imported already, on { $on }, as plan `{ $plan }` with { $tasks }: nothing changes
import-matters = { $file }, sheet { $sheet }: { $matters }
import-days-off = { $count }: { $days }
import-clocks = { $clocks } on through days off; `--days working` or 工作日 in the row counts working days only
import-assigned = assigned; their units are told, one letter each (event { $position })
import-nothing-assigned = nothing was assigned: put the rows right, or assign the others alone with `--leave-out`
import-nothing-to-assign = nothing to assign
compare-sum = sheet { $sheet }: { $rows } compared, { $same } the same; { $found }
compare-sum-written = sheet { $sheet }: { $rows } compared with the ledger of { $on } (position { $position }) that it was written from, { $same } the same; { $found }
count-row =
    { $count ->
        [one] 1 row
       *[other] { $count } rows
    }
count-matter =
    { $count ->
        [one] 1 matter
       *[other] { $count } matters
    }
count-difference =
    { $count ->
        [one] 1 difference
       *[other] { $count } differences
    }
count-day-off =
    { $count ->
        [one] 1 day off
       *[other] { $count } days off
    }
count-clock-runs =
    { $count ->
        [one] 1 clock runs
       *[other] { $count } clocks run
    }

# what came in
intake-no-file = { $path }: { $why }; `duban intake -` takes standard input
intake-letter = letter { $letter } to { $unit }
intake-letter-number = letter { $letter }
intake-no-letter = no letter of ours
intake-bounce-of-unit = bounce of { $about }; `duban unit set { $unit } --mailbox ADDRESS` corrects the mailbox
intake-bounce = bounce of { $about }
intake-automatic = automatic answer to { $about }
intake-unclear = a machine's message about { $about }; `duban intake show { $position }` says what to look at
intake-reply = reply to { $about }
intake-taken = { $file }: { $what } (event { $position })
intake-known = { $file }: known already: { $what } (event { $position })
intake-sum = { $messages }, { $unhandled } to be handled
word-not-yet = not yet
word-needs-nothing = needs nothing
word-mail-reply = reply
word-mail-bounce = bounce
word-mail-automatic = automatic
word-mail-unclear = unclear
word-label-from = from
word-label-taken-in = taken in
word-label-answers-letter = answers
word-label-unclear = unclear
word-label-says = says
word-label-form = form
word-label-careful = careful
word-label-filled-in = filled in
intake-from-mailbox = { $sender } — the unit's mailbox
intake-from-elsewhere = { $sender } — not the unit's mailbox
intake-other-unit = the message answers a letter to `{ $other }`, the form is of `{ $unit }`
intake-not-recorded = nothing is recorded yet: `duban intake record { $position }`
intake-form = 反馈表 of { $name } ({ $unit }), { $letter }: { $rows } filled in, { $blank } left empty
intake-ready = can be recorded
intake-recorded-as = recorded as { $receipt }
intake-left-out = left out: { $what }
intake-recorded = recorded as { $receipt }: { $rows }, { $files } (event { $position })
count-message =
    { $count ->
        [one] 1 message
       *[other] { $count } messages
    }
count-file =
    { $count ->
        [one] 1 file
       *[other] { $count } files
    }
