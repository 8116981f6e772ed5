private import ParallaxSystem

/// The folder of a temporary workspace, removed when the program ends.
struct TemporaryWorkspace {
  private let folder: TemporaryFolder
  var path: String { folder.path + "/temporary.parallax" }

  init() throws {
    folder = try TemporaryFolder(
      for: "a temporary workspace", hint: "name a workspace file, or another folder in TMPDIR")
  }

  func remove() { folder.remove() }
}
