import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxImaging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite(.enabled(if: TestData.root != nil, "\(TestData.comment)"))
struct RealDataTests {
  private static let crop = ImageTransform(
    resize: .shortestEdge(224), centerCrop: .init(width: 224, height: 224))

  private var odd: String { "\(TestData.root ?? "")/odd" }

  @Test func `no odd file crashes or hangs a worker`() async throws {
    let decoder = try sharedDecoder.get()
    let files = filesBelow(odd)
    try #require(files.count > 500)
    let codes = await withTaskGroup(of: String.self) { group in
      for file in files {
        group.addTask {
          do {
            _ = try await decoder.decode(file, Self.crop)
            return "decoded"
          } catch let error as ParallaxError {
            return error.message.hasPrefix("cannot ") ? error.code.name : "no reason for \(file)"
          } catch {
            return "\(error)"
          }
        }
      }
      return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    let expected: Set = ["decoded", "unsupported-format", "corrupt-image", "image-too-large"]
    #expect(Set(codes.keys) == expected)
    #expect(codes["decoded", default: 0] >= 270)
  }

  @Test(arguments: ["Landscape", "Portrait"])
  func `a photograph is the same in every orientation`(name: String) async throws {
    let decoder = try sharedDecoder.get()
    let files = filesBelow("\(odd)/exif_orientation").filter { $0.contains("\(name)_") }
    try #require(files.count >= 3)
    var upright: PixelBuffer?
    for file in files.sorted() {
      let pixels = try await decoder.decode(file, Self.crop).pixels
      if let upright { #expect(difference(pixels, upright).mean < 2, "\(file)") }
      upright = upright ?? pixels
    }
  }

  private func filesBelow(_ folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var files: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      let isFolder = entry.pointee.d_type == UInt8(DT_DIR)
      files += isFolder ? filesBelow("\(folder)/\(name)") : ["\(folder)/\(name)"]
    }
    return files
  }
}
