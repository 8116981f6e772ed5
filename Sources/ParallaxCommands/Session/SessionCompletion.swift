package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxStorage

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What Tab may offer in a session; answers from memory and what the workspace reads at once.
@MainActor
package struct SessionCompletion {
  private let session: Session
  private let completer = Completer(CommandRegistry.signatures)

  package init(session: Session) { self.session = session }

  package func complete(_ line: String, cursor: Int) -> Completion {
    completer.complete(line, cursor: cursor, context: snapshot())
  }

  /// The names as they stand now: the completer may run anywhere.
  private func snapshot() -> Snapshot {
    let workspace = session.workspace
    let summaries = (try? workspace.collections()) ?? []
    var fields: [String: [String]] = [:]
    for summary in summaries {
      guard let collection = try? workspace.collection(named: summary.name) else { continue }
      fields[summary.name] = ((try? workspace.fieldKinds(in: collection)) ?? []).map(\.name)
    }
    for name in session.resultNames + ["_"] {
      fields[name] = session.result(named: name)?.table.columns.map(\.name)
    }
    return Snapshot(
      collections: summaries.map(\.name),
      spaces: summaries.flatMap { summary in summary.spaces.map { "\(summary.name)@\($0)" } },
      results: session.resultNames, settings: Setting.all.map(\.name),
      variables: session.variables.keys.sorted(),
      models: ProviderRegistry.all.flatMap { $0.models.map(\.name) },
      fieldsByObject: fields, current: session.current, workspace: workspace)
  }
}

private struct Snapshot: CompletionContext {
  var collections: [String]
  var spaces: [String]
  var results: [String]
  var settings: [String]
  var variables: [String]
  var models: [String]
  var fieldsByObject: [String: [String]]
  var current: String?
  let workspace: Workspace

  func fields(of object: String?) -> [String] {
    guard let name = object ?? current else { return [] }
    return fieldsByObject[name] ?? fieldsByObject[SpaceReference(name).collection] ?? []
  }

  func values(ofSetting setting: String) -> [String] {
    guard let setting = Setting.all.first(where: { $0.name == setting }) else { return [] }
    switch setting.kind {
    case .choice(let choices): return choices
    case .flag: return ["on", "off"]
    case .amount, .integer, .text: return []
    }
  }

  func values(
    ofField field: String, of object: String?, startingWith prefix: String
  ) -> [String] {
    guard let name = object ?? current,
      let collection = try? workspace.collection(named: SpaceReference(name).collection)
    else { return [] }
    return (try? workspace.values(ofField: field, startingWith: prefix, in: collection)) ?? []
  }

  func entries(ofDirectory path: String) -> [String] {
    guard let folder = opendir(PathText.expandingHome(path.isEmpty ? "." : path)) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder), names.count < 10_000 {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      names.append(entry.pointee.d_type == UInt8(DT_DIR) ? name + "/" : name)
    }
    return names.sorted()
  }
}
