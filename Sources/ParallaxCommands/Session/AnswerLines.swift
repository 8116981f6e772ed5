internal import ParallaxCore

/// What answers questions where nobody is at a prompt: the lines of the standard input.
@MainActor
package final class AnswerLines {
  /// Whether a person types them, who may mistype.
  package let isTerminal: Bool
  private let read: () throws -> String?
  /// A line that was looked at and nobody took.
  private(set) var held: String?

  /// - Parameter read: the next line; `nil` at the end.
  package init(isTerminal: Bool, read: @escaping () throws -> String?) {
    (self.isTerminal, self.read) = (isTerminal, read)
  }

  /// The next line; `nil` at the end.
  package func next() throws -> String? {
    if let line = held {
      held = nil
      return line
    }
    return try read()
  }

  /// The next line that is not blank, which stays the next; `nil` at the end.
  func peek() throws -> String? {
    while held?.isBlank ?? true {
      guard let line = try read() else {
        held = nil
        return nil
      }
      held = line
    }
    return held
  }

  /// That there are answers which nobody asked for; `nil` where there are none.
  var leftOver: String? {
    held.map {
      "the standard input has more lines than answers were asked for: the first of them is "
        + "'\($0.prefix(20))'"
    }
  }
}
