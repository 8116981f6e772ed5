/// Hashes in the order of each of several bands of their bits.
struct HashBands: Sendable {
  /// One band: all hashes in the order of its value.
  private struct Band: Sendable {
    let bits: Bits
    /// Where the hashes of a value begin; one more at the end.
    var starts: [Int32]
    var hashes: [UInt64]
    var positions: [Int32]
    /// What to change in a value to get every one of which few enough bits differ.
    let masks: [Int]

    init(_ all: [UInt64], _ bits: Bits) {
      self.bits = bits
      starts = [Int32](repeating: 0, count: 1 << bits.width + 1)
      for hash in all { starts[bits.value(of: hash) + 1] += 1 }
      for value in 1..<starts.count { starts[value] += starts[value - 1] }
      var next = starts
      hashes = [UInt64](repeating: 0, count: all.count)
      positions = [Int32](repeating: 0, count: all.count)
      for (position, hash) in all.enumerated() {
        let value = bits.value(of: hash)
        hashes[Int(next[value])] = hash
        positions[Int(next[value])] = Int32(position)
        next[value] += 1
      }
      masks = (0..<1 << bits.width).filter { $0.nonzeroBitCount <= bits.share }
    }

    var largest: Int { zip(starts, starts.dropFirst()).reduce(0) { max($0, Int($1.1 - $1.0)) } }
  }

  /// Which bits a band is, and how many of them may differ.
  struct Bits: Sendable, Hashable {
    var first: Int
    var width: Int
    /// -1 for a band that need not be looked at.
    var share: Int

    func value(of hash: UInt64) -> Int {
      Int(truncatingIfNeeded: hash >> UInt64(first)) & (1 << width - 1)
    }

    /// Values of which so few bits differ from one.
    var lookups: Int {
      var (sum, term) = (0, 1)
      for count in 0...max(0, share) where share >= 0 {
        sum += term
        term = term * (width - count) / (count + 1)
      }
      return sum
    }
  }

  private let bands: [Band]
  private let radius: Int
  private let largest: Int

  /// - Parameter count: of bands, as ``cheapest(count:radius:)`` chooses.
  init(_ hashes: [UInt64], radius: Int, count: Int) {
    self.radius = radius
    bands = Self.cut(into: count, radius: radius).filter { $0.share >= 0 }
      .map { Band(hashes, $0) }
    largest = bands.reduce(0) { max($0, $1.largest) }
  }

  /// Bands of nearly equal width. Their shares, and one for each band, add up to the radius and one more.
  static func cut(into count: Int, radius: Int) -> [Bits] {
    (0..<count).map { band in
      let first = 64 * band / count
      return Bits(
        first: first, width: 64 * (band + 1) / count - first,
        share: (radius + 1) / count - 1 + (band < (radius + 1) % count ? 1 : 0))
    }
  }

  /// How many bands make looking up cheapest; `nil` where comparing all is cheaper.
  static func cheapest(count: Int, radius: Int) -> Int? {
    let costs = (4...12).map { bands in
      cut(into: bands, radius: radius).reduce(0.0) { sum, bits in
        sum + Double(bits.lookups) * (lookup + element * Double(count) / Double(1 << bits.width))
      }
    }
    guard let least = costs.min(), least < Double(count) / 2 else { return nil }
    return costs.firstIndex(of: least).map { $0 + 4 }
  }

  /// What it costs to go to a value and to compare a hash that has it, in comparisons of hashes that lie in the
  /// cache; measured with AVX-512, where those are cheapest.
  private static let (lookup, element) = (1_000.0, 8.0)

  /// Calls `body` with the positions of all hashes within the radius of one, some more than once.
  func forEachNear(_ hash: UInt64, _ kernel: Kernel, _ body: (Int) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: max(1, largest)) { found in
      for band in bands {
        let value = band.bits.value(of: hash)
        band.hashes.withUnsafeBufferPointer { hashes in
          for mask in band.masks {
            let range = Int(band.starts[value ^ mask])..<Int(band.starts[value ^ mask + 1])
            if range.isEmpty { continue }
            let count = kernel.near(
              hash, UnsafeBufferPointer(rebasing: hashes[range]), radius: radius, found)
            for place in 0..<count {
              body(Int(band.positions[range.lowerBound + Int(found[place])]))
            }
          }
        }
      }
    }
  }
}
