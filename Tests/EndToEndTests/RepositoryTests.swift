import ParallaxTestSupport
import Testing

/// What the repository promises of itself.
@Suite struct RepositoryTests {
  @Test func `no source file is longer than CONTRIBUTING allows`() async throws {
    let rules = try #require(TestFiles.text(of: "\(TestData.packageRoot)/CONTRIBUTING.md"))
    let limit = try #require(
      rules.split(separator: "more than ").lazy.dropFirst()
        .filter { $0.contains(" is refused") }.compactMap { Int($0.prefix { $0.isNumber }) }.first)
    #expect((100...400).contains(limit))
    for path in try await files("Sources") {
      let count = try TestFiles.lines(of: path).count
      #expect(count <= limit, "\(path) has \(count) lines")
    }
  }

  @Test func `every library says what belongs in it`() async throws {
    let all = try await files("Sources")
    // Targets of C are described in their headers.
    let libraries = Set(
      all.filter { $0.hasSuffix(".swift") }
        .compactMap { path in path.split(separator: "/").dropFirst(rootDepth + 1).first })
    #expect(libraries.contains("CommandLanguage") && !libraries.contains("CVips"))
    for library in libraries {
      #expect(
        TestFiles.text(of: "\(TestData.packageRoot)/Sources/\(library)/README.md") != nil,
        "Sources/\(library) has no README.md")
    }
  }

  private var rootDepth: Int { TestData.packageRoot.split(separator: "/").count }

  /// Swift and C files below a folder of the repository.
  private func files(_ folder: String) async throws -> [String] {
    let listing = try await ProgramRun(
      "/usr/bin/find",
      [
        "\(TestData.packageRoot)/\(folder)", "-name", "*.swift", "-o", "-name", "*.c", "-o",
        "-name", "*.h", "-o", "-name", "*.cpp", "-o", "-name", "*.hpp",
      ]
    ).finish()
    let files = listing.output.split(separator: "\n").map(String.init)
    #expect(files.count > 50)
    return files
  }
}
