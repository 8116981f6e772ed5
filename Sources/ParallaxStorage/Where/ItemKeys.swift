internal import ParallaxCore
private import ParallaxDigest

/// The keys of a collection's items, ascending; each has a position, counted from 0.
///
/// A workspace gives keys in order, so they come in few runs without gaps, of which the ends are kept.
struct ItemKeys: Sendable, Hashable {
  private struct Run: Hashable {
    var first: Int64
    /// The position of the first.
    var start: Int
  }

  private var runs: [Run] = []
  private(set) var count = 0

  /// - Precondition: ascending.
  init(_ keys: some Sequence<Int64>) {
    var next: Int64?
    for key in keys {
      if key != next { runs.append(Run(first: key, start: count)) }
      next = key &+ 1
      count += 1
    }
  }

  /// - Parameter lengths: of each run the first key and how many there are, in turns.
  /// - Returns: `nil` where they are no ascending runs.
  init?(lengths: some RandomAccessCollection<Int64>) {
    var next = Int64.min
    var rest = lengths.makeIterator()
    while let first = rest.next() {
      guard let length = rest.next(), length > 0, length <= Int32.max, first >= next else {
        return nil
      }
      let (end, overflows) = first.addingReportingOverflow(length)
      guard !overflows else { return nil }
      runs.append(Run(first: first, start: count))
      count += Int(length)
      next = end
    }
  }

  /// As ``init(lengths:)`` takes them.
  var lengths: [Int64] {
    runs.indices.flatMap { [runs[$0].first, Int64(end(of: $0) - runs[$0].start)] }
  }

  /// Of the keys.
  var checksum: Int64 {
    lengths.withUnsafeBytes { Int64(bitPattern: Digest.checksum($0)) }
  }

  /// Behind the last position of a run.
  private func end(of run: Int) -> Int { run + 1 < runs.count ? runs[run + 1].start : count }

  @inline(__always)
  func position(of key: Int64) -> Int? {
    guard let least = runs.first?.first, key >= least else { return nil }
    var (low, high) = (0, runs.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if runs[middle].first <= key { low = middle } else { high = middle - 1 }
    }
    let (offset, overflows) = key.subtractingReportingOverflow(runs[low].first)
    guard !overflows, offset < Int64(end(of: low) - runs[low].start) else { return nil }
    return runs[low].start + Int(offset)
  }

  /// The keys at the positions whose bits are set.
  func keys(where bits: [UInt64]) -> [Int64] {
    var keys: [Int64] = []
    keys.reserveCapacity(bits.reduce(0) { $0 + $1.nonzeroBitCount })
    for index in runs.indices {
      let (run, end) = (runs[index], end(of: index))
      var position = run.start
      while position < end {
        let rest = bits[position >> 6] >> UInt64(position & 63)
        guard rest != 0 else {
          position = (position | 63) + 1
          continue
        }
        position += rest.trailingZeroBitCount
        if position < end { keys.append(run.first + Int64(position - run.start)) }
        position += 1
      }
    }
    return keys
  }

  /// The rows whose items have their bit set.
  ///
  /// - Parameters:
  ///   - bits: one a position.
  ///   - items: of each row; one that is no key here has no bit.
  func rows(of items: [ItemRecord.RowID], where bits: [UInt64]) -> RowSet {
    guard let first = runs.first?.first, let spread = spread(bits, from: first) else {
      return RowSet(
        capacity: items.count,
        rows: items.indices.lazy.filter { row in
          position(of: items[row].rawValue).map { bits[$0 >> 6] & 1 << UInt64($0 & 63) != 0 }
            ?? false
        })
    }
    let limit = UInt64(spread.count) << 6
    var words = [UInt64](repeating: 0, count: (items.count + 63) / 64)
    items.withUnsafeBufferPointer { items in
      spread.withUnsafeBufferPointer { spread in
        for word in words.indices {
          var found: UInt64 = 0
          let base = word << 6
          for bit in 0..<min(64, items.count - base) {
            // Lower keys wrap around to what is out of range as well.
            let offset = UInt64(bitPattern: items[base + bit].rawValue &- first)
            guard offset < limit else { continue }
            found |= (spread[Int(offset >> 6)] >> (offset & 63) & 1) << UInt64(bit)
          }
          words[word] = found
        }
      }
    }
    return RowSet(capacity: items.count, words: words)
  }

  /// The bits by key instead of by position; `nil` where the keys lie too far apart.
  private func spread(_ bits: [UInt64], from first: Int64) -> [UInt64]? {
    guard runs.count > 1, let last = runs.last else { return bits }
    let (span, overflows) = last.first.subtractingReportingOverflow(first)
    guard !overflows, span < 64 * Int64(count) else { return nil }
    var spread = [UInt64](repeating: 0, count: (Int(span) + count - last.start + 63) / 64)
    for index in runs.indices {
      let offset = Int(runs[index].first - first) - runs[index].start
      for position in runs[index].start..<end(of: index) {
        let bit = bits[position >> 6] >> UInt64(position & 63) & 1
        spread[(position + offset) >> 6] |= bit << UInt64((position + offset) & 63)
      }
    }
    return spread
  }
}
