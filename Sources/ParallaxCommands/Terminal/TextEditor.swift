internal import ParallaxCore
internal import ParallaxSystem
private import ParallaxText

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The program that a person edits a text with: `$VISUAL`, `$EDITOR`, `editor` or `vi`.
struct TextEditor {
  /// With its arguments, as a shell reads it.
  let program: String

  /// What a person left in the file.
  struct Edited {
    /// Without the line ends behind it.
    let text: String
    /// Why the editor did not end well.
    let failure: String?
  }

  /// - Throws: `missing-component` where there is none.
  init(environment: [String: String]) throws {
    let named = ["VISUAL", "EDITOR"].lazy.compactMap { environment[$0] }
      .first { !$0.allSatisfy(\.isWhitespace) }
    let usual = ["editor", "vi"].lazy
      .filter { ShellCommand.run("command -v \($0) >/dev/null 2>&1") == .code(0) }
    guard let program = named ?? usual.first else {
      throw ParallaxError(
        .missingComponent,
        "there is no editor: VISUAL and EDITOR are not set, and neither "
          + "'editor' nor 'vi' is installed", hint: Self.remedy)
    }
    self.program = program
  }

  /// Opens a text and returns when the editor has ended. The file is the person's alone, and goes with
  /// everything that the editor left beside it.
  ///
  /// - Throws: `missing-component` when the editor cannot be run; `unreadable-file` when what it left
  ///   is no text: then it stays there.
  func edit(_ text: String) throws -> Edited {
    let folder = try TemporaryFolder(for: "a file to edit")
    var keepsFile = false
    defer { if !keepsFile { folder.remove() } }
    let path = try folder.write(text.isEmpty ? "" : text + "\n", to: "input.plx")
    // Results may go to a file, which is no place for a screen.
    let isElsewhere = isatty(STDOUT_FILENO) == 0 && isatty(STDIN_FILENO) == 1
    let screen = isElsewhere ? " >&0" : ""
    let ending = ShellCommand.run("\(program) \(ShellText.quoted(path))\(screen)")
    if ending.isMissing {
      throw ParallaxError(
        .missingComponent, "the editor '\(program)' cannot be run", hint: Self.remedy)
    }
    do {
      var edited = try Script.text(at: path)[...]
      while edited.last?.isNewline ?? false { edited.removeLast() }
      return Edited(text: String(edited), failure: Self.failure(ending))
    } catch {
      keepsFile = FileStatus.exists(path)
      throw error
    }
  }

  private static let remedy = "VISUAL or EDITOR in the environment names one, such as EDITOR=nano"

  private static func failure(_ ending: ShellCommand.Ending) -> String? {
    switch ending {
    case .code(0): nil
    // The shell tells of its last command's signal so.
    case .code(let code) where (129...192).contains(code): "was ended by signal \(code - 128)"
    case .code(let code): "ended with exit code \(code)"
    case .signal(let signal): "was ended by signal \(signal)"
    }
  }
}
