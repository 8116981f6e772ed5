package import ParallaxCore
package import ParallaxSystem

/// A form of files that other tools read vectors from: one file in `Vectors/`, one line in
/// ``VectorFormatRegistry``.
package protocol VectorFormat: Sendable {
  /// The name that stands in the side file.
  static var id: String { get }
  /// The ending without the point that chooses it.
  static var fileExtension: String { get }
  /// What is written, within a sentence: `vectors and ids`.
  static var summary: String { get }
  /// Whether columns of the items are written beside the vectors.
  static var holdsColumns: Bool { get }

  /// The files, that of the vectors first.
  ///
  /// - Throws: `unsupported` for an id that the form cannot hold.
  static func files(of set: VectorSet, at path: String) throws -> [FileWriter.File]

  /// What is to be said of how the set is written.
  static func notes(on set: VectorSet) -> [String]

  /// The paths of ``files(of:at:)`` but the first.
  static func besides(_ path: String) -> [String]
}

extension VectorFormat {
  package static func notes(on set: VectorSet) -> [String] { [] }

  /// `path` with another ending: `vectors.npy` and `ids.txt` give `vectors.ids.txt`.
  static func sibling(of path: String, _ ending: String) -> String {
    String(path.dropLast(fileExtension.count)) + ending
  }
}

/// Vectors with the items that they stand for, in one order.
package struct VectorSet: Sendable {
  package var ids: [ItemID]
  /// A row an item.
  package var matrix: VectorMatrix
  /// Of what is known of the items.
  package var columns: [Table.Column]
  /// Its rows, in the order of the items.
  package var rows: [[Value]]

  package init(
    ids: [ItemID], matrix: VectorMatrix, columns: [Table.Column] = [], rows: [[Value]] = []
  ) {
    (self.ids, self.matrix) = (ids, matrix)
    (self.columns, self.rows) = (columns, rows)
  }
}
