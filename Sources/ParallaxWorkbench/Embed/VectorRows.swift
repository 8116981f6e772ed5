internal import ParallaxCore
internal import ParallaxIngest
private import ParallaxReporting
internal import ParallaxStorage

/// The rows of a file of vectors as a space keeps them: 32-bit floats at unit length.
struct VectorRows: Sendable {
  /// What is to be said of them.
  struct Findings: Sendable {
    var notes: [String] = []
    var warnings: [String] = []
  }

  private let matrix: NPYMatrix
  private let list: IDList
  private let file: VectorImport.File
  private let normalizes: Bool

  /// A length that differs from 1 by no more is that of a unit vector whose numbers were rounded to 32
  /// bits; such a vector is kept bit by bit.
  private static let tolerance = 1e-5

  /// - Parameter normalizes: whether any length of a vector is expected.
  init(_ matrix: NPYMatrix, _ list: IDList, of file: VectorImport.File, normalizes: Bool) {
    (self.matrix, self.list, self.file, self.normalizes) = (matrix, list, file, normalizes)
  }

  func id(_ row: Int) -> ItemID { list.ids[row] }

  /// A row at unit length; `nil` for one that has no direction.
  func unit(_ row: Int) -> [Float]? { Self.unit(matrix.row(row)) }

  private static func unit(_ numbers: [Double]) -> [Float]? {
    guard let length = length(of: numbers) else { return nil }
    return abs(length - 1) <= tolerance
      ? numbers.map { Float($0) } : numbers.map { Float($0 / length) }
  }

  /// `nil` unless it is finite and more than 0, as are the numbers.
  private static func length(of numbers: [Double]) -> Double? {
    // Scaled, so that the squares of small or large numbers stay what they are.
    guard let largest = numbers.map(\.magnitude).max(), largest > 0, largest.isFinite,
      numbers.allSatisfy(\.isFinite)
    else { return nil }
    let sum = numbers.reduce(0.0) { $0 + ($1 / largest) * ($1 / largest) }
    let length = largest * sum.squareRoot()
    return length.isFinite ? length : nil
  }

  /// Looks at some rows before anything is stored.
  ///
  /// - Throws: `invalid-value` naming `vectors`, the first row without a direction, and how many there
  ///   are; `cancelled`.
  func check(_ rows: [Int], progress: (Int, Int) -> Void) throws -> Findings {
    var bad: [(row: Int, fault: String)] = []
    var (scaled, rounded) = (0, 0)
    var lengths: ClosedRange<Double>?
    for (place, row) in rows.enumerated() {
      if place % 1_024 == 0 {
        try Task.checkCancellation()
        progress(place, rows.count)
      }
      let numbers = matrix.row(row)
      guard let length = Self.length(of: numbers) else {
        bad.append((row, Self.fault(of: numbers)))
        continue
      }
      if abs(length - 1) > Self.tolerance { scaled += 1 }
      lengths =
        min(lengths?.lowerBound ?? length, length)...max(lengths?.upperBound ?? length, length)
      if matrix.isDouble, numbers.contains(where: { Double(Float($0)) != $0 }) { rounded += 1 }
    }
    if let first = bad.first {
      let others = bad.count == 1 ? "" : "; \(Wording.count(bad.count)) rows are no vectors"
      throw ParallaxError(
        .invalidValue,
        "'\(file.vectors)', row \(first.row + 1) ('\(list.ids[first.row])') \(first.fault)\(others)",
        hint: "nothing was imported; leave such rows out of both files", parameter: "vectors")
    }
    return findings(scaled: scaled, rounded: rounded, of: rows.count, lengths)
  }

  private static func fault(of numbers: [Double]) -> String {
    if numbers.contains(where: \.isNaN) { return "holds a NaN" }
    if numbers.contains(where: \.isInfinite) { return "holds an infinite number" }
    return numbers.allSatisfy { $0 == 0 } ? "is all zeros" : "is too long"
  }

  private func findings(
    scaled: Int, rounded: Int, of count: Int, _ lengths: ClosedRange<Double>?
  ) -> Findings {
    var findings = Findings()
    if matrix.isColumnMajor {
      findings.notes.append("'\(file.vectors)' is stored by columns; it was read as its rows")
    }
    if scaled > 0, let lengths {
      let sentence =
        "\(Wording.count(scaled)) of \(Wording.count(count, "vector")) "
        + "\(scaled == 1 ? "was" : "were") scaled to unit length; the lengths were from "
        + "\(Float(lengths.lowerBound)) to \(Float(lengths.upperBound))"
      if normalizes {
        findings.notes.append(sentence)
      } else {
        findings.warnings.append(sentence + " (--normalize expects that)")
      }
    }
    if rounded > 0 {
      findings.warnings.append(
        "the 64-bit numbers of \(Wording.count(rounded, "vector")) were rounded to 32 bits")
    }
    return findings
  }

  /// Whether the space holds the vector of a row already.
  ///
  /// - Throws: `already-exists` where it holds another one of the item.
  func isKnown(_ row: Int, of places: VectorPlaces, in space: LoadedSpace?) throws -> Bool {
    guard let space, let item = places.items[row], let stored = space.row(of: item.rowID) else {
      return false
    }
    if unit(row) == space.matrix.row(stored) { return true }
    throw ParallaxError(
      .alreadyExists,
      "'\(space.space.reference)' holds another vector of '\(list.ids[row])' than row \(row + 1) of "
        + "'\(file.vectors)'",
      hint: "a space never mixes two: choose another name with --as, or drop the space first",
      parameter: "as")
  }
}
