"""Colours that a film can and cannot take, by the numbers of ITU-T H.273."""

from __future__ import annotations

from vidpipe.errors import BrokenFileError

_WIDE = {9: "bt2020", 11: "smpte431", 12: "smpte432"}
"""Primaries far from BT.709's, as FFmpeg's filter calls them; those of SD video are nearly the same, and stay."""
_SRGB = 13
_OTHER_LIGHT = {
    8: "linear light",
    9: "a logarithmic curve",
    10: "a logarithmic curve",
    16: "HDR, PQ",
    17: "SMPTE ST 428",
    18: "HDR, HLG",
}
"""Transfer functions that show a wrong picture if they are taken for that of BT.709."""


def check_transfer(transfer: int, name: str) -> None:
    """Refuse light that would have to be tone-mapped. Raises BrokenFileError, which names the file `name`."""
    if transfer in _OTHER_LIGHT:
        raise BrokenFileError(
            f"{name}: its pictures are {_OTHER_LIGHT[transfer]}, which vidpipe cannot bring to a film's BT.709; "
            "export it anew in standard dynamic range (SDR, BT.709)"
        )


def wide_to_bt709(primaries: int, transfer: int) -> str | None:
    """Return the arguments of FFmpeg's colorspace filter for pictures whose matrix and range are BT.709's already.

    None where the primaries need no change. What lies outside of BT.709 is cut off, channel by channel.
    """
    if primaries not in _WIDE:
        return None
    curve = "iec61966-2-1" if transfer == _SRGB else "bt709"  # the others of SDR have BT.709's curve, or one like it
    before = f"ispace=bt709:irange=tv:iprimaries={_WIDE[primaries]}:itrc={curve}"
    return f"{before}:space=bt709:range=tv:primaries=bt709:trc={curve}:format=yuv420p"
