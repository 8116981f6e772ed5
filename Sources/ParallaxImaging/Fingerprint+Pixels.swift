private import CVips
internal import ParallaxCore
private import ParallaxDigest

extension Fingerprint {
  /// Of a whole picture, inside a worker.
  init(of pixels: TransformedPixels) throws(DecodeFailure) {
    let side = LuminanceTransform.side
    guard let small = TransformedPixels(width: side, height: side) else {
      throw DecodeFailure(.internalError, "out of memory")
    }
    defer { small.deallocate() }
    try pixels.resize(into: small, .lanczos, asLuminance: true)
    let transform = LuminanceTransform(
      stride(from: 0, to: small.bytes.count, by: 3).map { small.bytes[$0] })
    var survey = cvips_survey()
    cvips_survey_pixels(
      pixels.bytes.baseAddress, Int32(pixels.width), Int32(pixels.height), &survey)
    let fingerprint = Self(
      width: pixels.width, height: pixels.height, pixels: Self.digest(of: pixels),
      hash: transform.hash, mirrored: transform.mirrored,
      spread: Self.spread(survey, count: pixels.width * pixels.height),
      margins: Margins(
        left: Int(survey.left), top: Int(survey.top), right: Int(survey.right),
        bottom: Int(survey.bottom)))
    guard let fingerprint else { throw DecodeFailure(.internalError, "it has no fingerprint") }
    self = fingerprint
  }

  /// That of the binary PPM file with these pixels.
  private static func digest(of pixels: TransformedPixels) -> ContentHash {
    var hasher = SHA256()
    Array("P6\n\(pixels.width) \(pixels.height)\n255\n".utf8).withUnsafeBytes { hasher.update($0) }
    hasher.update(UnsafeRawBufferPointer(pixels.bytes))
    return hasher.finalize()
  }

  /// The greatest of three standard deviations. Sums below 2⁵³ are exact.
  private static func spread(_ survey: cvips_survey, count: Int) -> Double {
    let (sum, squares) = (survey.sum, survey.squares)
    let variances = [(sum.0, squares.0), (sum.1, squares.1), (sum.2, squares.2)].map {
      sum, squares in
      let mean = Double(sum) / Double(count)
      return Double(squares) / Double(count) - mean * mean
    }
    return max(0, variances.max() ?? 0).squareRoot()
  }
}

extension TransformedPixels {
  /// Fills `target` as Pillow's `resize` does.
  ///
  /// - Parameter asLuminance: Turns the colours into grey first, as Pillow's `convert("L")`.
  func resize(
    into target: TransformedPixels, _ kernel: ImageTransform.Resample, asLuminance: Bool = false
  ) throws(DecodeFailure) {
    let status = cvips_resize_pixels(
      bytes.baseAddress, Int32(width), Int32(height), kernel.code, asLuminance ? 1 : 0,
      target.bytes.baseAddress, Int32(target.width), Int32(target.height))
    guard status == 0 else { throw DecodeFailure(.internalError, "out of memory") }
  }
}
