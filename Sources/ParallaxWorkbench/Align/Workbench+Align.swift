internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxStatistics
package import ParallaxStorage

extension Workbench {
  /// Fits a map from one space to another of the same collection, measures what it loses, and makes a
  /// space of mapped vectors if a name is given. No provider is asked.
  ///
  /// - Throws: `unsupported` and `invalid-value` for spaces that cannot be mapped and for a sample that
  ///   is too small or too large; `already-exists` naming `as`; `cancelled`.
  @concurrent package func align(
    _ old: Space, to new: Space, _ request: AlignRequest, _ handler: @escaping EventHandler
  ) async throws -> Alignment {
    try Self.check(old, new)
    if let name = request.name { try check(name, isFreeIn: old.collection) }
    let from = try await spaces.loading(old, progress: { handler(.progress($0)) }).loaded
    let to = try await spaces.loading(new, progress: { handler(.progress($0)) }).loaded
    let hashes = try workspace.embeddedHashes(in: old)
    let pairs = try AlignmentPairs(from, to, hashes: hashes, request)

    let trials = try MapTrials(pairs, seed: request.seed) { done, total in
      handler(.progress(Progress("fitting", completed: done, total: total, unit: "maps")))
    }.ranked()
    let (points, targets) = pairs.points(pairs.sample)
    let map = try LinearMapFit(points, to: targets).map(trials[0].method).compacted()
    var alignment = try measure(map, pairs, trials, request)
    if let name = request.name {
      let spec = Self.spec(of: map, alignment)
      let space = try attributing(to: "as") {
        try workspace.createSpace(named: name, in: old.collection, spec: spec)
      }
      alignment.made = try fill(space, by: map, from, hashes, handler)
    }
    return alignment
  }

  private static func check(_ old: Space, _ new: Space) throws {
    let refusal: (message: String, hint: String)? =
      if old == new {
        (
          "'\(old.reference)' cannot be mapped onto itself",
          "name the space of the new model second"
        )
      } else if old.collection != new.collection {
        (
          "'\(old.reference)' and '\(new.reference)' are of different collections; a map is fitted to "
            + "images that both spaces hold", "embed the same collection with both models"
        )
      } else if old.spec.content != new.spec.content {
        (
          "'\(old.reference)' holds vectors of \(old.spec.content.rawValue) content and "
            + "'\(new.reference)' of \(new.spec.content.rawValue) content",
          "a map needs vectors of the same content"
        )
      } else if let mapped = [old, new].first(where: \.spec.isMapped) {
        (
          "'\(mapped.reference)' is a map itself; a map of a map would lose more",
          "name the spaces that the models made"
        )
      } else if old.spec == new.spec {
        (
          "'\(old.reference)' and '\(new.reference)' have the same identity: there is nothing to map",
          "name a space of another model or version second"
        )
      } else {
        nil
      }
    if let refusal { throw ParallaxError(.unsupported, refusal.message, hint: refusal.hint) }
  }

  /// Refuses early what no map can become.
  private func check(_ name: String, isFreeIn collection: ItemCollection) throws {
    try attributing(to: "as") {
      try ObjectName.check(name, kind: "space")
      let present = try workspace.spaces(in: collection).first { $0.name == name }
      guard let present, !present.spec.isMapped else { return }
      throw ParallaxError(
        .alreadyExists, "'\(present.reference)' exists, and holds what its model answered",
        hint: "choose another name with --as")
    }
  }

