internal import ParallaxCore
private import ParallaxReporting
internal import ParallaxServer
internal import ParallaxStorage
internal import ParallaxWorkbench

/// The page that shows groups of near-duplicates one after the other, and asks of each member whether it is the same
/// picture as the anchor.
struct PageGroups {
  static let path = "/groups"

  let service: Service
  let review: GroupReview
  /// Empty where nobody has said who judges.
  let judge: String
  let verdicts: [ContentPair: Verdict]
  /// `nil` where there is none with something to ask.
  private let group: GroupReview.Group?
  let offset: Int
  private let said: String

  /// - Throws: `not-found`, `unknown-name`, `invalid-value`.
  init(_ parameters: [RequestTarget.Parameter], in service: Service) throws {
    self.service = service
    review = try service.review()
    let value = { (name: String) in parameters.last { $0.name == name }?.value ?? "" }
    judge = try Service.judge(value("judge")) ?? ""
    said = value("said")
    verdicts = try service.bench.verdicts(in: review)
    if value("group").isEmpty {
      let known = verdicts
      group = review.groups.first { !$0.isDone(known) } ?? review.groups.first
    } else {
      group = try service.group(Int(value("group")) ?? 0, of: review)
    }
    let last = max(0, (group?.others.count ?? 0) - 1)
    offset = min(max(0, Int(value("offset")) ?? 0), last)
  }

  // MARK: - Answers

  /// Keeps what a form says, or takes the last answer back, and leads on.
  static func answer(_ call: Route.Call, in service: Service) async throws -> ServerResponse {
    let form = RequestTarget("/?" + String(decoding: call.request.body, as: UTF8.self))
    guard let form else { throw ParallaxError(.badRequest, "the form cannot be read") }
    try service.formKey.check(form.parameter("key"))
    let review = try service.review()
    let judge = try Service.judge(form.parameter("judge"))
    let word = form.parameter("verdict") ?? ""
    let number: Int
    var said = ""
    if word == "back" {
      number = try await service.writing {
        try await service.groupAnswers.takeBack(by: judge).group
      }
      said = "back"
    } else {
      guard let answer = Verdict.Answer(rawValue: word) else {
        throw ParallaxError(
          .invalidValue, "'verdict' takes duplicate or distinct; got '\(word)'",
          parameter: "verdict")
      }
      let group = try service.group(Int(form.parameter("group") ?? "") ?? 0, of: review)
      let items = form.parameters.filter { $0.name == "item" }.map { ItemID($0.value) }
      _ = try await service.writing {
        try await service.groupAnswers.keep(answer, of: items, in: group, of: review, by: judge)
      }
      number = group.number
    }
    // On to what is left once a group is done.
    let verdicts = try service.bench.verdicts(in: review)
    let isDone = try service.group(number, of: review).isDone(verdicts)
    var pairs = [("judge", judge ?? "")]
    if !isDone || word == "back" {
      pairs += [("group", String(number)), ("offset", form.parameter("offset") ?? "0")]
    } else if let next = next(after: number, in: review, verdicts) {
      pairs.append(("group", String(next.number)))
    }
    if !said.isEmpty { pairs.append(("said", said)) }
    return ServerResponse(303, [("Location", address(pairs))])
  }

  private static func address(_ pairs: [(String, String)]) -> String {
    path + "?"
      + pairs.map { "\(RequestTarget.encoded($0.0))=\(RequestTarget.encoded($0.1))" }
      .joined(separator: "&")
  }

  /// The next group with a pair that has no verdict, from the beginning after the last one.
  private static func next(
    after number: Int, in review: GroupReview, _ verdicts: [ContentPair: Verdict]
  ) -> GroupReview.Group? {
    let open = review.groups.filter { $0.number != number && !$0.isDone(verdicts) }
    return open.first { $0.number > number } ?? open.first
  }

  // MARK: - What is shown

  func response() throws -> ServerResponse {
    let space =
      service.options.spaces.first { $0 == review.space }
      ?? service.options.spaces.first { $0.collection == review.collection }
      ?? service.options.spaces[0]
    var content: [Element] = [Element("h1", [:], [.text("Groups of \(review.name)")])]
    if let group {
      content.append(progress)
      content += judge.isEmpty ? [whoJudges(group)] : try asked(group)
    } else {
      content.append(Page.note("No group of '\(review.name)' has pictures to compare."))
    }
    var response = Page.response(
      title: "Groups of \(review.name)",
      [
        Page.header(of: space, in: service, home: PageState.home(of: space)),
        Element("main", ["id": "results", "tabindex": "-1"], content),
      ])
    // A form says where it comes from only where a page may say so to its own server.
    response.fields.append(("Referrer-Policy", "same-origin"))
    return response
  }

