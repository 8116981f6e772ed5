internal import ParallaxCore
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The folder of a temporary workspace, removed when the program ends.
struct TemporaryWorkspace {
  let folder: String
  var path: String { folder + "/temporary.parallax" }

  init() throws {
    let parent = Environment.variables["TMPDIR"] ?? "/tmp"
    var template = Array("\(parent)/parallax-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ParallaxError(
        .unwritableFile,
        "cannot make a temporary workspace in '\(parent)': \(SystemError.last.reason)",
        hint: "name a workspace file, or another folder in TMPDIR")
    }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func remove() { Folder.removeAll(folder) }
}
