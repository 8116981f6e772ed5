internal import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A command of the system's shell, which has the terminal until it ends.
enum ShellCommand {
  enum Ending: Hashable {
    case code(Int32)
    case signal(Int32)

    /// Whether the program is not there, or may not be run, in the shell's code for it.
    var isMissing: Bool { self == .code(126) || self == .code(127) }
  }

  /// Runs a command; Ctrl-C is its own meanwhile, and Ctrl-Z stops both.
  static func run(_ command: String) -> Ending {
    let status = system(command)
    guard status >= 0 else { return .code(126) }
    let signal = status & 0x7F
    return signal != 0 ? .signal(signal) : .code((status >> 8) & 0xFF)
  }
}

extension Session {
  /// Runs `!command` in the system's shell until it ends, at the prompt only.
  package func runShellCommand(_ command: String) {
    guard !isSafe else {
      ErrorReport(session: self).report(
        ParallaxError(.unsupported, "shell commands are off: the program was started with --safe"))
      return
    }
    if command.split(whereSeparator: \.isWhitespace).first == "cd" {
      console.note(
        "'cd' holds within a shell command only: paths still start where the program did")
    }
    switch ShellCommand.run(command) {
    case .code(0): break
    case .code(let code): console.note("shell: exit \(code)")
    case .signal(let signal): console.note("shell: ended by signal \(signal)")
    }
  }
}
