"""Every model of the library outlives a file: what comes back computes the same, bit for bit."""

import numpy as np
import pytest
from helpers import rng

from chainrule.combine import Sequential
from chainrule.convolution import Conv2d, flatten
from chainrule.dense import Dense
from chainrule.graph import Graph, GraphAttention, GraphConv, GraphSequential
from chainrule.models.autoencoder import autoencoder
from chainrule.models.charlm import CharLM
from chainrule.models.cnn import cnn, lenet, residual_cnn
from chainrule.models.contrastive import TwoTowers
from chainrule.models.diffusion import Denoiser, Diffusion, FlowMatching, linear_schedule
from chainrule.models.gan import GAN, conv_discriminator, conv_generator, gan
from chainrule.models.gpt import GPT
from chainrule.models.mlp import mlp
from chainrule.models.perceptron import Perceptron
from chainrule.models.seq2seq import Seq2Seq
from chainrule.models.vae import vae
from chainrule.models.vit import ViT
from chainrule.models.word2vec import SkipGram
from chainrule.recurrent import GRU
from chainrule.rl import Agent
from chainrule.store import load, save
from chainrule.transformer import Transformer

IMAGE = (1, 8, 8)
MODELS = {  # seed → model
    "mlp": lambda s: mlp([3, 4, 2], rng(s)),
    "perceptron": lambda s: Perceptron(3),
    "cnn": lambda s: cnn(IMAGE, [4, 4], 3, rng(s)),
    "lenet": lambda s: lenet(IMAGE, 3, rng(s)),
    "residual cnn": lambda s: residual_cnn(IMAGE, [4, 8], 3, rng(s)),
    "convolution": lambda s: Sequential(Conv2d(1, 2, 3, rng(s)), flatten),
    "character model": lambda s: CharLM(7, 4, 5, rng(s), cell=GRU, layers=2),
    "sequence to sequence": lambda s: Seq2Seq(6, 7, 4, 6, rng(s)),
    "transformer": lambda s: Transformer(6, 7, 8, 2, 1, rng(s), dropout=0.1),
    "gpt": lambda s: GPT(7, 6, 8, 2, 2, rng(s), tied=True, dropout=0.1),
    "vit": lambda s: ViT(8, 4, 3, 8, 2, 1, rng(s)),
    "autoencoder": lambda s: autoencoder([6, 4, 2], rng(s)),
    "vae": lambda s: vae([6, 5, 2], rng(s)),
    "gan": lambda s: gan([2, 4, 2], [2, 4, 1], rng(s)),
    "convolutional gan": lambda s: GAN(conv_generator(3, IMAGE, 2, rng(s)), conv_discriminator(IMAGE, 2, rng(s))),
    "diffusion": lambda s: Diffusion(Denoiser(2, 10, rng(s), hidden=6, classes=3), linear_schedule(10)),
    "flow": lambda s: FlowMatching(Denoiser(2, 10, rng(s), hidden=6), 10),
    "two towers": lambda s: TwoTowers(Dense(3, 2, rng(s)), Dense(4, 2, rng(s))),
    "word vectors": lambda s: SkipGram(9, 4, rng(s)),
    "graph network": lambda s: GraphSequential(GraphConv(3, 4, rng(s)), GraphAttention(4, 2, rng(s), heads=2)),
    "agent": lambda s: Agent(mlp([4, 5, 2], rng(s)), mlp([4, 5, 1], rng(s))),
}


def moved(model, seed: int):
    """Every array drawn anew, as if trained: zeros and ones of a start would come back by themselves."""
    generator = rng(seed)
    for array in (model.params | model.kept).values():
        array[...] = generator.uniform(0.5, 1.5, array.shape)
    return model


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("flat", [False, True])
def test_a_model_comes_back(tmp_path, name, flat):
    model, other = moved(MODELS[name](0), 1), MODELS[name](2)
    if flat:
        other.flat()
    load(save(tmp_path / "model.npz", model), other)
    assert (other.params | other.kept).keys() == (model.params | model.kept).keys()
    for key, array in (model.params | model.kept).items():
        assert np.array_equal(array, (other.params | other.kept)[key]), key
    assert model.size > 0 and np.array_equal(model.flat()[0], other.flat()[0])


def test_what_comes_back_computes_the_same(tmp_path):
    ids, images = rng(3).integers(3, 6, (2, 5)), rng(3).standard_normal((2, *IMAGE), np.float32)
    inputs = {
        "gpt": (ids,),
        "transformer": (ids, ids),
        "sequence to sequence": (ids, ids),
        "character model": (ids,),
        "residual cnn": (images,),
        "vit": (images,),
        "graph network": (rng(3).standard_normal((4, 3), np.float32), Graph.undirected(4, [[0, 1, 2], [1, 2, 3]])),
    }
    for name, given in inputs.items():
        model, other = moved(MODELS[name](0), 1), MODELS[name](2)
        load(save(tmp_path / f"{name}.npz", model), other)
        for mode in ("evaluate", "train"):  # in training the generators of dropout have come back too
            ys = [getattr(net, mode)()(*given)[0] for net in (model, other)]
            assert np.array_equal(*ys), f"{name}, {mode}"
