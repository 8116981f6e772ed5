package import ParallaxCore
private import ParallaxReporting
private import ParallaxSystem
private import ParallaxText

/// What 'export' writes beside vectors: what made them, and the SHA-256 of their file.
package struct VectorOrigin: Sendable, Hashable {
  private static let limit = 1 << 20
  private static let prefix = "identity "
  private static let digestName = "sha256"

  let path: String
  /// `nil` where the file does not say, as those of earlier versions.
  let spec: EmbeddingSpec?
  let digest: ContentHash?

  /// Of the vectors at a path.
  ///
  /// - Returns: `nil` where nothing is beside them.
  /// - Throws: `unreadable-file`; `invalid-value` for a file that is not JSON.
  init?(of vectors: String) throws {
    path = Exporter.provenancePath(for: vectors)
    guard FileStatus.exists(path) else { return nil }
    let bytes = try InputFile.contents(of: path, atMost: Self.limit)
    var members: [String: String] = [:]
    do {
      var scanner = JSONScanner(bytes)
      try scanner.members { name, scanner in
        if scanner.next == UInt8(ascii: "\"") {
          members[name] = try scanner.string()
        } else {
          try scanner.skipValue()
        }
      }
    } catch is JSONScanner.Malformed {
      throw ParallaxError(
        .invalidValue, "'\(path)' is not the file that 'export' writes beside vectors",
        hint: "move it away, and state with --model what made the vectors")
    }
    digest = members[Self.digestName].flatMap { ContentHash(hexadecimal: $0) }
    spec = EmbeddingSpec { members[Self.prefix + $0] }
    // A semicolon ends a part of an identity, and must be in none.
    let isPlain = spec?.fields.allSatisfy { field in
      field.value.unicodeScalars.allSatisfy {
        $0 != ";" && $0.properties.generalCategory != .control
      }
    }
    if isPlain == false {
      throw ParallaxError(
        .invalidValue, "'\(path)' states an identity that no model has",
        hint: "move it away, and state with --model what made the vectors")
    }
  }

  /// The members of the file for a space.
  package static func members(of spec: EmbeddingSpec) -> [(name: String, value: String)] {
    spec.fields.map { (prefix + $0.name, $0.value) }
  }

  /// The member that says which file the vectors are in.
  package static func member(of digest: ContentHash) -> (name: String, value: String) {
    (digestName, digest.hexadecimal)
  }
}
