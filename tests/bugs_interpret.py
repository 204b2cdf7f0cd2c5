"""Changes to interpret that its checks must notice: see test_planted_bugs.py."""

BUGS = {
    "interpret.score": {
        "models_are_left_as_they_were": [
            ("model.evaluate().frozen()", "model.frozen()"),
            ("with model.evaluate().frozen():\n            yield", "model.evaluate()\n        yield"),
            ("layer.training = training", "layer.training = True"),
            ("if not isinstance(model, Layer)", "if isinstance(model, Layer)"),
        ],
        "scores_by_hand": [
            ("columns.argmax(1)", "columns.argmin(1)"),
            ("chosen_classes(y, classes)] = 1", "chosen_classes(y, classes)] = -1"),
            ("min(len(items), max(1, len(items) * rows // ROWS))", "max(1, len(items) * rows // ROWS)"),
            ("len(items) * rows // ROWS", "len(items) // ROWS"),
            ("reshape(len(y), -1)[np.arange(len(y)), chosen]", "reshape(len(y), -1)[:, chosen[0]]"),
        ],
    },
    "interpret.gradients": {
        "gradients_in_closed_form": [
            ("return score_gradients(model, x, classes)", "return x * score_gradients(model, x, classes)")
        ],
        "integrals_in_closed_form": [
            ("return way * total / steps", "return x * total / steps"),
            ("return way * total / steps", "return total / steps"),
            ("path = start + ts", "path = ts"),
            ("way = x - start", "way = x + start"),
            ("np.tile(chosen, len(ts))", "np.repeat(chosen, len(ts))"),
        ],
        "attributions_are_complete": [("+ 0.5) / steps", "+ 1.5) / steps")],
        "more_steps_come_closer": [("(np.arange(steps) + 0.5) / steps", "(np.arange(steps) + 1) / steps")],
        "the_predicted_class_is_that_of_the_input": [
            ("np.tile(chosen, len(ts)))", "None if classes is None else np.tile(chosen, len(ts)))"),
            ("chosen_classes(model(x)[0], classes)", "chosen_classes(model(start)[0], classes)"),
        ],
    },
    "interpret.places": {
        "covering_in_loops": [
            ("before - scores(", "before + scores("),
            ("return fall / covered", "return fall"),
            ("range(0, length - size, stride), length - size", "range(0, length - size + 1, stride)"),
            ("for j in _starts(width, size, stride)", "for j in _starts(height, size, stride)"),
            ("np.where(masks[:, None, None], cover, images)", "np.where(masks[:, None, None], images, cover)"),
            ("np.tile(chosen, len(some))", "np.repeat(chosen, len(some))"),
        ],
        "maps_in_closed_form": [
            (".mean((2, 3))", ".sum((2, 3))"),
            ("maps), 0)", "maps), -np.inf)"),
            ("score_gradients(model[layer:], maps, classes)", "score_gradients(model[layer:], maps, None)"),
        ],
    },
}
