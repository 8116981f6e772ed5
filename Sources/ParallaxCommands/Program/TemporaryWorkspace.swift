internal import ParallaxStorage
private import ParallaxSystem

/// The folder of a temporary workspace, removed when the program ends.
struct TemporaryWorkspace {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder(
      for: "a temporary workspace", hint: "name a workspace file, or another folder in TMPDIR")
  }

  func open() throws -> Workspace {
    try Workspace(path: folder.path + "/temporary.parallax", isTemporary: true)
  }

  func remove() { folder.remove() }
}
