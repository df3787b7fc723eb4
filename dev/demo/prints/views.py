"""Drawings of hills, seas and skies."""

import math
from random import Random

from PIL import ImageDraw

from dev.demo.prints.ink import box, mix


def hills(draw: ImageDraw.ImageDraw, width: int, height: int, colors: list[str], random: Random) -> None:
    radius, x, y = width * 0.2, width * 0.62, height * 0.36
    draw.ellipse(box(x, y, radius), fill=colors[1])
    for stripe in range(5):
        top = y + radius * (0.15 + 0.17 * stripe)
        draw.rectangle((x - radius, top, x + radius, top + radius * (0.02 + 0.016 * stripe)), fill=colors[0])
    for layer in range(7):
        shade = mix(colors[2 + layer // 2], colors[min(5, 3 + layer // 2)], layer % 2 / 2)
        base = height * (0.49 + 0.08 * layer)
        swells = [(random.uniform(0.5, 2.6), random.uniform(0, math.tau), 0.05 / (n + 1)) for n in range(4)]
        ridge = [
            (step, base + height * sum(a * math.sin(f * math.tau * step / width + p) for f, p, a in swells))
            for step in range(0, width + 12, 12)
        ]
        draw.polygon([*ridge, (width, height), (0, height)], fill=shade)


def waves(draw: ImageDraw.ImageDraw, width: int, height: int, colors: list[str], random: Random) -> None:
    draw.ellipse(box(width * 0.27, height * 0.14, width * 0.09), fill=colors[2])
    radius = width / 9
    for row in range(17):
        y = height * 0.3 + row * radius * 0.62
        if row == 1:
            _boat(draw, width * 0.62, y - radius * 0.35, radius, colors)
        for column in range(-1, 7):
            x = (2 * column + row % 2) * radius
            for ring, color in enumerate((colors[5], colors[2], colors[4], colors[2], colors[3], colors[0])):
                draw.ellipse(box(x, y + radius, radius * (1 - 0.17 * ring)), fill=color)


def _boat(draw: ImageDraw.ImageDraw, x: float, y: float, unit: float, colors: list[str]) -> None:
    draw.polygon([(x, y), (x, y - 2.6 * unit), (x + 1.5 * unit, y - 0.2 * unit)], fill=colors[5])
    draw.polygon(
        [(x - 0.15 * unit, y), (x - 0.15 * unit, y - 2.2 * unit), (x - unit, y - 0.2 * unit)], fill=colors[4]
    )
    keel = [(-1.7, 0), (2, 0), (1.3, 1.1), (-1.1, 1.1)]
    draw.polygon([(x + unit * across, y + unit * down) for across, down in keel], fill=colors[1])


def star_trails(
    draw: ImageDraw.ImageDraw, width: int, height: int, colors: list[str], random: Random
) -> None:
    for top in range(0, height, 8):
        draw.rectangle((0, top, width, top + 7), fill=mix(colors[5], colors[2], (top / height) ** 1.6))
    pole = (width * 0.58, height * 0.42)
    for _ in range(300):
        radius, start = height * 0.95 * random.random() ** 0.75, random.uniform(0, 360)
        tint = mix(
            random.choice(["#ffe9c2", "#ffffff", "#bcd4ff", "#ffd0a8"]), colors[4], random.random() ** 2 * 0.8
        )
        draw.arc(box(*pole, radius), start, start + 26, fill=tint, width=random.choice((3, 3, 4, 6)))
    ridge = [
        (x, height * (0.86 + 0.035 * math.sin(x / width * 5) + 0.02 * math.sin(x / width * 13)))
        for x in range(0, width + 10, 10)
    ]
    draw.polygon([*ridge, (width, height), (0, height)], fill="#05070f")
    for _ in range(60):
        x, y = ridge[random.randrange(len(ridge))]
        tall = height * random.uniform(0.02, 0.075)
        for tier in range(3):
            tip, half = y + tall * (0.3 * tier - 1), tall * (0.12 + 0.07 * tier)
            draw.polygon(
                [(x, tip), (x - half, tip + tall * 0.45), (x + half, tip + tall * 0.45)], fill="#05070f"
            )


def moons(draw: ImageDraw.ImageDraw, width: int, height: int, colors: list[str], random: Random) -> None:
    draw.rectangle((0, 0, width, height), fill=colors[4])
    columns, rows = 5, 6
    for day in range(columns * rows):
        x = width * (day % columns + 0.8) / (columns + 0.6)
        y = height * (day // columns + 0.8) / (rows + 0.6)
        radius, phase = width * 0.068, day / 29.5 * math.tau
        draw.ellipse(box(x, y, radius), fill=colors[3])
        edge = [math.radians(degree) for degree in range(-90, 91, 3)]
        side = 1 if phase < math.pi else -1
        lit = [(x + side * radius * math.cos(a), y + radius * math.sin(a)) for a in edge]
        line = [
            (x + side * math.cos(phase) * radius * math.cos(a), y + radius * math.sin(a))
            for a in reversed(edge)
        ]
        draw.polygon([*lit, *line], fill=colors[1])
