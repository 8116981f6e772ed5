internal import ParallaxCore
internal import ParallaxSearch
package import ParallaxStorage

extension Workbench {
  /// Pictures that take one pass over the vectors.
  private static let suggestedAtOnce = 64

  /// What the nearest known cases of a space say of pictures that come in, and how right they would have been on
  /// one another. Nothing is added to the collection.
  ///
  /// - Parameters:
  ///   - paths: folders, pictures, and patterns such as `new/*.jpg`, as they were written.
  ///   - budget: millionths of a US dollar that may be spent in this workspace; `nil` for no limit.
  /// - Throws: as ``gate(_:on:budget:_:)`` and ``suggestionTrial(_:of:_:)``.
  @concurrent package func suggestions(
    _ request: SuggestRequest, for paths: [String], followsLinks: Bool, from space: Space,
    budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> Suggestions {
    let embedding = try await PictureEmbedding(space, self, budget: budget)
    let (files, incoming) = try await incoming(paths, followsLinks: followsLinks, handler)
    let cases = try await cases(request, of: space, handler)
    let vectors = try await vectors(of: incoming, by: embedding, handler)
    let trial = try await suggestionTrial(request, cases, handler)
    let nearest = try await nearest(to: vectors.found, request.count, among: cases)
    let own = try workspace.items(
      withContent: Set(incoming.compactMap { $0?.hash }), in: space.collection)
    embedding.say(handler)
    return Suggestions(
      trial: trial,
      pictures: files.indices.map { place in
        let hits = nearest[place]
        let found = hits.map {
          Suggestions.Case(id: cases.entry.loaded.ids[$0.row], score: $0.score)
        }
        let copies = incoming[place].flatMap { own[$0.hash] } ?? []
        return Suggestions.Picture(
          name: files[place].name, problem: files[place].fault ?? vectors.problems[place],
          isKnown: found.contains { copies.contains($0.id) }, cases: found,
          answers: hits.isEmpty
            ? []
            : cases.fields.map {
              cases.answer($0, hits, from: request.minimumAgreement)
            })
      }, cost: vectors.cost)
  }

  private func nearest(
    to vectors: [[Float]?], _ count: Int, among cases: KnownCases
  ) async throws -> [[SearchHit]] {
    var lists = [[SearchHit]](repeating: [], count: vectors.count)
    let places = vectors.indices.filter { vectors[$0] != nil }
    for start in stride(from: 0, to: places.count, by: Self.suggestedAtOnce) {
      try Task.checkCancellation()
      let part = places[start..<min(start + Self.suggestedAtOnce, places.count)]
      let found = try await ScanStop.whenCancelled { stop in
        try cases.entry.index.nearest(
          to: part.compactMap { vectors[$0] }, count: count, allowed: cases.allowed, until: stop)
      }
      for (place, hits) in zip(part, found) { lists[place] = hits }
    }
    return lists
  }
}
