"""Diffusion: the noise schedule in closed form, a denoising network, its training, samplers, and flow matching."""

from chainrule.models.diffusion.denoiser import Denoiser, without_some_labels
from chainrule.models.diffusion.exact import MixtureDenoiser
from chainrule.models.diffusion.flow import FlowMatching
from chainrule.models.diffusion.model import Diffusion
from chainrule.models.diffusion.samplers import ddim, ddpm
from chainrule.models.diffusion.schedule import NoiseSchedule, cosine_schedule, linear_schedule

__all__ = [
    "Denoiser",
    "Diffusion",
    "FlowMatching",
    "MixtureDenoiser",
    "NoiseSchedule",
    "cosine_schedule",
    "ddim",
    "ddpm",
    "linear_schedule",
    "without_some_labels",
]
