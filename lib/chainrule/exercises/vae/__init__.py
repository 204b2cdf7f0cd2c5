"""Exercises of the chapter on the variational autoencoder."""

from chainrule.exercises.vae.bounds import best_baseline, tightened
from chainrule.exercises.vae.prices import between, code_price, free_code, price

__all__ = ["best_baseline", "between", "code_price", "free_code", "price", "tightened"]
