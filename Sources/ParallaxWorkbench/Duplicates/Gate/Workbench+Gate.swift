internal import ParallaxCore
package import ParallaxStorage

extension Workbench {
  /// Decides for each picture that comes in whether it is too near to one of a space, or to one that comes
  /// in before it. Nothing is added to the collection.
  ///
  /// All vectors are compared, exactly. A file with the bytes of an item, or of a picture before it, is
  /// rejected whatever its vector.
  ///
  /// - Parameter budget: millionths of a US dollar that may be spent in this workspace; `nil` for no
  ///   limit.
  /// - Throws: `unreadable-file` and `invalid-value` about `PATH`; `unsupported` for a space of something else
  ///   than pictures; `budget` before anything is asked for; what loading the space and the model throw;
  ///   `cancelled`.
  @concurrent package func gate(
    _ request: GateRequest, on space: Space, budget: Int?, _ handler: @escaping EventHandler
  ) async throws -> GateOutcome {
    let embedding = try await PictureEmbedding(space, self, budget: budget)
    let (files, incoming) = try await incoming(
      request.paths, followsLinks: request.followsLinks, handler)
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let vectors = try await vectors(of: incoming, by: embedding, handler)
    let sign = try await sign(request.hashBits, incoming, entry, handler)
    let comparison = try GateComparison(
      incoming, vectors.found, entry, request, sign, in: workspace)
    if let sentence = comparison.contradiction { handler(.warning(sentence)) }
    let matches = try await comparison.matches { handler(.progress($0)) }
    let pictures = files.enumerated().map { place, file in
      let lacksHash = sign.map { incoming[place] != nil && $0.incoming[place] == nil } ?? false
      return GateOutcome.Picture(
        file, incoming[place], matches[place],
        problem: vectors.problems[place] ?? (lacksHash ? "it has no perceptual hash" : nil),
        request)
    }
    embedding.say(handler)
    let items = try workspace.summaries(of: [space]).first?.itemCount ?? 0
    return GateOutcome(
      space: space, request: request, pictures: pictures, items: items,
      compared: entry.loaded.ids.count, cost: vectors.cost)
  }

  /// The perceptual hashes of both sides, where they count.
  private func sign(
    _ bits: Int?, _ incoming: [IncomingPicture?], _ entry: SearchableSpace,
    _ handler: @escaping EventHandler
  ) async throws -> (rows: SecondSign, incoming: [PerceptualHash?])? {
    guard let bits else { return nil }
    let rows = try await secondSign(bits, of: entry.loaded, handler)
    let files = incoming.map { $0.map { (path: $0.path, content: $0.hash) } }
    let hashes = try await hashes(of: files) {
      handler(
        .progress(
          Progress("fingerprinting", completed: $0, total: files.count, unit: "pictures")))
    }
    return (rows, hashes)
  }
}

extension GateOutcome.Picture {
  fileprivate init(
    _ file: IncomingPictures.File, _ picture: IncomingPicture?, _ matches: [GateOutcome.Match],
    problem: String?, _ request: GateRequest
  ) {
    let problem = file.fault ?? problem
    let isSame = matches.contains { $0.isCopy || $0.verdict == .duplicate }
    let score = matches.filter { $0.counts(request.hashBits) }.compactMap(\.score).max()
    let decision =
      isSame ? .reject : problem != nil ? .unreadable : request.thresholds.decision(score)
    self.init(
      name: file.name, path: file.path, hash: picture?.hash, decision: decision,
      matches: matches, problem: problem)
  }
}
