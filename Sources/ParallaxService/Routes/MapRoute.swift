internal import ParallaxCore
internal import ParallaxLayout
internal import ParallaxServer
private import ParallaxStorage
private import ParallaxWorkbench

extension Shape {
  static let planeMap = Shape.object(
    Object(
      name: "Map",
      properties: [
        Property("space", .anyText, required: true, "whose items it shows"),
        Property(
          "made", .boolean, required: true, "whether it is there; if not, ask again in a while"),
        Property("activity", .anyText, "what is done until it is there"),
        Property("done", .number(0...1), "how much of that is done"),
        Property("command", .anyText, "what gives the same at the prompt"),
        Property("method", .choice(MapRequest.Method.allCases.map(\.rawValue)), "of the layout"),
        Property(
          "neighbours_kept", .nullable(.number(0...1)),
          "the mean share of an item's 10 nearest that are among its 10 nearest on the map"),
        Property("notes", .list(.anyText, count: 0...Int.max), "what is not on it"),
        Property("ids", .list(.anyText, count: 0...Int.max), "items"),
        Property("x", .list(.anyNumber, count: 0...Int.max), "of each item"),
        Property("y", .list(.anyNumber, count: 0...Int.max), "of each item"),
        Property("kind", .choice(ValueKind.allCases.map(\.rawValue)), "of the values"),
        Property(
          "values", .list(.anything, count: 0...Int.max), "of the field 'colour', of each item"),
      ]))
}

extension Route {
  static let map = Route(
    method: "GET", template: "/v1/map", summary: "The items of a space on a plane",
    tag: "collections",
    parameters: [
      Parameter("space", .text, "one of those that are served; the first without it"),
      Parameter("colour", .text, "a metadata field whose values are wanted, too"),
      Parameter("inside", .text, "corners of a polygon, such as '0,0 4,0 4,3': items inside alone"),
    ],
    answer: .json(.planeMap), problems: [404, 409, 503]
  ) { service, call in
    let space = try service.space(call.parameters["space"]?.string)
    let part = try call.parameters["inside"]?.string.map { text in
      do { return try PlanePolygon(parsing: text) } catch let error as ParallaxError {
        throw error.about("inside")
      }
    }
    switch try service.map(of: space) {
    case .underWay(let progress):
      return .json(
        JSONValue.members([
          "space": .string(space.reference), "made": .boolean(false),
          "activity": progress.map { .string($0.activity) },
          "done": progress.flatMap { progress in
            progress.total.map { .number(Double(progress.completed) / Double(max(1, $0))) }
          },
        ]).text)
    case .made(let map):
      let places = map.places(in: part)
      let field = try call.parameters["colour"]?.string.map {
        try service.bench.values(of: $0, on: map, option: "colour")
      }
      return .json(
        JSONValue.members([
          "space": .string(space.reference), "made": .boolean(true),
          "command": .string(Service.command(of: map, part: part)),
          "method": .string(map.method.rawValue),
          "neighbours_kept": map.fidelity.map { .number($0.kept) } ?? .null,
          "notes": .array(Service.notes(of: map).map { .string($0) }),
          "ids": .array(places.map { .string(map.ids[$0].rawValue) }),
          "x": .array(places.map { .number(map.x(of: $0)) }),
          "y": .array(places.map { .number(map.y(of: $0)) }),
          "kind": field.map { .string($0.kind.rawValue) },
          "values": field.map { field in .array(places.map { JSONValue(field.values[$0]) }) },
        ]).text)
    }
  }
}
