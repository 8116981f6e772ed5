import ParallaxCore
import ParallaxDigest
import ParallaxStorage
import ParallaxTestSupport
import Testing

/// Runs `body` with a new workspace in a folder of its own.
func withWorkspace(
  _ body: (Workspace) async throws -> Void
) async throws {
  try await withTemporaryDirectory { folder in
    let workspace = try Workspace(path: "\(folder)/work.parallax")
    defer { workspace.close() }
    try await body(workspace)
  }
}

extension ItemID: ExpressibleByStringLiteral {
  /// Lets tests write ids as literals.
  public init(stringLiteral value: String) { self.init(value) }
}

/// A file whose bytes are the UTF-8 of `content`.
func file(_ path: String, content: String? = nil, width: Int? = nil) -> FileState {
  FileState(
    path: path, hash: Digest.sha256(content ?? path), size: Int64((content ?? path).utf8.count),
    modified: 1_700_000_000_000_000_000, width: width, height: width.map { $0 * 2 },
    format: "jpeg")
}

func item(
  _ id: String, content: String? = nil, text: String? = nil, _ metadata: [String: Value] = [:]
) -> NewItem {
  NewItem(id: ItemID(id), file: file("\(id).jpg", content: content), text: text, metadata: metadata)
}

func spec(dimension: Int = 4, model: String = "tiny", version: String = "1") -> EmbeddingSpec {
  EmbeddingSpec(
    provider: "mini", model: model, version: version, dimension: dimension,
    preprocessing: "decode2")
}

/// The error that `body` throws, recorded as an issue when it throws none.
func parallaxError(
  _ body: () throws -> some Any, sourceLocation: SourceLocation = #_sourceLocation
) -> ParallaxError? {
  do {
    _ = try body()
    Issue.record("no error was thrown", sourceLocation: sourceLocation)
  } catch let error as ParallaxError {
    return error
  } catch {
    Issue.record("not a ParallaxError: \(error)", sourceLocation: sourceLocation)
  }
  return nil
}

extension Workspace {
  /// The item of an id.
  func row(_ id: String, _ collection: ItemCollection) throws -> ItemRecord {
    try #require(try item(ItemID(id), in: collection))
  }

  /// Stores one vector for the present bytes of an item.
  func append(_ id: String, _ vector: [Float], to space: Space) throws {
    let item = try row(id, space.collection)
    try append([StoredVector(item: item.rowID, hash: item.hash, vector: vector)], to: space)
  }
}
