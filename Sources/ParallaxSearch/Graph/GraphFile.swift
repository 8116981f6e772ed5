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

  /// Writes both files, each whole or not at all; the old pair stays valid until the last step.
  ///
  /// - Throws: `index` with the system's reason.
  static func save(_ graph: VectorGraph, _ nodes: Nodes, to path: String) throws {
    let partial = "\(path).partial"
    guard let target = created(partial) else { throw unwritable(path) }
    defer { unlink(partial) }
    do {
      defer { fclose(target) }
      try graph.withParts { part in
        let padding = [UInt8](repeating: 0, count: (64 - part.count % 64) % 64)
        guard part.isEmpty || fwrite(part.baseAddress, 1, part.count, target) == part.count,
          padding.isEmpty || fwrite(padding, 1, padding.count, target) == padding.count
        else { throw unwritable(path) }
      }
      guard fflush(target) == 0 else { throw unwritable(path) }
    }
    guard let file = try? MappedFile(partial) else { throw unwritable(path) }
    try writeSide(nodes, of: graph, file, path)
    try flush(partial)
    guard rename(partial, path) == 0, rename(sidePath(path) + ".partial", sidePath(path)) == 0
    else { throw unwritable(path) }
  }

  private static func writeSide(
    _ nodes: Nodes, of graph: VectorGraph, _ file: MappedFile, _ path: String
  ) throws {
    let header = Header(
      connectivity: nodes.options.connectivity, expansionAdd: nodes.options.expansionAdd,
      storage: nodes.options.storage.rawValue, dimension: nodes.dimension, scale: nodes.scale,
      count: nodes.keys.count, nodeCount: graph.count, entry: graph.entry,
      byteCount: file.bytes.count,
      checksum: String(Digest.checksum(file.bytes), radix: 16),
      certificate: nodes.certificate)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let line = try? encoder.encode(header) else { throw unwritable(path) }
    var bytes = Array(line) + [0x0A]
    nodes.keys.withUnsafeBytes { bytes += $0 }
    nodes.digests.withUnsafeBytes { bytes += $0 }
    nodes.nodes.withUnsafeBytes { bytes += $0 }
    let own = bytes.withUnsafeBytes { checksum(of: $0) }
    withUnsafeBytes(of: own) { bytes += $0 }
    let partial = sidePath(path) + ".partial"
    guard let file = created(partial) else { throw unwritable(path) }
    let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count && fflush(file) == 0
    fclose(file)
    guard isWritten else { throw unwritable(path) }
    try flush(partial)
  }

  /// A new file for writing; what a killed process left, or a link that somebody put there, goes.
  private static func created(_ path: String) -> UnsafeMutablePointer<FILE>? {
    unlink(path)
    return fopen(path, "wbx")
  }

  /// What stands at the end of the side file, of all before it.
  static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt64 { Digest.checksum(bytes) }

  private static func flush(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unwritable(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw unwritable(path) }
  }

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

  private static func unwritable(_ path: String) -> ParallaxError {
    ParallaxError(
      .index, "cannot write the index file '\(path)': \(String(cString: strerror(errno)))",
      hint: "indexes lie beside the workspace: see that its folder is writable and has room")
  }
}
