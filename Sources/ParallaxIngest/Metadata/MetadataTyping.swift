package import ParallaxCore

/// What kind of value a column holds, judged by all of its cells.
///
/// - integer: `-?(0|[1-9][0-9]*)` within 64 bits. `00412` and `+41` stay text, for they are names,
///   and so do longer whole numbers, which a real would change.
/// - real: also `1.5`, `.5`, `1e-3`; not `nan`, not `inf`. Integers and reals together are real.
/// - boolean: `true`, `false`, `yes`, `no` in any case, when the whole column is.
/// - date: `2024-05-31`, or with a time `2024-05-31T12:00[:00]` (a blank may stand for the `T`),
///   `Z` or an offset such as `+02:00`. Fractions of a second stay text, so that none is lost.
/// - text: everything else, mixtures, and a column without values.
///
/// Empty cells are null in every kind and do not count.
package enum MetadataTyping {
  /// The kind of a column with these cells.
  package static func kind(of cells: some Sequence<RawCell>) -> ValueKind {
    var candidates = Candidates.all
    var hasValue = false
    for cell in cells {
      switch cell {
      case .empty, .typed(.null): continue
      case .untyped(let text): candidates.keepThose(fitting: text.trimmingBlanks)
      case .typed(.text(let text)), .typed(.date(let text)):
        candidates.formIntersection(ISODate(text) == nil ? [] : .date)
      case .typed(.integer): candidates.formIntersection([.integer, .real])
      case .typed(.real): candidates.formIntersection(.real)
      case .typed(.boolean): candidates.formIntersection(.boolean)
      }
      hasValue = true
      if candidates.isEmpty { return .text }
    }
    return hasValue ? candidates.kind : .text
  }

  /// `text` read as `kind`, more generously than inference does, or `nil` when it does not fit.
  ///
  /// Blanks around it do not count. Integers may have leading zeros, a plus sign or a fraction of
  /// zeros (`2016.0`); booleans may be `1`, `0`, `t`, `f`, `y`, `n`. Dates with an offset become UTC.
  package static func value(_ text: String, as kind: ValueKind) -> Value? {
    switch kind {
    case .text: return .text(text)
    case .integer: return integer(text.trimmingBlanks).map(Value.integer)
    case .real:
      let text = text.trimmingBlanks
      guard text.utf8.allSatisfy({ numberBytes.contains($0) }), let value = Double(text),
        value.isFinite
      else { return nil }
      return .real(value)
    case .boolean:
      let text = text.trimmingBlanks.lowercased()
      if ["true", "yes", "t", "y", "1"].contains(text) { return .boolean(true) }
      return ["false", "no", "f", "n", "0"].contains(text) ? .boolean(false) : nil
    case .date: return ISODate(text.trimmingBlanks).map { .date($0.text) }
    }
  }

  /// A cell read as `kind`: null when empty, `nil` when it does not fit.
  static func value(_ cell: RawCell, as kind: ValueKind) -> Value? {
    switch cell {
    case .empty: .null
    case .untyped(let text): value(text, as: kind)
    case .typed(let value):
      value.kind == nil || value.kind == kind ? value : Self.value(value.plainText, as: kind)
    }
  }

  private static let numberBytes = Set("+-.eE0123456789".utf8)

  private static func integer(_ text: String) -> Int64? {
    if let value = Int64(text) { return value }
    guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let zeros = text[point...].utf8.dropFirst()
    return zeros.allSatisfy { $0 == UInt8(ascii: "0") } ? Int64(text[..<point]) : nil
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
    if contains(.boolean), !["true", "false", "yes", "no"].contains(text.lowercased()) {
      remove(.boolean)
    }
    if contains(.date), ISODate(text) == nil { remove(.date) }
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
