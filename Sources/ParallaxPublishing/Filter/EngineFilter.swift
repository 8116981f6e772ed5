package import ParallaxCore

/// A condition as engines are asked it: true of exactly the points for which the condition is true.
///
/// Nothing in it is unknown: `not` stands at the fields only, where it asks for a value that is there. Values
/// are of the kinds of their fields, so that an engine compares numbers with numbers of the same kind.
package indirect enum EngineFilter: Sendable, Hashable {
  case always(Bool)
  case all([EngineFilter])
  case any([EngineFilter])
  /// Of a list, that it holds for some element.
  case holds(EngineField, EngineTest)
  /// That there is a value, and it does not hold; of a list, for no element.
  case fails(EngineField, EngineTest)
  case known(EngineField)
  case unknown(EngineField)
  /// Two fields, both with values of one kind, or numbers.
  case compared(EngineField, Comparison, EngineField)

  package enum Comparison: String, Sendable, Hashable {
    case equal = "="
    case unequal = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }
}

/// What is asked of one value.
package enum EngineTest: Sendable, Hashable {
  /// Whether it is one of some; none holds for nothing.
  case among([Value])
  /// Whether it lies between two; without bounds every value does.
  case range(lower: Bound?, upper: Bound?)
  /// A pattern of `like`: `%` for any characters, `_` for one, ASCII letters in either case.
  case like(String)

  package struct Bound: Sendable, Hashable {
    package var value: Value
    package var isIncluded: Bool

    package init(_ value: Value, isIncluded: Bool) {
      self.value = value
      self.isIncluded = isIncluded
    }
  }
}

extension EngineFilter {
  /// Every field in it, each once, in its order.
  package var fields: [EngineField] {
    var fields: [EngineField] = []
    func visit(_ filter: EngineFilter) {
      switch filter {
      case .always: break
      case .all(let parts), .any(let parts): parts.forEach(visit)
      case .holds(let field, _), .fails(let field, _), .known(let field), .unknown(let field):
        fields.append(field)
      case .compared(let field, _, let other): fields += [field, other]
      }
    }
    visit(self)
    var seen: Set<EngineField> = []
    return fields.filter { seen.insert($0).inserted }
  }

  /// What is refused of a condition.
  package static func inexpressible(
    _ what: String, by engine: String, hint: String? = nil
  ) -> ParallaxError {
    ParallaxError(
      .unsupported, "\(engine) cannot be asked \(what)",
      hint: hint ?? "leave --on out: the search here can", parameter: "where")
  }
}
