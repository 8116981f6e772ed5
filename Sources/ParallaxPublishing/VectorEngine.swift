package import ParallaxCore
package import ParallaxHTTP

/// Something beyond this machine that keeps vectors and finds the nearest: one file in `Engines/`, one line
/// in ``EngineRegistry``.
package protocol VectorEngine: Sendable {
  /// The name that messages and provenance use, such as `pgvector`.
  static var id: String { get }
  /// What its addresses begin with, without `://`.
  static var schemes: [String] { get }
  /// An address, with capitals for what is to be replaced.
  static var addressForm: String { get }
  static var summary: String { get }
  /// Where it takes a password or key from.
  static var secretRule: String { get }
  /// What `publish` may be told of its layout.
  static var options: [EngineOption] { get }

  /// What an option may be, such as `vector or halfvec`.
  static func words(of option: EngineOption) -> String

  /// The options that count, with what is usual for those not given.
  ///
  /// - Parameter kept: those of the publication that is there.
  /// - Throws: `unsupported`, about the option, where dimension and options do not go together.
  static func settled(
    _ given: EngineOptions, over kept: EngineOptions?, dimension: Int
  ) throws -> EngineOptions

  /// - Throws: `unsupported` where the name cannot be one of its tables.
  static func check(name: String) throws

  /// - Throws: `unsupported`, about the condition, for what it cannot express.
  static func check(_ filter: EngineFilter) throws

  /// - Throws: `engine`, `missing-component`, `missing-key`, `cancelled`.
  static func connect(
    to address: EngineAddress, _ environment: EngineEnvironment
  ) async throws -> any EngineConnection
}

/// What engines share.
package struct EngineEnvironment: Sendable {
  /// Environment variables: passwords and keys.
  package var variables: [String: String]
  package var transport: any HTTPTransport
  package var trace: HTTPTrace?
  /// What no message may hold.
  package var secrets: [Secret]

  package init(
    variables: [String: String], transport: any HTTPTransport, trace: HTTPTrace?, secrets: [Secret]
  ) {
    self.variables = variables
    self.transport = transport
    self.trace = trace
    self.secrets = secrets
  }
}

/// A connection to an engine, for one caller at a time.
///
/// Every function throws `engine` when the engine refuses or is gone, and `cancelled` within moments of the
/// task's cancellation. What a function did before stays done.
package protocol EngineConnection: Sendable {
  /// The engine with its version, such as `PostgreSQL 16.14 with pgvector 0.8.5`.
  var version: String { get }

  /// What is published under a name; `nil` where nothing is.
  ///
  /// - Throws: `not-ours` where something of that name is there that Parallax did not make.
  func record(named name: String) async throws -> EngineRecord?

  /// Keeps other programs from writing to a publication until the connection ends, where the engine can.
  ///
  /// - Throws: `engine` when another one does for some seconds.
  func lock(_ name: String) async throws

  /// Refuses what does not go together with what is published beside it.
  func check(_ schema: EngineSchema, over kept: EngineRecord?) async throws

  /// Makes the table, or brings its fields to those of the schema, and notes that it is being published.
  ///
  /// - Parameter kept: what is there.
  func begin(_ schema: EngineSchema, over kept: EngineRecord?) async throws

  /// What a person should know of what ``begin(_:over:)`` will do, in one sentence; `nil` for nothing.
  func remark(on schema: EngineSchema, over kept: EngineRecord?) -> String?

  /// A page of what is there, ascending by id; empty at the end.
  func pairs(in schema: EngineSchema, after last: PointID?) async throws -> [EnginePair]

  /// Writes points; all of them, or none.
  ///
  /// - Parameter areNew: whether none of them is there.
  func write(_ points: EngineBatch, areNew: Bool, to schema: EngineSchema) async throws

  func delete(_ ids: [PointID], from schema: EngineSchema) async throws

  /// Makes what speeds searches up, and notes that all is there.
  func finish(_ schema: EngineSchema, count: Int) async throws

  func count(in schema: EngineSchema) async throws -> Int

  /// Some points with their vectors, in any order; those that are not there are left out.
  func stored(_ ids: [PointID], in schema: EngineSchema) async throws -> [StoredPoint]

  /// Whether a vector that was read back is what the engine makes of the one that was written.
  func isKept(_ vector: [Float], as stored: [Float], in schema: EngineSchema) -> Bool

  /// The nearest points, best first; equal scores are ordered by item id.
  func nearest(_ question: EngineQuestion, in record: EngineRecord) async throws -> EngineAnswer

  /// Removes a publication.
  func drop(_ record: EngineRecord) async throws

  func close()
}

extension EngineConnection {
  package func check(_ schema: EngineSchema, over kept: EngineRecord?) async throws {}
  package func remark(on schema: EngineSchema, over kept: EngineRecord?) -> String? { nil }
}

/// What is asked of an engine.
package struct EngineQuestion: Sendable {
  package var vector: [Float]
  package var count: Int
  package var similarity: Similarity
  package var filter: EngineFilter?
  /// Whether every row is compared, whatever index there is.
  package var isExact: Bool
  /// Candidates kept while a graph is searched, or lists looked through; `nil` for the usual.
  package var expansion: Int?
  package var probes: Int?

  package init(
    vector: [Float], count: Int, similarity: Similarity, filter: EngineFilter? = nil,
    isExact: Bool = false, expansion: Int? = nil, probes: Int? = nil
  ) {
    self.vector = vector
    self.count = count
    self.similarity = similarity
    self.filter = filter
    self.isExact = isExact
    self.expansion = expansion
    self.probes = probes
  }
}

package struct EngineHit: Sendable, Hashable {
  package var item: ItemID
  /// As the embedded search gives it.
  package var score: Float

  package init(item: ItemID, score: Float) {
    self.item = item
    self.score = score
  }
}

package struct EngineAnswer: Sendable {
  package var hits: [EngineHit]
  /// Whether no point was left out that belongs among the hits.
  package var isExact: Bool
  /// Such as `hnsw, ef 64`.
  package var method: String

  /// Orders hits as the embedded search does.
  package init(hits: [EngineHit], isExact: Bool, method: String) {
    self.hits = hits.sorted {
      $0.score != $1.score ? $0.score > $1.score : $0.item < $1.item
    }
    self.isExact = isExact
    self.method = method
  }
}
