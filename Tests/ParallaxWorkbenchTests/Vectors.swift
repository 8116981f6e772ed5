import ParallaxCore
import ParallaxDigest
import ParallaxImaging
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Synchronization

@testable import ParallaxWorkbench

/// A workbench over a workspace of its own with vectors that are written down, whose provider answers
/// every text with one vector.
struct VectorBench: Sendable {
  let folder: String
  let bench: Workbench

  /// - Parameters:
  ///   - answers: vectors by text.
  ///   - arrival: is told of every request, and holds it as long as it likes.
  static func inNewFolder(
    answers: [String: [Float]] = [:], arrival: @escaping @Sendable () async -> Void = {},
    _ body: (VectorBench) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let providers = ProviderEnvironment(
        decoder: ImageDecoder(workers: 1, executable: "/nowhere"), threads: 1,
        miniFolder: nil, transport: TextVectors(answers: answers, arrival: arrival),
        variables: ["PARALLAX_OPENAI_URL": "http://127.0.0.1:9/v1"])
      let bench = Workbench(
        workspace: try Workspace(path: folder + "/work.parallax"), providers: providers)
      defer { bench.close() }
      try await body(VectorBench(folder: folder, bench: bench))
    }
  }

  /// A collection whose items are named and have a vector each, and a number `n` by their order.
  func space(
    _ collection: String, named name: String = "base", _ vectors: [(id: String, vector: [Float])]
  ) async throws -> Space {
    let workspace = bench.workspace
    let made = try workspace.createCollection(named: collection)
    try workspace.apply(
      vectors.enumerated().map { place, item in
        let path = "/\(collection)/\(item.id).jpg"
        return .insert(
          NewItem(
            id: ItemID(item.id),
            file: FileState(path: path, hash: Digest.sha256(item.id), size: 1, modified: 0),
            metadata: ["n": Value(place)]))
      }, to: made)
    let spec = try await bench.models.embedder(
      for: EmbedderRequest(model: "openai:test", dimension: vectors[0].vector.count),
      subject: "\(collection)@\(name)", budget: nil
    ).spec
    let space = try workspace.createSpace(named: name, in: made, spec: spec)
    let items = try workspace.items(in: made)
    try workspace.append(
      vectors.compactMap { id, vector in
        items.first { $0.id == ItemID(id) }.map {
          StoredVector(item: $0.rowID, hash: $0.hash, vector: vector)
        }
      }, to: space)
    return space
  }

  func answer(_ query: Query, in spaces: Space...) async throws -> Answer {
    try await bench.answer(query, in: spaces, budget: nil) { _ in }
  }
}

extension Query {
  init(like ids: String...) {
    self.init(
      terms: ids.enumerated().map {
        Term(
          .item(ItemID($1)), label: "like \($1)", parameter: .init(name: "like", index: $0))
      })
  }

  init(text: String) {
    self.init(terms: [Term(.text(text), label: "text", parameter: "text")])
  }
}

extension Answer {
  var ids: [String] { rankings[0].hits.map(\.id.rawValue) }
}
