internal import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

extension Session {
  /// Runs `!command` in the system's shell, at the prompt only.
  package func runShellCommand(_ command: String) {
    guard !isSafe else {
      ErrorReport(session: self).report(
        ParallaxError(.unsupported, "shell commands are off: the program was started with --safe"))
      return
    }
    let status = system(command)
    let code = (status >> 8) & 0xFF
    if status != 0 { console.note("shell: exit \(code)") }
  }
}
