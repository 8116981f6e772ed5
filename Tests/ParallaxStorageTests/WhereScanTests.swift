import Dispatch
import ParallaxConditions
import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxStorage

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What conditions read, how they compare, and that they can be stopped.
@Suite struct WhereScanTests {
  @Test func `like agrees with that of SQLite`() throws {
    let connection = try Connection(path: ":memory:", access: .create)
    var random = SeededGenerator(seed: 3)
    let letters = ["a", "A", "b", "Z", "z", "%", "_", "ü", "Ü", "猫", "e\u{301}", "🐈", " ", "'"]
    for _ in 0..<5_000 {
      let (text, pattern) = (word(of: letters, &random), word(of: letters, &random))
      let expected = try connection.integer("SELECT ? LIKE ?", [.text(text), .text(pattern)])
      let found = try Array(text.utf8).withUnsafeBufferPointer { text in
        try Array(pattern.utf8).withUnsafeBufferPointer { pattern in
          [
            try LikePattern.matches(text, pattern), try LikePattern(pattern).matches(text),
          ]
        }
      }
      #expect(found == [expected == 1, expected == 1], "'\(text)' like '\(pattern)'")
    }
  }

  @Test func `a pattern of plain characters agrees with that of SQLite`() throws {
    let connection = try Connection(path: ":memory:", access: .create)
    var random = SeededGenerator(seed: 4)
    let letters = ["a", "A", "b", "@", "[", "`", "{", "Z", "ü", "猫", " "]
    for _ in 0..<5_000 {
      let word = self.word(of: letters, upTo: 12, &random)
      let text = self.word(of: letters, upTo: 3, &random) + word.uppercased() + word
      let pattern =
        (Bool.random(using: &random) ? "%" : "") + word + (Bool.random(using: &random) ? "%%" : "")
      let expected = try connection.integer("SELECT ? LIKE ?", [.text(text), .text(pattern)])
      let found = try Array(text.utf8).withUnsafeBufferPointer { text in
        try Array(pattern.utf8).withUnsafeBufferPointer { try LikePattern($0).matches(text) }
      }
      #expect(found == (expected == 1), "'\(text)' like '\(pattern)'")
    }
  }

  private func word(
    of letters: [String], upTo most: Int = 7, _ random: inout SeededGenerator
  ) -> String {
    (0..<Int.random(in: 0...most, using: &random))
      .map { _ in letters.randomElement(using: &random) ?? "" }.joined()
  }

  @Test func `whole numbers and reals compare exactly`() async throws {
    let wholes: [Int64] = [
      .min, .min + 1, -(1 << 53) - 1, -1, 0, 1, 1 << 53, 1 << 53 + 1, .max - 1, .max,
    ]
    let reals: [Double] = [
      -.greatestFiniteMagnitude, -0x1p63, -0x1p53, -1, -0.5, -0.0, 0.5, 1, 0x1p53, 0x1p53 + 2,
      0x1p63, .greatestFiniteMagnitude,
    ]
    let connection = try Connection(path: ":memory:", access: .create)
    let pairs = wholes.flatMap { whole in reals.map { (whole, $0) } }
    try await withWorkspace { workspace in
      let pairing = try workspace.createCollection(named: "pairs")
      try workspace.apply(
        pairs.enumerated().map { index, pair in
          .insert(item("\(index)", ["whole": .integer(pair.0), "real": .real(pair.1)]))
        }, to: pairing)
      for symbol in ["=", "<>", "<", "<=", ">", ">="] {
        let expected = try pairs.indices.filter {
          try connection.integer(
            "SELECT ? \(symbol) ?", [.integer(pairs[$0].0), .real(pairs[$0].1)]) == 1
        }
        for condition in ["whole \(symbol) real", "not not whole \(symbol) real"] {
          let found = try workspace.ids(in: pairing, matching: condition)
          #expect(Set(found) == Set(expected.map(String.init)), "\(condition)")
        }
        // A literal beside a column of the other kind.
        let literal = try workspace.ids(in: pairing, matching: "whole \(symbol) 9007199254740992.0")
        let wanted = pairs.indices.filter { compare(pairs[$0].0, symbol, 1 << 53) }
        #expect(Set(literal) == Set(wanted.map(String.init)), "\(symbol)")
      }
    }
  }

