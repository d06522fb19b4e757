"""The log and the plan as spreadsheets: written, and read in again.

`cells` says how a value stands in a cell and how a cell is understood, `writing` and `reading` know
the two formats (XLSX and CSV), `columns` what the columns are called. `log` and `plan` turn what
the portal holds into rows; `log_import` and `plan_import` turn rows into what the portal holds,
through the same forms as the pages do. `table_import` is what those two have in common: each says
of a row what it would do, as an `examined` entry.
"""
