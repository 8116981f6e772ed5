private import ParallaxCore

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The files that tests read and write.
package enum TestFiles {
  /// All bytes of a file.
  ///
  /// - Throws: `unreadable-file`.
  package static func bytes(of path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw failure("read", path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }

  /// The text of a file; `nil` when it cannot be read.
  package static func text(of path: String) -> String? {
    (try? bytes(of: path)).map { String(decoding: $0, as: UTF8.self) }
  }

  package static func remove(_ path: String) { unlink(path) }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The names in a folder that end so, in order.
  package static func names(in folder: String, endingWith ending: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(ending) { names.append(name) }
    }
    return names.sorted()
  }

  /// Makes a symbolic link.
  package static func link(_ path: String, to destination: String) throws {
    guard symlink(destination, path) == 0 else { throw failure("link", path) }
  }

  package static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

  /// The lines of a file without their line ends.
  ///
  /// - Throws: `unreadable-file`.
  package static func lines(of path: String) throws -> [String] {
    try bytes(of: path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }.dropLast(if: \.isEmpty)
  }

  /// Writes a file, making the folders above it.
  ///
  /// - Throws: `unreadable-file`.
  package static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    makeFolder(path.split(separator: "/", omittingEmptySubsequences: false).dropLast())
    guard let file = fopen(path, "wb") else { throw failure("write", path) }
    defer { fclose(file) }
    guard fwrite(Array(bytes), 1, bytes.count, file) == bytes.count else {
      throw failure("write", path)
    }
  }

  /// Writes a file of a mode, such as 0o600.
  package static func write(_ text: String, to path: String, mode: Int) throws {
    try write(text, to: path)
    guard chmod(path, mode_t(mode)) == 0 else { throw failure("change", path) }
  }

  /// Writes the UTF-8 of a text.
  package static func write(_ text: String, to path: String) throws {
    try write(text.utf8, to: path)
  }

  /// Copies a file, making the folders above the copy.
  package static func copy(_ path: String, to copy: String) throws {
    try write(bytes(of: path), to: copy)
  }

  /// Sets the modification time of a file, in nanoseconds since 1970.
  ///
  /// - Throws: `unreadable-file`.
  package static func setModified(_ nanoseconds: Int64, of path: String) throws {
    let time = timespec(
      tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    guard utimensat(AT_FDCWD, path, [time, time], 0) == 0 else { throw failure("touch", path) }
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String) {
    makeFolder(path.split(separator: "/", omittingEmptySubsequences: false)[...])
  }

  private static func makeFolder(_ parts: ArraySlice<Substring>) {
    for end in parts.indices.dropFirst() {
      mkdir(parts[...end].joined(separator: "/"), 0o755)
    }
  }

  private static func failure(_ verb: String, _ path: String) -> ParallaxError {
    ParallaxError(
      .unreadableFile, "cannot \(verb) '\(path)': \(String(cString: strerror(errno)))")
  }
}

extension Array {
  /// The array without the last element if that satisfies `condition`.
  fileprivate func dropLast(if condition: (Element) -> Bool) -> [Element] {
    last.map(condition) == true ? Array(dropLast()) : self
  }
}
