private import ParallaxCore
private import ParallaxSystem

/// What is read of `tokenizer.json` but for its long lists, the vocabulary and the merges.
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

    private enum CodingKeys: String, CodingKey {
      case type
      case suffix = "end_of_word_suffix"
      case unknown = "unk_token"
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
    var direction: String?

    private enum CodingKeys: String, CodingKey {
      case padID = "pad_id"
      case direction
    }
  }

  struct Truncation: Decodable {
    var direction: String?
  }

  var model: Model
  var addedTokens: [AddedToken]?
  var normalizer: Step?
  var preTokenizer: Step?
  var padding: Padding?
  var truncation: Truncation?

  private enum CodingKeys: String, CodingKey {
    case model, normalizer, padding, truncation
    case addedTokens = "added_tokens"
    case preTokenizer = "pre_tokenizer"
  }

  var patterns: [String] {
    (preTokenizer.map { [$0] + ($0.pretokenizers ?? []) } ?? []).compactMap { $0.pattern?.regex }
  }

  /// Whether its steps are those of CLIP's tokenizer.
  var isLikeCLIP: Bool {
    let steps = normalizer.map { $0.normalizers ?? [$0] } ?? []
    return model.type ?? "BPE" == "BPE" && model.suffix == BytePairEncoder.endOfWord
      && steps.map(\.type) == ["NFC", "Replace", "Lowercase"]
      && [padding?.direction, truncation?.direction].allSatisfy { $0 ?? "Right" == "Right" }
  }
}

extension CLIPTokenizer {
  private static let startText = "<|startoftext|>"
  private static let endText = "<|endoftext|>"

  /// Whether `tokenizer.json` holds a tokenizer of this kind; its long lists are not read.
  ///
  /// - Throws: `invalid-model` for a damaged file.
  static func isRead(fromFile path: String) throws -> Bool {
    try JSONFile.decode(TokenizerFile.self, from: TokenizerJSON(fileAt: path).settings, at: path)
      .isLikeCLIP
  }

  /// Reads `tokenizer.json`, which must be of this kind.
  ///
  /// - Throws: `invalid-model` for a damaged file.
  init(tokenizerFile path: String, names: SpecialTokenNames) throws {
    let json = try TokenizerJSON(fileAt: path)
    let file = try JSONFile.decode(TokenizerFile.self, from: json.settings, at: path)
    var vocabulary = try json.vocabulary()
    for token in file.addedTokens ?? [] { vocabulary[token.content] = token.id }
    try self.init(
      path: path, vocabulary: vocabulary, merges: json.merges(), names: names,
      unknown: file.model.unknown, padding: file.padding?.padID,
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
          .invalidModel, "'\(PathText.name(of: path))' has no token '\(text)'",
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
