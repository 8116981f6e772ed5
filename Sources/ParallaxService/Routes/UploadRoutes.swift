internal import ParallaxCore
internal import ParallaxServer
internal import ParallaxWorkbench

extension Shape {
  static let uploadAnswer = Shape.object(
    Object(
      name: "Upload",
      properties: [
        Property("upload", .string(length: 64...64), required: true, "what searches name it by"),
        Property("width", .count, required: true, "pixels"),
        Property("height", .count, required: true, "pixels"),
        Property("format", .anyText, required: true, "such as jpeg"),
        Property("thumbnail", .anyText, required: true, "its address on this server"),
      ]))
}

extension Route {
  static let upload = Route(
    method: "POST", template: "/v1/uploads",
    summary: "Keeps a picture while the server runs, to search by it; nothing joins a collection",
    tag: "search", body: .picture, answer: .json(.uploadAnswer), problems: [413, 415, 422, 503]
  ) { service, call in
    let upload = try service.uploads.hold(call.request.body)
    let head = try await hiding(upload.path, as: "the picture") {
      try await service.bench.probe(upload.path)
    }
    service.uploads.keep(upload)
    let id = upload.content.hexadecimal
    return .json(
      JSONValue.members([
        "upload": .string(id), "width": JSONValue(head.width), "height": JSONValue(head.height),
        "format": .string(head.format), "thumbnail": .string("/v1/uploads/\(id)/thumbnail"),
      ]).text)
  }

  static let uploadThumbnail = Route(
    method: "GET", template: "/v1/uploads/{upload}/thumbnail",
    summary: "A picture that was sent, small, as JPEG without metadata", tag: "search",
    segments: [Parameter("upload", .string(length: 64...64), "as /v1/uploads gave it")],
    answer: .picture, problems: [404, 422]
  ) { service, call in
    let upload = try service.uploads.upload(call.segment("upload"))
    let key = PictureShelf.Key(content: upload.content, side: 320)
    let tag = "\"\(upload.content.hexadecimal.prefix(32))-320\""
    if let known = service.thumbnails[key] { return .jpeg(known, tag) }
    defer { withExtendedLifetime(upload) {} }
    let bytes = try await hiding(upload.path, as: "the picture") {
      try await service.bench.preview(ofFile: upload.path, side: 320)
    }
    service.thumbnails.keep(bytes, as: key)
    return .jpeg(bytes, tag)
  }
}
