internal import ParallaxCore
private import ParallaxReporting
internal import ParallaxServer
internal import ParallaxStorage
private import ParallaxWorkbench

/// A page of HTML around its content.
enum Page {
  /// Scripts, styles and pictures of this server, and nothing else; no script stands within a page.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

  static func response(_ status: Int = 200, title: String, _ content: [Element]) -> ServerResponse {
    let head = Element(
      "head", [:],
      [
        Element("meta", ["charset": "utf-8"]),
        Element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        Element("title", text: "\(title) · Parallax"),
        Element("link", ["rel": "icon", "href": "/assets/icon.svg"]),
        Element("link", ["rel": "stylesheet", "href": "/assets/page.css"]),
        Element("script", ["type": "module", "src": "/assets/page.js"]),
      ])
    var text = "<!doctype html>\n"
    Element("html", ["lang": "en"], [head, Element("body", [:], content)]).write(to: &text)
    return ServerResponse(
      status, type: "text/html; charset=utf-8", text, [("Content-Security-Policy", policy)])
  }

  /// A refusal as somebody at a browser reads it, who asked for a page.
  static func shown(_ response: ServerResponse, to head: RequestHead) -> ServerResponse {
    guard let problem = response.problem, head.method == "GET", head.target?.path.first != "v1",
      head.field("accept")?.contains("text/html") ?? false
    else { return response }
    var page = self.response(
      problem.status, title: Problem.title(of: problem.status),
      [
        Element(
          "main", ["id": "results"],
          [Element("h1", text: "This cannot be shown"), self.problem(problem.error)])
      ])
    page.fields += response.fields.filter { $0.name.lowercased() != "content-type" }
    return page
  }

  static func header(of space: Space, in service: Service, home: String) -> Element {
    let vectors = service.bench.spaces.entry(for: space)?.loaded.ids.count ?? 0
    let noun = space.spec.content.noun
    return Element(
      "header", ["class": "top"],
      [
        Element("a", ["href": "#results", "class": "skip"], [.text("Skip to the results")]),
        Element(
          "p", ["class": "name"], [Element("a", ["href": home], [.foreign(space.collection.name)])]),
        Element(
          "p", ["class": "soft"],
          [
            .text(
              "\(Wording.count(vectors, noun)) · \(space.reference) · \(space.spec.model), "
                + "\(Wording.count(space.spec.dimension)) dimensions")
          ]),
        Element(
          "p", ["class": "acts"],
          [.link("Map", to: PageMap.address(of: space))]
            + (service.desk == nil ? [] : [.link("Grade answers", to: "/judge")])
            + (service.options.groups == nil ? [] : [.link("Groups", to: "/groups")])),
      ])
  }

  /// What stands where something went wrong.
  static func problem(_ error: ParallaxError) -> Element {
    var parts = [Element("p", [:], [.text(error.message)])]
    if let hint = error.hint { parts.append(Element("p", ["class": "soft"], [.text(hint)])) }
    return Element("div", ["class": "problem", "role": "alert"], parts)
  }

  /// A line that people should read.
  static func note(_ text: String) -> Element {
    Element("p", ["class": "note"], [.text(text)])
  }

  /// Asks who judges, and goes on with the name in the address.
  static func nameForm(
    to address: String, label: String, button: String, _ more: [Element] = []
  ) -> Element {
    Element(
      "form", ["action": address, "method": "get", "class": "spaces"],
      [
        Element("label", ["for": "judge"], [.text(label)]),
        Element(
          "input",
          [
            "id": "judge", "name": "judge", "type": "text", "required": "", "maxlength": "100",
            "autocomplete": "off",
          ]),
        Element("button", ["type": "submit"], [.text(button)]),
      ] + more)
  }

  /// The line that gives the same at the prompt.
  static func command(_ command: String) -> Element {
    Element(
      "div", ["class": "command"],
      [
        Element("span", ["class": "soft"], [.text("At the prompt")]),
        Element("code", [:], [.text(command)]),
        Element(
          "button", ["type": "button", "class": "copy", "hidden": "", "data-copy": command],
          [.text("Copy")]),
      ])
  }
}
