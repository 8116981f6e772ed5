package import ParallaxCore
private import ParallaxSystem

/// A model that scores a text and a picture together, over the towers of another model: the picture's
/// places and the text's pieces meet in it (`image_embeds`, `image_tokens`, `text_embeds`, `text_tokens`,
/// `attention_mask` → a score).
///
/// What it makes of a picture does not depend on the text, so it can be kept. Each pair is scored alone:
/// a score is a function of the pair by construction.
package final class PairModel: Sendable {
  /// Every file that decides a score, sorted.
  package let files: [String]
  /// The version named in `config.json`, if it names one.
  package let version: String?
  package let warnings: [String]
  /// What to do to an image before ``picture(_:)``.
  package let imageTransform: ImageTransform
  /// Tokens a text may have, with the special ones.
  package let maximumTokens: Int
  /// Put before a text.
  package let prompt: String
  /// Places of a picture, the numbers of each, and those of its vector.
  package let shape: Shape

  package struct Shape: Sendable, Hashable {
    package var places: Int
    package var width: Int
    package var dimension: Int

    /// Numbers that a picture is kept as.
    package var count: Int { dimension + places * width }
  }

  /// A text as pairs need it.
  package struct Text: Sendable {
    fileprivate var vector: Tensor
    fileprivate var states: Tensor
  }

  private let towers: ModelParts
  private let network: Lazy<OnnxSession>

  private struct Settings: Decodable {
    var version: String?
    /// The task type that a text stands under.
    var task: String?
  }

  /// Opens the files of a folder over those of the towers; the sessions are opened when they are first
  /// needed.
  ///
  /// - Parameter threads: threads that one call computes on.
  /// - Throws: `unreadable-file`, `invalid-model` naming the file at fault.
  package init(
    folder: String, towers path: String, runtime: OnnxRuntime.Opening? = nil, threads: Int = 1
  ) throws {
    let open = { @Sendable in try runtime?.get() ?? .shared() }
    let towers = try ModelParts(at: path, runtime: open, threads: threads)
    let settings = try JSONFile.decode(Settings.self, at: "\(folder)/config.json")
    let model = "\(folder)/model.onnx"
    let scan = try ModelScan(fileAt: model)
    guard let image = towers.image, towers.text != nil else {
      throw ParallaxError(
        .invalidModel, "'\(path)' does not hold a tower of images and one of texts")
    }
    shape = try Self.shape(of: scan.signature)
    self.towers = towers
    network = Lazy { try OnnxSession(model: model, runtime: open(), threads: threads) }
    imageTransform = image.preprocessing.transform
    prompt = settings.task.flatMap { towers.configuration.prompts[$0] } ?? ""
    maximumTokens =
      towers.text.map { TextTower.limit($0.signature, $0.files, towers.configuration) } ?? 0
    files = Set(
      towers.files + ["\(folder)/config.json", model] + scan.externalFiles
    ).sorted()
    version = settings.version
    warnings = towers.warnings
  }

  /// - Throws: `invalid-model` for other inputs than those of such a model.
  private static func shape(of signature: OnnxSignature) throws -> Shape {
    func sizes(_ name: String, _ rank: Int) throws -> [Int] {
      guard let port = signature.inputs.first(where: { $0.name == name }),
        port.dimensions.count == rank
      else {
        throw ParallaxError(.invalidModel, "'\(signature.path)' has no input '\(name)'")
      }
      return port.dimensions.dropFirst().compactMap {
        if case .fixed(let size) = $0 { size } else { nil }
      }
    }
    let (vector, tokens) = (try sizes("image_embeds", 2), try sizes("image_tokens", 3))
    guard vector.count == 1, tokens.count == 2 else {
      throw ParallaxError(
        .invalidModel,
        "'\(signature.path)' does not say how large a picture's vector and places are")
    }
    return Shape(places: tokens[0], width: tokens[1], dimension: vector[0])
  }

  /// Opens what is going to be asked.
  ///
  /// - Throws: as for `init`, and `missing-component`.
  @concurrent package func open() async throws {
    async let image = towers.image?.tower.get()
    async let text = towers.text?.tower.get()
    _ = try network.get()
    _ = try await (image, text)
  }

  /// What a picture is, whatever is asked of it: ``Shape/count`` numbers.
  ///
  /// - Parameter image: already put through `imageTransform`.
  /// - Throws: `inference-failed`, `invalid-value`.
  package func picture(_ image: PixelBuffer) throws -> [Float] {
    guard let tower = try towers.image?.tower.get() else { throw Self.hasNoTower }
    let seen = try tower.outputs([tower.output.name, "last_hidden_state"], of: image)
    let (vector, places) = (seen[0].floats ?? [], seen[1].floats ?? [])
    guard vector.count == shape.dimension, vector.count + places.count == shape.count else {
      throw ParallaxError(
        .inferenceFailed,
        "the tower gave \(vector.count) and \(places.count) numbers of a picture")
    }
    guard let unit = Vector.normalized(vector) else {
      throw ParallaxError(
        .inferenceFailed, "the tower gave a picture no vector that has a direction")
    }
    return unit + places
  }

  private static let hasNoTower = ParallaxError(.internalError, "the model has no image tower")

  /// - Throws: `inference-failed`; `invalid-value` for a text without words.
  package func text(_ text: String) throws -> Text {
    guard let tower = try towers.text?.tower.get() else {
      throw ParallaxError(.internalError, "the model has no text tower")
    }
    let bare = try tower.tokenizer.encode(prompt, maximumTokens: .max)
    guard try tower.tokenizer.encode(prompt + text, maximumTokens: bare.count + 1) != bare else {
      throw ParallaxError(
        .invalidValue, "the tokenizer leaves nothing of the text: it has no words")
    }
    let (vector, states) = try tower.reading(of: prompt + text)
    guard states.shape.count == 3 else {
      throw ParallaxError(
        .inferenceFailed, "the text tower's pieces have shape \(states.shape)")
    }
    return Text(vector: vector, states: states)
  }

  /// Whether a text has more tokens than `maximumTokens`, so that its end has no effect.
  package func cuts(_ text: String) throws -> Bool {
    guard let tokenizer = try towers.text?.tokenizer.get() else { return false }
    return try tokenizer.encode(prompt + text, maximumTokens: maximumTokens + 1).count
      > maximumTokens
  }

  /// How well a picture shows what a text says; larger is better, and it is not calibrated.
  ///
  /// - Throws: `inference-failed`.
  package func score(_ text: Text, _ picture: [Float]) throws -> Float {
    let inputs: [(name: String, tensor: Tensor)] = [
      (
        "image_embeds",
        Tensor(
          shape: [1, shape.dimension], values: .float32(Array(picture[..<shape.dimension])))
      ),
      (
        "image_tokens",
        Tensor(
          shape: [1, shape.places, shape.width],
          values: .float32(Array(picture[shape.dimension...])))
      ),
      ("text_embeds", text.vector), ("text_tokens", text.states),
      (
        "attention_mask",
        Tensor(
          shape: [1, text.states.shape[1]],
          values: .int64(Array(repeating: 1, count: text.states.shape[1])))
      ),
    ]
    let output = try network.get().run(inputs, outputs: ["scores"])[0]
    guard let score = output.floats?.first, output.values.count == 1, score.isFinite else {
      throw ParallaxError(.inferenceFailed, "the model gave no score for a pair")
    }
    return score
  }
}
