import ParallaxCore
import ParallaxTestSupport

/// The random texts of `Fixtures/make_models.py`, made by the same arithmetic.
struct RandomTexts {
  private static let words = [
    "a photo of a dog", "it's", "don't", "we'll", "THEY'VE", "I'M", "'RE", "licensor", "2024",
    "3.14", "<|endoftext|>", "<|startoftext|>", "<|EndOfText|>", "café", "naïve", "Straße",
    "Οδυσσεύς", "ΟΔΥΣΣΕΥΣ", "İstanbul", "приве́т", "日本語", "한국어", "مرحبا", "हिन्दी",
    "👩‍👩‍👧", "🏳️‍🌈", "①②",
    "ﬁn", "Ⅻ", "e\u{301}\u{327}", "</w>", "▁x", "#hash", "C++",
  ]
  private static let ranges: [(low: UInt32, high: UInt32)] = [
    (0x20, 0x7F), (0x20, 0x7F), (0x20, 0x7F), (0x00, 0x20), (0x80, 0x100), (0x100, 0x250),
    (0x300, 0x370), (0x370, 0x530), (0x590, 0x700), (0x900, 0xC00), (0x1100, 0x1200),
    (0x1E00, 0x2070), (0x2070, 0x2C00), (0x3040, 0x3100), (0x4E00, 0x9FFF), (0xAC00, 0xD7A4),
    (0xF900, 0xFB50), (0xFE00, 0xFFF0), (0x1F300, 0x1F700),
  ]

  private var generator = SeededGenerator(seed: 2024)

  mutating func next() -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<(1 + below(12)) {
      switch below(4) {
      case 0: text.append(contentsOf: Self.words[below(Self.words.count)].unicodeScalars)
      case 1: text.append(contentsOf: repeatElement(" ", count: 1 + below(2)))
      default:
        let (low, high) = Self.ranges[below(Self.ranges.count)]
        for _ in 0..<(1 + below(5)) {
          let value = low + UInt32(below(Int(high - low)))
          if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
      }
    }
    return String(text)
  }

  private mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
}

/// FNV-1a over the ids as 32-bit little-endian numbers, folded to 32 bits.
func fingerprint(_ ids: [Int64]) -> UInt32 {
  var state: UInt64 = 0xCBF2_9CE4_8422_2325
  for id in ids {
    for shift in stride(from: 0, to: 32, by: 8) {
      state = (state ^ UInt64(id >> Int64(shift) & 255)) &* 0x100_0000_01B3
    }
  }
  return UInt32(truncatingIfNeeded: state >> 32 ^ state)
}
