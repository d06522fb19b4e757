"""The reports beside the biennial review: for the year, for fullmäktige, for the board.

`kinds` says what each is for, `periods` which days it can cover. `contents`
gathers what it says, from where every report begins (`review_contents.period_contents`), and
`printing` makes the file. `poster` is the sheet for the notice board: only what anybody may read.
"""
