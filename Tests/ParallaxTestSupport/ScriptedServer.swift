private import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A server that a script in `Servers/` starts, which prints its port and ends with its input.
package final class ScriptedServer: Sendable {
  package let port: Int
  private let process: ProgramRun

  package init(_ python: String, _ script: String, _ arguments: [String] = []) async throws {
    process = try ProgramRun(
      python, ["\(TestData.packageRoot)/Tests/ParallaxTestSupport/Servers/\(script)"] + arguments,
      input: nil)
    guard let port = Int(await process.firstLine()) else {
      throw ParallaxError(.missingComponent, "'\(script)' did not start")
    }
    self.port = port
  }

  package func stop() { process.abandon() }

  /// The Python that a variable names; `nil` where none is named, which is said.
  ///
  /// - Parameter skipped: the tests that are skipped then, and why.
  package static func python(named variable: String, orSkip skipped: String? = nil) -> String? {
    let named = getenv(variable).map { String(cString: $0) }
    if named == nil, let skipped { print("SKIPPED: \(skipped)") }
    return named
  }
}
