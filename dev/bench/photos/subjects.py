"""Three ways to make the same files of a photo. Each takes the photo and the sizes to make, by role."""

import io
from collections.abc import Callable, Mapping

from PIL import Image, ImageCms, ImageOps

import imaging
from imaging import renditions

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

Sizes = Mapping[str, tuple[int, int]]
Subject = Callable[[bytes, Sizes], dict[str, bytes]]


def ours(data: bytes, sizes: Sizes) -> dict[str, bytes]:
    rendered = imaging.render(io.BytesIO(data))
    made = (*rendered.renditions, rendered.master)
    return {f"{each.role}.{each.extension}": each.content for each in made}


def vips(data: bytes, sizes: Sizes) -> dict[str, bytes]:
    """Render with libvips as its authors recommend: shrink on load, convert by profile, then the same cascade.

    Our recipe with its resizer, by one thread, into the same encoders.
    """
    import pyvips  # here, so that it takes none of the others' memory

    pyvips.cache_set_max(0)
    profiled = pyvips.Image.new_from_buffer(data, "").get_typeof("icc-profile-data")
    colour = {"output_profile": "srgb", "intent": "relative"} if profiled else {}
    width, height = sizes["master"]
    master = pyvips.Image.thumbnail_buffer(data, width, height=height, size="force", **colour).copy_memory()
    whole, made = [master], {}
    for role, (width, height) in sorted(sizes.items(), key=lambda item: item[1], reverse=True):
        if role == "master":
            continue
        fits = (each for each in reversed(whole) if each.width >= width and each.height >= height)
        source = next(fits, master)
        made[role] = source.thumbnail_image(width, height=height, crop="centre", no_rotate=True).copy_memory()
        if role.isdecimal():
            whole.append(made[role])
    files = {"master.jpg": master.jpegsave_buffer(Q=92, subsample_mode="on", keep="none")}
    for role, image in made.items():
        files[f"{role}.avif"] = image.heifsave_buffer(
            compression="av1", Q=60, effort=0, subsample_mode="on", keep="none"
        )
        files[f"{role}.jpg"] = image.jpegsave_buffer(
            Q=75, optimize_coding=True, interlace=True, subsample_mode="on", keep="none"
        )
    return files


def plain(data: bytes, sizes: Sizes) -> dict[str, bytes]:
    """Render with Pillow in the obvious way: open, turn and resize the whole photo for each size."""
    files = {}
    for role, size in sizes.items():
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        if profile := image.info.get("icc_profile"):
            embedded, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), SRGB
            image = ImageCms.ImageCmsTransform(embedded, srgb, image.mode, "RGB").apply(image)
        image = ImageOps.fit(image.convert("RGB"), size, Image.Resampling.LANCZOS)
        if role == "master":
            files["master.jpg"] = renditions.encoded(image, renditions.MASTER)
        else:
            files[f"{role}.avif"] = renditions.encoded(image, renditions.AVIF)
            files[f"{role}.jpg"] = renditions.encoded(image, renditions.JPEG)
    return files


SUBJECTS: dict[str, Subject] = {"Red Book": ours, "pyvips": vips, "plain Pillow": plain}
