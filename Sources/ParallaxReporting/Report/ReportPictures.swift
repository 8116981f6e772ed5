package import ParallaxCore

/// A picture of a report, or why there is none.
package enum ReportPicture: Sendable, Hashable {
  /// Width and height in pixels, as it is shown.
  case shown(jpeg: [UInt8], width: Int, height: Int)
  case failed(reason: String)

  /// Where it comes from.
  package struct Source: Sendable, Hashable {
    package var path: String
    /// What the file's bytes must be; `nil` for any.
    package var hash: ContentHash?

    package init(path: String, hash: ContentHash?) {
      self.path = path
      self.hash = hash
    }
  }
}

/// The pictures of a page while it is written: they fill its places until there are as many as it may hold.
package struct ReportPictures: Sendable {
  private let known: [ReportPicture.Source: ReportPicture]
  private var left: Int
  /// Those that the page holds, and the bytes of them.
  private(set) var count = 0
  private(set) var bytes = 0

  /// - Parameter most: places with a picture.
  package init(_ known: [ReportPicture.Source: ReportPicture], most: Int) {
    self.known = known
    left = most
  }

  /// A picture, or a place that says why there is none.
  ///
  /// - Parameters:
  ///   - source: `nil` for an item that is in no collection that is known.
  ///   - alternative: what is read to those who do not see it.
  mutating func element(_ source: ReportPicture.Source?, alternative: String) -> HTML {
    guard let source else {
      return HTML(.p, ["class": "gone"], text: "No picture is known")
    }
    guard left > 0, let picture = known[source] else {
      return HTML(.p, ["class": "gone"], text: "Picture left out")
    }
    left -= 1
    switch picture {
    case .shown(let jpeg, let width, let height):
      count += 1
      bytes += jpeg.count
      return .picture(jpeg: jpeg, width: width, height: height, alternative: alternative)
    case .failed(let reason):
      return HTML(.p, ["class": "gone"], [HTML(.strong, text: "No picture: "), .text(reason)])
    }
  }
}
