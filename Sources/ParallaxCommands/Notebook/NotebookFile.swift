internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxSystem

/// A notebook with the bytes it was read from, so that it is written only as it was read.
struct NotebookFile: Sendable {
  let path: String
  let notebook: Notebook
  /// What it was written with; `nil` where nothing says.
  let lock: NotebookLock?
  private let bytes: [UInt8]

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private var lockPath: String { NotebookLock.path(beside: path) }

  /// - Throws: `unsupported` for another kind of file.
  static func checkEnding(of path: String) throws {
    try Script.checkEnding(of: path)
    guard !Script.isNotebook(path) else { return }
    throw ParallaxError(
      .unsupported, "'check' compares notebooks, whose names end in .md; got '\(path)'",
      hint: "'run \(path) --dry-run' checks a script without running it")
  }

  /// - Parameter ignoresLock: whether the lock is written anew.
  /// - Throws: as ``Script/init(at:_:)``, and `unreadable-file` for a lock that is none.
  init(at path: String, ignoresLock: Bool = false) throws {
    let bytes = try InputFile(path).contents(atMost: Script.sizeLimit)
    self.path = path
    self.bytes = bytes
    notebook = try Notebook(Script.text(of: bytes, named: path), name: path)
    let lockPath = NotebookLock.path(beside: path)
    lock =
      ignoresLock || !FileStatus.exists(lockPath)
      ? nil
      : try NotebookLock(
        InputFile(lockPath).contents(atMost: Script.sizeLimit), path: lockPath)
  }

  /// Writes the lock where it is not what is there.
  ///
  /// - Returns: whether it was written.
  func write(_ lock: NotebookLock, with files: FileWriter) throws -> Bool {
    let text = Array(lock.text.utf8)
    if let old = try? InputFile(lockPath).contents(atMost: Script.sizeLimit), old == text {
      return false
    }
    try files.write(.init(lockPath, text), replace: true)
    return true
  }

  /// Writes other expectations in the place of some; everything else stays as it is.
  ///
  /// - Parameter changes: the new lines of some steps, steps ascending.
  /// - Throws: `unwritable-file`, also where the file is no longer what was read.
  func write(_ changes: [(Notebook.Expectation, new: [String])], with files: FileWriter) throws {
    guard try InputFile(path).contents(atMost: Script.sizeLimit) == bytes else {
      throw ParallaxError(
        .unwritableFile, "'\(path)' was changed while it was checked; nothing was written",
        hint: "check it again")
    }
    let text = notebook.page.replacing(
      changes.map { expectation, new in
        let margin = String(repeating: " ", count: expectation.block.indentation)
        return (expectation.place, new.map { $0.isEmpty ? "" : margin + $0 })
      })
    let start = bytes.starts(with: Self.mark) ? Self.mark : []
    try files.write(.init(path, start + Array(text.utf8)), replace: true)
  }
}
