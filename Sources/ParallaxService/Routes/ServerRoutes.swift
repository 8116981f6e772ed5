internal import ParallaxCore
internal import ParallaxServer
internal import ParallaxStorage
private import ParallaxWorkbench

extension Shape {
  static let healthAnswer = Shape.object(
    Object(
      name: "Health",
      properties: [Property("status", .choice(["ok"]), required: true, "that it answers")]))
}

extension Route {
  static let health = Route(
    method: "GET", template: "/healthz", summary: "Whether the server answers; needs no token",
    tag: "server", answer: .json(.healthAnswer), isOpen: true
  ) { _, _ in .json("{\"status\":\"ok\"}\n") }

  static let metrics = Route(
    method: "GET", template: "/metrics", summary: "Counters as Prometheus reads them",
    tag: "server",
    answer: .text("text/plain")
  ) { service, _ in
    let spaces = service.options.spaces
    let items = try service.bench.workspace.summaries(of: spaces)
    return ServerResponse(
      type: "text/plain; version=0.0.4; charset=utf-8",
      service.metrics.text([
        (
          "parallax_items", "Items of a collection.",
          service.collections.map { collection in
            let count = items.first { $0.space.collection == collection }?.itemCount ?? 0
            return ("{collection=\"\(collection.name)\"}", Double(count))
          }
        ),
        (
          "parallax_loaded_bytes", "Bytes of a space in memory.",
          spaces.map { space in
            ("{space=\"\(space.reference)\"}", Double(service.bench.spaces.byteCount(of: space)))
          }
        ),
        (
          "parallax_thumbnail_bytes", "Bytes of small pictures in memory.",
          [("", Double(service.thumbnails.byteCount))]
        ),
      ]))
  }

  static let document = Route(
    method: "GET", template: "/openapi.json", summary: "This description, as OpenAPI 3.1",
    tag: "server", answer: .json(.anything)
  ) { _, _ in .json(OpenAPI.document.text) }
}
