/// The words that stand for a task type in front of a text, for models that read tasks there, and as
/// another way to ask where a service ignores the type.
package enum TaskWords {
  /// The task types that have words.
  package static let names = GeminiTask.all.map(\.name)

  /// What stands in front of a text on the query side; `nil` for a task type without words.
  package static func query(of task: String) -> String? {
    GeminiTask.all.first { $0.name == task || $0.queryName == task }?.queryPrefix
  }
}
