"""Planted bugs: flow matching, the exact denoiser."""

BUGS = {
    "models.diffusion.exact": {
        "mixture_score_is_the_slope_of_its_density": [
            ("shrunk[:, :, None] * centres - x[:, None]", "centres - x[:, None]"),
            ("+ (shrunk * self.std) ** 2", "+ self.std**2"),
            ("-0.5 * np.square(way)", "-np.square(way)"),
            ("[:, 0] / variance", "[:, 0]"),
        ],
        "exact_noise_is_the_mean_of_the_noise": [
            ("self.schedule.noise_of_score(self.score(x, t), t)", "self.score(x, t)"),
            ("r /= r.sum(1, keepdims=True)", "r /= r.sum()"),
        ],
    },
    "models.diffusion.flow": {
        "flow_loss": [
            ("(1 - s) * x0 + s * noise", "s * x0 + (1 - s) * noise"),
            ("mse(velocity, noise - x0)", "mse(velocity, x0 - noise)"),
            ("rng.integers(1, self.steps + 1,", "rng.integers(0, self.steps,"),
            ("back(back_loss(dloss))", "back(back_loss(-dloss))"),
        ],
        "flow_arrives_at_the_data": [
            ("x = x - self(", "x = x + self("),
            ("range(self.steps, 0, -1)", "range(1, self.steps + 1)"),
        ],
    },
}
