extension Value {
  /// `text` read as `kind`, or `nil` when it does not fit; what is read keeps its text.
  ///
  /// Blanks around it do not count. Integers may have leading zeros, a plus sign or a fraction of
  /// zeros (`2016.0`); booleans may be `yes`, `no`, `1`, `0`, `t`, `f`, `y`, `n`. Dates with an
  /// offset become UTC. This is more than inference takes for a kind: here somebody asked for it.
  package init?(reading text: String, as kind: ValueKind) {
    let trimmed = text.trimmingBlanks
    let value: Value? =
      switch kind {
      case .text: .text(text)
      case .integer: Self.integer(trimmed).map(Value.integer)
      case .real: Self.number(trimmed)
      case .boolean: Self.boolean(trimmed).map(Value.boolean)
      case .date: CalendarDate(trimmed).map { .date($0.text) }
      }
    guard let value else { return nil }
    self.init(value, writtenAs: text)
  }

  /// The value as one of another kind: its text read again, with a null value where it does not fit.
  package func converted(to kind: ValueKind) -> Value {
    switch (self, kind) {
    case (.null, _): .null
    case (.list(let values), _): .list(values.map { $0.converted(to: kind) })
    case (_, .text): .text(plainText)
    case (let value, _) where value.kind == kind || (value.kind, kind) == (.integer, .real): value
    default: Value(reading: plainText, as: kind) ?? .written(plainText, as: .null)
    }
  }

  private static let numberBytes = Set("+-.eE0123456789".utf8)

  private static func integer(_ text: String) -> Int64? {
    if let value = Int64(text) { return value }
    guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let zeros = text[point...].utf8.dropFirst()
    return zeros.allSatisfy { $0 == UInt8(ascii: "0") } ? Int64(text[..<point]) : nil
  }

  /// A whole number stays one among reals, so that none is rounded and each looks as it did.
  private static func number(_ text: String) -> Value? {
    guard text.utf8.allSatisfy({ numberBytes.contains($0) }), let value = Double(text),
      value.isFinite
    else { return nil }
    if let whole = Int64(text), String(whole) == text { return .integer(whole) }
    return .real(value)
  }

  private static func boolean(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "t", "y", "1": true
    case "false", "no", "f", "n", "0": false
    default: nil
    }
  }
}

extension String {
  /// The text without blanks and tabs around it.
  package var trimmingBlanks: String {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard let first = utf8.first, let last = utf8.last, isBlank(first) || isBlank(last) else {
      return self
    }
    guard let start = utf8.firstIndex(where: { !isBlank($0) }),
      let end = utf8.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[start...end])
  }
}
