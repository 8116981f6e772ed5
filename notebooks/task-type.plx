version 1
# The commands of task-type.md; written by scripts/notebooks.

create collection tiles --desc "Surfaces and simple products, drawn by this repository"
ingest tiles datasets/tiles/images --meta datasets/tiles/metadata.csv --key filename
embed tiles --as base --model mini
embed tiles --as words --model mini --content text
let asked = datasets/tiles/queries.csv
let judged = datasets/tiles/qrels.tsv

images = compare tiles@base --queries $asked --qrels $judged --tasks all --metric ndcg@10
show images --columns system,value,difference,diff_low,diff_high,verdict,questions

texts = compare tiles@words --queries $asked --qrels $judged --tasks all --metric ndcg@10
show texts --columns system,value,difference,diff_low,diff_high,verdict,wins,losses
