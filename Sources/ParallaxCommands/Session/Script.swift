internal import ParallaxCore
internal import ParallaxSystem

/// Scripts as text.
enum Script {
  private static let sizeLimit = 64 << 20

  /// - Parameter kinds: `any` for a path from the program's own arguments, which may be a pipe of the
  ///   shell's, such as `/dev/stdin` or `<(…)`.
  /// - Throws: `unreadable-file`, also for bytes that are not UTF-8; `cancelled`.
  static func text(at path: String, _ kinds: InputFile.Kinds = .regular) throws -> String {
    try text(of: InputFile(path, kinds).contents(atMost: sizeLimit), named: path)
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
      throw ParallaxError(.unreadableFile, "'\(name)' is not UTF-8 text")
    }
    return text
  }
}
