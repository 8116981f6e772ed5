internal import CVectorGraph
internal import ParallaxCore

/// The rows behind each node: most have one, copies share one, what is gone has none.
struct NodeRows: Sendable {
  /// Node n's rows lie from `starts[n]` to `starts[n + 1]`.
  private let starts: [UInt32]
  private let rows: [UInt32]

  /// - Parameter nodes: of each row, -1 for none; a node's rows keep their order.
  init(nodes: [Int], nodeCount: Int) {
    var starts = [UInt32](repeating: 0, count: nodeCount + 1)
    for node in nodes where node >= 0 { starts[node + 1] += 1 }
    for node in 0..<nodeCount { starts[node + 1] += starts[node] }
    var rows = [UInt32](repeating: 0, count: Int(starts[nodeCount]))
    var next = starts
    for (row, node) in nodes.enumerated() where node >= 0 {
      rows[Int(next[node])] = UInt32(row)
      next[node] += 1
    }
    self.starts = starts
    self.rows = rows
  }

  var nodeCount: Int { starts.count - 1 }
  /// Nodes without a row.
  var deadCount: Int { (0..<nodeCount).count { starts[$0] == starts[$0 + 1] } }

  subscript(node: Int) -> ArraySlice<UInt32> { rows[Int(starts[node])..<Int(starts[node + 1])] }

  /// The pointers must not escape.
  func withRaw<Result>(
    _ allowed: RowSet?, _ body: (UnsafePointer<cvg_rows>) -> Result
  ) -> Result {
    starts.withUnsafeBufferPointer { starts in
      rows.withUnsafeBufferPointer { rows in
        var raw = cvg_rows(
          starts: starts.baseAddress, rows: rows.baseAddress, node_count: UInt32(nodeCount),
          allowed: nil)
        guard let allowed else { return body(&raw) }
        return allowed.words.withUnsafeBufferPointer {
          raw.allowed = $0.baseAddress
          return body(&raw)
        }
      }
    }
  }
}
