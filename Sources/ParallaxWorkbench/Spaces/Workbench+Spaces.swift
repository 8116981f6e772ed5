internal import ParallaxCore
package import ParallaxStorage

extension Workbench {
  /// The space that is meant; of a collection with one space, that one, of several, `base`.
  ///
  /// - Throws: `unknown-name` with the names there are.
  package func space(_ reference: SpaceReference) throws -> Space {
    let collection = try workspace.collection(named: reference.collection)
    if let name = reference.space { return try workspace.space(named: name, in: collection) }
    let spaces = try workspace.spaces(in: collection)
    if spaces.count == 1 { return spaces[0] }
    if spaces.isEmpty {
      throw ParallaxError(
        .unknownName, "collection '\(collection.name)' is not embedded yet",
        hint: "'embed \(collection.name) --as base' makes a space")
    }
    if let base = spaces.first(where: { $0.name == "base" }) { return base }
    let names = spaces.map(\.reference).joined(separator: ", ")
    throw ParallaxError(
      .unknownName, "collection '\(collection.name)' has several spaces: \(names)",
      hint: "name one of them")
  }
}
