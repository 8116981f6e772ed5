import ParallaxCore
import ParallaxDigest
import ParallaxStorage

/// Adds items with vectors to spaces of workspaces, without pictures.
enum SpaceFiller {
  /// Items of a transaction.
  private static let batch = 4_096
  /// How much of a vector is noise.
  private static let noise: Float = 0.5

  /// Adds items to `photos@base`: each has the vector of one that is there, with seeded noise.
  static func fill(workspaceAt path: String, rows: Int) throws {
    let workspace = try Workspace(path: path)
    defer { workspace.close() }
    let collection = try workspace.collection(named: "photos")
    let space = try workspace.space(named: "base", in: collection)
    let known = try workspace.load(space).matrix
    var random = SeededGenerator(seed: 7)
    let spread = noise / Float(known.dimension).squareRoot()
    try add(rows, to: space, of: workspace) { row in
      let vector = known.row(row % known.rowCount).map {
        $0 + spread * Float.random(in: -2...2, using: &random)
      }
      return Vector.normalized(vector) ?? vector
    }
  }

  /// A new space `base` for vectors that no model made.
  static func space(
    of dimension: Int, in collection: ItemCollection, of workspace: Workspace
  ) throws -> Space {
    try workspace.createSpace(
      named: "base", in: collection,
      spec: EmbeddingSpec(
        provider: "bench", model: "bench", version: "1", dimension: dimension,
        preprocessing: "none"))
  }

  /// Adds items whose names are numbers.
  static func add(
    _ rows: Int, to space: Space, of workspace: Workspace, vector: (Int) -> [Float]
  ) throws {
    let digits = String(rows).count
    for start in stride(from: 0, to: rows, by: batch) {
      let numbers = start..<min(start + batch, rows)
      let names = numbers.map { row in
        let number = String(row)
        return String(repeating: "0", count: digits - number.count) + number
      }
      try workspace.apply(
        names.map { name in
          .insert(
            NewItem(
              id: ItemID(name),
              file: FileState(
                path: "/\(name).jpg", hash: Digest.sha256(name), size: 1, modified: 1)))
        }, to: space.collection)
      let items = try workspace.items(named: names.map { ItemID($0) }, in: space.collection)
      try workspace.append(
        zip(numbers, names).compactMap { row, name in
          items[ItemID(name)].map {
            StoredVector(item: $0.rowID, hash: $0.hash, vector: vector(row))
          }
        }, to: space)
    }
  }
}
