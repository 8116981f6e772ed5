internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

extension SystemList {
  /// The systems that tell duplicates: spaces and groups, what came through the pipe first.
  ///
  /// - Throws: `unsupported` for others; `unknown-name`.
  @MainActor func pairSystems(
    _ session: Session, _ input: NamedResult?, for key: ObjectKey<[SystemReference]>
  ) throws -> [PairTruth.System] {
    let piped = try input.map { try Self.pairSystem($0) }
    return (piped.map { [$0] } ?? [])
      + (try references.enumerated().map { index, reference in
        try attributing(to: key, index: index) {
          switch reference.kind {
          case .space(let space): return .space(try session.bench.space(space))
          case .named(let name):
            if let result = session.result(named: name) { return try Self.pairSystem(result) }
            return .space(try session.bench.space(SpaceReference(name)))
          case .published:
            throw ParallaxError(
              .unsupported, "'\(reference.text)' is in an engine, and --truth is about pairs",
              hint: "name the space: pairs are found here")
          case .file:
            throw ParallaxError(
              .unsupported, "'\(reference.text)' is the file of a run, and --truth is about pairs",
              hint: "name a space, or a result of 'dedupe' or 'cluster'")
          }
        }
      })
  }

  private static func pairSystem(_ result: NamedResult) throws -> PairTruth.System {
    guard case .groups(let listing) = result.content else {
      throw ParallaxError(
        .unsupported, "'\(result.name)' has no groups, and --truth is about pairs",
        hint: "name a space, or a result of 'dedupe' or 'cluster'")
    }
    return .groups(listing.found, name: result.name)
  }
}
