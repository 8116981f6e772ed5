import ParallaxCore
import ParallaxHTTP
@testable import ParallaxPublishing

/// Replies of Milvus's service: what stands in the frame of a call, read as each of them.
enum MilvusTarget: FuzzTarget {
  static let name = "milvus"
  static let repeats: [Repetition] = [
    ("", "\u{12}\u{7F}", ""), ("", "\u{A}\u{0}", ""), ("", "\u{8}\u{1}", ""), ("", "\u{7F}", ""),
    ("\u{12}", "\u{12}\u{2}", ""),
  ]

  static func run(_ bytes: [UInt8]) throws {
    if let message = GRPCFrame.message(in: bytes) {
      try expect(message.count == bytes.count - 5, "a frame of another length")
    }
    try expect(
      GRPCFrame.message(in: GRPCFrame.framed(bytes)).map { Array($0) } == bytes,
      "a frame is not read as written")
    if let status = MilvusStatus(in: bytes[...], isWhole: true) {
      try ErrorPromise.check(ParallaxError(.engine, "'h' refused: \(status.reason)"))
    }
    _ = MilvusStatus(in: bytes[...], isWhole: false)
    if let hits = try? MilvusHits(search: bytes) {
      try expect(hits.scores.count <= bytes.count / 4, "more scores than there are")
    }
    if let rows = try? MilvusRows(query: bytes) {
      try expect(rows.numbers.values.allSatisfy { $0.count <= bytes.count }, "numbers of nowhere")
      let count = rows.dimension > 0 ? rows.vectors.count / rows.dimension : 0
      if let vectors = rows.split(into: count) {
        try expect(
          vectors.allSatisfy { $0.count == rows.dimension }, "vectors of another length")
      }
    }
    _ = try? MilvusDescription(bytes)
    _ = try? MilvusIndexState(bytes)
    _ = try? MilvusFlush(bytes)
    _ = try? MilvusNumber.read(2, in: bytes)
  }
}
