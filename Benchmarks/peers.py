"""The engines that `Benchmarks/search` measures ours beside, each on all cores.

Run as a program it prints a line of JSON a measurement, in the form of search-bench's lines.
"""

import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

TOP = 10
# What a graph of any engine is built with. FAISS, hnswlib and ours take M links a node and twice as many below.
BUILD = {"M": 16, "construction": 128}
EXPANSIONS = [16, 32, 64, 128, 256]
# Parts of a ScaNN tree that are searched, and how many candidates are then compared in full.
LEAVES = [5, 10, 20, 40, 80, 160, 320]
REORDERED = [100, 300]


def timed(body, repeats=9):
    body()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        body()
        times.append((time.perf_counter() - started) * 1000)
    return times


class Peers:
    def __init__(self, vectors, queries):
        self.vectors, self.queries = vectors, queries
        scores = [vectors @ query for query in queries]
        self.wanted = [set(np.argpartition(-found, TOP)[:TOP].tolist()) for found in scores]

    def recall(self, found):
        return float(np.mean([len(set(map(int, row)) & wanted) / TOP for row, wanted in zip(found, self.wanted)]))

    def numpy(self):
        label = "numpy-haswell" if "OPENBLAS_CORETYPE" in os.environ else "numpy"
        yield {"name": f"{label}-1", "milliseconds": timed(lambda: self.vectors @ self.queries[0])}
        for batch in (16, 64):
            part = np.ascontiguousarray(self.queries[:batch].T)
            yield {"name": f"{label}-{batch}",
                   "milliseconds": [each / batch for each in timed(lambda: self.vectors @ part, 4)]}

    def faiss(self):
        import faiss

        flat = faiss.IndexFlatIP(self.vectors.shape[1])
        flat.add(self.vectors)
        for batch in (1, 16, 64):
            times = timed(lambda: flat.search(self.queries[:batch], TOP), 9 if batch == 1 else 3)
            yield {"name": f"faiss-flat-{batch}", "milliseconds": [each / batch for each in times]}
        short = faiss.IndexScalarQuantizer(
            self.vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
        short.train(self.vectors[:20_000])
        short.add(self.vectors)
        yield {"name": "faiss-sq8", "milliseconds": timed(lambda: short.search(self.queries[:1], TOP)),
               "recall": self.recall(short.search(self.queries, TOP)[1])}

    def built(self, label, body):
        started = time.perf_counter()
        body()
        seconds = time.perf_counter() - started
        return {"name": f"{label}-build", "milliseconds": [seconds * 1000],
                "addsPerSecond": len(self.vectors) / seconds}

    def searched(self, label, search, settings=EXPANSIONS, kind="ef", also=""):
        """All questions at once, at each setting of an index; the time of one is its part."""
        for setting in settings:
            found = search(setting)
            rounds = []
            for _ in range(9):
                started = time.perf_counter()
                for _ in range(4):
                    search(setting)
                rounds.append(time.perf_counter() - started)
            seconds = statistics.median(rounds)
            yield {"name": f"{label}-{kind}{setting}{also}", "milliseconds": [seconds * 250 / len(self.queries)],
                   "queriesPerSecond": 4 * len(self.queries) / seconds, "recall": self.recall(found)}

    def faiss_hnsw(self):
        import faiss

        index = faiss.IndexHNSWFlat(self.vectors.shape[1], BUILD["M"], faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = BUILD["construction"]
        yield self.built("faiss-hnsw", lambda: index.add(self.vectors))

        def search(expansion):
            index.hnsw.efSearch = expansion
            return index.search(self.queries, TOP)[1]

        yield from self.searched("faiss-hnsw", search)

    def hnswlib(self):
        import hnswlib

        index = hnswlib.Index("ip", self.vectors.shape[1])
        index.init_index(len(self.vectors), M=BUILD["M"], ef_construction=BUILD["construction"])
        yield self.built("hnswlib", lambda: index.add_items(self.vectors, np.arange(len(self.vectors))))

        def search(expansion):
            index.set_ef(expansion)
            return index.knn_query(self.queries, TOP)[0]

        yield from self.searched("hnswlib", search)

    def usearch(self):
        from usearch.index import Index

        threads = os.cpu_count()
        for kind in ("f16", "i8"):
            index = Index(ndim=self.vectors.shape[1], metric="ip", dtype=kind, connectivity=BUILD["M"],
                          expansion_add=BUILD["construction"])
            label = f"usearch-{kind}"
            yield self.built(label, lambda: index.add(np.arange(len(self.vectors)), self.vectors, threads=threads))

            def search(expansion):
                index.expansion_search = expansion
                return index.search(self.queries, TOP, threads=threads).keys

            yield from self.searched(label, search)

    def scann(self):
        import scann

        # As its guide advises: leaves as the root of the rows, two numbers a code, the best compared in full.
        leaves = round(len(self.vectors) ** 0.5)
        made = []

        def build():
            build = scann.scann_ops_pybind.builder(self.vectors, TOP, "dot_product").set_n_training_threads(os.cpu_count())
            made.append(build.tree(leaves, LEAVES[0], training_sample_size=min(len(self.vectors), 100_000))
                        .score_ah(2, anisotropic_quantization_threshold=0.2).reorder(REORDERED[0]).build())
            made[0].set_num_threads(os.cpu_count())

        yield self.built("scann", build)
        for compared in REORDERED:
            yield from self.searched(
                "scann", lambda some: made[0].search_batched_parallel(
                    self.queries, TOP, leaves_to_search=some, pre_reorder_num_neighbors=compared, batch_size=25)[0],
                [some for some in LEAVES if some <= leaves], "leaves", f"-reorder{compared}")

    def vsag(self):
        import pyvsag

        dimension, threads = self.vectors.shape[1], os.cpu_count()
        # Its number of links is that below the upper levels. With sq8_uniform it found a third as much at ef 16.
        graph = {"base_quantization_type": "sq8", "use_reorder": True, "precise_quantization_type": "fp32",
                 "max_degree": 2 * BUILD["M"], "ef_construction": BUILD["construction"], "build_thread_count": threads}
        index = pyvsag.Index("hgraph", json.dumps(
            {"dtype": "float32", "metric_type": "ip", "dim": dimension, "index_param": graph}))
        yield self.built("vsag", lambda: index.build(
            vectors=self.vectors, ids=np.arange(len(self.vectors), dtype=np.int64), num_elements=len(self.vectors),
            dim=dimension))

        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            def search(expansion):
                parameters = json.dumps({"hgraph": {"ef_search": expansion}})
                parts = [range(start, len(self.queries), threads) for start in range(threads)]

                def some(part):
                    return [index.knn_search(self.queries[place], TOP, parameters)[0] for place in part]

                rows = [None] * len(self.queries)
                for part, found in zip(parts, pool.map(some, parts)):
                    for place, row in zip(part, found):
                        rows[place] = row
                return rows

            yield from self.searched("vsag", search)

    def sqlite_vec(self):
        import sqlite_vec

        # Some Pythons are built without extensions of SQLite; the system's own has them.
        with tempfile.NamedTemporaryFile(suffix=".f32") as vectors, tempfile.NamedTemporaryFile() as query:
            self.vectors.tofile(vectors.name)
            self.queries[:1].tofile(query.name)
            script = pathlib.Path(__file__).resolve().parent / "sqlite_vec_scan"
            arguments = [sqlite_vec.loadable_path(), vectors.name, query.name, str(self.vectors.shape[1]), str(TOP)]
            done = subprocess.run(["/usr/bin/python3", script, *arguments], capture_output=True, text=True)
        if done.returncode == 0:
            yield {"name": "sqlite-vec", "milliseconds": json.loads(done.stdout)}
        else:
            print("  sqlite-vec could not be loaded:", done.stderr.strip().splitlines()[-1], file=sys.stderr)


def main(names, path, rows, dimension, asked):
    vectors = np.fromfile(path, np.float32).reshape(int(rows), int(dimension))
    every = Peers(vectors, np.fromfile(asked, np.float32).reshape(-1, int(dimension)))
    for name in names.split(","):
        for measured in getattr(every, name.replace("-", "_"))():
            print(json.dumps(measured), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
