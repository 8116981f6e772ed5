internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxServer
internal import ParallaxStorage
private import ParallaxText
private import ParallaxWorkbench

/// What a page shows, as its address says it.
struct PageState: Sendable {
  /// Pictures of one page.
  static let size = 48

  var space: Space
  /// The space beside it; `nil` for one alone.
  var other: Space?
  var text = ""
  /// Items that are looked for, and looked away from.
  var like: [String] = []
  var unlike: [String] = []
  var upload: String?
  /// A condition that somebody wrote.
  var condition = ""
  var offset = 0
  /// Values of filters by the names of their parameters, without empty ones.
  var filters: [(name: String, value: String)] = []
  /// Parameters that mean nothing here.
  var ignored: [String] = []

  /// - Throws: `unknown-name` for a space, `invalid-value`.
  init(_ parameters: [RequestTarget.Parameter], in service: Service) throws {
    let value = { (name: String) in parameters.last { $0.name == name }?.value ?? "" }
    space = try service.space(value("space").isEmpty ? nil : value("space"))
    other = value("with").isEmpty ? nil : try service.space(value("with"))
    if other == space { other = nil }
    text = value("text")
    condition = value("where")
    let offers = try service.filters.filters(of: space.collection, in: service.bench.workspace)
    let names = Set(offers.flatMap { offer in ["from", "to", "is", "has"].map(offer.parameter) })
    for parameter in parameters where !parameter.value.isEmpty {
      switch parameter.name {
      case "space", "with", "text", "where": continue
      case "like": like.append(parameter.value)
      case "unlike": unlike.append(parameter.value)
      case "upload": upload = parameter.value
      case "offset":
        guard let number = Int(parameter.value), (0...SearchRequest.mostOffset).contains(number)
        else {
          throw ParallaxError(
            .invalidValue,
            "'offset' takes a whole number from 0 to \(SearchRequest.mostOffset); got "
              + "'\(parameter.value)'", parameter: "offset")
        }
        offset = number
      case let name where names.contains(name): filters.append((name, parameter.value))
      default: ignored.append(parameter.name)
      }
    }
  }

  /// Whether something is looked for; else items are shown in their order.
  var isSearch: Bool {
    !text.isBlank || !like.isEmpty || !unlike.isEmpty || upload != nil
  }

  func value(_ name: String) -> String? { filters.last { $0.name == name }?.value }

  /// The condition of the filters and the one that was written.
  ///
  /// - Throws: `where-syntax`, `invalid-value`.
  func wholeCondition(_ offers: [PageFilter]) throws -> String? {
    var parts = try offers.flatMap { try $0.condition(value) }
    if !condition.isBlank {
      _ = try WhereExpression(parsing: condition)
      parts.append(parts.isEmpty ? condition : "(\(condition))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  // MARK: - Addresses

  /// The address of this state with a change.
  func address(_ path: String = "/", _ change: (inout PageState) -> Void = { _ in }) -> String {
    var copy = self
    copy.offset = 0
    change(&copy)
    let pairs = copy.pairs
    guard !pairs.isEmpty else { return path }
    return path + "?"
      + pairs.map { "\(RequestTarget.encoded($0.name))=\(RequestTarget.encoded($0.value))" }
      .joined(separator: "&")
  }

  private var pairs: [(name: String, value: String)] {
    var pairs = [("space", space.reference)]
    if let other { pairs.append(("with", other.reference)) }
    if !text.isEmpty { pairs.append(("text", text)) }
    pairs += like.map { ("like", $0) } + unlike.map { ("unlike", $0) }
    if let upload { pairs.append(("upload", upload)) }
    pairs += filters
    if !condition.isEmpty { pairs.append(("where", condition)) }
    if offset > 0 { pairs.append(("offset", String(offset))) }
    return pairs
  }

  /// The state that also looks for an item, or away from it.
  mutating func look(_ id: String, away: Bool) {
    like.removeAll { $0 == id }
    unlike.removeAll { $0 == id }
    if away { unlike.append(id) } else { like.append(id) }
  }

  // MARK: - As a search

  /// - Throws: as making a search of a request does.
  func request(in service: Service, of space: Space, _ offers: [PageFilter]) throws -> SearchRequest
  {
    var request = SearchRequest(space: space)
    if !text.isBlank { try request.add(text: text) }
    for id in like { request.add(item: id) }
    for id in unlike { request.add(item: id, weight: -0.5) }
    if let upload { request.add(try service.uploads.upload(upload)) }
    if let condition = try wholeCondition(offers) { try request.setCondition(condition) }
    request.query.top = Self.size
    request.offset = offset
    request.query.excludesOwn = !like.isEmpty || !unlike.isEmpty
    return request
  }
}
