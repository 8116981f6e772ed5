package import ParallaxCore

/// Keeps what a model makes of a picture and needs again, whatever it is asked of it.
package protocol PictureMemory: Sendable {
  /// What there is of some pictures, by content.
  ///
  /// - Parameter maker: everything that decides the numbers but for the picture.
  /// - Throws: `storage`.
  func kept(_ pictures: [ContentHash], by maker: String) throws -> [ContentHash: [Float]]

  /// - Throws: `storage`.
  func keep(_ made: [ContentHash: [Float]], by maker: String) throws
}
