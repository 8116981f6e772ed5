internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxServer
internal import ParallaxStorage
internal import ParallaxWorkbench

extension Shape {
  static let links = Shape.object(
    Object(
      name: "Links",
      properties: [
        Property("item", .anyText, required: true, "what is known of the item"),
        Property("thumbnail", .anyText, required: true, "its picture, small"),
        Property("original", .anyText, required: true, "its picture as it was ingested"),
        Property("neighbours", .anyText, required: true, "the items nearest to it"),
      ]))

  static let item = Shape.object(
    Object(
      name: "Item",
      properties: [
        Property("collection", .anyText, required: true, "the collection it is in"),
        Property("id", .anyText, required: true, "its id"),
        Property("sha256", .string(length: 64...64), required: true, "of the picture's bytes"),
        Property("bytes", .count, required: true, "of the picture's file"),
        Property("width", .nullable(.count), required: true, "pixels"),
        Property("height", .nullable(.count), required: true, "pixels"),
        Property("format", .nullable(.anyText), required: true, "such as jpeg"),
        Property("text", .nullable(.anyText), required: true, "its text"),
        Property("fields", .map(.anything), required: true, "its metadata"),
        Property("spaces", .list(.anyText, count: 0...Int.max), required: true, "that are served"),
        Property("links", .links, required: true, "addresses on this server"),
      ]))

  static let thumbnailSides = [160, 320, 640, 1_280]
}

extension Route {
  private static let collectionName = Parameter("collection", .text, "the name of a collection")
  private static let itemID = Parameter("id", .text, "the id of an item; '/' in it is written %2F")
  private static let space = Parameter(
    "space", .text, "the space; the collection's first if left out")

  static let item = Route(
    method: "GET", template: "/v1/items/{collection}/{id}", summary: "What is known of an item",
    tag: "items", segments: [collectionName, itemID], answer: .json(.item),
    problems: [404, 409]
  ) { service, call in
    let collection = try service.collection(call.segment("collection"))
    let item = try service.item(call.segment("id"), in: collection)
    return .json(try service.json(item, in: collection).text)
  }

  static let neighbours = Route(
    method: "GET", template: "/v1/items/{collection}/{id}/neighbours",
    summary: "The items nearest to an item", tag: "items", segments: [collectionName, itemID],
    parameters: [
      space,
      Parameter("top", .integer(1...SearchRequest.mostHits), "at most so many; 12 if left out"),
    ], answer: .json(.searchAnswer), problems: [404, 409, 503]
  ) { service, call in
    let found = try await service.neighbours(
      of: call.segment("id"), in: try service.collection(call.segment("collection")),
      space: call.parameters["space"]?.string, top: call.parameters["top"]?.integer ?? 12)
    return .json(service.json(found).text)
  }

  static let thumbnail = Route(
    method: "GET", template: "/v1/items/{collection}/{id}/thumbnail",
    summary: "The picture of an item, small, as JPEG without metadata", tag: "items",
    segments: [collectionName, itemID],
    parameters: [
      Parameter(
        "side", .choice(Shape.thumbnailSides.map(String.init)),
        "pixels of the longer side; 320 if left out")
    ], answer: .picture, problems: [404, 409, 413, 422, 503]
  ) { service, call in
    let collection = try service.collection(call.segment("collection"))
    let item = try service.item(call.segment("id"), in: collection)
    let side = call.parameters["side"]?.string.flatMap { Int($0) } ?? 320
    let tag = "\"\(item.hash.hexadecimal.prefix(32))-\(side)\""
    if call.request.head.field("if-none-match") == tag { return .unchanged(tag) }
    return .jpeg(try await service.thumbnail(of: item, in: collection, side: side), tag)
  }

