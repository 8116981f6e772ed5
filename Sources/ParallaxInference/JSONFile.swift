private import ParallaxCore
private import ParallaxSystem

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// Reads the JSON files that lie beside a model.
enum JSONFile {
  /// - Parameter architecture: what `config.json` says of the model, for files that leave it out.
  /// - Throws: `unreadable-file`; `invalid-model` naming the file and the key at fault.
  static func decode<Content: Decodable>(
    _ type: Content.Type, at path: String, architecture: String? = nil
  ) throws -> Content {
    try decode(type, from: Files.read(path), at: path, architecture: architecture)
  }

  /// - Parameter path: where the bytes came from, for messages.
  static func decode<Content: Decodable>(
    _ type: Content.Type, from bytes: [UInt8], at path: String, architecture: String? = nil
  ) throws -> Content {
    do {
      let decoder = JSONDecoder()
      if let key = PreprocessorFile.modelType, let architecture {
        decoder.userInfo[key] = architecture
      }
      return try decoder.decode(type, from: Data(bytes))
    } catch let error as DecodingError {
      throw ParallaxError(
        .invalidModel, "'\(PathText.name(of: path))' is not as expected: \(reason(error))",
        hint: "the file is '\(path)'")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "key '\(path(context.codingPath + [key]))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "key '\(path(context.codingPath))' has another type"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not JSON" : "key '\(path(context.codingPath))': \(context.debugDescription)"
    @unknown default:
      "it cannot be read"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map(\.stringValue).joined(separator: ".")
  }
}
