"""What became of the promises: occasions, readings and the biennial review."""

from followup.models.occasion import Occasion, Reading
from followup.models.review import Assessment, Review, ReviewDocument, Signoff

__all__ = ["Assessment", "Occasion", "Reading", "Review", "ReviewDocument", "Signoff"]
