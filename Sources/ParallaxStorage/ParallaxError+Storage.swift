package import ParallaxCore

extension ParallaxError.Code {
  /// The file is not a workspace: another program's, a text, a folder.
  package static let notAWorkspace = Self("not-a-workspace")
  /// The workspace has a newer schema than this program reads.
  package static let newerWorkspace = Self("newer-workspace")
  /// Another process has the workspace open for writing.
  package static let workspaceInUse = Self("workspace-in-use")
  /// The workspace was opened for reading, or cannot be written.
  package static let readOnly = Self("read-only")
  /// The file was removed, or another has its name, while the workspace was open.
  package static let workspaceGone = Self("workspace-gone")
  package static let damagedData = Self("damaged-data")
  /// The disk is full or failed.
  package static let storage = Self("storage")
}
