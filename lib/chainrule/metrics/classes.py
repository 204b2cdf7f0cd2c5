"""How often is the class right, and which classes are taken for which?"""

import numpy as np

from chainrule.metrics.labels import integer_labels


def predictions(logits: np.ndarray) -> np.ndarray:
    """Classes from logits: the largest of (N, C), C ≥ 2; for one logit each, (N,) or (N, 1), whether it is > 0."""
    if logits.ndim == 1 or logits.shape[-1] == 1:
        return (logits.reshape(len(logits)) > 0).astype(np.int64)
    return logits.argmax(-1)


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    """The fraction of rows whose predicted class is the label."""
    predicted = predictions(logits)
    actual = integer_labels("accuracy", labels, len(predicted))
    classes = 2 if logits.ndim == 1 else max(2, logits.shape[-1])
    if actual.min() < 0 or actual.max() >= classes:
        raise ValueError(f"accuracy takes labels 0 to {classes - 1}, got {actual.min()} to {actual.max()}")
    return float((predicted == actual).mean())


def confusion_matrix(predicted: np.ndarray, labels: np.ndarray, classes: int | None = None) -> np.ndarray:
    """counts[i, j]: how many examples of class i were taken for class j.

    predicted and labels are integer classes (N,). Raises ValueError where one lies outside 0 … classes − 1.
    """
    actual = integer_labels("confusion_matrix", labels, len(predicted))
    guess = integer_labels("confusion_matrix", predicted, len(predicted))
    classes = int(max(actual.max(), guess.max())) + 1 if classes is None else classes
    for name, values in (("labels", actual), ("predicted", guess)):
        if values.min() < 0 or values.max() >= classes:
            got = f"{name} {values.min()} to {values.max()}"
            raise ValueError(f"confusion_matrix takes classes 0 to {classes - 1}, got {got}")
    return np.bincount(actual * classes + guess, minlength=classes * classes).reshape(classes, classes)


def precision(predicted: np.ndarray, labels: np.ndarray, classes: int | None = None) -> np.ndarray:
    """For each class, of the examples taken for it, the fraction that are; nan where none were taken for it."""
    counts = confusion_matrix(predicted, labels, classes)
    return _ratio(np.diag(counts), counts.sum(0))


def recall(predicted: np.ndarray, labels: np.ndarray, classes: int | None = None) -> np.ndarray:
    """For each class, of the examples that are, the fraction taken for it; nan where there are none."""
    counts = confusion_matrix(predicted, labels, classes)
    return _ratio(np.diag(counts), counts.sum(1))


def f1(predicted: np.ndarray, labels: np.ndarray, classes: int | None = None) -> np.ndarray:
    """For each class the harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN)."""
    counts = confusion_matrix(predicted, labels, classes)
    return _ratio(2 * np.diag(counts), counts.sum(0) + counts.sum(1))


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
