import ParallaxCore
import ParallaxServer
import ParallaxTestSupport
import ParallaxText
import Testing

@testable import ParallaxService

@Suite struct UploadsTests {
  private static let mug = "\(TestData.packageRoot)/datasets/tiles/images/mug-001.jpg"

  @Test func `the newest are kept, and one that is in use stays until it is not`() throws {
    let uploads = try Uploads()
    defer { uploads.close() }
    var used: Uploads.Upload? = try uploads.hold([0, 0])
    let path = try #require(used?.path)
    if let used { uploads.keep(used) }
    for number in 1...256 { uploads.keep(try uploads.hold([UInt8(number % 256), 1])) }
    let id = try #require(used?.content.hexadecimal)
    #expect(throws: ParallaxError.self) { try uploads.upload(id) }
    #expect(try TestFiles.bytes(of: path) == [0, 0])
    // The same picture comes again meanwhile.
    uploads.keep(try uploads.hold([0, 0]))
    let again = try uploads.upload(id).path
    #expect(again != path)
    used = nil
    #expect((try? TestFiles.bytes(of: path)) == nil)
    #expect(try TestFiles.bytes(of: again) == [0, 0])
  }

  @Test func `a picture of one request takes no place and leaves no file`() async throws {
    try await ServedBench.inNewFolder { served in
      let bytes = try TestFiles.bytes(of: Self.mug)
      let sent = try JSONValue(
        parsing: await served.send("POST", "/v1/uploads", bytes, type: "image/jpeg").body)
      let id = try #require(sent["upload"]?.string)
      let kept = try served.service.uploads.upload(id).path
      let folder = String(kept.prefix(upTo: try #require(kept.lastIndex(of: "/"))))
      for _ in 0..<3 {
        let found = try await served.json(
          "POST", "/v1/search", "{\"image\": \"\(Base64.text(of: bytes))\"}")
        #expect(found.ids.first == "a")
        _ = try await served.json(
          "POST", "/v1/gate", "{\"image\": \"\(Base64.text(of: bytes))\", \"max_score\": 0.9}")
      }
      let wrong = "{\"image\": \"bm8gcGljdHVyZQ==\"}"
      #expect(try await served.refusal("POST", "/v1/search", wrong).status == 422)
      #expect(await served.send("POST", "/v1/uploads", [1, 2], type: "image/png").status == 422)
      let names = TestFiles.names(in: folder, endingWith: "").filter { !$0.hasPrefix(".") }
      #expect(names.count == 1)
      #expect(try served.service.uploads.upload(id).path == kept)
    }
  }
}
