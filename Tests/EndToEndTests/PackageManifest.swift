import FoundationEssentials
import ParallaxTestSupport
import Testing

/// A target as Package.swift declares it.
struct PackageTarget: Sendable, Decodable {
  let name: String
  /// `regular`, `executable`, `system` or `test`.
  let type: String
  var dependencies: [Dependency]

  /// What a target declares to use.
  struct Dependency: Sendable, Decodable {
    let name: String

    init(_ name: String) { self.name = name }

    /// One member, whose key is the kind of the dependency and whose value begins with its name.
    init(from decoder: any Decoder) throws {
      let kinds = try decoder.singleValueContainer().decode([String: [AnyName]].self)
      name = kinds.values.first?.first?.name ?? ""
    }

    private struct AnyName: Decodable {
      let name: String?

      /// What follows the name is a condition or null.
      init(from decoder: any Decoder) throws {
        name = try? decoder.singleValueContainer().decode(String.self)
      }
    }
  }

  var isTest: Bool { type == "test" }

  func declares(_ name: String) -> Bool { dependencies.contains { $0.name == name } }
}

enum PackageManifest {
  /// The targets, as `swift package dump-package` prints them.
  ///
  /// SwiftPM locks its folders while it builds or tests. This one has folders of its own, so it waits
  /// for nobody and is in nobody's way; the package has no dependencies, so it asks no network.
  static func targets() async throws -> [PackageTarget] {
    try await withTemporaryDirectory { folder in
      let run = try ProgramRun(
        "/usr/bin/env",
        [
          "swift", "package", "--package-path", TestData.packageRoot, "--scratch-path",
          folder + "/build", "--cache-path", folder + "/cache", "--config-path",
          folder + "/configuration", "--security-path", folder + "/security", "dump-package",
        ],
        // The toolchain is found as it was for these tests.
        environment: ProcessInfo.processInfo.environment)
      let outcome = await run.finish()
      try #require(outcome.code == 0, "\(outcome.errors)")
      return try JSONDecoder().decode(Package.self, from: Data(outcome.output.utf8)).targets
    }
  }

  private struct Package: Decodable {
    let targets: [PackageTarget]
  }
}
