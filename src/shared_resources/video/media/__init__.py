"""What touches the pictures themselves, each in a limited child process: probing, cutting, marking, masking."""

from shared_resources.video.media.orders import Made, Probed
from shared_resources.video.media.running import Unreadable, extract, probe, strip, viewing

__all__ = ["Made", "Probed", "Unreadable", "extract", "probe", "strip", "viewing"]
