"""Which part of the input made the model say so? Attributions, one number for each input or pixel.

All of them ask about a score: the logit of a class (by default the class that the model predicts for x), or the logit
itself where there is only one. A model is anything called as `y, back = model(x)` with y (N, C), (N, 1) or (N,); each
row's score must depend on its own x alone, so a layer is run in evaluation mode. Its parameters gather no gradient.
"""

from chainrule.interpret.gradients import input_gradients, integrated_gradients
from chainrule.interpret.places import grad_cam, occlusion

__all__ = ["grad_cam", "input_gradients", "integrated_gradients", "occlusion"]
