internal import ParallaxCore
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The folder of a workspace nobody named: gone when the program ends.
struct TemporaryWorkspace {
  let folder: String
  var path: String { folder + "/temporary.parallax" }

  init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/parallax-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ParallaxError(
        .unwritableFile,
        "cannot make a temporary workspace in '\(parent)': \(String(cString: strerror(errno)))",
        hint: "name a workspace file, or another folder in TMPDIR")
    }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func remove() { Self.empty(folder) }

  /// Removes a folder of the program's own with all that it made there; links are not followed.
  private static func empty(_ folder: String) {
    if let entries = opendir(folder) {
      defer { closedir(entries) }
      while let entry = readdir(entries) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
        }
        guard name != ".", name != ".." else { continue }
        let path = "\(folder)/\(name)"
        if unlink(path) != 0 { empty(path) }
      }
    }
    rmdir(folder)
  }
}
