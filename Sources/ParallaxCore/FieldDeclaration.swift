/// A metadata field as a table brings it.
package struct FieldDeclaration: Sendable, Hashable {
  package var name: String
  /// The kind of its values; `nil` when it has none yet.
  package var kind: ValueKind?
  /// Whether somebody chose the kind: values of another do not change it.
  package var isFixed: Bool
  /// Whether an item may have several values.
  package var isList: Bool

  package init(name: String, kind: ValueKind?, isFixed: Bool = false, isList: Bool = false) {
    self.name = name
    self.kind = kind
    self.isFixed = isFixed
    self.isList = isList
  }
}
