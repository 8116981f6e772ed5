internal import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
private import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxWorkbench

extension TypedValue where Value == SpaceReference {
  /// `COLLECTION` or `COLLECTION@SPACE`.
  static var space: Self { Self(.space) { SpaceReference($0) } }
}

extension TypedValue where Value == any TableFormat.Type {
  /// A format of results, by its name.
  static var format: Self {
    Self(
      .choice(FormatRegistry.ids), read: { try? FormatRegistry.format(named: $0) },
      written: { $0.id })
  }
}

extension TypedValue where Value == RerankModel {
  /// A reranker, with or without parameters.
  static var reranker: Self {
    .reranker(read: { RerankModel($0) }, written: { $0.text })
  }
}

extension TypedValue where Value == String {
  /// A provider, by the name that stands in identities.
  static var provider: Self { Self(.choice(ProviderRegistry.all.map { $0.id })) { $0 } }

  /// A kind of drawing, by its name.
  static var plot: Self { Self(.choice(PlotRegistry.ids)) { $0 } }
}

extension TypedValue where Value == WhereExpression {
  /// A condition on metadata fields; the parser says what is wrong with one.
  static var condition: Self { condition(.filter) }

  static func condition(_ form: WhereExpression.Form) -> Self {
    Self(.expression) { try? WhereExpression(parsing: $0, as: form) }
  }
}

extension TypedValue where Value == KeepRule {
  /// A policy, a field or a condition.
  static var keepRule: Self {
    Self(
      .order(KeepPolicy.allCases.map(\.rawValue)), read: { KeepRule($0) }, written: { $0.text })
  }
}

extension ObjectKey where Value == String? {
  /// The result that a command works on: by its name, through a pipe, or the last one.
  static var result: Self { .optional("RESULT", .result, .optionalByHand) }
}
