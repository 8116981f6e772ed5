internal import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Writes files that appear whole or not at all; several together, or none of them.
///
/// Every file that a person names is written here. What is no file (a device, a pipe), what is a
/// database, and what the caller protects is refused. A file that is replaced keeps its mode and
/// owner; of a symbolic link the target is written.
package struct FileWriter: Sendable {
  /// Throws the reason when a target must not be written.
  package typealias Protection = @Sendable (WriteTarget) throws -> Void

  /// Hands a body what writes a piece.
  package typealias Write = ([UInt8]) throws -> Void

  package struct File {
    let path: String
    let body: (_ write: Write) throws -> Void

    /// - Parameter body: is handed what writes a piece, for what is too large to stand in memory.
    package init(_ path: String, _ body: @escaping (_ write: Write) throws -> Void) {
      self.path = path
      self.body = body
    }

    package init(_ path: String, _ bytes: [UInt8]) {
      self.init(path) { write in try write(bytes) }
    }

    /// The same file; `see` is handed each piece as well.
    package func seen(by see: @escaping ([UInt8]) -> Void) -> File {
      File(path) { write in
        try body {
          see($0)
          try write($0)
        }
      }
    }
  }

  private let protection: Protection

  package init(protecting protection: @escaping Protection = { _ in }) {
    self.protection = protection
  }

  /// Writes all of the files.
  ///
  /// - Throws: `file-exists` unless `replace`, `unwritable-file` with the reason, and what a body or
  ///   the protection throws. What was there is untouched then, and nothing new is.
  package func write(_ files: [File], replace: Bool) throws {
    let targets = try files.map { file in
      let target = try WriteTarget(file.path)
      try protection(target)
      try target.checkReplaceable()
      if !replace && target.existing != nil { throw Self.exists(target.path) }
      return target
    }
    try Self.commit(files, replace: replace) { index in try StagedFile(targets[index]) }
    for folder in Set(targets.map(\.folder)) { StagedFile.flush(folder: folder) }
  }

  /// Writes several of the program's own files, all or none, over existing ones.
  ///
  /// Nothing is refused, and a link in the place of one is replaced, not followed.
  ///
  /// - Throws: `unwritable-file` with the reason, and what a body throws.
  package static func replaceOwn(_ files: [File]) throws {
    try commit(files, replace: true) { index in try StagedFile(own: files[index].path) }
    for folder in Set(files.map { PathText.folder(of: $0.path) }) {
      StagedFile.flush(folder: folder)
    }
  }

  private static func commit(
    _ files: [File], replace: Bool, _ stage: (Int) throws -> StagedFile
  ) throws {
    var staged: [StagedFile] = []
    defer { for file in staged { file.discard() } }
    for (index, file) in files.enumerated() {
      let new = try stage(index)
      staged.append(new)
      try new.write(file.body)
    }
    var committed = 0
    do {
      for file in staged {
        try file.commit(replace: replace)
        committed += 1
      }
    } catch {
      for file in staged[..<committed].reversed() { file.takeBack() }
      throw error
    }
  }

  /// Writes one file.
  ///
  /// - Throws: as ``write(_:replace:)``.
  package func write(_ file: File, replace: Bool) throws {
    try write([file], replace: replace)
  }

  static func exists(_ path: String) -> ParallaxError {
    ParallaxError(.fileExists, "'\(path)' exists", hint: "--replace overwrites it")
  }
}
