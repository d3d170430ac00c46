"""The low-resolution stream of a Pi camera comes as YUV 4:2:0; everything above wants RGB."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def yuv420_to_rgb(planes: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Turn planar YUV 4:2:0 into read-only RGB of shape (height, width, 3).

    `planes` is uint8 of shape (height * 3 / 2, stride) as picamera2 hands it out: `height` rows of Y, then U and V
    at half size, two of their rows in each row of the array. The stride may be wider than the picture; the padding
    is cut off. Full-range BT.601 (JPEG), which is the colour space of picamera2's preview configurations (`Sycc`).

    Raises:
        ValueError: the array does not have that shape, or width or height is odd.
    """
    rows, stride = planes.shape
    if width % 2 or height % 2 or stride % 2:
        raise ValueError(f"YUV 4:2:0 needs even sizes, got {width}x{height} with stride {stride}")
    if rows != height * 3 // 2 or stride < width:
        raise ValueError(f"YUV 4:2:0 of {width}x{height} needs {height * 3 // 2} rows, got {rows} of {stride} bytes")
    half_rows = np.ascontiguousarray(planes[height:]).reshape(height, stride // 2)
    chroma = (half_rows[: height // 2, : width // 2], half_rows[height // 2 :, : width // 2])
    bands = [planes[:height, :width], *(plane.repeat(2, axis=0).repeat(2, axis=1) for plane in chroma)]
    picture = Image.merge("YCbCr", [Image.fromarray(np.ascontiguousarray(band)) for band in bands])
    pixels = np.array(picture.convert("RGB"), dtype=np.uint8)
    pixels.setflags(write=False)
    return pixels
