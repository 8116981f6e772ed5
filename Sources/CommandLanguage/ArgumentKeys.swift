package import ParallaxCore

/// An option or object of a command's signature, through which its values are read with their type.
package protocol ArgumentKey<Value>: Sendable {
  associatedtype Value

  var name: String { get }

  /// - Throws: `internal-error` for a command that does not have it.
  func value(in arguments: Arguments) throws -> Value
}

extension ArgumentKey {
  /// What an error about one of its values names.
  package func parameter(
    _ index: Int = 0, part: Range<Int>? = nil
  ) -> ParallaxError.Parameter {
    ParallaxError.Parameter(name: name, index: index, part: part)
  }
}

/// What declares an option in a signature.
package protocol OptionDeclaration {
  var spec: OptionSpec { get }
}

/// What declares an object in a signature.
package protocol ObjectDeclaration {
  var spec: ObjectSpec { get }
}

extension OptionSpec: OptionDeclaration {
  package var spec: OptionSpec { self }
}

extension ObjectSpec: ObjectDeclaration {
  package var spec: ObjectSpec { self }
}

/// An option with the type of its values.
package struct OptionKey<Value: Sendable>: ArgumentKey, OptionDeclaration {
  package let spec: OptionSpec
  private let read: @Sendable (Arguments) throws -> Value

  package var name: String { spec.name }

  init(_ spec: OptionSpec, read: @escaping @Sendable (Arguments) throws -> Value) {
    self.spec = spec
    self.read = read
  }

  package func value(in arguments: Arguments) throws -> Value {
    guard arguments.signature.option(named: name) != nil else {
      throw arguments.unknown(name)
    }
    return try read(arguments)
  }
}

extension OptionKey where Value == Bool {
  package static func flag(_ name: String, help: String, short: Character? = nil) -> Self {
    Self(.flag(name, help: help, short: short)) { $0.flagIfGiven(name) ?? false }
  }

  /// Consent to what destroys or costs: asked for on a terminal, needed elsewhere.
  package static var yes: Self { flag("yes", help: "do not ask") }
}

extension OptionKey where Value == Bool? {
  /// A flag that `--no-NAME` turns off; `nil` when neither is written.
  package static func negatable(_ name: String, help: String) -> Self {
    Self(.flag(name, help: help, negatable: true)) { $0.flagIfGiven(name) }
  }
}

extension OptionKey where Value == [Arguments.Weighted] {
  package static func weighted(
    _ name: String, _ type: TypedValue<String>, placeholder: String, help: String
  ) -> Self {
    Self(.weighted(name, type.type, placeholder: placeholder, help: help)) { $0.weighted(name) }
  }
}

extension OptionKey {
  /// One value, or `nil` when it is not written.
  ///
  /// - Parameter defaultNote: what then counts, in words for a person.
  package static func single<One>(
    _ name: String, _ type: TypedValue<One>, placeholder: String, help: String,
    defaultNote: String? = nil, short: Character? = nil
  ) -> Self where Value == One? {
    let spec = OptionSpec.single(
      name, type.type, placeholder: placeholder, help: help, default: defaultNote, short: short)
    return Self(spec) { arguments in
      try arguments.string(name).map { try type.value(of: $0, name, arguments) }
    }
  }

  /// One value, which is `defaultValue` when it is not written.
  package static func single(
    _ name: String, _ type: TypedValue<Value>, placeholder: String, help: String,
    default defaultValue: Value, short: Character? = nil
  ) -> Self {
    let spec = OptionSpec.single(
      name, type.type, placeholder: placeholder, help: help, default: type.written(defaultValue),
      short: short)
    return Self(spec) { arguments in
      try arguments.string(name).map { try type.value(of: $0, name, arguments) } ?? defaultValue
    }
  }

  /// One value, which must be written.
  package static func required(
    _ name: String, _ type: TypedValue<Value>, placeholder: String, help: String,
    short: Character? = nil
  ) -> Self {
    let spec = OptionSpec.single(
      name, type.type, placeholder: placeholder, help: help, required: true, short: short)
    return Self(spec) { try type.value(of: $0.string(name), name, $0) }
  }

