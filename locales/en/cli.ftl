# What the command line says by itself.

# marks before a line
word-mark-error = { "error: " }
word-mark-warning = { "warning: " }
word-mark-note = { "note: " }

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
