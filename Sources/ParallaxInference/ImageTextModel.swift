package import ParallaxCore

/// A model folder as published for ONNX Runtime: an image tower, a text tower, or both.
///
/// Every vector returned has unit length and depends on its own input only.
package final class ImageTextModel: Sendable {
  /// Every file that decides what the model returns, sorted; hash them for an identity.
  package let files: [String]
  package let embedsImages: Bool
  package let embedsText: Bool
  /// The length of every vector returned.
  package let dimension: Int
  /// Shorter prefixes the model was trained for, ascending; empty for most models.
  package let matryoshkaDimensions: [Int]
  /// Text put before a text for a task, by task; empty for most models.
  package let prompts: [String: String]
  /// What to do to an image before `embed(images:)`; `nil` without an image tower.
  package let imageTransform: ImageTransform?
  /// The version named in `config.json`, if it names one.
  package let version: String?
  /// Tokens a text may have, with the special ones; longer texts are cut. 0 without a text tower.
  package let maximumTokens: Int
  /// Whether inputs run one at a time because the model quantises activations over the batch.
  package let isDynamicallyQuantized: Bool

  /// Opens a folder, or one `.onnx` file with its neighbours.
  ///
  /// - Parameters:
  ///   - path: a folder in the layout of the Hugging Face hub, or a file in one.
  ///   - runtime: the library; `nil` looks for it in the usual places.
  ///   - threads: threads that one call computes on, at least 1; `nil` for one a processor.
  /// - Throws: `missing-component` without ONNX Runtime; `invalid-model` naming the file at fault.
  package init(folder path: String, runtime: OnnxRuntime? = nil, threads: Int? = nil) throws {
    throw ParallaxError(.invalidModel, "not a model: '\(path)'")
  }

  /// One unit vector an image, in order.
  ///
  /// - Parameter images: already put through `imageTransform`.
  /// - Throws: `unsupported` without an image tower, `invalid-value` for an image of another size.
  package func embed(images: [PixelBuffer]) throws -> [[Float]] { [] }

  /// One unit vector a text, in order.
  ///
  /// - Throws: `unsupported` without a text tower.
  package func embed(texts: [String]) throws -> [[Float]] { [] }

  /// The tokens a text has before it is cut, with the special ones.
  package func tokenCount(of text: String) throws -> Int { 0 }
}
