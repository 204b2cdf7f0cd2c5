"""Exercises of the chapter on LSTM and GRU."""

from chainrule.exercises.lstm_gru.cells import gru_before, step_back
from chainrule.exercises.lstm_gru.predictions import bias_for, half_life, weights, without_forgetting

__all__ = ["bias_for", "gru_before", "half_life", "step_back", "weights", "without_forgetting"]
