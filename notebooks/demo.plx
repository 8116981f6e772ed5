version 1
# The main job on the bundled images: ingest, embed with the built-in model, query by image, by
# text and with conditions, export. `make demo` runs it; tables go to demo/.
#
# The built-in model was trained on photographs. On these drawings it is good at materials, patterns,
# colours and copies, but it knows few names of things; a larger model knows more.

create collection tiles --desc "Surfaces and simple products, drawn by this repository"
ingest tiles datasets/tiles/images --meta datasets/tiles/metadata.csv --key filename
embed tiles --as mini --model mini
load tiles@mini
list collections
describe tiles

# By an image that is not in the collection.
bricks = query tiles@mini --image datasets/tiles/queries/brick-terracotta-clay-plain-none.jpg --top 12 --columns rank,id,score,caption
export bricks --to demo/like-these-bricks.csv --replace

# By a text, among the products.
shoes = query tiles@mini --text "a red shoe" --where "kind = 'product'" --top 12 --columns rank,id,score,caption
export shoes --to demo/red-shoe.csv --replace

# By the same image, among the items with a crack.
cracked = query tiles@mini --image datasets/tiles/queries/brick-terracotta-clay-plain-none.jpg --where "defect = 'crack' and severity >= 2" --top 12 --columns rank,id,score,defect,severity,caption
export cracked --to demo/cracked-like-these-bricks.csv --replace

# By an image and a text together, weighted: this cloth, but red, and in stock.
cloth = query tiles@mini --image datasets/tiles/queries/fabric-blue-cotton-striped-none.jpg^0.5 --text "red fabric"^0.5 --where "kind = 'surface' and in_stock = true" --top 12 --columns rank,id,score,price,caption
export cloth --to demo/this-cloth-in-red.csv --replace

# An altered copy of an image in the collection: the original and its other copies come first.
copies = query tiles@mini --image datasets/tiles/queries/copy-of-mug-006.jpg --top 5 --columns rank,id,score,caption
export copies --to demo/copies-of-a-mug.csv --replace
