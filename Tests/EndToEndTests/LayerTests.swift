import ParallaxTestSupport
import Testing

/// The layers of docs/architecture.md. The build refuses imports that are not declared; what may be
/// declared is said here.
@Suite struct LayerTests {
  /// From the bottom; the targets of one layer do not know one another.
  private static let layers: [[String]] = [
    ["ParallaxCore"],
    ["ParallaxSystem"],
    ["ParallaxDigest", "ParallaxConditions", "ParallaxStatistics", "ParallaxText"],
    [
      "ParallaxStorage", "ParallaxIngest", "ParallaxImaging", "ParallaxInference",
      "ParallaxSearch", "ParallaxReporting", "ParallaxHTTP", "CommandLanguage",
    ],
    ["ParallaxProviders"],
    ["ParallaxWorkbench"],
    ["ParallaxCommands"],
    ["parallax"],
  ]

  @Test func `a target imports only lower layers`() async throws {
    let imports = try await imports()
    let height = Dictionary(
      uniqueKeysWithValues: Self.layers.enumerated().flatMap { layer, names in
        names.map { ($0, layer) }
      })
    #expect(Set(imports.keys) == Set(height.keys), "the table of layers names every target")
    for (target, modules) in imports {
      for module in modules {
        guard let below = height[module], let own = height[target] else { continue }
        #expect(below < own, "\(target) imports \(module)")
      }
    }
  }

  @Test func `a C target is imported by one Swift target, and stays within it`() async throws {
    let root = TestData.packageRoot + "/Sources"
    let folders = try await ProgramRun("/bin/ls", [root]).finish().output.split(separator: "\n")
    let imports = try await imports()
    let native = folders.map(String.init).filter { imports[$0] == nil }
    #expect(native.count > 5)
    for module in native {
      let users = imports.filter { $0.value.contains(module) }.map(\.key)
      #expect(users.count == 1, "\(module) is imported by \(users.sorted())")
    }
    for line in try await importLines() where native.contains(line.module) {
      let isHidden = ["private ", "internal "].contains { line.text.hasPrefix($0) }
      #expect(isHidden, "\(line.path): \(line.text)")
    }
  }

  /// The modules that each Swift target imports.
  private func imports() async throws -> [String: Set<String>] {
    let prefix = TestData.packageRoot + "/Sources/"
    var imports: [String: Set<String>] = [:]
    for path in try await swiftFiles() {
      let target = path.dropFirst(prefix.count).split(separator: "/").first.map(String.init) ?? ""
      imports[target, default: []].formUnion(
        try TestFiles.lines(of: path).compactMap { Self.module(of: $0) })
    }
    return imports
  }

  private func importLines() async throws -> [(path: String, module: String, text: String)] {
    try await swiftFiles().flatMap { path in
      try TestFiles.lines(of: path).compactMap { line in
        Self.module(of: line).map { (path, $0, String(line.drop { $0 == " " })) }
      }
    }
  }

  private static func module(of line: String) -> String? {
    let words = line.split(separator: " ")
    guard let keyword = words.firstIndex(of: "import"), keyword <= 2, keyword + 1 < words.count,
      words[..<keyword].allSatisfy({
        ["package", "internal", "private", "public", "fileprivate"].contains($0)
      })
    else { return nil }
    return String(words[keyword + 1])
  }

  private func swiftFiles() async throws -> [String] {
    let listing = try await ProgramRun(
      "/usr/bin/find", [TestData.packageRoot + "/Sources", "-name", "*.swift"]
    ).finish()
    return listing.output.split(separator: "\n").map(String.init)
  }
}
