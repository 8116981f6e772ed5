package import ParallaxCore
package import ParallaxStorage

/// Vectors that were made elsewhere, and what they are said to be.
package struct VectorImport: Sendable, Hashable {
  /// Paths of a `.npy` file and of the file with the id of each row.
  package struct File: Sendable, Hashable {
    package var vectors: String
    package var ids: String

    package init(vectors: String, ids: String) { (self.vectors, self.ids) = (vectors, ids) }
  }

  /// Of the space.
  package var name: String
  /// Whose rows are joined.
  package var files: [File]
  /// Of the registry; `nil` for none of them.
  package var provider: String?
  /// `nil` for an unknown one.
  package var model: String?
  /// `nil` for the digest of the file, or the provider's.
  package var version: String?
  package var task: String?
  /// `nil` for an unknown one, or the provider's.
  package var preprocessing: String?
  /// `nil` for the image.
  package var content: EmbeddedContent?
  /// Whether any length of a vector is expected.
  package var normalizes = false
  /// Whether what would be warned of prevents everything.
  package var isStrict = false

  package init(name: String, files: [File]) { (self.name, self.files) = (name, files) }

  /// Whether a field of an identity is said, by its name there.
  func states(_ field: String) -> Bool {
    switch field {
    case "provider": provider != nil
    case "model": model != nil
    case "version": version != nil
    case "task": task != nil
    case "preprocessing": preprocessing != nil
    case "content": content != nil
    default: false
    }
  }

  /// Whether anything is said of what made the vectors.
  var statesIdentity: Bool {
    provider != nil || model != nil || version != nil || task != nil || preprocessing != nil
      || content != nil
  }
}

/// What became of it.
package struct ImportedVectors: Sendable, Hashable {
  package var space: Space
  /// Whether the space was there before.
  package var wasThere: Bool
  /// Vectors that were added.
  package var added: Int
  /// Vectors that were there, and are the same.
  package var before: Int
}
