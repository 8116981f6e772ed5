internal import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

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
    // It ignores Ctrl-C meanwhile, which is the command's.
    let status = system(command)
    let signal = status & 0x7F
    if signal != 0 {
      console.note("shell: ended by signal \(signal)")
    } else if status != 0 {
      console.note("shell: exit \((status >> 8) & 0xFF)")
    }
  }
}
