private import ParallaxConditions
package import ParallaxCore
private import ParallaxLayout
private import ParallaxReporting
private import ParallaxSearch
private import ParallaxStatistics
package import ParallaxStorage

extension Workbench {
  /// The fewest items that have a map.
  private static let fewestOnMap = 3
  /// Items whose neighbours on a map are compared with those in the space, and how many of each.
  private static let (probes, probed) = (1_000, 10)

  /// Lays the items of a space out on a plane.
  ///
  /// - Throws: `unsupported` for fewer than three items that have a direction; `missing-component` where UMAP is
  ///   wanted and its library is not there; as a condition does; `cancelled`.
  @concurrent package func map(
    of space: Space, _ request: MapRequest, _ handler: @escaping EventHandler
  ) async throws -> PlaneMap {
    // What is missing is said before the work.
    let library = request.method == .umap ? try UmapLibrary.shared() : nil
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let matrix = entry.loaded.matrix
    let allowed = try request.condition.map { condition in
      try condition.attributed { try workspace.rowSet(in: entry.loaded, matching: condition) }
    }
    let candidates = (0..<matrix.rowCount).filter { allowed?.contains($0) ?? true }
    let usable = candidates.filter { Vector.length(matrix.row($0)) > 0 }
    guard usable.count >= Self.fewestOnMap else {
      throw ParallaxError(
        .unsupported,
        "a map needs at least \(Wording.count(Self.fewestOnMap, space.spec.content.noun)) that have a direction; "
          + "got \(usable.count)")
    }
    let rows = RandomSample.places(request.sample, of: usable.count, seed: request.seed).map {
      usable[$0]
    }
    let sampled = SampledRows(entry, rows)
    return try await ScanStop.whenCancelled { stop in
      let plane = try PrincipalPlane(of: sampled.matrix, seed: request.seed, until: stop)
      let places = RandomSample.places(Self.probes, of: rows.count, seed: request.seed &+ 1)
      var coordinates = plane.coordinates
      let lists: [(point: Int, neighbours: [Int])]
      if let library {
        let each = min(request.neighbours, rows.count - 1)
        let found = try sampled.neighbours(each, until: stop, handler)
        let layout = UmapLayout(
          found.map { $0.map { (point: $0.row, distance: 1 - $0.score) } })
        var settings = UmapLayout.Settings(seed: request.seed)
        (settings.epochs, settings.minimumDistance) = (request.epochs, request.minimumDistance)
        coordinates = try layout.coordinates(from: coordinates, settings, with: library) {
          handler(
            .progress(Progress("laying out", completed: $0, total: $1, unit: "turns")))
        }
        lists = places.map { place in
          (place, found[place].prefix(Self.probed).map(\.row))
        }
      } else {
        let found = try sampled.neighbours(
          of: places, min(Self.probed, rows.count - 1), until: stop, handler)
        lists = zip(places, found).map { ($0, $1.map(\.row)) }
      }
      let shown = PlaneMap.rounded(coordinates)
      let kept = try PlaneNeighbours.kept(of: lists, at: shown)
      let keptByComponents =
        library == nil
        ? nil : try PlaneNeighbours.kept(of: lists, at: plane.coordinates.map(Double.init))
      return PlaneMap(
        space: space, method: request.method, ids: rows.map { entry.loaded.ids[$0] },
        items: rows.map { entry.loaded.items[$0] }, coordinates: shown,
        candidates: candidates.count, zeros: candidates.count - usable.count,
        fidelity: kept.map {
          PlaneMap.Fidelity(
            neighbours: lists.first?.neighbours.count ?? 0, items: lists.count, kept: $0,
            keptByComponents: keptByComponents)
        }, variance: plane.shares, componentRows: plane.sampled)
    }
  }

  /// A metadata field of the items of a map, in their order.
  ///
  /// - Parameter option: what an error is about.
  /// - Throws: `unknown-field`, `unsupported` for a field of lists.
  package func values(
    of field: String, on map: PlaneMap, option: String
  ) throws -> (kind: ValueKind, values: [Value]) {
    let found = try workspace.fieldColumns([field], of: map.space.collection, option: option)
    let column = found.columns[0]
    let places = Dictionary(
      uniqueKeysWithValues: zip(found.items, found.items.indices.lazy.map { $0 }))
    return (column.kind, map.items.map { places[$0].map { column.values[$0] } ?? .null })
  }
}
