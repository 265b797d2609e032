# What the office says when it is asked.

# who asks
forbidden = account { $account } ({ $roles }) may not { $act }
forbidden-other-units = account { $account } sees what is of its own units alone
caller-unknown = the system does not tell who asks; nothing was done
caller-no-account = uid { $uid } has no account here; nothing was done
caller-odd-way = `via` is cli, api, paper, phone, meeting, message or mail here
account-uid-taken = uid { $uid } is that of account { $account }
account-none = no account `{ $account }`
account-id-used = account { $account } was removed, and the record goes on to name its holder by it
account-id-reserved = `{ $account }` names something else in the record
account-no-admin = at least one account must be a system admin with a uid (--uid)
account-file-unreadable = the file of accounts { $path } can't be read: { $why }
account-bad-id = `{ $account }` can't name an account: 1 to { $max } small letters, digits or hyphens
account-needs-name = a new account needs a name (--name)
account-bad-name = name and post take a line each, of at most { $max } characters, and the name is not empty
account-needs-role = give a role (--role): system-admin, clerk, reviewer, auditor, county-leader
account-needs-units = a county leader needs units (--unit)
account-not-saved = the accounts were not saved: { $why }

# names
no-task = no task `{ $task }`
no-unit = no unit `{ $unit }`
no-plan = no plan `{ $plan }`
no-letter = no letter { $letter }
no-message = event { $event } is no message that came in
several-tasks = several plans have a task `{ $task }`
several-units = several units are called `{ $unit }`
several-matters = several could be meant: { $matters }
two-periods = `{ $task }/{ $period }` and `--period { $other }` are two periods
task-gone = task `{ $task }` is gone
unit-gone = unit `{ $unit }` is gone
nothing-open = nothing of `{ $task }` is open
nothing-open-of-unit = nothing of `{ $task }` of `{ $unit }` is open
nothing-opened = nothing was opened of `{ $matter }`
matter-of-unit = { $matter } of { $unit }

# how the office stands
no-journal = there is no journal
no-daemon = no daemon is running
stopped = the planner has stopped; its log says why
clock-held = decisions are held: the daemon's clock says { $now }, its last event is of { $last }
planner-odd = the planner answered something else
file-damaged = { $path } is not what its digest says
file-unreadable = { $path }: { $why }
fault = { $why }
file-not-handed-over = no file { $digest } was handed over
mail-unreadable = { $why }
mail-not-kept = the message was not kept
mail-missing = the message of event { $event } is missing in evidence/
record-missing = what was recorded is not there
record-refused = nothing was recorded: { $why }
file-empty = it is empty
file-too-large = it has more than { $max } MiB
file-kind = it is of no kind that is taken: PDF, photos, Word, Excel, PPT, WPS, OFD, ZIP, MP4, TXT
file-not-kept = it can't be kept: { $why }
file-lost = it was lost on the way
file-of-no-row = its name begins with no number of a row (`--files-to ROW` names one; the message keeps it in any case)
files-to-no-row = `--files-to { $row }` names no row that is recorded
files-to-several-rows = `--files-to { $row }` names more than one row
form-of-nobody = the form names letter { $letter }, which nobody was sent, and no matter
form-missing = no 反馈表 came with it; `duban task record` records what it says by hand
form-unreadable = { $why }; `duban task record` records what it says by hand
form-recorded = its form was recorded as { $receipts } already
form-blank = nothing in the form is filled in
form-further = { $file } is a further 反馈表: nothing of it is recorded; forward it as a mail of its own, or `duban task record`
row-answered-already = answered in row { $row } already
left-out-row = row { $row }: { $why }
left-out-file = { $file }: { $why }

# plans, dates, papers
plan-file-fault = { $why }
plan-file-empty = { $file } holds no plan
plan-of-file = plan `{ $plan }` belongs to its file
due-fault = --due, column { $column }: { $why }
due-needed = give `--by DAY` or `--due DUE`
day-not-come = { $day } has not come: what is known reaches to { $known }
event-not-recorded = event { $position } is not recorded: the journal ends at { $end }
span-odd = { $from } to { $until } is no span: first day first, at most { $max } days
month-odd = `{ $month }` is no month
month-runs = { $month } is not over yet: a draft tells of a whole month
bulletin-no-step = no step of the bulletin of { $month } is recorded
bulletin-no-scan = a scan belongs to what is signed or issued
bulletin-nothing-followed = nothing was followed in { $month }: duban's record of its plans begins later, or only plans without a document number were followed, which `--plan` names
word-file-fault = { $why }
sheet-unreadable = { $file }: { $why }
sheet-needs = an import needs { $what }
sheet-plan-exists = plan `{ $plan }` exists already, from another file
sheet-no-row = the ledger has no row of `{ $plan }`
sheet-foreign = the sheet says that it shows event { $position } of ledger { $journal } on { $on }; this is ledger { $own }, which has no such event by that day

