version 1
# The commands of reranking.md; written by scripts/notebooks.

create collection tiles --desc "Surfaces and simple products, drawn by this repository"
ingest tiles datasets/tiles/images --meta datasets/tiles/metadata.csv --key filename
embed tiles --as base --model mini

shoe = query tiles@base --text "a red shoe" --top 100 | rerank --model mini-cross --top 3
show shoe --columns rank,id,score,stage1_rank,stage1_score

words = query tiles@base --queries datasets/tiles/texts.csv --top 100
asked = compare words --rerank none,mini-cross --qrels datasets/tiles/texts-qrels.tsv --metric ndcg@10
show asked --columns system,value,difference,diff_low,diff_high,verdict,wins,losses,oracle

looks = query tiles@base --queries datasets/tiles/pictures.csv --top 100
shown = compare looks --rerank none,aqe,k-reciprocal,csls,mmr --qrels datasets/tiles/pictures-qrels.tsv --metric ndcg@10
show shown --columns system,value,difference,diff_low,diff_high,verdict,wins,losses

depths = compare looks --rerank none,k-reciprocal --qrels datasets/tiles/pictures-qrels.tsv --metric ndcg@10 --curve
