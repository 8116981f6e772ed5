private import ParallaxSystem

/// Finds the models that come with the program.
///
/// They lie beside the program, in a build or an installed copy; the environment may name a folder of
/// another `mini`.
struct ResourceLocator {
  private let environment: [String: String]
  private let programFolder: String

  init(environment: [String: String]) {
    self.environment = environment
    programFolder = PathText.folder(of: Self.programPath)
  }

  /// The folder that holds one for each of them.
  var shippedModels: String? {
    ["Parallax_ParallaxProviders.resources", "../share/parallax"]
      .map { "\(programFolder)/\($0)" }.first { FileStatus.isReadable($0 + "/mini/config.json") }
  }

  /// `PARALLAX_MINI`, or the newest of those that come with the program.
  var miniFolder: String? {
    environment["PARALLAX_MINI"] ?? shippedModels.map { $0 + "/mini" }
  }

  /// Whether a person named the model's folder, who then answers for its files.
  var isMiniNamed: Bool { environment["PARALLAX_MINI"] != nil }

  private static var programPath: String {
    #if canImport(Darwin)
      let path = CommandLine.arguments[0]
    #else
      let path = "/proc/self/exe"
    #endif
    return (try? PathText.resolved(path)) ?? path
  }
}
