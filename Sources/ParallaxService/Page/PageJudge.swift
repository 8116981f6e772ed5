private import CommandLanguage
internal import ParallaxCore
private import ParallaxReporting
internal import ParallaxServer
private import ParallaxStatistics
internal import ParallaxStorage
internal import ParallaxWorkbench

/// The page where answers are graded, and the one with what judges said.
struct PageJudge {
  /// What grades mean, as `judge` says it.
  private static let scale = [
    (3, "exactly what is asked for"), (2, "mostly that"), (1, "related"), (0, "something else"),
  ]

  let service: Service
  private let desk: JudgingDesk
  private let space: Space
  private let name: String
  private let offset: Int

  /// - Throws: `not-found` where nothing is graded; `invalid-value`.
  init(_ call: Route.Call, in service: Service) throws {
    self.service = service
    desk = try service.judgingDesk()
    let parameters = call.request.head.target?.parameters ?? []
    let value = { (name: String) in parameters.last { $0.name == name }?.value ?? "" }
    name = try Service.judge(value("judge")) ?? ""
    offset = max(0, Int(value("offset")) ?? 0)
    space = try service.judgedSpace()
  }

  private func address(_ page: String, offset: Int = 0) -> String {
    var pairs: [String] = []
    if !name.isEmpty { pairs.append("judge=\(RequestTarget.encoded(name))") }
    if offset > 0 { pairs.append("offset=\(offset)") }
    return page + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
  }

  // MARK: - Grading

  func response() -> ServerResponse {
    page("Grade answers", name.isEmpty ? begin : grading)
  }

  private var begin: [Element] {
    [
      Element(
        "p", [:],
        [
          .text(
            "You see a question and answers to it, and say how well each answers. Nothing tells which system found "
              + "an answer, nor what others said. Every grade is kept at once: you can stop at any time, and go on "
              + "under the same name.")
        ]),
      Page.nameForm(to: "/judge", label: "Your name", button: "Begin"),
      Element("p", [:], [.link("What was said so far", to: "/judgements")]),
    ]
  }

  private var grading: [Element] {
    [
      Element(
        "p", ["class": "soft", "role": "status", "id": "judge-state"],
        [.text("This page needs scripts. The line below does the same at the prompt.")]),
      Element(
        "div",
        [
          "id": "grading", "class": "judge", "data-source": address("/v1/judging"),
          "data-judge": name, "data-scale": Self.scale.map(\.1).joined(separator: "|"),
          "data-end": address("/judgements"), "hidden": "",
        ]),
      Element(
        "p", ["class": "acts"],
        [
          .link("What was said so far", to: address("/judgements")),
          .link("Another judge", to: "/judge"),
        ]),
      Page.command("\(desk.offer.command) --by \(Quoting.quoted(name))"),
    ]
  }

  // MARK: - What was said

  func judgements() throws -> ServerResponse {
    guard let kept = try desk.kept() else {
      return page(
        "Judgements", [Element("p", [:], [.text("Nobody has graded anything yet.")]), goOn])
    }
    let rows = try kept.agreement(seed: service.options.seed)
    var content: [Element] = [goOn]
    content += (kept.changedSentence).map { [Page.note($0)] } ?? []
    content.append(
      table(
        "Grades by judge", ["judge", "kind", "graded"],
        kept.judges.map { judge in
          let own = kept.pairs.flatMap(\.grades).count {
            $0.judge == judge.name && $0.kind == judge.kind
          }
          return [judge.name, judge.kind.rawValue, Wording.count(own)]
        }, keys: 2))
    content += try agreement(rows)
    content += try disagreements(of: kept)
    content.append(Page.command("judgements \(desk.offer.name) --agreement"))
    return page("Judgements", content)
  }

  private var goOn: Element {
    Element(
      "p", ["class": "acts"],
      [.link(name.isEmpty ? "Grade answers" : "Go on grading", to: address("/judge"))])
  }

