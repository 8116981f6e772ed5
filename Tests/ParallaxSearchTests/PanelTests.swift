import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

/// The bound that rules pairs out: the same bits by every kernel, and never below a score.
@Suite struct PanelTests {
  private struct Given {
    var panels: PanelRows
    var rows: Int

    func masks(_ kernel: Kernel, _ own: Range<Int>, _ others: Range<Int>) -> [UInt16] {
      var masks = [UInt16](repeating: 0xABCD, count: own.count * (others.count + 1))
      withExtendedLifetime(panels) {
        kernel.near(
          panels.memory, own, panels.memory, others, masks: &masks, stride: others.count + 1)
      }
      return masks
    }
  }

  private func given(_ matrix: VectorMatrix, _ width: Int, floor: Float) throws -> Given {
    let side = PairSide(matrix, .best, 1)
    let plan = try #require(
      try PairPlan.cheapest([side], floor: floor, widths: [width], isForced: true, until: nil))
    return Given(
      panels: PanelRows(
        matrix, side.lengths, plan.axes, plan.frame, kernel: .best, threads: 1),
      rows: matrix.rowCount)
  }

  @Test(arguments: [16, 48, 144])
  func `every kernel sets the same bits`(width: Int) throws {
    let matrix = Samples.clustered(rows: 203, dimension: 140, spread: 0.3, seed: UInt64(width))
    for floor: Float in [0.5, 0.8, 0.95] {
      let given = try given(matrix, width, floor: floor)
      for (own, others) in [(0..<208, 0..<13), (16..<64, 3..<8), (192..<208, 12..<13)] {
        let wanted = given.masks(Kernel.available[0], own, others)
        #expect(wanted.contains { $0 != 0 && $0 != 0xABCD })
        for kernel in Kernel.available.dropFirst() {
          #expect(given.masks(kernel, own, others) == wanted, "\(kernel), \(floor)")
        }
      }
    }
  }

  @Test(arguments: [16, 64])
  func `a pair at the floor is never ruled out`(width: Int) throws {
    for seed: UInt64 in 0..<3 {
      // Pairs of all nearnesses, from copies on.
      let base = Samples.clustered(rows: 60, dimension: 80, clusters: 6, spread: 0.2, seed: seed)
      let index = ExactIndex(matrix: base, similarity: .cosine)
      for row in stride(from: 0, to: 60, by: 11) {
        for hit in try index.nearest(
          to: base.row(row), count: 8, allowed: nil, minimumScore: nil) where hit.row != row
        {
          let given = try given(base, width, floor: hit.score)
          let masks = given.masks(.best, 0..<64, 0..<4)
          let mask = masks[row * 5 + hit.row / 16]
          #expect(mask >> UInt16(hit.row % 16) & 1 == 1, "\(row), \(hit.row), \(hit.score)")
        }
      }
    }
  }

  @Test func `axes are orthonormal, and those that rows lack are zero`() throws {
    // Rows in a plane have two directions less their mean, and no third.
    let matrix = VectorMatrix(rowCount: 50, dimension: 20) { values in
      for row in 0..<50 {
        values[row * 20] = Float(row % 7) + 1
        values[row * 20 + 5] = Float(row % 11) - 4
        values[row * 20 + 9] = 1
      }
    }
    let sample = CentredDirections(of: matrix, rows: Array(0..<50))
    let axes = try PanelAxes(of: sample, count: 16, kernel: .best, until: nil)
    let rows = (0..<16).map { Array(axes.values[$0 * 20..<($0 + 1) * 20]) }
    let used = rows.filter { Vector.length($0) > 0 }
    #expect(used.count == 3 && axes.deviation < 1e-5)
    for (place, row) in used.enumerated() {
      for other in used[place...] {
        #expect(abs(Vector.dot(row, other) - (row == other ? 1 : 0)) < 1e-6)
      }
    }
  }
}
