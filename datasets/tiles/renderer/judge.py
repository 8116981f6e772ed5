"""Queries, graded relevance and the true near-duplicate pairs, all from the plan and never from the pixels."""

# (text, what answers it wholly: grade 2, what answers it in part: grade 1); a value may be a list.
TEXTS = [
    ("red mug", {"product": "mug", "colour": "red"}, {"product": "mug"}),
    ("teapot", {"product": "teapot"}, {}),
    ("a wooden chair", {"product": "chair", "material": "wood"}, {"product": ["chair", "stool"]}),
    ("glass bottle", {"product": "bottle", "material": "glass"}, {"product": "bottle"}),
    ("table lamp with a wooden foot", {"product": "lamp", "material": "wood"}, {"product": "lamp"}),
    ("toy car", {"product": "car"}, {}),
    ("alarm clock", {"product": "clock"}, {}),
    ("a pair of leather shoes", {"product": "shoe", "material": "leather"}, {"product": "shoe"}),
    ("striped cushion", {"product": "cushion", "pattern": "striped"}, {"product": "cushion"}),
    ("polka dot pillow", {"product": "cushion", "pattern": "dotted"}, {"product": "cushion"}),
    ("beach ball", {"product": "ball", "pattern": "striped"}, {"product": "ball"}),
    ("gift box", {"product": "box", "material": "paper"}, {"product": "box"}),
    ("books on a table", {"product": "book", "background": "wooden"}, {"product": "book"}),
    ("something to drink tea from", {"product": "mug"}, {"product": ["teapot", "bowl"]}),
    ("flower vase made of glass", {"product": "vase", "material": "glass"}, {"product": "vase"}),
    ("dotted ceramic bowl", {"product": "bowl", "pattern": "dotted"}, {"product": "bowl"}),
    ("copper metal", {"product": "metal", "colour": "copper"}, {"colour": "copper"}),
    ("cracked tile", {"product": "tile", "defect": "crack"}, {"defect": "crack"}),
    ("chipped glaze", {"product": "tile", "defect": "chip"}, {"defect": "chip"}),
    ("coffee stain on fabric", {"product": "fabric", "defect": "stain"}, {"defect": "stain"}),
    ("torn cloth", {"defect": "tear"}, {"product": "fabric"}),
    ("scratched metal", {"product": "metal", "defect": "scratch"}, {"defect": "scratch"}),
    ("misprinted pattern", {"defect": "misprint"}, {}),
    ("brick wall with a crack", {"product": "brick", "defect": "crack"}, {"product": "brick"}),
    ("black marble with white veins", {"product": "marble", "colour": "black"}, {"product": "marble"}),
    ("blue and white azulejo tiles", {"product": "tile", "colour": "blue", "pattern": ["star", "rings", "petals", "checked"]},
     {"product": "tile", "colour": "blue"}),
    ("red checked tablecloth", {"product": "fabric", "colour": "red"}, {"product": "fabric", "pattern": "checked"}),
    ("weathered grey wooden planks", {"product": "wood", "colour": "grey"}, {"product": "wood"}),
    ("white painted brick", {"product": "brick", "colour": "white"}, {"product": "brick"}),
    ("a broken vase", {"product": "vase", "defect": "crack"}, {"product": "vase"}),
]

