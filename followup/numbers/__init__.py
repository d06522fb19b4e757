"""Where the portal's numbers are computed, once, for page, PDF, spreadsheet and public site.

`log` adds up occasions and targets, `metrics` readings, and `series` those over time. Each of the other modules answers one question
more: how the meetings keep to their rhythm, how long ago a village was visited, by what an
undertaking is seen to be kept, whether a target will be met.
"""
