#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import ParallaxCore
import ParallaxDigest
import ParallaxStorage

/// How fast a stored space comes back into memory, every chunk verified.
enum LoadBench {
  /// Writes the matrix as a space of a workspace in `folder`, then loads it some times from a warm file.
  static func run(_ matrix: VectorMatrix, in folder: String, repeats: Int) throws -> Measurement {
    let path = "\(folder)/load.parallax"
    try write(matrix, to: path)
    // A system still busy with writing reads slowly.
    sync()
    let workspace = try Workspace(path: path, mode: .readOnly)
    defer { workspace.close() }
    let space = try workspace.space(
      named: "base", in: try workspace.collection(named: "photos"))
    let clock = ContinuousClock()
    var times: [Double] = []
    ProcessMemory.forgetPeak()
    let before = ProcessMemory.present
    for _ in 0...repeats {
      let start = clock.now
      let loaded = try workspace.load(space)
      times.append((clock.now - start) / .milliseconds(1))
      precondition(loaded.matrix.row(7) == matrix.row(7) && loaded.ids.count == matrix.rowCount)
    }
    let middle = times.dropFirst().sorted()[repeats / 2]
    return Measurement(
      name: "load", milliseconds: Array(times.dropFirst()),
      extra: [
        ("gigabytesPerSecond", Double(matrix.byteCount) / middle / 1e6),
        ("memoryShare", Double(ProcessMemory.peak - before) / Double(matrix.byteCount)),
      ])
  }

  private static func write(_ matrix: VectorMatrix, to path: String) throws {
    let workspace = try Workspace(path: path)
    defer { workspace.close() }
    let collection = try workspace.createCollection(named: "photos")
    let space = try workspace.createSpace(
      named: "base", in: collection,
      spec: EmbeddingSpec(
        provider: "bench", model: "bench", version: "1", dimension: matrix.dimension,
        preprocessing: "none"))
    let digits = String(matrix.rowCount).count
    for start in stride(from: 0, to: matrix.rowCount, by: 4_096) {
      let rows = start..<min(start + 4_096, matrix.rowCount)
      try workspace.apply(
        rows.map { row in
          let number = String(row)
          let name = String(repeating: "0", count: digits - number.count) + number
          return .insert(
            NewItem(
              id: ItemID(name),
              file: FileState(
                path: "/\(name).jpg", hash: Digest.sha256(name), size: 1, modified: 1)))
        }, to: collection)
    }
    let items = try workspace.items(in: collection)
    for start in stride(from: 0, to: items.count, by: 4_096) {
      try workspace.append(
        (start..<min(start + 4_096, items.count)).map {
          StoredVector(item: items[$0].rowID, hash: items[$0].hash, vector: matrix.row($0))
        }, to: space)
    }
  }
}
