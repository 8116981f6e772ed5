/// The pages of `help`, made from the signatures.
package struct HelpText: Sendable {
  private let registry: SignatureRegistry
  /// Terminal columns.
  private let width: Int

  package init(_ registry: SignatureRegistry, width: Int = 100) {
    self.registry = registry
    self.width = max(width, 40)
  }

  /// All commands by group, one line each.
  package func overview() -> String { "" }

  /// The page of one verb or alias.
  ///
  /// - Throws: `ParallaxError` with a suggestion when there is no such verb.
  package func page(for verb: String) throws -> String { "" }
}
