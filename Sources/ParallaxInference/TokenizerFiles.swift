private import ParallaxCore

/// The texts of a tokenizer's special tokens, and its longest input, as its files name them.
struct SpecialTokenNames: Decodable {
  var start: String?
  var end: String?
  var padding: String?
  /// The longest input; absurdly large numbers stand for none.
  var maximumTokens: Int?
  /// The class that made the files, such as `SiglipTokenizer`.
  var tokenizerClass: String?

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
  }

  /// Takes from `other` what is missing.
  func completed(by other: Self) -> Self {
    var names = self
    names.start = start ?? other.start
    names.end = end ?? other.end
    names.padding = padding ?? other.padding
    names.maximumTokens = maximumTokens ?? other.maximumTokens
    names.tokenizerClass = tokenizerClass ?? other.tokenizerClass
    return names
  }
}

/// A tokenizer with the files it came from.
struct LoadedTokenizer {
  let tokenizer: any TextTokenizer
  let files: [String]
  let maximumTokens: Int?
  /// Whether the model was trained on texts filled up to the longest length.
  let padsToMaximum: Bool

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
    maximumTokens = names.maximumTokens
    if let path = model.neighbour("spiece.model", "tokenizer.model"),
      names.tokenizerClass?.hasPrefix("Siglip") ?? true
    {
      tokenizer = try SentencePieceTokenizer(fileAt: path, names: names)
      padsToMaximum = true
      self.files = files + [path]
    } else {
      (tokenizer, self.files) = try Self.bytePairs(beside: model, names: names, files: files)
      padsToMaximum = false
    }
  }

  private static func bytePairs(
    beside model: ModelFiles, names: SpecialTokenNames, files: [String]
  ) throws -> (any TextTokenizer, [String]) {
    let path = model.neighbour("tokenizer.json")
    if let path, let tokenizer = try CLIPTokenizer(tokenizerFile: path, names: names) {
      return (tokenizer, files + [path])
    }
    if let vocabulary = model.neighbour("vocab.json"), let merges = model.neighbour("merges.txt") {
      let tokenizer = try CLIPTokenizer(
        vocabularyFile: vocabulary, mergesFile: merges, names: names)
      return (tokenizer, files + [vocabulary, merges])
    }
    let rule =
      "a text model needs CLIP's 'tokenizer.json', 'vocab.json' with 'merges.txt', "
      + "or SigLIP's 'spiece.model' beside it"
    guard let path else { throw ParallaxError(.invalidModel, rule) }
    throw ParallaxError(
      .invalidModel,
      "'\(Files.name(of: path))' holds a kind of tokenizer that is not read; \(rule)",
      hint: "the file is '\(path)'")
  }
}
