# How things stand.

# as a whole
status-ok = all is well
status-attention = it runs, and a person should look
status-stopped = nothing is decided

# labels
word-label-clock = clock
word-label-letters = letters
word-label-bounced = bounced
word-label-relay = relay
word-label-mailbox = mailbox
word-label-plans = plans
word-label-matters = matters
word-label-days-off = days off
word-label-files = files
word-label-broken = broken
word-label-look-at = look at
word-label-finding = finding
word-label-journal = journal
word-label-store = store
word-label-damage = damage
word-label-healed = healed
word-label-backup = backup
word-label-next = next
word-label-version = version

# one line each
status-clock-held = { $now } is too far from the last event, { $last }: set it right, or `duban clock accept --reason …`
status-letters =
    { $written ->
        [one] 1 letter written, { $unsettled } on their way, { $held } held for release
       *[other] { $written } letters written, { $unsettled } on their way, { $held } held for release
    }
status-letters-refused = { $count } refused for good; `duban letter list --unsettled` says why
status-letters-unreleased = { $count } not released on their day; the unit's next letter takes their points
status-first-held = { $units } units will be told of { $tasks } new tasks by letters of { $day }: `duban preview --live --from { $day } --until { $day }` shows who gets what; they go once released with `duban letter release`
status-first = { $units } units are told of { $tasks } new tasks on { $day }: `duban preview --live --from { $day } --until { $day }` shows who gets what
status-letters-held = { $count } to units wait for a person: `duban letter list --held`, then `duban letter release --all`
status-letters-held-until = { $count } to units wait for a person and can't go after { $until }: `duban letter list --held`, then `duban letter release --all`
status-letters-unread =
    { $count ->
        [one] 1 answer to read; `duban intake list`, then `duban intake done EVENT`
       *[other] { $count } answers to read; `duban intake list`, then `duban intake done EVENT`
    }
status-letters-to = to { $where }
status-bounced = the mailbox of { $unit } gave a letter back; `duban unit set { $unit } --mailbox ADDRESS` (or `--mailbox-works`), then `duban letter resend LETTER --reason …`
status-relay =
    { $count ->
        [one] no letter goes since { $since }: { $why }; 1 attempt failed, next at { $next }
       *[other] no letter goes since { $since }: { $why }; { $count } attempts failed, next at { $next }
    }
status-mailbox-unread = { $mailbox }, not read yet
status-mailbox-read = { $mailbox }, read { $at }
status-mailbox-fault = can't be read since { $since }: { $why }
status-mailbox-left =
    { $count ->
        [one] 1 message left in it can't be taken in; a person should look, they are unseen
       *[other] { $count } messages left in it can't be taken in; a person should look, they are unseen
    }
status-plans = { $followed } followed, { $closed } past or closed
status-by-office = the office owns { $plans } plans (`duban plan list`) and has set { $units } units (`duban unit list`): files no longer change these
days-off-provisional = { $years } provisional: weekends and statutory days are off, what the State Council moves is not known yet; its notice goes into `workdays/`
status-matters = { $open } open, { $overdue } overdue, nothing waits for the office
status-matters-waiting = { $open } open, { $overdue } overdue, { $waiting } waiting for the office: `duban task waiting`
status-journal = event { $position } of { $at }, head { $hash }
status-store-failed = the second copy does not work: { $why }
status-store-late = the second copy has been behind since { $since }; recording goes on in the archive alone: restart duban, which makes the copy whole
status-store-behind =
    { $count ->
        [one] 1 event behind
       *[other] { $count } events behind
    }
status-damage = { $what }; `duban doctor` says what helps
status-no-backup = none yet
status-no-next = nothing is planned
mail-as-files = { $dir } as .eml files
mail-in-memory = memory
mail-by-smtp = { $relay } by SMTP ({ $how })
word-mail-starttls = STARTTLS
word-mail-tls = TLS
word-mail-clear = not encrypted

# what a person should look at
finding-file-missing = plan `{ $plan }` was adopted from `{ $file }`, which is gone; the plan stays as it is: put the file back, or close the plan with `duban plan close { $plan }`
finding-owned-by-office = `{ $file }` is not read: the office owns plan `{ $plan }`; `duban plan take-over { $plan } --by file --reason …` gives it back to its file, which is taken at once
finding-unit-set-by-office = `units.toml` says something else of { $unit } than the office has set, and is not taken: `duban unit set { $unit } { $set }` takes it
finding-date-without-reason = `{ $file }`: the legal date of task `{ $task }` changed from { $from } to { $to } without a reason; nothing of this file is adopted: add `reason = "…"` to the task, or put the date back
finding-ladders-version = `ladders.toml` changed but its version is { $version }; nothing of it is adopted: count `version` up to { $next }
finding-lights-version = `lights.toml` changed but its version is { $version }; nothing of it is adopted: count `version` up to { $next }
finding-runs-already = `{ $file }` says `quiet = true`, but plan `{ $plan }` runs already; nothing of the file is adopted: take the key out, and pause its tasks or close the plan
finding-plan-closed = `{ $file }` changed, but plan `{ $plan }` is closed; nothing of it is adopted
finding-bulletin-late = the bulletin of { $month } should be out by { $by } and is not issued: `duban bulletin { $month } --steps`
finding-no-room = nothing that units hand in can be kept: { $why }; free some space
finding-no-room-for-links = no file that units hand in through their links can be kept: { $why }; free some space
finding-door = the door at { $at } has answered nobody since { $since }: { $why }; { $connections } of { $max } connections are open
finding-refused-unit = letter { $letter } to { $unit } was refused: { $why }; correct the address with `duban unit set { $unit } --mailbox …`, then `duban letter resend { $letter }`
finding-refused-office = letter { $letter } to the office was refused: { $why }; correct the address with `reply_to` in office.toml, then `duban letter resend { $letter }`
finding-refused-leader = letter { $letter } to the leader of { $unit } was refused: { $why }; correct the address with `duban unit set { $unit } --leader-mailbox …`, then `duban letter resend { $letter }`
