private import CVips
private import ParallaxCore
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The other side of `ImageDecoder`: a process that decodes what it is asked on standard input.
package enum DecodeWorker {
  /// The first argument that starts a program as a worker.
  package static let argument = "--decode-worker"

  /// Serves requests until standard input ends.
  package static func main() -> Never {
    let opened = ImageFile.openLibrary(at: Environment.variables["PARALLAX_VIPS"])
    cvips_confine()
    do {
      try opened.get()
    } catch {
      send(.failed(error))
      exit(1)
    }
    send(.ready)
    while let request = receive() { answer(request) }
    exit(0)
  }

  private static func answer(_ request: DecodeRequest) {
    do throws(DecodeFailure) {
      if let canvas = request.canvas { return try encode(canvas, request.encoding ?? .png) }
      let image = try ImageFile(request)
      if request.wantsFingerprint {
        let pixels = try image.allPixels()
        defer { pixels.deallocate() }
        return send(.fingerprint(image.properties, try Fingerprint(of: pixels)))
      }
      guard let transform = request.transform else {
        return send(.done(image.properties, width: 0, height: 0))
      }
      let pixels = try image.pixels(transform)
      defer { pixels.deallocate() }
      if let change = request.change {
        return try encode(
          try pixels.changed(by: change), request.encoding ?? .png, of: image.properties)
      }
      if let encoding = request.encoding {
        let file = try pixels.file(as: encoding)
        defer { file.deallocate() }
        return send(
          .done(image.properties, width: pixels.width, height: pixels.height),
          pixels: UnsafeRawBufferPointer(file))
      }
      send(
        .done(image.properties, width: pixels.width, height: pixels.height),
        pixels: UnsafeRawBufferPointer(pixels.bytes))
    } catch {
      send(.failed(error))
    }
  }

  /// - Parameter properties: those of the file; `nil` where there is none.
  private static func encode(
    _ canvas: PixelBuffer, _ encoding: PictureEncoding, of properties: ImageProperties? = nil
  ) throws(DecodeFailure) {
    guard let pixels = TransformedPixels(width: canvas.width, height: canvas.height) else {
      throw DecodeFailure(.internalError, "out of memory")
    }
    defer { pixels.deallocate() }
    _ = pixels.bytes.update(fromContentsOf: canvas.bytes)
    let file = try pixels.file(as: encoding)
    defer { file.deallocate() }
    send(
      .done(
        properties
          ?? ImageProperties(width: canvas.width, height: canvas.height, format: encoding.name),
        width: canvas.width, height: canvas.height), pixels: UnsafeRawBufferPointer(file))
  }

  // MARK: - The pipe

  private static func receive() -> DecodeRequest? {
    guard let bytes = read(Frame.length), let frame = Frame(bytes[...]),
      let head = read(frame.head), let pixels = read(frame.pixels)
    else { return nil }
    return DecodeRequest(head: head, tail: pixels)
  }

  private static func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        recv(STDIN_FILENO, $0.baseAddress?.advanced(by: filled), count - filled, 0)
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return nil }
      filled += got
    }
    return bytes
  }

  private static func send(
    _ reply: DecodeReply,
    pixels: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
  ) {
    Frame.framed(reply.head, pixels: pixels.count).withUnsafeBytes { write($0) }
    write(pixels)
  }

  /// Writes everything, or ends the worker: without an asker there is nothing to do.
  private static func write(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes
    while !rest.isEmpty {
      let count = cvips_send(STDOUT_FILENO, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { exit(0) }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }
}
