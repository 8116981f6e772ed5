import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The pages where people look at a whole collection, and say what they think.
extension BrowserTests {
  @Test func `a map is coloured, filtered and drawn on, by mouse and by keys`() async throws {
    try await Visit.make { visit in
      let browser = visit.browser
      let plane = "canvas"
      try await visit.open("/")
      try await browser.follow("Map")
      // While it is being made the page waits for it.
      try await browser.wait(until: "document.querySelector('canvas')?.width > 300")
      #expect(try await browser.text(of: "#map-state").hasPrefix("62 images · "))
      try await visit.check()
      try await browser.type("colour", into: "#colour")
      try await browser.go("main form button")
      try await browser.wait(until: "document.querySelectorAll('.legend button').length > 3")
      try await browser.click(".legend button")
      #expect(try await browser.count(of: ".legend [aria-pressed=true]") == 1)
      try await visit.check()

      // A line around all, with room: everything is inside.
      let size = try await browser.value(
        of:
          "document.querySelector('canvas').clientWidth + ' ' + document.querySelector('canvas').clientHeight"
      ).split(separator: " ").compactMap { Int($0) }
      let (right, bottom) = (size[0] / 2 - 2, size[1] / 2 - 2)
      try await browser.drag(
        through: [
          (-right, -bottom), (right, -bottom), (right, bottom), (-right, bottom), (-right, 0),
        ], on: plane)
      try await browser.wait(until: "location.hash === '#inside'")
      #expect(try await browser.text(of: "#inside") == "62 images inside the line")
      // A part of it, and the line that makes a result of it.
      try await browser.drag(
        through: [(-right, -bottom), (0, -bottom), (0, bottom), (-right, bottom)], on: plane)
      try await browser.wait(
        until:
          "document.querySelector('#inside') && !document.querySelector('#inside').innerText.startsWith('62')"
      )
      let count = try await browser.text(of: "#inside").prefix { $0.isNumber }
      #expect(Int(count).map { (1..<62).contains($0) } == true)
      try await browser.type("few", into: "#name")
      try await browser.go("#name + button")
      let command = try await browser.value(
        of: "[...document.querySelectorAll('.command code')].at(-1).innerText")
      #expect(command.hasPrefix("few = map c@base --inside "), "\(command)")
      let there = try await visit.shell.rows(command)
      #expect(there.count == Int(count), "\(there)")
      try await visit.check()
      try await browser.follow("Without the line")
      #expect(try await browser.count(of: "#inside") == 0)

      // The same by keys: a cross that moves, corners, Escape, and Enter on an item.
      try await browser.wait(until: "document.querySelector('canvas')?.width > 300")
      try await browser.value(of: "document.querySelector('canvas').focus()")
      try await browser.press(" ", .right, .right, .right, .right, .right, " ")
      try await browser.press(.down, .down, .down, .down, .down, " ", .enter)
      try await browser.wait(until: "location.hash === '#inside'")
      try await browser.follow("Without the line")
      try await browser.wait(until: "document.querySelector('canvas')?.width > 300")
      try await browser.value(of: "document.querySelector('canvas').focus()")
      try await browser.press(" ", .escape, "+", "-")
      // Around the middle in a spiral, for where items lie depends on the model.
      let turns: [Browser.Key] = [.left, .down, .right, .up]
      spiral: for turn in 0..<60 {
        for _ in 0...turn / 2 {
          if try await browser.count(of: "#map-item a") > 0 { break spiral }
          try await browser.press(turns[turn % 4])
        }
      }
      try await browser.press(.enter)
      try await browser.wait(until: "location.pathname.startsWith('/item/c/')")
    }
  }

