"""Attribution by place: cover a part of an image, or ask the maps of a convolution, where the evidence is."""

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.combine import Sequential
from chainrule.interpret.score import (
    Classes,
    Model,
    chosen_classes,
    chunks,
    expect_numbers,
    like,
    score_gradients,
    scores,
    undisturbed,
)


def occlusion(
    model: Model,
    images: np.ndarray,
    size: int,
    classes: Classes = None,
    stride: int = 1,
    fill: float | np.ndarray = 0.0,
) -> np.ndarray:
    """How far the score falls when a patch is covered: images (N, C, H, W) → (N, H, W).

    A square of size × size pixels takes the value `fill` (a number, or an array like the images, as their mean) in
    steps of `stride`, the last one at the border; a pixel's number is the mean over the patches that cover it.
    Zeiler & Fergus (2014), section 4.2. Raises ValueError where the patch does not fit.
    """
    expect_numbers("occlusion", images)
    expect_positive_int("size", size)
    expect_positive_int("stride", stride)
    if stride > size:
        raise ValueError(
            f"occlusion takes a stride of at most the patch's size, {size}, got {stride}: it would skip pixels"
        )
    if images.ndim != 4 or size > min(images.shape[2:]):
        raise ValueError(f"occlusion takes images (N, C, H, W) of at least {size} × {size} pixels, got {images.shape}")
    cover = like("fill", fill, images)
    n, _, height, width = images.shape
    corners = np.array([(i, j) for i in _starts(height, size, stride) for j in _starts(width, size, stride)])
    fall, covered = np.zeros((n, height, width), images.dtype), np.zeros((height, width), images.dtype)
    with undisturbed(model):
        y = model(images)[0]
        chosen = chosen_classes(y, classes)
        before = scores(y, chosen)
        for some in chunks(corners, n):
            masks = np.zeros((len(some), height, width), bool)
            for mask, (i, j) in zip(masks, some):
                mask[i : i + size, j : j + size] = True
            hidden = np.where(masks[:, None, None], cover, images).reshape(-1, *images.shape[1:])
            drop = before - scores(model(hidden)[0], np.tile(chosen, len(some))).reshape(len(some), n)
            fall += np.tensordot(drop, masks.astype(images.dtype), (0, 0))
            covered += masks.sum(0)
    return fall / covered


def grad_cam(model: Sequential, images: np.ndarray, layer: int, classes: Classes = None) -> np.ndarray:
    """max(Σ_k α_k A_k, 0), with α_k the mean over all places of ∂ score / ∂ A_k: (N, h, w), where the evidence is.

    A (N, K, h, w) are the feature maps that come out of model[:layer], most useful after the last convolution; the
    result has their resolution. Selvaraju et al. (2017), eq. 1 and 2.
    Raises ValueError where model is no Sequential, layer is outside it, or what comes out there are no maps.
    """
    expect_numbers("grad_cam", images)
    if not isinstance(model, Sequential) or not 0 < layer < len(model):
        got = f"{layer} of {len(model)}" if isinstance(model, Sequential) else type(model).__name__
        raise ValueError(f"grad_cam takes a Sequential and the number of its parts before the maps, got {got}")
    with undisturbed(model):
        maps = model[:layer](images)[0]
        if maps.ndim != 4:
            raise ValueError(f"grad_cam takes maps (N, K, h, w); after {layer} parts the model has {maps.shape}")
        weights = score_gradients(model[layer:], maps, classes).mean((2, 3))
    return np.maximum(np.einsum("nk,nkhw->nhw", weights, maps), 0)


def _starts(length: int, size: int, stride: int) -> list[int]:
    return sorted({*range(0, length - size, stride), length - size})
