"""Forms for the lägesbild, the åtgärdsplan, and the goals a promise is to contribute to."""

from promises.forms.situation.action_plan import ActionPlanForm, PromiseLinksForm
from promises.forms.situation.picture import AdoptForm, PictureForm, SourceForm
from promises.forms.situation.problem import ProblemForm

__all__ = [
    "ActionPlanForm",
    "AdoptForm",
    "PictureForm",
    "ProblemForm",
    "PromiseLinksForm",
    "SourceForm",
]
