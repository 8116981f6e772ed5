internal import ParallaxCore
internal import ParallaxDigest
private import ParallaxInference
private import ParallaxSystem

/// The models that come with the program, and what their files must be.
///
/// A test compares the pins with the resources, so that a retrained model brings its own.
enum ShippedModel {
  struct Pin: Sendable, Hashable {
    var size: Int64
    var sha256: String

    init(_ size: Int64, _ sha256: String) { (self.size, self.sha256) = (size, sha256) }
  }

  /// By folder and name of the file.
  static let pins: [String: [String: Pin]] = [
    "mini": [
      "config.json": Pin(
        534, "d4a1f3f3179aa11ed7b0b8ea56f35d377e46e327f149c8c280c6f65b65527d64"),
      "preprocessor_config.json": Pin(
        379, "a3913cec7680f84280aa0ca328901404699ab3ad1cd92aa9571c23b9c2ee1faa"),
      "text_model.onnx": Pin(
        3274480, "9d723b10e22c3e57e63a29c0535fc01c5ef5884f6cdd1010496778ca608dc3c2"),
      "tokenizer.json": Pin(
        335061, "e364bf431503f5825438d587b90de11737f28c17108daf3db625d8f11bea54c6"),
      "vision_model.onnx": Pin(
        3202819, "9db395758d3f4f24b4c38e2a148aec4e5d76d779117f3e3c52a7e7102c88c9a8"),
    ],
    "mini-2": [
      "config.json": Pin(
        534, "2bf4920374ae8b68466923f5a8898cacc35addbf9d0b8df184e2f0d2bc6a961f"),
      "preprocessor_config.json": Pin(
        379, "a3913cec7680f84280aa0ca328901404699ab3ad1cd92aa9571c23b9c2ee1faa"),
      "text_model.onnx": Pin(
        3274480, "82402d9053b866ac269d5aac166e35a81bd86445cdeb9f6c180ca7aa1551204c"),
      "tokenizer.json": Pin(
        335061, "e364bf431503f5825438d587b90de11737f28c17108daf3db625d8f11bea54c6"),
      "vision_model.onnx": Pin(
        3202819, "ec183f7c7183de2e1d3b896367b0dde7441ff65e4bc6683f58d56cd686a5e914"),
    ],
    "mini-cross": [
      "config.json": Pin(
        89, "f800082d8db7e44b0b3ad4cd42108cb282a2bedbb4a0e1594c727d71edcf6480"),
      "model.onnx": Pin(
        947016, "b7caa31c8a171b5af162349b72c5ef1ce89536ded1d084ad9bac8fb7a13ce4e1"),
      "preprocessor_config.json": Pin(
        379, "a3913cec7680f84280aa0ca328901404699ab3ad1cd92aa9571c23b9c2ee1faa"),
      "vision_model.onnx": Pin(
        3713873, "8e8c606d82b66e8604a1a9a5693f367a03c77c120a8512ab3c83cf59c37b9a9e"),
    ],
  ]

  /// Compares the files in a folder with what was shipped: sizes first, for they cost nothing.
  ///
  /// - Returns: the digests of the files, by path.
  /// - Throws: `invalid-model` naming a file that is damaged or missing; `unreadable-file`.
  static func verify(
    _ model: String, in folder: String
  ) throws -> [String: ContentHash] {
    let pins = (pins[model] ?? [:]).sorted { $0.key < $1.key }
    for (name, pin) in pins {
      guard let status = FileStatus(at: "\(folder)/\(name)") else {
        throw fault(model, name, "is missing", folder)
      }
      guard status.size == pin.size else {
        throw fault(model, name, "has \(status.size) bytes instead of \(pin.size)", folder)
      }
    }
    var digests: [String: ContentHash] = [:]
    for (name, pin) in pins {
      let digest = try Digest.sha256(fileAt: "\(folder)/\(name)")
      guard digest.hexadecimal == pin.sha256 else {
        throw fault(model, name, "is damaged: its SHA-256 is not that of the shipped file", folder)
      }
      digests["\(folder)/\(name)"] = digest
    }
    return digests
  }

  private static func fault(
    _ model: String, _ name: String, _ what: String, _ folder: String
  ) -> ParallaxError {
    ParallaxError(
      .invalidModel, "'\(name)' of the embedded model '\(model)' \(what)",
      hint: "it is in '\(folder)'; build or install the program again")
  }
}
