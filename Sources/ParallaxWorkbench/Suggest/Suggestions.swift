package import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxSearch

/// What the nearest known cases say of pictures that come in.
package struct Suggestions: Sendable {
  package struct Case: Sendable, Hashable {
    package let id: ItemID
    /// The cosine.
    package let score: Float
  }

  /// Of one field.
  package struct Answer: Sendable, Hashable {
    /// The value that enough cases agree on, or the median; null where there is none.
    package let value: Value
    /// Of a field of categories; `nil` of one of numbers, and where no case knows anything.
    package let agreement: Double?
    /// Of a field of numbers; null where no case has one.
    package let low: Value
    package let high: Value
    /// Cases without a value.
    package let missing: Int
    /// What the cases have; null where they have nothing.
    package let known: [Value]
  }

  package struct Picture: Sendable {
    /// As it was named: the path that was given, and what lies below it.
    package let name: String
    /// Why it could not be compared.
    package let problem: String?
    /// Whether a case has the same bytes.
    package let isKnown: Bool
    /// The nearest, best first; none where it could not be compared.
    package let cases: [Case]
    /// One a field; none where it could not be compared.
    package let answers: [Answer]
  }

  /// How far to trust them.
  package let trial: SuggestionTrial
  /// By path, in the order of its bytes.
  package let pictures: [Picture]
  package let cost: RepeatedCost
}

extension KnownCases {
  /// What some cases say of a field.
  func answer(_ field: Field, _ hits: [SearchHit], from agreement: Double) -> Suggestions.Answer {
    let known = hits.map { field.typed[$0.row] }
    let missing = known.count { $0 == .null }
    func answer(
      _ value: Value, agreement: Double? = nil, low: Value = .null, high: Value = .null
    ) -> Suggestions.Answer {
      Suggestions.Answer(
        value: value, agreement: agreement, low: low, high: high, missing: missing, known: known)
    }
    switch field.values {
    case .categories(_, let names):
      let vote = field.categories(hits)
      return answer(
        vote?.answer(from: agreement).map { names[$0] } ?? .null,
        agreement: vote?.category == nil ? nil : vote?.agreement)
    case .numbers:
      guard let vote = field.numbers(hits) else { return answer(.null) }
      return answer(
        field.value(vote.median, among: hits), low: field.value(vote.range.lowerBound, among: hits),
        high: field.value(vote.range.upperBound, among: hits))
    }
  }
}

extension KnownCases.Field {
  /// A number as the field has it: that of a case, or between two of them.
  fileprivate func value(_ number: Double, among hits: [SearchHit]) -> Value {
    guard case .numbers(let numbers) = values else { return .null }
    if let own = hits.first(where: { numbers[$0.row] == number }) { return typed[own.row] }
    return kind == .integer
      ? Int64(exactly: number).map { .integer($0) } ?? .real(number) : .real(number)
  }
}
