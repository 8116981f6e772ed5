package import ParallaxCore

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
  /// The version named in `config.json`, if it names one.
  package let version: String?
  /// Whether inputs run one at a time because the model quantises activations over the batch.
  package let isDynamicallyQuantized: Bool
  private let image: ImageTower?
  private let text: TextTower?
  /// Whether one file holds both towers, and so must be given an input for each.
  private let isCombined: Bool

  package var embedsImages: Bool { image != nil }
  package var embedsText: Bool { text != nil }

  /// What to do to an image before `embed(images:)`; `nil` without an image tower.
  package var imageTransform: ImageTransform? { image?.transform }

  /// Images that run together for the best speed.
  package var preferredBatch: Int { image?.batch.items ?? 1 }

  /// Tokens a text may have, with the special ones; longer texts are cut. 0 without a text tower.
  package var maximumTokens: Int { text?.maximumTokens ?? 0 }

  /// Opens a folder, or one `.onnx` file with its neighbours.
  ///
  /// - Parameters:
  ///   - path: a folder in the layout of the Hugging Face hub, or a file in one.
  ///   - runtime: the library; `nil` for the one in the usual places.
  ///   - threads: threads that one call computes on, at least 1; `nil` for one a processor.
  /// - Throws: `missing-component` without ONNX Runtime; `unreadable-file` without a
  ///   model; `invalid-model` naming the file at fault.
  package init(folder path: String, runtime: OnnxRuntime? = nil, threads: Int? = nil) throws {
    let parts = try ModelParts(
      at: path, runtime: runtime ?? .shared(), threads: threads ?? Files.processorCount)
    image = parts.image
    text = parts.text
    isCombined = parts.isCombined
    isDynamicallyQuantized = parts.isDynamicallyQuantized
    files = parts.files
    prompts = parts.configuration.prompts
    version = parts.configuration.version
    dimension = try parts.dimension()
    matryoshkaDimensions = try parts.configuration.prefixes(within: dimension)
  }

  /// One unit vector an image, in order.
  ///
  /// - Parameter images: already put through `imageTransform`.
  /// - Throws: `unsupported` without an image tower, `invalid-value` for an image of another size.
  package func embed(images: [PixelBuffer]) throws -> [[Float]] {
    guard let image else {
      throw ParallaxError(.unsupported, "the model has no image tower; it embeds text only")
    }
    guard !images.isEmpty else { return [] }
    let companions = isCombined ? try text?.placeholder() ?? [] : []
    return try unit(try image.vectors(of: images, companions: companions), "image")
  }

  /// One unit vector a text, in order.
  ///
  /// - Throws: `unsupported` without a text tower.
  package func embed(texts: [String]) throws -> [[Float]] {
    guard let text else {
      throw ParallaxError(.unsupported, "the model has no text tower; it embeds images only")
    }
    guard !texts.isEmpty else { return [] }
    let companions = isCombined ? image?.placeholder() ?? [] : []
    return try unit(try text.vectors(of: texts, companions: companions), "text")
  }

  /// The tokens a text has before it is cut, with the special ones; 0 without a text tower.
  package func tokenCount(of text: String) throws -> Int {
    try self.text?.tokenizer.encode(text, maximumTokens: .max).count ?? 0
  }

  private func unit(_ vectors: [[Float]], _ kind: String) throws -> [[Float]] {
    try vectors.enumerated().map { index, vector in
      guard vector.count == dimension else {
        throw ParallaxError(
          .inferenceFailed,
          "the model gave \(vector.count) numbers for \(kind) \(index + 1) instead of \(dimension)")
      }
      guard let unit = Vector.normalized(vector) else {
        throw ParallaxError(
          .inferenceFailed,
          "the model gave a vector without a direction for \(kind) \(index + 1)")
      }
      return unit
    }
  }
}
