internal import ParallaxCore
private import ParallaxDigest
private import ParallaxIngest
private import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem

/// A file of vectors that was read and fits its collection.
struct VectorPart: Sendable {
  /// More is read of no file of vectors, which stands in memory.
  private static let vectorLimit = 1 << 35
  private static let idLimit = 1 << 31

  let file: VectorImport.File
  let dimension: Int
  let digest: ContentHash
  /// What the program that wrote the file said of it.
  let origin: VectorOrigin?
  let rows: VectorRows
  private let list: IDList

  /// - Throws: `unreadable-file`; `invalid-value` for what is no file of vectors, and where there are
  ///   not as many ids.
  init(_ file: VectorImport.File, normalizes: Bool) throws {
    self.file = file
    let bytes = try attributing(to: "vectors") {
      try InputFile.contents(of: file.vectors, atMost: Self.vectorLimit)
    }
    let matrix = try attributing(to: "vectors") { try NPYMatrix(bytes, of: file.vectors) }
    list = try attributing(to: "ids") {
      try IDList(InputFile.contents(of: file.ids, atMost: Self.idLimit), of: file.ids)
    }
    guard list.ids.count == matrix.rowCount else {
      throw ParallaxError(
        .invalidValue,
        "'\(file.vectors)' has \(Wording.count(matrix.rowCount, "vector")) and '\(file.ids)' "
          + "\(Wording.count(list.ids.count, "id"))",
        hint: "line N is the id of row N", parameter: "ids")
    }
    dimension = matrix.dimension
    digest = Digest.sha256(bytes)
    origin = try attributing(to: "vectors") { try VectorOrigin(of: file.vectors) }
    rows = VectorRows(matrix, list, of: file, normalizes: normalizes)
  }

  /// - Throws: `invalid-value` naming `ids` when no id is that of an item.
  func places(
    of content: EmbeddedContent, in collection: ItemCollection, _ records: [ItemRecord]
  ) throws -> VectorPlaces {
    try VectorPlaces(list, file, of: content, in: collection, records)
  }

  /// The identity that the file beside the vectors states.
  ///
  /// - Parameter isNeeded: whether nothing else states one.
  /// - Returns: `nil` where there is no such file, or one of other vectors that is not needed.
  /// - Throws: `invalid-value` where it was written beside other vectors; `unsupported` for vectors
  ///   whose length counts.
  func identityBeside(isNeeded: Bool) throws -> EmbeddingSpec? {
    guard let origin, let spec = origin.spec else { return nil }
    guard origin.digest == digest, spec.dimension == dimension else {
      guard isNeeded else { return nil }
      throw ParallaxError(
        .invalidValue, "'\(origin.path)' was written beside other vectors than '\(file.vectors)'",
        hint: "export them again, or state with --model what made them", parameter: "vectors")
    }
    guard spec.isNormalized else {
      throw ParallaxError(
        .unsupported,
        "the lengths of the vectors in '\(file.vectors)' count, and an imported space keeps unit vectors",
        parameter: "vectors")
    }
    return spec
  }
}

extension ParallaxError {
  /// The error about another value of the same option.
  func moved(to place: Int) -> ParallaxError {
    var error = self
    if let name = parameter?.name, ["vectors", "ids"].contains(name) {
      error.parameter?.index = place
    }
    return error
  }
}
