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
      "background.json": Pin(
        166947, "7866e75d3e5765b5beb426d06de66a5771d0df50dc153f5f2b3a5fea6b6b301b"),
      "config.json": Pin(
        588, "0d5024dd5f1255fd96af8c8820f5744e0770fe4775cfb193524d0b631cde3f41"),
      "preprocessor_config.json": Pin(
        551, "a9d0a794ff3f4929381e153108fb1d3fc943e40e9b268522788407e5b2c820e4"),
      "text_model.onnx": Pin(
        5904021, "1f1ffd6c1f039420a015a3a018488ae20d12027c48a81f6d90b1469c5998e2ca"),
      "tokenizer.json": Pin(
        824484, "67e026952814d2d72092a192e2193af8ee4833e2facc800b8a49ef2acb8fa533"),
      "vision_model.onnx": Pin(
        5319190, "13954c485628fccb51ab9cf8c96c7e4e8d876d1dde36101e51b8dcbdf7f69601"),
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
    "mini-3": [
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
    "mini-cross": [
      "config.json": Pin(
        89, "73e233eb5e806f93c638eeabbefe027131f1eb0786f684167f71a3938d06cbc3"),
      "model.onnx": Pin(
        880, "e1ca3effcca2b35ec3162e979a1dfe54fe1ece033a1321fc9fa50efcdcf2fb1f"),
      "picture.onnx": Pin(
        2591483, "62bf37cef89c71ce4ed9b46e4f4fd9f11e7a8226dd80fbad3360d77a883e917c"),
      "question.onnx": Pin(
        1459994, "4cdc34d50468867da3fcd2a9563f112703ab302174c6145f418a01fa0ee9f619"),
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
