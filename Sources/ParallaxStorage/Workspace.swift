/// One SQLite file holding everything a session knows.
///
/// One process writes at a time; others may read beside it. Every change is one
/// transaction, so a kill at any moment leaves the last finished one.
package final class Workspace: Sendable {
  package enum Mode: Sendable, Hashable {
    case readWrite, readOnly
  }

  /// As given.
  package let path: String
  package let mode: Mode

  /// Opens a workspace, creating the file when it is missing and `mode` is `readWrite`.
  ///
  /// - Throws: `workspace-in-use` with the other process's id, `newer-workspace`, `not-a-workspace`,
  ///   `unreadable-file`, `damaged-data`.
  package init(path: String, mode: Mode = .readWrite) throws {
    self.path = path
    self.mode = mode
  }

  /// Writes the log back into the file and releases it; a second call does nothing.
  package func close() {}
}
