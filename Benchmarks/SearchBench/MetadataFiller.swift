import ParallaxCore
import ParallaxDigest
import ParallaxStorage

/// Makes a collection of any size with vectors and four fields, without pictures: `price` holds numbers, `kind`
/// categories, `caption` free text, `taken` dates. A twentieth of the items lacks each field, and a
/// hundredth are copies of the item before.
enum MetadataFiller {
  /// Items of a transaction.
  private static let batch = 8_192
  private static let kinds = [
    "shoe", "shirt", "bag", "watch", "hat", "belt", "scarf", "sock", "ring", "coat", "dress",
    "glove",
  ]
  private static let words = [
    "red", "blue", "green", "old", "new", "small", "large", "bright", "a", "the", "with", "beside",
    "under", "house", "street", "tree", "river", "bridge", "market", "garden", "woman", "child",
    "dog",
  ]

  /// - Parameter dimension: of the vectors in `photos@base`, in clusters of about 200; 0 for no space.
  static func make(workspaceAt path: String, rows: Int, dimension: Int) throws {
    let workspace = try Workspace(path: path)
    defer { workspace.close() }
    let collection = try workspace.createCollection(named: "photos")
    let space =
      try dimension == 0
      ? nil : SpaceFiller.space(of: dimension, in: collection, of: workspace)
    try workspace.declare(
      [
        FieldDeclaration(name: "price", kind: .integer),
        FieldDeclaration(name: "kind", kind: .text),
        FieldDeclaration(name: "caption", kind: .text),
        FieldDeclaration(name: "taken", kind: .date),
      ], in: collection)
    var random = SeededGenerator(seed: 19)
    let digits = String(rows).count
    for start in stride(from: 0, to: rows, by: batch) {
      let numbers = start..<min(start + batch, rows)
      let items = numbers.map { row in
        let number = String(row)
        let name = String(repeating: "0", count: digits - number.count) + number
        let content = row % 100 == 99 ? row - 1 : row
        return NewItem(
          id: ItemID("img-\(name)"),
          file: FileState(
            path: "/photos/img-\(name).jpg", hash: Digest.sha256("\(content)"), size: 1,
            modified: 1,
            width: 640, height: 480, format: "jpeg"),
          metadata: metadata(&random))
      }
      try workspace.apply(items.map { .insert($0) }, to: collection)
      guard let space else { continue }
      let records = try workspace.items(named: items.map(\.id), in: collection)
      try workspace.append(
        zip(numbers, items).compactMap { row, item in
          records[item.id].map {
            let vector = vector(dimension, cluster: row % max(1, rows / 200), &random)
            return StoredVector(item: $0.rowID, hash: $0.hash, vector: vector)
          }
        }, to: space)
    }
  }

  private static func metadata(_ random: inout SeededGenerator) -> [String: Value] {
    func chance(_ random: inout SeededGenerator) -> Bool {
      Int.random(in: 0..<20, using: &random) == 0
    }
    var values: [String: Value] = [:]
    if !chance(&random) {
      values["price"] = .integer(Int64.random(in: 0..<100_000, using: &random))
    }
    if !chance(&random) {
      values["kind"] = .text(kinds[Int.random(in: 0..<kinds.count, using: &random)])
    }
    if !chance(&random) {
      let chosen = (0..<7).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
      values["caption"] = .text(
        chosen.joined(separator: " ") + " \(Int.random(in: 0..<100_000, using: &random))")
    }
    if !chance(&random) {
      let (year, month, day) = (
        Int.random(in: 2015...2025, using: &random), Int.random(in: 1...12, using: &random),
        Int.random(in: 1...28, using: &random)
      )
      values["taken"] = .date(
        "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)")
    }
    return values
  }

  /// Pictures lie in groups: an index of vectors that do not finds little.
  private static func vector(
    _ dimension: Int, cluster: Int, _ random: inout SeededGenerator
  ) -> [Float] {
    var centre = SeededGenerator(seed: UInt64(cluster))
    func part(_ generator: inout SeededGenerator) -> Float {
      Float(Int32(truncatingIfNeeded: generator.next())) / Float(1 << 31)
    }
    let values = (1...dimension).map {
      (part(&centre) + 0.5 * part(&random)) / Float($0).squareRoot()
    }
    return Vector.normalized(values) ?? values
  }
}
