internal import ParallaxCore

extension ItemGroups {
  /// What the groups would be at a threshold.
  package struct Point: Sendable, Hashable {
    /// The least similarity, as the basis has it.
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
  /// What groups would be at thresholds from the one that they were made at on: up to a cosine of 1, or down to no bit that
  /// differs.
  ///
  /// - Parameter steps: of cosines; of bits there are as many as bits.
  /// - Throws: `unsupported` for groups without a threshold; as ``explanation(of:in:_:)``.
  @concurrent package func curve(
    of found: ItemGroups, steps: Int = 20, _ handler: @escaping EventHandler
  ) async throws -> [ItemGroups.Point] {
    let thresholds = try Self.thresholds(found.request.basis, steps)
    let base = try await base(of: found, handler)
    return try thresholds.map { threshold in
      try Task.checkCancellation()
      let sizes = base.groups(at: threshold).map { base.contents.itemCount(of: $0) }
      return ItemGroups.Point(
        threshold: threshold, groups: sizes.count, images: sizes.reduce(0, +),
        largest: sizes.max() ?? 0)
    }
  }

  private static func thresholds(_ basis: GroupBasis, _ steps: Int) throws -> [Double] {
    switch basis {
    case .cosine(let least):
      (0...(least < 1 ? steps : 0)).map { step in
        step == steps ? 1 : least + (1 - least) * Double(step) / Double(steps)
      }
    case .hash(let rule): (0...rule.bits).map { -Double(rule.bits - $0) }
    case .pixels:
      throw ParallaxError(
        .unsupported, "groups of the same pixels have no threshold",
        hint: "'explain … group N' explains one of them")
    }
  }
}
