extension Array where Element: Sendable {
  /// One outcome an element, in order, with all of them worked on at once; one that fails, fails
  /// alone.
  ///
  /// - Throws: `missing-component`, `cancelled` and any other error that is no matter of one element.
  package func concurrentOutcomes<Output: Sendable>(
    _ body: @escaping @Sendable (Element) async throws -> Output
  ) async throws -> [Result<Output, ParallaxError>] {
    try await withThrowingTaskGroup(of: (Int, Result<Output, ParallaxError>).self) { group in
      for (index, element) in enumerated() {
        group.addTask {
          do {
            return (index, .success(try await body(element)))
          } catch let error as ParallaxError
            where error.code != .missingComponent && error.code != .cancelled
          {
            return (index, .failure(error))
          }
        }
      }
      var outcomes = [Result<Output, ParallaxError>?](repeating: nil, count: count)
      for try await (index, outcome) in group { outcomes[index] = outcome }
      return outcomes.compactMap(\.self)
    }
  }
}
