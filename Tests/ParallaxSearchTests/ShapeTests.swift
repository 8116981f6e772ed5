import ParallaxCore
import ParallaxStatistics
import ParallaxTestSupport
import Testing

@testable import ParallaxSearch

@Suite struct ShapeTests {
  private static let neighbours = 5

  private static func matrix(_ values: [Double], dimension: Int) -> VectorMatrix {
    VectorMatrix(rowCount: values.count / dimension, dimension: dimension) { buffer in
      for (index, value) in values.enumerated() { buffer[index] = Float(value) }
    }
  }

  private static func matrix(_ rows: [[Float]]) -> VectorMatrix {
    matrix(rows.flatMap { $0.map(Double.init) }, dimension: rows[0].count)
  }

  private static func hubness(of matrix: VectorMatrix) throws -> Hubness {
    let lists = try ExactIndex(matrix: matrix, similarity: .cosine)
      .neighbours(of: Array(0..<matrix.rowCount), count: neighbours)
    return Hubness(lists.map { $0.map(\.row) })
  }

  @Test func `shapes are those that NumPy and SciPy compute`() throws {
    for row in try NumberTable("shapes.tsv", of: "ParallaxSearchTests").rows {
      let name = try row.text("case")
      let vectors = try Self.matrix(row.numbers("vectors"), dimension: row.count("dimension"))
      let hubness = try Self.hubness(of: vectors)
      #expect(try hubness.counts == row.numbers("counts").map { Int($0) }, "\(name)")
      #expect(try isNear(hubness.skewness, row.number("skewness"), 1e-12), "\(name)")
      #expect(try isNear(hubness.hubShare, row.number("hubs"), 1e-12), "\(name)")
      #expect(try isNear(hubness.placesOfHubs, row.number("places"), 1e-12), "\(name)")
      #expect(try isNear(hubness.antihubShare, row.number("antihubs"), 1e-12), "\(name)")

      let rows = Array(0..<vectors.rowCount)
      let shape = try VectorShape(of: vectors, rows: rows)
      #expect(try isNear(shape.meanLength, row.number("mean_length"), 1e-9), "\(name)")
      #expect(try isNear(shape.meanCosine, row.number("mean_cosine"), 1e-9), "\(name)")
      #expect(try isNear(shape.effectiveDimension, row.number("effective"), 1e-6), "\(name)")
      for (variance, wanted) in zip(shape.variances, try row.numbers("variances")) {
        #expect(isNear(variance, wanted, 1e-9), "\(name)")
      }

      let others = try Self.matrix(row.numbers("others"), dimension: row.count("other_dimension"))
      let cka = try LinearCKA.value(
        CentredDirections(of: vectors, rows: rows), CentredDirections(of: others, rows: rows))
      #expect(try isNear(cka, row.number("cka"), 1e-6), "\(name)")
    }
  }

  @Test(arguments: Kernel.available)
  func `the plane of most variance is that of NumPy's eigenvectors`(kernel: Kernel) throws {
    for row in try NumberTable("shapes.tsv", of: "ParallaxSearchTests").rows {
      let name = try row.text("case")
      let vectors = try Self.matrix(row.numbers("vectors"), dimension: row.count("dimension"))
      let plane = try PrincipalPlane(of: vectors, seed: 1, kernel: kernel)
      #expect(plane.sampled == vectors.rowCount)
      let wanted = try row.numbers("plane")
      #expect(plane.coordinates.count == wanted.count, "\(name)")
      for (found, wanted) in zip(plane.coordinates, wanted) {
        #expect(isNear(Double(found), wanted, 1e-4), "\(name)")
      }
      let shares = try row.numbers("shares")
      #expect(isNear(plane.shares.x, shares[0], 1e-6), "\(name)")
      #expect(isNear(plane.shares.y, shares[1], 1e-6), "\(name)")
    }
  }

  @Test func `the plane of equal vectors, and of one dimension, is a point and a line`() throws {
    let equal = try PrincipalPlane(
      of: Self.matrix([[Float]](repeating: [0.6, 0.8, 0], count: 5)), seed: 1)
    #expect(equal.coordinates.allSatisfy { abs($0) < 1e-6 })
    let line = try PrincipalPlane(of: Self.matrix([[2], [-3], [1]]), seed: 1)
    #expect(line.coordinates.enumerated().allSatisfy { $0 % 2 == 0 || $1 == 0 })
    #expect(isNear(line.shares.x, 1, 1e-6) && line.shares.y == 0)
  }

  @Test func `a planted hub is the top one`() throws {
    var rows = (0..<120).map { Samples.vector(24, seed: UInt64($0)).map { $0 + 0.6 } }
    rows[77] = (0..<24).map { place in rows.reduce(Float(0)) { $0 + $1[place] } / 120 }
    let hubness = try Self.hubness(of: Self.matrix(rows))
    #expect(hubness.top(1) == [77] && hubness.counts[77] > 50)
    #expect((hubness.skewness ?? 0) > 2)
  }

