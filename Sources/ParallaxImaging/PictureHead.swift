/// What the first bytes of a file say it is, for those who look for pictures.
package enum PictureHead: Sendable, Hashable {
  /// A picture of a kind that is read.
  case picture
  /// A picture of a kind that is not, such as `a JPEG XL image`.
  case otherPicture(String)
  case noPicture

  /// - Parameter bytes: the first 1,024, or all of a shorter file.
  package init(_ bytes: [UInt8]) {
    let kind = FileKind(head: bytes)
    if case .image = kind {
      self = .picture
    } else {
      self = kind.unreadPicture.map { .otherPicture($0) } ?? .noPicture
    }
  }
}
