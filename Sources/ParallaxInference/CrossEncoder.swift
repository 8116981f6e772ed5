package import ParallaxCore
private import ParallaxSystem

/// An ONNX folder of one network that reads a text and an image together, as BLIP's matching head does, or
/// two texts, as cross-encoders of documents do, and gives one logit, or one of "no" and one of "yes".
///
/// Each pair is scored alone: a score is a function of the pair by construction.
package final class CrossEncoder: Sendable {
  /// Every file that decides a score, sorted.
  package let files: [String]
  package let version: String?
  package let notes: [String]
  package let warnings: [String]
  /// What to do to an image before it is scored; `nil` for a network of two texts.
  package let imageTransform: ImageTransform?
  /// Tokens that it reads, with the special ones, of both texts together.
  package let maximumTokens: Int

  private let signature: OnnxSignature
  private let tokenizer: Tokenizer
  private let inputs: [Input]
  private let output: String
  private let preprocessing: ImagePreprocessing?
  private let session: Lazy<OnnxSession>

  private enum Tokenizer: Sendable {
    case pieces(WordPieceTokenizer)
    /// Knows nothing of pairs of texts.
    case other(Lazy<any TextTokenizer>)
  }

  /// What one input of the session is given.
  private struct Input: Sendable {
    enum Role: String, Sendable, CaseIterable {
      case ids = "input_ids"
      case mask = "attention_mask"
      case types = "token_type_ids"
      case positions = "position_ids"
      case pixels = "pixel_values"
    }

    var port: OnnxSession.Port
    var role: Role

    /// Rows and columns that the network insists on.
    func fixed(_ axis: Int) -> Int? {
      if case .fixed(let size) = port.dimensions[axis] { size } else { nil }
    }
  }

  /// - Parameters:
  ///   - path: a folder in the layout of the Hugging Face hub, or a file in one.
  ///   - threads: threads that one call computes on.
  /// - Throws: `unreadable-file`; `invalid-model` naming an input that nothing fills, or an output that
  ///   is no score.
  package init(
    at path: String, runtime: OnnxRuntime.Opening? = nil, threads: Int = 1
  ) throws {
    let found = try ModelFiles(at: path)
    guard let model = found.either else {
      throw ParallaxError(
        .invalidModel,
        "'\(path)' holds towers, which make vectors, and no network that reads pairs",
        hint: "a cross-encoder is one file, 'model.onnx'")
    }
    let scan = try ModelScan(fileAt: model)
    signature = scan.signature
    let configuration =
      try found.neighbour("config.json").map {
        try JSONFile.decode(ModelConfiguration.self, at: $0)
      } ?? ModelConfiguration()
    inputs = try Self.inputs(of: scan.signature)
    output = try Self.output(of: scan.signature)
    let readsImages = inputs.contains { $0.role == .pixels }
    var (files, warnings) = ([model] + scan.externalFiles, found.warnings)
    files += [found.neighbour("config.json")].compactMap { $0 }
    if readsImages {
      let source = try PreprocessorSource(
        beside: found, architecture: configuration.modelType)
      let preprocessing = try ImagePreprocessing(
        source, input: PixelInput.size(declaredBy: scan.signature))
      self.preprocessing = preprocessing
      imageTransform = preprocessing.transform
      files += [source.path].compactMap { $0 }
      warnings += preprocessing.warnings
    } else {
      (preprocessing, imageTransform) = (nil, nil)
    }
    let limit: Int?
    if let pieces = try WordPieceTokenizer(beside: found) {
      tokenizer = .pieces(pieces)
      files += pieces.files
      limit = pieces.maximumTokens
    } else {
      let others = try TokenizerFiles(beside: found)
      guard readsImages else {
        throw ParallaxError(
          .invalidModel, "'\(path)' reads two texts, which needs BERT's tokenizer beside it",
          hint: "'tokenizer.json' of the kind WordPiece, or 'vocab.txt'")
      }
      tokenizer = .other(Lazy { try others.load() })
      files += others.files
      warnings += others.warnings
      limit = others.maximumTokens
    }
    let declared = inputs.first { $0.role == .ids }?.fixed(1)
    maximumTokens =
      [declared, limit, configuration.maximumPositions].compactMap { $0 }.min() ?? 512
    guard maximumTokens >= 4 else {
      throw ParallaxError(.invalidModel, "'\(model)' has room for \(maximumTokens) tokens")
    }
    session = Lazy {
      try OnnxSession(model: model, runtime: runtime?.get() ?? .shared(), threads: threads)
    }
    self.files = Set(files).sorted()
    version = configuration.version
    (notes, self.warnings) = (found.notes, warnings)
  }

  /// - Throws: `invalid-model` naming the input that nothing fills.
  private static func inputs(of signature: OnnxSignature) throws -> [Input] {
    let inputs = try signature.inputs.map { port in
      let isPicture = port == PixelInput.port(of: signature)
      guard let role = isPicture ? .pixels : Input.Role(rawValue: port.name),
        isPicture || role != .pixels
      else {
        throw InputError.unreadable(
          port, of: signature,
          "is filled by nothing that a pair has: that is "
            + Input.Role.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "))
      }
      guard isPicture || port.dimensions.count == 2 && [.int64, .int32].contains(port.element)
      else {
        throw InputError.unreadable(port, of: signature, "is not a matrix of whole numbers")
      }
      return Input(port: port, role: role)
    }
    guard inputs.contains(where: { $0.role == .ids }) else {
      throw InputError.noInput("texts", of: signature)
    }
    return inputs
  }

  /// The output that holds the scores: the one of a usual name, or the only one of floats.
  private static func output(of signature: OnnxSignature) throws -> String {
    let ports = signature.outputs.filter { $0.element == .float32 || $0.element == .float16 }
    let names = ["logits", "itm_score", "scores", "score"]
    guard
      let port = names.lazy.compactMap({ name in ports.first { $0.name == name } }).first
        ?? (ports.count == 1 ? ports[0] : nil), port.dimensions.count <= 2
    else {
      let all = signature.outputs.map { "'\($0.name)'" }.joined(separator: ", ")
      throw ParallaxError(
        .invalidModel,
        "'\(PathText.name(of: signature.path))' has no output known to be a score; it has \(all)",
        hint: "export it with 'logits', of one or two numbers a pair")
    }
    if port.dimensions.count == 2, case .fixed(let count) = port.dimensions[1], count > 2 {
      throw ParallaxError(
        .invalidModel,
        "output '\(port.name)' of '\(signature.path)' has \(count) numbers a pair instead of 1 or 2"
      )
    }
    return port.name
  }

  /// Opens the session and reads the tokenizer's lists.
  ///
  /// - Throws: as for `init`, and `missing-component`.
  @concurrent package func open() async throws {
    _ = try session.get()
    if case .other(let tokenizer) = tokenizer { _ = try tokenizer.get() }
  }

  /// How well an image fits a text.
  ///
  /// - Parameter image: already put through `imageTransform`.
  /// - Throws: `inference-failed`, `invalid-value`.
  package func score(_ text: String, _ image: PixelBuffer) throws -> Float {
    try score(encoded(text, nil), image)
  }

  /// How well a document fits a text.
  ///
  /// - Throws: `inference-failed`.
  package func score(_ text: String, document: String) throws -> Float {
    try score(encoded(text, document), nil)
  }

  /// Whether a text, alone or with a document, is longer than `maximumTokens`.
  package func cuts(_ text: String, _ document: String? = nil) throws -> Bool {
    switch tokenizer {
    case .pieces(let pieces): pieces.count(text, document) > maximumTokens
    case .other(let other):
      try other.get().encode(text, maximumTokens: maximumTokens + 1).count > maximumTokens
    }
  }

  private func encoded(
    _ text: String, _ document: String?
  ) throws -> (ids: [Int64], types: [Int64], padding: Int64) {
    switch tokenizer {
    case .pieces(let pieces):
      let encoded = pieces.encode(text, document, maximumTokens: maximumTokens)
      return (encoded.ids, encoded.types, pieces.paddingID)
    case .other(let other):
      let tokenizer = try other.get()
      let ids = try tokenizer.encode(text, maximumTokens: maximumTokens)
      return (ids, ids.map { _ in 0 }, tokenizer.paddingID)
    }
  }

  private func score(
    _ text: (ids: [Int64], types: [Int64], padding: Int64), _ image: PixelBuffer?
  ) throws -> Float {
    let tensors = try inputs.map { input -> (name: String, tensor: Tensor) in
      let slots = input.fixed(0) ?? 1
      guard input.role != .pixels else { return try pixels(image, input.port, slots) }
      let length = input.fixed(1) ?? text.ids.count
      let row = (0..<length).map { place -> Int64 in
        switch input.role {
        case .ids: place < text.ids.count ? text.ids[place] : text.padding
        case .mask: place < text.ids.count ? 1 : 0
        case .types: place < text.types.count ? text.types[place] : 0
        case .positions, .pixels: Int64(place)
        }
      }
      let values = (0..<slots).flatMap { _ in row }
      return (
        input.port.name,
        Tensor(
          shape: [slots, length],
          values: input.port.element == .int32
            ? .int32(values.map { Int32(clamping: $0) }) : .int64(values))
      )
    }
    let result = try session.get().run(tensors, outputs: [output])[0]
    let slots = max(1, result.shape.first ?? 1)
    let numbers = (result.floats ?? []).prefix((result.floats?.count ?? 0) / slots)
    // Of two the second says that they fit: the logit is how far it is above the first.
    let score = numbers.count == 2 ? numbers[1] - numbers[0] : numbers.first
    guard let score, numbers.count <= 2, score.isFinite else {
      throw ParallaxError(
        .inferenceFailed, "output '\(output)' has shape \(result.shape), or no finite score")
    }
    return score
  }

  private func pixels(
    _ image: PixelBuffer?, _ port: OnnxSession.Port, _ slots: Int
  ) throws -> (name: String, tensor: Tensor) {
    guard let preprocessing, let image else {
      throw ParallaxError(.internalError, "a network of images was given none")
    }
    let input = try PixelInput(port, of: signature, preprocessing)
    try input.check([image])
    return (input.name, input.tensor([image], slots: slots))
  }
}
