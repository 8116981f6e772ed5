import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import ParallaxWorkbench
import Testing

@testable import ParallaxCommands

/// A session on a workspace of its own, whose streams are kept.
@MainActor
final class Bench {
  let folder: String
  let session: Session
  let interpreter: Interpreter
  private let results = Stream()
  private let notes = Stream()

  /// What was written since it was last taken.
  private final class Stream: Sendable {
    private let text = Mutex("")

    func append(_ more: String) { text.withLock { $0 += more } }

    func take() -> String {
      text.withLock { text in
        defer { text = "" }
        return text
      }
    }
  }

  /// What one script did.
  struct Outcome {
    var code: Int32
    var output: String
    var notes: String
  }

  /// - Parameters:
  ///   - isTerminal: whether results are shown as on a terminal of 80 columns.
  ///   - mode: how the workspace is opened.
  init(
    folder: String, isInteractive: Bool = false, isTerminal: Bool = false, isSafe: Bool = false,
    mode: Workspace.Mode = .readWrite, providers: ProviderEnvironment = Bench.providers
  ) throws {
    self.folder = folder
    let stream = Console.Stream(
      isTerminal: isTerminal, usesColor: false, width: { isTerminal ? 80 : nil })
    session = Session(
      bench: Workbench(
        workspace: try Workspace(path: folder + "/work.parallax", mode: mode),
        providers: providers),
      console: Console(
        results: stream, notes: .plain,
        writeResults: { [results] in results.append($0) },
        writeNotes: { [notes] in notes.append($0) }),
      isInteractive: isInteractive, isSafe: isSafe)
    interpreter = Interpreter(session: session)
  }

  /// Runs `body` on a session in a new folder.
  static func inNewFolder(
    isInteractive: Bool = false, isTerminal: Bool = false, isSafe: Bool = false,
    providers: ProviderEnvironment = Bench.providers, _ body: (Bench) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let bench = try Bench(
        folder: folder, isInteractive: isInteractive, isTerminal: isTerminal, isSafe: isSafe,
        providers: providers)
      defer { bench.session.workspace.close() }
      try await body(bench)
    }
  }

  /// Runs a script; results come as CSV unless it sets another mode.
  func run(_ script: String) async -> Outcome {
    let code = await interpreter.run(script: script, source: "test")
    return Outcome(code: code, output: results.take(), notes: notes.take())
  }

  /// Runs a script that must succeed, and gives what it wrote as results.
  @discardableResult
  func succeed(
    _ script: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async -> Outcome {
    let outcome = await run(script)
    #expect(outcome.code == 0, "\(script) said: \(outcome.notes)", sourceLocation: sourceLocation)
    return outcome
  }

  /// Runs a line as the prompt does.
  func type(_ line: String) async -> Outcome {
    let code = await interpreter.run(line: line).code
    return Outcome(code: code, output: results.take(), notes: notes.take())
  }

  /// The lines of a CSV table without its header.
  func rows(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) async -> [String] {
    let outcome = await succeed("set mode csv ; \(script)", sourceLocation: sourceLocation)
    return outcome.output.split(separator: "\n").dropFirst().map(String.init)
  }

  /// Copies pictures of the repository to `in/` of the folder.
  func pictures(_ names: [String: String]) throws {
    for (name, tile) in names {
      try TestFiles.copy("\(Self.tiles)/images/\(tile).jpg", to: "\(folder)/in/\(name)")
    }
  }

  /// Three embedded pictures with metadata, in collection `c`, space `base`.
  func prepare() async throws {
    try pictures(["a.jpg": "mug-001", "b.jpg": "shoe-001", "c.jpg": "brick-001"])
    try TestFiles.write(
      "file,year,price,made,ok,caption\na.jpg,2019,1.5,2019-05-01,true,\"a mug, red\"\n"
        + "b.jpg,2021,,2021-06-02,false,a shoe\nc.jpg,2022,9.25,,true,\n",
      to: folder + "/meta.csv")
    await succeed(
      "create collection c --desc Things ; ingest c \(folder)/in --meta \(folder)/meta.csv "
        + "--key file ; embed c --as base --model mini")
  }

  static let tiles = TestData.packageRoot + "/datasets/tiles"

  static let providers = ProviderEnvironment(
    decoder: ImageDecoder(workers: 2, executable: builtProduct(named: "parallax")), threads: 2,
    miniFolder: "\(TestData.packageRoot)/Sources/ParallaxProviders/Resources/mini",
    transport: CurlTransport(connections: 4, agent: "parallax-tests"))
}
