import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Synchronization

@testable import ParallaxWorkbench

/// A workbench with one collection, and pictures to read into it.
struct IngestBench {
  let folder: String
  let bench: Workbench
  let collection: ItemCollection

  static func inNewFolder(_ body: (IngestBench) async throws -> Void) async throws {
    try await withTemporaryDirectory { folder in
      let bench = Workbench(
        workspace: try Workspace(path: folder + "/work.parallax"),
        providers: ProviderEnvironment(
          decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")),
          threads: 1, miniFolder: "",
          transport: CurlTransport(connections: 1, agent: "parallax-tests")))
      defer { bench.close() }
      let collection = try bench.workspace.createCollection(named: "c")
      try await body(IngestBench(folder: folder, bench: bench, collection: collection))
    }
  }

  /// Copies pictures of the repository to names below the folder.
  func pictures(_ names: [String: String]) throws {
    for (name, tile) in names {
      try TestFiles.copy(
        "\(TestData.packageRoot)/datasets/tiles/images/\(tile).jpg", to: "\(folder)/\(name)")
    }
  }

  func write(_ text: String, to name: String) throws {
    try TestFiles.write(text, to: "\(folder)/\(name)")
  }

  /// What is asked for to read something of the folder.
  func options(_ name: String, _ change: (inout IngestOptions) -> Void = { _ in }) -> IngestOptions
  {
    var options = IngestOptions(path: "\(folder)/\(name)")
    change(&options)
    return options
  }

  @discardableResult
  func ingest(
    _ name: String, _ terms: IngestTerms = IngestTerms(),
    _ change: (inout IngestOptions) -> Void = { _ in }
  ) async throws -> IngestOutcome {
    try await bench.ingest(options(name, change), into: collection, terms) { _ in }
  }

  func sync(_ change: (inout SyncTerms) -> Void = { _ in }) async throws -> IngestOutcome {
    var terms = SyncTerms()
    change(&terms)
    return try await bench.sync(collection, terms) { _ in }
  }

  var ids: [String] {
    get throws { try bench.workspace.items(in: collection).map(\.id.rawValue) }
  }

  var sources: [ItemSource] {
    get throws { try bench.workspace.sources(of: collection) }
  }
}

extension IngestOutcome {
  /// New, changed, renamed, removed and unchanged images.
  var counts: [Int] {
    [inserted.count, changed.count, renamed.count, removed.count, unchanged]
  }
}

/// The error that `body` throws.
func parallaxError(_ body: () async throws -> Void) async -> ParallaxError? {
  do { try await body() } catch { return error as? ParallaxError }
  return nil
}
