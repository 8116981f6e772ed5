internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch
internal import ParallaxStatistics
internal import ParallaxStorage

/// Compares how two spaces of one collection place its items.
struct SpaceComparer {
  /// The fewest items that can be compared.
  static let fewest = 3

  let workspace: Workspace
  let first: SearchableSpace
  let second: SearchableSpace
  let request: DifferenceRequest
  let stop: ScanStop
  let handler: EventHandler

  /// The rows of the items that both spaces have, with a direction in each.
  private var common: [(first: Int, second: Int)] {
    var pairs: [(first: Int, second: Int)] = []
    var other = 0
    // Both are in the order of ids.
    for (row, id) in first.loaded.ids.enumerated() {
      while other < second.loaded.ids.count, second.loaded.ids[other] < id { other += 1 }
      guard other < second.loaded.ids.count, second.loaded.ids[other] == id,
        Vector.length(first.loaded.matrix.row(row)) > 0,
        Vector.length(second.loaded.matrix.row(other)) > 0
      else { continue }
      pairs.append((row, other))
    }
    return pairs
  }

  /// - Returns: `nil` where the spaces have too few items in common.
  /// - Throws: `CancellationError`.
  func comparison() throws -> SpaceComparison? {
    let common = common
    guard common.count >= Self.fewest else { return nil }
    let sampled = RandomSample.places(request.sample, of: common.count, seed: request.seed)
      .map { common[$0] }
    let probes = RandomSample.places(request.probes, of: common.count, seed: request.seed)
      .map { common[$0] }
    let alignment = try LinearCKA.value(
      CentredDirections(of: first.loaded.matrix, rows: sampled.map(\.first)),
      CentredDirections(of: second.loaded.matrix, rows: sampled.map(\.second)), until: stop
    ) { step("aligning", $0, of: sampled.count) }
    return SpaceComparison(
      common: common.count, onlyInFirst: first.loaded.ids.count - common.count,
      onlyInSecond: second.loaded.ids.count - common.count, alignment: alignment,
      sample: sampled.count, firstHubness: try hubness(first, sampled.map(\.first)),
      secondHubness: try hubness(second, sampled.map(\.second)), churn: try churn(of: probes))
  }

  private func hubness(_ entry: SearchableSpace, _ rows: [Int]) throws -> Hubness {
    let lists = try SampledRows(entry, rows).neighbours(
      HealthRequest.neighbours, until: stop, handler)
    return Hubness(lists.map { $0.map(\.row) })
  }

  private func churn(of probes: [(first: Int, second: Int)]) throws -> [SpaceComparison.Churn] {
    let lists = try [
      (first, probes.map(\.first)), (second, probes.map(\.second)),
    ].map { entry, rows in
      try entry.index.neighbours(of: rows, count: request.top, until: stop) {
        step("comparing", $0, of: rows.count)
      }.map { list in list.map { entry.loaded.ids[$0.row] } }
    }
    let ids = probes.map { first.loaded.ids[$0.first] }
    let records = try workspace.items(named: ids, in: first.loaded.space.collection)
    return ids.indices.map { place in
      SpaceComparison.Churn(
        item: ids[place], path: records[ids[place]]?.path ?? "",
        kept: ListOverlap(lists[0][place], lists[1][place], depth: request.top)?.overlap ?? 1,
        first: lists[0][place], second: lists[1][place])
    }.sorted { $0.kept != $1.kept ? $0.kept < $1.kept : $0.item < $1.item }
  }

  private func step(_ activity: String, _ done: Int, of total: Int) {
    handler(.progress(Progress(activity, completed: done, total: total, unit: "items")))
  }
}
