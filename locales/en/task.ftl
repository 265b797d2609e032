# A task.

# labels
word-label-state = state
word-label-cited = cited
word-label-lead = lead
word-label-cooperate = cooperate
word-label-answers = answers
word-label-due = due
word-label-standard = standard
word-label-evidence = evidence
word-label-report-to = report to
word-label-note = note
word-label-occurrences = occurrences
word-label-conflict = conflict
word-label-letters-show = letters show
word-label-original = original
word-label-current = current
word-label-extended = extended
word-label-claimed = claimed
word-label-progress = progress
word-label-problem = problem
word-label-next-steps = next
word-label-material = files
word-label-history = history

# a task
show-lead-assumed = { $lead } — assumed, to be confirmed
show-due-assumed = { $due } — assumed, not printed
show-each-answers = every unit for itself
show-target = 力争: never overdue by itself
show-fixed = 不可延期
show-recorded = recorded, never chased
show-span = { $from } to { $until }
show-span-open = from { $from }
show-conflict = { $says }; { $used } is used: { $why }
show-slip = …{ $reading }… where the scan has …{ $printed }…

# a unit's part in it
show-state = { $state } { $light }
show-state-of-other = { $state } { $light }; { $unit } answers for it
show-advised = { $day } (advised by { $advised })
show-extension = from { $from } to { $until }, granted on { $on } by { $approver }
show-extension-to = to { $until }, granted on { $on } by { $approver }
show-by-paper = { $words }, { $paper }
show-claim = on { $on } ({ $way }): done { $done }: { $text }
show-claim-returned = { $words }; sent back on { $on }: { $why }
show-claim-accepted = { $words }; accepted on { $on }
show-file = { $on }  { $name }, { $kib } KiB: { $path }
show-letter = { $letter }  { $about }  to { $to }, { $progress }
show-to-unit = { $unit }
show-to-leader = the leader of { $unit }
show-to-office = the office itself

# states
word-state-planned = planned
word-state-ongoing = ongoing
word-state-awaiting = awaiting
word-state-done-before-import = done-before-import
word-state-recorded = recorded
word-state-closed = closed
word-state-set-up = set-up
word-state-withdrawn = withdrawn
word-state-opened = opened
word-state-notified = notified
word-state-receipt = receipt
word-state-in-progress = in-progress
word-state-claimed = claimed
word-state-returned = returned
word-state-paused = paused
word-state-accepted = accepted
word-state-closed-out = closed-out
word-state-ended = ended
word-letter-held = held
word-letter-unreleased = unreleased
word-letter-recalled = recalled
word-letter-queued = queued
word-letter-deferred = deferred
word-letter-unknown = unknown
word-letter-accepted = accepted
word-letter-refused = refused
word-letter-bounced = bounced
word-letter-superseded = superseded
