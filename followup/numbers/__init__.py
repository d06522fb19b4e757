"""Where the portal's numbers are computed, once, for page, PDF, spreadsheet and public site.

`agreement` adds up occasions and targets, `metric_figures` readings. Each of the other modules
answers one question more: how the meetings keep to their rhythm, how long ago a village was
visited, by what an undertaking is seen to be kept, whether a target will be met.
"""
