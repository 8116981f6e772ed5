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
      writer.write(properties.format)
      [
        properties.width, properties.height, properties.frames, properties.orientation, width,
        height,
      ].forEach { writer.write($0) }
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
    case "failed":
      guard let failed = Self.readFailed(&reader) else { return nil }
      self = failed
    default: return nil
    }
  }

  private static func readDone(_ reader: inout ByteReader) -> Self? {
    guard let format = reader.readString(), let width = reader.readInt(),
      let height = reader.readInt(), let frames = reader.readInt(),
      let orientation = reader.readInt(), let outputWidth = reader.readInt(),
      let outputHeight = reader.readInt(), outputWidth >= 0, outputHeight >= 0
    else { return nil }
    let properties = ImageProperties(
      width: width, height: height, format: format, frames: frames, orientation: orientation)
    return .done(properties, width: outputWidth, height: outputHeight)
  }

  private static func readFailed(_ reader: inout ByteReader) -> Self? {
    guard let name = reader.readString(), let code = codes.first(where: { $0.name == name }),
      let reason = reader.readString(), let hint = reader.readString()
    else { return nil }
    return .failed(DecodeFailure(code, reason, hint: hint.isEmpty ? nil : hint))
  }
}
