import Testing

@testable import ParallaxSystem

@Suite struct WriteBufferTests {
  @Test(arguments: [1, 13, 1_000, WriteBuffer.blockSize, 3 * WriteBuffer.blockSize + 1])
  func `less than a block waits, and nothing is lost`(size: Int) throws {
    final class Sink {
      var blocks: [Int] = []
      var sum = 0
    }
    let sink = Sink()
    var buffer = WriteBuffer {
      sink.blocks.append($0.count)
      sink.sum += $0.reduce(0) { $0 + Int($1) }
    }
    let pieces = 200_000 / size + 3
    for number in 0..<pieces {
      try buffer.append([UInt8](repeating: UInt8(number % 251), count: size))
      #expect(buffer.bytes.count < WriteBuffer.blockSize)
    }
    try buffer.flush()
    #expect(buffer.bytes.isEmpty)
    #expect(sink.blocks.allSatisfy { $0 < WriteBuffer.blockSize + size })
    #expect(sink.blocks.reduce(0, +) == pieces * size)
    #expect(sink.sum == (0..<pieces).reduce(0) { $0 + $1 % 251 } * size)
  }
}
