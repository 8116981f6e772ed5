internal import ParallaxCore
internal import ParallaxImaging
internal import ParallaxProviders
internal import ParallaxReporting
internal import ParallaxStorage

/// Perceptual hashes of the pictures of a space: of two that are taken for the same only few bits differ.
struct SecondSign: Sendable {
  /// At most so many.
  let bits: Int
  /// By row of the space; `nil` for a picture that has none.
  private let hashes: [PerceptualHash?]

  /// - Parameter hashes: one a row.
  init(bits: Int, _ hashes: [PerceptualHash?]) {
    self.bits = bits
    self.hashes = hashes
  }

  func hash(ofRow row: Int) -> PerceptualHash? { hashes[row] }

  func distance(_ hash: PerceptualHash?, row: Int) -> Int? {
    hash.flatMap { own in hashes[row].map { own.distance(to: $0) } }
  }

  /// The rows that a picture may be the same as.
  func rows(near hash: PerceptualHash) -> RowSet {
    RowSet(
      capacity: hashes.count,
      rows: hashes.indices.lazy.filter { row in
        hashes[row].map { $0.distance(to: hash) <= bits } ?? false
      })
  }
}

extension Workbench {
  /// Pictures that are decoded at a time.
  private static let decoded = 64

  /// The hashes of a space's pictures; those that are missing are made and kept, and what has none is said.
  ///
  /// - Throws: as ``fingerprints(of:_:)``.
  func secondSign(
    _ bits: Int, of loaded: LoadedSpace, _ handler: @escaping EventHandler
  ) async throws -> SecondSign {
    let found = try await fingerprints(of: loaded.space.collection, handler)
    let byItem = Dictionary(
      found.items.map { ($0.rowID, found.byContent[$0.hash]?.hash) }, uniquingKeysWith: { $1 })
    if let first = found.failures.first {
      let count = Wording.count(found.failures.count, "image has", "images have")
      handler(
        .warning(
          "\(count) no perceptual hash and match only by their bytes: '\(first.item.id)': "
            + first.error.message))
    }
    return SecondSign(bits: bits, loaded.items.map { byItem[$0] ?? nil })
  }

  /// The hashes of files, in order; `nil` for one that cannot be decoded.
  ///
  /// - Throws: `missing-component`; `cancelled`.
  func hashes(
    of files: [(path: String, content: ContentHash)?], _ report: (Int) -> Void
  ) async throws -> [PerceptualHash?] {
    let decoder = models.providers.decoder
    var hashes: [PerceptualHash?] = []
    for start in stride(from: 0, to: files.count, by: Self.decoded) {
      try Task.checkCancellation()
      let batch = Array(files[start..<min(start + Self.decoded, files.count)])
      let outcomes = try await batch.concurrentOutcomes { file -> PerceptualHash? in
        guard let file else { return nil }
        return try await decoder.fingerprint(file.path, expecting: file.content).hash
      }
      for outcome in outcomes { hashes.append(try? outcome.get()) }
      report(hashes.count)
    }
    return hashes
  }
}
