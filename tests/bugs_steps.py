"""Changes of one token in what every training run goes through; the checks are in checks_steps.py."""

BUGS = {
    "train.step": {
        "a_step_is_its_five_lines": [
            ("        model.zero_grad()\n", ""),
            ("        optimizer.step()\n", ""),
            ("return value, norm", "return norm, value"),
        ],
        "nothing_moves_where_the_loss_is_not_finite": [("if not math.isfinite(value):", "if math.isinf(value):")],
    },
    "train.parallel": {
        "workers_find_what_one_finds": [
            ("(part.stop - part.start) / n)", "1 / workers)"),
            ("gradient += part_gradient", "gradient -= part_gradient"),
            ("value += part_value", "value = part_value"),
            ("= share * backpropagate", "= backpropagate"),
            ("    gradient *= share\n", ""),
        ],
        "replicas_follow_their_model": [
            (
                "copy.deepcopy(model, shared)\n    lay_out(twin, theta, ",
                "copy.deepcopy(model)\n    lay_out(twin, 1 * theta, ",
            ),
            ("= layer.training, layer._frozen", "= copied.training, layer._frozen"),
            ("= layer.training, layer._frozen", "= layer.training, copied._frozen"),
        ],
    },
}
