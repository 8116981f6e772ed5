private import ParallaxCore

/// What is read of `tokenizer.json` when it holds a tokenizer like CLIP's.
private struct TokenizerFile: Decodable {
  struct AddedToken: Decodable {
    var id: Int32
    var content: String
    var normalized: Bool?
  }

  struct Model: Decodable {
    var type: String?
    var suffix: String?
    var unknown: String?
    /// Left undecoded for other kinds of tokenizers, which have other shapes.
    var vocabulary: [String: Int32] = [:]
    var merges: [(left: String, right: String)] = []

    private enum Key: String, CodingKey {
      case type
      case suffix = "end_of_word_suffix"
      case unknown = "unk_token"
      case vocabulary = "vocab"
      case merges
    }

    var isLikeCLIP: Bool { type ?? "BPE" == "BPE" && suffix == BytePairEncoder.endOfWord }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      type = try container.decodeIfPresent(String.self, forKey: .type)
      suffix = try container.decodeIfPresent(String.self, forKey: .suffix)
      unknown = try container.decodeIfPresent(String.self, forKey: .unknown)
      guard isLikeCLIP else { return }
      vocabulary = try container.decode([String: Int32].self, forKey: .vocabulary)
      merges = try Self.merges(in: container)
    }

    /// Merges written as `"a b"`, or as `["a", "b"]` in newer files.
    private static func merges(
      in container: KeyedDecodingContainer<Key>
    ) throws -> [(left: String, right: String)] {
      let merges =
        try (try? container.decode([String].self, forKey: .merges)).map { lines in
          lines.map { $0.split(separator: " ").map(String.init) }
        } ?? container.decode([[String]].self, forKey: .merges)
      return try merges.map { pieces in
        guard pieces.count == 2 else {
          throw DecodingError.dataCorruptedError(
            forKey: .merges, in: container, debugDescription: "a merge has two pieces")
        }
        return (pieces[0], pieces[1])
      }
    }
  }

  /// A normalizer or pre-tokenizer, or a list of them.
  struct Step: Decodable {
    var type: String
    var normalizers: [Step]?
    var pretokenizers: [Step]?
    var pattern: Pattern?
  }

  struct Pattern: Decodable {
    var regex: String?

    private enum CodingKeys: String, CodingKey {
      case regex = "Regex"
    }
  }

  struct Padding: Decodable {
    var padID: Int64?

    private enum CodingKeys: String, CodingKey {
      case padID = "pad_id"
    }
  }

  var model: Model
  var addedTokens: [AddedToken]?
  var normalizer: Step?
  var preTokenizer: Step?
  var padding: Padding?

  private enum CodingKeys: String, CodingKey {
    case model, normalizer, padding
    case addedTokens = "added_tokens"
    case preTokenizer = "pre_tokenizer"
  }

  var patterns: [String] {
    (preTokenizer.map { [$0] + ($0.pretokenizers ?? []) } ?? []).compactMap { $0.pattern?.regex }
  }
}

extension CLIPTokenizer {
  private static let startText = "<|startoftext|>"
  private static let endText = "<|endoftext|>"

  /// Reads `tokenizer.json`.
  ///
  /// - Returns: `nil` when it holds a tokenizer of another kind.
  /// - Throws: `invalid-model` for a damaged file.
  init?(tokenizerFile path: String, names: SpecialTokenNames) throws {
    let file = try JSONFile.decode(TokenizerFile.self, at: path)
    guard file.model.isLikeCLIP else { return nil }
    let steps = file.normalizer.map { $0.normalizers ?? [$0] } ?? []
    guard steps.map(\.type) == ["NFC", "Replace", "Lowercase"] else { return nil }
    var vocabulary = file.model.vocabulary
    for token in file.addedTokens ?? [] { vocabulary[token.content] = token.id }
    try self.init(
      path: path, vocabulary: vocabulary,
      merges: file.model.merges, names: names, unknown: file.model.unknown,
      padding: file.padding?.padID,
      special: (file.addedTokens ?? []).map {
        SpecialToken(text: $0.content, id: $0.id, isNormalized: $0.normalized ?? false)
      }, dividesAfterSpecialTexts: file.patterns.contains { $0.contains("startoftext") })
  }

  /// Reads `vocab.json` and `merges.txt`.
  ///
  /// - Throws: `invalid-model` for damaged files.
  init(vocabularyFile: String, mergesFile: String, names: SpecialTokenNames) throws {
    let vocabulary = try JSONFile.decode([String: Int32].self, at: vocabularyFile)
    let lines = String(decoding: try Files.read(mergesFile), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
    let merges = try lines.enumerated().compactMap { number, line -> (String, String)? in
      if number == 0, line.hasPrefix("#version") { return nil }
      let parts = line.split(separator: " ")
      guard parts.count == 2 else {
        throw ParallaxError(
          .invalidModel, "line \(number + 1) of 'merges.txt' is not two pieces and a space",
          hint: "the file is '\(mergesFile)'")
      }
      return (String(parts[0]), String(parts[1]))
    }
    let special = [names.start ?? Self.startText, names.end ?? Self.endText].compactMap { text in
      vocabulary[text].map { SpecialToken(text: text, id: $0, isNormalized: false) }
    }
    try self.init(
      path: vocabularyFile, vocabulary: vocabulary, merges: merges, names: names, unknown: nil,
      padding: nil, special: special, dividesAfterSpecialTexts: true)
  }

  private init(
    path: String, vocabulary: [String: Int32], merges: [(String, String)],
    names: SpecialTokenNames, unknown: String?, padding: Int64?, special: [SpecialToken],
    dividesAfterSpecialTexts: Bool
  ) throws {
    func id(_ text: String) throws -> Int32 {
      guard let id = vocabulary[text] else {
        throw ParallaxError(
          .invalidModel, "'\(Files.name(of: path))' has no token '\(text)'",
          hint: "the file is '\(path)'")
      }
      return id
    }
    start = try id(names.start ?? Self.startText)
    end = try id(names.end ?? Self.endText)
    paddingID = try names.padding.map { Int64(try id($0)) } ?? padding ?? Int64(end)
    specialTokens = special
    self.dividesAfterSpecialTexts = dividesAfterSpecialTexts
    encoder = try BytePairEncoder(
      vocabulary: vocabulary, merges: merges, unknown: unknown.flatMap { vocabulary[$0] } ?? end)
  }
}
