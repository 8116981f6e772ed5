private import ParallaxCore

/// What the search with proof reads before whole rows: codes on a few axes, where they help, then codes of all numbers.
package struct ProvenCodes: Sendable {
  package let placed: PlacedRows?
  let int8: @Sendable () -> CodedRows

  /// - Parameter int8: the codes of all numbers, asked for when a query needs them.
  package init(placed: PlacedRows? = nil, int8: @escaping @Sendable () -> CodedRows) {
    self.placed = placed
    self.int8 = int8
  }

  /// - Parameters:
  ///   - index: by cosine, or it gets no codes on axes.
  ///   - int8: the codes of all numbers, asked for when a query needs them.
  package init(for index: ExactIndex, int8: @escaping @Sendable () -> CodedRows) {
    self.init(
      placed: PlacedAxes.cheapest(for: index).flatMap { PlacedRows(of: index, $0) }, int8: int8)
  }
}
