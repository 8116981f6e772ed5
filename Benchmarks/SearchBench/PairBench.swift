import ParallaxCore
import ParallaxSearch
import ParallaxSystem
import Synchronization

/// Every pair of rows down to a floor; `Benchmarks/pairs` runs it beside its peers.
enum PairBench {
  /// - Parameter path: of a file for the pairs: left and right row as 32-bit integers, and the score.
  static func run(
    _ matrix: VectorMatrix, floor: Float, method: PairJoin.Method, repeats: Int, to path: String?
  ) throws -> Measurement {
    let before = ProcessMemory.present
    ProcessMemory.forgetPeak()
    var times: [Double] = []
    var last: PairJoin.Summary?
    let found = Mutex<[RowPair]>([])
    for _ in 0..<repeats {
      found.withLock { $0.removeAll(keepingCapacity: true) }
      let (time, summary) = try Bench.timed {
        try PairJoin(matrix, floor: floor).run(method) { pairs in found.withLock { $0 += pairs } }
      }
      times.append(time)
      last = summary
    }
    let peak = ProcessMemory.peak
    let pairs = found.withLock { $0 }
    if let path {
      let bytes = pairs.withUnsafeBytes { Array($0) }
      try FileWriter.replaceOwn([FileWriter.File(path, bytes)])
    }
    return Measurement(
      name: "pairs", milliseconds: times,
      extra: [
        ("pairs", Double(pairs.count)), ("axes", Double(last?.axes ?? 0)),
        ("scored", Double(last?.scored ?? 0)), ("compared", Double(last?.compared ?? 0)),
        ("vectorBytes", Double(matrix.byteCount)), ("presentBytes", Double(before)),
        ("peakBytes", Double(peak)),
      ])
  }
}
