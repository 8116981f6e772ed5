version 1
# The commands of tour.md; written by scripts/notebooks.

create collection tour --desc "Surfaces and simple products, drawn by this repository"
ingest tour datasets/tiles/images --meta datasets/tiles/metadata.csv --key filename
list collections
describe tour

sync tour

embed tour --as mini --model mini
load tour@mini
list spaces
describe tour@mini

let k = 8
bricks = query tour@mini --image datasets/tiles/queries/brick-terracotta-clay-plain-none.jpg --top $k --columns rank,id,score,caption
kin = query tour@mini --like teapot-004 --top $k --columns rank,id,score,caption
shoes = query tour@mini --text "a red shoe" --top $k --columns rank,id,score,caption

cloth = query tour@mini --image datasets/tiles/queries/fabric-blue-cotton-striped-none.jpg^0.5 --text "red fabric"^0.5 --where "kind = 'surface'" --top $k --columns rank,id,score,colour,caption

faults = query tour@mini --image datasets/tiles/queries/brick-terracotta-clay-plain-none.jpg --where "defect in ('crack', 'chip') and severity >= 2" --top $k --columns rank,id,score,product,defect,severity
cheap = query tour@mini --text "red" --where "price between 5 and 20 and in_stock = true" --top $k --columns rank,id,score,price,caption
recent = query tour@mini --like lamp-006 --where "made_on >= '2022-01-01' and price is not null" --top $k --columns rank,id,score,made_on,price

copies = query tour@mini --image datasets/tiles/queries/copy-of-mug-006.jpg --top 3 --columns rank,id,score,caption

near = query tour@mini --like wood-009 --top 50 --columns rank,id,score,material,caption | filter --min-score 0.8

explained = query tour@mini --text "a red shoe"^0.7 --like shoe-001^0.3 --top 3 --columns rank,id,score
explain explained 1
query tour@mini --text "a red shoe" --like shoe-001 --fuse rrf --exclude-self --top 3 --columns rank,id,score
query tour@mini --text "a red shoe" --dims 32,64,256 --top 3 --columns rank,id,score

embed tour --as words --model mini --content text
query tour@words --text "a red shoe" --top 3 --columns rank,id,score,caption
index tour@mini
query tour@mini --text "a red shoe" --top 3 --columns rank,id,score
index tour@mini --drop

show bricks --columns rank,id,score --rows 3
describe bricks
list results
list fields tour

export bricks --to bricks.csv --replace
export faults --to faults.md --columns rank,id,score,defect --replace

set show.precision 3
show bricks --rows 3
reset show.precision
show settings

use tour@mini
help query
history
unload tour@mini

drop collection tour --yes
