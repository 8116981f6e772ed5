import ParallaxCore
import ParallaxDigest
import ParallaxHTTP
import ParallaxImaging
import ParallaxProviders
import ParallaxPublishing
import ParallaxStorage
import ParallaxTestSupport

@testable import ParallaxWorkbench

/// A workbench over a workspace of its own with drawn vectors, to be published.
struct PublishedBench: Sendable {
  let folder: String
  let bench: Workbench
  let space: Space
  /// The table that publications in PostgreSQL are partitions of; `nil` for a table each.
  var partition: String?

  var workspace: Workspace { bench.workspace }

  static func inNewFolder(
    count: Int = 60, dimension: Int = 8, variables: [String: String] = [:],
    transport: any HTTPTransport = TextVectors(answers: [:]), partition: String? = nil,
    collection: String = "photos", _ body: (PublishedBench) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let workspace = try Workspace(path: folder + "/work.parallax")
      let space = try makeSpace(
        in: workspace, count: count, dimension: dimension, collection: collection)
      let bench = bench(workspace, variables, transport)
      defer { bench.close() }
      try await body(
        PublishedBench(folder: folder, bench: bench, space: space, partition: partition))
    }
  }

  static func bench(
    _ workspace: Workspace, _ variables: [String: String],
    _ transport: any HTTPTransport
  ) -> Workbench {
    Workbench(
      workspace: workspace,
      providers: ProviderEnvironment(
        decoder: ImageDecoder(workers: 1, executable: "/nowhere"), threads: 1, miniFolder: nil,
        transport: transport, variables: variables))
  }

  /// Items `i0000` and so on with a number `n`, and unit vectors that are the same at every run; the second item is
  /// a copy of the first.
  static func makeSpace(
    in workspace: Workspace, count: Int, dimension: Int, collection name: String = "photos"
  ) throws -> Space {
    let collection = try workspace.createCollection(named: name)
    try workspace.apply(
      (0..<count).map { number in
        .insert(
          NewItem(
            id: id(number),
            file: FileState(
              path: "/photos/\(number).jpg", hash: Digest.sha256("\(number)"), size: 10,
              modified: 0, width: number, height: 7, format: "jpeg"),
            metadata: ["n": Value(number)]))
      }, to: collection)
    let spec = EmbeddingSpec(
      provider: "test", model: "drawn", version: "1", dimension: dimension, preprocessing: "none")
    let space = try workspace.createSpace(named: "base", in: collection, spec: spec)
    var generator = SeededGenerator(seed: 5)
    var vectors: [StoredVector] = []
    for (number, item) in try workspace.items(in: collection).enumerated() {
      let drawn = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
      let vector = number == 1 ? vectors[0].vector : Vector.normalized(drawn) ?? drawn
      vectors.append(StoredVector(item: item.rowID, hash: item.hash, vector: vector))
    }
    try workspace.append(vectors, to: space)
    return space
  }

  static func id(_ number: Int) -> ItemID {
    let digits = String(number)
    return ItemID("i" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
  }

  @discardableResult
  func publish(
    to address: String, _ change: (inout PublishRequest) -> Void = { _ in }
  ) async throws -> PublishOutcome {
    var request = PublishRequest(address: try EngineAddress(address), sample: 0)
    request.options[.partition] = partition
    change(&request)
    return try await bench.publish(space, request) { _ in }
  }

  /// What a publish would do.
  func dryRun(to address: String) async throws -> PublishOutcome {
    try await publish(to: address) { $0.isDryRun = true }
  }

  func answer(
    _ query: Query, on address: String, _ handler: @escaping EventHandler = { _ in }
  ) async throws -> Answer {
    try await bench.answer(
      query, on: EnginePlace(address: try EngineAddress(address)), in: space, budget: nil, handler)
  }

  func answerHere(_ query: Query) async throws -> Answer {
    try await bench.answer(query, in: [space], budget: nil) { _ in }
  }
}

extension PublishOutcome {
  /// Inserted, updated, deleted, unchanged.
  var counts: [Int] { [inserted, updated, deleted, unchanged] }
}
