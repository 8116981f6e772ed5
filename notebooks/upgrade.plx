version 1
# The commands of upgrade.md; written by scripts/notebooks.

create collection tiles --desc "Surfaces and simple products, drawn by this repository"
ingest tiles datasets/tiles/images --meta datasets/tiles/metadata.csv --key filename
embed tiles --as base --model mini@2
let asked = datasets/tiles/queries.csv
let judged = datasets/tiles/qrels.tsv

reembed tiles@base --as v3 --model mini@3 --sample 50 --queries $asked --qrels $judged --metric ndcg@10

reembed tiles@base --as v3 --model mini@3
moved = diff tiles@base tiles@v3 --queries $asked --qrels $judged --metric ndcg@10 --margin 0.03
cmp = compare tiles@base tiles@v3 --queries $asked --qrels $judged --metric ndcg@10 --margin 0.03
show cmp --columns system,value,difference,diff_low,diff_high,verdict,wins,ties,losses

questions = compare tiles@base tiles@v3 --queries $asked --qrels $judged --metric ndcg@10 --per-query
explain moved q09

promote tiles@v3
query tiles --text "a red shoe" --top 3 --columns rank,id,score
demote tiles
