internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStorage

/// What is compared, and the pairs that link, before anybody's verdict counts.
struct GroupMaterial: Sendable {
  let contents: GroupContents
  var links: [SimilarPair]
  var signals = GroupSignals()
  /// Of a space, where the links came from; `nil` where pictures were compared.
  var pairs: SpacePairs?
  var cosines: RowCosines?

  var space: Space? { pairs?.space }
}

extension Workbench {
  /// Of the vectors of a space.
  func material(
    of space: Space, _ request: GroupRequest, _ handler: @escaping EventHandler
  ) async throws -> GroupMaterial {
    let threshold = request.basis.threshold
    let isOfPictures = space.spec.content != .text
    guard request.secondSign == nil || isOfPictures else {
      throw ParallaxError(
        .unsupported,
        "'\(space.reference)' holds vectors of texts, and a perceptual hash is of a picture",
        hint: "choose a space of images", parameter: "also-hash")
    }
    let pairs = try await self.pairs(
      of: space, minimumScore: threshold, throughIndex: request.throughIndex, handler)
    let loaded = try await spaces.loading(space, progress: { handler(.progress($0)) }).loaded
    let contents = GroupContents(
      try workspace.items(in: space.collection).sorted { $0.id < $1.id }, pairs.ids)
    var links = contents.links(pairs.pairs)
    var signals = GroupSignals()
    if let rule = request.secondSign {
      let prints = try await fingerprints(of: contents, in: space.collection, handler)
      signals.rule = rule
      signals.hashes = prints.map { $0?.hashes }
      if request.comparesPixels {
        let linked = Set(links.flatMap { [$0.left, $0.right] })
        signals.pixels = prints.enumerated().map { linked.contains($0) ? $1?.pixels : nil }
      }
      links.removeAll { signals.hashDistance($0.left, $0.right).map { $0 > rule.bits } ?? true }
    } else if request.comparesPixels, isOfPictures {
      signals.pixels = try await pixels(of: links, contents, in: space.collection, handler)
    }
    if let normalization = request.normalization {
      signals.usual = try await usualScores(
        of: links, contents, in: loaded, normalization, below: threshold.asKept, handler)
      if let least = normalization.minimum {
        links.removeAll {
          signals.normalized($0.score, $0.left, $0.right).map { $0 < least } ?? true
        }
      }
    }
    return GroupMaterial(
      contents: contents, links: links, signals: signals, pairs: pairs,
      cosines: RowCosines(loaded.matrix))
  }

  /// Of the pictures of a collection, without any vector.
  func material(
    of collection: ItemCollection, _ request: GroupRequest, _ handler: @escaping EventHandler
  ) async throws -> GroupMaterial {
    let contents = GroupContents(
      try workspace.items(in: collection).sorted { $0.id < $1.id }, [])
    let prints = try await fingerprints(of: contents, in: collection, handler)
    var material = GroupMaterial(contents: contents, links: [])
    material.signals.pixels = prints.map { $0?.pixels }
    guard let rule = request.hashRule else { return material }
    material.signals.rule = rule
    material.signals.hashes = prints.map { $0?.hashes }
    let blank = prints.indices.filter { prints[$0]?.isBlank ?? false }
    if let first = blank.first {
      let count = contents.itemCount(of: blank)
      handler(
        .warning(
          "\(Wording.count(count, "picture")), such as '\(contents.item(of: first).id)', "
            + "\(count == 1 ? "is" : "are") nearly of one colour, of which a hash says nothing: "
            + "\(count == 1 ? "it joins" : "they join") none but those with the same pixels"))
    }
    material.links = try await hashLinks(
      of: prints.map { $0.flatMap { $0.isBlank ? nil : $0.hashes } }, rule, in: collection, handler)
    return material
  }

  /// The pairs of contents whose hashes are alike; their score is the bits that differ, negated.
  ///
  /// - Throws: `too-many-pairs`; `CancellationError`.
  func hashLinks(
    of hashes: [PictureHashes?], _ rule: HashRule, in collection: ItemCollection,
    atMost most: Int = PairLimit.most, _ handler: @escaping EventHandler
  ) async throws -> [SimilarPair] {
    let search = HashSearch(hashes, rule, of: collection.name, atMost: most)
    return try await ScanStop.whenCancelled { stop in
      try search.run(until: stop) { done, total in
        handler(
          .progress(
            Progress("comparing hashes", completed: done, total: total, unit: "hashes")))
      }
    }
  }
}