  private func compare(_ left: Int64, _ symbol: String, _ right: Int64) -> Bool {
    switch symbol {
    case "=": left == right
    case "<>": left != right
    case "<": left < right
    case "<=": left <= right
    case ">": left > right
    default: left >= right
    }
  }

  @Test func `what has changed since is read again`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a", ["year": 1])), .insert(item("b"))], to: photos)
      let reader = try Workspace(path: workspace.path, mode: .readOnly)
      defer { reader.close() }
      for side in [workspace, reader] {
        #expect(try side.ids(in: photos, matching: "year = 1") == ["a"])
      }
      try workspace.apply([.setMetadata("b", ["year": 1])], to: photos)
      for side in [workspace, reader] {
        #expect(try side.ids(in: photos, matching: "year = 1") == ["a", "b"])
      }
      try workspace.apply([.remove("a"), .insert(item("c", ["year": 1]))], to: photos)
      for side in [workspace, reader] {
        #expect(try side.ids(in: photos, matching: "year = 1") == ["b", "c"])
      }
      let art = try workspace.createCollection(named: "art")
      try workspace.apply([.insert(item("z", ["year": 1]))], to: art)
      #expect(try workspace.ids(in: art, matching: "year = 1") == ["z"])
    }
  }

  @Test func `a value of another kind than its field is damage, not an answer`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      try workspace.apply([.insert(item("a", ["year": 1, "city": "Rome"]))], to: photos)
      let connection = try Connection(path: workspace.path, access: .write)
      try connection.run("UPDATE metadata SET value = 'x' WHERE typeof(value) = 'integer'")
      let error = parallaxError { try workspace.ids(in: photos, matching: "year > 0") }
      #expect(error?.code == .damagedData)
      #expect(error?.message.contains("'year'") == true)
      #expect(try workspace.ids(in: photos, matching: "city = 'Rome'") == ["a"])
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `a long condition stops when its task is cancelled`() async throws {
    try await withWorkspace { workspace in
      let photos = try workspace.createCollection(named: "photos")
      let caption = String(repeating: "a dog at a lake ", count: 8)
      try workspace.apply(
        (0..<2_000).map { .insert(item("\($0)", ["caption": .text(caption)])) }, to: photos)
      // Hours of work.
      let chain = (0..<14_000).map { "caption like '%a%lake%\($0)'" }.joined(separator: " or ")
      let expression = try WhereExpression(parsing: chain)
      let task = Task.detached { try workspace.rows(in: photos, matching: expression) }
      cancelSoon(task)
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `reading stops when its task is cancelled, unless it was before`() async throws {
    try await withTemporaryDirectory { folder in
      let path = "\(folder)/a.db"
      let database = Database(try Connection(path: path, access: .create), writes: true) {
        try Connection(path: path, access: .read)
      }
      let endless =
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
      let begun = DispatchSemaphore(value: 0)
      let task = Task.detached {
        try database.read {
          begun.signal()
          return try $0.integer(endless)
        }
      }
      cancelSoon(task, after: begun)
      let error = await #expect(throws: SQLiteError.self) { try await task.value }
      #expect(error?.isInterruption == true)

      let late = Task.detached {
        while !Task.isCancelled { await Task.yield() }
        return try database.read {
          try $0.integer(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 20000) "
              + "SELECT count(*) FROM n")
        }
      }
      late.cancel()
      #expect(try await late.value == 20_000)
    }
  }
}

/// Cancels a task from a thread of its own: one that computes may hold every thread of the pool.
///
/// - Parameter begun: is waited for, where cancelling before the work begins means something else.
private func cancelSoon<Success: Sendable>(
  _ task: Task<Success, any Error>, after begun: DispatchSemaphore? = nil
) {
  let box = Unmanaged.passRetained(
    Cancellation {
      begun?.wait()
      task.cancel()
    })
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { context in
      usleep(50_000)
      if let context {
        Unmanaged<Cancellation>.fromOpaque(context).takeRetainedValue().cancel()
      }
      return nil
    }, box.toOpaque())
  pthread_detach(thread)
}

private final class Cancellation: Sendable {
  let cancel: @Sendable () -> Void

  init(_ cancel: @escaping @Sendable () -> Void) { self.cancel = cancel }
}
