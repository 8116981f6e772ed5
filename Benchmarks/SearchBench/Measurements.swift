import Dispatch
import ParallaxCore
import ParallaxSearch
import Synchronization

/// Times of one measurement, and what it found.
struct Measurement {
  var name: String
  /// Of each repetition, a query's share.
  var milliseconds: [Double]
  var extra: [(String, Double)] = []

  var line: String {
    let times = milliseconds.map { "\($0)" }.joined(separator: ",")
    let others = extra.map { ",\"\($0.0)\":\($0.1)" }.joined()
    return "{\"name\":\"\(name)\",\"milliseconds\":[\(times)]\(others)}"
  }
}

/// Vectors, queries and what the exact search answers.
struct Bench {
  let matrix: VectorMatrix
  let queries: [[Float]]
  let index: ExactIndex
  let repeats: Int
  static let top = 10
  static let rounds = 9

  init(matrix: VectorMatrix, queries: [[Float]], repeats: Int) {
    self.matrix = matrix
    self.queries = queries
    self.repeats = repeats
    index = ExactIndex(matrix: matrix, similarity: .cosine)
  }

  func timed<Result>(_ body: () throws -> Result) rethrows -> (Double, Result) {
    try Self.timed(body)
  }

  static func timed<Result>(_ body: () throws -> Result) rethrows -> (Double, Result) {
    let clock = ContinuousClock()
    let start = clock.now
    let result = try body()
    return ((clock.now - start) / .milliseconds(1), result)
  }

  /// One warm-up, then `repeats` times, over the queries in turn.
  func single(_ name: String, _ body: ([Float]) throws -> Void) rethrows -> Measurement {
    try body(queries[0])
    let times = try (0..<repeats).map { turn in
      try timed { try body(queries[turn % queries.count]) }.0
    }
    return Measurement(name: name, milliseconds: times)
  }

  /// A scan, and a plain read of the same memory with as many threads, in turns: what memory gives
  /// changes from second to second where others use it, too.
  func scanBesideRead() throws -> [Measurement] {
    var (reads, scans) = ([Double](), [Double]())
    for turn in 0...repeats {
      let query = queries[turn % queries.count]
      let read = timed { readAll() }.0
      let scan = try timed {
        try index.nearest(to: query, count: Self.top, allowed: nil, minimumScore: nil)
      }.0
      // The first turn warms up.
      if turn > 0 {
        reads.append(read)
        scans.append(scan)
      }
    }
    return [
      Measurement(name: "read", milliseconds: reads),
      Measurement(name: "exact-1", milliseconds: scans),
    ]
  }

  private func readAll() {
    let total = Atomic<UInt64>(0)
    matrix.withValues { values in
      let raw = UnsafeRawBufferPointer(values)
      let (threads, words) = (2, raw.count / 64)
      nonisolated(unsafe) let bytes = raw
      DispatchQueue.concurrentPerform(iterations: threads) { thread in
        var sums = (SIMD8<UInt64>(), SIMD8<UInt64>())
        var word = words * thread / threads
        let end = words * (thread + 1) / threads
        while word + 1 < end {
          sums.0 ^= bytes.loadUnaligned(fromByteOffset: word * 64, as: SIMD8<UInt64>.self)
          sums.1 ^= bytes.loadUnaligned(fromByteOffset: word * 64 + 64, as: SIMD8<UInt64>.self)
          word += 2
        }
        total.bitwiseXor((sums.0 ^ sums.1).wrappedSum(), ordering: .relaxed)
      }
    }
    precondition(total.load(ordering: .relaxed) != 1)
  }

  func exact(batch: Int) throws -> Measurement {
    let part = (0..<batch).map { queries[$0 % queries.count] }
    _ = try index.nearest(to: part, count: Self.top)
    let times = try (0..<max(3, repeats / 4)).map { _ in
      try timed { try index.nearest(to: part, count: Self.top) }.0 / Double(batch)
    }
    return Measurement(name: "exact-\(batch)", milliseconds: times)
  }

