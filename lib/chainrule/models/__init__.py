"""Whole models, each a short composition of the library's layers."""
