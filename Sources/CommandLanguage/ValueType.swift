/// What the words of an object or an option's value mean: checked before a command runs, and
/// what completion offers.
package enum ValueType: Sendable, Hashable {
  /// Any text.
  case text
  /// A file or folder; not empty.
  case path
  /// A whole number in a range; `Int.min` and `Int.max` stand for no bound.
  case integer(ClosedRange<Int>)
  /// A finite number, within a range when there is one.
  case number(ClosedRange<Double>?)
  /// One of some words; a choice of one is a keyword such as `collection` in `create collection`.
  case choice([String])
  /// The boolean expression of `--where`.
  case expression
  /// One of some words, or what orders items: a field or a condition.
  case order([String])
  /// The name of a collection.
  case collection
  /// `COLLECTION@SPACE`; the space may be left out.
  case space
  /// The name of a result, `_` for the last one, or `_7` (by hand only).
  case result
  /// A collection, a space or a result.
  case object
  /// A result, or `COLLECTION@SPACE`, which has an `@`.
  case resultOrSpace
  /// Something that answers questions: a result that is a run, a space, or a file that holds a run.
  case system
  /// The name of something of the kind that the object before it says: `drop space NAME`.
  case named
  /// The id of an item.
  case itemID
  /// The name of something to be made: a letter or digit, then letters, digits, `_`, `-` or `.`.
  case name
  /// A column of a result.
  case column
  /// A column of the file that one of some options or objects names, the first there is.
  case fileColumn(of: [String])
  /// The same with `=` and one of some kinds.
  case fileColumnKind(of: [String], kinds: [String])
  /// The name of a setting.
  case setting
  /// A value of the setting named by the object before it.
  case settingValue
  /// A model, as its provider names it.
  case model
  /// A reranker, with or without parameters.
  case reranker
  /// A task type of the model that `--model` names.
  case task
  /// A metric of runs, such as `ndcg@10`.
  case metric
  /// A verb of the language.
  case verb
  /// The name of a `$variable` that the command defines, without the `$`.
  case variable
  /// `NAME=VALUE`.
  case assignment

  var isOrder: Bool { if case .order = self { true } else { false } }

  /// Whether a word of this type is the name of a result.
  func isResult(_ text: String?) -> Bool {
    self == .result || self == .resultOrSpace && text?.contains("@") != true
  }
}
