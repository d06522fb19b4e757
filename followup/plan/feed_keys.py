"""The keys of calendar feeds stay out of the portal's own log: who reads it can't use them."""

import logging
import re

KEY = re.compile(r"(/kalender/)[^/\s]+(\.ics)")


class HideKeys(logging.Filter):
    """Puts "…" in the place of a key in every line, such as the one about an error on its page."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if KEY.search(line):
            record.msg, record.args = KEY.sub(r"\1…\2", line), ()
        return True
