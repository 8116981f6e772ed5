private import ParallaxCore

/// Passes bytes on to a port, and fails after some of them.
package final class CuttingProxy: Sendable {
  package enum Failure: String, Sendable {
    /// Ends the connections, and refuses others.
    case cut
    /// Passes nothing on any more.
    case hold
  }

  package let port: Int
  private let process: ProgramRun
  private let mark: String

  /// - Parameter folder: for a file that is there once it has failed.
  package init(
    to port: Int, _ failure: Failure, after bytes: Int, in folder: String
  ) async throws {
    mark = "\(folder)/failed-\(bytes)"
    process = try ProgramRun(
      ProviderServer.python ?? "",
      [
        TestData.packageRoot + "/Tests/ParallaxTestSupport/Servers/cutting_proxy.py", String(port),
        failure.rawValue, String(bytes), mark,
      ], input: nil)
    guard let own = Int(await process.firstLine()) else {
      throw ParallaxError(.missingComponent, "the proxy did not start")
    }
    self.port = own
  }

  /// Whether the bytes have passed.
  package var hasFailed: Bool { TestFiles.exists(mark) }

  package func stop() { process.abandon() }
}
