#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import ParallaxConditions
import ParallaxCore
import ParallaxStorage

/// How long conditions take on a workspace of ``MetadataFiller``, and what else is asked of items.
enum ConditionBench {
  static let conditions = [
    ("number", "price < 25000"), ("equal", "kind = 'shoe'"),
    ("in", "kind in ('shoe', 'hat', 'ring')"),
    ("like", "caption like 'red%'"), ("contains", "caption like '%bridge%'"),
    ("date", "taken >= '2020-01-01'"), ("and", "price < 25000 and kind = 'shoe'"),
    ("or-not", "not (kind = 'shoe' or taken < '2016-06-01')"), ("null", "price is null"),
    ("id", "id like 'img-0%'"),
  ]

  /// Each condition first in a workspace that was just opened, then again.
  static func run(workspaceAt path: String, repeats: Int) throws {
    report(Measurement(name: "pack", milliseconds: [try pack(path)]))
    var loadings: [Double] = []
    var loaded = try load(path)
    for _ in 0..<3 { loadings.append(try Bench.timed { loaded = try load(path) }.0) }
    report(
      Measurement(
        name: "load", milliseconds: loadings,
        extra: [
          ("rows", Double(loaded.ids.count)),
          ("gigabytesPerSecond", Double(loaded.matrix.byteCount) / loadings.sorted()[1] / 1e6),
        ]))
    for (name, text) in conditions {
      let expression = try WhereExpression(parsing: text)
      var firsts: [Double] = []
      // The first of all also reads the disk.
      for turn in 0...3 {
        let workspace = try Workspace(path: path, mode: .readOnly)
        defer { workspace.close() }
        func ask() throws -> (Double, Int) {
          let (time, rows) = try Bench.timed {
            try workspace.rowSet(in: loaded, matching: expression)
          }
          return (time, rows.count)
        }
        _ = try workspace.collections()
        let (first, count) = try ask()
        if turn > 0 { firsts.append(first) }
        guard turn == 3 else { continue }
        let rows = [("rows", Double(count))]
        report(Measurement(name: "\(name)-first", milliseconds: firsts, extra: rows))
        report(
          Measurement(
            name: "\(name)-again", milliseconds: try (0..<repeats).map { _ in try ask().0 },
            extra: rows))
      }
    }
    let workspace = try Workspace(path: path, mode: .readOnly)
    defer { workspace.close() }
    try copies(in: workspace, loaded, repeats)
    try columns(in: workspace, loaded, repeats)
  }

  /// What `ingest` does at its end.
  private static func pack(_ path: String) throws -> Double {
    let workspace = try Workspace(path: path)
    defer { workspace.close() }
    let collection = try workspace.collection(named: "photos")
    return try Bench.timed { try workspace.packColumns(of: collection) }.0
  }

  private static func load(_ path: String) throws -> LoadedSpace {
    let workspace = try Workspace(path: path, mode: .readOnly)
    defer { workspace.close() }
    return try workspace.load(
      workspace.space(named: "base", in: workspace.collection(named: "photos")))
  }

  /// What `--exclude-self` leaves out.
  private static func copies(
    in workspace: Workspace, _ loaded: LoadedSpace, _ repeats: Int
  ) throws {
    let collection = loaded.space.collection
    guard
      let item = try workspace.item(loaded.ids[loaded.ids.count / 100 * 50 + 98], in: collection)
    else { return }
    var found = 0
    let times = try (0..<repeats).map { _ in
      let (time, rows) = try Bench.timed {
        try workspace.rows(of: loaded, withContent: [item.hash])
      }
      found = rows.count
      return time
    }
    report(Measurement(name: "copies", milliseconds: times, extra: [("rows", Double(found))]))
  }

  /// The metadata of 10,000 hits, which lie anywhere.
  private static func columns(
    in workspace: Workspace, _ loaded: LoadedSpace, _ repeats: Int
  ) throws {
    var random = SeededGenerator(seed: 3)
    let hits = (0..<min(10_000, loaded.items.count)).map { _ in
      loaded.items[Int.random(in: 0..<loaded.items.count, using: &random)]
    }
    let times = try (0..<repeats).map { _ in
      try Bench.timed { try workspace.metadata(of: hits, in: loaded.space.collection) }.0
    }
    report(Measurement(name: "columns", milliseconds: times, extra: [("rows", Double(hits.count))]))
  }

  private static func report(_ measured: Measurement) {
    print(measured.line)
    fflush(nil)
  }
}
