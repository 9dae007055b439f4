"""Pictures, made small: upright, without metadata, as a model can be shown them. What they say is read elsewhere."""

from __future__ import annotations

import base64
import io
import warnings
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from agents.errors import UnreadableError
from agents.tools.parsing.spans import Picture, Sheet

LONGEST_EDGE: Final = 1_568  # pixels; the vendor shrinks what is larger
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
_SPACER: Final = 32  # pixels; what is no wider or higher is a bullet or a line
_QUALITY: Final = 88
_WHITE: Final = (255, 255, 255)

Image.MAX_IMAGE_PIXELS = None  # our own limit is lower, and says so in a sentence


def read(sheet: Sheet, content: bytes) -> None:
    """Keep the picture; of one that moves, the first frame.

    Raises:
        UnreadableError: It has too many pixels, or is damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow finds odd is either refused below or read all the same
            opened = Image.open(io.BytesIO(content), formats=_FORMATS)
            check_size(sheet, *opened.size)
            sheet.add_picture(small(opened))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as damaged:
        raise UnreadableError(f"{sheet.name!r} is a damaged picture. Send it again.") from damaged


def add(sheet: Sheet, label: str, content: bytes) -> None:
    """Keep a picture that stands in a document; one that is too large or cannot be opened is named, a spacer is nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(content), formats=_FORMATS)
            if min(opened.size) <= _SPACER:
                return
            if not sheet.has_room or opened.width * opened.height > sheet.limits.pixels:
                sheet.leave(label)
            else:
                sheet.add_picture(small(opened, label))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        sheet.leave(label)


def check_size(sheet: Sheet, width: int, height: int) -> None:
    """Refuse a picture that unpacks to more pixels than the limit, before any of it is unpacked.

    Raises:
        UnreadableError: Says how large it is, and what to do.
    """
    if width * height > sheet.limits.pixels:
        most = sheet.limits.pixels // 1_000_000
        raise UnreadableError(
            f"{sheet.name!r} is a picture of {width:,} by {height:,} pixels; at most {most} million are read. "
            "Send it smaller, or the part that matters."
        )


def small(opened: Image.Image, label: str = "") -> Picture:
    """Return a picture as a JPEG of at most `LONGEST_EDGE`: only its pixels stay, upright and on white.

    Args:
        opened: The picture, not yet unpacked.
        label: Which part of the document it is; empty for all of it.
    """
    opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    held = io.BytesIO()
    _opaque(upright).save(held, "JPEG", quality=_QUALITY, exif=b"", icc_profile=None, comment=b"")
    return Picture(label, base64.b64encode(held.getvalue()).decode("ascii"))


def _opaque(image: Image.Image) -> Image.Image:
    """Return the pixels alone: a new image carries nothing else of the old one."""
    if image.mode.startswith("I"):  # sixteen bits a pixel, which Pillow would cut off at eight
        image = image.point(lambda value: value / 256).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    shown = image.convert("RGBA")
    flat = Image.new("RGB", shown.size, _WHITE)
    flat.paste(shown, mask=shown.getchannel("A"))
    return flat
