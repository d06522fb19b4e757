"""Meetings: the agenda, the call and the minutes."""
