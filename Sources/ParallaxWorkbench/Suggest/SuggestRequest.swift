package import ParallaxConditions
package import ParallaxCore
package import ParallaxEvaluation
package import ParallaxStorage

/// What the nearest known cases are asked for.
package struct SuggestRequest: Sendable, Hashable {
  /// From this cosine on two cases of other bytes are near-copies of one another.
  package static let nearCopy: Float = 0.97

  /// Metadata fields, none twice.
  package var fields: [String]
  /// Cases that are asked, at least 1.
  package var count = 5
  /// Share of the weight of the cases that must agree for an answer, from 0 to 1.
  package var minimumAgreement = 0.6
  /// Which items are cases; `nil` for all.
  package var condition: WhereExpression?

  package init(fields: [String]) { self.fields = fields }
}

/// How right the cases of a collection would have been on one another: each is asked for with the others, never
/// with copies of its own file.
package struct SuggestionTrial: Sendable {
  package enum Outcome: Sendable {
    /// By place among `names`.
    case categories(CategoryTrial, names: [Value])
    case numbers(NumberTrial)
  }

  package struct Field: Sendable {
    package let name: String
    package let kind: ValueKind
    /// Cases without a value: they vote for nothing, and are not judged.
    package let missing: Int
    package let outcome: Outcome
    /// Cases with a value whose nearest other is a near-copy.
    package let nearCopies: Int
    /// As `outcome`, with cases that have no near-copies to ask; `nil` where none has any.
    package let apart: Outcome?

    /// Cases with a value.
    package var cases: Int {
      switch outcome {
      case .categories(let trial, _): trial.all.cases
      case .numbers(let trial): trial.cases
      }
    }
  }

  package let space: Space
  package let request: SuggestRequest
  /// Items that are cases.
  package let cases: Int
  /// Items that would be cases if they had a vector.
  package let withoutVector: Int
  package let fields: [Field]
}
