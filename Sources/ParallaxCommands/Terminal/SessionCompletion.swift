package import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxIngest
internal import ParallaxProviders
internal import ParallaxStorage
private import ParallaxSystem
internal import ParallaxWorkbench

/// What Tab may offer in a session; answers from memory and what the workspace reads at once.
@MainActor
package struct SessionCompletion {
  private let session: Session
  private let completer = Completer(CommandRegistry.signatures)

  package init(session: Session) { self.session = session }

  package func complete(_ line: String, cursor: Int) -> Completion {
    completer.complete(line, cursor: cursor, context: snapshot())
  }

  /// What stands in memory now: the completer may run anywhere. The workspace is asked when it
  /// must be.
  private func snapshot() -> Snapshot {
    var tables: [String: (columns: [String], collection: String?)] = [:]
    for name in session.resultNames + ["_"] {
      tables[name] = session.result(named: name).map {
        ($0.table.columns.map(\.name), $0.provenance.collection)
      }
    }
    return Snapshot(
      workspace: session.workspace, results: session.resultNames, tables: tables,
      settings: Setting.all.map(\.name), variables: session.variables.keys.sorted(),
      usualModel: session.settings[.model], current: session.current)
  }
}

private struct Snapshot: CompletionContext {
  let workspace: Workspace
  var results: [String]
  var tables: [String: (columns: [String], collection: String?)]
  var settings: [String]
  var variables: [String]
  var usualModel: String
  var current: String?

  var collections: [String] { (try? workspace.names().collections) ?? [] }
  var spaces: [String] { (try? workspace.names().spaces) ?? [] }
  var models: [String] { ProviderRegistry.all.flatMap { $0.models.map(\.name) } }
  var rerankers: [String] {
    RerankSystem.known.map(\.description).flatMap { reranker in
      [reranker.name] + reranker.parameters.map { "\(reranker.name):\($0.name)=" }
    }
  }
  /// With a depth that is often meant.
  var metrics: [String] { MetricRegistry.all.map { $0.spec.example } }

  func columns(of object: String?) -> [String] {
    if let object, let table = tables[object] { return table.columns }
    guard let collection = collection(of: object) else { return [] }
    return ["rank", "id", "score", ResultColumns.standing] + fields(of: collection).map(\.name)
  }

  func values(ofSetting setting: String) -> [String] {
    guard let setting = Setting.all.first(where: { $0.name == setting }) else { return [] }
    switch setting.kind {
    case .choice(let choices): return choices
    case .flag: return ["on", "off"]
    case .model: return models
    case .amount, .bucket: return ["none"]
    case .integer, .number: return []
    }
  }

  func summary(of name: String, as type: ValueType) -> String? {
    switch type {
    case .setting: Setting.all.first { $0.name == name }?.summary
    case .model: ProviderRegistry.all.flatMap { $0.models }.first { $0.name == name }?.summary
    case .reranker: RerankSystem.known.first { $0.description.name == name }?.description.summary
    case .metric: MetricRegistry.all.first { $0.spec.example == name }?.spec.meaning
    case .verb:
      CommandRegistry.signatures.signature(named: name)?.summary
        ?? HelpTopic.all.first { $0.name == name }?.summary
    default: nil
    }
  }

  func tasks(ofModel model: String?) -> [String] {
    let name = model ?? usualModel
    return ProviderRegistry.all.flatMap { $0.models }.first { $0.name == name }?.tasks ?? []
  }

  func columns(ofFile path: String) -> [String] {
    MetadataHeader.columns(ofFileAt: PathText.expandingHome(path))
  }

  func items(of object: String?, startingWith prefix: String) -> CompletionMatches {
    guard let collection = collection(of: object),
      let found = try? workspace.itemNames(startingWith: prefix, in: collection)
    else { return CompletionMatches([]) }
    return CompletionMatches(found, startingWith: prefix)
  }

  func entries(ofDirectory path: String, startingWith prefix: String) -> CompletionMatches {
    FolderEntries.matches(PathText.expandingHome(path), startingWith: prefix)
  }

  func expression(_ text: String, over object: String?) -> ExpressionCompletion {
    let collection = collection(of: object)
    let condition = ConditionCompletion(
      fields: collection.map(fields) ?? [],
      values: { field, prefix in
        guard let collection else { return .none }
        return (try? workspace.values(ofField: field, startingWith: prefix, in: collection))
          ?? .none
      })
    return condition.completion(of: text)
  }

  /// The collection that a collection, space or result speaks of.
  private func collection(of object: String?) -> ItemCollection? {
    let named: String?
    if let object, let table = tables[object] {
      named = table.collection
    } else {
      named = (object ?? current).map { SpaceReference($0).collection }
    }
    return named.flatMap { try? workspace.collection(named: $0) }
  }

  /// Metadata first, then what every item has and no metadata hides.
  private func fields(of collection: ItemCollection) -> [(name: String, kind: ValueKind)] {
    let metadata = (try? workspace.fieldKinds(in: collection)) ?? []
    let hidden = Set(metadata.map(\.name))
    return metadata
      + BuiltInField.allCases.filter { !hidden.contains($0.rawValue) }
      .map { ($0.rawValue, $0.kind) }
  }
}

extension CompletionMatches {
  /// Of what is there only in part no more is known to be common than what was typed.
  init(_ some: SomeTexts, startingWith prefix: String) {
    if some.isPartial {
      self.init(some.texts, common: prefix)
    } else {
      self.init(some.texts)
    }
  }
}
