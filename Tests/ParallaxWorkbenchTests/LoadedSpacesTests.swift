import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch
@testable import ParallaxWorkbench

struct LoadedSpacesTests {
  @Test func `codes of a space that was read again are not those of before`() async throws {
    try await VectorBench.inNewFolder { bench in
      let vectors: [(id: String, vector: [Float])] = (0..<40).map { row in
        let values: [Float] = (0..<8).map { column in Float((row * 7 + column * 3) % 11) + 1 }
        return (id: "i\(row)", vector: values)
      }
      let space = try await bench.space("p", vectors)
      let spaces = bench.bench.spaces
      let before = try await spaces.loading(space)
      spaces.unload(space)
      let now = try await spaces.loading(space)
      let old = await spaces.bits(of: before)
      let own = await spaces.bits(of: now)
      #expect(old !== own)
      #expect(await spaces.bits(of: now) === own)
      #expect(try await spaces.provenCodes(of: now).int8() === spaces.int8Codes(of: now))
    }
  }
}
