internal import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A new folder that only this user can look into, in `TMPDIR` or `/tmp`, until it is removed.
package struct TemporaryFolder: Sendable {
  package let path: String

  /// - Parameter purpose: what it is for, such as `a temporary workspace`.
  /// - Throws: `unwritable-file` with the system's reason.
  package init(for purpose: String) throws {
    let parent = Environment.variables["TMPDIR"] ?? "/tmp"
    var template = Array("\(parent)/parallax-XXXXXX".utf8CString)
    // Its permissions are 0700.
    guard mkdtemp(&template) != nil else {
      throw ParallaxError(
        .unwritableFile, "cannot make \(purpose) in '\(parent)': \(SystemError.last.reason)",
        hint: "name another folder in TMPDIR")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package func remove() { Folder.removeAll(path) }
}
