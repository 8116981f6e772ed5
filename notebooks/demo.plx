version 1
# The main job on the bundled pictures: ingest, embed with the built-in model, ask by text, by
# image and with conditions, export. Run by `make demo`; tables go to demo/.

create collection tiles --desc "Surfaces and simple products, drawn by this repository"
ingest tiles datasets/tiles/images --meta datasets/tiles/metadata.csv --key filename
embed tiles --as mini --model mini
load tiles@mini
list collections
describe tiles

# By text.
mugs = query tiles@mini --text "a red mug" --top 12 --columns rank,id,score,caption
export mugs --to demo/red-mug.csv --replace

# By a picture that is not in the collection.
cars = query tiles@mini --image datasets/tiles/queries/car-red-plastic-plain-wooden.jpg --top 12 --columns rank,id,score,caption
export cars --to demo/like-this-car.csv --replace

# By text, among the pictures whose metadata fulfil a condition.
faults = query tiles@mini --text "cracked ceramic tiles" --where "kind = 'surface' and severity >= 2" --top 12 --columns rank,id,score,product,defect,severity
export faults --to demo/cracked-surfaces.csv --replace

# By a picture and a text together, weighted.
mixed = query tiles@mini --image datasets/tiles/queries/mug-blue-ceramic-striped-white.jpg^0.6 --text "red"^0.4 --where "in_stock = true" --top 12 --columns rank,id,score,colour,price,caption
export mixed --to demo/red-like-this-mug.csv --replace
