private import ParallaxText

/// Writes the JSON of a request piece by piece, so that a picture is encoded into its place.
struct JSONBody {
  private(set) var bytes: [UInt8] = []

  /// JSON as it stands.
  mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func number(_ value: Int) { bytes.append(contentsOf: String(value).utf8) }

  mutating func string(_ text: String) { bytes.append(contentsOf: JSON.string(text).utf8) }

  /// A string that is the base64 of `data`.
  mutating func base64(_ data: [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    unquotedBase64(data)
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func unquotedBase64(_ data: [UInt8]) { Base64.append(data, to: &bytes) }

  /// `elements` between brackets, written one by one.
  mutating func array<Elements: Collection>(
    _ elements: Elements, _ write: (inout JSONBody, Elements.Element) -> Void
  ) {
    raw("[")
    for (index, element) in elements.enumerated() {
      if index > 0 { raw(",") }
      write(&self, element)
    }
    raw("]")
  }
}
