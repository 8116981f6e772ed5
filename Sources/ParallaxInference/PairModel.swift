package import ParallaxCore
private import ParallaxSystem

/// A model that scores a text and a picture together, over the towers of another model: the picture's
/// places and the text's pieces meet in it.
///
/// Three networks do it: `picture.onnx` reads what the image tower makes of a picture, `question.onnx` what
/// the text tower makes of a text, and `model.onnx` scores both answers. So the work on a picture is done
/// once, whatever is asked, and can be kept. Each pair is scored alone: a score is a function of the pair
/// by construction.
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
  /// Of what is kept of a picture: its places, the numbers of each, and those of its vector.
  package let shape: Shape

  package struct Shape: Sendable, Hashable {
    package var places: Int
    package var width: Int
    package var dimension: Int

    /// Numbers that a picture is kept as.
    package var count: Int { dimension + places * width }
  }

  /// A text as pairs need it: what ``PairModel`` reads of it, by the names of the score's inputs.
  package struct Text: Sendable {
    fileprivate var read: [(name: String, tensor: Tensor)]
  }

  private let towers: ModelParts
  private let pictures: Lazy<OnnxSession>
  private let questions: Lazy<OnnxSession>
  private let pairs: Lazy<OnnxSession>

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
    let networks = ["picture", "question", "model"].map { "\(folder)/\($0).onnx" }
    let scans = try networks.map { try ModelScan(fileAt: $0) }
    guard let image = towers.image, towers.text != nil else {
      throw ParallaxError(
        .invalidModel, "'\(path)' does not hold a tower of images and one of texts")
    }
    shape = try Self.shape(of: scans[2].signature)
    self.towers = towers
    func opened(_ path: String) -> Lazy<OnnxSession> {
      Lazy { try OnnxSession(model: path, runtime: open(), threads: threads) }
    }
    pictures = opened(networks[0])
    questions = opened(networks[1])
    pairs = opened(networks[2])
    imageTransform = image.preprocessing.transform
    prompt = settings.task.flatMap { towers.configuration.prompts[$0] } ?? ""
    maximumTokens =
      towers.text.map { TextTower.limit($0.signature, $0.files, towers.configuration) } ?? 0
    files = Set(
      towers.files + ["\(folder)/config.json"] + networks + scans.flatMap(\.externalFiles)
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
    let (vector, tokens) = (try sizes("picture_embeds", 2), try sizes("picture_tokens", 3))
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
    for network in [pictures, questions, pairs] { _ = try network.get() }
    _ = try await (image, text)
  }

  /// What a picture is, whatever is asked of it: ``Shape/count`` numbers.
  ///
  /// - Parameter image: already put through `imageTransform`.
  /// - Throws: `inference-failed`, `invalid-value`.
  package func picture(_ image: PixelBuffer) throws -> [Float] {
    guard let tower = try towers.image?.tower.get() else { throw Self.hasNoTower }
    let seen = try tower.outputs([tower.output.name, "last_hidden_state"], of: image)
    guard Vector.normalized(seen[0].floats ?? []) != nil else {
      throw ParallaxError(
        .inferenceFailed, "the tower gave a picture no vector that has a direction")
    }
    let read = try pictures.get().run(
      [("image_embeds", seen[0]), ("image_tokens", seen[1])],
      outputs: ["picture_embeds", "picture_tokens"])
    let (vector, places) = (read[0].floats ?? [], read[1].floats ?? [])
    guard vector.count == shape.dimension, vector.count + places.count == shape.count else {
      throw ParallaxError(
        .inferenceFailed,
        "the model gave \(vector.count) and \(places.count) numbers of a picture")
    }
    guard (vector + places).allSatisfy(\.isFinite) else {
      throw ParallaxError(.inferenceFailed, "the model gave a picture numbers that are not finite")
    }
    return vector + places
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
    let length = states.shape[1]
    let read = ["question_embeds", "question_tokens", "question_shares"]
    let tensors = try questions.get().run(
      [
        ("text_embeds", vector), ("text_tokens", states),
        (
          "attention_mask",
          Tensor(shape: [1, length], values: .int64(Array(repeating: 1, count: length)))
        ),
      ], outputs: read)
    return Text(read: zip(read, tensors).map { ($0, $1) })
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
    let seen = [
      (
        "picture_embeds",
        Tensor(
          shape: [1, shape.dimension], values: .float32(Array(picture[..<shape.dimension])))
      ),
      (
        "picture_tokens",
        Tensor(
          shape: [1, shape.places, shape.width],
          values: .float32(Array(picture[shape.dimension...])))
      ),
    ]
    let output = try pairs.get().run(seen + text.read, outputs: ["scores"])[0]
    guard let score = output.floats?.first, output.values.count == 1, score.isFinite else {
      throw ParallaxError(.inferenceFailed, "the model gave no score for a pair")
    }
    return score
  }
}
