internal import ParallaxCore
internal import ParallaxSystem

/// Scripts as text.
enum Script {
  private static let sizeLimit = 64 << 20

  /// - Parameter kinds: `any` for a path from the program's own arguments, which may be a pipe of the
  ///   shell's, such as `/dev/stdin` or `<(…)`.
  /// - Throws: `unreadable-file`, also for bytes that are not UTF-8; `cancelled`.
  static func text(at path: String, _ kinds: InputFile.Kinds = .regular) throws -> String {
    try checkEnding(of: path)
    return try text(of: InputFile(path, kinds).contents(atMost: sizeLimit), named: path)
  }

  /// - Throws: `unsupported` for a notebook.
  static func checkEnding(of path: String) throws {
    guard [".md", ".markdown", ".ipynb"].contains(where: path.lowercased().hasSuffix) else {
      return
    }
    let stem = path.lastIndex(of: ".").map { path[..<$0] } ?? path[...]
    let beside = "\(stem).plx"
    throw ParallaxError(
      .unsupported, "notebooks cannot be run yet; got '\(path)'",
      hint: FileStatus.isReadable(beside)
        ? "'\(beside)' holds its commands" : "put the commands into a script, such as '\(beside)'")
  }

  /// The whole standard input.
  ///
  /// - Throws: `unreadable-file`, also for bytes that are not UTF-8; `cancelled`.
  static func standardInput() throws -> String {
    try text(of: InputFile.standardInput(atMost: sizeLimit), named: "standard input")
  }

  static func text(of bytes: [UInt8], named name: String) throws -> String {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: content, as: UTF8.self) else {
      let line = content.prefix(validCount(of: content)).count { $0 == UInt8(ascii: "\n") } + 1
      throw ParallaxError(
        .unreadableFile, "'\(name)' is not UTF-8 text: line \(line) holds other bytes",
        hint: "convert it: iconv -f WINDOWS-1252 -t UTF-8 '\(name)'")
    }
    return text
  }

  /// Bytes before the first that is not part of UTF-8.
  private static func validCount(of bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var input = bytes.makeIterator()
    var count = 0
    while case .scalarValue(let scalar) = decoder.decode(&input) { count += scalar.utf8.count }
    return count
  }
}