  private func agreement(_ rows: [JudgeAgreement]) throws -> [Element] {
    guard !rows.isEmpty else {
      return [Element("p", ["class": "soft"], [.text("No answer was graded by two judges yet.")])]
    }
    let number = { (value: Double?) in value.map { Wording.fixed($0, digits: 3) } ?? "–" }
    return [
      Element("h2", [:], [.text("How far judges agree")]),
      table(
        "Agreement, with intervals of 95 % over the questions",
        ["judges", "measure", "value", "from", "to", "answers", "questions"],
        rows.map { row in
          let names = [row.one?.name, row.other?.name].compactMap(\.self)
          return [
            names.isEmpty ? "all people" : names.joined(separator: ", "), row.measure.rawValue,
            number(row.value), number(row.interval?.low), number(row.interval?.high),
            Wording.count(row.pairs), Wording.count(row.questions),
          ]
        }, keys: 2),
    ]
  }

  private func disagreements(of kept: KeptJudgements) throws -> [Element] {
    let all = kept.disagreements(withSettled: true)
    let shown = Array(all.dropFirst(offset).prefix(PageState.size))
    let settled = all.count { $0.settled != nil }
    var content: [Element] = [
      Element("h2", [:], [.text("What people disagree about")]),
      Element(
        "p", ["class": "soft"],
        [
          .text(
            "\(Wording.count(all.count, "answer")), \(Wording.count(settled)) settled. Without a last word the "
              + "lower median counts.")
        ]),
    ]
    if !all.isEmpty, name.isEmpty {
      content.append(
        Page.nameForm(
          to: "/judgements", label: "To say the last word, your name", button: "Settle"))
    }
    let end = offset + shown.count
    content.append(
      Element(
        "ol",
        [
          "class": "grid", "aria-label": "Disagreements", "data-settle": name.isEmpty ? nil : name,
        ], shown.map { element($0, kept) }))
    if end < all.count {
      content.append(
        Element(
          "p", ["class": "more"],
          [.link("Show more", to: address("/judgements", offset: end), class: "button")]))
    }
    return content
  }

  private func element(_ pair: KeptJudgements.Pair, _ kept: KeptJudgements) -> Element {
    let words = kept.questions[pair.question]?.words ?? "question '\(pair.question)'"
    let address = Service.address(of: pair.item, in: space.collection)
    return Element(
      "li",
      ["class": "card", "data-question": pair.question, "data-item": pair.item.rawValue],
      [
        Element(
          "img",
          [
            "src": address + "/thumbnail", "alt": PageGrid.shown(pair.item.rawValue),
            "loading": "lazy", "width": "320", "height": "320",
          ]),
        Element("p", ["class": "caption"], [.foreign(PageGrid.shown(words))]),
        Element(
          "p", ["class": "soft"],
          [.foreign(pair.people.map { "\($0.judge) \($0.grade)" }.joined(separator: ", "))]),
        Element(
          "p", ["class": "soft", "role": "status"],
          [.text(pair.settled.map { "settled: \($0.grade)" } ?? "not settled")]),
      ])
  }

  // MARK: - Parts

  private func table(
    _ caption: String, _ names: [String], _ rows: [[String]], keys: Int
  ) -> Element {
    Element(
      "div", ["class": "table", "tabindex": "0", "role": "region", "aria-label": caption],
      [
        Element(
          "table", [:],
          [
            Element("caption", [:], [.text(caption)]),
            Element(
              "thead", [:],
              [
                Element(
                  "tr", [:],
                  names.map { Element("th", ["scope": "col"], [.text($0)]) })
              ]),
            Element(
              "tbody", [:],
              rows.map { row in
                Element(
                  "tr", [:],
                  row.enumerated().map { place, text in
                    place < keys
                      ? Element("th", ["scope": "row"], [.foreign(text)])
                      : Element("td", [:], [.text(text)])
                  })
              }),
          ])
      ])
  }

  private func page(_ title: String, _ content: [Element]) -> ServerResponse {
    Page.response(
      title: "\(title) · \(desk.offer.name)",
      [
        Page.header(of: space, in: service, home: PageState.home(of: space)),
        Element(
          "main", ["id": "results", "tabindex": "-1"],
          [Element("h1", [:], [.text("\(title): \(desk.offer.name)")])] + content),
      ])
  }
}

extension Service {
  /// The first space of the collection whose items are graded.
  ///
  /// - Throws: `not-found` where none is served.
  func judgedSpace() throws -> Space {
    let collections = (try judgingDesk().offer.runs).compactMap { run in
      run.collection ?? run.spaces.first?.collection
    }
    guard let space = options.spaces.first(where: { collections.contains($0.collection) }) else {
      throw ParallaxError(
        .notFound, "no space of the collection whose items are graded is served here")
    }
    return space
  }
}
