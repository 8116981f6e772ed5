internal import ParallaxCore
package import ParallaxProviders

/// The methods there are; dispatch, help, completion and messages read this.
package enum RerankMethodRegistry {
  package static let all: [any RerankMethod.Type] = [
    QueryExpansionMethod.self,
    ReciprocalNeighboursMethod.self,
    InvertedSoftmaxMethod.self,
    CrossDomainScalingMethod.self,
    RankFusionMethod.self,
    MarginalMethod.self,
  ]

  package static func method(named name: String) -> (any RerankMethod.Type)? {
    all.first { $0.id == name }
  }
}

extension RerankMethod {
  /// As `list models` and `describe model` show it.
  package static var description: ModelDescription {
    ModelDescription(
      name: id, summary: summary,
      facts: facts + [
        .init("price", "none: it needs the vectors of the space alone")
      ], parameters: parameters)
  }
}
