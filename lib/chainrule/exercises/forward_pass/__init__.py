"""Exercises of the chapter on the forward pass."""

from chainrule.exercises.forward_pass.by_hand import bill, by_hand, forward
from chainrule.exercises.forward_pass.folding import cheapest_fold, largest_of_four, sixty_folds

__all__ = ["bill", "by_hand", "cheapest_fold", "forward", "largest_of_four", "sixty_folds"]
