import ParallaxCore
import Testing

@testable import ParallaxImaging

@Suite struct WireFormatTests {
  static let requests: [DecodeRequest] = [
    ImageTransform(resize: .none), ImageTransform(resize: .shortestEdge(7), resample: .lanczos),
    ImageTransform(
      resize: .fit(width: 3, height: 4), resample: .nearest,
      centerCrop: .init(width: 5, height: 6)),
    ImageTransform(resize: .exact(width: 1, height: 2), resample: .bilinear),
    ImageTransform(resize: .exact(width: 3, height: 2), trimsBars: true), nil,
  ].map {
    DecodeRequest(
      path: "/some/päth [1].jpg", transform: $0, encoding: $0 == nil ? nil : .jpeg(85),
      content: $0 == nil ? nil : ContentHash(bytes: Array(1...32)),
      limits: DecodeLimits(
        pixels: 10, outputPixels: 9, side: 1 << 40, memory: 11, fileBytes: 12))
  }

  @Test(arguments: requests)
  func `a request survives the way`(request: DecodeRequest) {
    #expect(DecodeRequest(head: request.head) == request)
  }

  @Test func `what is asked beside pixels survives the way`() {
    var request = DecodeRequest(path: "/a.jpg", limits: .default, wantsFingerprint: true)
    #expect(DecodeRequest(head: request.head) == request && request.needsPixels)
    request.wantsFingerprint = false
    request.change = "crop-center-80"
    #expect(DecodeRequest(head: request.head) == request && !request.needsPixels)
  }

  @Test func `pixels to be encoded follow the head, all of them`() {
    let canvas = PixelBuffer(width: 2, height: 3, bytes: Array(1...18))
    let request = DecodeRequest(path: "", encoding: .png, limits: .default, canvas: canvas)
    #expect(DecodeRequest(head: request.head, tail: canvas.bytes) == request)
    for tail in [[], Array(canvas.bytes.dropLast()), canvas.bytes + [0]] {
      #expect(DecodeRequest(head: request.head, tail: tail) == nil)
    }
  }

  static let replies: [DecodeReply] =
    [
      .ready,
      .done(
        ImageProperties(width: 5, height: 6, format: "gif", frames: 7, orientation: 8), width: 1,
        height: 2),
      .failed(DecodeFailure(.corruptImage, "a reason")),
      .failed(DecodeFailure(.unsupportedFormat, "a reason", hint: "a hint")),
    ] + [fingerprint].compactMap { $0 }

  private static let fingerprint: DecodeReply? = ContentHash(bytes: Array(1...32)).flatMap {
    Fingerprint(
      width: 5, height: 6, pixels: $0, hash: PerceptualHash(rawValue: .max),
      mirrored: PerceptualHash(rawValue: 1), spread: 0.1,
      margins: .init(left: 1, top: 2, right: 3, bottom: 3))
  }.map { .fingerprint(ImageProperties(width: 5, height: 6, format: "gif"), $0) }

  @Test(arguments: replies)
  func `a reply survives the way`(reply: DecodeReply) {
    #expect(DecodeReply(head: reply.head[...]) == reply)
  }

  @Test(arguments: replies)
  func `a reply cut off anywhere is not understood`(reply: DecodeReply) {
    for count in reply.head.indices {
      #expect(DecodeReply(head: reply.head[..<count]) == nil)
    }
  }

  @Test func `nonsense is not understood`() throws {
    #expect(DecodeReply(head: [UInt8](repeating: 0xFF, count: 64)[...]) == nil)
    #expect(Frame([UInt8](repeating: 0xFF, count: 16)[...]) == nil)
    #expect(Frame([UInt8](repeating: 0x7F, count: 16)[...]) == nil)
    var unknown = ByteWriter()
    for text in ["failed", "no-such-code", "reason", ""] { unknown.write(text) }
    #expect(DecodeReply(head: unknown.bytes[...]) == nil)
    // Margins that leave nothing of the picture.
    var head = try #require(Self.fingerprint).head
    let bottom = withUnsafeBytes(of: Int64(4)) { Array($0) }
    head.replaceSubrange(head.count - bottom.count..<head.count, with: bottom)
    #expect(DecodeReply(head: head[...]) == nil)
  }
}
