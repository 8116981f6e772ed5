internal import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A new folder that only this user can look into, in `TMPDIR` or `/tmp`, until it is removed.
package struct TemporaryFolder: Sendable {
  package let path: String

  /// - Parameters:
  ///   - purpose: what it is for, such as `a temporary workspace`.
  ///   - hint: what else would do than another folder.
  /// - Throws: `unwritable-file` with the system's reason.
  package init(for purpose: String, hint: String = "name another folder in TMPDIR") throws {
    let parent = Environment.variables["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(parent)/parallax-XXXXXX".utf8CString)
    // Its permissions are 0700.
    guard mkdtemp(&template) != nil else {
      throw ParallaxError(
        .unwritableFile, "cannot make \(purpose) in '\(parent)': \(SystemError.last.reason)",
        hint: hint)
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes a new file of mode 0600.
  ///
  /// - Returns: its path.
  /// - Throws: `unwritable-file`.
  package func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  /// The same with bytes.
  package func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = "\(path)/\(name)"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.unwritable(file) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0) }
      guard count >= 0 || errno == EINTR else { throw Self.unwritable(file) }
      rest = rest.dropFirst(max(0, count))
    }
    return file
  }

  package func remove() { Folder.removeAll(path) }

  private static func unwritable(_ path: String) -> ParallaxError {
    ParallaxError(.unwritableFile, "cannot write '\(path)': \(SystemError.last.reason)")
  }
}

/// `write(2)`, which a method of the same name would hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
