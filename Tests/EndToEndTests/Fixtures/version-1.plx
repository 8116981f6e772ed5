version 1
# Forms of the language of version 1: every later program must run them as they are.
create collection old --desc "From the first days"
ingest old datasets/tiles/images/mug-00*.jpg ; list collections
embed old --as base --model mini
load old@base
let k = 2
let who = mug-001
near = query old@base --like $who --top $k --columns rank,id,score
show near --rows 1
query old@base --like "${who}"^0.7 --not-like mug-002^0.3 --top $k \
  | filter --min-score -1 |
  show --columns rank,id
query old@base --like mug-003 --where "width > 10 and not format in ('png')" --top $k
set show.precision 3 ; show settings
reset show.precision
describe near # the command, the space, the model
unload old@base
drop result near
drop collection old --yes
