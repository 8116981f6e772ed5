internal import ParallaxCore
private import ParallaxSystem

/// The folder of a temporary workspace, removed when the program ends.
struct TemporaryWorkspace {
  private let folder: TemporaryFolder
  var path: String { folder.path + "/temporary.parallax" }

  init() throws {
    do {
      folder = try TemporaryFolder(for: "a temporary workspace")
    } catch var error as ParallaxError {
      error.hint = "name a workspace file, or another folder in TMPDIR"
      throw error
    }
  }

  func remove() { folder.remove() }
}
