internal import ParallaxCore
package import ParallaxStorage

extension Workbench {
  /// How right the cases of a space would have been on one another, asked as ``SuggestRequest`` says.
  ///
  /// - Throws: `unknown-field` and `unsupported` about `field`; what a condition throws; `unsupported` where there
  ///   are fewer than two cases; what loading the space throws; `cancelled`.
  @concurrent package func suggestionTrial(
    _ request: SuggestRequest, of space: Space, _ handler: @escaping EventHandler
  ) async throws -> SuggestionTrial {
    try await suggestionTrial(request, cases(request, of: space, handler), handler)
  }

  func cases(
    _ request: SuggestRequest, of space: Space, _ handler: @escaping EventHandler
  ) async throws -> KnownCases {
    try workspace.checkFields(request.fields, of: space.collection, option: "field")
    let entry = try await spaces.loading(space, progress: { handler(.progress($0)) })
    let cases = try KnownCases(request, entry, in: workspace)
    guard cases.rows.count > 1 else {
      let count = cases.rows.isEmpty ? "no case" : "one case alone"
      throw ParallaxError(
        .unsupported,
        "'\(space.reference)' has \(count)\(request.condition == nil ? "" : " that fulfils --where")"
          + ": what it is cannot be measured with others",
        hint: cases.withoutVector > 0 ? space.remedyForMissing : nil)
    }
    return cases
  }

  func suggestionTrial(
    _ request: SuggestRequest, _ cases: KnownCases, _ handler: @escaping EventHandler
  ) async throws -> SuggestionTrial {
    SuggestionTrial(
      space: cases.entry.loaded.space, request: request, cases: cases.rows.count,
      withoutVector: cases.withoutVector,
      fields: try await LeaveOneOut(cases: cases, request: request).fields {
        handler(.progress($0))
      })
  }
}
