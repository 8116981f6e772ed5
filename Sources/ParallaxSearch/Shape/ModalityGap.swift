internal import ParallaxCore

/// How far the texts of a space lie from its images.
///
/// W. Liang and others, "Mind the gap: understanding the modality gap in multi-modal contrastive
/// representation learning", NeurIPS 2022.
package struct ModalityGap: Sendable, Hashable {
  /// Pairs of an image and its text.
  package let pairs: Int
  /// Between the mean of the images' unit vectors and that of the texts': from 0 to 2.
  package let distance: Double
  /// The mean cosine of an image and its own text.
  package let own: Double
  /// The mean cosine of an image and the text of another; `nil` for one pair.
  package let other: Double?

  /// - Parameters:
  ///   - images: vectors of one dimension.
  ///   - texts: as many, each of the image at its place.
  /// - Returns: `nil` without a pair of which both have a direction.
  package init?(images: [[Float]], texts: [[Float]]) {
    let units = zip(images, texts).compactMap { image, text in
      Vector.normalized(image).flatMap { image in Vector.normalized(text).map { (image, $0) } }
    }
    guard let dimension = units.first?.0.count else { return nil }
    var (ofImages, ofTexts) = (
      [Double](repeating: 0, count: dimension), [Double](repeating: 0, count: dimension)
    )
    var sum = 0.0
    for (image, text) in units {
      for index in 0..<dimension {
        ofImages[index] += Double(image[index])
        ofTexts[index] += Double(text[index])
      }
      sum += Vector.dot(image, text)
    }
    let count = Double(units.count)
    let (squares, products) = zip(ofImages, ofTexts).reduce((0.0, 0.0)) { sums, pair in
      let gap = (pair.0 - pair.1) / count
      return (sums.0 + gap * gap, sums.1 + pair.0 * pair.1)
    }
    pairs = units.count
    distance = squares.squareRoot()
    own = sum / count
    other = units.count > 1 ? (products - sum) / (count * (count - 1)) : nil
  }
}
