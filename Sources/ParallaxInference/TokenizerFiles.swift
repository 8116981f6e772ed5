private import ParallaxCore
private import ParallaxSystem

/// The texts of a tokenizer's special tokens, and its longest input, as its files name them.
struct SpecialTokenNames: Decodable, Sendable {
  var start: String?
  var end: String?
  var padding: String?
  /// The longest input; absurdly large numbers stand for none.
  var maximumTokens: Int?
  /// The class that made the files, such as `SiglipTokenizer`.
  var tokenizerClass: String?
  /// Settings that change ids and are not followed, as key and value.
  var unsupported: [String] = []

  /// A token, written as its text or as an object.
  private struct Token: Decodable {
    var text: String

    private enum Key: String, CodingKey {
      case content
    }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        self.text = text
      } else {
        text = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .content)
      }
    }
  }

  private enum Key: String, CodingKey {
    case start = "bos_token"
    case end = "eos_token"
    case padding = "pad_token"
    case maximumTokens = "model_max_length"
    case tokenizerClass = "tokenizer_class"
    case lowersCase = "do_lower_case"
    case addsStart = "add_bos_token"
    case addsEnd = "add_eos_token"
    case truncationSide = "truncation_side"
    case paddingSide = "padding_side"
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    start = try container.decodeIfPresent(Token.self, forKey: .start)?.text
    end = try container.decodeIfPresent(Token.self, forKey: .end)?.text
    padding = try container.decodeIfPresent(Token.self, forKey: .padding)?.text
    tokenizerClass = try container.decodeIfPresent(String.self, forKey: .tokenizerClass)
    let length = try container.decodeIfPresent(Double.self, forKey: .maximumTokens)
    maximumTokens = length.flatMap { $0 >= 2 && $0 <= 1_000_000 ? Int($0) : nil }
    for key in [Key.lowersCase, .addsStart, .addsEnd]
    where try container.decodeIfPresent(Bool.self, forKey: key) == false {
      unsupported.append("'\(key.rawValue)' of false")
    }
    for key in [Key.truncationSide, .paddingSide]
    where try container.decodeIfPresent(String.self, forKey: key) == "left" {
      unsupported.append("'\(key.rawValue)' of 'left'")
    }
  }

  /// Takes from `other` what is missing.
  func completed(by other: Self) -> Self {
    var names = self
    names.start = start ?? other.start
    names.end = end ?? other.end
    names.padding = padding ?? other.padding
    names.maximumTokens = maximumTokens ?? other.maximumTokens
    names.tokenizerClass = tokenizerClass ?? other.tokenizerClass
    names.unsupported += other.unsupported
    return names
  }
}

/// The files that a tokenizer is read from, and what they tell without their long lists.
struct TokenizerFiles: Sendable {
  let files: [String]
  let maximumTokens: Int?
  /// Whether the model was trained on texts filled up to the longest length.
  let padsToMaximum: Bool
  let warnings: [String]
  private let names: SpecialTokenNames
  private let source: Source

  private enum Source: Sendable {
    case pieces(String)
    case json(String)
    case lists(vocabulary: String, merges: String)
  }

  private struct Prompts: Decodable {
    var prompts: [String: String]?
  }

  /// Looks beside a model for `spiece.model`, `tokenizer.json`, or `vocab.json` with `merges.txt`.
  ///
  /// - Throws: `invalid-model` when there is none that can be read.
  init(beside model: ModelFiles) throws {
    var names = SpecialTokenNames()
    var files: [String] = []
    for name in ["tokenizer_config.json", "special_tokens_map.json"] {
      guard let path = model.neighbour(name) else { continue }
      names = names.completed(by: try JSONFile.decode(SpecialTokenNames.self, at: path))
      files.append(path)
    }
    if let setting = names.unsupported.first {
      throw ParallaxError(
        .invalidModel, "'tokenizer_config.json' is not supported: \(setting) is not done here",
        hint: "export the model with a tokenizer that does not need it")
    }
    self.names = names
    maximumTokens = names.maximumTokens
    warnings = try Self.warnings(beside: model)
    if let path = model.neighbour("spiece.model", "tokenizer.model"),
      names.tokenizerClass?.hasPrefix("Siglip") ?? true
    {
      (source, padsToMaximum) = (.pieces(path), true)
      self.files = files + [path]
      return
    }
    padsToMaximum = false
    source = try Self.bytePairs(beside: model, names: names)
    switch source {
    case .pieces(let path), .json(let path): self.files = files + [path]
    case .lists(let vocabulary, let merges): self.files = files + [vocabulary, merges]
    }
  }

  private static func bytePairs(
    beside model: ModelFiles, names: SpecialTokenNames
  ) throws -> Source {
    let path = model.neighbour("tokenizer.json")
    if let path, try CLIPTokenizer.isRead(fromFile: path) { return .json(path) }
    // A class of another kind keeps its lists in files of the same names.
    let isLikeCLIP = names.tokenizerClass.map { $0.hasPrefix("CLIP") } ?? true
    if isLikeCLIP, let vocabulary = model.neighbour("vocab.json"),
      let merges = model.neighbour("merges.txt")
    {
      return .lists(vocabulary: vocabulary, merges: merges)
    }
    let rule =
      "a text model needs CLIP's 'tokenizer.json', 'vocab.json' with 'merges.txt', "
      + "or SigLIP's 'spiece.model' beside it"
    guard let path = path ?? model.neighbour("vocab.json") else {
      throw ParallaxError(.invalidModel, rule)
    }
    throw ParallaxError(
      .invalidModel,
      "'\(PathText.name(of: path))' holds an unsupported kind of tokenizer; \(rule)",
      hint: "the file is '\(path)'")
  }

  /// Words before texts that are written where nothing here looks for them.
  private static func warnings(beside model: ModelFiles) throws -> [String] {
    let name = "config_sentence_transformers.json"
    guard let path = model.neighbour(name),
      let prompts = try JSONFile.decode(Prompts.self, at: path).prompts?.values,
      prompts.contains(where: { !$0.isEmpty })
    else { return [] }
    return [
      "the prompts of '\(name)' are not used; those under 'prompts' in 'config.json' are, by task"
    ]
  }

  /// - Throws: `invalid-model` for damaged files.
  func load() throws -> any TextTokenizer {
    switch source {
    case .pieces(let path): try SentencePieceTokenizer(fileAt: path, names: names)
    case .json(let path): try CLIPTokenizer(tokenizerFile: path, names: names)
    case .lists(let vocabulary, let merges):
      try CLIPTokenizer(vocabularyFile: vocabulary, mergesFile: merges, names: names)
    }
  }
}
