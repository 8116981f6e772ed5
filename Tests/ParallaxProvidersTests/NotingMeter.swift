import ParallaxCore
import ParallaxProviders
import Synchronization

/// A meter that allows everything and remembers what it was told.
final class NotingMeter: RequestMeter {
  private let events = Mutex<[String]>([])

  var log: [String] { events.withLock { $0 } }

  func begin(_ positions: [Int]) throws -> Int64 {
    note("begin \(Self.range(positions))")
    return 7
  }

  func release(_ ticket: Int64) { note("release") }

  func settle(_ ticket: Int64, _ vectors: [Int: [Float]]) throws {
    note(vectors.isEmpty ? "settle nothing" : "settle \(Self.range(vectors.keys.sorted()))")
  }

  private func note(_ event: String) { events.withLock { $0.append(event) } }

  private static func range(_ positions: [Int]) -> String {
    guard let first = positions.first, let last = positions.last, last > first else {
      return positions.map(String.init).joined()
    }
    return last - first + 1 == positions.count
      ? "\(first)-\(last)" : positions.map(String.init).joined(separator: ",")
  }
}
