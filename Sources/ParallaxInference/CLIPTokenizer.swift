@_spi(_Unicode) private import Swift

/// CLIP's tokenizer: NFC, lower case, words, then byte-pair encoding of each.
///
/// Gives the ids that Hugging Face's `tokenizers` gives for the same files.
struct CLIPTokenizer: TextTokenizer {
  /// A text that stands for one id wherever it occurs.
  struct SpecialToken: Sendable {
    let text: String
    let id: Int32
    /// Whether it is looked for after lower-casing instead of before.
    let isNormalized: Bool
  }

  let encoder: BytePairEncoder
  let start: Int32
  let end: Int32
  let paddingID: Int64
  /// Ids for the texts of special tokens; the longest match wins.
  let specialTokens: [SpecialToken]
  /// Whether the words pattern itself names the special tokens, which then stay whole.
  let keepsSpecialWords: Bool

  func encode(_ text: String, maximumTokens: Int) throws -> [Int64] {
    let limit = max(2, maximumTokens)
    var ids = [Int64(start)]
    let literal = specialTokens.filter { !$0.isNormalized }
    let lowercase = specialTokens.filter(\.isNormalized)
    split(Array(text.unicodeScalars), at: literal, into: &ids, limit: limit) { piece, ids in
      split(Self.normalized(piece), at: lowercase, into: &ids, limit: limit) { words, ids in
        encodeWords(words, into: &ids, limit: limit)
      }
    }
    return ids.prefix(limit - 1) + [Int64(end)]
  }

  /// Appends the ids of special tokens, and what `body` makes of the texts between them.
  private func split(
    _ scalars: [Unicode.Scalar], at tokens: [SpecialToken], into ids: inout [Int64], limit: Int,
    _ body: ([Unicode.Scalar], inout [Int64]) -> Void
  ) {
    let patterns = tokens.map { (scalars: Array($0.text.unicodeScalars), id: $0.id) }
      .filter { !$0.scalars.isEmpty }
      .sorted { $0.scalars.count > $1.scalars.count }
    let firsts = Set(patterns.map { $0.scalars[0] })
    var pending = 0
    var position = 0
    while position < scalars.count, ids.count < limit {
      guard firsts.contains(scalars[position]),
        let match = patterns.first(where: { scalars[position...].starts(with: $0.scalars) })
      else {
        position += 1
        continue
      }
      if pending < position { body(Array(scalars[pending..<position]), &ids) }
      ids.append(Int64(match.id))
      position += match.scalars.count
      pending = position
    }
    if pending < scalars.count { body(Array(scalars[pending...]), &ids) }
  }

  /// NFC and then lower case, scalar by scalar; white space needs no change, as it only
  /// divides words.
  private static func normalized(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    if scalars.allSatisfy(\.isASCII) {
      return scalars.map {
        (65...90).contains($0.value) ? Unicode.Scalar(UInt8($0.value + 32)) : $0
      }
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)._nfc.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
  }

  /// Divides by the pattern
  /// `'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+` and encodes each word.
  private func encodeWords(_ scalars: [Unicode.Scalar], into ids: inout [Int64], limit: Int) {
    var position = 0
    while position < scalars.count, ids.count < limit {
      let kind = Kind(scalars[position])
      var end = position + 1
      if let length = specialWord(scalars[position...]) {
        end = position + length
      } else if let length = Self.contraction(scalars[position...]) {
        end = position + length
      } else if kind == .letter || kind == .other {
        while end < scalars.count, Kind(scalars[end]) == kind { end += 1 }
      }
      if kind != .space {
        encoder.encode(
          scalars[position..<end].flatMap { Array(UTF8.encode($0) ?? .init()) }, into: &ids)
      }
      position = end
    }
  }

  private func specialWord(_ rest: ArraySlice<Unicode.Scalar>) -> Int? {
    guard keepsSpecialWords, rest.first == "<" else { return nil }
    return specialTokens.lazy.map { Array($0.text.unicodeScalars) }
      .first { rest.starts(with: $0) }?.count
  }

  private static func contraction(_ rest: ArraySlice<Unicode.Scalar>) -> Int? {
    guard rest.first == "'" else { return nil }
    switch rest.dropFirst().first {
    case "s", "t", "m", "d": return 2
    case "r", "v": return rest.dropFirst(2).first == "e" ? 3 : nil
    case "l": return rest.dropFirst(2).first == "l" ? 3 : nil
    default: return nil
    }
  }

  private enum Kind {
    case space, letter, number, other

    init(_ scalar: Unicode.Scalar) {
      switch scalar.value {
      case 0x61...0x7A, 0x41...0x5A: self = .letter
      case 0x30...0x39: self = .number
      case 0x20, 0x09...0x0D: self = .space
      case 0..<0x80: self = .other
      default:
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
          self = .letter
        case .decimalNumber, .letterNumber, .otherNumber: self = .number
        default: self = scalar.properties.isWhitespace ? .space : .other
        }
      }
    }
  }
}
