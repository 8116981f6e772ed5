private import ParallaxCore
private import ParallaxText
private import Synchronization

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Chromium without a window, driven as a person drives it: through W3C WebDriver, by Debian's chromedriver.
package final class Browser: Sendable {
  private static let chromium = firstProgram("chromium", "chromium-browser", "google-chrome")
  private static let driver = firstProgram("chromedriver")
  /// The script of axe-core, as `scripts/setup --browser` puts it there.
  private static let audit = TestData.packageRoot + "/.cache/browser/axe.min.js"

  /// What is missing here, in words; `nil` where a browser can be driven.
  package static var missing: String? {
    if chromium == nil || driver == nil { return "Chromium and its chromedriver" }
    return TestFiles.exists(audit) ? nil : "axe-core"
  }

  private static func firstProgram(_ names: String...) -> String? {
    names.map { "/usr/bin/\($0)" }.first { TestFiles.isExecutable($0) }
  }

  private let port: Int
  private let session: String
  private let script: String

  private init(port: Int, session: String) throws {
    (self.port, self.session) = (port, session)
    script = String(decoding: try TestFiles.bytes(of: Self.audit), as: UTF8.self)
  }

  /// Runs `body` with a browser that knows nothing, 1,280 pixels wide, and ends it.
  ///
  /// - Parameter folder: where it may keep its files.
  package static func inNewWindow(
    folder: String, _ body: (Browser) async throws -> Void
  ) async throws {
    guard let chromium, let driver else {
      throw ParallaxError(.missingComponent, "there is no browser: scripts/setup --browser")
    }
    let (run, port) = try await start(driver, folder)
    defer { run.kill(SIGKILL) }
    let arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--window-size=1280,900", "--user-data-dir=\(folder)/profile",
    ].map(JSON.string).joined(separator: ",")
    let options = #"{"binary":\#(JSON.string(chromium)),"args":[\#(arguments)]}"#
    let reply: Reply<Session> = try await ask(
      port, "POST", "/session",
      #"{"capabilities":{"alwaysMatch":{"goog:chromeOptions":\#(options),"#
        + #""goog:loggingPrefs":{"browser":"ALL"}}}}"#)
    let browser = try Browser(port: port, session: reply.value.sessionId)
    do { try await body(browser) } catch {
      await browser.end()
      throw error
    }
    await browser.end()
    // Asked to end, it may wait for connections that are gone.
    run.kill(SIGKILL)
    _ = await run.finish()
  }

  /// Starts the driver. It ends at once where the number of the port it was given is taken under IPv6.
  private static func start(_ driver: String, _ folder: String) async throws -> (ProgramRun, Int) {
    var said = ""
    for _ in 1...5 {
      let run = try ProgramRun(
        driver, ["--port=0"], environment: ["HOME": folder, "TMPDIR": folder], folder: folder)
      let line = await run.line(containing: "started successfully on port ")
      if let port = line.split(separator: " ").last.flatMap({ Int($0.prefix { $0.isNumber }) }) {
        return (run, port)
      }
      run.kill(SIGKILL)
      let outcome = await run.finish()
      said = outcome.output + outcome.errors
    }
    throw ParallaxError(.missingComponent, "chromedriver did not start: \(said)")
  }

  private func end() async {
    let _: Reply<String?>? = try? await Self.ask(port, "DELETE", "/session/\(session)", "")
  }

  // MARK: - The wire

  private struct Reply<Value: Decodable & Sendable>: Decodable, Sendable { var value: Value }
  private struct Session: Decodable, Sendable { var sessionId: String }
  private struct Failure: Decodable, Sendable { var message: String }

  private static func ask<Value: Decodable & Sendable>(
    _ port: Int, _ method: String, _ path: String, _ body: String
  ) async throws -> Reply<Value> {
    let reply = try await RawClient.request(
      port: port, path, method: method, ["Content-Type: application/json"], body: Array(body.utf8),
      leavesOpen: true)
    let data = Data(reply.body)
    guard reply.status == 200 else {
      let failure = try? JSONDecoder().decode(Reply<Failure>.self, from: data)
      throw ParallaxError(.provider, "the browser: \(failure?.value.message ?? reply.text)")
    }
    return try JSONDecoder().decode(Reply<Value>.self, from: data)
  }

  private func ask<Value: Decodable & Sendable>(_ path: String, _ body: String = "{}") async throws
    -> Value
  {
    let reply: Reply<Value> = try await Self.ask(
      port, "POST", "/session/\(session)/\(path)", body)
    return reply.value
  }

  private func tell(_ path: String, _ body: String = "{}") async throws {
    let _: String? = try await ask(path, body)
  }

  /// The element that a CSS selector, or the whole text of a link, names.
  private func element(_ what: String, by way: String = "css selector") async throws -> String {
    let found: [String: String] = try await ask(
      "element", #"{"using":\#(JSON.string(way)),"value":\#(JSON.string(what))}"#)
    guard let id = found.values.first else {
      throw ParallaxError(.provider, "the browser finds no '\(what)'")
    }
    return "element/\(id)"
  }

  // MARK: - What a person does

  package func open(_ address: String) async throws {
    try await tell("url", #"{"url":\#(JSON.string(address))}"#)
  }

  package func click(_ selector: String) async throws {
    try await tell(try await element(selector) + "/click")
  }

  /// Clicks the first link with that text, and waits for the page that it leads to.
  package func follow(_ text: String) async throws {
    try await leave {
      try await self.tell(try await self.element(text, by: "link text") + "/click")
    }
  }

  /// Clicks what leads to another page, and waits for that.
  package func go(_ selector: String) async throws {
    try await leave { try await self.click(selector) }
  }

  /// Does what leads to another page, and waits until that is there.
  package func leave(_ act: () async throws -> Void) async throws {
    let before = try await value(of: "performance.timeOrigin")
    try await act()
    try await wait(
      until: "String(performance.timeOrigin) !== '\(before)' && document.readyState === 'complete'")
  }

  /// Writes into a field, or gives a file's path to a choice of files.
  package func type(_ text: String, into selector: String) async throws {
    try await tell(
      try await element(selector) + "/value", #"{"text":\#(JSON.string(text))}"#)
  }

  /// Keys, one after the other, to whatever has the focus.
  package func press(_ keys: Key...) async throws {
    let actions = keys.flatMap { key in
      ["keyDown", "keyUp"].map { #"{"type":"\#($0)","value":\#(JSON.string(key.text))}"# }
    }
    try await tell(
      "actions",
      #"{"actions":[{"type":"key","id":"keys","actions":[\#(actions.joined(separator: ","))]}]}"#)
  }

  package enum Key: ExpressibleByStringLiteral, Sendable {
    case enter, escape, left, right, up, down
    case letter(String)

    package init(stringLiteral text: String) { self = .letter(text) }

    /// As WebDriver names it.
    fileprivate var text: String {
      switch self {
      case .enter: "\u{E007}"
      case .escape: "\u{E00C}"
      case .left: "\u{E012}"
      case .up: "\u{E013}"
      case .right: "\u{E014}"
      case .down: "\u{E015}"
      case .letter(let letter): letter
      }
    }
  }

  /// Moves the pressed mouse through places of an element, each in pixels from its middle.
  package func drag(through places: [(x: Int, y: Int)], on selector: String) async throws {
    let element = try await element(selector).split(separator: "/")[1]
    let origin = #"{"element-6066-11e4-a52e-4f735466cecf":"\#(element)"}"#
    var actions = places.map { place in
      #"{"type":"pointerMove","duration":0,"x":\#(place.x),"y":\#(place.y),"origin":\#(origin)}"#
    }
    actions.insert(#"{"type":"pointerDown","button":0}"#, at: min(1, actions.count))
    actions.append(#"{"type":"pointerUp","button":0}"#)
    try await tell(
      "actions",
      #"{"actions":[{"type":"pointer","id":"mouse","parameters":{"pointerType":"mouse"},"actions":["#
        + actions.joined(separator: ",") + "]}]}")
  }

  /// Shows the page as on a screen of that size.
  package func resize(width: Int, height: Int) async throws {
    let metrics = #"{"width":\#(width),"height":\#(height),"deviceScaleFactor":1,"mobile":false}"#
    let _: [String: String] = try await ask(
      "goog/cdp/execute", #"{"cmd":"Emulation.setDeviceMetricsOverride","params":\#(metrics)}"#)
  }

  // MARK: - What a person sees

  /// What an expression of JavaScript gives, as a text.
  @discardableResult
  package func value(of expression: String) async throws -> String {
    try await ask(
      "execute/sync",
      #"{"script":\#(JSON.string("return String(\(expression))")),"args":[]}"#)
  }

  /// The text of the first element of that selector as it is shown; empty where there is none.
  package func text(of selector: String) async throws -> String {
    try await value(of: "document.querySelector(\(JSON.string(selector)))?.innerText ?? ''")
  }

  /// How many elements there are of that selector.
  package func count(of selector: String) async throws -> Int {
    Int(try await value(of: "document.querySelectorAll(\(JSON.string(selector))).length")) ?? 0
  }

  /// Waits until an expression of JavaScript is true; minutes, since a busy machine is slow.
  package func wait(until expression: String) async throws {
    let end = ContinuousClock.now + .seconds(900)
    while ContinuousClock.now < end {
      if (try? await value(of: "Boolean(\(expression))")) == "true" { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    let page = try await text(of: "body")
    throw ParallaxError(.provider, "the browser waits for '\(expression)' on: \(page)")
  }

  /// Errors that scripts and the browser noted since it was asked last.
  package func problems() async throws -> [String] {
    struct Line: Decodable, Sendable { var level, message: String }
    let lines: [Line] = try await ask("se/log", #"{"type":"browser"}"#)
    return lines.filter { $0.level == "SEVERE" }.map(\.message)
  }

  /// What axe-core finds to keep people from using the page, each as a rule and the places it names; the serious
  /// faults alone.
  package func faults() async throws -> [String] {
    let script = """
      const done = arguments[arguments.length - 1];
      if (!window.axe) { \(script) }
      axe.run().then(
        (found) => done(found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
          .map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ")).join(", "))),
        (error) => done([String(error)]));
      """
    return try await ask(
      "execute/async", #"{"script":\#(JSON.string(script)),"args":[]}"#)
  }

  /// Pixels by which the page is wider than its window.
  package func overflow() async throws -> Int {
    Int(try await value(of: "document.scrollingElement.scrollWidth - innerWidth")) ?? .max
  }
}
