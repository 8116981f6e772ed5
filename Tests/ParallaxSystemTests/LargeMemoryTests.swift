import ParallaxSystem
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

  @Test func `memory brought in ahead is as before, and may go before it is all there`() {
    for _ in 0..<4 {
      let dropped = LargeMemory(count: 128 << 20)
      dropped.populateAhead()
    }
    let memory = LargeMemory(count: (70 << 20) + 3)
    memory.populateAhead()
    memory.bytes.initializeMemory(as: UInt8.self, repeating: 7)
    memory.populateAhead()
    #expect(memory.bytes.allSatisfy { $0 == 7 })
  }
}
