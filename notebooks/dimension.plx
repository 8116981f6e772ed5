version 1
# The commands of dimension.md; written by scripts/notebooks.

create collection tiles --desc "Surfaces and simple products, drawn by this repository"
ingest tiles datasets/tiles/images --meta datasets/tiles/metadata.csv --key filename
embed tiles --as base --model mini
let asked = datasets/tiles/queries.csv
let judged = datasets/tiles/qrels.tsv

dims = compare tiles@base --queries $asked --qrels $judged --dims 32,64,128,256 --metric ndcg@10 --margin 0.03
show dims --columns system,value,low,high,difference,diff_low,diff_high,verdict

strict = compare tiles@base --queries $asked --qrels $judged --dims 32,256 --metric ndcg@10 --margin 0.005
show strict --columns system,difference,diff_low,diff_high,verdict
power --from strict --difference 0.005

codes = compare tiles@base --queries $asked --qrels $judged --codes none,int8,binary --metric ndcg@10
show codes --columns system,value,wins,ties,losses
