"""The rows of immediate-rows.ts in PyImageCUDA and PyTorch, by the same names: JSON on stdout, reasons for what is absent.

One wait at the end of enough calls, five times, the median, as in immediate.ts.
"""

import json
import math
import sys
import time
import types

times = []
absent = {}
SIZES = (("64x64", 64, 64), ("1080p", 1920, 1080), ("4K", 3840, 2160))
EIGHT = "u8 to f32, 6 ops in place, to u8"


def median_microseconds(call, wait):
    for _ in range(20):
        call()
    wait()
    runs = []
    for _ in range(5):
        begin = time.perf_counter()
        for _ in range(200):
            call()
        wait()
        runs.append((time.perf_counter() - begin) / 200 * 1e6)
    return round(sorted(runs)[2], 1)


def add(peer, name, size, call, wait):
    times.append({"peer": peer, "name": name, "size": size, "microseconds": median_microseconds(call, wait)})


def blurs_and_halves(size):
    """Which rows there are beside the eight calls."""
    return size == "1080p", size in ("1080p", "4K")


def run_pyimagecuda():
    # It imports pyvips for files, which are not read here.
    sys.modules.setdefault("pyvips", types.ModuleType("pyvips"))
    import pyimagecuda as p

    wait = p.cuda_sync
    for size, w, h in SIZES:
        a, b, temp, half, data = p.Image(w, h), p.Image(w, h), p.Image(w, h), p.Image(w // 2, h // 2), p.ImageU8(w, h)
        p.Fill.color(a, (1.0, 0.5, 0.0, 0.8))
        p.Fill.color(b, (0.5, 0.2, 0.1, 1.0))
        p.convert_float_to_u8(data, a)

        def eight():
            p.convert_u8_to_float(temp, data)
            p.Adjust.brightness(temp, 0.05)
            p.Adjust.contrast(temp, 1.1)
            p.Adjust.saturation(temp, 1.2)
            p.Adjust.gamma(temp, 1.1)
            p.Adjust.hue(temp, 10.0)
            p.Effect.vignette(temp)
            p.convert_float_to_u8(data, temp)

        rows = {EIGHT: eight}
        blurs, halves = blurs_and_halves(size)
        if not halves or blurs:
            rows["brightness in place"] = lambda: p.Adjust.brightness(b, 0.001)
        if blurs:
            for radius in (3, 20, 100):
                rows[f"gaussianBlur radius {radius}, dst and temp"] = lambda radius=radius: p.Filter.gaussian_blur(
                    a, radius, dst_buffer=b, temp_buffer=temp
                )
            rows["resize to half, bilinear, dst"] = lambda: p.Resize.bilinear(a, w // 2, h // 2, dst_buffer=half)
            rows["blend normal"] = lambda: p.Blend.normal(b, a)
        if halves:
            rows["resize to half, lanczos, dst"] = lambda: p.Resize.lanczos(a, w // 2, h // 2, dst_buffer=half)
        for name, call in rows.items():
            add("PyImageCUDA", name, size, call, wait)


def run_torch():
    import torch
    import torch.nn.functional as functional

    wait = torch.cuda.synchronize
    on = {"device": "cuda"}
    luma = torch.tensor([0.299, 0.587, 0.114], **on)
    cos, sin, third = math.cos(math.radians(10)), math.sin(math.radians(10)), 1 / 3
    side, up, down = cos + (1 - cos) * third, third * (1 - cos) + math.sqrt(third) * sin, third * (1 - cos) - math.sqrt(third) * sin
    turn = torch.tensor([[side, down, up], [up, side, down], [down, up, side]], **on)

    def eight(u8):
        x = u8.float() / 255
        rgb, alpha = x[..., :3], x[..., 3:]
        rgb = (rgb + 0.05 - 0.5) * 1.1 + 0.5
        grey = (rgb * luma).sum(-1, keepdim=True)
        rgb = (grey + (rgb - grey) * 1.2).clamp(min=0) ** (1 / 1.1)
        rgb = torch.stack([(rgb * turn[i]).sum(-1) for i in range(3)], -1)
        height, width = u8.shape[:2]
        v = (torch.arange(height, **on) + 0.5) / height * 2 - 1
        u = (torch.arange(width, **on) + 0.5) / width * 2 - 1
        t = (torch.sqrt(v[:, None] ** 2 + u[None] ** 2) - 0.4).clamp(0, 1)
        rgb = rgb * (1 - t * t * (3 - 2 * t))[..., None]
        return (torch.cat([rgb, alpha], -1).clamp(0, 1) * 255 + 0.5).to(torch.uint8)

    fused = torch.compile(eight, mode="max-autotune-no-cudagraphs", dynamic=False)
    for size, w, h in SIZES:
        u8 = torch.randint(0, 256, (h, w, 4), dtype=torch.uint8, **on)
        add("torch.compile", EIGHT, size, lambda: fused(u8), wait)
        if not blurs_and_halves(size)[1]:
            continue
        x = torch.rand(1, 4, h, w, **on).contiguous(memory_format=torch.channels_last)
        half = lambda: functional.interpolate(x, scale_factor=0.5, mode="bilinear", antialias=True)
        if size == "1080p":
            add("torch.compile", "resize to half, bilinear, dst", size, half, wait)


for peer, run in (("PyImageCUDA", run_pyimagecuda), ("torch.compile", run_torch)):
    try:
        run()
    except Exception as error:  # report and skip a peer that is missing or does not support this GPU
        absent[peer] = f"{type(error).__name__}: {error}"

print(json.dumps({"times": times, "absent": absent}))
