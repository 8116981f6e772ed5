internal import ParallaxCore
private import ParallaxDigest
private import ParallaxSystem

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif
#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A graph on disk: its links and vectors, and beside them what is known of the items behind its nodes, with a checksum of
/// both. A cache of the vectors: any problem is reported and fixed by rebuilding.
enum GraphFile {
  /// What the side file holds.
  struct Nodes: Sendable {
    var options: GraphOptions
    var dimension: Int
    var scale: Float
    /// The stable key of each item that was added; an item that changed is there more than once.
    var keys: [Int64]
    /// XXH3 of the vector it had.
    var digests: [UInt64]
    /// The node it got; copies share one.
    var nodes: [Int32]
    /// Measured recall; empty until it was measured.
    var certificate: GraphCertificate?
  }

  private struct Header: Codable {
    var version = 2
    var connectivity: Int
    var expansionAdd: Int
    var storage: String
    var dimension: Int
    var scale: Float
    /// Items.
    var count: Int
    var nodeCount: Int
    var entry: Int
    /// Of the graph's file.
    var byteCount: Int
    var checksum: String
    var certificate: GraphCertificate?
  }

  static func sidePath(_ path: String) -> String { path + ".nodes" }

  /// Writes both files, each whole or not at all.
  ///
  /// - Throws: `index` with the system's reason.
  static func save(_ graph: VectorGraph, _ nodes: Nodes, to path: String) throws {
    var checksum = Checksum()
    var byteCount = 0
    do {
      try FileWriter.replaceOwn([
        .init(path) { write in
          func append(_ part: UnsafeRawBufferPointer) throws {
            checksum.update(part)
            byteCount += part.count
            for start in stride(from: 0, to: part.count, by: pieceSize) {
              try write(Array(part[start..<min(start + pieceSize, part.count)]))
            }
          }
          try graph.withParts { part in
            try append(part)
            let padding = [UInt8](repeating: 0, count: (64 - part.count % 64) % 64)
            try padding.withUnsafeBytes { try append($0) }
          }
        },
        .init(sidePath(path)) { write in
          try write(sideBytes(nodes, of: graph, byteCount: byteCount, checksum: checksum.value))
        },
      ])
    } catch let error as ParallaxError where error.code == .unwritableFile {
      throw ParallaxError(
        .index, error.message,
        hint:
          "indexes are kept beside the workspace: check that its folder is writable and has space")
    }
  }

  /// Bytes handed to the system at a time.
  private static let pieceSize = 1 << 20

  private static func sideBytes(
    _ nodes: Nodes, of graph: VectorGraph, byteCount: Int, checksum graphChecksum: UInt64
  ) throws -> [UInt8] {
    let header = Header(
      connectivity: nodes.options.connectivity, expansionAdd: nodes.options.expansionAdd,
      storage: nodes.options.storage.rawValue, dimension: nodes.dimension, scale: nodes.scale,
      count: nodes.keys.count, nodeCount: graph.count, entry: graph.entry,
      byteCount: byteCount, checksum: String(graphChecksum, radix: 16),
      certificate: nodes.certificate)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var bytes = Array(try encoder.encode(header)) + [0x0A]
    nodes.keys.withUnsafeBytes { bytes += $0 }
    nodes.digests.withUnsafeBytes { bytes += $0 }
    nodes.nodes.withUnsafeBytes { bytes += $0 }
    let own = bytes.withUnsafeBytes { checksum(of: $0) }
    withUnsafeBytes(of: own) { bytes += $0 }
    return bytes
  }

  /// What stands at the end of the side file, of all before it.
  static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt64 { Digest.checksum(bytes) }