  /// Any number of values.
  package static func list<One>(
    _ name: String, _ type: TypedValue<One>, placeholder: String, help: String,
    required: Bool = false
  ) -> Self where Value == [One] {
    let spec = OptionSpec.list(
      name, type.type, placeholder: placeholder, help: help, required: required)
    return Self(spec) { arguments in
      try arguments.list(name).map { try type.value(of: $0, name, arguments) }
    }
  }
}

/// An object with the type of its values.
package struct ObjectKey<Value: Sendable>: ArgumentKey, ObjectDeclaration {
  package let spec: ObjectSpec
  private let read: @Sendable (Arguments) throws -> Value

  package var name: String { spec.name }

  init(_ spec: ObjectSpec, read: @escaping @Sendable (Arguments) throws -> Value) {
    self.spec = spec
    self.read = read
  }

  package func value(in arguments: Arguments) throws -> Value {
    guard arguments.signature.object(named: name) != nil else {
      throw arguments.unknown(name)
    }
    return try read(arguments)
  }
}

extension ObjectKey {
  package static func required(
    _ name: String, _ type: TypedValue<Value>, keywords: [String] = []
  ) -> Self {
    Self(ObjectSpec(name, type.type, keywords: keywords)) {
      try type.value(of: $0.object(name), name, $0)
    }
  }

  /// One that the session fills in at the prompt, from what 'use' chose.
  package static func byHand(_ name: String, _ type: TypedValue<Value>) -> Self {
    Self(ObjectSpec(name, type.type, .optionalByHand)) { arguments in
      guard let text = arguments.object(name) else {
        throw arguments.error(
          .missingObject, "'\(arguments.verb)' needs a collection",
          hint: "name one, or choose with 'use'", usage: true)
      }
      return try type.value(of: text, name, arguments)
    }
  }

  /// One that may be left out; a pipe may take its place.
  package static func optional<One>(
    _ name: String, _ type: TypedValue<One>, _ arity: ObjectSpec.Arity = .optional,
    keywords: [String] = []
  ) -> Self where Value == One? {
    Self(ObjectSpec(name, type.type, arity, keywords: keywords)) { arguments in
      try arguments.object(name).map { try type.value(of: $0, name, arguments) }
    }
  }

  /// One that is `defaultValue` when it is left out.
  package static func optional(
    _ name: String, _ type: TypedValue<Value>, default defaultValue: Value
  ) -> Self {
    Self(ObjectSpec(name, type.type, .optional)) { arguments in
      try arguments.object(name).map { try type.value(of: $0, name, arguments) } ?? defaultValue
    }
  }

  /// One or more, or with `arity` any number.
  package static func repeated<One>(
    _ name: String, _ type: TypedValue<One>, _ arity: ObjectSpec.Arity = .repeated
  ) -> Self where Value == [One] {
    Self(ObjectSpec(name, type.type, arity)) { arguments in
      try arguments.objects(name).map { try type.value(of: $0, name, arguments) }
    }
  }
}

extension TypedValue {
  /// - Parameter text: a text that the type accepts, as the parser has checked.
  fileprivate func value(of text: String?, _ name: String, _ arguments: Arguments) throws -> Value {
    guard let value = text.flatMap(read) else { throw arguments.unknown(name) }
    return value
  }
}

extension Arguments {
  /// The value of an option or object.
  package subscript<Key: ArgumentKey>(key: Key) -> Key.Value {
    get throws { try key.value(in: self) }
  }

  /// Whether the option was written.
  package func given(_ key: some ArgumentKey) -> Bool { given(key.name) }

  /// An error that points at a value of an option or object, or at the verb when it was not written.
  package func error(
    at key: some ArgumentKey, index: Int = 0, part: Range<Int>? = nil,
    _ code: ParallaxError.Code, _ message: String, hint: String? = nil
  ) -> ParallaxError {
    located(
      ParallaxError(code, message, hint: hint, parameter: key.parameter(index, part: part)))
  }

  fileprivate func unknown(_ name: String) -> ParallaxError {
    ParallaxError(.internalError, "'\(verb)' reads '\(name)', which it does not have")
  }
}

/// Runs `body`; its errors are about a value of `key` unless they name one or point somewhere.
package func attributing<Result>(
  to key: some ArgumentKey, index: Int = 0, _ body: () throws -> Result
) throws -> Result {
  try attributing(to: key.parameter(index), body)
}
