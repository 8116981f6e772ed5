import ParallaxMemory
import Testing

@Suite struct LargeMemoryTests {
  @Test(arguments: [0, 1, 63, 4_096, 4 << 20, (9 << 20) + 5])
  func `a block is zeroed, aligned and all there`(count: Int) {
    let memory = LargeMemory(count: count)
    #expect(UInt(bitPattern: memory.bytes.baseAddress) % 64 == 0)
    #expect(memory.bytes.count >= count)
    #expect(memory.bytes.allSatisfy { $0 == 0 })
    memory.bytes.initializeMemory(as: UInt8.self, repeating: 7)
    #expect(memory.bytes.allSatisfy { $0 == 7 })
  }
}
