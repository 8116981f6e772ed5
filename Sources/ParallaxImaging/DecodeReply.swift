internal import ParallaxCore

/// Why a worker refused an image, without its name, which the asker knows better.
struct DecodeFailure: Error, Equatable {
  var code: ParallaxError.Code
  /// Follows `cannot decode 'name': `.
  var reason: String
  var hint: String?

  init(_ code: ParallaxError.Code, _ reason: String, hint: String? = nil) {
    self.code = code
    self.reason = reason
    self.hint = hint
  }

  /// The error a person sees.
  func error(for name: String) -> ParallaxError {
    if code == .changedFile {
      return ParallaxError(
        code, "'\(name)' changed while it was in use", hint: "run the command again")
    }
    let verb = code == .unreadableFile ? "read" : "decode"
    return ParallaxError(code, "cannot \(verb) '\(name)': \(reason)", hint: hint)
  }
}

/// What a worker says: that it is ready, what it found, or why it failed.
enum DecodeReply: Equatable {
  /// The first message of a worker; `greeting` tells it from any other program.
  case ready
  /// The size is that of the pixels that follow; zero for a probe.
  case done(ImageProperties, width: Int, height: Int)
  case fingerprint(ImageProperties, Fingerprint)
  case failed(DecodeFailure)

  private static let greeting = "parallax decode worker 1"

  /// The codes a worker may send; anything else is the sign of a broken one.
  private static let codes: [ParallaxError.Code] = [
    .changedFile, .unreadableFile, .unsupportedFormat, .corruptImage, .imageTooLarge,
    .missingComponent,
    .invalidValue, .internalError,
  ]

  var head: [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .ready:
      writer.write(Self.greeting)
    case .done(let properties, let width, let height):
      writer.write("done")
      Self.write(properties, to: &writer)
      writer.write(width)
      writer.write(height)
    case .fingerprint(let properties, let fingerprint):
      writer.write("fingerprint")
      Self.write(properties, to: &writer)
      Self.write(fingerprint, to: &writer)
    case .failed(let failure):
      writer.write("failed")
      writer.write(failure.code.name)
      writer.write(failure.reason)
      writer.write(failure.hint ?? "")
    }
    return writer.bytes
  }

  init?(head: ArraySlice<UInt8>) {
    var reader = ByteReader(head)
    switch reader.readString() {
    case Self.greeting: self = .ready
    case "done":
      guard let done = Self.readDone(&reader) else { return nil }
      self = done
    case "fingerprint":
      guard let properties = Self.readProperties(&reader),
        let fingerprint = Self.readFingerprint(&reader, properties)
      else { return nil }
      self = .fingerprint(properties, fingerprint)
    case "failed":
      guard let failed = Self.readFailed(&reader) else { return nil }
      self = failed
    default: return nil
    }
  }

  private static func readDone(_ reader: inout ByteReader) -> Self? {
    guard let properties = readProperties(&reader), let width = reader.readInt(),
      let height = reader.readInt(), width >= 0, height >= 0
    else { return nil }
    return .done(properties, width: width, height: height)
  }

  private static func readFailed(_ reader: inout ByteReader) -> Self? {
    guard let name = reader.readString(), let code = codes.first(where: { $0.name == name }),
      let reason = reader.readString(), let hint = reader.readString()
    else { return nil }
    return .failed(DecodeFailure(code, reason, hint: hint.isEmpty ? nil : hint))
  }
}

// MARK: - What they hold

extension DecodeReply {
  private static func write(_ properties: ImageProperties, to writer: inout ByteWriter) {
    writer.write(properties.format)
    [properties.width, properties.height, properties.frames, properties.orientation]
      .forEach { writer.write($0) }
  }

  private static func readProperties(_ reader: inout ByteReader) -> ImageProperties? {
    guard let format = reader.readString(), let width = reader.readInt(),
      let height = reader.readInt(), let frames = reader.readInt(),
      let orientation = reader.readInt()
    else { return nil }
    return ImageProperties(
      width: width, height: height, format: format, frames: frames, orientation: orientation)
  }

  private static func write(_ fingerprint: Fingerprint, to writer: inout ByteWriter) {
    writer.write(fingerprint.pixels.hexadecimal)
    let margins = fingerprint.margins
    [
      Int(bitPattern: UInt(fingerprint.hash.rawValue)),
      Int(bitPattern: UInt(fingerprint.mirrored.rawValue)),
      Int(bitPattern: UInt(fingerprint.spread.bitPattern)),
      margins.left, margins.top, margins.right, margins.bottom,
    ].forEach { writer.write($0) }
  }

  /// The size is that of the picture, so it is not sent twice.
  private static func readFingerprint(
    _ reader: inout ByteReader, _ properties: ImageProperties
  ) -> Fingerprint? {
    guard let pixels = reader.readString().flatMap({ ContentHash(hexadecimal: $0) }),
      let hash = reader.readInt(), let mirrored = reader.readInt(), let spread = reader.readInt(),
      let left = reader.readInt(), let top = reader.readInt(), let right = reader.readInt(),
      let bottom = reader.readInt()
    else { return nil }
    return Fingerprint(
      width: properties.width, height: properties.height, pixels: pixels,
      hash: PerceptualHash(rawValue: UInt64(UInt(bitPattern: hash))),
      mirrored: PerceptualHash(rawValue: UInt64(UInt(bitPattern: mirrored))),
      spread: Double(bitPattern: UInt64(UInt(bitPattern: spread))),
      margins: Fingerprint.Margins(left: left, top: top, right: right, bottom: bottom))
  }
}