  static let original = Route(
    method: "GET", template: "/v1/items/{collection}/{id}/original",
    summary: "The picture of an item with the bytes that were ingested", tag: "items",
    segments: [collectionName, itemID], answer: .picture, problems: [404, 409, 413]
  ) { service, call in
    let collection = try service.collection(call.segment("collection"))
    let item = try service.item(call.segment("id"), in: collection)
    let tag = "\"\(item.hash.hexadecimal)\""
    if call.request.head.field("if-none-match") == tag { return .unchanged(tag) }
    let bytes = try await hiding(item.path, as: "the picture of '\(item.id)'") {
      try await service.whenFree {
        try await service.bench.original(of: item, atMost: Service.largestOriginal)
      }
    }
    return ServerResponse(
      200,
      [
        ("Content-Type", contentType(ofFormat: item.format)), ("ETag", tag),
        ("Cache-Control", "private, no-cache"),
      ], body: bytes)
  }

  /// The type of a picture; of another format than browsers show, one that they keep as a file.
  private static func contentType(ofFormat format: String?) -> String {
    switch format {
    case "jpeg", "png", "gif", "webp", "avif", "heic", "heif", "tiff", "bmp":
      "image/\(format ?? "")"
    default: "application/octet-stream"
    }
  }
}

extension ServerResponse {
  static func jpeg(_ bytes: [UInt8], _ tag: String) -> ServerResponse {
    ServerResponse(
      200, [("Content-Type", "image/jpeg"), ("ETag", tag), ("Cache-Control", "private, no-cache")],
      body: bytes)
  }

  static func unchanged(_ tag: String) -> ServerResponse {
    ServerResponse(304, [("ETag", tag), ("Cache-Control", "private, no-cache")])
  }
}

extension Service {
  /// Bytes of an original that is sent: all are in memory meanwhile.
  static let largestOriginal = 100_000_000

  func thumbnail(
    of item: ItemRecord, in collection: ItemCollection, side: Int
  ) async throws -> [UInt8] {
    let key = PictureShelf.Key(content: item.hash, side: side)
    if let known = thumbnails[key] { return known }
    let bytes = try await hiding(item.path, as: "the picture of '\(item.id)'") {
      try await bench.preview(of: item, side: side)
    }
    thumbnails.keep(bytes, as: key)
    return bytes
  }

  func neighbours(
    of id: String, in collection: ItemCollection, space name: String?, top: Int
  ) async throws -> Found {
    _ = try item(id, in: collection)
    let space = try space(name ?? collection.name)
    guard space.collection == collection else {
      throw ParallaxError(
        .unknownName, "'\(space.reference)' is no space of '\(collection.name)'",
        parameter: "space")
    }
    var request = SearchRequest(space: space)
    request.add(item: id)
    request.query.excludesOwn = true
    request.query.top = top
    return try await find(request)
  }

  func json(_ item: ItemRecord, in collection: ItemCollection) throws -> JSONValue {
    let metadata = try bench.workspace.metadata(of: [item.rowID], in: collection)
    return .members([
      "collection": .string(collection.name), "id": .string(item.id.rawValue),
      "sha256": .string(item.hash.hexadecimal), "bytes": .integer(item.size),
      "width": item.width.map { JSONValue($0) } ?? .null,
      "height": item.height.map { JSONValue($0) } ?? .null, "format": JSONValue(item.format),
      "text": JSONValue(item.text), "fields": fields(metadata.first ?? [:]),
      "spaces": .array(
        options.spaces.filter { $0.collection == collection }.map { .string($0.reference) }),
      "links": links(item.id, in: collection),
    ])
  }

  /// Metadata by name.
  func fields(_ metadata: [String: Value]) -> JSONValue {
    .object(metadata.sorted { $0.key < $1.key }.map { .init($0.key, JSONValue($0.value)) })
  }

  func links(_ id: ItemID, in collection: ItemCollection) -> JSONValue {
    let item = Self.address(of: id, in: collection)
    return .members([
      "item": .string(item), "thumbnail": .string(item + "/thumbnail"),
      "original": .string(item + "/original"), "neighbours": .string(item + "/neighbours"),
    ])
  }

  static func address(of id: ItemID, in collection: ItemCollection) -> String {
    "/v1/items/\(RequestTarget.encoded(collection.name))/\(RequestTarget.encoded(id.rawValue))"
  }
}
