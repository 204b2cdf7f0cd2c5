"""The transformer: attention and small networks, stacked on a residual stream."""

from chainrule.transformer.decoder import Decoder, DecoderLayer
from chainrule.transformer.encoder import Encoder, EncoderLayer
from chainrule.transformer.encoder_decoder import Transformer
from chainrule.transformer.sublayer import Sublayer
from chainrule.transformer.tokens import TokenEmbedding

__all__ = ["Decoder", "DecoderLayer", "Encoder", "EncoderLayer", "Sublayer", "TokenEmbedding", "Transformer"]
