internal import ParallaxCore
internal import ParallaxSearch
package import ParallaxStorage
private import ParallaxSystem

/// Where approximate indexes lie: in a folder beside the workspace, which may be removed at any time.
package enum IndexFiles {
  package static func folder(of workspace: Workspace) -> String { "\(workspace.path).indexes" }

  package static func path(of space: Space, in workspace: Workspace) -> String {
    "\(folder(of: workspace))/\(space.rowID).hnsw"
  }

  /// - Throws: `index` with the system's reason.
  package static func makeFolder(of workspace: Workspace) throws {
    let path = folder(of: workspace)
    do throws(SystemError) { try Folder.make(path) } catch {
      throw ParallaxError(
        .index, "cannot make the folder '\(path)': \(error.reason)",
        hint:
          "indexes are kept beside the workspace: make its folder writable, or copy it elsewhere")
    }
  }

  /// Removes the index of a space that goes, and the folder when it was the last.
  package static func remove(_ space: Space, in workspace: Workspace) {
    GraphIndex.remove(path(of: space, in: workspace))
    Folder.removeIfEmpty(folder(of: workspace))
  }
}
