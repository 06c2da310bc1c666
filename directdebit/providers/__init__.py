"""Companies that collect direct debits for us, spoken to without a database.

`protocol` says what every one of them can do; `access_paysuite` and `gocardless` do it. `calls` is the way out: time
limits, patience with limits of their rate, and a record of every exchange in which bank details are masked.
"""
