version 1
# The main job on the bundled pictures: ingest, embed with the built-in model, ask by picture, by
# text and with conditions, export. Run by `make demo`; tables go to demo/.
#
# The built-in model learned from photographs. On these drawings it is good at materials, patterns,
# colours and copies; of the names of things it knows few, which a larger model changes.

create collection tiles --desc "Surfaces and simple products, drawn by this repository"
ingest tiles datasets/tiles/images --meta datasets/tiles/metadata.csv --key filename
embed tiles --as mini --model mini
load tiles@mini
list collections
describe tiles

# By a picture that is not in the collection.
bricks = query tiles@mini --image datasets/tiles/queries/brick-terracotta-clay-plain-none.jpg --top 12 --columns rank,id,score,caption
export bricks --to demo/like-these-bricks.csv --replace

# By a text, among the products.
shoes = query tiles@mini --text "a red shoe" --where "kind = 'product'" --top 12 --columns rank,id,score,caption
export shoes --to demo/red-shoe.csv --replace

# By the same picture, among what has a crack.
cracked = query tiles@mini --image datasets/tiles/queries/brick-terracotta-clay-plain-none.jpg --where "defect = 'crack' and severity >= 2" --top 12 --columns rank,id,score,defect,severity,caption
export cracked --to demo/cracked-like-these-bricks.csv --replace

# By a picture and a text together, weighted: this cloth, but red, in stock.
cloth = query tiles@mini --image datasets/tiles/queries/fabric-blue-cotton-striped-none.jpg^0.5 --text "red fabric"^0.5 --where "kind = 'surface' and in_stock = true" --top 12 --columns rank,id,score,price,caption
export cloth --to demo/this-cloth-in-red.csv --replace

# An altered copy of a picture of the collection: the original and its other copies come first.
copies = query tiles@mini --image datasets/tiles/queries/copy-of-mug-006.jpg --top 5 --columns rank,id,score,caption
export copies --to demo/copies-of-a-mug.csv --replace