  /// Compares the neighbours of images that the map was not fitted to.
  private func measure(
    _ map: LinearMap, _ pairs: AlignmentPairs, _ trials: [Alignment.Trial], _ request: AlignRequest
  ) throws -> Alignment {
    let depth = AlignRequest.depth
    let (points, targets) = pairs.points(pairs.rest)
    let asked = RandomSample.places(
      AlignRequest.mostQueries, of: pairs.rest.count, seed: request.seed &+ 10)
    let wanted = try NeighbourLists(among: targets, for: asked, depth: depth)
    let staying = try NeighbourLists(among: points, for: asked, depth: depth)
    let mapped = try NeighbourLists(
      among: try map.applied(to: points), asking: targets, for: asked, depth: depth)
    let before = staying.overlaps(with: wanted, depth: depth)
    let after = mapped.overlaps(with: wanted, depth: depth)
    let bootstrap = Bootstrap(seed: request.seed)
    let comparison = try PairedComparison.comparisons(
      of: [after], with: before, signFlips: SignFlipTest(seed: request.seed))[0]
    let isSame = comparison.differences.values.allSatisfy { $0 == 0 }
    let intervals = try bootstrap.intervals(ofMeans: [before, after])
    func agreement(_ values: [Double], _ interval: Interval?) -> Alignment.Agreement {
      .init(overlap: values.reduce(0, +) / Double(values.count), interval: interval)
    }
    return Alignment(
      old: pairs.old.space, new: pairs.new.space, items: pairs.old.items.count,
      pairs: pairs.pairs.count, copies: pairs.copies,
      sample: pairs.sample.count, seed: request.seed, trials: trials, rank: map.rank,
      gallery: pairs.rest.count, queries: asked.count, staying: agreement(before, intervals[0]),
      mapped: agreement(after, intervals[1]), comparison: comparison,
      verdict: isSame
        ? .notDistinguishable
        : comparison.verdict(p: comparison.signFlips.evidence.p, margin: nil))
  }

  /// The identity of the mapped vectors. The digest of the map's numbers tells it from one that was
  /// fitted to other images.
  private static func spec(of map: LinearMap, _ alignment: Alignment) -> EmbeddingSpec {
    var facts: [(name: String, value: String)] =
      switch alignment.method {
      case .orthogonal: [("method", "orthogonal")]
      case .ridge(let strength, _): [("method", "linear"), ("strength", "\(strength)")]
      }
    facts += [
      ("rank", "\(map.rank)"), ("pairs", "\(alignment.sample)"), ("seed", "\(alignment.seed)"),
      ("from", short(Digest.sha256(alignment.old.spec.identity))),
      ("to", short(Digest.sha256(alignment.new.spec.identity))),
      ("numbers", short(digest(of: map))),
    ]
    return alignment.new.spec.mapped(facts)
  }

  private static func short(_ hash: ContentHash) -> String { String(hash.hexadecimal.prefix(16)) }

  private static func digest(of map: LinearMap) -> ContentHash {
    let numbers = map.inputMean + map.outputMean + map.factors.flatMap(\.values)
    return numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { Digest.sha256($0) }
  }

  /// Vectors mapped at a time, and stored.
  private static let mappedAtOnce = 2_048

  /// Maps all vectors of the old space; what the new one holds already of the same contents stays.
  private func fill(
    _ made: Space, by map: LinearMap, _ old: LoadedSpace,
    _ hashes: [ItemRecord.RowID: ContentHash], _ handler: @escaping EventHandler
  ) throws -> Alignment.Made {
    let stored = try workspace.embeddedHashes(in: made)
    let usable = old.items.indices.filter { hashes[old.items[$0]] != nil }
    let rows = usable.filter { hashes[old.items[$0]] != stored[old.items[$0]] }
    defer { if !rows.isEmpty { spaces.unload(made) } }
    var added = 0
    for start in stride(from: 0, to: rows.count, by: Self.mappedAtOnce) {
      try Task.checkCancellation()
      handler(
        .progress(Progress("mapping", completed: start, total: rows.count, unit: "images")))
      let part = rows[start..<min(start + Self.mappedAtOnce, rows.count)]
        .filter { Vector.length(old.matrix.row($0)) > 0 }
      let mapped = try map.applied(to: AlignmentPairs.units(of: old, part))
      let vectors = part.enumerated().compactMap { place, row -> StoredVector? in
        guard let hash = hashes[old.items[row]],
          let vector = Vector.normalized(mapped.row(place).map { Float($0) })
        else { return nil }
        return StoredVector(item: old.items[row], hash: hash, vector: vector)
      }
      try workspace.append(vectors, to: made)
      added += vectors.count
    }
    return Alignment.Made(
      space: made, added: added, before: usable.count - rows.count, dropped: rows.count - added)
  }
}
