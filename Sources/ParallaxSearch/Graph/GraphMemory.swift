internal import CVectorGraph
internal import ParallaxSystem

/// Where the parts of a graph lie: blocks of its own with room for more, or the bytes of a file.
struct GraphMemory {
  /// Offsets of the parts in a file, each a multiple of 64.
  struct Layout {
    let base, upper, vectors: Range<Int>

    init(count: Int, _ connectivity: Int, _ stride: Int) {
      func aligned(_ size: Int) -> Int { (size + 63) / 64 * 64 }
      let lists = (0..<UInt32(count)).reduce(0) { $0 + Int(cvg_level($1, UInt32(connectivity))) }
      base = 0..<count * 2 * connectivity * 4
      upper = aligned(base.upperBound)..<aligned(base.upperBound) + lists * connectivity * 4
      vectors = aligned(upper.upperBound)..<aligned(upper.upperBound) + count * stride
    }

    var byteCount: Int { vectors.upperBound }
  }

  /// Nodes there is room for.
  let capacity: Int
  let base, upper, vectors: UnsafeMutableRawPointer
  private let starts: LargeMemory
  /// Keep the bytes.
  private let blocks: [LargeMemory]
  private let connectivity: Int
  private let stride: Int

  /// Room for so many nodes.
  init(capacity: Int, _ connectivity: Int, _ stride: Int) {
    let layout = Layout(count: capacity, connectivity, stride)
    let blocks = [layout.base, layout.upper, layout.vectors].map { LargeMemory(count: $0.count) }
    self.init(
      capacity, connectivity, stride, blocks.map(\.start), blocks: blocks)
  }

  /// The parts within a file's bytes, which are as many as the layout says.
  init(file: LargeMemory, count: Int, _ connectivity: Int, _ stride: Int) {
    let layout = Layout(count: count, connectivity, stride)
    let parts = [layout.base, layout.upper, layout.vectors].map { file.start + $0.lowerBound }
    self.init(count, connectivity, stride, parts, blocks: [file])
  }

  private init(
    _ capacity: Int, _ connectivity: Int, _ stride: Int, _ parts: [UnsafeMutableRawPointer],
    blocks: [LargeMemory]
  ) {
    self.capacity = capacity
    self.connectivity = connectivity
    self.stride = stride
    (base, upper, vectors) = (parts[0], parts[1], parts[2])
    self.blocks = blocks
    starts = LargeMemory(count: (capacity + 1) * 4)
    let starts = starts.start.bindMemory(to: UInt32.self, capacity: capacity + 1)
    starts[0] = 0
    for node in 0..<capacity {
      starts[node + 1] = starts[node] + cvg_level(UInt32(node), UInt32(connectivity))
    }
  }

  /// The parts of the first nodes.
  func parts(count: Int) -> [UnsafeMutableRawBufferPointer] {
    let layout = Layout(count: count, connectivity, stride)
    return [(base, layout.base), (upper, layout.upper), (vectors, layout.vectors)].map {
      UnsafeMutableRawBufferPointer(start: $0, count: $1.count)
    }
  }

  func copy(_ other: GraphMemory, count: Int) {
    for (target, source) in zip(parts(count: count), other.parts(count: count)) {
      target.copyMemory(from: UnsafeRawBufferPointer(source))
    }
  }

  func place(in graph: inout cvg_graph) {
    graph.base = base.assumingMemoryBound(to: UInt32.self)
    graph.upper = upper.assumingMemoryBound(to: UInt32.self)
    graph.vectors = vectors.assumingMemoryBound(to: CChar.self)
    graph.starts = starts.start.assumingMemoryBound(to: UInt32.self)
  }
}
