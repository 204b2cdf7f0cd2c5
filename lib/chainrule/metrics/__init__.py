"""How good are the answers? Numbers for classifiers, rankings, probabilities, regressions, and generated things."""

from chainrule.metrics.calibration import Reliability, expected_calibration_error, reliability
from chainrule.metrics.classes import accuracy, confusion_matrix, f1, precision, predictions, recall
from chainrule.metrics.generated import ModeCoverage, bits_per_character, exact_match, mode_coverage
from chainrule.metrics.interval import wilson
from chainrule.metrics.ranking import PrCurve, RocCurve, average_precision, pr_curve, roc_auc, roc_curve
from chainrule.metrics.regression import r2

__all__ = [
    "ModeCoverage",
    "PrCurve",
    "Reliability",
    "RocCurve",
    "accuracy",
    "average_precision",
    "bits_per_character",
    "confusion_matrix",
    "exact_match",
    "expected_calibration_error",
    "f1",
    "mode_coverage",
    "pr_curve",
    "precision",
    "predictions",
    "r2",
    "recall",
    "reliability",
    "roc_auc",
    "roc_curve",
    "wilson",
]
