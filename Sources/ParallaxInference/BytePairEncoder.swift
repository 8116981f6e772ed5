private import ParallaxCore

/// Byte-pair encoding of words over bytes, as CLIP uses it.
///
/// A word's bytes are its first symbols, the last with an end-of-word mark; then
/// the neighbours with the earliest merge are joined, the leftmost first, until
/// none has a merge (R. Sennrich et al. 2016, over bytes as in GPT-2).
struct BytePairEncoder: Sendable {
  private struct Pair: Hashable {
    let left: Int32
    let right: Int32
  }

  private struct Merge {
    let rank: Int32
    let joined: Int32
  }

  /// Ids of single bytes, and of bytes that end a word; -1 where there is none.
  private var inner = [Int32](repeating: -1, count: 256)
  private var final = [Int32](repeating: -1, count: 256)
  private var merges: [Pair: Merge] = [:]
  private let unknown: Int32

  static let endOfWord = "</w>"

  /// - Parameters:
  ///   - merges: pairs of pieces, the earliest first.
  ///   - unknown: the id of a byte that has none.
  /// - Throws: `invalid-model` for a merge whose pieces are not in the vocabulary.
  init(vocabulary: [String: Int32], merges: [(String, String)], unknown: Int32) throws {
    self.unknown = unknown
    for byte in 0..<256 {
      let character = String(Self.character(for: UInt8(byte)))
      inner[byte] = vocabulary[character] ?? -1
      final[byte] = vocabulary[character + Self.endOfWord] ?? -1
    }
    self.merges.reserveCapacity(merges.count)
    for (rank, (left, right)) in merges.enumerated() {
      guard let leftID = vocabulary[left], let rightID = vocabulary[right],
        let joined = vocabulary[left + right]
      else {
        throw ParallaxError(
          .invalidModel,
          "the tokenizer's merge \(rank + 1), '\(left) \(right)', is not in its vocabulary")
      }
      let pair = Pair(left: leftID, right: rightID)
      if self.merges[pair] == nil {
        self.merges[pair] = Merge(rank: Int32(rank), joined: joined)
      }
    }
  }

  /// Appends the ids of one word. O(n log n) in its bytes.
  func encode(_ word: [UInt8], into ids: inout [Int64]) {
    var symbols = word.map { inner[Int($0)] }
    if let last = word.last { symbols[symbols.count - 1] = final[Int(last)] }
    // A list over positions: `next` skips what was joined, which becomes -2.
    var next = Array(1...max(1, symbols.count))
    var previous = Array(-1..<max(0, symbols.count - 1))
    var queue = MinimumHeap<UInt64>()

    func merge(at position: Int) -> Merge? {
      guard position >= 0, symbols[position] >= 0, next[position] < symbols.count else {
        return nil
      }
      return merges[Pair(left: symbols[position], right: symbols[next[position]])]
    }
    func enqueue(_ position: Int) {
      guard let merge = merge(at: position) else { return }
      queue.insert(UInt64(merge.rank) << 32 | UInt64(position))
    }

    for position in symbols.indices.dropLast() { enqueue(position) }
    while let entry = queue.popMinimum() {
      let position = Int(entry & 0xFFFF_FFFF)
      guard let merge = merge(at: position), UInt64(merge.rank) == entry >> 32 else { continue }
      let right = next[position]
      symbols[position] = merge.joined
      symbols[right] = -2
      next[position] = next[right]
      if next[right] < symbols.count { previous[next[right]] = position }
      enqueue(previous[position])
      enqueue(position)
    }
    for symbol in symbols where symbol != -2 { ids.append(Int64(symbol < 0 ? unknown : symbol)) }
  }

  /// The character that stands for a byte in vocabulary files: itself when it is
  /// printable Latin-1, otherwise one from U+0100 on, in order.
  static func character(for byte: UInt8) -> Character {
    switch byte {
    case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Character(Unicode.Scalar(byte))
    case 0...0x20: return character(0x100 + UInt32(byte))
    case 0x7F...0xA0: return character(0x100 + 0x21 + UInt32(byte) - 0x7F)
    default: return character(0x143)
    }
  }

  private static func character(_ value: UInt32) -> Character {
    Unicode.Scalar(value).map(Character.init) ?? "\u{FFFD}"
  }
}
