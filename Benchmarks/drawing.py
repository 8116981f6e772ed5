"""A line drawing with two logarithmic axes, as SVG, for the measurements of how a cost grows."""

import math

STYLE = ("text{font:12px sans-serif;fill:#333}.grid{stroke:#ccc}polyline{fill:none;stroke-width:2}"
         "@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#555}}")
COLOURS = ["#06c", "#c50", "#080", "#a0a", "#088", "#880", "#c06", "#555"]
DASHES = ["", "6 3", "2 3", "8 3 2 3"]
LEFT, TOP, WIDTH, HEIGHT = 70, 30, 480, 260


def exponents(values):
    """The powers of ten that enclose some numbers."""
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def drawn(title, caption, axis, series):
    """`series`: for each name, points of two positive numbers. Colours and dashes tell series apart."""
    points = [point for each in series.values() for point in each]
    (first, last), (low, high) = exponents([x for x, _ in points]), exponents([y for _, y in points])
    last, high = max(last, first + 1), max(high, low + 1)

    def across(value):
        return LEFT + WIDTH * (math.log10(value) - first) / (last - first)

    def down(value):
        return TOP + HEIGHT * (1 - (math.log10(value) - low) / (high - low))

    body = []
    for power in range(low, high + 1):
        y = down(10.0 ** power)
        body.append(f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
                    f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0 ** power:g}</text>')
    body += [f'<text x="{across(10.0 ** power):.1f}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{10 ** power:,}</text>'
             for power in range(first, last + 1)]
    labels = sorted((down(each[-1][1]), name) for name, each in series.items())
    places, floor = {}, 0.0
    for y, name in labels:
        places[name] = floor = max(y, floor + 14)
    for number, (name, each) in enumerate(series.items()):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number // 2 % len(DASHES)]
        path = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in each)
        body.append(f'<polyline points="{path}" stroke="{colour}" stroke-dasharray="{dash}"/>')
        body += [f'<circle cx="{across(x):.1f}" cy="{down(y):.1f}" r="4" fill="{colour}">'
                 f"<title>{name}, {x:,}: {y:.3g}</title></circle>" for x, y in each]
        if len(series) > 1:
            body.append(f'<text x="{across(each[-1][0]) + 10:.1f}" y="{places[name] + 4:.1f}" style="fill:{colour}">{name}</text>')
    width = LEFT + WIDTH + (120 if len(series) > 1 else 20)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {TOP + HEIGHT + 50}" role="img">\n'
            f"<title>{title}</title>\n<style>{STYLE}</style>\n"
            f'<text x="{LEFT}" y="18">{caption}</text>\n' + "\n".join(body)
            + f'\n<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 40}" text-anchor="middle">{axis}</text>\n</svg>\n')
