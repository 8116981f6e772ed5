internal import ParallaxCore
internal import ParallaxText

/// Dates as numbers that order as their texts do.
enum DateOrder {
  /// Of a date, or of a year or month, which is before every date in it.
  static func number(of text: String) -> Int64 {
    guard let date = CalendarDate(text) else {
      let day = text.utf8.count == 4 ? "\(text)-01-01" : "\(text)-01"
      return (CalendarDate(day).map { Int64($0.secondsSince1970) * 4 } ?? 0) - 1
    }
    // `2024-05-31` is before `2024-05-31T00:00:00`, and that before the same with `Z`.
    let form: Int64 = date.text.hasSuffix("Z") ? 2 : date.text.contains("T") ? 1 : 0
    return Int64(date.secondsSince1970) * 4 + form
  }

  /// Of a date or several, as JSON.
  static func json(of value: Value) -> String {
    switch value {
    case .list(let values): "[\(values.map { json(of: $0) }.joined(separator: ","))]"
    case .date(let text), .text(let text): String(number(of: text))
    default: "null"
    }
  }
}

/// The keys that fields have in what engines without columns keep of a point.
struct PayloadKeys {
  private let names: [EngineField: String]

  init(_ fields: [EngineField]) {
    var names = [EngineField.id: "item_id"]
    for field in fields where field != .id { names[field] = Self.key(field.name) }
    self.names = names
  }

  func name(of field: EngineField) -> String { names[field] ?? "" }

  /// Where the number is that orders dates; no field's name begins so.
  func order(of field: EngineField) -> String { "order_" + name(of: field) }

  /// Where it stands whether there is a value, in engines that have no condition for what is missing.
  func known(_ field: EngineField) -> String { "known_" + name(of: field) }

  /// Points, brackets and quotes have a meaning in paths: what is not a word is spelled by its bytes.
  private static func key(_ name: String) -> String {
    let isBuiltIn = name.hasPrefix(EngineField.builtInPrefix)
    let word = isBuiltIn ? String(name.dropFirst(EngineField.builtInPrefix.count)) : name
    let isWord =
      !word.isEmpty
      && word.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
      }
    let spelled =
      isWord
      ? word
      : word.utf8.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    return (isBuiltIn ? "item." : isWord ? "meta." : "hex.").replacing(".", with: "_") + spelled
  }
}

extension Value {
  /// As JSON; a list has no nulls.
  var json: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .real(let number): "\(number)"
    case .date(let text), .text(let text): JSON.string(text)
    case .written(_, let value): value.json
    case .list(let values):
      "[\(values.filter { $0.typed != .null }.map(\.json).joined(separator: ","))]"
    }
  }
}