  @Test func `dead numbers, shares and the largest one are found`() throws {
    let rows = (0..<50).map { row in
      Samples.vector(8, seed: UInt64(row)).enumerated().map { place, value in
        place == 2 || place == 5 ? 0 : place == 6 ? value * 20 : value
      }
    }
    let shape = try VectorShape(of: Self.matrix(rows), rows: Array(0..<50))
    #expect(shape.deadDimensions == 2)
    #expect(shape.largest?.number == 6)
    let share = try #require(shape.largest?.share)
    #expect(share > 0.5 && share < 1)
    #expect(isNear(shape.share(ofFirst: 8), 1, 1e-12))
    #expect(
      isNear(
        shape.share(ofFirst: 6), shape.variances[..<6].reduce(0, +) / shape.variances.reduce(0, +)))
  }

  @Test func `equal vectors have no spread, and a row is not its own neighbour`() throws {
    let matrix = VectorMatrix(rowCount: 90, dimension: 3) { $0.update(repeating: 0.5) }
    let shape = try VectorShape(of: matrix, rows: Array(0..<90))
    #expect(isNear(shape.meanCosine, 1, 1e-9) && isNear(shape.meanLength, 1, 1e-9))
    let index = ExactIndex(matrix: matrix, similarity: .cosine)
    for (row, list) in try index.neighbours(of: [0, 40, 89], count: 4).enumerated() {
      #expect(list.count == 4 && !list.map(\.row).contains([0, 40, 89][row]))
    }
    #expect(EqualRows.count(in: matrix) == 90)
    // Every list holds the first others, so that four items are in all of them.
    #expect(try Self.hubness(of: matrix).counts.prefix(7) == [89, 89, 89, 89, 89, 5, 0])
  }

  @Test func `copies are counted, and a vector without a direction has no neighbours`() throws {
    var rows = (0..<20).map { Samples.vector(6, seed: UInt64($0)) }
    rows[4] = rows[17]
    rows[9] = rows[17]
    rows[12] = [Float](repeating: 0, count: 6)
    let matrix = Self.matrix(rows)
    #expect(EqualRows.count(in: matrix) == 3)
    let lists = try ExactIndex(matrix: matrix, similarity: .cosine)
      .neighbours(of: [12, 4, 3], count: 2)
    #expect(lists[0].isEmpty && lists[2].count == 2)
    #expect(lists[1].map(\.row) == [9, 17] && lists[1].allSatisfy { $0.score == 1 })
  }

  @Test func `sums over pairs do not depend on how they are cut`() throws {
    let (left, right) = (
      Samples.matrix(rows: 540, dimension: 9, seed: 3),
      Samples.matrix(rows: 540, dimension: 4, seed: 4)
    )
    let sums = try PairSums(left, right)
    #expect(try PairSums(left).first == sums.first)
    let rows = (0..<540).map { (left.row($0), right.row($0)) }
    var (first, second, mixed) = (0.0, 0.0, 0.0)
    for one in rows {
      for other in rows {
        let (x, y) = (Vector.dot(one.0, other.0), Vector.dot(one.1, other.1))
        first += x * x
        second += y * y
        mixed += x * y
      }
    }
    #expect(isNear(sums.first, first, 1e-6) && isNear(sums.second, second, 1e-6))
    #expect(isNear(sums.mixed, mixed, 1e-6))
  }

  @Test func `a space is like itself`() throws {
    let matrix = Samples.clustered(rows: 300, dimension: 16, seed: 5)
    let directions = CentredDirections(of: matrix, rows: Array(0..<300))
    #expect(isNear(try LinearCKA.value(directions, directions), 1, 1e-12))
    let same = VectorMatrix(rowCount: 5, dimension: 2) { $0.update(repeating: 1) }
    let still = CentredDirections(of: same, rows: Array(0..<5))
    #expect(try LinearCKA.value(still, still) == nil)
  }

  @Test func `the gap of two modalities is that of their means`() throws {
    let images: [[Float]] = [[1, 0, 0], [0, 2, 0]]
    let texts: [[Float]] = [[0, 0, 1], [0, 0.6, 0.8]]
    let gap = try #require(ModalityGap(images: images, texts: texts))
    // Means (.5, .5, 0) and (0, .3, .9).
    #expect(isNear(gap.distance, (0.25 + 0.04 + 0.81).squareRoot(), 1e-7))
    #expect(isNear(gap.own, 0.3, 1e-7) && isNear(gap.other, 0, 1e-7) && gap.pairs == 2)
    #expect(ModalityGap(images: [[0, 0]], texts: [[1, 0]]) == nil)
    #expect(ModalityGap(images: [[1, 0]], texts: [[1, 0]])?.other == nil)
  }
}
