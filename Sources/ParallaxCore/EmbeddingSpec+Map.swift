extension EmbeddingSpec {
  /// What stands between the preprocessing of the model that asks and the map.
  private static let mark = " -> map("

  /// The identity of vectors that were mapped from another space into this one: that of the model that
  /// embeds queries, with the map as a part of the preprocessing, so that no vectors of another map,
  /// nor the model's own, are taken for the same.
  ///
  /// - Parameter facts: what the map is and where it came from; none may hold `;` or `)`.
  package func mapped(_ facts: [(name: String, value: String)]) -> EmbeddingSpec {
    var spec = self
    spec.preprocessing +=
      Self.mark + facts.map { "\($0.name)=\($0.value)" }.joined(separator: ", ") + ")"
    return spec
  }

  /// The identity of the model that embeds queries: without the map, if there is one.
  package var unmapped: EmbeddingSpec {
    guard let start = preprocessing.ranges(of: Self.mark).first?.lowerBound else { return self }
    var spec = self
    spec.preprocessing = String(preprocessing[..<start])
    return spec
  }

  /// Whether the vectors are no model's own answers, but mapped from those of another one.
  package var isMapped: Bool { unmapped != self }
}
