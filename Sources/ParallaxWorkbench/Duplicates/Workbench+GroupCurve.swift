internal import ParallaxCore

extension SpaceGroups {
  /// What the groups would be at a threshold.
  package struct Point: Sendable, Hashable {
    package var threshold: Double
    package var groups: Int
    /// In groups.
    package var images: Int
    /// Of the largest group.
    package var largest: Int

    /// All but one of each group.
    package var surplus: Int { images - groups }
  }
}

extension Workbench {
  /// What groups would be at thresholds from the one that they were made at up to 1.
  ///
  /// - Throws: as ``explanation(of:in:_:)``.
  @concurrent package func curve(
    of found: SpaceGroups, steps: Int = 20, _ handler: @escaping EventHandler
  ) async throws -> [SpaceGroups.Point] {
    let base = try await base(of: found, handler)
    let least = found.request.minimumScore
    return try (0...(least < 1 ? steps : 0)).map { step in
      try Task.checkCancellation()
      let threshold = step == steps ? 1 : least + (1 - least) * Double(step) / Double(steps)
      let sizes = base.groups(at: threshold).map { base.contents.itemCount(of: $0) }
      return SpaceGroups.Point(
        threshold: threshold, groups: sizes.count, images: sizes.reduce(0, +),
        largest: sizes.max() ?? 0)
    }
  }
}
