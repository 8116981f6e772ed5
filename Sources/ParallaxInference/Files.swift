private import ParallaxSystem

/// The files beside a model's graph: configurations and vocabularies.
enum Files {
  /// They are smaller than this.
  private static let sizeLimit = 256 << 20

  /// - Throws: `unreadable-file` with the system's reason.
  static func read(_ path: String) throws -> [UInt8] {
    try InputFile.contents(of: path, atMost: sizeLimit)
  }
}