# what helps
cure-ask-role = have it done by a { $roles }
cure-own-units = name one of its units: { $units }
cure-account-list = `duban account list` shows them
cure-account-other-id = choose another id
cure-account-set = have a system admin set one with `duban account set`
cure-account-admin = set a system admin first: `duban account set ID --name NAME --role system-admin --uid UID`
cure-name-one = name one: { $names }
cure-name-one-alone = name one
cure-near = did you mean `{ $near }`?
cure-task-list = `duban task list` shows them
cure-task-show = `duban task show { $task }` shows its units and periods
cure-task-periods = `duban task show { $task }` shows its periods
cure-unit-list = `duban unit list` shows them
cure-unit-and-period = name one with `--unit` and `--period`
cure-plan-list = `duban plan list` shows the plans
cure-letter-list = `duban letter list` shows them
cure-intake-list = `duban intake list` shows them
cure-intake-show = `duban intake show { $event }` shows each row
cure-intake-skip = `duban intake show { $event }` shows each row; `--skip-refused` records what can be
cure-serve = start it with `duban serve`
cure-serve-or-data = start one with `duban serve`, or name the right directory with `--data DIR`
cure-verify = `duban audit verify` tells more
cure-clock = set the clock right, or say that it is with `duban clock accept --reason …`
cure-check = `duban check { $file }` shows all faults
cure-as-told = { $words }
cure-date-in-file = change the date in `{ $file }`, with `reason`
phone-odd = `{ $phone }` is not one telephone number
cure-phone = 5 to 18 digits, one number
note-matter-assigned = it is `{ $matter }`: `duban task show { $matter }`
cure-bulletin-plan = followed plans, for `--plan`: { $plans }
cure-month = as 2021-06
cure-month-runs = without `--step` it shows how the month stands
cure-bulletin-step = record one with `--step drafted`, or name `--at POSITION`
cure-bulletin-scan = `--step signed` or `--step issued`
cure-sheet-dry-run = `--dry-run` shows what is understood without them
cure-sheet-other-plan = give another `--plan ID`, or see with `--compare` where the sheet and the ledger differ
cure-sheet-compare = `duban import FILE --compare` shows where the sheet and the ledger differ
cure-sheet-foreign = compare it with its own data directory (`--data`), or save it as .csv without the lines above the column names: then it is held against the present ledger

# what was done
done-claimed = { $words }; by { $account } (claimed: { $claimed })
done-account-set = account { $account } is set: { $shown }
done-account-removed = account { $account } is removed; the record still names it
done-accepted = { $matter } is accepted as done
done-accepted-unclaimed = { $matter } is accepted as done, on the office's own word: its unit has claimed nothing (`duban task reopen` takes that back, and tells the unit)
done-returned = { $matter } is sent back
done-extended = { $matter } has its new date; the unit is told
done-extension-refused = the extension of { $matter } is refused; the unit is told
done-answered = the objection to { $matter } is answered; the unit is told
done-chased = chased, one letter a unit: { $matters }
done-reopened = { $matter } is asked for again; the unit is told
done-paused = { $matter } is not chased until it is resumed
done-resumed = { $matter } is chased again
done-recorded = recorded for `{ $unit }`: { $matter }; the receipt goes to its mailbox
done-matter-assigned = assigned, to be settled by { $until } { $weekday }; its units are told
done-reclassified = { $matter } has its new class and date
done-closed-out = { $matter } is closed out
done-plan-added = plan `{ $plan }` is followed from now on; the office owns it
done-plan-to-office = plan `{ $plan }` belongs to the office; its file no longer changes it
done-plan-to-file = plan `{ $plan }` belongs to its file
done-plan-started = plan `{ $plan }` is followed from today; its units are told
done-plan-closed = plan `{ $plan }` is closed: no more reminders of it
done-settled = { $task } has its date
done-moved = { $task } is due on { $until } from now on; its units are told
done-confirmed = the lead of { $task } is confirmed
done-unit-set = unit `{ $unit }` is changed; its file no longer changes it
done-mailbox-works = the mailbox of `{ $unit }` counts as working; `duban letter resend` sends what came back
done-leader-set = the leader of `{ $unit }` is set; letters to a county leader wait for release
done-leader-forgotten = the leader of `{ $unit }` is forgotten
done-links-revoked = no link sent to `{ $unit }` so far opens anything any more
done-letter-resent = letter { $letter } goes once more, under the same Message-ID
done-letter-released = letter { $letter } is released
done-leader-page = the page to the leader of `{ $unit }` is written and waits: `duban letter list --held`, then `duban letter release`
done-mail-handled = the message of event { $event } is handled
done-bulletin = bulletin { $month } no. { $number } is recorded
done-clock = the present clock counts; decisions go on

# what else to know
note-no-claim = no claim waits for review
note-none-held = no letter to a unit waits for release
note-days-off =
    { $count ->
        [one] its days run on through 1 day off ({ $days }); `--days working` counts working days only
       *[other] its days run on through { $count } days off ({ $days }); `--days working` counts working days only
    }
note-goes-over = what is open goes over at { $hour } on { $day }, by one letter each; until then the members can be put back
note-asked-anew = { $name } ({ $unit }) is asked anew: { $matters }
note-asked-no-more = { $name } ({ $unit }) is asked no more, and told so: { $matters }
note-keeps = { $name } ({ $unit }) keeps, for what waits, came back, is paused or has its own date: { $matters }
note-month-runs = { $month } is not over yet; it tells how things stand today
note-bulletin-early = units correct what they told of { $month } until { $until }; draft it again after that, by { $by } it should be out
note-bulletin-other = it is not the paper that was recorded: other options, or figures that duban counts otherwise since an upgrade
note-plan-file = { $why }

# words within a sentence
word-no-role = no role
word-role-system-admin = system admin
word-role-clerk = clerk
word-role-reviewer = reviewer
word-role-auditor = auditor
word-role-county-leader = county leader
word-role-unit = unit
word-role-system = system
word-act-status = see how the daemon stands
word-act-read = read matters and papers
word-act-read-events = read the record itself
word-act-rule = rule on matters
word-act-chase = chase, pause or resume
word-act-record = record answers and handle mail
word-act-hand-in = hand in answers
word-act-assign = assign matters
word-act-plan = change plans
word-act-unit = change units
word-act-letter = release or resend letters
word-act-bulletin = move a bulletin on
word-act-clock = confirm the clock
word-act-read-accounts = read accounts
word-act-accounts = keep accounts
word-mon = Mon
word-tue = Tue
word-wed = Wed
word-thu = Thu
word-fri = Fri
word-sat = Sat
word-sun = Sun