  /// What the side file says, and the graph of the verified file.
  ///
  /// - Returns: `nil` when there is no index.
  /// - Throws: `damaged-index` naming the file, or saying that an earlier version wrote it.
  static func read(_ path: String) throws -> (VectorGraph, Nodes)? {
    guard let side = try? MappedFile(sidePath(path)) else { return nil }
    guard let (nodes, header) = try parsed(side.bytes, path) else { throw damaged(sidePath(path)) }
    // Copied before it is verified, so that nobody can change it afterwards; and large pages serve
    // a walk through the graph far better than those of a file.
    guard let file = try? MappedFile(path), file.bytes.count == header.byteCount else {
      throw damaged(path)
    }
    let memory = LargeMemory(count: file.bytes.count)
    memory.bytes.copyMemory(from: file.bytes)
    let held = UnsafeRawBufferPointer(rebasing: memory.bytes[..<file.bytes.count])
    guard String(Digest.checksum(held), radix: 16) == header.checksum else { throw damaged(path) }
    let stride = VectorGraph.stride(nodes.dimension, nodes.options.storage)
    let layout = GraphMemory.Layout(
      count: header.nodeCount, nodes.options.connectivity, stride)
    guard layout.byteCount == file.bytes.count else { throw damaged(path) }
    let graph = VectorGraph(
      GraphMemory(
        file: memory, count: header.nodeCount, nodes.options.connectivity, stride),
      count: header.nodeCount, entry: header.entry, dimension: nodes.dimension,
      options: nodes.options, scale: nodes.scale)
    guard graph.isSound else { throw damaged(path) }
    return (graph, nodes)
  }

  /// - Throws: `damaged-index` for a file of an earlier version.
  private static func parsed(
    _ bytes: UnsafeRawBufferPointer, _ path: String
  ) throws -> (Nodes, Header)? {
    let tail = MemoryLayout<UInt64>.size
    guard bytes.count > tail, let end = bytes.firstIndex(of: 0x0A) else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - tail)])
    guard bytes.loadUnaligned(fromByteOffset: body.count, as: UInt64.self) == checksum(of: body)
    else { return nil }
    let line = Data(bytes[..<end])
    guard let header = try? JSONDecoder().decode(Header.self, from: line) else {
      guard (try? JSONDecoder().decode(Version.self, from: line)) != nil else { return nil }
      throw ParallaxError(
        .damagedIndex, "the index file '\(path)' was written by another version",
        hint: "nothing is lost: 'index' builds it again from the vectors")
    }
    guard header.version == 2, let storage = GraphStorage(rawValue: header.storage),
      (0..<1 << 31).contains(header.nodeCount), (4...64).contains(header.connectivity),
      (1...1 << 20).contains(header.dimension), (1...10_000).contains(header.expansionAdd),
      header.scale.isFinite, header.scale >= 0,
      (header.nodeCount...max(header.nodeCount, body.count / 20)).contains(header.count),
      body.count == end + 1 + header.count * 20,
      (0..<max(1, header.nodeCount)).contains(header.entry)
    else { return nil }
    let nodes = Nodes(
      options: GraphOptions(
        connectivity: header.connectivity, expansionAdd: header.expansionAdd, storage: storage),
      dimension: header.dimension, scale: header.scale,
      keys: numbers(bytes, at: end + 1, header.count),
      digests: numbers(bytes, at: end + 1 + header.count * 8, header.count),
      nodes: numbers(bytes, at: end + 1 + header.count * 16, header.count),
      certificate: header.certificate)
    guard nodes.nodes.allSatisfy({ $0 >= 0 && $0 < header.nodeCount }) else { return nil }
    return (nodes, header)
  }

  /// What the header of any version says.
  private struct Version: Codable { var version: Int }

  private static func numbers<Number: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, _ count: Int
  ) -> [Number] {
    (0..<count).map {
      bytes.loadUnaligned(
        fromByteOffset: offset + $0 * MemoryLayout<Number>.size, as: Number.self)
    }
  }

  /// Removes both files, if they are there.
  static func remove(_ path: String) {
    unlink(path)
    unlink(sidePath(path))
  }

  private static func damaged(_ path: String) -> ParallaxError {
    ParallaxError(
      .damagedIndex, "the index file '\(path)' is damaged: its checksum does not match",
      hint: "nothing is lost: 'index' builds it again from the vectors")
  }
}
