private import ParallaxCore

/// The forms of vector files there are; help and messages read this.
package enum VectorFormatRegistry {
  package static let all: [any VectorFormat.Type] = [
    NPYVectors.self, ProjectorVectors.self, ParquetVectors.self,
  ]

  /// The endings, as in `.npy .tsv`.
  package static let endings = all.map { "." + $0.fileExtension }.joined(separator: " ")

  /// The form that a file's ending chooses; `nil` for another ending.
  package static func format(forPath path: String) -> (any VectorFormat.Type)? {
    all.first { path.lowercased().hasSuffix("." + $0.fileExtension) }
  }
}
