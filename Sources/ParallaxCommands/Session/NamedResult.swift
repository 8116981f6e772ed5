package import ParallaxCore
package import ParallaxWorkbench

/// An immutable table with a name and provenance.
package struct NamedResult: Sendable, Hashable {
  package var name: String
  package var table: Table
  package var provenance: Provenance
  /// What each term of a query gave to each row; `nil` where there are no terms.
  package var contributions: Contributions?
}
