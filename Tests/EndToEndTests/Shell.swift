import ParallaxCore
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The built program in a folder of its own, driven as a person or a script drives it.
struct Shell {
  let folder: String
  let program: String

  /// Runs `body` with a shell in an empty folder.
  static func inNewFolder(_ body: (Shell) async throws -> Void) async throws {
    let program = try #require(
      builtProduct(named: "parallax"), "the program is built with the tests")
    try await withTemporaryDirectory { folder in
      try await body(Shell(folder: folder, program: program))
    }
  }

  /// The commands as `-c` on the workspace of the folder.
  func run(
    _ commands: String, options: [String] = [], environment: [String: String] = [:]
  ) async throws -> ProgramOutcome {
    try await start(["work.parallax", "-c", commands] + options, environment: environment).finish()
  }

  func run(
    arguments: [String], input: String = "", environment: [String: String] = [:]
  ) async throws -> ProgramOutcome {
    try await start(arguments, input: input, environment: environment).finish()
  }

  /// - Parameter input: `nil` keeps the standard input open until `closeInput()`.
  func start(
    _ arguments: [String], input: String? = "", environment: [String: String] = [:]
  ) throws -> ProgramRun {
    try ProgramRun(
      program, arguments, input: input, environment: environment, folder: folder)
  }

  /// Runs a script where `datasets` of the repository lies.
  func runWithDatasets(
    _ script: String, workspace: String? = nil
  ) async throws -> ProgramOutcome {
    if !TestFiles.exists(folder + "/datasets") {
      try TestFiles.link(folder + "/datasets", to: TestData.packageRoot + "/datasets")
    }
    return try await run(
      arguments: (workspace.map { [$0] } ?? []) + ["--no-init"], input: script)
  }

  /// Runs commands that must succeed.
  @discardableResult
  func succeed(_ commands: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
    -> ProgramOutcome
  {
    let outcome = try await run(commands)
    #expect(
      outcome.code == 0, "'\(commands)' said: \(outcome.errors)", sourceLocation: sourceLocation)
    return outcome
  }

  /// The rows of a table that a command prints as CSV, without the header.
  func rows(
    _ command: String, options: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [[String]] {
    let outcome = try await run(command, options: ["--mode", "csv"] + options)
    #expect(
      outcome.code == 0, "'\(command)' said: \(outcome.errors)", sourceLocation: sourceLocation)
    return outcome.output.split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Vectors of a space as `list spaces` counts them; 0 while it does not exist.
  func vectorCount(of space: String) async throws -> Int {
    let row = try await rows("list spaces", options: ["--read-only"]).first { $0.first == space }
    return row.flatMap { $0.count > 6 ? Int($0[6]) : nil } ?? 0
  }

  /// The pictures that come with the repository.
  static let tiles = TestData.packageRoot + "/datasets/tiles"

  /// A program of the system that some tests read results back with; `nil` when it is not there.
  static func systemProgram(_ name: String) -> String? {
    ["/usr/bin/", "/usr/local/bin/", "/bin/"].map { $0 + name }.first { access($0, X_OK) == 0 }
  }
}
