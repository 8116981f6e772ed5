internal import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

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
    let folder = Environment.variables["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(folder)/parallax-page-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return SystemError.last.reason }
    let path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    defer { unlink(path) }
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR {
        let reason = SystemError.last.reason
        close(descriptor)
        return reason
      }
      written += max(0, count)
    }
    close(descriptor)
    // Ctrl-C is the pager's meanwhile. A path of ours holds no quote but that of the folder.
    let quoted =
      "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
    let status = system("\(program) < \(quoted)")
    // The shell's code for a program that is not there, or may not be run.
    let code = (status >> 8) & 0xFF
    return status & 0x7F == 0 && (code == 126 || code == 127) ? "'\(program)' cannot be run" : nil
  }
}
