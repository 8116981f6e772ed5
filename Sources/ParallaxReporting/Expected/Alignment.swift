/// The cheapest way to make one list of another, of which some elements stand for any others.
struct Alignment: Sendable, Hashable {
  enum Step: Sendable, Hashable {
    case same(Int, Int)
    case changed(Int, Int)
    /// Of the expected list only.
    case missing(Int)
    /// Of the actual list only.
    case extra(Int)
    /// What an element that stands for any others stands for.
    case wild(Int, Range<Int>)
  }

  /// What leaving out an element costs.
  static let gap = 200
  /// More pairs than these are not compared one by one.
  private static let limit = 1_000_000

  private(set) var steps: [Step] = []

  var isSame: Bool {
    steps.allSatisfy { step in
      switch step {
      case .same, .wild: true
      case .changed, .missing, .extra: false
      }
    }
  }

  /// - Parameters:
  ///   - isWild: whether an element of the expected list stands for any others.
  ///   - cost: what putting an actual element in the place of an expected one costs; 0 if they agree.
  init(
    _ expected: Int, _ actual: Int, isWild: (Int) -> Bool, cost: (Int, Int) -> Int
  ) {
    var start = 0
    while start < min(expected, actual), !isWild(start), cost(start, start) == 0 {
      steps.append(.same(start, start))
      start += 1
    }
    let rows = expected - start
    let columns = actual - start
    guard rows > 0, columns > 0, rows * columns <= Self.limit else {
      finish(from: start, expected, actual, isWild)
      return
    }
    // best[i][j] is the cost of what follows `start + i` and `start + j`.
    var best = [Int32](repeating: 0, count: (rows + 1) * (columns + 1))
    var costs = [Int32](repeating: 0, count: rows * columns)
    let width = columns + 1
    for j in 0..<columns { best[rows * width + j] = Int32((columns - j) * Self.gap) }
    for i in stride(from: rows - 1, through: 0, by: -1) {
      let wild = isWild(start + i)
      best[i * width + columns] = best[(i + 1) * width + columns] + (wild ? 0 : Int32(Self.gap))
      for j in stride(from: columns - 1, through: 0, by: -1) {
        let down = best[(i + 1) * width + j]
        let right = best[i * width + j + 1]
        if wild {
          // Rather than let it stand for a line, that line is put in the place of another.
          best[i * width + j] = min(down, right + 1)
        } else {
          let change = Int32(cost(start + i, start + j))
          costs[i * columns + j] = change
          best[i * width + j] = min(
            best[(i + 1) * width + j + 1] + change, min(down, right) + Int32(Self.gap))
        }
      }
    }
    var (i, j) = (0, 0)
    while i < rows || j < columns {
      let here = best[i * width + j]
      if i < rows, isWild(start + i) {
        let first = j
        while j < columns, best[(i + 1) * width + j] != best[i * width + j] { j += 1 }
        steps.append(.wild(start + i, start + first..<start + j))
        i += 1
      } else if i < rows, j < columns,
        here == best[(i + 1) * width + j + 1] + costs[i * columns + j]
      {
        let pair = (start + i, start + j)
        steps.append(
          costs[i * columns + j] == 0 ? .same(pair.0, pair.1) : .changed(pair.0, pair.1))
        (i, j) = (i + 1, j + 1)
      } else if i < rows, here == best[(i + 1) * width + j] + Int32(Self.gap) {
        steps.append(.missing(start + i))
        i += 1
      } else {
        steps.append(.extra(start + j))
        j += 1
      }
    }
  }

  /// What is left when one list has ended, or both are too long to compare.
  private mutating func finish(
    from start: Int, _ expected: Int, _ actual: Int, _ isWild: (Int) -> Bool
  ) {
    var rest = start..<actual
    for index in start..<expected {
      if isWild(index) {
        steps.append(.wild(index, rest))
        rest = actual..<actual
      } else {
        steps.append(.missing(index))
      }
    }
    steps += rest.map { .extra($0) }
  }
}