  func proven(_ name: String, _ codes: ProvenCodes) throws -> Measurement {
    var (rescored, coded, plain, answers) = (0, 0, 0, 0)
    var measured = try single(name) {
      let found = try index.proven(to: $0, count: Self.top, codes: codes)
      rescored += found.rescored
      coded += found.coded
      plain += found.isPlainScan ? 1 : 0
      answers += 1
    }
    let isEqual = try queries.prefix(20).allSatisfy {
      try index.proven(to: $0, count: Self.top, codes: codes).hits
        == index.nearest(to: $0, count: Self.top, allowed: nil, minimumScore: nil)
    }
    precondition(isEqual, "proven answers are those of the scan")
    let rows = Double(answers * matrix.rowCount)
    measured.extra = [
      ("axes", Double(codes.placed?.axisCount ?? 0)), ("codedShare", Double(coded) / rows),
      ("rescoredShare", Double(rescored) / rows), ("plainShare", Double(plain) / Double(answers)),
    ]
    return measured
  }

  func quantized(_ name: String, _ quantization: Quantization, oversample: Double) throws
    -> Measurement
  {
    var measured = try single(name) {
      _ = try index.quantized(
        to: $0, count: Self.top, by: quantization, oversample: oversample)
    }
    measured.extra = [
      ("oversample", oversample),
      (
        "recall",
        try recall {
          try index.quantized(
            to: $0, count: Self.top, by: quantization, oversample: oversample)
        }
      ),
    ]
    return measured
  }

  func prefixes(_ dimensions: [Int]) throws -> Measurement {
    let prefixed = try PrefixIndex(matrix: matrix, dimensions: dimensions)
    return try single("prefixes-\(dimensions.count)") {
      _ = try prefixed.nearest(to: $0, count: Self.top)
    }
  }

  func filtered(_ name: String, every: Int, _ search: ([Float], RowSet) throws -> Int) throws
    -> Measurement
  {
    let allowed = RowSet(
      capacity: matrix.rowCount, rows: stride(from: 0, to: matrix.rowCount, by: every))
    var fewest = Int.max
    var measured = try single(name) { fewest = min(fewest, try search($0, allowed)) }
    measured.extra = [("fewestHits", Double(fewest))]
    return measured
  }

  func graph(_ options: GraphOptions, expansions: [Int], report: (Measurement) -> Void) throws {
    let keys = (0..<matrix.rowCount).map(Int64.init)
    ProcessMemory.forgetPeak()
    let (milliseconds, graph) = try timed {
      try GraphIndex.build(index, keys: keys, options: options)
    }
    let label = "hnsw-\(options.storage.rawValue)"
    report(
      Measurement(
        name: "\(label)-build", milliseconds: [milliseconds],
        extra: [
          ("addsPerSecond", Double(matrix.rowCount) / milliseconds * 1_000),
          ("bytes", Double(graph.graph.byteCount)),
          ("peakBytes", Double(ProcessMemory.peak)),
        ]))
    for expansion in expansions {
      var measured = try single("\(label)-ef\(expansion)") {
        _ = try graph.nearest(to: $0, count: Self.top, expansion: expansion)
      }
      // A round takes milliseconds: the middle one of some is what counts.
      let rounds = try (0..<Self.rounds).map { _ in
        try timed {
          try allQueries { _ = try graph.nearest(to: $0, count: Self.top, expansion: expansion) }
        }.0
      }
      let both = rounds.sorted()[Self.rounds / 2]
      measured.extra = [
        (
          "recall",
          try recall { try graph.nearest(to: $0, count: Self.top, expansion: expansion).hits }
        ),
        ("queriesPerSecond", Double(queries.count * 4) / both * 1_000),
      ]
      report(measured)
    }
    for every in [2, 4, 10, 100] {
      report(
        try filtered("\(label)-filter-\(every)", every: every) {
          try graph.nearest(to: $0, count: Self.top, allowed: $1).hits.count
        })
    }
  }

  /// Every query four times, on all processors.
  private func allQueries(_ body: @Sendable ([Float]) throws -> Void) throws {
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: queries.count * 4) { number in
      do {
        try body(queries[number % queries.count])
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private func recall(_ search: ([Float]) throws -> [SearchHit]) throws -> Double {
    var found = 0
    let asked = queries.prefix(200)
    for query in asked {
      let wanted = try index.nearest(
        to: query, count: Self.top, allowed: nil, minimumScore: nil)
      found += Set(wanted.map(\.row)).intersection(try search(query).map(\.row)).count
    }
    return Double(found) / Double(asked.count * Self.top)
  }
}
