"""Networks that read a sequence step by step and remember: plain, LSTM and GRU, and training them chunk by chunk."""

from chainrule.recurrent.chunks import truncated
from chainrule.recurrent.gru import GRU, GRUCell
from chainrule.recurrent.lstm import LSTM, LSTMCell
from chainrule.recurrent.rnn import RNN, RNNCell
from chainrule.recurrent.stack import last_step

__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNCell", "last_step", "truncated"]
