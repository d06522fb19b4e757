"""A report's contents: everything it prints, drawn from the log and the assessments.

`contents_of` feeds a review's workspace, preview and PDF alike, `period_contents` the other
reports; `canonical_json` is what the parties sign, and `read` takes it back.
"""
