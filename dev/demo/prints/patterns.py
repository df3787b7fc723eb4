"""Drawings of leaves, lines, heights, stitches and dots."""

import math
from collections.abc import Iterator
from random import Random

from PIL import ImageDraw

from dev.demo.prints.ink import Point, box, mix


def cutouts(draw: ImageDraw.ImageDraw, width: int, height: int, colors: list[str], random: Random) -> None:
    columns, rows = 3, round(3 * height / width)
    for row in range(rows):
        for column in range(columns):
            ground = colors[(column + 2 * row) % len(colors)]
            left, top = width * column / columns, height * row / rows
            draw.rectangle((left, top, left + width / columns + 1, top + height / rows + 1), fill=ground)
    for row in range(rows):
        for column in range(columns):
            leaf = colors[(column + 2 * row + random.choice((2, 3, 4))) % len(colors)]
            x, y = width * (column + 0.5) / columns, height * (row + 0.5) / rows
            _frond(draw, x, y, width / columns * 0.46, random.uniform(-0.7, 0.7), leaf, random)


def _frond(
    draw: ImageDraw.ImageDraw, x: float, y: float, size: float, turn: float, color: str, random: Random
) -> None:
    lobes = random.choice((4, 5, 6))
    for place in range(lobes + 1):
        along = 2 * place / lobes - 1
        reach = size * (0.95 - 0.35 * abs(along))
        for side in (-1, 1):
            angle = turn + (side * 0.95 if place < lobes else 0)
            foot = (x + size * along * math.sin(turn), y - size * along * math.cos(turn))
            draw.polygon(list(_lobe(*foot, angle, reach, size * 0.17)), fill=color)


def _lobe(x: float, y: float, angle: float, reach: float, breadth: float) -> Iterator[Point]:
    """Yield a rounded finger from (x, y) outwards; an angle of 0 points up."""
    for step in range(40):
        turn = math.tau * step / 40
        along, across = reach * (1 - math.cos(turn)) / 2, breadth * math.sin(turn)
        yield (
            x + along * math.sin(angle) + across * math.cos(angle),
            y - along * math.cos(angle) + across * math.sin(angle),
        )


def bus_lines(draw: ImageDraw.ImageDraw, width: int, height: int, colors: list[str], random: Random) -> None:
    unit = width / 12
    routes = [
        [(1, 2), (4, 2), (7, 5), (7, 9), (9, 11), (11, 11)],
        [(1, 10), (3, 8), (3, 5), (6, 2), (11, 2)],
        [(2, 1), (2, 4), (5, 7), (9, 7), (11, 5)],
        [(1, 7), (5, 7), (8, 4), (11, 4), (11, 9)],
        [(4, 11), (6, 9), (6, 6), (9, 3), (9, 1)],
    ]
    for route, color in zip(routes, colors[1:], strict=True):
        points = [(x * unit, y * unit) for x, y in route]
        draw.line(points, fill=color, width=round(unit * 0.34), joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse(box(x, y, unit * 0.17), fill=color)
    for x, y in {stop for route in routes for stop in route} | {
        (5, 7),
        (6, 7),
        (7, 7),
        (7, 5),
        (3, 5),
        (9, 7),
    }:
        draw.ellipse(box(x * unit, y * unit, unit * 0.2), fill="#2a2725")
        draw.ellipse(box(x * unit, y * unit, unit * 0.125), fill=colors[0])


def contours(draw: ImageDraw.ImageDraw, width: int, height: int, colors: list[str], random: Random) -> None:
    peaks = [(0.36, 0.38, 0.5), (0.72, 0.62, 0.4), (0.24, 0.82, 0.3)]
    wobbles = [[(k, random.uniform(0, math.tau), 0.16 / k) for k in range(2, 7)] for _ in peaks]
    levels = 11
    for level in range(levels):
        shade = mix(colors[2 + level * 3 // levels], colors[3 + level * 3 // levels], level * 3 / levels % 1)
        rings = []
        for (x, y, reach), wobble in zip(peaks, wobbles, strict=True):
            size = width * reach * (1 - level / levels * 0.92)
            turns = [math.tau * step / 180 for step in range(180)]
            radii = [
                size * (1 + sum(a * math.sin(k * turn + phase + 0.12 * level) for k, phase, a in wobble))
                for turn in turns
            ]
            rings.append(
                [
                    (x * width + r * math.cos(t), y * height + r * math.sin(t))
                    for r, t in zip(radii, turns, strict=True)
                ]
            )
        for ring in rings:
            draw.line([*ring, ring[0]], fill=colors[5], width=5)
        for ring in rings:
            draw.polygon(ring, fill=shade)
    for _ in range(46):
        x, y = random.uniform(0.05, 0.95) * width, random.uniform(0.05, 0.95) * height
        draw.ellipse(box(x, y, width * 0.007), fill=colors[1])


KNIT_CHART = """
....1.......1.......
...111.....111......
..11211...11211.....
.1122211.1122211....
..11211...11211.....
...111.....111......
....1.......1.......
....................
33333333333333333333
....................
......333......333..
.....3...3....3...3.
....3.3.3.3..3.3.3.3
....3..3..3..3..3..3
....3.3.3.3..3.3.3.3
.....3...3....3...3.
......333......333..
....................
33333333333333333333
....................
"""


def knit(draw: ImageDraw.ImageDraw, width: int, height: int, colors: list[str], random: Random) -> None:
    chart = KNIT_CHART.split()
    columns = 60
    wide = width / columns
    tall = wide * 0.86
    draw.rectangle((0, 0, width, height), fill=colors[2])
    for row in range(-1, round(height / tall) + 1):
        for column in range(columns):
            stitch = chart[row % len(chart)][column % len(chart[0])]
            yarn = {".": colors[1], "1": colors[0], "2": colors[3], "3": colors[0]}[stitch]
            shade = mix(yarn, "#2a1010", random.uniform(0, 0.14))
            x, y = (column + 0.5) * wide, row * tall
            for side in (-1, 1):
                slant = [(0.02, 0.95), (0.05, 0.35), (0.36, -0.28), (0.49, 0.0), (0.44, 0.62), (0.1, 1.28)]
                draw.polygon(
                    [(x + side * across * wide, y + down * tall) for across, down in slant], fill=shade
                )


def coffee_dots(
    draw: ImageDraw.ImageDraw, width: int, height: int, colors: list[str], random: Random
) -> None:
    rows, columns = 20, 15
    gap = width / (columns + 1)
    for row in range(rows):
        for column in range(random.randint(6, columns)):
            x, y = gap * (column + 1), gap * (row + 1) * (height / width) * (columns + 1) / (rows + 1)
            color, radius = random.choice(colors[1:]), gap * random.uniform(0.2, 0.46)
            if random.random() < 0.16:
                draw.ellipse(box(x, y, radius), outline=color, width=round(gap * 0.07))
            else:
                draw.ellipse(box(x, y, radius), fill=color)
