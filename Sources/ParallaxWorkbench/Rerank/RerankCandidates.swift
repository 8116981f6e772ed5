internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage

/// The candidates of some lists as a reranker gets them.
struct RerankCandidates {
  /// By place of the space and id; why there is none where an item has nothing to be read.
  private var inputs: [[ItemID: Result<ModelInput, ParallaxError>]] = []

  /// - Parameter document: what stands for a candidate that is read; `nil` for its text.
  /// - Throws: `unknown-field` naming the option; `unsupported` where no item has a text.
  init(
    _ heads: [[RerankLists.Candidate]], in collections: [ItemCollection],
    document: RerankDocument?, readsImages: Bool, named name: String, _ workspace: Workspace
  ) throws {
    var ids = [Set<ItemID>](repeating: [], count: collections.count)
    for candidate in heads.joined() { ids[candidate.space].insert(candidate.id) }
    for (space, ids) in ids.enumerated() {
      try Task.checkCancellation()
      let collection = collections[space]
      let records = try workspace.items(named: ids, in: collection)
      if readsImages {
        inputs.append(
          Self.outcomes(ids, records) { record in
            .success(
              ModelInput(
                name: record.id.rawValue, parts: [.image(path: record.path, hash: record.hash)]))
          })
      } else {
        let texts = try Self.texts(of: records, document, in: collection, named: name, workspace)
        inputs.append(
          Self.outcomes(ids, records) { record in
            guard let text = texts[record.id], !text.isBlank else {
              return .failure(
                ParallaxError(.unsupported, "'\(record.id)' has no text to be read"))
            }
            return .success(ModelInput(name: record.id.rawValue, parts: [.text(text)]))
          })
      }
    }
  }

  subscript(candidate: RerankLists.Candidate) -> Result<ModelInput, ParallaxError> {
    inputs[candidate.space][candidate.id]
      ?? .failure(ParallaxError(.internalError, "'\(candidate.id)' was not read"))
  }

  private static func outcomes(
    _ ids: Set<ItemID>, _ records: [ItemID: ItemRecord],
    _ make: (ItemRecord) -> Result<ModelInput, ParallaxError>
  ) -> [ItemID: Result<ModelInput, ParallaxError>] {
    Dictionary(
      uniqueKeysWithValues: ids.map { id in
        (
          id,
          records[id].map(make)
            ?? .failure(ParallaxError(.unknownName, "'\(id)' is no longer in the collection"))
        )
      })
  }

  private static func texts(
    of records: [ItemID: ItemRecord], _ document: RerankDocument?, in collection: ItemCollection,
    named name: String, _ workspace: Workspace
  ) throws -> [ItemID: String] {
    let fields = try workspace.fieldKinds(in: collection).map(\.name)
    guard let document else {
      if records.values.contains(where: { $0.text != nil }) {
        return records.compactMapValues(\.text)
      }
      guard let field = ["text", "caption"].first(where: fields.contains) else {
        throw ParallaxError(
          .unsupported, "'\(name)' reads texts, and the items of '\(collection.name)' have none",
          hint: "--text-field FIELD or --document \"{title} {colour}\" says what to read")
      }
      return try texts(
        of: records, RerankDocument(field: field, parameter: "text-field"), in: collection,
        named: name, workspace)
    }
    let builtIn = BuiltInField.allCases.map(\.rawValue)
    for field in document.fields where !fields.contains(field) && !builtIn.contains(field) {
      throw ParallaxError(
        .unknownField, "'\(collection.name)' has no field '\(field)'",
        hint: Suggestion.hint(for: field, among: fields + builtIn), parameter: document.parameter)
    }
    let all = Array(records.values)
    let metadata = try workspace.metadata(of: all.map(\.rowID), in: collection)
    var texts: [ItemID: String] = [:]
    for (record, values) in zip(all, metadata) {
      texts[record.id] = document.text { values[$0] ?? record.value(of: $0) }
    }
    return texts
  }
}

extension ItemRecord {
  /// Of a field that every item has.
  fileprivate func value(of field: String) -> Value {
    switch BuiltInField(rawValue: field) {
    case .id: .text(id.rawValue)
    case .path: .text(path)
    case .width: width.map { Value($0) } ?? .null
    case .height: height.map { Value($0) } ?? .null
    case .format: Value(format)
    case .size: .integer(size)
    case .text: Value(text)
    case nil: .null
    }
  }
}
