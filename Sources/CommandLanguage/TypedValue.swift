/// What words mean, with the Swift type of the value that they become.
package struct TypedValue<Value: Sendable>: Sendable {
  package let type: ValueType
  /// `nil` only for a text that `type` refuses.
  let read: @Sendable (String) -> Value?
  /// How a value is typed.
  let written: @Sendable (Value) -> String

  package init(
    _ type: ValueType, read: @escaping @Sendable (String) -> Value?,
    written: @escaping @Sendable (Value) -> String = { "\($0)" }
  ) {
    self.type = type
    self.read = read
    self.written = written
  }
}

extension TypedValue where Value == Int {
  package static func integer(_ range: ClosedRange<Int>) -> Self {
    Self(.integer(range), read: Numbers.integer)
  }
}

extension TypedValue where Value == Double {
  /// - Parameter range: `nil` for any finite number.
  package static func number(_ range: ClosedRange<Double>? = nil) -> Self {
    Self(.number(range), read: Numbers.decimal, written: Numbers.text)
  }
}

extension TypedValue
where Value: CaseIterable & RawRepresentable & Sendable, Value.RawValue == String {
  /// One of the cases, by its raw value.
  package static var choice: Self {
    Self(
      .choice(Value.allCases.map(\.rawValue)), read: { Value(rawValue: $0) },
      written: { $0.rawValue })
  }
}

/// `NAME=VALUE`.
package struct Assignment: Sendable, Hashable {
  package var name: String
  package var value: String
}

extension TypedValue {
  /// A reranker with its parameters, as `read` takes them apart.
  package static func reranker(
    read: @escaping @Sendable (String) -> Value, written: @escaping @Sendable (Value) -> String
  ) -> Self { Self(.reranker, read: { read($0) }, written: written) }
}

extension TypedValue where Value == Assignment {
  package static var assignment: Self {
    Self(.assignment) { text in
      text.firstIndex(of: "=").map {
        Assignment(
          name: String(text[..<$0]), value: String(text[text.index(after: $0)...]))
      }
    }
  }
}

extension TypedValue where Value == String {
  package static var text: Self { word(.text) }
  package static var path: Self { word(.path) }
  package static var collection: Self { word(.collection) }
  package static var result: Self { word(.result) }
  package static var object: Self { word(.object) }
  package static var resultOrSpace: Self { word(.resultOrSpace) }
  package static var named: Self { word(.named) }
  package static var name: Self { word(.name) }
  package static var itemID: Self { word(.itemID) }
  package static var column: Self { word(.column) }
  package static var setting: Self { word(.setting) }
  package static var settingValue: Self { word(.settingValue) }
  package static var model: Self { word(.model) }
  package static var task: Self { word(.task) }
  package static var metric: Self { word(.metric) }
  package static var verb: Self { word(.verb) }
  package static var variable: Self { word(.variable) }

  package static func fileColumn(of files: [String]) -> Self { word(.fileColumn(of: files)) }

  package static func fileColumnKind(of files: [String], kinds: [String]) -> Self {
    word(.fileColumnKind(of: files, kinds: kinds))
  }

  private static func word(_ type: ValueType) -> Self { Self(type) { $0 } }
}
