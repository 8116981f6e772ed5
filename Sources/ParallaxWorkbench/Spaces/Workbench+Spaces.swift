package import ParallaxCore
package import ParallaxStorage

extension Workbench {
  /// The space that is meant; see ``usualSpace(of:)`` for a collection alone.
  ///
  /// - Throws: `unknown-name` with the names there are.
  package func space(_ reference: SpaceReference) throws -> Space {
    let collection = try workspace.collection(named: reference.collection)
    if let name = reference.space { return try workspace.space(named: name, in: collection) }
    if let usual = try usualSpace(of: collection) { return usual }
    let spaces = try workspace.spaces(in: collection)
    if spaces.isEmpty {
      throw ParallaxError(
        .unknownName, "collection '\(collection.name)' is not embedded yet",
        hint: "'embed \(collection.name) --as base' makes a space")
    }
    let names = spaces.map(\.reference).joined(separator: ", ")
    throw ParallaxError(
      .unknownName, "collection '\(collection.name)' has several spaces: \(names)",
      hint: "name one of them, or choose one for good with 'promote'")
  }

  /// The space in which copies are looked for: of a collection alone that of copies, where it has one and
  /// none was promoted, else as ``space(_:)``.
  ///
  /// - Throws: as ``space(_:)``.
  package func spaceForCopies(_ reference: SpaceReference) throws -> Space {
    let collection = try workspace.collection(named: reference.collection)
    if reference.space == nil, try workspace.promotions(in: collection).isEmpty {
      let ofCopies = try workspace.spaces(in: collection).filter(\.spec.isOfCopies)
      if ofCopies.count == 1 { return ofCopies[0] }
    }
    return try space(reference)
  }

  /// What is to be said where a collection's name stood for its space of copies.
  package func notes(on space: Space, for reference: SpaceReference) throws -> [String] {
    guard reference.space == nil, space.spec.isOfCopies,
      try usualSpace(of: space.collection) != space
    else { return [] }
    return ["'\(reference.text)' stands for '\(space.reference)' here: it is of copies"]
  }

  /// The space that the name of a collection stands for: the one promoted last, else the only one, else
  /// `base`; `nil` where it stands for none. One of copies, which answers no text, counts where it is the
  /// only one.
  package func usualSpace(of collection: ItemCollection) throws -> Space? {
    if let promoted = try workspace.promotions(in: collection).last { return promoted.space }
    let spaces = try workspace.spaces(in: collection)
    if spaces.count == 1 { return spaces[0] }
    let ofMeaning = spaces.filter { !$0.spec.isOfCopies }
    return ofMeaning.count == 1
      ? ofMeaning[0] : (ofMeaning.isEmpty ? spaces : ofMeaning).first { $0.name == "base" }
  }

  /// Makes a space the one that its collection's name stands for.
  ///
  /// - Returns: the one before, `nil` for none, and whether anything changed.
  package func promote(_ space: Space) throws -> (before: Space?, isNew: Bool) {
    let before = try usualSpace(of: space.collection)
    return (before, try workspace.promote(space))
  }

  /// Takes the last promotion in a collection back.
  ///
  /// - Parameter space: the one that must have been promoted last; `nil` for any.
  /// - Returns: the space that was promoted, and the one that the collection's name stands for now.
  /// - Throws: `not-promoted`.
  package func demote(
    _ collection: ItemCollection, expecting space: Space? = nil
  ) throws -> (demoted: Space, now: Space?) {
    let last = try workspace.promotions(in: collection).last?.space
    if let last, let space, last != space {
      throw ParallaxError.notPromoted(space.reference, last.reference)
    }
    guard let demoted = try workspace.demote(collection) else {
      throw ParallaxError.nothingPromoted(in: collection.name)
    }
    return (demoted, try usualSpace(of: collection))
  }
}

extension ParallaxError {
  package static func nothingPromoted(in collection: String) -> ParallaxError {
    ParallaxError(
      .notPromoted, "no space of '\(collection)' is promoted",
      hint: "'promote \(collection)@SPACE' makes a space the one that '\(collection)' stands for")
  }

  package static func notPromoted(_ space: String, _ promoted: String) -> ParallaxError {
    ParallaxError(
      .notPromoted, "'\(space)' is not the promoted space: that is '\(promoted)'",
      hint: "'demote \(promoted)' takes it back")
  }
}
