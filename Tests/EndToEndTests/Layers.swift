/// The layers of docs/architecture.md, and what a target may declare.
enum Layers {
  /// From the bottom; the targets of one layer do not know one another.
  static let all: [[String]] = [
    [
      "CSQLite", "CDigest", "CZlib", "CReadline", "CVips", "COnnxRuntime", "CSentencePiece",
      "CVectorKernels", "CVectorGraph", "CCurl", "CMicroHTTPD", "CPostgres", "CGeometry", "CUmap",
      "CChafa",
    ],
    ["ParallaxCore"],
    ["ParallaxSystem"],
    ["ParallaxDigest", "ParallaxConditions", "ParallaxStatistics", "ParallaxText"],
    [
      "ParallaxStorage", "ParallaxIngest", "ParallaxImaging", "ParallaxInference",
      "ParallaxGeometry", "ParallaxLayout", "ParallaxSearch", "ParallaxEvaluation",
      "ParallaxReporting",
      "ParallaxHTTP", "ParallaxServer", "CommandLanguage",
    ],
    ["ParallaxProviders", "ParallaxPublishing", "ParallaxSources"],
    ["ParallaxWorkbench"],
    ["ParallaxService"],
    ["ParallaxCommands"],
    ["parallax"],
  ]

  /// The C targets, each for one Swift target.
  static let native = all[0]

  /// Programs that are no part of the product: they use what they like, and nothing uses them.
  private static let tools = ["search-bench"]

  /// What only tests use; it stands on the operating system and on texts.
  private static let testSupport = "ParallaxTestSupport"

  /// What is asked does not depend on how it was typed.
  private static let commandLine = "CommandLanguage"

  /// Whether a target talks to a person: it knows the command line and runs on the main actor.
  static func isFrontEnd(_ target: String) -> Bool {
    height[target].map { $0 >= height["ParallaxService"] ?? .max } ?? false
  }

  static let height = Dictionary(
    uniqueKeysWithValues: all.enumerated().flatMap { layer, names in names.map { ($0, layer) } })

  /// What is wrong with the dependencies that some targets declare, sorted; empty when nothing is.
  static func violations(in targets: [PackageTarget]) -> [String] {
    let names = Set(targets.map(\.name))
    let missing = height.keys.filter { !names.contains($0) }
      .map { "\($0) is a layer's, but no target" }
    return
      (missing
      + targets.flatMap { $0.isTest ? violations(ofTest: $0, targets) : violations(of: $0) }
      + native.flatMap { violations(ofNative: $0, targets) }).sorted()
  }

  private static func violations(of target: PackageTarget) -> [String] {
    let own: Int
    switch target.name {
    case testSupport: own = (height["ParallaxText"] ?? 0) + 1
    case let name where tools.contains(name): own = all.count
    case let name:
      guard let layer = height[name] else { return ["\(name) is in no layer"] }
      own = layer
    }
    return target.dependencies.compactMap { dependency in
      guard let below = height[dependency.name] else {
        return "\(target.name) declares \(dependency.name), which is in no layer"
      }
      if below >= own { return "\(target.name) declares \(dependency.name), which is not below it" }
      return dependency.name != commandLine || isFrontEnd(target.name)
        ? nil : "\(target.name) declares \(commandLine), but does not speak to a person"
    }
  }

  /// The tests of a target declare it, the support of tests, and at most what it may declare itself.
  private static func violations(
    ofTest test: PackageTarget, _ targets: [PackageTarget]
  ) -> [String] {
    let name = String(test.name.dropLast("Tests".count))
    let own = height[name] ?? all.count
    let tested = targets.first { $0.name == name }
    return test.dependencies.map(\.name).filter { dependency in
      if [name, testSupport].contains(dependency) { return false }
      if native.contains(dependency) { return tested?.declares(dependency) != true }
      return (height[dependency] ?? .max) >= own
    }.map { "\(test.name) declares \($0), which '\(name)' may not" }
  }

  private static func violations(ofNative name: String, _ targets: [PackageTarget]) -> [String] {
    let users = targets.filter { !$0.isTest && $0.declares(name) }.map(\.name)
    return users.count == 1
      ? [] : ["\(name) is declared by \(users.count) targets: \(users.sorted())"]
  }
}
