"""Exercises that answer back: one module for each chapter, named like it (`linear_layers`), made of `Exercise`s.

In a chapter: `from chainrule.exercises import linear_layers as exercises`
"""
