package import ParallaxCore
private import ParallaxSystem

/// A model folder as published for ONNX Runtime: an image tower, a text tower, or both.
///
/// Every vector returned has unit length and depends on its own input only.
package final class ImageTextModel: Sendable {
  /// Every file that decides what the model returns, sorted; hash them for an identity.
  package let files: [String]
  /// The length of every vector returned.
  package let dimension: Int
  /// Shorter prefixes the model was trained for, ascending; empty for most models.
  package let matryoshkaDimensions: [Int]
  /// Text put before a text for a task, by task; empty for most models.
  package let prompts: [String: String]
  /// Tasks for which images have vectors of their own, sorted; empty for most models.
  package let imageTasks: [String]
  /// The version named in `config.json`, if it names one.
  package let version: String?
  /// What was chosen in a folder of several files, and what of its settings a person should know.
  package let notes: [String]
  package let warnings: [String]
  private let parts: ModelParts
  private let questions: Lazy<QuestionBackground?>

  package var embedsImages: Bool { parts.image != nil }
  /// Vectors that images have for a task of their own are not those of texts.
  package var embedsText: Bool { parts.text != nil && parts.imageTask == nil }

  /// What to do to an image before `embed(images:)`; `nil` without an image tower.
  package var imageTransform: ImageTransform? { parts.image?.preprocessing.transform }

  /// Tokens a text may have, with the special ones; longer texts are cut. 0 without a text tower.
  package let maximumTokens: Int

  /// Opens a folder, or one `.onnx` file with its neighbours. Its towers are opened when they are
  /// first asked for.
  ///
  /// - Parameters:
  ///   - path: a folder in the layout of the Hugging Face hub, or a file in one.
  ///   - task: what vectors are for; one of ``imageTasks`` chooses an output of the image tower.
  ///   - runtime: the library; `nil` for the one in the usual places.
  ///   - threads: threads that one call computes on, at least 1; `nil` for one a processor.
  /// - Throws: `unreadable-file` without a model; `invalid-model` naming the file at fault;
  ///   `missing-component` where it has to be opened to be known, and there is no ONNX Runtime.
  package init(
    folder path: String, task: String? = nil, runtime: OnnxRuntime.Opening? = nil,
    threads: Int? = nil
  ) throws {
    let parts = try ModelParts(
      at: path, task: task, runtime: { try runtime?.get() ?? .shared() },
      threads: threads ?? Processors.count)
    self.parts = parts
    files = parts.files
    prompts = parts.configuration.prompts
    imageTasks = parts.configuration.imageTasks.keys.sorted()
    version = parts.configuration.version
    (notes, warnings) = (parts.notes, parts.warnings)
    dimension = try parts.dimension()
    matryoshkaDimensions =
      parts.imageTask == nil ? try parts.configuration.prefixes(within: dimension) : []
    maximumTokens =
      parts.text.map { TextTower.limit($0.signature, $0.files, parts.configuration) } ?? 0
    questions = Lazy { [parts, dimension] in try parts.background(dimension: dimension) }
  }

  /// Opens the towers that are going to be asked, each once.
  ///
  /// - Throws: as for `init`.
  @concurrent package func open(images: Bool = false, texts: Bool = false) async throws {
    if images { _ = try parts.image?.tower.get() }
    guard texts, let text = parts.text else { return }
    // Each takes about as long as the other.
    async let tokenizer = text.tokenizer.get()
    _ = try text.session.get()
    _ = try await tokenizer
    _ = try text.tower.get()
  }

  /// One unit vector an image, in order, or why there is none; an image fails alone.
  ///
  /// - Parameter images: already put through `imageTransform`.
  /// - Throws: `unsupported` without an image tower, `invalid-value` for an image of another size,
  ///   `inference-failed` when the model failed on every one of several images.
  package func embed(images: [PixelBuffer]) throws -> [Result<[Float], UnusableVector>] {
    guard let image = try parts.image?.tower.get() else {
      throw ParallaxError(.unsupported, "the model has no image tower; it embeds text only")
    }
    guard !images.isEmpty else { return [] }
    let companions = try parts.isCombined ? parts.text?.tower.get().placeholder() ?? [] : []
    return try unit(try image.vectors(of: images, companions: companions))
  }

  /// One unit vector a text, in order, or why there is none; a text fails alone.
  ///
  /// - Throws: `unsupported` without a text tower, `inference-failed` as for images.
  package func embed(texts: [String]) throws -> [Result<[Float], UnusableVector>] {
    guard embedsText, let text = try parts.text?.tower.get() else {
      throw ParallaxError(.unsupported, "the model has no text tower; it embeds images only")
    }
    guard !texts.isEmpty else { return [] }
    let companions = try parts.isCombined ? parts.image?.tower.get().placeholder() ?? [] : []
    return try unit(try text.vectors(of: texts, companions: companions))
  }

  /// Whether a text has tokens of its own behind its first `prefix`, which may be empty.
  package func reads(_ text: String, after prefix: String) throws -> Bool {
    guard let tokenizer = try parts.text?.tokenizer.get() else { return false }
    let ids = try tokenizer.encode(prefix, maximumTokens: .max)
    return try tokenizer.encode(text, maximumTokens: ids.count + 1) != ids
  }

  /// Whether a text has more tokens than `maximumTokens`, so that its end has no effect.
  package func cuts(_ text: String) throws -> Bool {
    guard let tokenizer = try parts.text?.tokenizer.get() else { return false }
    let ids = try tokenizer.encode(text, maximumTokens: maximumTokens + 1)
    return ids.count > maximumTokens
  }

  /// What scores of texts with images are held against; `nil` for a folder without a background.
  ///
  /// - Throws: `unreadable-file`; `invalid-model` naming the file at fault.
  package func background() throws -> QuestionBackground? {
    guard embedsText, embedsImages else { return nil }
    return try questions.get()
  }

  private func unit(
    _ answers: [Result<[Float], ParallaxError>]
  ) throws -> [Result<[Float], UnusableVector>] {
    // A model that fails on everything is broken; one that fails on something is given the rest.
    let failures = answers.compactMap { if case .failure(let error) = $0 { error } else { nil } }
    if failures.count == answers.count, answers.count > 1, let first = failures.first {
      throw first
    }
    return try answers.map { answer in
      switch answer {
      case .failure(let error): return .failure(UnusableVector(reason: error.message))
      case .success(let vector):
        guard vector.count == dimension else {
          throw ParallaxError(
            .inferenceFailed,
            "the model gave \(vector.count) numbers for an input instead of \(dimension)")
        }
        if let unit = Vector.normalized(vector) { return .success(unit) }
        return .failure(UnusableVector(vector))
      }
    }
  }
}

extension UnusableVector {
  fileprivate init(_ vector: [Float]) {
    let strange = vector.filter { !$0.isFinite }.count
    reason =
      strange > 0
      ? "\(strange) of its \(vector.count) numbers are infinite or not numbers"
      : "all of its \(vector.count) numbers are zero"
  }
}
