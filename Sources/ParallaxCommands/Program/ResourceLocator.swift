private import ParallaxSystem

/// Finds the embedded model, which comes with the program.
///
/// The environment decides first; then the folder of the program, for an installed copy and for a
/// build.
struct ResourceLocator {
  private let environment: [String: String]
  private let programFolder: String

  init(environment: [String: String]) {
    self.environment = environment
    programFolder = PathText.folder(of: Self.programPath)
  }

  /// `PARALLAX_MINI`, or the resources built beside the program.
  var miniFolder: String? {
    if let named = environment["PARALLAX_MINI"] { return named }
    return ["Parallax_ParallaxProviders.resources/mini", "../share/parallax/mini"]
      .map { "\(programFolder)/\($0)" }.first { FileStatus.isReadable($0 + "/config.json") }
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
