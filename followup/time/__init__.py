"""Time: spans and terms, the windows a target counts over, seasons, stretches, red days."""