  private var progress: Element {
    let progress = GroupProgress(review, verdicts)
    return Element(
      "p", ["class": "soft", "role": "status", "id": "group-progress"],
      [
        .text(
          "\(Wording.count(progress.judged)) of \(Wording.count(progress.pairs, "pair")) judged in "
            + Wording.count(review.groups.count, "group"))
      ])
  }

  private func whoJudges(_ group: GroupReview.Group) -> Element {
    Page.nameForm(
      to: Self.path, label: "Your name", button: "Begin",
      [
        Element("input", ["type": "hidden", "name": "group", "value": String(group.number)]),
        Element("span", ["class": "soft"], [.text("The name is kept with each answer.")]),
      ])
  }

  private func asked(_ group: GroupReview.Group) throws -> [Element] {
    let place = review.groups.firstIndex { $0.number == group.number } ?? 0
    let open = Self.next(after: group.number, in: review, verdicts)
    let shown = Array(group.others.dropFirst(offset).prefix(PageState.size))
    let differences = try GroupDifferences(
      [group.anchor] + shown, in: review, service.bench.workspace)
    let behind = offset + shown.count
    let others = Element(
      "ol",
      [
        "class": "grid group", "id": "group", "aria-label": "The others",
        "data-group": String(group.number),
        "data-judge": judge, "data-here": here(group.number),
        "data-next": behind < group.others.count
          ? here(group.number, behind) : open.map { here($0.number) } ?? here(group.number),
      ],
      shown.map { card($0, of: group, differences) })
    var content: [Element] = []
    if said == "back" { content.append(Page.note("The last answer was taken back.")) }
    if open == nil, group.isDone(verdicts) {
      content.append(
        Page.note("All pairs are judged. 'dedupe' and 'cluster' take the verdicts into account."))
    }
    content += [
      Element(
        "h2", [:],
        [
          .text(
            "Group \(group.number): which are the same picture as the "
              + (review.hasKept ? "one that stays?" : "first one?"))
        ]),
      Element(
        "div", ["class": "compared"],
        [
          anchor(group, differences), others,
        ]),
      Element("p", ["class": "soft", "id": "group-keys", "hidden": ""], [.text(Self.keys)]),
      wholeGroup(group, shown),
    ]
    if offset > 0 || behind < group.others.count {
      content.append(
        Element(
          "p", ["class": "acts"],
          [
            .text(
              "\(Wording.count(offset + 1)) to \(Wording.count(behind)) of "
                + "\(Wording.count(group.others.count)) others"),
            offset > 0
              ? .link("Those before", to: here(group.number, max(0, offset - PageState.size)))
              : nil,
            behind < group.others.count
              ? .link("More of this group", to: here(group.number, behind)) : nil,
          ].compactMap(\.self)))
    }
    let (before, after) = (
      place > 0 ? review.groups[place - 1] : nil,
      place + 1 < review.groups.count ? review.groups[place + 1] : nil
    )
    content += [
      Element(
        "p", ["class": "acts"],
        [
          before.map { .link("Previous group", to: here($0.number)) },
          after.map { .link("Next group", to: here($0.number)) },
          open.map { .link("Next that is not judged", to: here($0.number)) },
        ].compactMap(\.self)),
      takeBack(group),
      Element(
        "p", ["class": "soft"],
        [
          .text("Judging as "), .foreign(judge), .text(" · "),
          .link("Somebody else", to: Self.address([("group", String(group.number))])),
        ]),
      Page.command("list verdicts \(review.collection.name)"),
    ]
    return content
  }

  private static let keys =
    "Keys: arrows move, y for the same picture, n for another one, s to skip, u to take the last answer back, "
    + "Enter shows two large."

  private func here(_ number: Int, _ offset: Int = 0) -> String {
    var pairs = [("group", String(number)), ("judge", judge)]
    if offset > 0 { pairs.append(("offset", String(offset))) }
    return Self.address(pairs)
  }
}
