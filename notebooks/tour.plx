version 1
# The commands of tour.md; written by scripts/tour.

create collection tiles --desc "Surfaces and simple products, drawn by this repository"
ingest tiles datasets/tiles/images --meta datasets/tiles/metadata.csv --key filename
list collections
describe tiles

sync tiles

embed tiles --as mini --model mini
load tiles@mini
list spaces
describe tiles@mini

let k = 8
mugs = query tiles@mini --text "a red mug" --top $k --columns rank,id,score,caption
cars = query tiles@mini --image datasets/tiles/queries/car-red-plastic-plain-wooden.jpg --top $k --columns rank,id,score,caption
kin = query tiles@mini --like teapot-004 --top $k --columns rank,id,score,caption

mixed = query tiles@mini --image datasets/tiles/queries/mug-blue-ceramic-striped-white.jpg^0.6 --text "red"^0.4 --top $k --columns rank,id,score,colour,caption

faults = query tiles@mini --text "cracked tiles" --where "defect in ('crack', 'chip') and severity >= 2" --top $k --columns rank,id,score,product,defect,severity
cheap = query tiles@mini --text "something to drink tea from" --where "price between 5 and 20 and in_stock = true" --top $k --columns rank,id,score,price,caption
recent = query tiles@mini --text "lamp" --where "made_on >= '2022-01-01' and price is not null" --top $k --columns rank,id,score,made_on,price

near = query tiles@mini --text "wooden chair" --top 50 --columns rank,id,score,material,caption | filter --min-score 0.2

show mugs --columns rank,id,score --rows 3
describe mugs
list results

export mugs --to mugs.csv --replace
export faults --to faults.md --columns rank,id,score,defect --replace

set show.precision 3
show mugs --rows 3
reset show.precision
show settings

use tiles@mini
help query
history
unload tiles@mini
