#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import ParallaxCore
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
    let space = try SpaceFiller.space(of: matrix.dimension, in: collection, of: workspace)
    try SpaceFiller.add(matrix.rowCount, to: space, of: workspace) { matrix.row($0) }
  }
}
