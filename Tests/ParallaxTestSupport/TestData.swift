private import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Real photographs and odd files that are not part of the repository.
package enum TestData {
  /// The folder of real data: `PARALLAX_TEST_DATA`, or `shared/data` beside the checkout.
  package static let root: String? = {
    let folder =
      if let named = getenv("PARALLAX_TEST_DATA") { String(cString: named) } else {
        packageRoot + "/../shared/data"
      }
    return access(folder + "/flickr8k/images", R_OK) == 0 ? folder : nil
  }()

  /// Why a test that needs the data is skipped.
  package static let comment = "needs the real photographs; name their folder in PARALLAX_TEST_DATA"

  /// The root of the checkout.
  package static let packageRoot: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()
}

/// Runs `body` with a new empty folder that is removed afterwards.
package func withTemporaryDirectory<Result>(
  _ body: (String) async throws -> Result
) async throws -> Result {
  let path = try makeTemporaryDirectory()
  defer { removeTree(path) }
  return try await body(path)
}

/// A new empty folder, for callers that cannot wait.
package func makeTemporaryDirectory() throws -> String {
  let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  var template = Array("\(parent)/parallax-test-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else {
    throw ParallaxError(.unreadableFile, "cannot make a temporary folder in '\(parent)'")
  }
  return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Removes a folder and everything in it, following no links.
package func removeTree(_ path: String) {
  if let folder = opendir(path) {
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      if entry.pointee.d_type == UInt8(DT_DIR) {
        removeTree("\(path)/\(name)")
      } else {
        unlink("\(path)/\(name)")
      }
    }
    closedir(folder)
  }
  rmdir(path)
}
