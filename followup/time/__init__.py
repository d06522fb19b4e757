"""Time: spans of days, the windows a target counts over, seasons, red days."""
