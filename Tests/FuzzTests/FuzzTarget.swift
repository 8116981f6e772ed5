/// A reader of what people type or what files and services hold, with what must be true whatever its
/// bytes are.
protocol FuzzTarget: SendableMetatype {
  /// Also that of its folder in `Corpus`, and of its file in `Dictionaries`.
  static var name: String { get }
  /// Of what long and deep inputs are made.
  static var repeats: [Repetition] { get }
  /// - Throws: ``Fault`` for what must not be; any other error is one, too.
  static func run(_ bytes: [UInt8]) throws
}

/// What is repeated, and what stands before and behind it.
typealias Repetition = (head: String, unit: String, tail: String)

enum FuzzTargets {
  static let all: [any FuzzTarget.Type] = [
    CommandTarget.self, ConditionTarget.self, CSVTarget.self, JSONLinesTarget.self,
    TRECTarget.self, NotebookTarget.self, ModelTarget.self, ReplyTarget.self,
    ArchiveTarget.self, StoreTarget.self, ServedRequestTarget.self, MilvusTarget.self,
  ]
}

/// What a target found that must not be.
struct Fault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// - Throws: ``Fault`` with `message` unless `condition` holds.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  if !condition { throw Fault(message()) }
}
