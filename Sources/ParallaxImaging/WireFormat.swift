/// Appends whole numbers and texts to a message between the program and its workers.
///
/// Both ends are the same program on the same machine, so numbers keep the
/// machine's byte order.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: Int) {
    withUnsafeBytes(of: Int64(value)) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }
}

/// Reads what a `ByteWriter` wrote; `nil` as soon as the bytes do not fit.
///
/// A worker that decoded a hostile file may send anything: nothing is trusted.
struct ByteReader {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  mutating func readInt() -> Int? {
    guard let taken = take(8) else { return nil }
    return taken.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func readString() -> String? {
    guard let count = readInt(), let taken = take(count) else { return nil }
    return String(decoding: taken, as: UTF8.self)
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= bytes.count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }
}

/// The frame of a message: the length of its head and of the pixels that follow it.
struct Frame: Equatable {
  static let length = 16
  /// A head holds a path or a reason, never more.
  static let longestHead = 1 << 16

  var head: Int
  var pixels: Int

  init?(_ bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes)
    guard let head = reader.readInt(), let pixels = reader.readInt(),
      (0...Self.longestHead).contains(head), pixels >= 0
    else { return nil }
    self.head = head
    self.pixels = pixels
  }

  /// A message up to its pixels.
  static func framed(_ head: [UInt8], pixels: Int = 0) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(head.count)
    writer.write(pixels)
    return writer.bytes + head
  }
}