  @Test func `people grade answers, and see where they differ`() async throws {
    // Five answers a question: two stay on the page after two are graded, whatever the model finds.
    try await Visit.make([
      "work.parallax", "-c",
      "serve c@base --port 0 --judge grades --run c@base,c@short --queries q.csv --pool 5",
    ]) { visit in
      let browser = visit.browser
      try await visit.open("/")
      try await browser.follow("Grade answers")
      try await visit.check()
      try await browser.type("anna", into: "#judge")
      try await browser.go("main form button")
      let state = "document.querySelector('#judge-state')?.innerText"
      try await browser.wait(until: "document.querySelectorAll('.judged .card').length > 2")
      let total = try await browser.value(of: "/of (\\d+)/.exec(\(state))[1]")
      try await visit.check()
      // Nothing tells which system found an answer.
      let page = try await browser.value(of: "document.querySelector('#grading').outerHTML")
      #expect(!page.contains("c@short"))

      try await browser.press("3", "u", "s", "2")
      try await browser.wait(until: "\(state)?.startsWith('1 of ')")
      try await browser.press(.enter)
      #expect(try await browser.count(of: "dialog[open]") == 1)
      try await visit.check()
      try await browser.press("1", "n", "p")
      try await browser.wait(until: "\(state)?.startsWith('2 of ')")
      // The buttons do what the keys do; what is left goes one after the other.
      try await browser.click(".judged .card .grades button")
      for _ in 0..<40
      where try await browser.value(of: "document.querySelector('.asked a') === null") == "true" {
        try await browser.press("0")
      }
      let asked = try await browser.text(of: ".asked")
      #expect(asked.contains("All answers are graded."))
      let last = try await browser.value(of: state)
      #expect(last == "\(total) of \(total) answers graded as “anna” · page 2 of 2")

      // Somebody else, who finds everything perfect; the page goes on where they stopped.
      try await visit.open("/judge?judge=ben")
      try await browser.wait(until: "document.querySelectorAll('.judged .card').length > 2")
      try await browser.press("3", "3")
      try await visit.open("/judge?judge=ben")
      try await browser.wait(until: "\(state)?.startsWith('2 of ')")
      for _ in 0..<40
      where try await browser.value(of: "document.querySelector('.asked a') === null") == "true" {
        try await browser.press("3")
      }
      try await browser.go(".asked a")
      try await browser.wait(until: "location.pathname === '/judgements'")
      #expect(try await browser.text(of: "main").contains("How far judges agree"))
      try await visit.check()
      // The last word, taken back, and said again.
      let card = "[data-settle] .card"
      for wanted in ["settled: 2", "not settled", "settled: 2"] {
        try await browser.click("\(card) .grades button:nth-child(2)")
        try await browser.wait(
          until: "document.querySelector('\(card) [role=status]').innerText === '\(wanted)'")
      }
      try await visit.check()
      visit.run.kill(SIGKILL)
      _ = await visit.run.finish()
      let kept = try await visit.shell.rows("judgements grades")
      #expect(kept.count == Int(total) && kept.allSatisfy { $0.count > 3 }, "\(kept)")
    }
  }

  @Test func `people say which pictures are the same`() async throws {
    try await Visit.make([
      "work.parallax", "-c",
      "dups = dedupe c@base --min-score 0.8 --keep path ; serve c@base --port 0 --groups dups",
    ]) { visit in
      let browser = visit.browser
      try await visit.open("/")
      try await browser.follow("Groups")
      try await visit.check()
      try await browser.type("anna", into: "#judge")
      try await browser.go("main form button")
      try await browser.wait(until: "!document.querySelector('#group-keys').hidden")
      try await visit.check()
      let verdict = { (place: Int) in
        "document.querySelectorAll('.other')[\(place)]?.dataset.verdict"
      }
      let judged = "document.querySelector('#group-progress')?.innerText.split(' ')[0]"
      try await browser.press(.enter)
      #expect(try await browser.count(of: "dialog[open] img") == 2)
      try await visit.check()
      try await browser.press(.escape, "y")
      try await browser.wait(until: "\(verdict(0)) === 'duplicate'")
      try await browser.press(.right, .left, "n")
      try await browser.wait(until: "\(judged) === '2'")
      try await browser.press("u")
      try await browser.wait(until: "location.search.includes('said=back') && \(judged) === '1'")
      #expect(try await browser.text(of: ".note").contains("was taken back"))
      // The buttons: one answer, all that is left of the group.
      try await browser.click(".other[data-verdict=''] button[value=distinct]")
      try await browser.wait(until: "\(judged) === '2'")
      try await browser.click("form.answers button[value=duplicate]")
      try await visit.check()
      visit.run.kill(SIGKILL)
      _ = await visit.run.finish()
      let verdicts = try await visit.shell.rows("list verdicts c")
      #expect(verdicts.count >= 2 && verdicts.allSatisfy { $0.contains("anna") }, "\(verdicts)")
    }
  }
}
