internal import CommandLanguage
internal import ParallaxCore
private import ParallaxSystem
internal import ParallaxWorkbench

/// Something that answers questions, as `eval`, `compare` and `diff` name it: a result that is a run,
/// `collection@space` or `collection`, `collection@space@engine`, or a file that holds a run.
struct SystemReference: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    /// A result or a collection.
    case named(String)
    case space(SpaceReference)
    /// What is published of a space in an engine, by the name of the engine or of the table.
    case published(SpaceReference, engine: String)
    case file(String)
  }

  /// Endings of files that hold runs.
  static let endings = [".run", ".trec", ".json"]

  /// As typed.
  let text: String
  let kind: Kind

  init(_ text: String) {
    self.text = text
    let ending = text.lowercased()
    if text.contains("/") || Self.endings.contains(where: ending.hasSuffix) {
      kind = .file(PathText.expandingHome(text))
    } else if let last = text.lastIndex(of: "@") {
      let space = text[..<last]
      kind =
        space.contains("@")
        ? .published(SpaceReference(String(space)), engine: String(text[last...].dropFirst()))
        : .space(SpaceReference(text))
    } else {
      kind = .named(text)
    }
  }
}

extension TypedValue where Value == SystemReference {
  /// A run, a space, or the file of a run.
  static var system: Self { Self(.system, read: { SystemReference($0) }, written: { $0.text }) }
}

extension ScriptScope {
  /// - Throws: `unknown-name` and `unreadable-file` for what will not be there.
  func require(_ system: SystemReference) throws {
    switch system.kind {
    case .file(let path): try requireFile(path)
    case .space(let space), .published(let space, _): try require(space)
    case .named(let name):
      if results.mayHold(name) { return }
      try require(SpaceReference(name))
    }
  }
}
