private import CVips
internal import ParallaxCore

/// One image file inside a worker: checked by its header, then decoded.
struct ImageFile {
  let properties: ImageProperties
  private let contents: FileContents
  private let format: ImageFormat
  private let part: PicturePart
  private let limits: DecodeLimits

  /// Reads the header and refuses what the limits do not allow, and bytes that were not asked for.
  init(_ request: DecodeRequest) throws(DecodeFailure) {
    let limit = request.limits.fileBytes
    contents =
      if let bytes = request.bytes {
        try FileContents(bytes, limit: limit)
      } else {
        try FileContents(request.path, limit: limit)
      }
    // Bytes that came with the request are there twice.
    let copies: UInt64 = request.bytes == nil ? 1 : 2
    cvips_limit_memory(UInt64(max(0, request.limits.memory)) + copies * UInt64(contents.size))
    if request.needsPixels { try contents.load() }
    if let content = request.content, contents.hash != content {
      throw DecodeFailure(.changedFile, "its bytes are no longer those that were asked for")
    }
    let head = try contents.bytes(at: 0, count: FileKind.headLength)
    guard case .image(let format) = FileKind(head: head) else {
      throw Self.unsupported(FileKind(head: head))
    }
    part = try PicturePart(contents, format)
    let header = try Self.withImage(contents, format, part, shrink: 1) { image, _ in
      cvips_read_header(image)
    }
    let isTurned = header.orientation >= 5
    properties = ImageProperties(
      width: Int(isTurned ? header.height : header.width),
      height: Int(isTurned ? header.width : header.height), format: format.rawValue,
      frames: max(1, Int(header.pages)), orientation: Int(header.orientation))
    self.format = format
    limits = request.limits
    try Self.check(properties, request.limits)
  }

  /// Decodes, orients and transforms; the caller deallocates the result.
  func pixels(_ transform: ImageTransform) throws(DecodeFailure) -> TransformedPixels {
    let plan = ResizePlan(transform, width: properties.width, height: properties.height)
    guard plan.outputWidth <= limits.outputPixels / plan.outputHeight else {
      throw DecodeFailure(
        .imageTooLarge,
        "the result would have \(plan.outputWidth) x \(plan.outputHeight) pixels; "
          + "the limit is \(Self.millions(limits.outputPixels))")
    }
    let whole = try pixels(transform, plan)
    guard transform.trimsBars else { return whole }
    let bars = LetterboxBars(of: whole)
    if bars.isEmpty { return whole }
    defer { whole.deallocate() }
    return try pixels(transform, plan, showing: bars.inside(of: whole))
  }

  /// The whole picture, which stays in the worker: as many pixels as a header may announce.
  func allPixels() throws(DecodeFailure) -> TransformedPixels {
    let transform = ImageTransform(resize: .none)
    return try pixels(
      transform, ResizePlan(transform, width: properties.width, height: properties.height))
  }

  /// - Parameter shown: The part of the picture that is transformed.
  private func pixels(
    _ transform: ImageTransform, _ plan: ResizePlan, showing shown: Rendering.Box = .unit
  ) throws(DecodeFailure) -> TransformedPixels {
    let shrink =
      format == .jpeg
      ? plan.shrinkOnLoad(
        width: Int(Double(properties.width) * shown.width),
        height: Int(Double(properties.height) * shown.height), kernel: transform.resample) : 1
    return try Self.withImage(contents, format, part, shrink: shrink) { image, error in
      let header = cvips_read_header(image)
      let rendering = Rendering(
        plan, kernel: transform.resample, box: box(of: header, shrunk: shrink).part(shown),
        orientation: properties.orientation, part)
      return rendering.pixels(of: image, error)
    }
  }

  /// The part of the decoded picture that the stored one covers.
  ///
  /// A JPEG shrunk on load ends at whole pixels, up to one short of its true
  /// end or beyond it; the orientation may have turned that side.
  private func box(of header: cvips_header, shrunk shrink: Int) -> Rendering.Box {
    let isTurned = properties.orientation >= 5
    let decodedWidth = Double(isTurned ? header.height : header.width)
    let decodedHeight = Double(isTurned ? header.width : header.height)
    let width = Double(properties.width) / Double(shrink)
    let height = Double(properties.height) / Double(shrink)
    let startsLate = Self.surplusSides[properties.orientation] ?? (false, false)
    return Rendering.Box(
      left: startsLate.left ? decodedWidth - width : 0,
      top: startsLate.top ? decodedHeight - height : 0, width: width, height: height)
  }

