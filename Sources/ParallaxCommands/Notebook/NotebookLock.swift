internal import ParallaxCore
private import ParallaxText

/// What the numbers of a notebook came from: collections, spaces, seeds, metrics, the program.
///
/// It lies beside the notebook as `name.lock.json`, so that a check can name the cause of a difference.
struct NotebookLock: Sendable, Hashable {
  enum Section: String, Sendable, CaseIterable {
    case collections, metrics, program, seeds, spaces
  }

  /// By name, fields and their values.
  typealias Entries = [String: [String: String]]

  private(set) var sections: [Section: Entries] = [:]

  init() {}

  subscript(section: Section) -> Entries {
    get { sections[section] ?? [:] }
    set { sections[section] = newValue }
  }

  static func path(beside notebook: String) -> String {
    let stem = notebook.lastIndex(of: ".").map { notebook[..<$0] } ?? notebook[...]
    return "\(stem).lock.json"
  }

  // MARK: - Text

  /// - Throws: `unreadable-file` for what is no lock.
  init(_ bytes: [UInt8], path: String) throws {
    var scanner = JSONScanner(bytes)
    do {
      try scanner.members { section, scanner in
        guard let section = Section(rawValue: section) else { return try scanner.skipValue() }
        var entries: Entries = [:]
        try scanner.members { name, scanner in
          var fields: [String: String] = [:]
          try scanner.members { field, scanner in fields[field] = try scanner.string() }
          entries[name] = fields
        }
        sections[section] = entries
      }
      guard scanner.isAtEnd else { throw JSONScanner.Malformed() }
    } catch is JSONScanner.Malformed {
      throw ParallaxError(
        .unreadableFile, "'\(path)' is no lock of a notebook",
        hint: "'check' with --update writes it again")
    }
  }

  /// As JSON, sorted, a field a line.
  var text: String {
    let sections = Section.allCases.map { section in
      let entries = self[section].sorted { $0.key < $1.key }.map { name, fields in
        let fields = fields.sorted { $0.key < $1.key }.map {
          "      \(JSON.string($0.key)): \(JSON.string($0.value))"
        }
        return "    \(JSON.string(name)): {\n\(fields.joined(separator: ",\n"))\n    }"
      }
      let body = entries.isEmpty ? "{}" : "{\n\(entries.joined(separator: ",\n"))\n  }"
      return "  \(JSON.string(section.rawValue)): \(body)"
    }
    return "{\n\(sections.joined(separator: ",\n"))\n}\n"
  }

  // MARK: - Differences

  /// What is otherwise now, a sentence each.
  ///
  /// - Parameters:
  ///   - old: what the notebook was written with.
  ///   - isWhole: whether the notebook ran to its end, so that what is not there is missing.
  func changes(since old: NotebookLock, isWhole: Bool) -> [String] {
    [Section.collections, .spaces, .metrics, .seeds].flatMap { section in
      let names = Set(old[section].keys).union(self[section].keys).sorted()
      return names.compactMap { name in
        switch (old[section][name], self[section][name]) {
        case (let before?, let now?) where before != now:
          Self.sentence(section, name, before, now)
        case (nil, _?): "'\(name)' is new"
        case (_?, nil): isWhole ? "'\(name)' is no longer used" : nil
        default: nil
        }
      }
    }
  }

  /// That another version of the program runs, which alone is no fault.
  func remark(since old: NotebookLock) -> String? {
    let (before, now) = (old[.program]["parallax"], self[.program]["parallax"])
    guard let before, let now, before != now else { return nil }
    return "parallax \(now["version"] ?? "") checks what \(before["version"] ?? "") wrote"
  }

  private static func sentence(
    _ section: Section, _ name: String, _ before: [String: String], _ now: [String: String]
  ) -> String {
    let changed = Set(before.keys).union(now.keys).sorted().filter { before[$0] != now[$0] }
    let model = ["provider", "model", "version"]
    if section == .spaces, changed.contains(where: model.contains) {
      let words = { (fields: [String: String]) in
        "\(fields["model"] ?? "") (version \(short(fields["version"])))"
      }
      return "'\(name)' was embedded again with \(words(now)); it was \(words(before))"
    }
    let what: (String) -> String? = { field in
      switch (section, field) {
      case (.collections, "content"): "its files are others"
      case (.collections, "metadata"): "its metadata is other"
      case (.metrics, _): "it is defined otherwise"
      default: "\(field) is \(short(now[field])) (was \(short(before[field])))"
      }
    }
    return "'\(name)': \(changed.compactMap(what).joined(separator: ", "))"
  }

  /// A digest by its beginning.
  private static func short(_ text: String?) -> String {
    guard let text, !text.isEmpty else { return "none" }
    return text.count > 24 && text.allSatisfy(\.isHexDigit) ? String(text.prefix(12)) + "…" : text
  }
}
