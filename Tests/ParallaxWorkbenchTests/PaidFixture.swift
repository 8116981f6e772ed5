import ParallaxCore
import ParallaxDigest
import ParallaxHTTP
import ParallaxImaging
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

/// A workspace, a provider in process, and a clock that only tests move.
final class PaidFixture: Sendable {
  /// What a text of ``texts(_:)`` costs, in millionths of a US dollar: 100 tokens at 0.20 a million.
  static let micros = 20
  /// Texts that a request of a job asks for.
  static let batch = 16
  /// 2026-11-25T23:30:00Z.
  static let evening = 1_795_649_400

  let path: String
  let server = ScriptedGemini()
  private let clock = Mutex(PaidFixture.evening)
  private let notes = Mutex<[Duration]>([])

  init(folder: String) { path = folder + "/work.parallax" }

  static func with(_ body: (PaidFixture) async throws -> Void) async throws {
    try await withTemporaryDirectory { try await body(PaidFixture(folder: $0)) }
  }

  /// Different texts of 400 bytes.
  static func texts(_ range: Range<Int>) -> [String] {
    range.map { number in
      let name = "text \(number) "
      return name + String(repeating: "x", count: 400 - name.utf8.count)
    }
  }

  /// How long requests had to wait, which takes no time here.
  var waits: [Duration] { notes.withLock { $0 } }

  func letPass(hours: Int, seconds: Int = 0) {
    clock.withLock { $0 += hours * 3_600 + seconds }
  }

  /// What a process has open.
  struct Opened {
    let workspace: Workspace
    let ledger: Ledger
    let models: Models

    func embedder(
      dimension: Int = 128, subject: String = "c@s", budget: Int? = nil
    ) async throws -> any Embedder {
      try await models.embedder(
        for: EmbedderRequest(model: "gemini-embedding-2", dimension: dimension, content: .text),
        subject: subject, budget: budget)
    }

    /// Items in the ledger, and what they cost.
    func charged() throws -> [Int] {
      try ledger.charges(by: .model).first.map { [$0.items, $0.micros] } ?? [0, 0]
    }

    func kept() throws -> Int { try workspace.replySummaries().reduce(0) { $0 + $1.count } }
  }

  /// Opens the workspace as a process of its own would.
  func opened(
    _ mode: Workspace.Mode = .readWrite, offline: Bool = false, variables: [String: String] = [:],
    _ body: (Opened) async throws -> Void
  ) async throws {
    let workspace = try Workspace(path: path, mode: mode)
    defer { workspace.close() }
    let ledger = Ledger(workspace) { [self] in clock.withLock { $0 } }
    let models = Models(
      providers: providers(offline: offline, variables), ledger: ledger,
      replies: ReplyCache(workspace), workspace: workspace)
    try await body(Opened(workspace: workspace, ledger: ledger, models: models))
  }

  private func providers(
    offline: Bool = false, _ variables: [String: String] = [:]
  ) -> ProviderEnvironment {
    ProviderEnvironment(
      decoder: ImageDecoder(workers: 1, executable: "/nowhere"), threads: 1,
      miniFolder: nil, transport: server,
      variables: ["GEMINI_API_KEY": "key-0123456789"].merging(variables) { $1 },
      isOffline: offline, sleep: { [self] wait in notes.withLock { $0.append(wait) } })
  }

  /// A workbench over the workspace, as a process of its own has one.
  func withBench(
    variables: [String: String] = [:], _ body: (Workbench) async throws -> Void
  ) async throws {
    let bench = Workbench(
      workspace: try Workspace(path: path), providers: providers(variables))
    defer { bench.close() }
    try await body(bench)
  }

  /// A collection `c` with so many texts.
  func makeCollection(_ count: Int) async throws {
    try await opened { opened in
      let collection = try opened.workspace.createCollection(named: "c")
      try opened.workspace.apply(
        Self.texts(0..<count).enumerated().map { number, text in
          let file = FileState(
            path: "/\(number).jpg", hash: Digest.sha256("\(number)"), size: 1, modified: 0,
            width: 1, height: 1, format: "jpeg")
          return .insert(
            NewItem(id: ItemID("item-\(number)"), file: file, text: text, metadata: [:]))
        }, to: collection)
    }
  }
}

extension PaidFixture.Opened {
  /// Embeds what the space `c@s` lacks, which is made unless it exists.
  @discardableResult
  func embedCollection(budget: Int? = nil) async throws -> EmbeddingJob.Outcome {
    let collection = try workspace.collection(named: "c")
    let embedder = try await embedder(budget: budget)
    let space =
      try workspace.spaces(in: collection).first
      ?? workspace.createSpace(named: "s", in: collection, spec: embedder.spec)
    let job = EmbeddingJob(workspace: workspace, space: space, embedder: embedder) { _ in }
    return try await job.run(
      EmbeddingJob.plan(
        collection: collection, space: space, embedder: embedder, in: workspace))
  }

  /// Vectors in the space.
  func stored() throws -> Int {
    let collection = try workspace.collection(named: "c")
    return try workspace.embeddedHashes(in: workspace.space(named: "s", in: collection)).count
  }
}

/// The error that `body` throws, recorded as an issue when it throws none.
func failure(
  _ body: () async throws -> some Any, sourceLocation: SourceLocation = #_sourceLocation
) async -> ParallaxError? {
  do {
    _ = try await body()
    Issue.record("no error was thrown", sourceLocation: sourceLocation)
    return nil
  } catch {
    return error as? ParallaxError
  }
}
