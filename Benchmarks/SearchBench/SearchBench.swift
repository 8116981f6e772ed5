#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import ParallaxCore
import ParallaxSystem
import ParallaxSearch

/// Measures the searches on vectors in a file; `Benchmarks/search` runs it beside its peers.
///
///     search-bench VECTORS ROWS DIMENSION QUERIES COUNT REPEATS TASK…
///
/// Files are rows of 32-bit floats. Prints a line of JSON a measurement.
///
///     search-bench pairs VECTORS ROWS DIMENSION FLOOR METHOD REPEATS [PAIRS]
///
/// finds all pairs of rows, for `Benchmarks/pairs`; METHOD is `automatic`, `plain` or a number of axes.
///
///     search-bench fill WORKSPACE ROWS
///
/// adds items to the collection `photos` of a workspace, with vectors in its space `base`, for
/// `Benchmarks/runs`.
///
///     search-bench metadata WORKSPACE ROWS DIMENSION
///
/// makes a collection `photos` with four fields and, unless DIMENSION is 0, a space `base`;
///
///     search-bench conditions WORKSPACE REPEATS
///
/// measures conditions on it, and what else is asked of its items, for `Benchmarks/metadata`;
///
///     search-bench decode FOLDER SIDE REPEATS
///
/// decodes the pictures of a folder to squares, for `Benchmarks/pictures`; PARALLAX_WORKER names the program.
@main
enum SearchBench {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.count == 3, arguments[0] == "fill", let rows = Int(arguments[2]) {
      return try SpaceFiller.fill(workspaceAt: arguments[1], rows: rows)
    }
    if arguments.count == 4, arguments[0] == "metadata", let rows = Int(arguments[2]),
      let dimension = Int(arguments[3])
    {
      return try MetadataFiller.make(
        workspaceAt: arguments[1], rows: rows, dimension: dimension)
    }
    if arguments.count == 3, arguments[0] == "conditions", let repeats = Int(arguments[2]) {
      return try ConditionBench.run(workspaceAt: arguments[1], repeats: repeats)
    }
    if arguments.count == 4, arguments[0] == "decode", let side = Int(arguments[2]),
      let repeats = Int(arguments[3])
    {
      return try await DecodeBench.run(folder: arguments[1], side: side, repeats: repeats)
    }
    if arguments.first == "pairs" { return try pairs(arguments.dropFirst()) }
    guard arguments.count > 6, let rows = Int(arguments[1]), let dimension = Int(arguments[2]),
      let count = Int(arguments[4]), let repeats = Int(arguments[5]),
      let vectors = matrix(arguments[0], rows, dimension),
      let asked = matrix(arguments[3], count, dimension)
    else { stop("usage: search-bench VECTORS ROWS DIMENSION QUERIES COUNT REPEATS TASK…") }
    let bench = Bench(
      matrix: vectors, queries: (0..<count).map { asked.row($0) }, repeats: repeats)
    for task in arguments.dropFirst(6) { try run(task, bench, vectors: arguments[0]) }
  }

  private static func pairs(_ arguments: ArraySlice<String>) throws {
    let given = Array(arguments)
    guard (6...7).contains(given.count), let rows = Int(given[1]), let dimension = Int(given[2]),
      let floor = Float(given[3]), let repeats = Int(given[5]),
      let vectors = matrix(given[0], rows, dimension)
    else {
      stop("usage: search-bench pairs VECTORS ROWS DIMENSION FLOOR METHOD REPEATS [PAIRS]")
    }
    let method =
      given[4] == "plain"
      ? PairJoin.Method.plain : Int(given[4]).map { .codes($0) } ?? PairJoin.Method.automatic
    let measured = try PairBench.run(
      vectors, floor: floor, method: method, repeats: repeats,
      to: given.count > 6 ? given[6] : nil)
    print(measured.line)
  }

  private static func run(_ task: String, _ bench: Bench, vectors: String) throws {
    let report = { (measured: Measurement) in
      print(measured.line)
      fflush(nil)
    }
    switch task {
    case "exact":
      try bench.scanBesideRead().forEach(report)
      for batch in [16, 64] { report(try bench.exact(batch: batch)) }
    case "codes":
      let codes = CodedRows(bench.matrix)
      report(try bench.proven("proven-int8", ProvenCodes { codes }))
      let (milliseconds, proven) = try bench.timed { try ProvenCodes(for: bench.index) { codes } }
      report(
        Measurement(
          name: "proven-codes-build", milliseconds: [milliseconds],
          extra: [("bytes", Double(proven.placed?.byteCount ?? 0))]))
      report(try bench.proven("proven", proven))
      report(try bench.quantized("int8", .int8(codes), oversample: 4))
      report(try bench.quantized("binary", .binary(BitRows(bench.matrix)), oversample: 20))
    case "load":
      let folder = String(vectors.prefix(upTo: vectors.lastIndex(of: "/") ?? vectors.startIndex))
      report(try LoadBench.run(bench.matrix, in: folder, repeats: 5))
    case "rerank": try bench.reranking().forEach(report)
    case "prefixes":
      let full = bench.matrix.dimension
      report(try bench.prefixes([full / 6, full / 3, full / 2, full * 2 / 3, full]))
    case "filter":
      report(
        try bench.filtered("exact-filter-100", every: 100) {
          try bench.index.nearest(to: $0, count: Bench.top, allowed: $1, minimumScore: nil).count
        })
    default:
      guard task.hasPrefix("hnsw-"), let storage = GraphStorage(rawValue: String(task.dropFirst(5)))
      else { stop("unknown task '\(task)'") }
      try bench.graph(
        GraphOptions(storage: storage), expansions: [16, 32, 64, 128, 256], report: report)
    }
  }

  /// Nothing was measured, or no more is.
  private static func stop(_ text: String) -> Never {
    let line = text + "\n"
    _ = write(STDERR_FILENO, line, line.utf8.count)
    exit(2)
  }

  private static func matrix(_ path: String, _ rows: Int, _ dimension: Int) -> VectorMatrix? {
    let bytes = rows * dimension * MemoryLayout<Float>.stride
    guard let file = try? MappedFile(path), file.bytes.count == bytes else { return nil }
    let memory = LargeMemory(count: bytes)
    guard let start = memory.bytes.baseAddress, let source = file.bytes.baseAddress else {
      return nil
    }
    start.copyMemory(from: source, byteCount: bytes)
    return VectorMatrix(rowCount: rows, dimension: dimension, at: start, of: memory)
  }
}
