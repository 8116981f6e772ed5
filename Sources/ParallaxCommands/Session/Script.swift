internal import ParallaxCore

/// Scripts as text.
enum Script {
  /// - Throws: `unreadable-file`, also for bytes that are not UTF-8.
  static func text(at path: String) throws -> String {
    try text(of: FileBytes.contents(of: path), named: path)
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
