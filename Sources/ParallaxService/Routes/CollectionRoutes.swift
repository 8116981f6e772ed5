internal import ParallaxCore
internal import ParallaxServer
internal import ParallaxStorage
private import ParallaxWorkbench

extension Shape {
  static let collectionList = Shape.object(
    Object(
      name: "Collections",
      properties: [
        Property(
          "collections", .list(.collection, count: 0...Int.max), required: true,
          "those that are served")
      ]))

  static let collection = Shape.object(
    Object(
      name: "Collection",
      properties: [
        Property("name", .anyText, required: true, "its name"),
        Property("description", .nullable(.anyText), required: true, "in words"),
        Property("items", .count, required: true, "how many it has"),
        Property("spaces", .list(.space, count: 0...Int.max), required: true, "that are served"),
      ]))

  static let space = Shape.object(
    Object(
      name: "Space",
      properties: [
        Property("reference", .anyText, required: true, "its name, such as photos@base"),
        Property("provider", .anyText, required: true, "what made its vectors"),
        Property("model", .anyText, required: true, "of the provider"),
        Property("dimension", .count, required: true, "numbers of a vector"),
        Property("vectors", .count, required: true, "items that have one"),
      ]))

  static let fieldList = Shape.object(
    Object(
      name: "Fields",
      properties: [
        Property("fields", .list(.field, count: 0...Int.max), required: true, "by name")
      ]))

  static let field = Shape.object(
    Object(
      name: "Field",
      properties: [
        Property("name", .anyText, required: true, "as conditions name it"),
        Property(
          "kind", .choice(ValueKind.allCases.map(\.rawValue)), required: true, "of its values"),
        Property("list", .boolean, required: true, "whether an item may have several"),
        Property("items", .count, required: true, "that have a value"),
        Property(
          "distinct", .nullable(.count), required: true, "different values; null for more than 1000"
        ),
        Property("minimum", .anything, required: true, "the smallest"),
        Property("maximum", .anything, required: true, "the largest"),
      ]))
}

extension Route {
  static let collections = Route(
    method: "GET", template: "/v1/collections",
    summary: "The collections and spaces that are served",
    tag: "collections", answer: .json(.collectionList)
  ) { service, _ in
    let spaces = try service.bench.workspace.summaries(of: service.options.spaces)
    let collections = service.collections.filter { (try? service.checkThere($0)) != nil }.map {
      collection in
      let own = spaces.filter {
        $0.space.collection == collection && (try? service.checkThere($0.space)) != nil
      }
      return JSONValue.members([
        "name": .string(collection.name), "description": JSONValue(collection.description),
        "items": JSONValue(own.first?.itemCount ?? 0),
        "spaces": .array(
          own.map { summary in
            let loaded = service.bench.spaces.entry(for: summary.space)
            return .members([
              "reference": .string(summary.space.reference),
              "provider": .string(summary.space.spec.provider),
              "model": .string(summary.space.spec.model),
              "dimension": JSONValue(summary.space.spec.dimension),
              "vectors": JSONValue(loaded?.loaded.ids.count ?? summary.vectorCount),
            ])
          }),
      ])
    }
    return .json(JSONValue.members(["collections": .array(collections)]).text)
  }

  static let fields = Route(
    method: "GET", template: "/v1/collections/{name}/fields",
    summary: "The metadata of a collection",
    tag: "collections", segments: [Parameter("name", .text, "the name of a collection")],
    answer: .json(.fieldList),
    problems: [404, 409]
  ) { service, call in
    let collection = try service.collection(call.segment("name"))
    let fields = try service.bench.workspace.fields(in: collection)
    return .json(
      JSONValue.members([
        "fields": .array(
          fields.map { field in
            .members([
              "name": .string(field.name), "kind": .string(field.kind.rawValue),
              "list": .boolean(field.isList), "items": JSONValue(field.count),
              "distinct": field.distinct.map { JSONValue($0) } ?? .null,
              "minimum": JSONValue(field.minimum), "maximum": JSONValue(field.maximum),
            ])
          })
      ]).text)
  }
}
