@_spi(_Unicode) private import Swift
private import ParallaxCore
private import ParallaxSystem

/// BERT's tokenizer: words and punctuation, then the longest pieces of a vocabulary, from the left.
///
/// Gives the ids of Hugging Face's `BertTokenizer` for one text and for two, but for texts that spell out
/// `[SEP]` and the like, which are ordinary text here.
struct WordPieceTokenizer: Sendable {
  /// A longer word is unknown as a whole.
  private static let longestWord = 100

  let maximumTokens: Int?
  let paddingID: Int64
  let files: [String]
  private let vocabulary: [String: Int32]
  private let start: Int64
  private let end: Int64
  private let unknown: Int64
  private let lowersCase: Bool
  private let stripsAccents: Bool
  private let dividesIdeographs: Bool

  /// One or two texts as a model reads them.
  struct Encoded: Equatable {
    var ids: [Int64]
    /// 1 for tokens of the second text and the mark behind it.
    var types: [Int64]
  }

  private struct Settings: Decodable {
    struct Normalizer: Decodable {
      var lowercase: Bool?
      var stripAccents: Bool?
      var handleChineseChars: Bool?

      private enum CodingKeys: String, CodingKey {
        case lowercase
        case stripAccents = "strip_accents"
        case handleChineseChars = "handle_chinese_chars"
      }
    }

    struct Model: Decodable { var type: String? }

    var normalizer: Normalizer?
    var model: Model?
  }

  private struct Configuration: Decodable {
    var lowersCase: Bool?
    var stripsAccents: Bool?
    var dividesIdeographs: Bool?
    var maximumTokens: Double?

    private enum CodingKeys: String, CodingKey {
      case lowersCase = "do_lower_case"
      case stripsAccents = "strip_accents"
      case dividesIdeographs = "tokenize_chinese_chars"
      case maximumTokens = "model_max_length"
    }
  }

  /// Reads `tokenizer.json` of this kind, or `vocab.txt`, beside a model.
  ///
  /// - Returns: `nil` where there is none of this kind.
  /// - Throws: `invalid-model` for damaged files, and for a vocabulary without a special token.
  init?(beside model: ModelFiles) throws {
    var files: [String] = []
    var configuration = Configuration()
    if let path = model.neighbour("tokenizer_config.json") {
      configuration = try JSONFile.decode(Configuration.self, at: path)
      files.append(path)
    }
    var settings = Settings.Normalizer()
    let source: String
    if let path = model.neighbour("tokenizer.json"),
      case let json = try TokenizerJSON(fileAt: path),
      case let read = try JSONFile.decode(Settings.self, from: json.settings, at: path),
      read.model?.type == "WordPiece"
    {
      settings = read.normalizer ?? settings
      vocabulary = try json.vocabulary()
      source = path
    } else if let path = model.neighbour("vocab.txt") {
      let lines = String(decoding: try Files.read(path), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false)
      vocabulary = Dictionary(
        lines.enumerated().map { (String($1), Int32($0)) }, uniquingKeysWith: { $1 })
      source = path
    } else {
      return nil
    }
    self.files = files + [source]
    lowersCase = settings.lowercase ?? configuration.lowersCase ?? true
    stripsAccents = settings.stripAccents ?? configuration.stripsAccents ?? lowersCase
    dividesIdeographs =
      settings.handleChineseChars ?? configuration.dividesIdeographs ?? true
    maximumTokens = configuration.maximumTokens.flatMap {
      $0 >= 3 && $0 <= 1_000_000 ? Int($0) : nil
    }
    let vocabulary = vocabulary
    func id(_ text: String) throws -> Int64 {
      guard let id = vocabulary[text] else {
        throw ParallaxError(
          .invalidModel, "'\(PathText.name(of: source))' has no token '\(text)'",
          hint: "the file is '\(source)'")
      }
      return Int64(id)
    }
    (start, end, unknown) = (try id("[CLS]"), try id("[SEP]"), try id("[UNK]"))
    paddingID = try id("[PAD]")
  }

  /// One text, or two behind one another; what is too long is cut from the longer one, token by token.
  func encode(_ first: String, _ second: String? = nil, maximumTokens: Int) -> Encoded {
    var (one, two) = (pieces(of: first), second.map(pieces(of:)) ?? [])
    let room = maximumTokens - (second == nil ? 2 : 3)
    while one.count + two.count > max(0, room) {
      if one.count > two.count { one.removeLast() } else { two.removeLast() }
    }
    let head = [start] + one + [end]
    let tail = second == nil ? [] : two + [end]
    return Encoded(
      ids: head + tail,
      types: [Int64](repeating: 0, count: head.count) + [Int64](repeating: 1, count: tail.count))
  }

  /// How many tokens texts have, with the special ones.
  func count(_ first: String, _ second: String? = nil) -> Int {
    pieces(of: first).count + (second.map { pieces(of: $0).count + 3 } ?? 2)
  }

  private func pieces(of text: String) -> [Int64] {
    words(of: text).flatMap(pieces(ofWord:))
  }

  private func pieces(ofWord word: [Unicode.Scalar]) -> [Int64] {
    guard word.count <= Self.longestWord else { return [unknown] }
    var (ids, start) = ([Int64](), 0)
    while start < word.count {
      var end = word.count
      var found: Int32?
      while end > start {
        var piece = (start == 0 ? "" : "##").unicodeScalars
        piece.append(contentsOf: word[start..<end])
        found = vocabulary[String(piece)]
        if found != nil { break }
        end -= 1
      }
      guard let found else { return [unknown] }
      ids.append(Int64(found))
      start = end
    }
    return ids
  }

  // MARK: - Words

  private func words(of text: String) -> [[Unicode.Scalar]] {
    var (words, word) = ([[Unicode.Scalar]](), [Unicode.Scalar]())
    func close() {
      if !word.isEmpty { words.append(word) }
      word = []
    }
    for scalar in normalized(text) {
      if scalar.properties.isWhitespace {
        close()
      } else if Self.isPunctuation(scalar) || dividesIdeographs && Self.isIdeograph(scalar) {
        close()
        words.append([scalar])
      } else {
        word.append(scalar)
      }
    }
    close()
    return words
  }

  private func normalized(_ text: String) -> [Unicode.Scalar] {
    var scalars = text.unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
      switch scalar {
      case "\t", "\n", "\r": return " "
      case "\0", "\u{FFFD}": return nil
      default: break
      }
      switch scalar.properties.generalCategory {
      case .control, .format, .privateUse, .surrogate, .unassigned: return nil
      default: return scalar
      }
    }
    if stripsAccents {
      var whole = String.UnicodeScalarView()
      whole.append(contentsOf: scalars)
      scalars = String(whole)._nfd.filter {
        $0.properties.generalCategory != .nonspacingMark
      }
    }
    if lowersCase {
      scalars = scalars.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
    }
    return scalars
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  /// The blocks that BERT's own code names.
  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B820...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
