internal import ParallaxCore
internal import ParallaxSystem
private import ParallaxText

/// The program that shows long texts page by page: `$PAGER`, or `less`.
enum Pager {
  static var usual: String {
    Environment.variables["PAGER"].flatMap { $0.isEmpty ? nil : $0 } ?? "less -FRX"
  }

  /// Returns when the person leaves it.
  ///
  /// - Parameter program: as a shell reads it.
  /// - Returns: why nothing was shown; `nil` when all went well.
  static func show(_ text: String, with program: String = usual) -> String? {
    do {
      let folder = try TemporaryFolder(for: "a page")
      defer { folder.remove() }
      let path = try folder.write(text, to: "page")
      let ending = ShellCommand.run("\(program) < \(ShellText.quoted(path))")
      return ending.isMissing ? "'\(program)' cannot be run" : nil
    } catch { return (error as? ParallaxError)?.message ?? "\(error)" }
  }
}
