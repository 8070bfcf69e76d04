"""What an assessment says about its plant: checks, balances, ranked streams, options, economics, results.

Start with `evaluate`; `results` and `option_results` say what comes back, `evaluation_json` writes it as
plain data.
"""

from openrecp.assessment.evaluation.checks import check_assessment
from openrecp.assessment.evaluation.evaluate import evaluate
from openrecp.assessment.evaluation.json import evaluation_json
from openrecp.assessment.evaluation.option_results import Fate, OptionResult
from openrecp.assessment.evaluation.places import located
from openrecp.assessment.evaluation.results import Evaluation

__all__ = ["Evaluation", "Fate", "OptionResult", "check_assessment", "evaluate", "evaluation_json", "located"]
