/// Grades, the highest first, kept as how many there are of each: a rule may judge every item of a
/// collection for each of many questions.
package struct GradeCounts: Sendable, Hashable, Sequence {
  private struct Entry: Sendable, Hashable {
    var grade: Int
    var count: Int
  }

  /// By falling grade; no count is 0.
  private var entries: [Entry] = []

  /// - Parameters:
  ///   - grades: in any order.
  ///   - count: how often each counts.
  package init(_ grades: some Sequence<Int>, each count: Int = 1) {
    for grade in grades { add(grade, count: count) }
  }

  /// Adds a grade some number of times.
  mutating func add(_ grade: Int, count: Int = 1) {
    guard count > 0 else { return }
    // Most grades are among few values.
    let place = entries.firstIndex { $0.grade <= grade } ?? entries.count
    if place < entries.count, entries[place].grade == grade {
      entries[place].count += count
    } else {
      entries.insert(Entry(grade: grade, count: count), at: place)
    }
  }

  /// The highest grade; `nil` without any.
  package var first: Int? { entries.first?.grade }

  /// Takes a grade out once; it must be there.
  mutating func remove(_ grade: Int) {
    guard let place = entries.firstIndex(where: { $0.grade == grade }) else { return }
    entries[place].count -= 1
    if entries[place].count == 0 { entries.remove(at: place) }
  }

  package func count(atLeast grade: Int) -> Int {
    entries.reduce(0) { $1.grade >= grade ? $0 + $1.count : $0 }
  }

  package func count(below grade: Int) -> Int {
    entries.reduce(0) { $1.grade < grade ? $0 + $1.count : $0 }
  }

  package struct Iterator: IteratorProtocol {
    private var rest: ArraySlice<Entry>
    private var left = 0

    fileprivate init(_ counts: GradeCounts) {
      rest = counts.entries[...]
      left = rest.first?.count ?? 0
    }

    package mutating func next() -> Int? {
      guard let entry = rest.first else { return nil }
      left -= 1
      if left == 0 {
        rest = rest.dropFirst()
        left = rest.first?.count ?? 0
      }
      return entry.grade
    }
  }

  package func makeIterator() -> Iterator { Iterator(self) }
}
