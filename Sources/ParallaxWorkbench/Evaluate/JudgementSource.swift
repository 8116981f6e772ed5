package import ParallaxConditions
internal import ParallaxCore
package import ParallaxEvaluation

/// Where judgements come from.
package enum JudgementSource: Sendable, Hashable {
  /// A file in TREC's form, a table, ranx's JSON, or a folder of BEIR; or the name of judgements that are
  /// kept, see ``JudgementReference``.
  case file(String)
  /// A condition on items, in which `:name` stands for a column of the question.
  case rule(WhereExpression)
}

/// Judgements with what they were made from.
package struct JudgementSet: Sendable, Hashable {
  package var judgements: Judgements
  /// The file with its SHA-256.
  package var inputs: [Provenance.Name]

  package init(_ judgements: Judgements, inputs: [Provenance.Name] = []) {
    self.judgements = judgements
    self.inputs = inputs
  }
}
