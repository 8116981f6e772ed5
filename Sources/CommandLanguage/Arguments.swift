package import ParallaxCore

/// What a command gets: checked values, read through the keys of its signature, and the places of
/// what is wrong with them.
package struct Arguments: Sendable {
  /// A value of a weighted option.
  package struct Weighted: Sendable, Hashable {
    package let value: String
    /// 1 when none was written.
    package let weight: Double
  }

  struct Value: Sendable {
    var bound: BoundText
    var weight: Double?
  }

  struct Object: Sendable {
    var spec: ObjectSpec
    var value: BoundText
  }

  struct Option: Sendable {
    var spec: OptionSpec
    var isNegated: Bool
    var values: [Value]
    /// The option's name in the source.
    var range: Range<Int>
  }

  package let command: ParsedCommand
  let boundObjects: [Object]
  let boundOptions: [Option]

  package var verb: String { command.verb }
  package var signature: CommandSignature { command.signature }
  /// Whether a result comes through `|`.
  package var isPiped: Bool { command.isPiped }

  // MARK: - Values by name, which keys read

  /// The object of this name in the signature, `nil` when left out.
  func object(_ name: String) -> String? { objects(name).first }

  /// All objects of a repeated name, in the order typed.
  func objects(_ name: String) -> [String] {
    boundObjects.filter { $0.spec.name == name }.map(\.value.text)
  }

  /// Whether the option was written, negated or not.
  func given(_ option: String) -> Bool { use(of: option) != nil }

  /// Whether the flag was written; `false` for `--no-NAME`, `nil` when absent.
  func flagIfGiven(_ option: String) -> Bool? { use(of: option).map { !$0.isNegated } }

  func string(_ option: String) -> String? { use(of: option)?.values.first?.bound.text }

  /// All values of a list option; empty when it was not written.
  func list(_ option: String) -> [String] { values(of: option).map(\.bound.text) }

  /// The values of a weighted option, in the order typed.
  func weighted(_ option: String) -> [Weighted] {
    values(of: option).map { Weighted(value: $0.bound.text, weight: $0.weight ?? 1) }
  }

  /// Every value with what it means, objects first; keywords are left out.
  package var values: [(type: ValueType, text: String, location: ParallaxError.Location)] {
    let objects = boundObjects.filter { !$0.spec.keywords.contains($0.value.text) }
      .map { ($0.spec.type, $0.value) }
    let options = boundOptions.flatMap { option in
      option.values.map { (option.spec.type, $0.bound) }
    }
    return (objects + options).map { ($0, $1.text, location(of: $1, part: nil)) }
  }

  // MARK: - Locations and errors

  /// Where an option's value stands (the name of a flag), or the verb when it was not written.
  ///
  /// - Parameters:
  ///   - index: which of several values.
  ///   - part: UTF-8 offsets into the value, such as a name within `--where`.
  func location(
    ofOption option: String, index: Int = 0, part: Range<Int>? = nil
  ) -> ParallaxError.Location {
    guard let use = use(of: option) else { return command.source.location(of: command.verbRange) }
    let values = values(of: option)
    guard values.indices.contains(index) else { return command.source.location(of: use.range) }
    return location(of: values[index].bound, part: part)
  }

  /// Where an object stands, or the verb when it was not written.
  func location(
    ofObject name: String, index: Int = 0, part: Range<Int>? = nil
  ) -> ParallaxError.Location {
    let objects = boundObjects.filter { $0.spec.name == name }
    guard objects.indices.contains(index) else {
      return command.source.location(of: command.verbRange)
    }
    return location(of: objects[index].value, part: part)
  }

  /// Where the option of this name stands, else the object, else the verb.
  package func location(of parameter: ParallaxError.Parameter) -> ParallaxError.Location {
    let (name, index, part) = (parameter.name, parameter.index, parameter.part)
    return given(name)
      ? location(ofOption: name, index: index, part: part)
      : location(ofObject: name, index: index, part: part)
  }

  /// The error at its place in the command: the one it points at, that of the parameter it names, or
  /// that of the only value its message quotes.
  package func located(_ error: ParallaxError) -> ParallaxError {
    error.located(at: error.parameter.map { location(of: $0) } ?? location(of: error.message))
  }

  /// An error that points at the verb; with `usage`, the usage line follows.
  package func error(
    _ code: ParallaxError.Code, _ message: String, hint: String? = nil, usage: Bool = false
  ) -> ParallaxError {
    command.error(code, message, hint: hint, usage: usage)
  }

  /// Where the only value stands that a message quotes or ends with, else the verb.
  func location(of message: String) -> ParallaxError.Location {
    let values = values.filter { !$0.text.isEmpty }
    for mentions in [
      { (text: String) in message.hasSuffix("got '\(text)'") || message.hasSuffix("got \(text)") },
      { (text: String) in message.contains("'\(text)'") },
    ] {
      let found = values.filter { mentions($0.text) }
      if found.count == 1 { return found[0].location }
    }
    return command.source.location(of: command.verbRange)
  }

  private func location(of value: BoundText, part: Range<Int>?) -> ParallaxError.Location {
    command.source.location(of: part.map(value.sourceRange(of:)) ?? value.range)
  }

  private func use(of option: String) -> Option? {
    boundOptions.first { $0.spec.name == option }
  }

  private func values(of option: String) -> [Value] {
    boundOptions.filter { $0.spec.name == option }.flatMap(\.values)
  }
}
