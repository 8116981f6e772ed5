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
  /// - Throws: `CancellationError` when it was stopped.
  package init(
    for index: ExactIndex, until stop: ScanStop? = nil, int8: @escaping @Sendable () -> CodedRows
  ) throws {
    let axes = try PlacedAxes.cheapest(for: index, until: stop)
    self.init(
      placed: try axes.flatMap { try PlacedRows(of: index, $0, until: stop) }, int8: int8)
  }
}