  /// The orientations that turn the stored right or bottom side to the left or to the top.
  private static let surplusSides: [Int: (left: Bool, top: Bool)] = [
    2: (true, false), 3: (true, true), 4: (false, true), 6: (true, false), 7: (true, true),
    8: (false, true),
  ]
}

// MARK: - Refusals

extension ImageFile {
  private static func unsupported(_ kind: FileKind) -> DecodeFailure {
    guard case .other(let name) = kind else {
      return DecodeFailure(.internalError, "its format is not known")
    }
    let remedy: String? =
      switch name {
      case "an empty file": "copy it again from its source"
      case "a macOS resource file": "it holds no picture; leave out files that begin with '._'"
      case "a text file", "a web page", FileKind.unknownName: nil
      case "a video": "extract a frame of it as PNG"
      default: "convert it to PNG"
      }
    return DecodeFailure(
      .unsupportedFormat,
      "it is \(name); jpeg, png, webp, heif, avif, gif and tiff images are read", hint: remedy)
  }

  private static func check(
    _ properties: ImageProperties, _ limits: DecodeLimits
  ) throws(DecodeFailure) {
    let (width, height) = (properties.width, properties.height)
    guard width > 0, height > 0 else {
      throw DecodeFailure(.corruptImage, "the header announces \(width) x \(height) pixels")
    }
    if width > limits.pixels / height {
      throw DecodeFailure(
        .imageTooLarge,
        "the header announces \(width) x \(height) pixels; "
          + "the limit is \(millions(limits.pixels)) ('set image.max_megapixels' raises it)")
    }
    if max(width, height) > limits.side {
      throw DecodeFailure(
        .imageTooLarge,
        "the header announces \(width) x \(height) pixels; "
          + "the limit is \(limits.side) along a side")
    }
  }

  /// `100 million`, or the number itself when it is not a whole number of millions.
  private static func millions(_ count: Int) -> String {
    count.isMultiple(of: 1_000_000) ? "\(count / 1_000_000) million" : "\(count)"
  }
}

// MARK: - libvips

extension ImageFile {
  /// Opens the library; without it nothing is decoded.
  static func openLibrary(at path: String?) -> Result<Void, DecodeFailure> {
    withErrorBuffer { error in
      cvips_start(path, error.baseAddress, error.count) == 0 ? () : nil
    }.mapError {
      DecodeFailure(
        .missingComponent, "libvips cannot be opened (\($0.text))",
        hint: "run scripts/setup, or install libvips (apt-get install libvips42); "
          + "or set PARALLAX_VIPS to the path of the library")
    }
  }

  private static func withImage<Value>(
    _ contents: FileContents, _ format: ImageFormat, _ part: PicturePart, shrink: Int,
    _ body: (OpaquePointer, UnsafeMutableBufferPointer<CChar>) -> Value?
  ) throws(DecodeFailure) -> Value {
    let result = withErrorBuffer { error -> Value? in
      guard
        let image = cvips_open(
          format.code, contents.source,
          cvips_part(
            shrink: Int32(shrink), page: Int32(part.page),
            subdirectory: Int32(part.subdirectory ?? -1)), error.baseAddress, error.count)
      else { return nil }
      defer { cvips_close(image) }
      return body(image, error)
    }
    return try result.mapError { $0.failure(format) }.get()
  }

  /// Calls `body`, which returns `nil` when it wrote why it failed.
  private static func withErrorBuffer<Value>(
    _ body: (UnsafeMutableBufferPointer<CChar>) -> Value?
  ) -> Result<Value, VipsMessage> {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { error in
      error.initialize(repeating: 0)
      if let value = body(error) { return .success(value) }
      return .failure(VipsMessage(error.baseAddress.map { String(cString: $0) } ?? ""))
    }
  }
}
