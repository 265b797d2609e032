# The first page, for whoever opens the address in a browser.
front-title = duban 督办
front-lead = Reminds responsible units of what action plans ask of them, takes their answers, keeps every event.
front-ok = All is well ({ $at }).
front-attention = Running; the office should look at something: duban status ({ $at }).
front-stopped = Stopped; the office should look: duban status.
front-letters = Letters: { $written } written, { $unsettled } under way, { $held } waiting for release.
front-next = Next at { $at }.
front-no-page = There is no such page.
front-units = Responsible units
front-units-text = Open the link in your letter, or reply with the form attached to it. Without a letter, or where the link no longer works, please call the office that sent it.
front-office = The office
front-office-text = On this machine, in a terminal:
front-status = what to do today, and what is wrong
front-letter-list = letters written; duban letter show NUMBER shows one
front-preview = who will be reminded of what, day by day
front-week = the week's lists: overdue, due, not reported, in review …
front-help = all commands
