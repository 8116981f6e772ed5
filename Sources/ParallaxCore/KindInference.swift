/// Finds out what kind of value a column holds, from all of its cells.
///
/// - integer: `-?(0|[1-9][0-9]*)` within 64 bits. `00412` and `+41` stay text, for they are names,
///   and so do longer whole numbers, which a real would change.
/// - real: also `1.5`, `.5`, `1e-3`; not `nan`, not `inf`. Integers and reals together are real.
/// - boolean: `true` and `false` in any case, when the whole column is. `yes` and `no` are words.
/// - date: `2024-05-31`, or with a time `2024-05-31T12:00[:00]` (a blank may stand for the `T`),
///   `Z` or an offset such as `+02:00`. Fractions of a second stay text, so that none is lost.
/// - text: everything else and mixtures.
package struct KindInference {
  private var candidates = Candidates.all
  private var hasValue = false

  package init() {}

  /// The kind of the cells so far; `nil` before the first that is not empty.
  package var kind: ValueKind? { hasValue ? candidates.kind : nil }

  /// Whether no further cell can change the outcome, which is text.
  package var isSettled: Bool { candidates.isEmpty }

  /// A cell whose kind is to be read off its text.
  package mutating func add(_ text: String) {
    hasValue = true
    candidates.keepThose(fitting: text.trimmingBlanks)
  }

  /// A cell whose kind is stated, as JSON does; a text may be a date.
  package mutating func add(_ value: Value) {
    switch value.typed {
    case .null: return
    case .text(let text), .date(let text):
      candidates.formIntersection(CalendarDate(text) == nil ? [] : .date)
    case .integer: candidates.formIntersection([.integer, .real])
    case .real: candidates.formIntersection(.real)
    case .boolean: candidates.formIntersection(.boolean)
    case .list(let values):
      for value in values { add(value) }
      return
    case .written(_, let value): return add(value)
    }
    hasValue = true
  }

  /// The kinds that `text` alone could have.
  package static func fits(_ text: String) -> Set<ValueKind> {
    var candidates = Candidates.all
    candidates.keepThose(fitting: text.trimmingBlanks)
    return candidates.kinds
  }
}

/// The kinds a column may still have.
private struct Candidates: OptionSet {
  let rawValue: UInt8

  static let integer = Self(rawValue: 1)
  static let real = Self(rawValue: 2)
  static let boolean = Self(rawValue: 4)
  static let date = Self(rawValue: 8)
  static let all: Self = [.integer, .real, .boolean, .date]

  /// The most telling of those left.
  var kind: ValueKind {
    if contains(.integer) { return .integer }
    if contains(.real) { return .real }
    if contains(.boolean) { return .boolean }
    return contains(.date) ? .date : .text
  }

  var kinds: Set<ValueKind> {
    let all: [(Self, ValueKind)] = [
      (.integer, .integer), (.real, .real), (.boolean, .boolean), (.date, .date),
    ]
    return Set(all.filter { contains($0.0) }.map(\.1))
  }

  mutating func keepThose(fitting text: String) {
    if !isDisjoint(with: [.integer, .real]) {
      switch NumberShape(text.utf8) {
      case .none: subtract([.integer, .real])
      case .real: remove(.integer)
      case .whole:
        // A whole number beyond 64 bits is a name that a real would change.
        if Int64(text) == nil { subtract([.integer, .real]) }
      }
    }
    if contains(.boolean), !["true", "false"].contains(text.lowercased()) { remove(.boolean) }
    if contains(.date), CalendarDate(text) == nil { remove(.date) }
  }
}

/// Whether a text is written as a number.
private enum NumberShape {
  case none, whole, real

  init(_ text: String.UTF8View) {
    self = .none
    var rest = text[...]
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let whole = Self.takeDigits(&rest)
    let hasLeadingZero = whole.count > 1 && whole.first == UInt8(ascii: "0")
    if hasLeadingZero { return }
    if rest.isEmpty {
      if !whole.isEmpty { self = .whole }
      return
    }
    var fraction = rest.prefix(0)
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = Self.takeDigits(&rest)
      guard !fraction.isEmpty else { return }
    }
    guard !(whole.isEmpty && fraction.isEmpty) else { return }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      guard !Self.takeDigits(&rest).isEmpty else { return }
    }
    if rest.isEmpty, Double(String(text))?.isFinite == true { self = .real }
  }

  private static func takeDigits(_ rest: inout Substring.UTF8View) -> Substring.UTF8View {
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest[digits.endIndex...]
    return digits
  }
}
