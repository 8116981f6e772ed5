internal import ParallaxCore
internal import ParallaxText

/// What an engine without tables of its own keeps of a publication, in one object of JSON.
extension EngineSchema {
  /// - Parameter count: points at the end of a publish; `nil` before.
  func note(count: Int?) -> String {
    let texts = [
      ("collection", collection), ("space", space), ("identity", identity),
      ("similarity", similarity.rawValue), ("options", options.text), ("fields", fields.json),
      ("publisher", publisher), ("state", count == nil ? "publishing" : "complete"),
    ]
    let numbers =
      "\"layout\":\(Self.layout),\"dimension\":\(dimension)"
      + (count.map { ",\"points\":\($0)" } ?? "")
    return "{\(numbers),\(texts.map { "\"\($0)\":\(JSON.string($1))" }.joined(separator: ","))}"
  }

  /// Refuses another similarity than that of what is there, where it can't be changed.
  ///
  /// - Throws: `unsupported`, about the parameter `similarity`.
  func checkKeeps(_ kept: EngineSchema) throws(ParallaxError) {
    guard kept.similarity != similarity else { return }
    throw ParallaxError(
      .unsupported,
      "what is published there compares by \(kept.similarity.rawValue), and a collection keeps it",
      hint: "'drop publication' removes it; --name chooses another collection",
      parameter: "similarity")
  }

  /// Refuses a question by another similarity, where an engine has one a collection.
  ///
  /// - Throws: `unsupported`, about the parameter `similarity`.
  func check(_ question: EngineQuestion) throws(ParallaxError) {
    guard question.similarity != similarity else { return }
    throw ParallaxError(
      .unsupported, "'\(name)' compares by \(similarity.rawValue) only",
      hint: "publish another with --similarity \(question.similarity.rawValue) and --name",
      parameter: "similarity")
  }
}

extension EngineRecord {
  /// - Returns: `nil` for another form.
  init?(note: JSONTree, of name: String) {
    guard let layout = note["layout"]?.whole, let collection = note["collection"]?.text,
      let space = note["space"]?.text, let identity = note["identity"]?.text,
      let dimension = note["dimension"]?.whole, let options = note["options"]?.text,
      let similarity = note["similarity"]?.text.flatMap({ Similarity(rawValue: $0) }),
      let publisher = note["publisher"]?.text,
      let fields = note["fields"]?.text.flatMap({ [EngineField](json: $0) })
    else { return nil }
    self.init(
      layout: layout,
      schema: EngineSchema(
        name: name, collection: collection, space: space, identity: identity,
        dimension: dimension, similarity: similarity, options: EngineOptions(text: options),
        fields: fields, publisher: publisher),
      isComplete: note["state"]?.text == "complete", count: note["points"]?.whole)
  }
}
