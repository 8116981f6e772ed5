import ParallaxTestSupport
import Testing

/// What the build does not refuse: it stops at imports that are not declared, whatever is declared.
@Suite struct LayerTests {
  @Test func `a target declares only lower layers, and a C target serves one`() async throws {
    let violations = Layers.violations(in: try await PackageManifest.targets())
    #expect(violations == [])
  }

  /// A dependency too many, and what is then said.
  static let mistakes: [(target: String, dependency: String, violations: [String])] = [
    (
      "ParallaxReporting", "ParallaxStorage",
      ["ParallaxReporting declares ParallaxStorage, which is not below it"]
    ),
    (
      "ParallaxCore", "ParallaxCommands",
      ["ParallaxCore declares ParallaxCommands, which is not below it"]
    ),
    (
      "ParallaxReporting", "CSQLite",
      ["CSQLite is declared by 2 targets: [\"ParallaxReporting\", \"parallax\"]"]
    ),
    (
      "ParallaxWorkbench", "CommandLanguage",
      ["ParallaxWorkbench declares CommandLanguage, but does not speak to a person"]
    ),
    (
      "ParallaxSearch", "ParallaxTestSupport",
      ["ParallaxSearch declares ParallaxTestSupport, which is in no layer"]
    ),
    (
      "ParallaxCommands", "search-bench",
      ["ParallaxCommands declares search-bench, which is in no layer"]
    ),
    (
      "ParallaxTestSupport", "ParallaxStorage",
      ["ParallaxTestSupport declares ParallaxStorage, which is not below it"]
    ),
    (
      "ParallaxReportingTests", "ParallaxStorage",
      ["ParallaxReportingTests declares ParallaxStorage, which 'ParallaxReporting' may not"]
    ),
    (
      "EndToEndTests", "CCurl", ["EndToEndTests declares CCurl, which 'EndToEnd' may not"]
    ),
  ]

  @Test(arguments: mistakes)
  func `a mistake in a manifest is found`(
    target: String, dependency: String, violations: [String]
  ) throws {
    var targets = Self.targets
    #expect(Layers.violations(in: targets) == [])
    let place = try #require(targets.firstIndex { $0.name == target })
    targets[place].dependencies.append(.init(dependency))
    #expect(Layers.violations(in: targets) == violations)
  }

  @Test func `a target that the table does not know is found, and one that is not there`() {
    let targets = Self.targets.filter { $0.name != "ParallaxHTTP" } + [Self.target("ParallaxNews")]
    #expect(
      Layers.violations(in: targets) == [
        "ParallaxHTTP is a layer's, but no target", "ParallaxNews is in no layer",
      ])
  }

  /// A manifest without a mistake; the program declares every C target.
  private static let targets =
    Layers.all.joined().map { target($0, $0 == "parallax" ? Layers.native : []) }
    + [target("ParallaxTestSupport"), target("search-bench", ["ParallaxSearch"])]
    + [target("ParallaxReportingTests", type: "test"), target("EndToEndTests", type: "test")]

  private static func target(
    _ name: String, _ dependencies: [String] = [], type: String = "regular"
  ) -> PackageTarget {
    PackageTarget(
      name: name, type: type, dependencies: dependencies.map(PackageTarget.Dependency.init))
  }

  @Test func `a target imports only lower layers`() async throws {
    let imports = try await imports()
    for (target, modules) in imports {
      let own = try #require(Layers.height[target], "\(target) is in no layer")
      for module in modules {
        guard let below = Layers.height[module] else { continue }
        #expect(below < own, "\(target) imports \(module)")
      }
    }
  }

  @Test func `a C target is imported by one Swift target, and stays within it`() async throws {
    let imports = try await imports()
    for module in Layers.native {
      let users = imports.filter { $0.value.contains(module) }.map(\.key)
      #expect(users.count == 1, "\(module) is imported by \(users.sorted())")
    }
    for line in try await importLines() where Layers.native.contains(line.module) {
      let isHidden = ["private ", "internal "].contains { line.text.hasPrefix($0) }
      #expect(isHidden, "\(line.path): \(line.text)")
    }
  }

  @Test func `only front ends run on the main actor`() async throws {
    let prefix = TestData.packageRoot + "/Sources/"
    for path in try await swiftFiles() {
      let target = path.dropFirst(prefix.count).prefix { $0 != "/" }
      let isBound = try TestFiles.lines(of: path).contains { $0.contains("@MainActor") }
      #expect(!isBound || Layers.isFrontEnd(String(target)), "\(path)")
    }
  }

  @Test func `the layers are those of the documentation`() throws {
    let text = try TestFiles.lines(of: TestData.packageRoot + "/docs/architecture.md")
    let block = text.drop { !$0.hasPrefix("layer ") }.prefix { $0 != "```" }
    var rows: [[String]] = []
    for line in block {
      let words = line.split { !($0.isLetter || $0.isNumber) }.map(String.init)
      let isBottom = line.hasPrefix("layer 0")
      let names = words.filter {
        Layers.height[$0] != nil && (isBottom || !Layers.native.contains($0))
      }
      if !line.hasPrefix("layer ") {
        rows[rows.count - 1] += names
      } else if words.contains("over") {
        // One target over another in the same row.
        rows += names.map { [$0] }
      } else {
        rows.append(names)
      }
    }
    #expect(rows.reversed().map(Set.init) == Layers.all.map(Set.init))
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
