package import ParallaxCore
private import ParallaxSystem
private import Synchronization

#if canImport(Darwin)
  private import Darwin
#endif

/// Decodes images in worker processes, so that no file can crash, hang or bloat the program.
///
/// Workers are started when first needed and kept. Every method may be called
/// from many tasks at once; requests wait for a free worker in order.
package final class ImageDecoder: Sendable {
  private let queue = DecodeQueue()
  private let workers: Int
  private let executable: String
  private let sharedLimits: Mutex<DecodeLimits>
  /// Reads what is no file of its own.
  private let reader: (any PictureReader)?

  /// - Parameters:
  ///   - workers: processes that decode at the same time; `nil` for one a processor.
  ///   - executable: a program that calls `DecodeWorker.main()` when its first argument is
  ///     `DecodeWorker.argument`; `nil` for `PARALLAX_WORKER` or else the running program.
  ///   - limits: what one image may cost at first.
  ///   - reader: reads the pictures that are no files of their own; `nil` where there are none.
  package init(
    workers: Int? = nil, executable: String? = nil, limits: DecodeLimits = .default,
    reader: (any PictureReader)? = nil
  ) {
    self.reader = reader
    self.workers = max(1, workers ?? Processors.count)
    self.executable = executable ?? Self.defaultExecutable
    sharedLimits = Mutex(limits)
  }

  deinit { queue.shut() }

  /// What one image may cost, of requests from now on.
  package var limits: DecodeLimits {
    get { sharedLimits.withLock { $0 } }
    set { sharedLimits.withLock { $0 = newValue } }
  }

  /// What the header says; the pixels are not decoded.
  ///
  /// - Throws: `unreadable-file`, `unsupported-format`, `corrupt-image`, `image-too-large`,
  ///   `image-too-slow`, `image-crashed-decoder`, `missing-component`; `CancellationError`.
  package func probe(_ path: String) async throws -> ImageProperties {
    try await outcome(of: request(path)).properties
  }

  /// What the header of some bytes says.
  ///
  /// - Parameter name: of the picture, for errors.
  /// - Throws: As `probe(_:)`.
  package func probe(_ bytes: [UInt8], named name: String) async throws -> ImageProperties {
    var request = request(name)
    request.bytes = bytes
    return try await outcome(of: request).properties
  }

  /// The picture that some bytes hold, as JPEG without any metadata.
  ///
  /// - Parameters:
  ///   - name: of the picture, for errors.
  ///   - quality: 1 to 100.
  /// - Throws: As `decode`.
  package func jpeg(
    of bytes: [UInt8], named name: String, _ transform: ImageTransform, quality: Int
  ) async throws -> (properties: ImageProperties, bytes: [UInt8]) {
    var request = request(name, try checked(transform))
    request.bytes = bytes
    return try await file(request, as: .jpeg(quality))
  }

  /// The pixels of the first frame: oriented, in sRGB, on white, transformed.
  ///
  /// - Parameter content: The hash of the bytes that are meant: others are not decoded.
  /// - Throws: As `probe`; `invalid-value` when the transform has a size that is not
  ///   from 1 to 1048576; `changed-file`.
  package func decode(
    _ path: String, _ transform: ImageTransform, expecting content: ContentHash? = nil
  ) async throws -> (properties: ImageProperties, pixels: PixelBuffer) {
    let request = request(path, try checked(transform), expecting: content)
    let (properties, payload) = try await outcome(of: request)
    guard case .pixels(let pixels) = payload else {
      throw ParallaxError(.internalError, "'\(path)' came without pixels")
    }
    return (properties, pixels)
  }

  /// What tells whether another file holds the same pixels or nearly the same picture.
  ///
  /// - Throws: As `decode`; pictures are as large as a header may announce.
  package func fingerprint(
    _ path: String, expecting content: ContentHash? = nil
  ) async throws -> Fingerprint {
    var request = request(path, expecting: content)
    request.wantsFingerprint = true
    guard case .fingerprint(let fingerprint) = try await outcome(of: request).payload else {
      throw ParallaxError(.internalError, "'\(path)' came without a fingerprint")
    }
    return fingerprint
  }

  /// The picture `decode` gives as JPEG without any metadata, for sending to others.
  ///
  /// - Parameter quality: 1 to 100.
  /// - Throws: As `decode`.
  package func jpeg(
    _ path: String, _ transform: ImageTransform, quality: Int,
    expecting content: ContentHash? = nil
  ) async throws -> (properties: ImageProperties, bytes: [UInt8]) {
    try await file(path, transform, as: .jpeg(quality), expecting: content)
  }

  /// The picture `decode` gives as PNG without any metadata.
  ///
  /// - Throws: As `decode`.
  package func png(
    _ path: String, _ transform: ImageTransform, expecting content: ContentHash? = nil
  ) async throws -> (properties: ImageProperties, bytes: [UInt8]) {
    try await file(path, transform, as: .png, expecting: content)
  }

  /// The picture `decode` gives, with a change, as a JPEG file of the change's quality.
  ///
  /// - Throws: As `decode`.
  package func file(
    _ path: String, _ transform: ImageTransform, changedBy change: any PictureChange,
    expecting content: ContentHash? = nil
  ) async throws -> [UInt8] {
    try await file(
      path, transform, as: .jpeg(change.quality), change: change.id, expecting: content
    ).bytes
  }

  private func file(
    _ path: String, _ transform: ImageTransform, as encoding: PictureEncoding,
    change: String? = nil, expecting content: ContentHash?
  ) async throws -> (properties: ImageProperties, bytes: [UInt8]) {
    var request = request(path, try checked(transform), expecting: content)
    request.change = change
    return try await file(request, as: encoding)
  }

  private func file(
    _ asked: DecodeRequest, as encoding: PictureEncoding
  ) async throws -> (properties: ImageProperties, bytes: [UInt8]) {
    var request = asked
    request.encoding = encoding
    let (properties, payload) = try await outcome(of: request)
    guard case .file(let bytes) = payload else {
      throw ParallaxError(.internalError, "'\(asked.path)' came without a \(encoding.name)")
    }
    return (properties, bytes)
  }

  /// Pixels of the program's own as JPEG without any metadata.
  ///
  /// - Parameter quality: 1 to 100.
  /// - Throws: `missing-component`, and what the worker says; `CancellationError`.
  package func jpeg(of pixels: PixelBuffer, quality: Int) async throws -> [UInt8] {
    let request = DecodeRequest(
      path: "", encoding: .jpeg(quality), limits: limits, canvas: pixels)
    do {
      let outcome = try await queue.outcome(of: request, startingThread: startThread)
      guard case .file(let bytes) = outcome.payload else {
        throw ParallaxError(.internalError, "a drawn picture came without a JPEG")
      }
      return bytes
    } catch let failure as DecodeFailure {
      throw ParallaxError(
        failure.code, "cannot encode a drawn picture: \(failure.reason)", hint: failure.hint)
    }
  }

  /// Ends all workers; requests that wait and later ones throw `CancellationError`.
  package func shutdown() { queue.shut() }

  private func checked(_ transform: ImageTransform) throws -> ImageTransform {
    if ResizePlan.accepts(transform) { return transform }
    throw ParallaxError(
      .invalidValue,
      "the sides of an image take whole numbers from 1 to \(ResizePlan.longestTarget)")
  }

  private func request(
    _ path: String, _ transform: ImageTransform? = nil, expecting content: ContentHash? = nil
  ) -> DecodeRequest {
    DecodeRequest(path: path, transform: transform, content: content, limits: limits)
  }

  private func outcome(of asked: DecodeRequest) async throws -> DecodeQueue.Outcome {
    guard asked.bytes == nil, let reader, reader.reads(asked.path) else {
      return try await local(asked)
    }
    return try await reader.withContents(of: asked.path, atMost: asked.limits.fileBytes) { bytes in
      var request = asked
      request.bytes = bytes
      return try await local(request)
    }
  }

  /// Of a file, or of bytes that are there.
  private func local(_ asked: DecodeRequest) async throws -> DecodeQueue.Outcome {
    let path = asked.path
    var request = asked
    // The folder of the program may change later, that of a worker does not.
    request.path = request.bytes == nil ? PathText.inWorkingFolder(path) : ""
    do {
      guard request.path.utf8.count < Self.longestPath, !path.utf8.contains(0) else {
        throw DecodeFailure(.unreadableFile, "its name is too long or holds a null character")
      }
      return try await queue.outcome(of: request, startingThread: startThread)
    } catch let failure as DecodeFailure {
      throw failure.error(for: path)
    }
  }

  private func startThread() -> Bool {
    DetachedThread.start { [queue, executable, workers] in
      var pool = WorkerPool(queue, executable: executable, workers: workers)
      pool.run()
    }
  }

  /// What the system takes as the name of a file.
  private static let longestPath = 4096

  /// `PARALLAX_WORKER`, or the running program.
  private static var defaultExecutable: String {
    if let named = Environment.variables["PARALLAX_WORKER"] { return named }
    #if canImport(Darwin)
      var size: UInt32 = 4096
      var buffer = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&buffer, &size) == 0 else { return CommandLine.arguments[0] }
      return String(cString: buffer)
    #else
      // Names the program even after its file was replaced or removed.
      return "/proc/self/exe"
    #endif
  }
}
