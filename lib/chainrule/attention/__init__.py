"""Attention: each position asks, every position answers, and the answers are mixed by how well they match."""

from chainrule.attention.additive import AdditiveAttention
from chainrule.attention.cache import Cache
from chainrule.attention.dot_product import attention, attention_weights
from chainrule.attention.masks import causal_mask, padding_mask
from chainrule.attention.multihead import MultiHeadAttention
from chainrule.attention.pooling import AttentionPooling
from chainrule.attention.positions import LearntPositions, alibi_bias, alibi_slopes, rotary, sinusoidal

__all__ = [
    "AdditiveAttention",
    "AttentionPooling",
    "Cache",
    "LearntPositions",
    "MultiHeadAttention",
    "alibi_bias",
    "alibi_slopes",
    "attention",
    "attention_weights",
    "causal_mask",
    "padding_mask",
    "rotary",
    "sinusoidal",
]
