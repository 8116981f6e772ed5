package import ParallaxCore
package import ParallaxStorage

/// Vectors that were made elsewhere, and what they are said to be.
package struct VectorImport: Sendable, Hashable {
  /// Of the space.
  package var name: String
  /// Of the `.npy` file.
  package var vectors: String
  /// Of the file with the id of each row.
  package var ids: String
  /// Of the registry; `nil` for none of them.
  package var provider: String?
  /// `nil` for an unknown one.
  package var model: String?
  /// `nil` for the digest of the file, or the provider's.
  package var version: String?
  package var task: String?
  /// `nil` for an unknown one, or the provider's.
  package var preprocessing: String?
  package var content = EmbeddedContent.image
  /// Whether any length of a vector is expected.
  package var normalizes = false
  /// Whether what would be warned of prevents everything.
  package var isStrict = false

  package init(name: String, vectors: String, ids: String) {
    (self.name, self.vectors, self.ids) = (name, vectors, ids)
  }
}

/// What became of it.
package struct ImportedVectors: Sendable, Hashable {
  package var space: Space
  /// Vectors that were added.
  package var added: Int
  /// Vectors that were there, and are the same.
  package var before: Int
}