# New pictures, in no collection: (what to draw, what answers wholly, what in part).
IMAGES = [
    ("mug blue ceramic striped white", {"product": "mug", "colour": "blue"}, {"product": "mug"}),
    ("chair brown wood plain blue", {"product": "chair", "material": "wood"}, {"product": ["chair", "stool"]}),
    ("teapot red ceramic plain grey", {"product": "teapot", "colour": "red"}, {"product": "teapot"}),
    ("shoe red leather plain white", {"product": "shoe", "colour": "red"}, {"product": "shoe"}),
    ("car red plastic plain wooden", {"product": "car", "colour": "red"}, {"product": "car"}),
    ("cushion green fabric dotted pink", {"product": "cushion", "pattern": "dotted"}, {"product": "cushion"}),
    ("tile blue ceramic star none", {"product": "tile", "pattern": "star"}, {"product": "tile"}),
    ("tile white ceramic plain crack", {"product": "tile", "defect": "crack"}, {"defect": "crack"}),
    ("brick terracotta clay plain none", {"product": "brick", "colour": ["terracotta", "red"]}, {"product": "brick"}),
    ("fabric blue cotton striped none", {"product": "fabric", "pattern": "striped"}, {"product": "fabric"}),
    ("marble white stone plain none", {"product": "marble", "colour": "white"}, {"product": "marble"}),
    ("wood brown wood plain stain", {"product": "wood", "defect": "stain"}, {"product": "wood"}),
]

# A picture and words that change it.
BOTH = [
    ("mug blue ceramic striped white", "in red", {"product": "mug", "colour": "red"}, {"product": "mug"}),
    ("chair brown wood plain blue", "made of plastic", {"product": "chair", "material": "plastic"}, {"product": "chair"}),
    ("tile blue ceramic star none", "with a crack", {"product": "tile", "defect": "crack"}, {"product": "tile"}),
    ("fabric blue cotton striped none", "with dots", {"product": "fabric", "pattern": "dotted"}, {"product": "fabric"}),
]


# Rerankers that read a text need questions of texts alone, methods of pictures those of pictures alone.
PARTS = {
    "texts": lambda question: not question[2],
    "pictures": lambda question: not question[1],
}


def matches(row, wanted):
    return bool(wanted) and all(
        row[field] in (value if isinstance(value, list) else [value]) for field, value in wanted.items()
    )


def query_pictures():
    """File name -> what to draw, one per distinct description."""
    names = dict.fromkeys([words for words, *_ in IMAGES] + [words for words, *_ in BOTH])
    return {f"queries/{words.replace(' ', '-')}.jpg": words for words in names}


def copies_asked_for(rows):
    """Pictures of the set itself, altered again: the query is where else it has been published."""
    groups = {}
    for row in rows:
        if row["variant"]:
            groups.setdefault(row["seed"], []).append(row)
    return [copies[0]["original"] for _, copies in sorted(groups.items())][::6][:6]


def judgements(rows):
    """(queries, qrels): rows of queries.csv and of qrels.tsv."""
    asked = [(text, "", full, near) for text, full, near in TEXTS]
    path = {words: name for name, words in query_pictures().items()}
    asked += [("", path[words], full, near) for words, full, near in IMAGES]
    asked += [(text, path[words], full, near) for words, text, full, near in BOTH]
    queries, qrels = [], []
    for text, image, full, near in asked:
        qid = f"q{len(queries) + 1:02d}"
        queries.append((qid, text, image))
        for row in rows:
            grade = 2 if matches(row, full) else 1 if matches(row, near) else 0
            if grade:
                qrels.append((qid, "0", row["id"], str(grade)))
    for original in copies_asked_for(rows):
        qid = f"q{len(queries) + 1:02d}"
        queries.append((qid, "", f"queries/copy-of-{original['id']}.jpg"))
        for row in rows:
            alike = row["product"] == original["product"] and row["colour"] == original["colour"]
            grade = 2 if row["seed"] == original["seed"] else 1 if alike else 0
            if grade:
                qrels.append((qid, "0", row["id"], str(grade)))
    return queries, qrels


def duplicates(rows):
    """Every pair of pictures made from one original, with what was done to the second."""
    groups = {}
    for row in rows:
        groups.setdefault(row["seed"], []).append(row)
    pairs = []
    for group in groups.values():
        group = sorted(group, key=lambda row: (row["variant"] != "", row["id"]))
        for i, first in enumerate(group):
            for second in group[i + 1 :]:
                what = "+".join(filter(None, [first["variant"], second["variant"]]))
                pairs.append((first["id"], second["id"], what))
    return sorted(pairs)
